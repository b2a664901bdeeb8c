/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.c: (policy, settings) to findings, pure. One row of a table for each
 * rule: when it holds, what it says, and which values it is about. Knows no
 * provider: names, servers and weights come from the policy. Asks no network,
 * no clock and no environment but the language.
 */
#include "sendas/rules.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/names.h"
#include "sendas/text.h"

/* One address under judgement. */
struct subject {
	const struct sendas_policy *policy;
	const struct sendas_address *address;
	long entry; /* 2 when it is the second with its address, ... */
	bool is_judged; /* the provider's, and not the mailbox itself */
	bool has_error; /* another rule that holds is an error */
	enum sendas_host_class host;
	enum sendas_policy_match match; /* of port and connection mode */
	char *shown_host, *shown_address; /* owned; short enough to show */
};

/* What a rule's finding is about, as typed values. */
struct values {
	struct sendas_value observed, expected;
};

struct rule {
	const char *name;
	enum sendas_severity severity; /* when the policy does not say */
	enum sendas_evidence evidence;
	enum sendas_repair repair;
	bool is_on_request; /* repaired only with --only */
	bool is_for_others; /* for addresses that are not the provider's */
	bool (*holds)(const struct subject *);
	char *(*say)(const struct subject *); /* the caller's */
	struct values (*value)(const struct subject *);
};

static bool
is_unseen(const struct subject *s, enum sendas_unseen what)
{
	return (s->address->unseen & (unsigned)what) != 0;
}

/* True when there is a server whose port, connection and user can be judged:
 * on a look-alike nothing matters but to get away from it. */
static bool
has_relay(const struct subject *s)
{
	return is_unseen(s, SENDAS_UNSEEN_HOST) ||
	    (s->host != SENDAS_HOST_MISSING &&
		s->host != SENDAS_HOST_LOOKALIKE);
}

static bool
has_wanted_host(const struct subject *s)
{
	return s->host == SENDAS_HOST_WANTED || s->host == SENDAS_HOST_SPELLING;
}

/* True when securityMode is this word. */
static bool
has_mode(const struct subject *s, const char *mode)
{
	const char *security = s->address->relay.security;

	return security != NULL && strcmp(security, mode) == 0;
}

static bool
has_verification(const struct subject *s, const char *word)
{
	const char *verification = s->address->verification;

	return verification != NULL && strcmp(verification, word) == 0;
}

/* True when nothing but white space is in it, or it is absent. */
static bool
is_blank(const char *text)
{
	char *folded, *trimmed;
	bool is_empty;

	if (text == NULL)
		return true;
	folded = sendas_text_fold_width(text);
	trimmed = sendas_text_trim(folded);
	is_empty = *trimmed == '\0';
	free(folded);
	free(trimmed);
	return is_empty;
}

/* What Gmail's window calls the connection that the policy wants. */
static const char *
wanted_label(const struct subject *s)
{
	return sendas_security_label(s->policy->wanted.security);
}

/* For English: whether "an" goes before the provider's label. */
static bool
takes_an(const char *label)
{
	return *label != '\0' && strchr("AEIOUaeiou", *label) != NULL;
}

static struct values
host_values(const struct subject *s)
{
	return (struct values){
	    sendas_value_text(
		s->address->has_relay ? s->address->relay.host : NULL),
	    sendas_value_text(s->policy->host)};
}

static struct values
port_values(const struct subject *s)
{
	struct values values = {{0}, {0}};

	if (s->address->relay.port >= 0)
		values.observed = sendas_value_int(s->address->relay.port);
	values.expected = sendas_value_int(s->policy->wanted.port);
	return values;
}

static struct values
security_values(const struct subject *s)
{
	return (struct values){sendas_value_text(s->address->relay.security),
	    sendas_value_text(s->policy->wanted.security)};
}

/* treat-as-alias */

static bool
alias_holds(const struct subject *s)
{
	return s->address->treat_as_alias;
}

