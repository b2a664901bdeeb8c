/* SPDX-License-Identifier: Apache-2.0 */
/*
 * login.c: the parts of a sign-in in the browser, put together: what is sent
 * out, what has to come back, the token for it, and how it is taken back. Keeps
 * nothing on disk.
 */
#include "sendas/login.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/loopback.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/redirect.h"

/* 256 bits: of the state, and of the verifier (RFC 7636 section 4.1: 43 to 128
 * characters). */
#define RANDOM_DIGITS 64

struct sendas_login {
	struct sendas_login_options options;
	struct sendas_loopback *loopback;
	struct sendas_secret state, verifier;
	char *redirect_uri;
	char *url;
	bool has_come;
	struct sendas_redirect redirect; /* what has come */
	sendas_login_fn *fn;
	void *ctx;
};

static void
draw(struct sendas_secret *out)
{
	char *digits = sendas_oauth2_random_hex(RANDOM_DIGITS);

	sendas_secret_set(out, digits, strlen(digits));
	sendas_secret_wipe(digits);
	free(digits);
}

/* A request that the listener got. */
static bool
take_target(void *ctx, const char *target, enum sendas_landing_kind *refusal)
{
	struct sendas_login *login = ctx;

	/* A paste was faster. */
	if (login->has_come) {
		*refusal = SENDAS_LANDING_NOTHING;
		return false;
	}
	switch (sendas_redirect_parse(
	    target, login->state.data, &login->redirect)) {
	case SENDAS_REDIRECT_GOOD:
		login->has_come = true;
		return true;
	case SENDAS_REDIRECT_FOREIGN:
		*refusal = SENDAS_LANDING_FOREIGN;
		return false;
	case SENDAS_REDIRECT_BROKEN:
		*refusal = SENDAS_LANDING_FAILED;
		return false;
	case SENDAS_REDIRECT_NOTHING:
		break;
	}
	*refusal = SENDAS_LANDING_NOTHING;
	return false;
}

/* prompt=consent, since Google gives a refresh token only with it to someone
 * who has agreed before. */
static void
make_url(struct sendas_login *login)
{
	const struct sendas_login_options *options = &login->options;
	char *challenge = sendas_oauth2_code_challenge(login->verifier.data);
	const char *pairs[] = {
	    "response_type",
	    "code",
	    "client_id",
	    options->client->client_id,
	    "redirect_uri",
	    login->redirect_uri,
	    "scope",
	    options->scope,
	    "state",
	    login->state.data,
	    "code_challenge",
	    challenge,
	    "code_challenge_method",
	    "S256",
	    "access_type",
	    "offline",
	    "prompt",
	    "consent",
	    "login_hint",
	    options->mailbox,
	};
	size_t count = sizeof(pairs) / sizeof(pairs[0]) / 2;
	struct sendas_secret query = {0};

	if (options->mailbox == NULL)
		count--;
	sendas_oauth2_form_encode(pairs, count, &query);
	login->url =
	    sendas_xasprintf("%s?%s", options->authorize_url, query.data);
	sendas_secret_clear(&query);
	free(challenge);
}

enum sendas_status
sendas_login_open(const struct sendas_login_options *options,
    struct sendas_login **out, struct sendas_error *err)
{
	struct sendas_login *login = sendas_xcalloc(1, sizeof(*login));
	enum sendas_status status;

	login->options = *options;
	draw(&login->state);
	draw(&login->verifier);
	status =
	    sendas_loopback_open(take_target, login, &login->loopback, err);
	if (status != SENDAS_OK) {
		sendas_login_close(login);
		return status;
	}
	login->redirect_uri = sendas_xasprintf(
	    "http://127.0.0.1:%u/", sendas_loopback_port(login->loopback));
	make_url(login);
	*out = login;
	return SENDAS_OK;
}

void
sendas_login_close(struct sendas_login *login)
{
	if (login == NULL)
		return;
	sendas_loopback_close(login->loopback);
	sendas_redirect_clear(&login->redirect);
	sendas_secret_clear(&login->state);
	sendas_secret_clear(&login->verifier);
	/* The state stands in it. */
	if (login->url != NULL)
		sendas_secret_wipe(login->url);
	free(login->url);
	free(login->redirect_uri);
	free(login);
}

const char *
sendas_login_url(const struct sendas_login *login)
{
	return login->url;
}

int
sendas_login_fd(const struct sendas_login *login)
{
	return sendas_loopback_fd(login->loopback);
}

int
sendas_login_timeout_ms(const struct sendas_login *login)
{
	return sendas_loopback_timeout_ms(login->loopback);
}

void
sendas_login_turn(struct sendas_login *login)
{
	sendas_loopback_turn(login->loopback);
}

bool
sendas_login_has_come(const struct sendas_login *login)
{
	return login->has_come;
}

enum sendas_status
sendas_login_paste(
    struct sendas_login *login, const char *text, struct sendas_error *err)
{
	unsigned port = sendas_loopback_port(login->loopback);

