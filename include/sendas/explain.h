/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain.h: what a rule is about, in general: the same for every policy and
 * every address. What a finding says of one address is rules.h's.
 */
#ifndef SENDAS_EXPLAIN_H
#define SENDAS_EXPLAIN_H

#include "sendas/rules.h"

/* Both in the user's language; static. */

/* One line: when the rule holds. */
const char *sendas_explain_summary(enum sendas_rule rule);

/* A sentence or two: why it matters. */
const char *sendas_explain_reason(enum sendas_rule rule);

#endif