static char *
alias_says(const struct subject *s)
{
	const struct sendas_policy_rule *rule =
	    &s->policy->rules[SENDAS_RULE_TREAT_AS_ALIAS];
	const char *label = s->policy->label;
	bool is_reported = rule->evidence == SENDAS_EVIDENCE_REPORTED;

	if (is_reported && rule->reply != NULL)
		return sendas_xasprintf(
		    _("\"Treat as an alias\" is ticked. %1$s users report that "
		      "mail is then rejected (%2$s); clear it."),
		    label, rule->reply);
	if (is_reported)
		return sendas_xasprintf(
		    _("\"Treat as an alias\" is ticked. %1$s users report that "
		      "mail is then rejected; clear it."),
		    label);
	if (rule->reply != NULL)
		return sendas_xasprintf(
		    _("\"Treat as an alias\" is ticked. %1$s then rejects the "
		      "mail (%2$s); clear it."),
		    label, rule->reply);
	return sendas_xasprintf(_("\"Treat as an alias\" is ticked. %1$s then "
				  "rejects the mail; clear it."),
	    label);
}

static struct values
alias_values(const struct subject *s)
{
	return (struct values){sendas_value_bool(s->address->treat_as_alias),
	    sendas_value_bool(false)};
}

/* The host rules: one class of host each. */

static bool
missing_holds(const struct subject *s)
{
	return s->host == SENDAS_HOST_MISSING &&
	    !is_unseen(s, SENDAS_UNSEEN_HOST);
}

static char *
missing_says(const struct subject *s)
{
	return sendas_xasprintf(
	    _("No SMTP server is set. Gmail sends this mail itself, so it is "
	      "not authenticated as %1$s. Set %2$s."),
	    s->policy->label, s->policy->host);
}

static bool
host_holds(const struct subject *s)
{
	return s->host == SENDAS_HOST_OTHER;
}

static char *
host_says(const struct subject *s)
{
	const char *raw = s->address->relay.host;

	if (sendas_names_has_port(raw))
		return sendas_xasprintf(
		    _("The SMTP server is \"%1$s\"; it must be %2$s. The port "
		      "has its own field."),
		    s->shown_host, s->policy->host);
	if (sendas_names_is_typing_error(s->policy, raw))
		return sendas_xasprintf(
		    _("The SMTP server is \"%1$s\"; it must be %2$s. A typing "
		      "error?"),
		    s->shown_host, s->policy->host);
	return sendas_xasprintf(
	    _("The SMTP server is \"%1$s\"; it must be %2$s."), s->shown_host,
	    s->policy->host);
}

static bool
ip_holds(const struct subject *s)
{
	return s->host == SENDAS_HOST_ADDRESS;
}

static char *
ip_says(const struct subject *s)
{
	return sendas_xasprintf(
	    _("The SMTP server is an IP address, so the certificate check "
	      "will fail; use %1$s."),
	    s->policy->host);
}

static bool
lookalike_holds(const struct subject *s)
{
	return s->host == SENDAS_HOST_LOOKALIKE;
}

static char *
lookalike_says(const struct subject *s)
{
	const char *label = s->policy->label;

	if (takes_an(label))
		return sendas_xasprintf(
		    _("\"%1$s\" is not an %2$s server, though it looks like "
		      "one. Change it to %3$s. If you do not know this "
		      "server, change your %2$s mail password to be safe."),
		    s->shown_host, label, s->policy->host);
	return sendas_xasprintf(
	    _("\"%1$s\" is not a %2$s server, though it looks like one. "
	      "Change it to %3$s. If you do not know this server, change "
	      "your %2$s mail password to be safe."),
	    s->shown_host, label, s->policy->host);
}

static bool
google_holds(const struct subject *s)
{
	return s->host == SENDAS_HOST_GOOGLE;
}

static char *
google_says(const struct subject *s)
{
	return sendas_xasprintf(
	    _("Google's sending server is set instead of %1$s's; change it to "
	      "%2$s."),
	    s->policy->label, s->policy->host);
}

