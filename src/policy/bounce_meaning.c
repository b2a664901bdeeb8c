/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bounce_meaning.c: what each bounce means, how sure that is, and where to
 * look, as words over a policy. What only users report is never worded as the
 * cause, and a right setting never as mail that arrives.
 */
#include "sendas/bounce.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/model.h"
#include "sendas/rules.h"

/* Where to look; each is worded once. */
enum step {
	STEP_NONE = 0,
	STEP_ALIAS, /* left out when the policy does not ask for it */
	STEP_SERVER,
	STEP_HOST, /* to the letter */
	STEP_LOGIN,
	STEP_LOGIN_ELSEWHERE, /* left out without a web mail */
	STEP_BROWSER,
	STEP_ABROAD,
	STEP_ADDRESS,
	STEP_DOMAIN,
	STEP_RECIPIENT,
	STEP_WAIT,
	STEP_SEND_AGAIN,
	STEP_TOMORROW,
	STEP_SMALLER,
	STEP_PLAIN,
	STEP_RESPONSE,
	STEP_SUPPORT,
};

struct row {
	const char *id;
	enum sendas_certainty certainty;
	bool is_about_settings;
	const char *meaning, *why; /* %1$s: the provider's label */
	enum step steps[SENDAS_BOUNCE_STEPS];
};

#define LOW SENDAS_CERTAINTY_LOW
#define MEDIUM SENDAS_CERTAINTY_MEDIUM
#define HIGH SENDAS_CERTAINTY_HIGH

