/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signin.c: signing in and out. The protocol is auth/login.c's, what is on
 * disk auth/token_store.c's; here it is put together with the one call that
 * tells whose mailbox it is.
 */
#include "sendas/signin.h"

#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "sendas/auth.h"
#include "sendas/clock.h"
#include "sendas/credentials_find.h"
#include "sendas/http.h"
#include "sendas/i18n.h"
#include "sendas/landing.h"
#include "sendas/limits.h"
#include "sendas/login.h"
#include "sendas/mem.h"
#include "sendas/send_as.h"
#include "sendas/session.h"
#include "sendas/text.h"
#include "sendas/token_store.h"

/* The longest wait at a time. */
#define TURN_MS 60000

struct signin {
	const struct sendas_signin_options *options;
	struct sendas_credentials client;
	struct sendas_http *http;
	struct sendas_login *login;
	/* What the sign-in becomes. */
	struct sendas_credentials kept;
	struct sendas_secret bearer;
	enum sendas_status status; /* of the call that is under way */
	struct sendas_error *err;
};

static enum sendas_status
open_http(const struct sendas_signin_options *options, struct sendas_http **out,
    struct sendas_error *err)
{
	struct sendas_http_options http = {
	    .user_agent = PACKAGE "/" VERSION,
	    .ca_file = options->ca_file,
	    .timeout_ms = options->timeout_ms,
	    .stop = options->stop,
	};

	return sendas_http_new(&http, out, err);
}

/* Whatever is wrong with it, there will be no token. */
static enum sendas_status
find_client(struct signin *signin, struct sendas_error *err)
{
	enum sendas_credentials_place place;

	if (sendas_credentials_find_client(signin->options->client,
		&signin->client, &place, err) == SENDAS_OK)
		return SENDAS_OK;
	return err->code = SENDAS_ERR_CREDENTIALS;
}

static enum sendas_status
open_login(struct signin *signin, struct sendas_error *err)
{
	const struct sendas_signin_options *options = signin->options;
	struct sendas_login_options login = {
	    .client = &signin->client,
	    .http = signin->http,
	    .authorize_url = options->endpoints->authorize,
	    .token_url = options->endpoints->token,
	    .scope = SENDAS_SEND_AS_SCOPE,
	    .mailbox = options->mailbox,
	};

	return sendas_login_open(&login, &signin->login, err);
}

/* ---- the person ---- */

/* A paste that is no good ends nothing. */
static void
take_paste(struct signin *signin, char *line)
{
	const struct sendas_signin_ui *ui = signin->options->ui;
	struct sendas_error trouble;
	char *text = sendas_text_trim(line);

	if (*text != '\0' &&
	    sendas_login_paste(signin->login, line, &trouble) != SENDAS_OK)
		ui->notice(ui->ctx, trouble.message);
	sendas_secret_wipe(text);
	sendas_secret_wipe(line);
	free(text);
	free(line);
}

static enum sendas_status
wait_for_person(struct signin *signin, struct sendas_error *err)
{
	const struct sendas_signin_options *options = signin->options;
	long wait_sec = options->wait_sec > 0 ? options->wait_sec
					      : SENDAS_LIMIT_SIGN_IN_SEC;
	long end = sendas_clock_now_ms() + wait_sec * 1000, left;
	enum sendas_status status = SENDAS_OK;
	int timeout;
	char *line;

	while (status == SENDAS_OK && !sendas_login_has_come(signin->login)) {
		left = end - sendas_clock_now_ms();
		if (left <= 0)
			return sendas_fail(err, SENDAS_ERR_NOBODY,
			    _("Nobody has come back from Google's page in time "
			      "(%ld s). To try again: sendas login"),
			    wait_sec);
		timeout = sendas_login_timeout_ms(signin->login);
		if (timeout < 0 || timeout > left)
			timeout = left < TURN_MS ? (int)left : TURN_MS;
		line = NULL;
		status = options->ui->wait(options->ui->ctx,
		    sendas_login_fd(signin->login), timeout, &line, err);
		sendas_login_turn(signin->login);
		if (line != NULL)
			take_paste(signin, line);
	}
	return status;
}

/* ---- the token, and whose it is ---- */

static void
got_token(
    void *ctx, const struct sendas_token *token, const struct sendas_error *err)
{
	struct signin *signin = ctx;
	const struct sendas_credentials *client = &signin->client;

	if (token == NULL) {
		*signin->err = *err;
		signin->status = err->code;
		return;
	}
	signin->kept.kind = SENDAS_CREDENTIALS_AUTHORIZED_USER;
	signin->kept.client_id = sendas_xstrdup(client->client_id);
	if (sendas_secret_is_set(&client->client_secret))
		sendas_secret_set(&signin->kept.client_secret,
		    client->client_secret.data, client->client_secret.len);
	if (sendas_secret_is_set(&token->refresh_token))
		sendas_secret_set(&signin->kept.refresh_token,
		    token->refresh_token.data, token->refresh_token.len);
	signin->kept.scope = sendas_xstrdup(
	    token->scope != NULL ? token->scope : SENDAS_SEND_AS_SCOPE);
	sendas_secret_set(
	    &signin->bearer, token->bearer.data, token->bearer.len);
}