static bool
spelling_holds(const struct subject *s)
{
	return s->host == SENDAS_HOST_SPELLING;
}

static char *
spelling_says(const struct subject *s)
{
	return sendas_xasprintf(
	    _("The server name \"%1$s\" has spaces, capitals, full-width "
	      "letters or a final dot; type %2$s again to be sure."),
	    s->shown_host, s->policy->host);
}

/* Port and connection. doc/policy.md says what the ids with numbers in them
 * mean to a policy that wants other numbers. */

static bool
accepted_holds(const struct subject *s)
{
	return has_wanted_host(s) && s->match == SENDAS_MATCH_ACCEPTED;
}

static char *
accepted_says(const struct subject *s)
{
	const struct sendas_relay *relay = &s->address->relay;

	return sendas_xasprintf(
	    _("Port %1$ld with %2$s can work, but %3$s names %4$ld with %5$s. "
	      "Change it if mail is rejected."),
	    relay->port, sendas_security_label(relay->security),
	    s->policy->label, s->policy->wanted.port, wanted_label(s));
}

static bool
port_25_holds(const struct subject *s)
{
	return has_relay(s) && s->address->relay.port == 25 &&
	    s->match == SENDAS_MATCH_NONE;
}

static char *
port_25_says(const struct subject *s)
{
	return sendas_xasprintf(
	    _("Port 25 cannot be used for sending; change it to %1$ld and "
	      "choose %2$s."),
	    s->policy->wanted.port, wanted_label(s));
}

static bool
port_wrong_holds(const struct subject *s)
{
	return has_relay(s) && !is_unseen(s, SENDAS_UNSEEN_PORT) &&
	    s->address->relay.port != 25 && s->match == SENDAS_MATCH_NONE;
}

static char *
port_wrong_says(const struct subject *s)
{
	if (s->address->relay.port < 0)
		return sendas_xasprintf(
		    _("No port is set; set %1$ld and choose %2$s."),
		    s->policy->wanted.port, wanted_label(s));
	return sendas_xasprintf(
	    _("%1$s does not use port %2$ld for sending; change it to %3$ld "
	      "and choose %4$s."),
	    s->policy->label, s->address->relay.port, s->policy->wanted.port,
	    wanted_label(s));
}

static bool
tls_off_holds(const struct subject *s)
{
	return has_relay(s) && has_mode(s, "none");
}

static char *
tls_off_says(const struct subject *s)
{
	return sendas_xasprintf(
	    _("The connection is not secured. Choose \"Secured connection "
	      "using %1$s\"."),
	    wanted_label(s));
}

/* The port is one that the policy names, with another mode than this one. */
static bool
is_mismatch(const struct subject *s, const char *mode)
{
	return has_relay(s) && s->match == SENDAS_MATCH_PORT &&
	    has_mode(s, mode);
}

static bool
starttls_mismatch_holds(const struct subject *s)
{
	return is_mismatch(s, "starttls");
}

static bool
ssl_mismatch_holds(const struct subject *s)
{
	return is_mismatch(s, "ssl");
}

/* True when the mode is right and the port has to follow it. */
static bool
is_port_at_fault(const struct subject *s)
{
	return has_mode(s, s->policy->wanted.security);
}

static char *
mismatch_says(const struct subject *s)
{
	const struct sendas_relay *relay = &s->address->relay;
	const char *mode = sendas_security_label(relay->security);

	if (is_port_at_fault(s))
		return sendas_xasprintf(
		    _("Port %1$ld does not work with %2$s; keep %2$s and "
		      "change the port to %3$ld."),
		    relay->port, mode, s->policy->wanted.port);
	return sendas_xasprintf(_("With port %1$ld choose %2$s, not %3$s."),
	    relay->port, wanted_label(s), mode);
}

static struct values
mismatch_values(const struct subject *s)
{
	return is_port_at_fault(s) ? port_values(s) : security_values(s);
}

