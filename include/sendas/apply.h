/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apply.h: makes the confirmed changes of one mailbox: journal the intent,
 * list again, compare, PATCH, list again, and an honest outcome for each,
 * which the journal keeps.
 */
#ifndef SENDAS_APPLY_H
#define SENDAS_APPLY_H

#include "sendas/model.h"
#include "sendas/run.h"

/* Gets the mailbox back, its outcomes set, its addresses as they were read
 * last and judged anew. */
typedef void sendas_apply_fn(void *ctx, struct sendas_mailbox *takes);

/*
 * Takes a mailbox from the journal with changes that are confirmed and have
 * no outcome. Never fails: what went wrong stands in the outcomes: applied
 * only when it was read back so; changed-meanwhile when the field was not as
 * the plan saw it, and then nothing was sent; refused, ignored,
 * pending-verification, failed. One that a broken connection took with it, as
 * the look after it shows, is sent once more. Of one that an earlier process was at, and
 * that stands as wanted, nothing is sent again. What a passing trouble keeps
 * from being made, or from being read back, leaves as failed and stays open
 * in the journal; as planned, when the run was interrupted, or when the
 * journal could not keep the intent.
 */
void sendas_apply_mailbox(struct sendas_run *run, struct sendas_mailbox *takes,
    sendas_apply_fn *fn, void *ctx);

#endif