/* clang-format off */
static const struct row rows[] = {
    [SENDAS_BOUNCE_UNKNOWN] = {"unknown", LOW, true,
	N_("sendas does not know this error."),
	N_("Nothing in the text is a sign that it knows."),
	{STEP_RESPONSE, STEP_SERVER, STEP_LOGIN, STEP_SUPPORT}},
    [SENDAS_BOUNCE_RELAY_DENIED] = {"relay-denied", LOW, true,
	N_("The sending server refused: \"no sending from this connection\".\n"
	   "Not Gmail's fault, nor a wrong recipient address, it seems."),
	N_("The reply does not say why; that a setting does not fit is "
	   "likely."),
	{STEP_ALIAS, STEP_SERVER, STEP_LOGIN}},
    [SENDAS_BOUNCE_SENDER_REFUSED] = {"sender-refused", HIGH, true,
	N_("The sending server refused the sender: this login may not send "
	   "from this address."),
	N_("The server says so itself."),
	{STEP_LOGIN, STEP_SERVER, STEP_SUPPORT}},
    [SENDAS_BOUNCE_GOOGLE_LOGIN] = {"google-login", HIGH, true,
	N_("Google's own sending server refused the login, or saw too many of "
	   "them.\n"
	   "It seems to be set where %1$s's server should be."),
	N_("Google's list of error messages names it; that the server is to "
	   "be changed is inferred."),
	{STEP_SERVER, STEP_LOGIN, STEP_BROWSER}},
    [SENDAS_BOUNCE_LOGIN_FAILED] = {"login-failed", HIGH, true,
	N_("The sending server did not accept the user name or the password."),
	N_("The code is defined so (RFC 4954)."),
	{STEP_LOGIN, STEP_LOGIN_ELSEWHERE, STEP_SERVER}},
    [SENDAS_BOUNCE_LOGIN_WANTED] = {"login-wanted", MEDIUM, true,
	N_("The sending server wants a login, and Gmail did not, or could "
	   "not, log in."),
	N_("The code 530 is defined so (RFC 4954); for other wordings "
	   "providers' help pages say so."),
	{STEP_SERVER, STEP_LOGIN}},
    [SENDAS_BOUNCE_UNAUTHENTICATED] = {"unauthenticated", HIGH, true,
	N_("The recipient's side refused the mail: nothing proves that it "
	   "comes from its sender's domain (SPF, DKIM, DMARC)."),
	N_("The code is defined so (RFC 7372), and Google explains it. Mail "
	   "through %1$s's server is more likely to have that proof."),
	{STEP_SERVER, STEP_SUPPORT}},
    [SENDAS_BOUNCE_COMMAND_REJECTED] = {"command-rejected", LOW, true,
	N_("The sending server refused the mail by a rule of its own, and does "
	   "not say which."),
	N_("Users suspect filters against sending from abroad; one report is "
	   "about an address with \"Treat as an alias\" ticked."),
	{STEP_ABROAD, STEP_ALIAS, STEP_SERVER, STEP_SUPPORT}},
    [SENDAS_BOUNCE_CERTIFICATE] = {"certificate", HIGH, true,
	N_("Gmail did not connect: the server's certificate does not fit the "
	   "server name that is set, or is not trusted."),
	N_("Gmail says so itself."),
	{STEP_HOST, STEP_SERVER}},
    [SENDAS_BOUNCE_TLS_FAILED] = {"tls-failed", LOW, true,
	N_("Gmail and the server did not agree on a secured connection."),
	N_("The text says no more; a port and a kind of connection that do not "
	   "go together are likely."),
	{STEP_SERVER, STEP_HOST}},
    [SENDAS_BOUNCE_NO_CONNECTION] = {"no-connection", LOW, true,
	N_("Gmail could not connect to the server: yours, or the "
	   "recipient's."),
	N_("The text does not say which; a trouble that passes is possible "
	   "too."),
	{STEP_SERVER, STEP_DOMAIN, STEP_SEND_AGAIN}},
    [SENDAS_BOUNCE_WRONG_DOMAIN] = {"wrong-domain", HIGH, false,
	N_("There is no such mail server: the part of the recipient's address "
	   "after the @ is wrong, or no longer in use."),
	N_("The code is defined so (RFC 3463)."),
	{STEP_DOMAIN, STEP_RECIPIENT}},
    [SENDAS_BOUNCE_WRONG_RECIPIENT] = {"wrong-recipient", HIGH, false,
	N_("The recipient's address does not exist, or takes no mail any "
	   "more."),
	N_("The code is defined so (RFC 3463)."),
	{STEP_ADDRESS, STEP_RECIPIENT}},
    [SENDAS_BOUNCE_MAILBOX_FULL] = {"mailbox-full", HIGH, false,
	N_("The recipient's mailbox is full."),
	N_("The code is defined so (RFC 5321, RFC 3463)."),
	{STEP_RECIPIENT, STEP_SEND_AGAIN}},
    [SENDAS_BOUNCE_TOO_LARGE] = {"too-large", HIGH, false,
	N_("The mail is larger than a server on its way takes."),
	N_("The code is defined so (RFC 3463)."),
	{STEP_SMALLER}},
    [SENDAS_BOUNCE_SENDING_LIMIT] = {"sending-limit", HIGH, false,
	N_("More mail was sent in a day than Gmail allows."),
	N_("Google's list of error messages names it."),
	{STEP_TOMORROW}},
    [SENDAS_BOUNCE_TAKEN_FOR_SPAM] = {"taken-for-spam", MEDIUM, false,
	N_("The recipient's side takes this mail, or the server that it came "
	   "from, for a sender of spam.\n"
	   "That can happen although all settings are right."),
	N_("The reply says so; whether it is right cannot be seen here."),
	{STEP_PLAIN, STEP_SEND_AGAIN, STEP_SUPPORT}},
    [SENDAS_BOUNCE_TEMPORARY] = {"temporary", HIGH, false,
	N_("The server cannot take the mail just now. Nothing has to be "
	   "changed for that."),
	N_("Codes that begin with 4 are for what passes (RFC 5321)."),
	{STEP_WAIT, STEP_SEND_AGAIN}},
    [SENDAS_BOUNCE_REFUSED] = {"refused", LOW, true,
	N_("A server refused the mail by a rule of its own, and does not say "
	   "which."),
	N_("The code alone does not tell the cause; paste the whole line for "
	   "more."),
	{STEP_RESPONSE, STEP_SERVER, STEP_LOGIN, STEP_ALIAS}},
    [SENDAS_BOUNCE_SEND_AS] = {"send-as-failed", LOW, true,
	N_("Gmail could not send through the server that is set for this "
	   "address."),
	N_("Gmail says this of every refusal; only the server's own reply "
	   "tells more."),
	{STEP_RESPONSE, STEP_SERVER, STEP_LOGIN, STEP_ALIAS}},
};
/* clang-format on */

_Static_assert(
    sizeof(rows) / sizeof(rows[0]) == SENDAS_BOUNCE_COUNT, "one row a bounce");

/* A translated format whose arguments are numbered and need not all stand in
 * it; the caller frees the text. */
static char *
format_text(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, _(format), arguments) < 0)
		text = sendas_xstrdup("");
	va_end(arguments);
	return text;
}

static const struct sendas_policy_rule *
alias_rule(const struct sendas_policy *policy)
{
	return &policy->rules[SENDAS_RULE_TREAT_AS_ALIAS];
}

static bool
is_alias_asked_for(const struct sendas_policy *policy)
{
	return alias_rule(policy)->severity != SENDAS_SEVERITY_NONE;
}

static char *
format_login(const struct sendas_policy *policy)
{
	const char *note = sendas_policy_text(&policy->password_note);

	if (note == NULL)
		return format_text(
		    N_("User name (the whole address) and %1$s mail password"),
		    policy->label);
	return format_text(
	    N_("User name (the whole address) and %1$s mail password (%2$s)"),
	    policy->label, note);
}