static bool
tls_unknown_holds(const struct subject *s)
{
	return has_relay(s) && !is_unseen(s, SENDAS_UNSEEN_SECURITY) &&
	    !has_mode(s, "none") && !has_mode(s, "ssl") &&
	    !has_mode(s, "starttls");
}

static char *
tls_unknown_says(const struct subject *s)
{
	return sendas_xasprintf(
	    _("The kind of connection could not be read; check on Gmail's "
	      "page that %1$s is chosen."),
	    wanted_label(s));
}

/* What a person who answered questions could not say. */

/* Only what this policy judges, and on this server. */
static unsigned
unseen_that_matters(const struct subject *s)
{
	unsigned unseen = 0;

	if (s->policy->rules[SENDAS_RULE_TREAT_AS_ALIAS].severity !=
	    SENDAS_SEVERITY_NONE)
		unseen |= SENDAS_UNSEEN_ALIAS;
	if (has_relay(s))
		unseen |= SENDAS_UNSEEN_HOST | SENDAS_UNSEEN_PORT |
		    SENDAS_UNSEEN_SECURITY;
	return unseen & s->address->unseen;
}

static bool
unseen_holds(const struct subject *s)
{
	return unseen_that_matters(s) != 0;
}

/* Adds a sentence to a message; takes both. */
static char *
add_sentence(char *message, char *sentence)
{
	char *joined;

	if (message == NULL)
		return sentence;
	/* Translators: two sentences, one after the other. */
	joined = sendas_xasprintf(_("%1$s %2$s"), message, sentence);
	free(message);
	free(sentence);
	return joined;
}

static char *
unseen_says(const struct subject *s)
{
	unsigned unseen = unseen_that_matters(s);
	char *message = NULL;

	if (unseen & SENDAS_UNSEEN_ALIAS)
		message = sendas_xstrdup(
		    _("It is not known whether \"Treat as an alias\" is "
		      "ticked; it must not be."));
	if (unseen & SENDAS_UNSEEN_HOST)
		message = add_sentence(message,
		    sendas_xasprintf(
			_("The SMTP server is not known; it must be %1$s."),
			s->policy->host));
	if (unseen & SENDAS_UNSEEN_PORT)
		message = add_sentence(message,
		    sendas_xasprintf(
			_("The port is not known; with %1$s it must be "
			  "%2$ld."),
			wanted_label(s), s->policy->wanted.port));
	if (unseen & SENDAS_UNSEEN_SECURITY)
		message = add_sentence(message,
		    sendas_xasprintf(_("The kind of connection is not known; "
				       "with port %1$ld it must be %2$s."),
			s->policy->wanted.port, wanted_label(s)));
	return message;
}

static struct values
no_values(const struct subject *s)
{
	(void)s;
	return (struct values){{0}, {0}};
}

/* A user name is typed by hand, so its case and width do not count. */
static bool
user_holds(const struct subject *s)
{
	const char *user_name = s->address->relay.user_name;
	char *folded, *trimmed;
	bool is_other;

	if (user_name == NULL || !has_relay(s))
		return false;
	folded = sendas_text_fold_width(user_name);
	trimmed = sendas_text_trim(folded);
	is_other = !sendas_text_equal_fold(trimmed, s->address->address);
	free(folded);
	free(trimmed);
	return is_other;
}

static char *
user_says(const struct subject *s)
{
	char *shown, *message;

	if (is_blank(s->address->relay.user_name))
		return sendas_xasprintf(
		    _("The user name is empty; it must be the whole address, "
		      "%1$s."),
		    s->shown_address);
	shown = sendas_names_shorten(
	    s->address->relay.user_name, SENDAS_NAMES_SHOWN_BYTES);
	message =
	    sendas_xasprintf(_("The user name is \"%1$s\"; it must be the "
			       "whole address, %2$s."),
		shown, s->shown_address);
	free(shown);
	return message;
}

static struct values
user_values(const struct subject *s)
{
	return (struct values){sendas_value_text(s->address->relay.user_name),
	    sendas_value_text(s->address->address)};
}

