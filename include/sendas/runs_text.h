/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runs_text.h: what the journal says of runs, for a person.
 */
#ifndef SENDAS_RUNS_TEXT_H
#define SENDAS_RUNS_TEXT_H

#include <stdio.h>
#include "sendas/error.h"
#include "sendas/journal.h"

/*
 * Writes all runs to `stream`, the newest first; or one, with its mailboxes as
 * they are read. Errors: those of reading the journal; what cannot be written
 * is found at the stream.
 */
enum sendas_status sendas_runs_text_list(struct sendas_journal *journal,
    FILE *stream, struct sendas_error *err) SENDAS_MUST_CHECK;
enum sendas_status sendas_runs_text_one(struct sendas_journal *journal,
    const char *id, FILE *stream, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Says that nothing stands in the journal at `path`. */
void sendas_runs_text_none(FILE *stream, const char *path);

#endif