static enum sendas_status
fetch_token(struct signin *signin, struct sendas_error *err)
{
	signin->status = SENDAS_OK;
	signin->err = err;
	sendas_login_exchange(signin->login, got_token, signin);
	sendas_http_run(signin->http);
	if (signin->status != SENDAS_OK)
		return signin->status;
	if (!sendas_secret_is_set(&signin->kept.refresh_token))
		return sendas_fail(err, SENDAS_ERR_TOKEN,
		    _("Google gave a sign-in for this hour only, which is not "
		      "worth keeping. Take the access back on "
		      "https://myaccount.google.com/connections, and sign in "
		      "again: sendas login"));
	return SENDAS_OK;
}

static void
listed(
    void *ctx, struct sendas_mailbox *mailbox, const struct sendas_error *err)
{
	struct signin *signin = ctx;

	if (mailbox == NULL) {
		*signin->err = *err;
		signin->status = err->code;
		return;
	}
	signin->kept.mailbox = sendas_xstrdup(mailbox->mailbox);
	sendas_text_lower(signin->kept.mailbox);
	sendas_mailbox_free(mailbox);
}

/* The mailbox of whoever has signed in. */
static enum sendas_status
learn_mailbox(struct signin *signin, struct sendas_error *err)
{
	struct sendas_credentials token = {
	    .kind = SENDAS_CREDENTIALS_ACCESS_TOKEN,
	    .access_token = signin->bearer, /* borrowed */
	};
	struct sendas_auth_options auth = {
	    .credentials = &token, .http = signin->http};
	/* What a session needs of a run. */
	struct sendas_run run = {
	    .http = signin->http,
	    .api = {signin->http, signin->options->endpoints->gmail},
	};
	enum sendas_status status = sendas_auth_new(&auth, &run.auth, err);

	if (status != SENDAS_OK)
		return status;
	signin->status = SENDAS_OK;
	signin->err = err;
	sendas_session_list(&run, NULL, listed, signin);
	sendas_http_run(signin->http);
	sendas_auth_free(run.auth);
	return signin->status;
}

static enum sendas_status
check_mailbox(const struct signin *signin, struct sendas_error *err)
{
	const char *wanted = signin->options->mailbox;
	const char *got = signin->kept.mailbox;

	if (wanted == NULL || sendas_text_equal_fold(wanted, got))
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_WRONG_MAILBOX,
	    _("It was %s that signed in, not %s. Nothing was kept here; on "
	      "https://myaccount.google.com/connections the access can be "
	      "taken back. Sign in again and choose %s on Google's page: "
	      "sendas login %s"),
	    got, wanted, wanted, wanted);
}

static enum sendas_status
keep(const struct signin *signin, struct sendas_error *err)
{
	struct sendas_token_store_lock *lock = NULL;
	enum sendas_status status;

	status = sendas_token_store_lock(
	    SENDAS_LIMIT_SIGN_IN_LOCK_MS, signin->options->stop, &lock, err);
	if (status == SENDAS_OK)
		status = sendas_token_store_save(&signin->kept, err);
	sendas_token_store_unlock(lock);
	return status;
}

/* What went wrong on the way, and is nobody's answer to the sign-in: the
 * message does not know that it is one. */
static enum sendas_status
fail_on_the_way(const struct sendas_error *why, struct sendas_error *err)
{
	sendas_fail_reason(err, why->code, why->reason,
	    _("The sign-in did not come about, and nothing was kept (%s). To "
	      "try again: sendas login"),
	    why->message);
	err->http_status = why->http_status;
	return why->code;
}

/* Google's page shows no scopes, but sentences. */
static enum sendas_status
fail_scope(const struct sendas_error *why, struct sendas_error *err)
{
	sendas_fail_reason(err, why->code, why->reason,
	    _("%s (On Google's page the box reads like this: \"See, edit, "
	      "create, or change your email settings and filters in "
	      "Gmail\".)"),
	    why->message);
	err->http_status = why->http_status;
	return why->code;
}

/* From what has come back to what is kept. */
static enum sendas_status
take_in(struct signin *signin, struct sendas_error *err)
{
	enum sendas_status status;
	struct sendas_error why;

	status = fetch_token(signin, &why);
	if (status == SENDAS_OK)
		status = learn_mailbox(signin, &why);
	if (status == SENDAS_OK)
		status = check_mailbox(signin, &why);
	if (status == SENDAS_OK)
		status = keep(signin, &why);
	switch (status) {
	case SENDAS_OK:
		return SENDAS_OK;
	case SENDAS_ERR_SCOPE:
		return fail_scope(&why, err);
	/* These say what to do. */
	case SENDAS_ERR_NOBODY:
	case SENDAS_ERR_TOKEN:
	case SENDAS_ERR_WRONG_MAILBOX:
		*err = why;
		return status;
	default:
		return fail_on_the_way(&why, err);
	}
}