static char *
credentials_say(const struct subject *s)
{
	if (s->address->relay.user_name != NULL)
		return sendas_xstrdup(
		    _("The password cannot be seen from outside, so it was "
		      "not checked."));
	return sendas_xasprintf(
	    _("User name and password cannot be seen from outside; check on "
	      "the page that the user name is %1$s, in full."),
	    s->shown_address);
}

static struct values
credentials_values(const struct subject *s)
{
	if (s->address->relay.user_name != NULL)
		return no_values(s);
	return (struct values){{0}, sendas_value_text(s->address->address)};
}

/* verificationStatus */

static bool
pending_holds(const struct subject *s)
{
	return has_verification(s, "pending");
}

static char *
pending_says(const struct subject *s)
{
	return sendas_xasprintf(
	    _("This address is not confirmed yet, so it cannot send. Open the "
	      "confirmation mail in the %1$s mailbox."),
	    s->policy->label);
}

static bool
unverified_holds(const struct subject *s)
{
	return !has_verification(s, "pending") &&
	    !has_verification(s, "accepted");
}

static char *
unverified_says(const struct subject *s)
{
	(void)s;
	return sendas_xstrdup(
	    _("Gmail did not say whether this address is confirmed; if it can "
	      "send, all is well."));
}

static struct values
verification_values(const struct subject *s)
{
	return (struct values){sendas_value_text(s->address->verification),
	    sendas_value_text("accepted")};
}

/* The other fields of the address */

static bool
duplicate_holds(const struct subject *s)
{
	return s->entry > 1;
}

static char *
duplicate_says(const struct subject *s)
{
	if (s->entry == 2)
		return sendas_xasprintf(
		    _("%1$s is registered twice; check on the page which one "
		      "you use."),
		    s->shown_address);
	return sendas_xasprintf(
	    _("%1$s is registered %2$ld times; check on the page which one "
	      "you use."),
	    s->shown_address, s->entry);
}

static struct values
duplicate_values(const struct subject *s)
{
	return (struct values){sendas_value_int(s->entry), sendas_value_int(1)};
}

static bool
default_holds(const struct subject *s)
{
	return s->address->is_default && s->has_error;
}

static char *
default_says(const struct subject *s)
{
	(void)s;
	return sendas_xstrdup(
	    _("It is the default sender, so all new mail is affected."));
}

static struct values
default_values(const struct subject *s)
{
	return (struct values){sendas_value_bool(s->address->is_default), {0}};
}

static bool
reply_to_holds(const struct subject *s)
{
	const char *reply_to = s->address->reply_to;
	char *trimmed;
	bool is_elsewhere;

	if (is_blank(reply_to))
		return false;
	trimmed = sendas_text_trim(reply_to);
	is_elsewhere = !sendas_text_equal_fold(trimmed, s->address->address);
	free(trimmed);
	return is_elsewhere;
}

static char *
reply_to_says(const struct subject *s)
{
	char *shown = sendas_names_shorten(
	    s->address->reply_to, SENDAS_LIMIT_ADDRESS_BYTES);
	char *message = sendas_xasprintf(
	    _("Replies go to %1$s. Change it if that is not intended."), shown);

	free(shown);
	return message;
}

static struct values
reply_to_values(const struct subject *s)
{
	return (struct values){sendas_value_text(s->address->reply_to), {0}};
}

static bool
no_name_holds(const struct subject *s)
{
	return !is_unseen(s, SENDAS_UNSEEN_NAME) &&
	    is_blank(s->address->display_name);
}

static char *
no_name_says(const struct subject *s)
{
	(void)s;
	return sendas_xstrdup(
	    _("The name is empty, so recipients see your Google account's "
	      "name. It can stay so."));
}

static struct values
no_name_values(const struct subject *s)
{
	return (struct values){
	    sendas_value_text(s->address->display_name), {0}};
}

/* A primary address exists, so it is no typing error. */
static bool
domain_holds(const struct subject *s)
{
	return !s->address->is_primary &&
	    sendas_names_is_domain_lookalike(s->policy, s->address->address);
}

