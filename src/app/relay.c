/* SPDX-License-Identifier: Apache-2.0 */
/*
 * relay.c: one SMTP server, from its password to the PATCH. Holds the password
 * from the moment it is needed until it was handed on, and no longer.
 */
#include "sendas/relay.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/fault.h"
#include "sendas/i18n.h"
#include "sendas/logins.h"
#include "sendas/mem.h"
#include "sendas/names.h"
#include "sendas/passwords.h"
#include "sendas/probe.h"
#include "sendas/session.h"
#include "sendas/smtp.h"
#include "sendas/trusted.h"

/* A person mistypes; a provider counts. */
#define TRIES_OF_A_PERSON 2

struct setting {
	struct sendas_run *run;
	const char *mailbox;
	const struct sendas_change *change;
	sendas_relay_fn *fn;
	void *ctx;
	char *host; /* as it can be connected to */
	char *user;
	struct sendas_secret password;
	struct sendas_smtp_login login;
	int tries;
};

static void
finish(struct setting *setting, enum sendas_relay_result result,
    const struct sendas_error *err)
{
	sendas_secret_clear(&setting->password);
	setting->fn(setting->ctx, result, err);
	free(setting->host);
	free(setting->user);
	free(setting);
}

/* What was planned may come from a file, or from an old run. */
static enum sendas_status
check_target(const struct setting *setting, struct sendas_error *err)
{
	const struct sendas_policy *policy = setting->run->options->policy;
	const struct sendas_change *change = setting->change;

	if (!sendas_names_is_own_address(policy, change->address) ||
	    !sendas_trusted_is_relay(policy, &change->after) ||
	    (change->undoes == 0 &&
		strcmp(change->after.text, policy->host) != 0))
		return sendas_fail(err, SENDAS_ERR_MAILBOX,
		    _("By the policy in use (%s) the server is not one that "
		      "this password may be sent to, so it was not even asked "
		      "for."),
		    policy->label);
	return SENDAS_OK;
}

/* While others had their turn, or a server took its time, the run may have
 * ended: no password goes anywhere then. True when it is over. */
static bool
is_too_late(struct setting *setting)
{
	struct sendas_error err;

	if (!sendas_run_should_stop(setting->run))
		return false;
	sendas_fail(&err, SENDAS_ERR_CANCELLED, "%s", _("interrupted"));
	finish(setting, SENDAS_RELAY_LATER, &err);
	return true;
}

static void
patched(void *ctx, const struct sendas_error *err)
{
	finish(ctx, SENDAS_RELAY_SENT, err);
}

static void
send_patch(struct setting *setting)
{
	const struct sendas_change *change = setting->change;
	struct sendas_send_as_patch patch = {
	    .relay = {.host = change->after.text,
		.port = change->after.number,
		.security = change->after.security,
		.user = setting->user,
		.password = &setting->password}};

	if (is_too_late(setting))
		return;
	sendas_fault_point("relay.patch");
	sendas_session_patch(setting->run, setting->mailbox, change->address,
	    &patch, patched, setting);
}

static void wait_for_turn(struct setting *setting);

/* Of what nobody decided against, some may work later. */
static enum sendas_relay_result
result_of(enum sendas_smtp_verdict verdict)
{
	switch (verdict) {
	case SENDAS_SMTP_LATER:
	case SENDAS_SMTP_TURNED_AWAY:
	case SENDAS_SMTP_CLOSED:
	case SENDAS_SMTP_NO_ROUTE:
	case SENDAS_SMTP_SILENT:
	case SENDAS_SMTP_BROKEN:
	case SENDAS_SMTP_STOPPED:
		return SENDAS_RELAY_LATER;
	default:
		return SENDAS_RELAY_NOT_SENT;
	}
}

static void
fail_login(struct setting *setting, const struct sendas_smtp_result *result)
{
	char *why = sendas_probe_summary(result);
	struct sendas_error err;

	if (result->verdict == SENDAS_SMTP_STOPPED)
		sendas_fail(&err, SENDAS_ERR_CANCELLED, "%s", why);
	else if (sendas_probe_is_refused(result->verdict))
		sendas_fail(&err, SENDAS_ERR_TRANSIENT,
		    _("The password was tried at %s, and Google did not get "
		      "it: %s"),
		    setting->host, why);
	else
		sendas_fail(&err, SENDAS_ERR_TRANSIENT,
		    _("There was no login at %s, so Google did not get the "
		      "password: %s"),
		    setting->host, why);
	free(why);
	finish(setting, result_of(result->verdict), &err);
}

