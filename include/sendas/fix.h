/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fix.h: repair: audit, plan, confirm, apply.
 */
#ifndef SENDAS_FIX_H
#define SENDAS_FIX_H

#include "sendas/error.h"
#include "sendas/execute.h"
#include "sendas/run.h"
#include "sendas/select.h"

/*
 * The whole command, with a journal. Every mailbox goes to the sinks once its
 * outcome is known. Errors: those of sendas_execute(), and SENDAS_ERR_FILE
 * from the selection.
 */
enum sendas_status sendas_fix_run(struct sendas_run *run,
    struct sendas_selection *selection,
    const struct sendas_execute_options *options,
    struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