static char *
domain_says(const struct subject *s)
{
	if (takes_an(s->policy->label))
		return sendas_xasprintf(
		    _("\"%1$s\" is not an %2$s address, so it was not checked. "
		      "If it is not a typing error, leave it."),
		    s->shown_address, s->policy->label);
	return sendas_xasprintf(
	    _("\"%1$s\" is not a %2$s address, so it was not checked. If it "
	      "is not a typing error, leave it."),
	    s->shown_address, s->policy->label);
}

static struct values
domain_values(const struct subject *s)
{
	return (struct values){sendas_value_text(s->address->address), {0}};
}

#define ERROR SENDAS_SEVERITY_ERROR
#define WARNING SENDAS_SEVERITY_WARNING
#define ADVICE SENDAS_SEVERITY_ADVICE
#define INFO SENDAS_SEVERITY_INFO
#define OFF SENDAS_SEVERITY_NONE
#define CONFIRMED SENDAS_EVIDENCE_CONFIRMED
#define REPORTED SENDAS_EVIDENCE_REPORTED
#define NONE SENDAS_REPAIR_NONE
#define API SENDAS_REPAIR_API
#define PASSWORD SENDAS_REPAIR_PASSWORD
#define MANUAL SENDAS_REPAIR_MANUAL

/* In the order of enum sendas_rule. */
/* clang-format off */
static const struct rule rules[] = {
    [SENDAS_RULE_TREAT_AS_ALIAS] = {"treat-as-alias",
	OFF, REPORTED, API, false, false,
	alias_holds, alias_says, alias_values},
    [SENDAS_RULE_RELAY_MISSING] = {"relay-missing",
	ERROR, CONFIRMED, PASSWORD, false, false,
	missing_holds, missing_says, host_values},
    [SENDAS_RULE_RELAY_HOST] = {"relay-host",
	ERROR, CONFIRMED, PASSWORD, false, false,
	host_holds, host_says, host_values},
    [SENDAS_RULE_RELAY_ADDRESS] = {"relay-address",
	ERROR, CONFIRMED, PASSWORD, false, false,
	ip_holds, ip_says, host_values},
    [SENDAS_RULE_RELAY_LOOKALIKE] = {"relay-lookalike",
	ERROR, CONFIRMED, PASSWORD, false, false,
	lookalike_holds, lookalike_says, host_values},
    [SENDAS_RULE_RELAY_GOOGLE] = {"relay-google",
	ERROR, CONFIRMED, PASSWORD, false, false,
	google_holds, google_says, host_values},
    [SENDAS_RULE_RELAY_SPELLING] = {"relay-spelling",
	ADVICE, CONFIRMED, PASSWORD, true, false,
	spelling_holds, spelling_says, host_values},
    [SENDAS_RULE_PORT_587] = {"port-587",
	WARNING, REPORTED, PASSWORD, true, false,
	accepted_holds, accepted_says, port_values},
    [SENDAS_RULE_PORT_25] = {"port-25",
	ERROR, CONFIRMED, PASSWORD, false, false,
	port_25_holds, port_25_says, port_values},
    [SENDAS_RULE_PORT_WRONG] = {"port-wrong",
	ERROR, CONFIRMED, PASSWORD, false, false,
	port_wrong_holds, port_wrong_says, port_values},
    [SENDAS_RULE_TLS_OFF] = {"tls-off",
	ERROR, CONFIRMED, PASSWORD, false, false,
	tls_off_holds, tls_off_says, security_values},
    [SENDAS_RULE_TLS_465_STARTTLS] = {"tls-465-starttls",
	ERROR, CONFIRMED, PASSWORD, false, false,
	starttls_mismatch_holds, mismatch_says, mismatch_values},
    [SENDAS_RULE_TLS_587_SSL] = {"tls-587-ssl",
	ERROR, CONFIRMED, PASSWORD, false, false,
	ssl_mismatch_holds, mismatch_says, mismatch_values},
    [SENDAS_RULE_TLS_UNKNOWN] = {"tls-unknown",
	WARNING, CONFIRMED, PASSWORD, true, false,
	tls_unknown_holds, tls_unknown_says, security_values},
    [SENDAS_RULE_SETTING_UNSEEN] = {"setting-unseen",
	WARNING, CONFIRMED, MANUAL, false, false,
	unseen_holds, unseen_says, no_values},
    [SENDAS_RULE_USER_NAME] = {"user-name",
	ERROR, CONFIRMED, PASSWORD, false, false,
	user_holds, user_says, user_values},
    [SENDAS_RULE_CREDENTIALS_UNSEEN] = {"credentials-unseen",
	INFO, CONFIRMED, NONE, false, false,
	has_relay, credentials_say, credentials_values},
    [SENDAS_RULE_NOT_VERIFIED] = {"not-verified",
	ERROR, CONFIRMED, MANUAL, false, false,
	pending_holds, pending_says, verification_values},
    [SENDAS_RULE_VERIFICATION_UNSEEN] = {"verification-unseen",
	INFO, CONFIRMED, NONE, false, false,
	unverified_holds, unverified_says, verification_values},
    [SENDAS_RULE_DUPLICATE] = {"duplicate",
	WARNING, CONFIRMED, MANUAL, false, false,
	duplicate_holds, duplicate_says, duplicate_values},
    [SENDAS_RULE_DEFAULT_AFFECTED] = {"default-affected",
	WARNING, CONFIRMED, NONE, false, false,
	default_holds, default_says, default_values},
    [SENDAS_RULE_REPLY_TO_ELSEWHERE] = {"reply-to-elsewhere",
	ADVICE, CONFIRMED, NONE, false, false,
	reply_to_holds, reply_to_says, reply_to_values},
    [SENDAS_RULE_NO_DISPLAY_NAME] = {"no-display-name",
	ADVICE, CONFIRMED, NONE, false, false,
	no_name_holds, no_name_says, no_name_values},
    [SENDAS_RULE_DOMAIN_LOOKALIKE] = {"domain-lookalike",
	ADVICE, CONFIRMED, NONE, false, true,
	domain_holds, domain_says, domain_values},
};
/* clang-format on */