static void
tried(void *ctx, const struct sendas_smtp_result *result)
{
	struct setting *setting = ctx;
	const struct sendas_run_options *options = setting->run->options;

	sendas_fault_point("relay.tried");
	if (result->verdict == SENDAS_SMTP_LOGGED_IN) {
		send_patch(setting);
		return;
	}
	if (result->verdict == SENDAS_SMTP_WRONG_PASSWORD &&
	    sendas_passwords_is_person(options->passwords) &&
	    ++setting->tries < TRIES_OF_A_PERSON) {
		options->ui->show(options->ui->ctx,
		    _("The server does not take this password. Once more, "
		      "carefully: providers lock accounts after a few "
		      "tries."));
		wait_for_turn(setting);
		return;
	}
	fail_login(setting, result);
}

/* Gets the password. False when there is none, and it is over. */
static bool
get_password(struct setting *setting)
{
	const struct sendas_passwords_wanted wanted = {
	    .mailbox = setting->mailbox,
	    .address = setting->change->address,
	    .host = setting->host};
	struct sendas_passwords *from = setting->run->options->passwords;
	struct sendas_error err;

	free(setting->user);
	setting->user = NULL;
	if (sendas_passwords_get(from, &wanted, &setting->user,
		&setting->password, &err) == SENDAS_OK)
		return true;
	/* A person who gives none has decided; a file that changed, or a
	 * descriptor that was read, decides nothing. */
	finish(setting,
	    err.code == SENDAS_ERR_NOBODY && sendas_passwords_is_person(from)
		? SENDAS_RELAY_NOT_SENT
		: SENDAS_RELAY_LATER,
	    &err);
	return false;
}

static void
turn_came(void *ctx, const struct sendas_error *err)
{
	struct setting *setting = ctx;
	struct sendas_logins *logins = setting->run->logins;

	if (err != NULL) {
		finish(setting, SENDAS_RELAY_LATER, err);
		return;
	}
	if (is_too_late(setting) || !get_password(setting)) {
		sendas_logins_pass(logins);
		return;
	}
	sendas_fault_point("relay.try");
	setting->login = (struct sendas_smtp_login){.host = setting->host,
	    .port = setting->change->after.number,
	    .security = setting->change->after.security,
	    .user = setting->user,
	    .password = &setting->password};
	sendas_logins_try(logins, &setting->login, tried, setting);
}

static void
wait_for_turn(struct setting *setting)
{
	struct sendas_run *run = setting->run;
	struct sendas_logins_options options = {.http = run->http,
	    .timeout_ms = run->options->timeout_ms,
	    .max = (size_t)run->options->max_logins,
	    .stop = run->options->stop};

	if (run->logins == NULL)
		run->logins = sendas_logins_new(&options);
	sendas_logins_wait(run->logins, turn_came, setting);
}

/* What is to be tried first, and what goes at once. */
static void
begin(void *ctx)
{
	struct setting *setting = ctx;
	const struct sendas_run_options *options = setting->run->options;
	struct sendas_error err;

	if (check_target(setting, &err) != SENDAS_OK) {
		finish(setting, SENDAS_RELAY_NOT_SENT, &err);
	} else if (!sendas_passwords_has(options->passwords, setting->mailbox,
		       setting->change->address)) {
		sendas_fail(&err, SENDAS_ERR_NOBODY,
		    _("It needs the SMTP password: give it with --passwords "
		      "FILE or, for one mailbox, with --password-fd N or at a "
		      "terminal."));
		finish(setting, SENDAS_RELAY_LATER, &err);
	} else if (!options->is_login_skipped) {
		wait_for_turn(setting);
	} else if (get_password(setting)) {
		send_patch(setting);
	}
}

void
sendas_relay_set(struct sendas_run *run, const char *mailbox,
    const struct sendas_change *change, sendas_relay_fn *fn, void *ctx)
{
	struct setting *setting = sendas_xcalloc(1, sizeof(*setting));

	setting->run = run;
	setting->mailbox = mailbox;
	setting->change = change;
	setting->fn = fn;
	setting->ctx = ctx;
	setting->host = sendas_names_normalise(change->after.text);
	/* Its caller is in the middle of something. */
	sendas_http_call_later(run->http, 0, begin, setting);
}
