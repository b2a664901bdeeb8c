/* SPDX-License-Identifier: Apache-2.0 */
/*
 * which_run.h: the run that a person names.
 */
#ifndef SENDAS_WHICH_RUN_H
#define SENDAS_WHICH_RUN_H

#include "sendas/error.h"
#include "sendas/journal.h"

/* Reads it, as sendas_journal_get() does. Errors: the same; when there is no
 * such run, the message names the one that was meant, or the newest. */
enum sendas_status sendas_which_run_get(struct sendas_journal *journal,
    const char *id, struct sendas_journal_run *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Only whether it is there. */
enum sendas_status sendas_which_run_check(struct sendas_journal *journal,
    const char *id, struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
