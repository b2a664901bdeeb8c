/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apply.h: makes the planned changes of one mailbox: list again, compare,
 * PATCH, list again, and an honest outcome for each.
 */
#ifndef SENDAS_APPLY_H
#define SENDAS_APPLY_H

#include "sendas/model.h"
#include "sendas/run.h"

/* Gets the mailbox back, its outcomes set, its addresses as they were read
 * last and judged anew. */
typedef void sendas_apply_fn(void *ctx, struct sendas_mailbox *takes);

/*
 * Takes a mailbox with planned changes. Never fails: what went wrong stands
 * in the outcomes: applied only when it was read back so; changed-meanwhile
 * when the field was not as the plan saw it, and then nothing was sent;
 * refused, ignored, pending-verification, failed.
 */
void sendas_apply_mailbox(struct sendas_run *run, struct sendas_mailbox *takes,
    sendas_apply_fn *fn, void *ctx);

#endif
