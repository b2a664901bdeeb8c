/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undo.h: puts back what a run changed: a run of its own, confirmed like a
 * fix, which can be undone in turn.
 */
#ifndef SENDAS_UNDO_H
#define SENDAS_UNDO_H

#include <stddef.h>
#include "sendas/error.h"
#include "sendas/execute.h"
#include "sendas/run.h"

/*
 * The whole command. Of the run `of` in the journal it touches what was
 * applied or is pending verification, and of that what still stands as the
 * run left it; the rest is changed-meanwhile. `words` are the mailboxes that
 * it is about; none is all. Errors: those of sendas_execute(), and
 * SENDAS_ERR_USAGE: there is nothing to put back, in one of `words` or at all.
 */
enum sendas_status sendas_undo_run(struct sendas_run *run, const char *of,
    char *const *words, size_t count,
    const struct sendas_execute_options *options,
    struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
