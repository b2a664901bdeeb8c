/* SPDX-License-Identifier: Apache-2.0 */
/*
 * http.c: the HTTP engine on one curl multi handle; beside smtp.c the only file
 * that knows libcurl. It sends, waits, repeats and bounds; what an answer means
 * is its caller's business. No file, no terminal.
 */
#include "sendas/http.h"

#include <curl/curl.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "sendas/buf.h"
#include "sendas/clock.h"
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/retry.h"

/* libcurl 7.88.1 can sleep through answers on HTTP/2 that are already there;
 * a short poll while anything is in flight costs nothing measurable. */
#define POLL_BUSY_MS 20
/* How late an interruption may be noticed while only timers wait. */
#define POLL_IDLE_MS 200

/* No route or no name: an unplugged machine should learn it soon. */
#define CONNECT_TRIES 3

/* Whoever is silent for a whole timeout is asked less often than whoever
 * says no at once: each of these tries costs that timeout. */
#define TIMEOUT_TRIES 3

struct timer {
	struct timer *next;
	long due_ms;
	void (*fn)(void *ctx);
	void *ctx;
};

struct transfer {
	struct sendas_http *http;
	struct transfer *previous, *next;
	CURL *easy;
	struct curl_slist *headers;
	struct sendas_secret body;
	size_t body_given; /* of the body, to libcurl; by give_body() */
	struct sendas_buf answer;
	bool is_secret;
	bool is_repeatable;
	sendas_http_transient_fn *is_transient;
	sendas_http_fn *fn;
	void *ctx;
	int tries;
	char detail[CURL_ERROR_SIZE];
};

/* A pool that somebody asked for beside the engine's own. */
struct pool {
	struct pool *next;
	struct sendas_workers *workers;
};

struct sendas_http {
	CURLM *multi;
	char *user_agent;
	/* The system's certificates and the caller's together: a file in
	 * memory and its name; -1 and the system's own when he has none. */
	int ca_fd;
	char *ca_path; /* NULL: as libcurl was built */
	long timeout_ms;
	int max_tries;
	const volatile sig_atomic_t *stop;
	struct transfer *transfers; /* in flight or waiting to be repeated */
	struct timer *timers; /* the next due first */
	struct sendas_workers *workers;
	struct pool *pools; /* others' */
	int in_flight;
	bool is_proxied;
	bool is_without_streams; /* somebody answers in HTTP/1.1 */
	char issuer[256];
};

/* Where the system's CA bundle is, as libcurl was built; NULL if unknown. */
static const char *
system_bundle(void)
{
	return curl_version_info(CURLVERSION_NOW)->cainfo;
}

static enum sendas_status
fail_ca(const char *path, struct sendas_error *err)
{
	return sendas_fail(
	    err, SENDAS_ERR_FILE, "--ca-file %s: %s", path, strerror(errno));
}

/* Writes all of it; false, and errno, when that cannot be. */
static bool
write_all(int fd, const char *bytes, size_t count)
{
	ssize_t written;

	while (count > 0) {
		written = write(fd, bytes, count);
		if (written < 0)
			return false;
		/* What did not fit says why at the next try. */
		bytes += written;
		count -= (size_t)written;
	}
	return true;
}

/* Adds a text to the file in memory; false when there is no memory. */
static bool
add_ca(struct sendas_http *http, const struct sendas_buf *text)
{
	return write_all(http->ca_fd, text->data, text->len) &&
	    write_all(http->ca_fd, "\n", 1);
}

/* Puts the system's bundle and the caller's file together. In a file, since
 * libcurl copies certificates that it gets in memory for every request, and
 * parses them for every connection. */
static enum sendas_status
load_ca(struct sendas_http *http, const char *path, struct sendas_error *err)
{
	const char *bundle = system_bundle();
	struct sendas_buf extra, system;
	enum sendas_status status;

	status = sendas_file_read(path, SENDAS_LIMIT_CA_BYTES, &extra, err);
	if (status != SENDAS_OK)
		return status;
	http->ca_fd = memfd_create("ca", MFD_CLOEXEC);
	if (strstr(extra.data, "-----BEGIN CERTIFICATE-----") == NULL)
		status = sendas_fail(err, SENDAS_ERR_FILE,
		    _("--ca-file %s: there is no certificate in PEM form in "
		      "it (-----BEGIN CERTIFICATE-----)"),
		    path);
	else if (http->ca_fd < 0 || !add_ca(http, &extra))
		status = fail_ca(path, err);
	sendas_buf_clear(&extra);
	if (status != SENDAS_OK)
		return status;
	/* Without a system bundle the file stands alone. */
	if (bundle != NULL &&
	    sendas_file_read(bundle, SENDAS_LIMIT_CA_BYTES, &system, NULL) ==
		SENDAS_OK) {
		if (!add_ca(http, &system))
			status = fail_ca(path, err);
		sendas_buf_clear(&system);
	}
	http->ca_path = sendas_xasprintf("/proc/self/fd/%d", http->ca_fd);
	return status;
}

