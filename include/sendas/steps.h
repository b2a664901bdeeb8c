/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps.h: findings to the steps by which a person repairs them in Gmail's
 * own window, pure. What the findings do not call for is only looked at, but
 * the way through to "Save Changes" is always there.
 */
#ifndef SENDAS_STEPS_H
#define SENDAS_STEPS_H

#include <stdbool.h>
#include "sendas/model.h"
#include "sendas/policy.h"

/* True when something on this address is repaired by hand in Gmail's window
 * (a finding whose repair is api, password or manual and that is not left to
 * --only). */
bool sendas_steps_needed(const struct sendas_address *address);

/*
 * The steps for one address as text of several lines, in the user's
 * language; "" when none are needed; the caller frees it. `mailbox` is the
 * Gmail account for the link, or NULL. Names from outside are already
 * harmless and on one line. How long a change takes to have an effect is not
 * in it: the caller has the clock.
 */
char *sendas_steps_format(const struct sendas_policy *policy,
    const char *mailbox, const struct sendas_address *address);

#endif