	/* The browser may have been faster. */
	if (login->has_come)
		return SENDAS_OK;
	switch (sendas_redirect_parse_pasted(
	    text, port, login->state.data, &login->redirect)) {
	case SENDAS_REDIRECT_GOOD:
		login->has_come = true;
		sendas_loopback_stop(login->loopback);
		return SENDAS_OK;
	case SENDAS_REDIRECT_FOREIGN:
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("This address belongs to another sign-in, perhaps an "
		      "earlier one. Open the page above and copy the address "
		      "that comes after it."));
	case SENDAS_REDIRECT_BROKEN:
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("This address is damaged. Copy the whole of it again."));
	case SENDAS_REDIRECT_NOTHING:
		break;
	}
	return sendas_fail(err, SENDAS_ERR_INPUT,
	    _("This is not the address that is needed: it begins with "
	      "http://127.0.0.1:%u/ and stands in the browser's address bar "
	      "once you have agreed on Google's page."),
	    port);
}

/* What the page of Google's says when it gives no code (RFC 6749 section
 * 4.1.2.1, and Google's own). */
static void
refuse(const char *error, struct sendas_error *err)
{
	if (strcmp(error, "access_denied") == 0)
		sendas_fail_reason(err, SENDAS_ERR_NOBODY,
		    SENDAS_REASON_TOKEN_REFUSED,
		    _("It was not allowed on Google's page, so nothing was "
		      "read and nothing has changed. To try again: sendas "
		      "login. Without signing in: sendas audit --ask"));
	else if (strcmp(error, "admin_policy_enforced") == 0)
		sendas_fail_reason(err, SENDAS_ERR_TOKEN,
		    SENDAS_REASON_TOKEN_REFUSED,
		    _("The administrator of this account does not allow this "
		      "client. A super admin allows it in the Admin console "
		      "under Security > Access and data control > API "
		      "controls"));
	else
		sendas_fail_reason(err, SENDAS_ERR_TOKEN,
		    SENDAS_REASON_TOKEN_REFUSED,
		    _("Google's page ended the sign-in: %.100s. "
		      "doc/google-cloud.md tells what the client has to be "
		      "like; then: sendas login"),
		    error);
}

static void
give_refusal(void *ctx)
{
	struct sendas_login *login = ctx;
	struct sendas_error trouble;

	refuse(login->redirect.error, &trouble);
	login->fn(login->ctx, NULL, &trouble);
}

static void
got_answer(void *ctx, const struct sendas_http_answer *answer,
    const struct sendas_error *err)
{
	struct sendas_login *login = ctx;
	struct sendas_token_context context = {
	    .credentials = login->options.client,
	    .scope = login->options.scope,
	};
	struct sendas_error trouble;
	struct sendas_token token;

	if (answer == NULL) {
		login->fn(login->ctx, NULL, err);
		return;
	}
	if (sendas_token_parse_answer(answer, &context, &token, &trouble) !=
	    SENDAS_OK) {
		login->fn(login->ctx, NULL, &trouble);
		return;
	}
	login->fn(login->ctx, &token, NULL);
	sendas_token_clear(&token);
}

void
sendas_login_exchange(
    struct sendas_login *login, sendas_login_fn *fn, void *ctx)
{
	struct sendas_http *http = login->options.http;
	struct sendas_token_code code = {
	    .code = &login->redirect.code,
	    .redirect_uri = login->redirect_uri,
	    .verifier = &login->verifier,
	};
	struct sendas_secret body = {0};
	struct sendas_http_request request;

	login->fn = fn;
	login->ctx = ctx;
	if (login->redirect.error != NULL) {
		sendas_http_call_later(http, 0, give_refusal, login);
		return;
	}
	sendas_token_code_body(login->options.client, &code, &body);
	request = sendas_token_request(login->options.token_url, &body, false);
	request.is_secret = true;
	sendas_http_submit(http, &request, got_answer, login);
	sendas_secret_clear(&body);
}

void
sendas_login_tell(
    struct sendas_login *login, const struct sendas_landing *landing)
{
	sendas_loopback_answer(login->loopback, landing);
}

/* A revocation under way. */
struct revocation {
	sendas_login_revoked_fn *fn;
	void *ctx;
};

static void
got_revoked(void *ctx, const struct sendas_http_answer *answer,
    const struct sendas_error *err)
{
	struct revocation *revocation = ctx;
	struct sendas_error trouble;

	if (answer != NULL &&
	    sendas_token_parse_revoked(answer, &trouble) != SENDAS_OK)
		err = &trouble;
	revocation->fn(revocation->ctx, err);
	free(revocation);
}

void
sendas_login_revoke(struct sendas_http *http, const char *revoke_url,
    const struct sendas_credentials *sign_in, sendas_login_revoked_fn *fn,
    void *ctx)
{
	struct revocation *revocation = sendas_xcalloc(1, sizeof(*revocation));
	struct sendas_secret body = {0};
	struct sendas_http_request request;

	revocation->fn = fn;
	revocation->ctx = ctx;
	sendas_token_revoke_body(sign_in, &body);
	/* What was taken back stays so, however often it is asked. */
	request = sendas_token_request(revoke_url, &body, true);
	request.is_secret = true;
	sendas_http_submit(http, &request, got_revoked, revocation);
	sendas_secret_clear(&body);
}