/* From any thread: the loop's poll returns, this time or the next. */
static void
wake(void *ctx)
{
	struct sendas_http *http = ctx;

	curl_multi_wakeup(http->multi);
}

/* As many as there are cores, up to what one loop can keep busy. */
static size_t
thread_count(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	if (cores < 1)
		return 1;
	return cores < SENDAS_LIMIT_THREADS ? (size_t)cores
					    : SENDAS_LIMIT_THREADS;
}

/* Passwords and tokens pass through libcurl's buffers, and it wipes none. It
 * takes these only before it is used at all. */
static void
start_curl(void)
{
	/* libcurl starts OpenSSL, which must have been told before. */
	sendas_oauth2_wipe_memory();
	/* libcurl writes the keys of its connections to the file that this
	 * names, and with them all that was sent can be read. */
	unsetenv("SSLKEYLOGFILE");
	if (curl_global_init_mem(CURL_GLOBAL_ALL, sendas_xmalloc,
		sendas_mem_wipe_free, sendas_mem_wipe_realloc, sendas_xstrdup,
		sendas_xcalloc) != CURLE_OK)
		abort();
}

void
sendas_http_init(void)
{
	static pthread_once_t is_started = PTHREAD_ONCE_INIT;

	pthread_once(&is_started, start_curl);
}

enum sendas_status
sendas_http_new(const struct sendas_http_options *options,
    struct sendas_http **out, struct sendas_error *err)
{
	struct sendas_http *http = sendas_xcalloc(1, sizeof(*http));
	enum sendas_status status = SENDAS_OK;

	sendas_http_init();
	http->user_agent = sendas_xstrdup(options->user_agent);
	http->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms
						   : SENDAS_LIMIT_TRANSFER_MS;
	http->max_tries =
	    options->max_tries > 0 ? options->max_tries : SENDAS_LIMIT_TRIES;
	http->stop = options->stop;
	http->ca_fd = -1;
	if (options->ca_file != NULL)
		status = load_ca(http, options->ca_file, err);
	if (status == SENDAS_OK) {
		http->multi = curl_multi_init();
		if (http->multi == NULL)
			status = sendas_fail(
			    err, SENDAS_ERR_FILE, _("libcurl does not start"));
	}
	if (status != SENDAS_OK) {
		sendas_http_free(http);
		return status;
	}
	curl_multi_setopt(
	    http->multi, CURLMOPT_PIPELINING, (long)CURLPIPE_MULTIPLEX);
	curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
	    (long)SENDAS_LIMIT_CONNECTIONS);
	http->workers = sendas_workers_new(thread_count(), wake, http);
	*out = http;
	return SENDAS_OK;
}

static void
free_headers(struct curl_slist *headers)
{
	for (struct curl_slist *h = headers; h != NULL; h = h->next)
		sendas_secret_wipe(h->data);
	curl_slist_free_all(headers);
}

/* Takes it out of the engine's list. */
static void
unlink_transfer(struct transfer *transfer)
{
	if (transfer->previous != NULL)
		transfer->previous->next = transfer->next;
	else
		transfer->http->transfers = transfer->next;
	if (transfer->next != NULL)
		transfer->next->previous = transfer->previous;
}

static void
free_transfer(struct transfer *transfer)
{
	unlink_transfer(transfer);
	curl_easy_cleanup(transfer->easy);
	free_headers(transfer->headers);
	sendas_secret_clear(&transfer->body);
	sendas_buf_clear(&transfer->answer);
	free(transfer);
}

static void
free_pools(struct sendas_http *http)
{
	struct pool *pool;

	while ((pool = http->pools) != NULL) {
		http->pools = pool->next;
		sendas_workers_free(pool->workers);
		free(pool);
	}
	sendas_workers_free(http->workers);
}

