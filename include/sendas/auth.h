/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth.h: a bearer token for a subject, whatever the credentials: fetched
 * when needed, kept while it is good, and asked for once however many want
 * it at the same time. It never knows which API the token is for.
 */
#ifndef SENDAS_AUTH_H
#define SENDAS_AUTH_H

#include <signal.h>
#include "sendas/credentials.h"
#include "sendas/error.h"
#include "sendas/http.h"
#include "sendas/secret.h"

struct sendas_auth;

/* Borrowed for the life of the object. */
struct sendas_auth_options {
	const struct sendas_credentials *credentials;
	struct sendas_http *http;
	const char *token_url; /* endpoint and audience */
	/* Space-separated; no more than is needed. A person's stored sign-in
	 * has the scopes that were granted to it, whatever stands here. */
	const char *scope;
	const volatile sig_atomic_t *stop; /* ends a wait; or NULL */
	/* Told what a person must know although it ends nothing now: that a
	 * sign-in could not be kept up to date. Or NULL. */
	void (*notice)(void *ctx, const char *text);
	void *notice_ctx;
};

/* Gets the bearer, borrowed for the call, or NULL and the error (token.h
 * and http.h list them). Called from sendas_http_run(). It may ask for more
 * bearers and renew; it may not free the object. */
typedef void sendas_auth_fn(void *ctx, const struct sendas_secret *bearer,
    const struct sendas_error *err);

/* Errors: SENDAS_ERR_CREDENTIALS: the private key cannot be used, or the
 * credentials are a client's, with which nobody has signed in. _free
 * wipes all tokens and calls nobody back; while something is under way, free
 * the engine first. NULL is allowed. */
enum sendas_status sendas_auth_new(const struct sendas_auth_options *options,
    struct sendas_auth **out, struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_auth_free(struct sendas_auth *auth);

/* Asks for a bearer for `subject` (a mailbox; copied). `fn` is called once,
 * never from within this call. With a person's credentials the bearer is
 * the same for every subject. */
void sendas_auth_get_bearer(struct sendas_auth *auth, const char *subject,
    sendas_auth_fn *fn, void *ctx);

/* Forgets the subject's token, since Google did not take it. Returns false
 * when there is no way to get another (a token from a descriptor). A request
 * for a token that is under way goes on: what it brings is new. */
bool sendas_auth_renew(struct sendas_auth *auth, const char *subject);

#endif
