/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.h: what was found, what was going to be changed, and what became
 * of it: on disk before anything is sent, so that a crash loses nothing and a
 * change can be taken back. One SQLite file, many runs.
 *
 * Writes are asynchronous and in groups: what waits when the disk is free is
 * one transaction, made durable on a thread of its own, and then called back.
 * Reads, and what a person waits for, are not. One thread uses one journal.
 */
#ifndef SENDAS_JOURNAL_H
#define SENDAS_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>
#include "sendas/error.h"
#include "sendas/http.h"
#include "sendas/model.h"

struct sendas_journal;

/* One run. All strings are owned; NULL where there is nothing. */
struct sendas_journal_run {
	char *id; /* 20261124T021500Z-7f3a: ASCII letters, digits and "-" */
	char *command; /* "audit", "fix", "undo" */
	time_t started, finished; /* finished 0: it was not */
	bool is_dry_run;
	/* Who, with what, on which machine. */
	char *os_user, *host, *version;
	char *identity; /* of the credentials: an address or a client id */
	char *scopes; /* space-separated */
	/* What was asked for. */
	char *selection; /* in words; names no more than a few mailboxes */
	char *selection_sha256; /* of the mailboxes' names in order, or NULL */
	char *policy, *policy_sha256;
	char *options; /* the rest of the command line, never a secret */
	char *undo_of; /* the run that an undo takes back */
	char *plan_sha256; /* of the plan file that it came from */
	char *ticket, *approved_by;
	/* What came of it; set by reading. */
	size_t mailboxes, read, unreadable, skipped;
	size_t planned; /* changes that nobody confirmed */
	size_t open; /* confirmed, and no outcome yet */
	size_t outcomes[SENDAS_OUTCOME_COUNT]; /* without these two */
	bool is_alive; /* another process is at it now */
};

/* Frees what it owns, and makes it empty. */
void sendas_journal_run_clear(struct sendas_journal_run *run);

/*
 * Where the journal is when nobody says it: $STATE_DIRECTORY/journal.db
 * (systemd.exec(5); the first of several), else
 * $XDG_STATE_HOME/sendas/journal.db, else ~/.local/state/sendas/journal.db.
 * The caller frees it; NULL without a home.
 */
char *sendas_journal_default_path(void);

/*
 * Opens the journal at `path`, made with its folders (0700) and itself 0600
 * if it is not there; NULL is a temporary one, gone when it is closed. With
 * `is_reading` no file is made and nothing is recorded; where there is no
 * journal, it is an empty one. An older version is brought up to date.
 *
 * Errors, each with the way out, SENDAS_ERR_FILE: cannot be made or opened,
 * others can read it (chmod), not ours, a symbolic link, another program's
 * database or no database at all, made by a newer version (all left alone), read-only, disk full,
 * busy for too long, damaged. A damaged one is set aside under the name that
 * is told, never overwritten, and the next run begins a new one; with
 * `is_reading` it is left where it is. Damage that shows later is told and
 * set aside by the call that meets it; all calls fail after that.
 *
 * *out is closed with _close, which writes what is still waiting and calls
 * nobody back; NULL is allowed there. Close it before the engine that _begin
 * got is freed, and not from within a callback.
 */