_Static_assert(
    sizeof(rules) / sizeof(rules[0]) == SENDAS_RULE_COUNT, "one row a rule");

const char *
sendas_rules_name(enum sendas_rule rule)
{
	return rules[rule].name;
}

enum sendas_rule
sendas_rules_find(const char *name)
{
	int i;

	for (i = 0; i < SENDAS_RULE_COUNT; i++)
		if (strcmp(rules[i].name, name) == 0)
			break;
	return (enum sendas_rule)i;
}

enum sendas_repair
sendas_rules_repair(enum sendas_rule rule, bool *is_on_request)
{
	*is_on_request = rules[rule].is_on_request;
	return rules[rule].repair;
}

enum sendas_severity
sendas_rules_default_severity(enum sendas_rule rule)
{
	return rules[rule].severity;
}

enum sendas_evidence
sendas_rules_default_evidence(enum sendas_rule rule)
{
	return rules[rule].evidence;
}

/* True when the policy has the rule on, the address is one that it is for,
 * and its condition holds. */
static bool
applies(const struct subject *s, int rule)
{
	if (s->policy->rules[rule].severity == SENDAS_SEVERITY_NONE)
		return false;
	if (rules[rule].is_for_others)
		return s->address->provider == NULL && rules[rule].holds(s);
	return s->is_judged && rules[rule].holds(s);
}

static void
add_finding(const struct subject *s, struct sendas_address *address, int rule)
{
	struct values values = rules[rule].value(s);
	char *message = rules[rule].say(s);
	struct sendas_finding *finding = sendas_address_add_finding(address);

	finding->rule = rules[rule].name;
	finding->severity = s->policy->rules[rule].severity;
	finding->evidence = s->policy->rules[rule].evidence;
	finding->source = s->policy->rules[rule].source;
	finding->repair = rules[rule].repair;
	finding->is_on_request = rules[rule].is_on_request;
	finding->message = message;
	finding->observed = values.observed;
	finding->expected = values.expected;
}

