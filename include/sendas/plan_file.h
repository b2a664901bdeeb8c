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
 * Writes the planned changes of the run that is under way in the journal to
 * `path`, and the same for a reader to `path`.txt, in the user's language;
 * both whole, or both names as they were before. *sha256 (64 hexadecimal
 * digits, the caller's) is the digest of the file at `path`; the text repeats
 * it. The policy must be the run's. Blocks: reads the journal twice. Errors:
 * SENDAS_ERR_FILE: no room, or not a place for a file (a device, a pipe);
 * SENDAS_ERR_USAGE: there is nothing planned, the run is another one, or a
 * mailbox could not be read from the plan again.
 */
enum sendas_status sendas_plan_file_write(struct sendas_journal *journal,
    const char *run, const struct sendas_policy *policy, const char *path,
    char **sha256, struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * Opens a plan; a pipe will do. Nothing of it is believed, or looked at,
 * before the digest of the whole file is `sha256` (in any case of letters);
 * then all of it is checked. Needs 16 bytes of memory a mailbox meanwhile, to
 * see one that is there twice. Errors: SENDAS_ERR_USAGE: `sha256` is no
 * digest, or of another file, the plan has expired at `now` or was made after
 * it, or its policy's digest is not `policy_sha256`; SENDAS_ERR_FILE:
 * unreadable, or no room in TMPDIR for a copy; SENDAS_ERR_INPUT: not a plan,
 * of a newer version, or with a mistake (line). *out is closed with _close.
 */
enum sendas_status sendas_plan_file_open(const char *path, const char *sha256,
    const char *policy_sha256, time_t now, struct sendas_plan_file **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_plan_file_close(struct sendas_plan_file *plan);

const struct sendas_plan_file_head *sendas_plan_file_get_head(
    const struct sendas_plan_file *plan);

/* Adds its mailboxes, judged by `policy`, with their planned changes to the
 * run that is under way in the journal; what happened to the file since it
 * was opened is no matter. Errors: those of the journal; SENDAS_ERR_FILE: the
 * copy cannot be read. Some mailboxes may then be in the journal, planned:
 * the run must be given up. */
enum sendas_status sendas_plan_file_import(struct sendas_plan_file *plan,
    const struct sendas_policy *policy, struct sendas_journal *journal,
    struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
