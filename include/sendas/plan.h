/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h: findings to changes, and changes back, pure.
 */
#ifndef SENDAS_PLAN_H
#define SENDAS_PLAN_H

#include <stddef.h>
#include "sendas/model.h"

/* Adds to a judged mailbox a planned change for each finding that the API
 * can repair without a password, and returns their number. */
size_t sendas_plan_mailbox(struct sendas_mailbox *mailbox);

/*
 * Adds to a mailbox, as it is now, for each change that `done` shows, one
 * that puts back what was before. It is planned when the field still stands
 * as it was left, else changed-meanwhile; failed when Google has no way back.
 */
void sendas_plan_undo(
    struct sendas_mailbox *mailbox, const struct sendas_mailbox *done);

#endif