/*
 * default-affected hangs on the others, and a policy may make an error of
 * any: all the others are tried first, then the findings are added in the
 * table's order.
 */
static void
judge_address(struct subject *s, struct sendas_address *address)
{
	bool holds[SENDAS_RULE_COUNT] = {false};
	int i;

	for (i = 0; i < SENDAS_RULE_COUNT; i++) {
		if (i == SENDAS_RULE_DEFAULT_AFFECTED)
			continue;
		holds[i] = applies(s, i);
		if (holds[i] &&
		    s->policy->rules[i].severity == SENDAS_SEVERITY_ERROR)
			s->has_error = true;
	}
	i = SENDAS_RULE_DEFAULT_AFFECTED;
	holds[i] = applies(s, i);
	for (i = 0; i < SENDAS_RULE_COUNT; i++)
		if (holds[i])
			add_finding(s, address, i);
}

/* An address, folded, and its place in the list. */
struct place {
	char *folded;
	size_t index;
};

static int
compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;
	int order = strcmp(a->folded, b->folded);

	return order != 0 ? order
			  : (a->index > b->index) - (a->index < b->index);
}

/* For each address, which entry with this address it is: 1 for the first.
 * Sorted, because a list may be long. The caller frees it. */
static long *
number_entries(const struct sendas_mailbox *mailbox)
{
	size_t count = mailbox->address_count, i;
	struct place *places = sendas_xcalloc(count + 1, sizeof(*places));
	long *entries = sendas_xcalloc(count + 1, sizeof(*entries));

	for (i = 0; i < count; i++) {
		const char *address = mailbox->addresses[i].address;

		places[i].folded =
		    sendas_xstrdup(address == NULL ? "" : address);
		sendas_text_lower(places[i].folded);
		places[i].index = i;
	}
	qsort(places, count, sizeof(*places), compare_places);
	for (i = 0; i < count; i++) {
		bool is_repeated = i > 0 &&
		    strcmp(places[i].folded, places[i - 1].folded) == 0;

		entries[places[i].index] =
		    is_repeated ? entries[places[i - 1].index] + 1 : 1;
	}
	for (i = 0; i < count; i++)
		free(places[i].folded);
	free(places);
	return entries;
}

/* Works out once what several rules ask. */
static void
init_subject(struct subject *s, const struct sendas_policy *policy,
    const struct sendas_address *address, long entry)
{
	const struct sendas_relay *relay = &address->relay;

	memset(s, 0, sizeof(*s));
	s->policy = policy;
	s->address = address;
	s->entry = entry;
	s->is_judged = address->provider != NULL && !address->is_primary;
	s->host = address->has_relay
	    ? sendas_names_classify_host(policy, relay->host)
	    : SENDAS_HOST_MISSING;
	s->match =
	    sendas_policy_match_pair(policy, relay->port, relay->security);
	s->shown_host =
	    sendas_names_shorten(relay->host, SENDAS_NAMES_SHOWN_BYTES);
	s->shown_address =
	    sendas_names_shorten(address->address, SENDAS_LIMIT_ADDRESS_BYTES);
}

void
sendas_rules_judge(
    const struct sendas_policy *policy, struct sendas_mailbox *mailbox)
{
	struct sendas_address *address;
	struct subject subject;
	long *entries = number_entries(mailbox);
	size_t i;

	for (i = 0; i < mailbox->address_count; i++) {
		address = &mailbox->addresses[i];
		sendas_address_clear_findings(address);
		address->provider =
		    sendas_names_is_own_address(policy, address->address)
		    ? policy->name
		    : NULL;
		init_subject(&subject, policy, address, entries[i]);
		judge_address(&subject, address);
		free(subject.shown_host);
		free(subject.shown_address);
	}
	free(entries);
}