static enum sendas_landing_kind
landing_kind(enum sendas_status status)
{
	switch (status) {
	case SENDAS_OK:
		return SENDAS_LANDING_DONE;
	case SENDAS_ERR_NOBODY:
		return SENDAS_LANDING_DECLINED;
	case SENDAS_ERR_SCOPE:
		return SENDAS_LANDING_INCOMPLETE;
	case SENDAS_ERR_WRONG_MAILBOX:
		return SENDAS_LANDING_WRONG_ACCOUNT;
	default:
		return SENDAS_LANDING_FAILED;
	}
}

static void
tell_browser(const struct signin *signin, enum sendas_status status,
    const struct sendas_error *err)
{
	struct sendas_landing landing = {
	    .kind = landing_kind(status),
	    .mailbox = signin->kept.mailbox,
	    .detail = status != SENDAS_OK ? err->message : NULL,
	};

	sendas_login_tell(signin->login, &landing);
}

enum sendas_status
sendas_signin_run(const struct sendas_signin_options *options, char **mailbox,
    struct sendas_error *err)
{
	const struct sendas_signin_ui *ui = options->ui;
	struct signin signin = {.options = options};
	enum sendas_status status;

	status = find_client(&signin, err);
	if (status == SENDAS_OK)
		status = open_http(options, &signin.http, err);
	if (status == SENDAS_OK)
		status = open_login(&signin, err);
	if (status == SENDAS_OK) {
		ui->show_url(ui->ctx, sendas_login_url(signin.login));
		status = wait_for_person(&signin, err);
	}
	if (status == SENDAS_OK) {
		ui->notice(ui->ctx,
		    _("Back from Google. Looking whose mailbox it is ..."));
		status = take_in(&signin, err);
		tell_browser(&signin, status, err);
	}
	if (status == SENDAS_OK)
		*mailbox = sendas_xstrdup(signin.kept.mailbox);
	sendas_http_free(signin.http);
	sendas_login_close(signin.login);
	sendas_secret_clear(&signin.bearer);
	sendas_credentials_clear(&signin.kept);
	sendas_credentials_clear(&signin.client);
	return status;
}

/* ---- out ---- */

static void
revoked(void *ctx, const struct sendas_error *err)
{
	struct sendas_error *left = ctx;

	if (err != NULL)
		*left = *err;
}

static void
take_back(const struct sendas_signin_options *options,
    const struct sendas_credentials *sign_in, struct sendas_error *left)
{
	struct sendas_http *http = NULL;

	if (open_http(options, &http, left) != SENDAS_OK)
		return;
	sendas_login_revoke(
	    http, options->endpoints->revoke, sign_in, revoked, left);
	sendas_http_run(http);
	sendas_http_free(http);
}

static enum sendas_status
sign_out(const struct sendas_signin_options *options, const char *mailbox,
    struct sendas_error *left, struct sendas_error *err)
{
	struct sendas_token_store_lock *lock = NULL;
	struct sendas_credentials sign_in = {0};
	enum sendas_status status;

	/* Nobody shall renew it in between and put it back. */
	status = sendas_token_store_lock(
	    SENDAS_LIMIT_SIGN_IN_LOCK_MS, options->stop, &lock, err);
	if (status != SENDAS_OK)
		return status;
	if (sendas_token_store_load_to_revoke(mailbox, &sign_in, left) ==
	    SENDAS_OK)
		take_back(options, &sign_in, left);
	else
		sendas_fail(left, left->code,
		    _("the file of the sign-in cannot be read"));
	status = sendas_token_store_delete(mailbox, err);
	sendas_token_store_unlock(lock);
	sendas_credentials_clear(&sign_in);
	return status;
}

enum sendas_status
sendas_signin_out(const struct sendas_signin_options *options, char **mailbox,
    struct sendas_error *left, struct sendas_error *err)
{
	struct sendas_token_store_list list = {0};
	const char *chosen = NULL;
	enum sendas_status status;

	*left = (struct sendas_error){0};
	*mailbox = NULL;
	status = sendas_token_store_list(&list, err);
	/* There being none of that name is the command line's matter. */
	if (status == SENDAS_OK && list.count > 0 &&
	    sendas_credentials_choose(&list, options->mailbox, &chosen, err) !=
		SENDAS_OK)
		status = err->code = SENDAS_ERR_USAGE;
	if (status == SENDAS_OK && chosen != NULL)
		status = sign_out(options, chosen, left, err);
	if (status == SENDAS_OK)
		*mailbox = sendas_xstrdup(chosen);
	sendas_token_store_list_clear(&list);
	return status;
}

enum sendas_status
sendas_signin_list(
    struct sendas_token_store_list *out, struct sendas_error *err)
{
	return sendas_token_store_list(out, err);
}

void
sendas_signin_list_clear(struct sendas_token_store_list *list)
{
	sendas_token_store_list_clear(list);
}