enum sendas_status sendas_journal_open(const char *path, bool is_reading,
    struct sendas_journal **out, struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_journal_close(struct sendas_journal *journal);

/* Where it is; NULL for a temporary one. Borrowed. */
const char *sendas_journal_path(const struct sendas_journal *journal);

/* ---- a run that is under way ---- */

/*
 * Records a new run, durably, and holds its lock until _close, the next
 * _begin or _resume, or the end of the process. Its writes are called back
 * from `http`'s loop. NULL where no loop runs: they are then made by whatever
 * waits for them (_flush and what follows it), and none can be called back.
 * Another one than that of the run before only when nothing is to be called
 * back any more.
 * Errors: SENDAS_ERR_FILE; SENDAS_ERR_USAGE: an id that is none, or is there.
 */
enum sendas_status sendas_journal_begin(struct sendas_journal *journal,
    struct sendas_http *http, const struct sendas_journal_run *run,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Goes on with a run: takes its lock; it is not finished any more. Errors:
 * SENDAS_ERR_USAGE: there is no such run, or another process is at it (named
 * with its pid if known). */
enum sendas_status sendas_journal_resume(struct sendas_journal *journal,
    struct sendas_http *http, const char *id,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Gets NULL when what was asked for is on disk, else why it is not: then it
 * is as if it had not been asked. From the loop; never from within the call
 * that asked. It may ask for more. */
typedef void sendas_journal_fn(void *ctx, const struct sendas_error *err);

/*
 * Keeps a mailbox as it was read, or why not, with its addresses, findings,
 * and changes (planned, not confirmed). Copied. Blocks while too much waits
 * for the disk.
 *
 * `fn` may be NULL: what fails is then told by _flush, and the mailbox waits
 * for others, so that many are one transaction: until there are 500, or a
 * second has passed when the next one comes, or somebody waits for the disk.
 */
void sendas_journal_add_mailbox(struct sendas_journal *journal,
    const struct sendas_mailbox *mailbox, sendas_journal_fn *fn, void *ctx);

/* Keeps that the open changes with these ids (struct sendas_change) are
 * going to be sent now. The ids are copied. Fails, for all of them, when one
 * is not open: not of this run, not confirmed, or done already. */
void sendas_journal_intend(struct sendas_journal *journal,
    const long long *change_ids, size_t count, sendas_journal_fn *fn,
    void *ctx);

/*
 * Keeps the outcome and message of each change of the mailbox that has an id
 * and is no longer planned. Copied. Fails for one that nobody confirmed.
 *
 * When one that was added with `undoes` is applied or pending, the change of
 * an earlier run that it names becomes undone with it, if that one is applied
 * or pending itself; one that is not there any more is no failure.
 */
void sendas_journal_settle(struct sendas_journal *journal,
    const struct sendas_mailbox *mailbox, sendas_journal_fn *fn, void *ctx);

/* Waits until all that was asked for is on disk, and tells the first failure
 * that nobody was told yet. Blocks. The callbacks still come from the loop. */
enum sendas_status sendas_journal_flush(
    struct sendas_journal *journal, struct sendas_error *err) SENDAS_MUST_CHECK;

/* How many mailboxes and changes of this run are planned and not confirmed.
 * Flushes before. */
enum sendas_status sendas_journal_count_planned(struct sendas_journal *journal,
    size_t *mailboxes, size_t *changes,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Marks the planned changes as confirmed, durably: all, or those of the first
 * mailboxes up to `max_changes` changes (0: all; a mailbox is never split;
 * at least one is taken). *count is how many changes. A dry run is one no
 * longer then. Flushes before. */
enum sendas_status sendas_journal_confirm(struct sendas_journal *journal,
    size_t max_changes, size_t *count,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Ends the run: sets `finished`, durably. Flushes before, and a run of which
 * something could not be kept is not finished. */
enum sendas_status sendas_journal_finish(
    struct sendas_journal *journal, struct sendas_error *err) SENDAS_MUST_CHECK;

/* ---- reading ---- */

enum sendas_journal_which {
	SENDAS_JOURNAL_ALL = 0, /* every mailbox, with all its changes */
	SENDAS_JOURNAL_PLANNED, /* with changes that nobody confirmed */
	SENDAS_JOURNAL_OPEN, /* with confirmed changes without an outcome */
	SENDAS_JOURNAL_DONE, /* with changes that are applied or pending, and
			      * so without those that were undone */
};

/*
 * The mailboxes of a run, one at a time in the order in which they were
 * added: begin with *after = 0. Gets a mailbox with its addresses and
 * findings as they were kept and the changes that `which` names, with their
 * ids, `undoes` and `was_begun` (that it was going to be sent is on disk), and
 * `has_applied` by all that it has, or NULL after the last. With _PLANNED and _OPEN, changes that had an outcome
 * when they were planned come along, with the id 0: whoever reports on the
 * mailbox has them to tell, and there is nothing else to do about them. It may
 * be called while writes are under way, and does not see these. Findings'
 * messages are not kept: they are NULL.
 * Rules, sources and providers in it are the journal's: it must not be closed
 * before the mailbox is freed.
 */
enum sendas_status sendas_journal_next(struct sendas_journal *journal,
    const char *run, enum sendas_journal_which which, long long *after,
    struct sendas_mailbox **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Reads one run with its counts. SENDAS_ERR_USAGE: there is none. */
enum sendas_status sendas_journal_get(struct sendas_journal *journal,
    const char *id, struct sendas_journal_run *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Calls `fn` with each run, the newest first; borrowed for the call. */
typedef void sendas_journal_run_fn(
    void *ctx, const struct sendas_journal_run *run);
enum sendas_status sendas_journal_list(struct sendas_journal *journal,
    sendas_journal_run_fn *fn, void *ctx,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* The newest run of this command that has planned or open changes, other than
 * the one under way; *id is the caller's, NULL when there is none. */
enum sendas_status sendas_journal_find_unfinished(
    struct sendas_journal *journal, const char *command, char **id,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* The newest run with open changes (confirmed, without an outcome) of this
 * mailbox, whatever the case of its letters, other than the one under way;
 * *id is the caller's, NULL for none. */
enum sendas_status sendas_journal_find_open(struct sendas_journal *journal,
    const char *mailbox, char **id, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Deletes runs that ended, or were last written, before `before`, with all
 * that belongs to them; one that is alive stays, and one with open changes
 * too. *count is how many. The file shrinks. Blocks; flushes before. */
enum sendas_status sendas_journal_purge(struct sendas_journal *journal,
    time_t before, size_t *count, struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