void
sendas_http_free(struct sendas_http *http)
{
	struct timer *timer;

	if (http == NULL)
		return;
	free_pools(http);
	while (http->transfers != NULL) {
		curl_multi_remove_handle(http->multi, http->transfers->easy);
		free_transfer(http->transfers);
	}
	while ((timer = http->timers) != NULL) {
		http->timers = timer->next;
		free(timer);
	}
	curl_multi_cleanup(http->multi);
	if (http->ca_fd >= 0)
		close(http->ca_fd);
	free(http->ca_path);
	free(http->user_agent);
	free(http);
}

void
sendas_http_call_later(
    struct sendas_http *http, long delay_ms, void (*fn)(void *ctx), void *ctx)
{
	struct timer *timer = sendas_xcalloc(1, sizeof(*timer));
	struct timer **place = &http->timers;

	timer->due_ms = sendas_clock_now_ms() + delay_ms;
	timer->fn = fn;
	timer->ctx = ctx;
	while (*place != NULL && (*place)->due_ms <= timer->due_ms)
		place = &(*place)->next;
	timer->next = *place;
	*place = timer;
}

void
sendas_http_call_on_thread(struct sendas_http *http, sendas_workers_fn *work,
    sendas_workers_fn *done, void *ctx)
{
	sendas_workers_submit(http->workers, work, done, ctx);
}

struct sendas_workers *
sendas_http_add_workers(struct sendas_http *http, size_t max)
{
	struct pool *pool = sendas_xcalloc(1, sizeof(*pool));

	pool->workers = sendas_workers_new(max, wake, http);
	pool->next = http->pools;
	http->pools = pool;
	return pool->workers;
}

static void
collect_pools(struct sendas_http *http)
{
	sendas_workers_collect(http->workers);
	for (struct pool *pool = http->pools; pool != NULL; pool = pool->next)
		sendas_workers_collect(pool->workers);
}

/* Whether a job of any pool was not told back yet. */
static bool
is_working(const struct sendas_http *http)
{
	const struct pool *pool = http->pools;

	while (pool != NULL && sendas_workers_pending(pool->workers) == 0)
		pool = pool->next;
	return pool != NULL || sendas_workers_pending(http->workers) > 0;
}

bool
sendas_http_is_stopped(const struct sendas_http *http)
{
	return http->stop != NULL && *http->stop != 0;
}

/* libcurl hands over a piece of the answer; another count than `count` ends
 * the transfer. */
static size_t
receive(char *bytes, size_t size, size_t count, void *ctx)
{
	struct transfer *transfer = ctx;

	(void)size; /* always 1 */
	sendas_buf_add(&transfer->answer, bytes, count);
	return transfer->answer.is_overflow ? 0 : count;
}

static void
add_header(struct transfer *transfer, const char *name, const char *value)
{
	char *line = sendas_xasprintf("%s: %s", name, value);
	struct curl_slist *grown = curl_slist_append(transfer->headers, line);

	sendas_secret_wipe(line);
	free(line);
	/* NULL: no memory; the request would go out without it. */
	if (grown == NULL)
		abort();
	transfer->headers = grown;
}

/* libcurl hands over the SSL_CTX of a new connection. */
static CURLcode
watch_issuer(CURL *easy, void *ssl_ctx, void *ctx)
{
	struct sendas_http *http = ctx;

	(void)easy;
	sendas_oauth2_watch_issuer(ssl_ctx, http->issuer, sizeof(http->issuer));
	return CURLE_OK;
}

/* With another TLS library `ssl_ctx` would be something else. */
static bool
has_openssl(void)
{
	const char *name = curl_version_info(CURLVERSION_NOW)->ssl_version;

	return name != NULL && strncmp(name, "OpenSSL/", 8) == 0;
}

static void
set_tls(struct transfer *transfer)
{
	struct sendas_http *http = transfer->http;
	CURL *easy = transfer->easy;
	const char *bundle = http->ca_path;

	if (bundle == NULL)
		bundle = system_bundle();
	if (has_openssl()) {
		curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, watch_issuer);
		curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, http);
	}

	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
	curl_easy_setopt(
	    easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (bundle != NULL) {
		/* A directory of certificates, Debian's default beside the
		 * bundle, would turn libcurl's cache of them off: 25 ms of
		 * CPU for each connection instead of 2. */
		curl_easy_setopt(easy, CURLOPT_CAINFO, bundle);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	if (http->ca_path != NULL) {
		curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, bundle);
		curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL);
	}
}

