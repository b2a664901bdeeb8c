/* SPDX-License-Identifier: Apache-2.0 */
/*
 * after.h: what a person does once the settings are right, and what is left
 * to look at when mail still comes back. Pure texts over a policy.
 */
#ifndef SENDAS_AFTER_H
#define SENDAS_AFTER_H

#include <time.h>
#include "sendas/policy.h"

/* Both are lines in the user's language, with a line end after the last one,
 * harmless for a terminal; the caller frees them. */

/* Wait, test, send again: numbered. `now` is when the settings were changed
 * or looked at; the text names the time of day from which on a test tells
 * something. */
char *sendas_after_next(const struct sendas_policy *policy, time_t now);

/* Still coming back: in which order to look, ending with what to tell the
 * provider's support. */
char *sendas_after_ladder(const struct sendas_policy *policy);

#endif
