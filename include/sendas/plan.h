/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h: findings to changes, pure.
 */
#ifndef SENDAS_PLAN_H
#define SENDAS_PLAN_H

#include <stddef.h>
#include "sendas/model.h"

/* Adds to a judged mailbox a planned change for each finding that the API
 * can repair without a password, and returns their number. */
size_t sendas_plan_mailbox(struct sendas_mailbox *mailbox);

#endif
