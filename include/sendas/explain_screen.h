/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain_screen.h: what a bounce or a rule means, as a person reads it.
 */
#ifndef SENDAS_EXPLAIN_SCREEN_H
#define SENDAS_EXPLAIN_SCREEN_H

#include <stdbool.h>
#include <stdio.h>
#include "sendas/bounce.h"
#include "sendas/policy.h"
#include "sendas/rules.h"

/* Each writes lines of at most 80 columns in the user's language, but for a
 * URL that is longer. */

/* Returns whether the settings are worth an audit. */
bool sendas_explain_screen_bounce(FILE *stream,
    const struct sendas_policy *policy, enum sendas_bounce bounce);

void sendas_explain_screen_rule(
    FILE *stream, const struct sendas_policy *policy, enum sendas_rule rule);

/* All rules, a line each. */
void sendas_explain_screen_list(
    FILE *stream, const struct sendas_policy *policy);

#endif