static void
set_limits(struct transfer *transfer)
{
	CURL *easy = transfer->easy;

	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(
	    easy, CURLOPT_CONNECTTIMEOUT_MS, (long)SENDAS_LIMIT_CONNECT_MS);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, transfer->http->timeout_ms);
	curl_easy_setopt(
	    easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
	curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
}

/*
 * An HTTP/2 connection keeps the last frame that it sent for as long as it
 * lives, and nghttp2, which frees it in the end, wipes nothing.
 *
 * libcurl 7.88 remembers of a host, not of a connection, whether requests may
 * share one; with one of HTTP/1.1 among those of HTTP/2 it put two requests on
 * it, and each got the other's answer. It shares only what has the same TLS
 * options: this one, which is without effect with OpenSSL, keeps them apart.
 */
static void
keep_apart(struct transfer *transfer)
{
	CURL *easy = transfer->easy;

	curl_easy_setopt(
	    easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
	curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
	curl_easy_setopt(easy, CURLOPT_SSL_OPTIONS, (long)CURLSSLOPT_NO_REVOKE);
}

/* Gives libcurl the body, once a try. */
static size_t
give_body(char *out, size_t size, size_t count, void *ctx)
{
	struct transfer *transfer = ctx;
	size_t left = transfer->body.len - transfer->body_given;
	size_t given = left < size * count ? left : size * count;

	if (given == 0)
		return CURL_READFUNC_ABORT;
	memcpy(out, transfer->body.data + transfer->body_given, given);
	transfer->body_given += given;
	return given;
}

static int
refuse_again(void *ctx, curl_off_t offset, int origin)
{
	const struct transfer *transfer = ctx;

	(void)origin;
	return transfer->body_given == (size_t)offset ? CURL_SEEKFUNC_OK
						      : CURL_SEEKFUNC_FAIL;
}

/*
 * When a connection that was used before ends without an answer, libcurl
 * repeats the request by itself, whatever its method and whatever was done
 * with it. There is no option against that, but it needs the body once more,
 * which it only gets where that is harmless.
 */
static void
set_body(struct transfer *transfer)
{
	CURL *easy = transfer->easy;

	curl_easy_setopt(easy, CURLOPT_POST, 1L);
	curl_easy_setopt(
	    easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->body.len);
	if (transfer->is_repeatable) {
		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->body.data);
		return;
	}
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
	curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, refuse_again);
	curl_easy_setopt(easy, CURLOPT_SEEKDATA, transfer);
}

static void
set_request(
    struct transfer *transfer, const struct sendas_http_request *request)
{
	CURL *easy = transfer->easy;
	char *bearer;

	curl_easy_setopt(easy, CURLOPT_URL, request->url);
	curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
	curl_easy_setopt(easy, CURLOPT_USERAGENT, transfer->http->user_agent);
	if (request->body != NULL) {
		sendas_secret_set(
		    &transfer->body, request->body, request->body_len);
		set_body(transfer);
	}
	if (request->content_type != NULL)
		add_header(transfer, "Content-Type", request->content_type);
	if (request->bearer != NULL) {
		bearer = sendas_xasprintf("Bearer %s", request->bearer->data);
		add_header(transfer, "Authorization", bearer);
		sendas_secret_wipe(bearer);
		free(bearer);
	}
	curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers);
	curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, receive);
	curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->detail);
	curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
}

static void finish_error(
    struct transfer *transfer, const struct sendas_error *err);

/* Sends it, for the first time or again. */
static void
start(void *ctx)
{
	struct transfer *transfer = ctx;
	struct sendas_http *http = transfer->http;
	size_t max = transfer->answer.max;
	struct sendas_error err;

	if (sendas_http_is_stopped(http) && transfer->tries > 0) {
		sendas_fail_reason(&err, SENDAS_ERR_CANCELLED,
		    SENDAS_REASON_CANCELLED, _("interrupted"));
		finish_error(transfer, &err);
		return;
	}
	sendas_buf_clear(&transfer->answer);
	sendas_buf_init(&transfer->answer, max);
	transfer->detail[0] = '\0';
	transfer->body_given = 0;
	transfer->tries++;
	curl_multi_add_handle(http->multi, transfer->easy);
	http->in_flight++;
}

