/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token.h: the token endpoint: requests and answers (RFC 6749 sections 4 and
 * 5, RFC 7523), without the sending.
 */
#ifndef SENDAS_TOKEN_H
#define SENDAS_TOKEN_H

#include "sendas/credentials.h"
#include "sendas/error.h"
#include "sendas/http.h"
#include "sendas/secret.h"

struct sendas_token {
	struct sendas_secret bearer;
	struct sendas_secret refresh_token; /* of a sign-in, or one that takes
	                                       the old one's place; or unset */
	char *scope; /* what was granted, as it was said; or NULL */
	long expires_in_sec; /* an hour when the answer does not say */
};

/* The body of a jwt-bearer grant. One thread at a time (oauth2_glue.h). */
void sendas_token_jwt_bearer_body(
    const struct sendas_secret *assertion, struct sendas_secret *out);

/* The body of a refresh grant (RFC 6749 section 6) for a person's stored
 * sign-in. It names no scope: all that was granted comes back. */
void sendas_token_refresh_body(
    const struct sendas_credentials *credentials, struct sendas_secret *out);

/* What goes with a code from the browser. All borrowed. */
struct sendas_token_code {
	const struct sendas_secret *code;
	const char *redirect_uri; /* the same as before */
	const struct sendas_secret *verifier; /* RFC 7636 */
};

/* The body of an authorization_code grant (RFC 6749 section 4.1.3, RFC 7636
 * section 4.5) for a client, whose secret goes along if it has one. */
void sendas_token_code_body(const struct sendas_credentials *client,
    const struct sendas_token_code *code, struct sendas_secret *out);

/* The body that takes a sign-in back (RFC 7009;
 * https://developers.google.com/identity/protocols/oauth2/native-app). */
void sendas_token_revoke_body(
    const struct sendas_credentials *sign_in, struct sendas_secret *out);

/* What an answer to that means: SENDAS_OK also when the sign-in had ended
 * before. Errors: SENDAS_ERR_TRANSIENT, SENDAS_ERR_ANSWER: it may still be
 * good. */
enum sendas_status sendas_token_parse_revoked(
    const struct sendas_http_answer *answer,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* A request with such a body, which is borrowed, to be submitted at once. Asked
 * more than once, a code is refused: `is_repeatable` is false for it. */
struct sendas_http_request sendas_token_request(
    const char *url, const struct sendas_secret *body, bool is_repeatable);

/* What was asked, for the messages. They do not name the mailbox: a report
 * shows them beside it. */
struct sendas_token_context {
	const struct sendas_credentials *credentials;
	const char *scope; /* what was asked for, space-separated; NULL: no
	                      scope was named, and any answer will do */
};

/*
 * Reads an answer. *out is the caller's to clear. Errors, each with what to
 * do, the reason and the HTTP status: SENDAS_ERR_PROJECT (unauthorized_client
 * with the client id, the exact scopes and the console's link,
 * invalid_client, admin_policy_enforced, a wrong clock, ...: the whole run),
 * SENDAS_ERR_MAILBOX (this subject only: unknown, deleted, restricted),
 * SENDAS_ERR_TOKEN (any other refusal), SENDAS_ERR_SCOPE (a token, but
 * without all that was asked for), SENDAS_ERR_TRANSIENT (5xx, 408, 429, or
 * the same said in words), SENDAS_ERR_ANSWER. The HTTP status alone is
 * enough where the body says nothing.
 */
enum sendas_status sendas_token_parse_answer(
    const struct sendas_http_answer *answer,
    const struct sendas_token_context *context, struct sendas_token *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* True when the body asks for another try although the status does not:
 * internal_failure with 400, a rate limit with 403. */
bool sendas_token_is_transient(const struct sendas_http_answer *answer);

void sendas_token_clear(struct sendas_token *token);

#endif
