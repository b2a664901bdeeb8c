/* SPDX-License-Identifier: Apache-2.0 */
/*
 * login.h: a sign-in in the browser: authorization code with PKCE, by the
 * loopback redirect (RFC 6749 section 4.1, RFC 7636, RFC 8252;
 * https://developers.google.com/identity/protocols/oauth2/native-app). It
 * waits for nobody: whoever waits polls its descriptor. It never knows which
 * API the sign-in is for.
 */
#ifndef SENDAS_LOGIN_H
#define SENDAS_LOGIN_H

#include <stdbool.h>
#include "sendas/credentials.h"
#include "sendas/error.h"
#include "sendas/http.h"
#include "sendas/landing.h"
#include "sendas/token.h"

struct sendas_login;

/* Borrowed for the life of the object. */
struct sendas_login_options {
	const struct sendas_credentials *client; /* of the kind CLIENT */
	struct sendas_http *http;
	const char *authorize_url;
	const char *token_url;
	const char *scope; /* separated by spaces */
	const char *mailbox; /* to be suggested on the page; or NULL */
};

/* Begins one: a new state and verifier, and a listener for the browser.
 * Errors: SENDAS_ERR_FILE: nothing can be listened on. _close it; what was
 * not answered by then gets a page that it did not work. NULL is allowed. */
enum sendas_status sendas_login_open(const struct sendas_login_options *options,
    struct sendas_login **out, struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_login_close(struct sendas_login *login);

/* Where the person signs in. Borrowed. */
const char *sendas_login_url(const struct sendas_login *login);

/* To be polled, as loopback.h says; then _turn. */
int sendas_login_fd(const struct sendas_login *login);
int sendas_login_timeout_ms(const struct sendas_login *login);
void sendas_login_turn(struct sendas_login *login);

/* Takes the address that a person copied from the browser. Errors:
 * SENDAS_ERR_INPUT: it is not the one that is waited for, and why; another
 * may be pasted. */
enum sendas_status sendas_login_paste(struct sendas_login *login,
    const char *text, struct sendas_error *err) SENDAS_MUST_CHECK;

/* True once the browser, or a paste, has brought something back. */
bool sendas_login_has_come(const struct sendas_login *login);

/* Gets the token, or NULL and the error: those of token.h and http.h, and
 * SENDAS_ERR_NOBODY when the person did not allow it. */
typedef void sendas_login_fn(void *ctx, const struct sendas_token *token,
    const struct sendas_error *err);

/* Makes a token of what has come back: asks once, since a code is good once.
 * `fn` is called once, from sendas_http_run(). */
void sendas_login_exchange(
    struct sendas_login *login, sendas_login_fn *fn, void *ctx);

/* Gives the browser its page; nothing happens when it was a paste. */
void sendas_login_tell(
    struct sendas_login *login, const struct sendas_landing *landing);

/* Gets NULL when the sign-in is over, by this or before; else the error, those
 * of sendas_token_parse_revoked() and http.h: it may still be good. */
typedef void sendas_login_revoked_fn(void *ctx, const struct sendas_error *err);

/* Has the server take a stored sign-in back (RFC 7009). `fn` is called once,
 * from sendas_http_run(). */
void sendas_login_revoke(struct sendas_http *http, const char *revoke_url,
    const struct sendas_credentials *sign_in, sendas_login_revoked_fn *fn,
    void *ctx);

#endif