void
sendas_http_submit(struct sendas_http *http,
    const struct sendas_http_request *request, sendas_http_fn *fn, void *ctx)
{
	struct transfer *transfer = sendas_xcalloc(1, sizeof(*transfer));

	transfer->http = http;
	transfer->fn = fn;
	transfer->ctx = ctx;
	transfer->is_secret = request->is_secret;
	transfer->is_repeatable = request->is_repeatable;
	transfer->is_transient = request->is_transient;
	sendas_buf_init(&transfer->answer, request->max_answer_bytes);
	transfer->easy = curl_easy_init();
	if (transfer->easy == NULL)
		abort();
	set_limits(transfer);
	if (transfer->is_secret)
		keep_apart(transfer);
	set_tls(transfer);
	set_request(transfer, request);
	transfer->next = http->transfers;
	if (http->transfers != NULL)
		http->transfers->previous = transfer;
	http->transfers = transfer;
	sendas_http_call_later(http, 0, start, transfer);
}

static void
finish_error(struct transfer *transfer, const struct sendas_error *err)
{
	transfer->fn(transfer->ctx, NULL, err);
	free_transfer(transfer);
}

/* What libcurl says of the last try, or its general word for the code. */
static const char *
detail_of(const struct transfer *transfer, CURLcode code)
{
	return transfer->detail[0] != '\0' ? transfer->detail
					   : curl_easy_strerror(code);
}

static bool
is_proxy_refusal(const struct transfer *transfer)
{
	long connect_status = 0;

	curl_easy_getinfo(
	    transfer->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
	return connect_status >= 400;
}

static bool
is_proxy_trouble(const struct transfer *transfer, CURLcode code)
{
	return is_proxy_refusal(transfer) || code == CURLE_PROXY ||
	    code == CURLE_COULDNT_RESOLVE_PROXY ||
	    strncmp(transfer->detail, "Unsupported proxy", 17) == 0;
}

/* Names the proxy, but not with libcurl's words where they would show its
 * password. */
static void
describe_proxy(
    const struct transfer *transfer, CURLcode code, struct sendas_error *err)
{
	const char *detail = detail_of(transfer, code), *variable = "";
	char *proxy = sendas_http_named_proxy(&variable);

	if (proxy == NULL || strstr(detail, "Unsupported proxy") != NULL)
		sendas_fail_reason(err, SENDAS_ERR_CONNECTION,
		    SENDAS_REASON_NETWORK,
		    _("the environment variable %s is not the address of a "
		      "proxy. It looks like http://proxy.example:3128"),
		    variable[0] != '\0' ? variable : "https_proxy");
	else
		sendas_fail_reason(err, SENDAS_ERR_CONNECTION,
		    SENDAS_REASON_NETWORK,
		    _("the proxy does not let us through: %s (%s, from the "
		      "environment variable %s). Ask who runs it to let this "
		      "machine through, or except the host with no_proxy."),
		    detail, proxy, variable);
	free(proxy);
}

/* TLS came as far as a certificate that is not trusted. */
static void
describe_distrust(
    const struct transfer *transfer, CURLcode code, struct sendas_error *err)
{
	const char *issuer = transfer->http->issuer;

	sendas_fail_reason(err, SENDAS_ERR_CONNECTION, SENDAS_REASON_TLS,
	    _("the server's certificate cannot be trusted: %s. It was issued "
	      "by: %s. If your network inspects TLS, give its CA with "
	      "--ca-file."),
	    detail_of(transfer, code), issuer[0] != '\0' ? issuer : "?");
}

/* Puts libcurl's code into the program's words. */
static void
describe(
    const struct transfer *transfer, CURLcode code, struct sendas_error *err)
{
	const char *detail = detail_of(transfer, code);

	/* It was not given the body again: refuse_again(), give_body(). */
	if (code == CURLE_SEND_FAIL_REWIND || code == CURLE_ABORTED_BY_CALLBACK)
		detail = curl_easy_strerror(CURLE_GOT_NOTHING);
	if (is_proxy_trouble(transfer, code)) {
		describe_proxy(transfer, code, err);
		return;
	}
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
		sendas_fail_reason(err, SENDAS_ERR_CONNECTION,
		    SENDAS_REASON_NETWORK,
		    _("no connection: %s. Is this machine on the network?"),
		    detail);
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ISSUER_ERROR:
		describe_distrust(transfer, code, err);
		break;
	case CURLE_SSL_CONNECT_ERROR:
		sendas_fail_reason(err, SENDAS_ERR_CONNECTION,
		    SENDAS_REASON_TLS,
		    _("TLS could not be set up: %s. Does a firewall or proxy "
		      "stand in between?"),
		    detail);
		break;
	case CURLE_WRITE_ERROR:
		sendas_fail_reason(err, SENDAS_ERR_ANSWER,
		    SENDAS_REASON_TOO_LARGE,
		    _("the answer is larger than %zu bytes"),
		    transfer->answer.max);
		break;
	case CURLE_OPERATION_TIMEDOUT:
		sendas_fail_reason(err, SENDAS_ERR_TRANSIENT,
		    SENDAS_REASON_TIMEOUT, _("no answer in time: %s"), detail);
		break;
	default:
		sendas_fail_reason(err, SENDAS_ERR_TRANSIENT,
		    SENDAS_REASON_NETWORK, _("the connection broke: %s"),
		    detail);
	}
}

