/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_file.h: a plan for somebody else's approval: a file with exactly what
 * will be changed, made from a dry run, and read again, on another machine
 * too, against the digest that was approved. Never a secret. The form stands
 * in doc/plan-file.md and doc/plan-file.schema.json.
 */
#ifndef SENDAS_PLAN_FILE_H
#define SENDAS_PLAN_FILE_H

#include <stddef.h>
#include <time.h>
#include "sendas/error.h"
#include "sendas/journal.h"
#include "sendas/policy.h"

/* A plan that is older is refused: settings do not stand still. */
#define SENDAS_PLAN_FILE_DAYS 7

/* What a plan says of itself. Borrowed until _close. */
struct sendas_plan_file_head {
	const char *run; /* the dry run that it was made from */
	const char *os_user, *host, *identity; /* who made it; or NULL */
	const char *policy, *policy_sha256;
	const char *selection, *selection_sha256; /* the latter or NULL */
	time_t created, expires;
	size_t mailboxes, changes;
};

struct sendas_plan_file;

/*
 * Writes the planned changes of a run to `path`, and the same for a reader
 * to `path`.txt, in the user's language; both whole or not at all. *sha256
 * (64 hexadecimal digits, the caller's) is the digest of the file at `path`;
 * the text repeats it. The policy must be the run's. Errors: SENDAS_ERR_FILE;
 * SENDAS_ERR_USAGE: there is nothing planned.
 */
enum sendas_status sendas_plan_file_write(struct sendas_journal *journal,
    const char *run, const struct sendas_policy *policy, const char *path,
    char **sha256, struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * Opens a plan. Nothing of it is believed, or looked at, before the digest of
 * the whole file is `sha256` (in any case of letters); then all of it is
 * checked. Errors: SENDAS_ERR_USAGE: `sha256` is no digest, or of another
 * file, the plan has expired at `now`, or its policy's digest is not
 * `policy_sha256`; SENDAS_ERR_FILE: unreadable, or no room in TMPDIR for a
 * copy; SENDAS_ERR_INPUT: not a plan, of a newer version, or with a mistake
 * (line). *out is closed with _close.
 */
enum sendas_status sendas_plan_file_open(const char *path, const char *sha256,
    const char *policy_sha256, time_t now, struct sendas_plan_file **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_plan_file_close(struct sendas_plan_file *plan);

const struct sendas_plan_file_head *sendas_plan_file_get_head(
    const struct sendas_plan_file *plan);

/* Adds its mailboxes, judged by `policy`, with their planned changes to the
 * run that is under way in the journal; what happened to the file since it
 * was opened is no matter. Errors: those of the journal. */
enum sendas_status sendas_plan_file_import(struct sendas_plan_file *plan,
    const struct sendas_policy *policy, struct sendas_journal *journal,
    struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
