/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http.h: the HTTP engine: many requests at once on one thread, over HTTP/2
 * where the server speaks it. The only door to libcurl.
 *
 * TLS is always verified, only https is spoken, redirects are not followed,
 * answers are bounded. Proxies come from the usual environment variables.
 * Nothing here knows whose API it speaks to. One thread uses one engine.
 */
#ifndef SENDAS_HTTP_H
#define SENDAS_HTTP_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include "sendas/error.h"
#include "sendas/secret.h"
#include "sendas/workers.h"

struct sendas_http;

/* All borrowed during _new only, but `stop`. */
struct sendas_http_options {
	const char *user_agent;
	const char *ca_file; /* PEM, added to the system's; or NULL */
	long timeout_ms; /* for one request; 0: the default */
	int max_tries; /* of one request; 0: as each trouble allows */
	/* When it becomes non-zero nothing is retried and waiting repeats
	 * fail with SENDAS_ERR_CANCELLED; requests in flight finish. NULL:
	 * never. Borrowed for the engine's life. */
	const volatile sig_atomic_t *stop;
};

struct sendas_http_answer {
	long status;
	const char *body; /* NUL-terminated after `len` bytes */
	size_t len;
	long retry_after_sec; /* -1: the server named none */
	time_t date; /* the server's clock (RFC 9110 6.6.1); 0: not said */
};

/*
 * Gets the answer, or NULL and the error: SENDAS_ERR_CONNECTION (no route,
 * TLS with the issuer that was seen, proxy with its name), SENDAS_ERR_TRANSIENT
 * (timeout, broken stream, after all tries), SENDAS_ERR_ANSWER (too large),
 * SENDAS_ERR_CANCELLED. Any HTTP status is an answer. Both are borrowed for
 * the call. It may submit more.
 */
typedef void sendas_http_fn(void *ctx, const struct sendas_http_answer *answer,
    const struct sendas_error *err);

/* True when this answer asks for another try, beyond what its status says. */
typedef bool sendas_http_transient_fn(const struct sendas_http_answer *answer);

/* All is copied by _submit. */
struct sendas_http_request {
	const char *method; /* "GET", "POST", "PATCH" */
	const char *url; /* https only */
	const struct sendas_secret *bearer; /* Authorization; or NULL */
	const char *content_type; /* of the body; or NULL */
	const char *body; /* or NULL; wiped after use */
	size_t body_len;
	size_t max_answer_bytes;
	/* The body is not to outlive the request, so it goes over a connection
	 * of its own, which is closed then. For what is sent seldom. */
	bool is_secret;
	bool is_repeatable; /* may be sent again when its fate is unknown */
	sendas_http_transient_fn *is_transient; /* or NULL */
};

/*
 * Has libcurl wipe all that it frees. The first thing of all in main: libcurl
 * can be told so only before anything else uses it, as sendas_oauth2_init()
 * does. A program that calls only that one (a test) works as well, and leaves
 * traces.
 */
void sendas_http_init(void);

/*
 * A new engine; opens no connection yet. Errors: SENDAS_ERR_FILE when
 * `ca_file` cannot be read or holds no PEM. sendas_oauth2_init() must have
 * been called before. _free drops what is still under way, without calling
 * back; NULL is allowed.
 */
enum sendas_status sendas_http_new(const struct sendas_http_options *options,
    struct sendas_http **out, struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_http_free(struct sendas_http *http);

/* Sends a request soon and calls `fn` with what came of it, once, from
 * sendas_http_run(), never from within this call. */
void sendas_http_submit(struct sendas_http *http,
    const struct sendas_http_request *request, sendas_http_fn *fn, void *ctx);

/* Calls `fn` once from sendas_http_run(), after `delay_ms` (0: as soon as
 * the loop turns). */
void sendas_http_call_later(
    struct sendas_http *http, long delay_ms, void (*fn)(void *ctx), void *ctx);

/*
 * Has `work` called on a thread beside the loop, and then `done` once from
 * sendas_http_run(). `ctx` must live until then, or until the engine was
 * freed, which waits for a `work` that has begun. `work` may use nothing that
 * belongs to the loop.
 */
void sendas_http_call_on_thread(struct sendas_http *http,
    sendas_workers_fn *work, sendas_workers_fn *done, void *ctx);

/* Another pool of at most `max` threads for work that must not wait behind
 * signatures, or for each other. Its jobs are collected, and are under way,
 * like the engine's own; it is freed with the engine, which owns it. */
struct sendas_workers *sendas_http_add_workers(
    struct sendas_http *http, size_t max);

/* Runs until nothing is under way any more. Blocks. */
void sendas_http_run(struct sendas_http *http);

/* Whether `stop` was set. */
bool sendas_http_is_stopped(const struct sendas_http *http);

/* Who issued the certificate that a server showed last, in the form of RFC
 * 4514 ("CN=WR2,O=Google Trust Services,C=US"); "" before the first one, or
 * when libcurl was not built with OpenSSL. Borrowed. */
const char *sendas_http_issuer(const struct sendas_http *http);

/* Whether an answer came through a proxy's tunnel. */
bool sendas_http_is_proxied(const struct sendas_http *http);

/* The certificates of `ca_file` and the system's together, as a path for another
 * part of libcurl; NULL: without `ca_file`, libcurl's own default. Borrowed,
 * for the engine's life. */
const char *sendas_http_ca_path(const struct sendas_http *http);

/* The proxy that the environment names for https, without user name and
 * password: "http://proxy.example:3128"; NULL when it names none. no_proxy is
 * not looked at. *variable gets the name of the variable, static. The caller
 * frees it. */
char *sendas_http_named_proxy(const char **variable);

/* "libcurl/7.88.1 ..." for --version; static. */
const char *sendas_http_version(void);

#endif