/* How often a request may be sent that ended without an answer. */
static int
tries_allowed(const struct transfer *transfer, CURLcode code)
{
	if (is_proxy_trouble(transfer, code))
		return 1;
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_SSL_CONNECT_ERROR:
		/* Nothing was sent: any request may be repeated. */
		return CONNECT_TRIES;
	case CURLE_OPERATION_TIMEDOUT:
		return transfer->is_repeatable ? TIMEOUT_TRIES : 1;
	case CURLE_HTTP2:
	case CURLE_HTTP2_STREAM:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
		return transfer->is_repeatable ? SENDAS_LIMIT_TRIES : 1;
	default:
		return 1;
	}
}

static void
repeat(struct transfer *transfer, long retry_after_sec)
{
	sendas_http_call_later(transfer->http,
	    sendas_retry_delay_ms(transfer->tries + 1,
		sendas_oauth2_random_fraction(), retry_after_sec),
	    start, transfer);
}

static void
ended_without_answer(struct transfer *transfer, CURLcode code)
{
	struct sendas_error err;

	if (transfer->tries < tries_allowed(transfer, code) &&
	    transfer->tries < transfer->http->max_tries &&
	    !sendas_http_is_stopped(transfer->http)) {
		repeat(transfer, -1);
		return;
	}
	describe(transfer, code, &err);
	finish_error(transfer, &err);
}

/* A header of the answer, or NULL. Borrowed from libcurl. */
static const char *
header_of(const struct transfer *transfer, const char *name)
{
	struct curl_header *header;

	if (curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1,
		&header) != CURLHE_OK)
		return NULL;
	return header->value;
}

static long
retry_after(const struct transfer *transfer)
{
	curl_off_t seconds = 0;

	if (header_of(transfer, "Retry-After") == NULL)
		return -1;
	/* libcurl reads both forms, seconds and date (RFC 9110 10.2.3). */
	curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &seconds);
	return (long)seconds;
}

static time_t
date_of(const struct transfer *transfer)
{
	const char *text = header_of(transfer, "Date");
	time_t date = text != NULL ? curl_getdate(text, NULL) : -1;

	return date > 0 ? date : 0;
}

/* What an answer tells about the way that it came. */
static void
note_way(struct transfer *transfer)
{
	struct sendas_http *http = transfer->http;
	long connect_status = 0, version = 0;

	curl_easy_getinfo(
	    transfer->easy, CURLINFO_HTTP_CONNECTCODE, &connect_status);
	if (connect_status == 200)
		http->is_proxied = true;
	curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_VERSION, &version);
	if (version >= CURL_HTTP_VERSION_2_0 || transfer->is_secret ||
	    http->is_without_streams)
		return;
	/* One request a connection, so more of these. */
	http->is_without_streams = true;
	curl_multi_setopt(http->multi, CURLMOPT_MAX_HOST_CONNECTIONS,
	    (long)SENDAS_LIMIT_CONNECTIONS_HTTP1);
}

/* Whether to send it again. Who asks to be left alone for longer than we
 * would wait is not bothered before. */
