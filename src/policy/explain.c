/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain.c: the rules explained, a row each. Names no provider, no server
 * and no number that a policy decides.
 */
#include "sendas/explain.h"

#include "sendas/i18n.h"

struct row {
	const char *summary, *reason;
};

/* In the order of enum sendas_rule. */
/* clang-format off */
static const struct row rows[] = {
    [SENDAS_RULE_TREAT_AS_ALIAS] = {
	N_("\"Treat as an alias\" is ticked"),
	N_("Some providers then reject what is sent from this address, their "
	   "users report. Once the box is cleared, mail that you send to this "
	   "address yourself no longer shows in the Gmail inbox.")},
    [SENDAS_RULE_RELAY_MISSING] = {
	N_("no SMTP server is set"),
	N_("Gmail then sends the mail itself. Nothing proves to the recipient "
	   "that it comes from the provider, so it may be refused or taken "
	   "for spam.")},
    [SENDAS_RULE_RELAY_HOST] = {
	N_("another SMTP server than the provider's"),
	N_("Mail from the provider's addresses is meant to go through its own "
	   "server. Another one refuses it, or recipients take it for "
	   "forged.")},
    [SENDAS_RULE_RELAY_ADDRESS] = {
	N_("the SMTP server is an IP address"),
	N_("A server's certificate names a host. Gmail compares the two and "
	   "does not connect when they differ.")},
    [SENDAS_RULE_RELAY_LOOKALIKE] = {
	N_("the SMTP server only looks like the provider's"),
	N_("It may be a typing error, or a server made to collect passwords. "
	   "If you do not know it, change the mail password after setting "
	   "the right server.")},
    [SENDAS_RULE_RELAY_GOOGLE] = {
	N_("Google's sending server is set"),
	N_("It takes the login of a Google account and sends as that, not as "
	   "the provider.")},
    [SENDAS_RULE_RELAY_SPELLING] = {
	N_("spaces, capitals or full-width letters in the server's name"),
	N_("The name is right all the same, and Gmail may well understand "
	   "it; typed again it is certain.")},
    [SENDAS_RULE_PORT_587] = {
	N_("a port and connection that work too, but are not the advice"),
	N_("Mail can be sent this way. When it comes back, what the provider "
	   "names is worth a try.")},
    [SENDAS_RULE_PORT_25] = {
	N_("port 25"),
	N_("That port is for mail between servers. Providers close it to "
	   "people who send.")},
    [SENDAS_RULE_PORT_WRONG] = {
	N_("a port that the provider does not use, or none"),
	N_("No server answers there, or one that does something else.")},
    [SENDAS_RULE_TLS_OFF] = {
	N_("the connection is not secured"),
	N_("User name and password would travel readable for others, and most "
	   "providers refuse it.")},
    [SENDAS_RULE_TLS_465_STARTTLS] = {
	N_("\"TLS\" with a port that wants \"SSL\""),
	N_("\"SSL\" is secured from the first moment, \"TLS\" begins in the "
	   "clear. Server and Gmail must begin the same way, or they wait "
	   "for each other.")},
    [SENDAS_RULE_TLS_587_SSL] = {
	N_("\"SSL\" with a port that wants \"TLS\""),
	N_("\"SSL\" is secured from the first moment, \"TLS\" begins in the "
	   "clear. Server and Gmail must begin the same way, or they do not "
	   "understand each other.")},
    [SENDAS_RULE_TLS_UNKNOWN] = {
	N_("the kind of connection could not be read"),
	N_("Google did not say it, or with a word that sendas does not "
	   "know.")},
    [SENDAS_RULE_SETTING_UNSEEN] = {
	N_("a setting that could not be told, when questions were answered"),
	N_("What nobody has seen cannot be called right. Another look at "
	   "Gmail's window tells.")},
    [SENDAS_RULE_USER_NAME] = {
	N_("the user name is not the whole address"),
	N_("The server does not know anybody by that name and refuses the "
	   "login.")},
    [SENDAS_RULE_CREDENTIALS_UNSEEN] = {
	N_("user name and password cannot be seen"),
	N_("Google shows them to no program. When mail comes back although "
	   "all else is right, type both again.")},
    [SENDAS_RULE_NOT_VERIFIED] = {
	N_("the address is not confirmed yet"),
	N_("Gmail sends from an address only after its holder has confirmed "
	   "it, by a mail that Gmail has sent there.")},
    [SENDAS_RULE_VERIFICATION_UNSEEN] = {
	N_("whether the address is confirmed could not be read"),
	N_("If it can send, it is.")},
    [SENDAS_RULE_DUPLICATE] = {
	N_("the address is registered more than once"),
	N_("Each entry has settings of its own. Repairing one that is not in "
	   "use changes nothing.")},
    [SENDAS_RULE_DEFAULT_AFFECTED] = {
	N_("an address with an error is the default"),
	N_("All new mail is sent from it unless another address is chosen.")},
    [SENDAS_RULE_REPLY_TO_ELSEWHERE] = {
	N_("replies go to another address"),
	N_("That is a setting people choose. If nobody did, replies get "
	   "lost.")},
    [SENDAS_RULE_NO_DISPLAY_NAME] = {
	N_("the name is empty"),
	N_("Recipients then see the name of the Google account.")},
    [SENDAS_RULE_DOMAIN_LOOKALIKE] = {
	N_("an address that only looks like the provider's"),
	N_("It was not checked, since it belongs to somebody else. It may be "
	   "a typing error.")},
};
/* clang-format on */

_Static_assert(
    sizeof(rows) / sizeof(rows[0]) == SENDAS_RULE_COUNT, "one row a rule");

const char *
sendas_explain_summary(enum sendas_rule rule)
{
	return _(rows[rule].summary);
}

const char *
sendas_explain_reason(enum sendas_rule rule)
{
	return _(rows[rule].reason);
}
