/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fix.h: repair: audit, plan, confirm, apply.
 */
#ifndef SENDAS_FIX_H
#define SENDAS_FIX_H

#include <stdbool.h>
#include "sendas/error.h"
#include "sendas/run.h"
#include "sendas/select.h"

struct sendas_fix_options {
	bool is_yes; /* do not ask; needs max_changes */
	long max_changes; /* a plan with more is refused whole; -1: any */
};

/*
 * The whole command. A dry run is the same without the write and without the
 * question. Every mailbox goes to the sinks once its outcome is known; when
 * the question was answered with no, nobody was there to ask, or the plan has
 * more changes than allowed, nothing is written and all leave as planned.
 * Errors: SENDAS_ERR_FILE from a sink or the selection.
 */
enum sendas_status sendas_fix_run(struct sendas_run *run,
    struct sendas_selection *selection,
    const struct sendas_fix_options *options,
    struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