static bool
is_to_repeat(
    const struct transfer *transfer, const struct sendas_http_answer *answer)
{
	if (!transfer->is_repeatable ||
	    transfer->tries >= transfer->http->max_tries ||
	    sendas_http_is_stopped(transfer->http) ||
	    answer->retry_after_sec > SENDAS_LIMIT_BACKOFF_MS / 1000)
		return false;
	return sendas_retry_is_transient_status(answer->status) ||
	    (transfer->is_transient != NULL && transfer->is_transient(answer));
}

static void
ended_with_answer(struct transfer *transfer)
{
	struct sendas_http_answer answer = {
	    .body = transfer->answer.data,
	    .len = transfer->answer.len,
	    .retry_after_sec = retry_after(transfer),
	    .date = date_of(transfer),
	};

	note_way(transfer);
	curl_easy_getinfo(
	    transfer->easy, CURLINFO_RESPONSE_CODE, &answer.status);
	if (is_to_repeat(transfer, &answer)) {
		repeat(transfer, answer.retry_after_sec);
		return;
	}
	transfer->fn(transfer->ctx, &answer, NULL);
	free_transfer(transfer);
}

/* Gives every finished transfer to its caller, or sends it again. */
static void
reap(struct sendas_http *http)
{
	struct transfer *transfer;
	CURLMsg *message;
	CURLcode code;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		code = message->data.result;
		curl_easy_getinfo(
		    message->easy_handle, CURLINFO_PRIVATE, &transfer);
		curl_multi_remove_handle(http->multi, transfer->easy);
		http->in_flight--;
		if (code == CURLE_OK)
			ended_with_answer(transfer);
		else
			ended_without_answer(transfer, code);
	}
}

/* Calls what is due; all of it when the run was stopped, so that nobody
 * waits a minute for a repeat that will not be made. */
static void
run_timers(struct sendas_http *http)
{
	long now = sendas_clock_now_ms();
	struct timer *timer;

	while ((timer = http->timers) != NULL &&
	    (timer->due_ms <= now || sendas_http_is_stopped(http))) {
		http->timers = timer->next;
		timer->fn(timer->ctx);
		free(timer);
	}
}

static int
poll_ms(const struct sendas_http *http)
{
	long wait = http->in_flight > 0 ? POLL_BUSY_MS : POLL_IDLE_MS;
	long until;

	if (http->timers != NULL) {
		until = http->timers->due_ms - sendas_clock_now_ms();
		if (until < wait)
			wait = until < 0 ? 0 : until;
	}
	return (int)wait;
}

void
sendas_http_run(struct sendas_http *http)
{
	int running;

	for (;;) {
		run_timers(http);
		collect_pools(http);
		curl_multi_perform(http->multi, &running);
		reap(http);
		if (http->in_flight == 0 && http->timers == NULL &&
		    !is_working(http))
			return;
		curl_multi_poll(http->multi, NULL, 0, (int)poll_ms(http), NULL);
	}
}

const char *
sendas_http_issuer(const struct sendas_http *http)
{
	return http->issuer;
}

const char *
sendas_http_ca_path(const struct sendas_http *http)
{
	return http->ca_path;
}

bool
sendas_http_is_proxied(const struct sendas_http *http)
{
	return http->is_proxied;
}

/* A proxy's address without what signs in there; NULL when it is none. */
static char *
plain_proxy(const char *text)
{
	CURLU *url = curl_url();
	char *plain = NULL, *copy = NULL;

	if (url == NULL)
		abort();
	if (curl_url_set(url, CURLUPART_URL, text,
		CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
		curl_url_set(url, CURLUPART_USER, NULL, 0);
		curl_url_set(url, CURLUPART_PASSWORD, NULL, 0);
		curl_url_set(url, CURLUPART_PATH, NULL, 0);
		if (curl_url_get(url, CURLUPART_URL, &plain, 0) == CURLUE_OK)
			copy = sendas_xstrdup(plain);
	}
	curl_free(plain);
	curl_url_cleanup(url);
	return copy;
}

/* The order in which libcurl looks at them for an https address. */
char *
sendas_http_named_proxy(const char **variable)
{
	static const char *const names[] = {
	    "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
	const char *value;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		value = getenv(names[i]);
		if (value == NULL || value[0] == '\0')
			continue;
		*variable = names[i];
		return plain_proxy(value);
	}
	return NULL;
}

const char *
sendas_http_version(void)
{
	return curl_version();
}
