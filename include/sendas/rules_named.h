/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules_named.h: the rules that a command line names (--only).
 */
#ifndef SENDAS_RULES_NAMED_H
#define SENDAS_RULES_NAMED_H

#include <stdbool.h>
#include "sendas/error.h"
#include "sendas/model.h"
#include "sendas/rules.h"

/* Which rules a command line names, one a member of enum sendas_rule. */
struct sendas_rules_named {
	bool has[SENDAS_RULE_COUNT];
};

/* Reads "port-587,relay-spelling": rules whose findings a program can repair.
 * Errors: SENDAS_ERR_USAGE, with the name that was meant. */
enum sendas_status sendas_rules_parse_names(const char *text,
    struct sendas_rules_named *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Whether a finding is to be repaired: when it is named; where nothing is
 * (NULL), unless its rule wants to be. */
bool sendas_rules_is_wanted(const struct sendas_rules_named *named,
    const struct sendas_finding *finding);

#endif
