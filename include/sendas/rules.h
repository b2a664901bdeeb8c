/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.h: (policy, settings) to findings, pure. One table of rules.
 */
#ifndef SENDAS_RULES_H
#define SENDAS_RULES_H

#include <stddef.h>
#include "sendas/model.h"
#include "sendas/policy.h"

enum sendas_rule {
	SENDAS_RULE_TREAT_AS_ALIAS,
	SENDAS_RULE_RELAY_MISSING,
	SENDAS_RULE_RELAY_HOST,
	SENDAS_RULE_RELAY_ADDRESS,
	SENDAS_RULE_RELAY_LOOKALIKE,
	SENDAS_RULE_RELAY_GOOGLE,
	SENDAS_RULE_RELAY_SPELLING,
	SENDAS_RULE_PORT_587,
	SENDAS_RULE_PORT_25,
	SENDAS_RULE_PORT_WRONG,
	SENDAS_RULE_TLS_OFF,
	SENDAS_RULE_TLS_465_STARTTLS,
	SENDAS_RULE_TLS_587_SSL,
	SENDAS_RULE_TLS_UNKNOWN,
	SENDAS_RULE_SETTING_UNSEEN,
	SENDAS_RULE_USER_NAME,
	SENDAS_RULE_CREDENTIALS_UNSEEN,
	SENDAS_RULE_NOT_VERIFIED,
	SENDAS_RULE_VERIFICATION_UNSEEN,
	SENDAS_RULE_DUPLICATE,
	SENDAS_RULE_DEFAULT_AFFECTED,
	SENDAS_RULE_REPLY_TO_ELSEWHERE,
	SENDAS_RULE_NO_DISPLAY_NAME,
	SENDAS_RULE_DOMAIN_LOOKALIKE,
	SENDAS_RULE_COUNT,
};

/* A rule's id in policies and reports ("treat-as-alias"). */
const char *sendas_rules_name(enum sendas_rule rule);

/* The rule with this id; SENDAS_RULE_COUNT when there is none. */
enum sendas_rule sendas_rules_find(const char *name);

/* How the rule's finding is repaired, and whether only on request. */
enum sendas_repair sendas_rules_repair(
    enum sendas_rule rule, bool *is_on_request);

/* The severity and evidence a policy starts from when it does not name the
 * rule. NONE for treat-as-alias: Google recommends the box ticked, so a
 * policy has to ask for that rule. */
enum sendas_severity sendas_rules_default_severity(enum sendas_rule rule);
enum sendas_evidence sendas_rules_default_evidence(enum sendas_rule rule);

/*
 * Judges every address of a mailbox that was read: sets its provider and its
 * findings (earlier ones are dropped), in the order of the table. Messages
 * are in the user's language and may hold text from outside, long names cut
 * short; the observed values are whole. Pure: looks at nothing but its
 * arguments. The policy must outlive the mailbox.
 */
void sendas_rules_judge(
    const struct sendas_policy *policy, struct sendas_mailbox *mailbox);

#endif
