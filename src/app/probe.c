/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.c: one login at the policy's relay, and what it means. Knows nothing
 * of where a password comes from.
 */
#include "sendas/probe.h"

#include <stdlib.h>
#include "config.h"
#include "sendas/buf.h"
#include "sendas/http.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/model.h"
#include "sendas/names.h"

/* What a verdict says of the login, and of Gmail, which connects from
 * elsewhere. */
struct meaning {
	const char *text;
	const char *for_gmail;
	const char *to_do; /* or NULL */
};

static const struct meaning meanings[] = {
    [SENDAS_SMTP_LOGGED_IN] = {N_("The login works. No mail was sent."),
	N_("Gmail can use this user name and password. Gmail connects from "
	   "Google's machines: a provider may treat those differently."),
	NULL},
    [SENDAS_SMTP_WRONG_PASSWORD] = {N_("The server does not take this user "
				       "name or password."),
	N_("Gmail's mail comes back in the same way (535)."),
	N_("Check that the user name is the whole address, and that it is the "
	   "mail password. Does the same password open the provider's web "
	   "mail? Do not try many times: providers lock accounts.")},
    [SENDAS_SMTP_LOCKED_OUT] = {N_("The server refuses after too many tries."),
	N_("While the lock lasts Gmail cannot log in either."),
	N_("Wait an hour without trying, also in Gmail and other mail "
	   "programs. Then try once.")},
    [SENDAS_SMTP_NOT_ALLOWED] = {N_("The server refuses this account."),
	N_("Gmail is refused in the same way."),
	N_("Ask the provider what its reply means.")},
    [SENDAS_SMTP_LATER] = {N_("The server refuses for now. Nothing was proved "
			      "about the password."),
	N_("It may be different for Gmail at the same time."),
	N_("Try again in half an hour.")},
    [SENDAS_SMTP_TURNED_AWAY] = {N_("The server turns this machine away "
				    "before any login, so nothing was proved "
				    "about the password."),
	N_("It says nothing of Gmail, which connects from elsewhere."),
	N_("Try from another network.")},
    [SENDAS_SMTP_NO_AUTH] = {N_("The server offers no login that works here, "
				"so nothing was "
				"proved about the password."),
	N_("Gmail needs a server that offers a login."),
	N_("Is something in between, such as a virus scanner or the network's "
	   "own mail server?")},
    [SENDAS_SMTP_CERTIFICATE] = {N_("The server's certificate cannot be "
				    "trusted, so no password was sent."),
	N_("If Gmail sees the same certificate, it refuses it too (\"TLS "
	   "Negotiation Failed\"). If something on this network looks into "
	   "TLS, Gmail sees another one."),
	N_("Try from another network.")},
    [SENDAS_SMTP_NOT_THIS_MODE] = {N_("On this port the server does not speak "
				      "TLS in this way, so no password was "
				      "sent."),
	N_("With these settings Gmail cannot connect either, unless something "
	   "on this network stands in between."),
	N_("Try from another network.")},
    [SENDAS_SMTP_CLOSED] = {N_("The port is closed."),
	N_("It says nothing of Gmail, which connects from elsewhere."),
	N_("Networks at work, hotels and some providers block ports for mail. "
	   "Try from another network.")},
    [SENDAS_SMTP_NO_ROUTE] = {N_("The server cannot be reached from here."),
	N_("It says nothing of Gmail, which connects from elsewhere."),
	N_("Is this machine on the network?")},
    [SENDAS_SMTP_SILENT] = {N_("The server did not answer in time."),
	N_("It says nothing of Gmail, which connects from elsewhere."),
	N_("Networks at work, hotels and some providers block ports for mail. "
	   "Try from another network.")},
    [SENDAS_SMTP_BROKEN] = {N_("The connection broke, so nothing was proved "
			       "about the password."),
	N_("It says nothing of Gmail, which connects from elsewhere."),
	N_("Try again. If it stays so, something else answers in the server's "
	   "place.")},
    [SENDAS_SMTP_STOPPED] = {N_("interrupted"), NULL, NULL},
};

enum sendas_status
sendas_probe_check(const struct sendas_policy *policy, const char *address,
    struct sendas_error *err)
{
	if (sendas_names_is_own_address(policy, address))
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_USAGE,
	    _("%.100s is not an address of %s, so its password is sent "
	      "nowhere"),
	    address, policy->label);
}

enum sendas_status
sendas_probe_run(const struct sendas_probe_options *options,
    struct sendas_smtp_result *out, struct sendas_error *err)
{
	const struct sendas_policy *policy = options->policy;
	struct sendas_http_options http_options = {
	    .user_agent = PACKAGE "/" VERSION, .ca_file = options->ca_file};
	struct sendas_smtp_login login = {
	    .host = policy->host,
	    .port = policy->wanted.port,
	    .security = policy->wanted.security,
	    .user = options->user != NULL ? options->user : options->address,
	    .password = options->password,
	    .timeout_ms = options->timeout_ms > 0 ? options->timeout_ms
						  : SENDAS_LIMIT_TRANSFER_MS,
	    .stop = options->stop,
	};
	struct sendas_http *http;
	enum sendas_status status;

	/* For its certificates alone. */
	status = sendas_http_new(&http_options, &http, err);
	if (status != SENDAS_OK)
		return status;
	login.ca_path = sendas_http_ca_path(http);
	sendas_smtp_try_login(&login, out);
	sendas_http_free(http);
	return SENDAS_OK;
}

/* The server's own words, or libcurl's when it came to none. */
static const char *
words_of(const struct sendas_smtp_result *result)
{
	return result->reply[0] != '\0' ? result->reply : result->detail;
}

char *
sendas_probe_explain(const struct sendas_policy *policy, const char *address,
    const struct sendas_smtp_result *result)
{
	const struct meaning *meaning = &meanings[result->verdict];
	struct sendas_buf text;

	sendas_buf_init(&text, SENDAS_LIMIT_ANSWER_BYTES);
	sendas_buf_printf(&text, _("%s at %s, port %ld (%s)\n"), address,
	    policy->host, policy->wanted.port,
	    sendas_security_label(policy->wanted.security));
	sendas_buf_printf(&text, "%s\n", gettext(meaning->text));
	if (meaning->for_gmail != NULL)
		sendas_buf_printf(
		    &text, _("Gmail: %s\n"), gettext(meaning->for_gmail));
	if (meaning->to_do != NULL)
		sendas_buf_printf(
		    &text, _("What to do: %s\n"), gettext(meaning->to_do));
	if (result->verdict != SENDAS_SMTP_LOGGED_IN &&
	    *words_of(result) != '\0')
		sendas_buf_printf(&text, _("Seen: %s\n"), words_of(result));
	return sendas_buf_take(&text);
}

char *
sendas_probe_summary(const struct sendas_smtp_result *result)
{
	const struct meaning *meaning = &meanings[result->verdict];
	struct sendas_buf text;

	sendas_buf_init(&text, SENDAS_LIMIT_ANSWER_BYTES);
	sendas_buf_add_text(&text, gettext(meaning->text));
	if (result->reply[0] != '\0')
		sendas_buf_printf(&text, " (%ld)", result->code);
	if (meaning->to_do != NULL)
		sendas_buf_printf(&text, " %s", gettext(meaning->to_do));
	return sendas_buf_take(&text);
}

bool
sendas_probe_is_refused(enum sendas_smtp_verdict verdict)
{
	return verdict == SENDAS_SMTP_WRONG_PASSWORD ||
	    verdict == SENDAS_SMTP_LOCKED_OUT ||
	    verdict == SENDAS_SMTP_NOT_ALLOWED;
}
