/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h: findings to changes, and changes back, pure.
 */
#ifndef SENDAS_PLAN_H
#define SENDAS_PLAN_H

#include <stddef.h>
#include <stdbool.h>
#include "sendas/model.h"
#include "sendas/passwords.h"
#include "sendas/policy.h"
#include "sendas/rules_named.h"

/* With what changes can be made. */
struct sendas_plan_means {
	const struct sendas_policy *policy; /* whose relay is to be set */
	const struct sendas_passwords *passwords; /* NULL: there are none */
	const struct sendas_rules_named *only; /* or NULL */
	bool is_person; /* with a person's own sign-in */
};

/*
 * Adds to a judged mailbox a planned change for each setting that the API can
 * repair: what needs no password first, so that what Google makes of a relay
 * is not in its way; then the relays for which there may be a password. With a
 * person's sign-in none without a change before it: whether Google takes any
 * must be known before a password is asked for. Returns their number.
 */
size_t sendas_plan_mailbox(
    struct sendas_mailbox *mailbox, const struct sendas_plan_means *means);

/*
 * Adds to a mailbox, as it is now, for each change that `done` shows, one
 * that puts back what was before. It is planned when the field still stands
 * as it was left, else changed-meanwhile; failed when Google has no way back,
 * or the old password is missing.
 */
void sendas_plan_undo(struct sendas_mailbox *mailbox,
    const struct sendas_mailbox *done, const struct sendas_plan_means *means);

#endif