static char *
format_elsewhere(const struct sendas_policy *policy)
{
	const char *webmail = sendas_policy_text(&policy->webmail);

	return webmail == NULL
	    ? NULL
	    : format_text(N_("Does the same password open %1$s?"), webmail);
}

/* The words of a step that needs nothing of a policy but its label. */
static const char *
step_words(enum step step)
{
	switch (step) {
	case STEP_BROWSER:
		return N_("Sign in to Gmail in a browser: does Google warn of "
			  "something?");
	case STEP_ABROAD:
		return N_("In the settings of %1$s: is sending from abroad "
			  "forbidden? Gmail's servers stand abroad");
	case STEP_ADDRESS:
		return N_("The recipient's address: a letter too many, a "
			  "missing one, a space?");
	case STEP_DOMAIN:
		return N_("The recipient's address: is the part after the @ "
			  "right?");
	case STEP_RECIPIENT:
		return N_("Ask the recipient in another way, by telephone for "
			  "example");
	case STEP_WAIT:
		return N_("Wait: Gmail tries again by itself");
	case STEP_SEND_AGAIN:
		return N_("If it does not arrive in the end, send it again "
			  "later");
	case STEP_TOMORROW:
		return N_("Send it again a day later");
	case STEP_SMALLER:
		return N_("Send it with fewer or smaller attachments");
	case STEP_PLAIN:
		return N_("Send a short message without links and attachments: "
			  "does it come back too?");
	case STEP_RESPONSE:
		return N_("Paste the line below \"The response was\": it "
			  "begins with a number of three digits");
	case STEP_SUPPORT:
		return N_("Ask %1$s's support: read out the line of the error, "
			  "never the password");
	default:
		return "";
	}
}

/* One step's text, the caller's; NULL when it does not apply. */
static char *
format_step(const struct sendas_policy *policy, enum step step)
{
	switch (step) {
	case STEP_ALIAS:
		return is_alias_asked_for(policy)
		    ? format_text(N_("Clear \"Treat as an alias\""))
		    : NULL;
	case STEP_SERVER:
		return format_text(N_("SMTP server %1$s, port %2$ld, %3$s"),
		    policy->host, policy->wanted.port,
		    sendas_security_label(policy->wanted.security));
	case STEP_HOST:
		return format_text(
		    N_("The SMTP server must be %1$s to the letter, not an IP "
		       "address or another name"),
		    policy->host);
	case STEP_LOGIN:
		return format_login(policy);
	case STEP_LOGIN_ELSEWHERE:
		return format_elsewhere(policy);
	default:
		return format_text(step_words(step), policy->label);
	}
}

/* What is known of a cure is the policy's: users' reports, or the provider's
 * own word. */
static void
explain_relay_denied(
    const struct sendas_policy *policy, struct sendas_bounce_meaning *out)
{
	if (!is_alias_asked_for(policy))
		return;
	free(out->why);
	if (alias_rule(policy)->evidence == SENDAS_EVIDENCE_CONFIRMED) {
		out->certainty = SENDAS_CERTAINTY_HIGH;
		out->why =
		    format_text(N_("%1$s itself asks for the first of these."),
			policy->label);
		return;
	}
	out->certainty = SENDAS_CERTAINTY_MEDIUM;
	out->why =
	    format_text(N_("A change of settings is reported to cure it; no "
			   "explanation by %1$s or Google was found."),
		policy->label);
}

void
sendas_bounce_explain(const struct sendas_policy *policy,
    enum sendas_bounce bounce, struct sendas_bounce_meaning *out)
{
	const struct row *row = &rows[bounce];
	size_t count = 0;

	memset(out, 0, sizeof(*out));
	out->id = row->id;
	out->certainty = row->certainty;
	out->is_about_settings = row->is_about_settings;
	out->meaning = format_text(row->meaning, policy->label);
	out->why = format_text(row->why, policy->label);
	if (bounce == SENDAS_BOUNCE_RELAY_DENIED)
		explain_relay_denied(policy, out);
	for (size_t i = 0; i < SENDAS_BOUNCE_STEPS; i++) {
		char *step;

		if (row->steps[i] == STEP_NONE)
			break;
		step = format_step(policy, row->steps[i]);
		if (step != NULL)
			out->steps[count++] = step;
	}
}

void
sendas_bounce_meaning_clear(struct sendas_bounce_meaning *meaning)
{
	free(meaning->meaning);
	free(meaning->why);
	for (size_t i = 0; i < SENDAS_BOUNCE_STEPS; i++)
		free(meaning->steps[i]);
	memset(meaning, 0, sizeof(*meaning));
}
