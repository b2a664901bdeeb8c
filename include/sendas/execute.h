/* SPDX-License-Identifier: Apache-2.0 */
/*
 * execute.h: what comes after a plan stands in the journal: confirm, apply.
 * A fix and an undo go the same way, new or gone on with.
 */
#ifndef SENDAS_EXECUTE_H
#define SENDAS_EXECUTE_H

#include <stdbool.h>
#include "sendas/error.h"
#include "sendas/run.h"

struct sendas_execute_options {
	bool is_yes; /* do not ask; needs max_changes */
	long max_changes; /* a plan with more is refused whole; -1: any */
	long canary; /* only about so many changes, of the first mailboxes;
	                a mailbox is never split; 0: all */
};

/*
 * Carries out what the run has in the journal: first, without asking, what
 * was confirmed and has no outcome yet; then, once it is confirmed, what is
 * planned. With a dry run, a no, nobody to ask, or more changes than allowed,
 * nothing is written. Every mailbox goes to the sinks, those not written as
 * planned. Errors: SENDAS_ERR_FILE from a sink; SENDAS_ERR_USAGE: another run
 * that is not finished is to change one of the mailboxes, so nothing new was
 * begun. What the journal could not keep is told by sendas_run_end_record().
 */
enum sendas_status sendas_execute(struct sendas_run *run,
    const struct sendas_execute_options *options,
    struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
