/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runs_json.h: what the journal says of runs, for a program. The form stands in
 * doc/runs.md and doc/runs.schema.json.
 */
#ifndef SENDAS_RUNS_JSON_H
#define SENDAS_RUNS_JSON_H

#include <stdio.h>
#include "sendas/error.h"
#include "sendas/journal.h"

/*
 * Writes all runs to `stream`, the newest first; or one, with its mailboxes as
 * they are read. Errors: those of reading the journal; what cannot be written
 * is found at the stream.
 */
enum sendas_status sendas_runs_json_list(struct sendas_journal *journal,
    FILE *stream, struct sendas_error *err) SENDAS_MUST_CHECK;
enum sendas_status sendas_runs_json_one(struct sendas_journal *journal,
    const char *id, FILE *stream, struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
