/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_inside.h: what the files of the journal share, and the one door to
 * SQLite. Nobody outside src/store includes it.
 *
 * Functions that speak to SQLite return its result codes, which
 * sendas_journal_fail() turns into a sentence, while the connection still
 * knows what was wrong.
 */
#ifndef SENDAS_STORE_JOURNAL_INSIDE_H
#define SENDAS_STORE_JOURNAL_INSIDE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <sqlite3.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include "sendas/journal.h"

/* Two result codes of our own, of SQLite's class "a constraint failed": what
 * was asked for is at fault, not the file. */
#define SENDAS_JOURNAL_NOT_OPEN (SQLITE_CONSTRAINT | (0x70 << 8))
#define SENDAS_JOURNAL_NOT_CONFIRMED (SQLITE_CONSTRAINT | (0x71 << 8))
/* Of its class "not allowed": left alone. */
#define SENDAS_JOURNAL_FOREIGN (SQLITE_AUTH | (0x70 << 8))
#define SENDAS_JOURNAL_NEWER (SQLITE_AUTH | (0x71 << 8))
#define SENDAS_JOURNAL_NO_DATABASE (SQLITE_AUTH | (0x72 << 8))
/* Of its class "corrupt": SQLite is content with it, we are not. */
#define SENDAS_JOURNAL_NONSENSE (SQLITE_CORRUPT | (0x70 << 8))

/* Every statement, in the order of journal_sql.c. */
enum sendas_journal_sql {
	SQL_BEGIN_READING,
	SQL_BEGIN_WRITING,
	SQL_COMMIT,
	SQL_ROLLBACK,
	/* journal_read.c */
	SQL_NEXT_ALL,
	SQL_NEXT_PLANNED,
	SQL_NEXT_OPEN,
	SQL_NEXT_DONE,
	SQL_ADDRESSES,
	SQL_FINDINGS,
	SQL_CHANGES,
	SQL_RUN,
	SQL_RUN_CHANGES,
	SQL_RUN_IDS,
	SQL_FIND_UNFINISHED,
	SQL_FIND_OPEN,
	SQL_READING_COUNT, /* those above do not write */
	/* journal.c */
	SQL_ADD_RUN = SQL_READING_COUNT,
	SQL_FIND_RUN,
	SQL_REOPEN_RUN,
	SQL_FINISH_RUN,
	SQL_PLANNED_MAILBOXES,
	SQL_CONFIRM,
	SQL_MAKE_REAL,
	/* journal_rows.c */
	SQL_DATA_VERSION,
	SQL_FIND_WORD,
	SQL_ADD_WORD,
	SQL_ADD_MAILBOX,
	SQL_ADD_ADDRESS,
	SQL_ADD_FINDING,
	SQL_ADD_CHANGE,
	SQL_INTEND,
	SQL_SETTLE,
	SQL_MARK_UNDONE,
	SQL_COUNT_RUN,
	/* journal_purge.c */
	SQL_OLD_RUNS,
	SQL_IS_OLD,
	SQL_DELETE_RUN,
	SQL_DELETE_WORDS,
	SQL_FREE_PAGES,
	SQL_COUNT,
};

extern const char *const sendas_journal_sql[SQL_COUNT];

/* A connection. Whoever uses it holds the lock. */
struct sendas_journal_db {
	sqlite3 *handle;
	pthread_mutex_t lock;
	sqlite3_stmt *statements[SQL_COUNT];
};

/* Which words have which numbers, as a writing connection saw them last. */
struct sendas_journal_words {
	struct {
		char *text;
		long long id;
	} slots[512];
	long long data_version;
};

/* A run's lock file. */
struct sendas_journal_lock {
	char *path; /* NULL: none is held */
	int fd;
};

struct sendas_journal_op;
STAILQ_HEAD(sendas_journal_ops, sendas_journal_op);

struct sendas_journal {
	char *path; /* without symbolic links; NULL for a temporary one */
	bool is_reading;
	bool is_empty; /* there is no file; a temporary one stands for it */
	struct stat file; /* what was opened */
	/* The same one in a temporary journal; no writer with is_reading. */
	struct sendas_journal_db *writer, *reader;
	struct sendas_journal_words words; /* of the writer */
	void *names; /* interned, for as long as the journal is open */
	/* The run under way; run 0: none. */
	long long run;
	char *run_id;
	struct sendas_journal_lock run_lock;
	/* The loop's own: */
	struct sendas_http *http;
	struct sendas_workers *workers;
	struct sendas_workers *job_workers; /* who got the job */
	bool has_job; /* a write was handed to the workers, or is to be told */
	bool is_closing;
	/* Under the mutex: */
	pthread_mutex_t mutex;
	pthread_cond_t has_written;
	bool is_writing;
	bool is_awaited; /* one of those that wait is to be called back */
	struct sendas_journal_ops waiting, written;
	size_t waiting_count, waiting_rows;
	long waiting_since_ms;
	bool has_untold;
	struct sendas_error untold;
	bool is_damaged;
	char *set_aside; /* the damaged file's new name; or NULL */
};

/* ---- journal_file.c: the file, before SQLite sees it ---- */

/* Finds the journal's file or makes it, and notes which it is. With
 * is_reading it may also be absent. */
enum sendas_status sendas_journal_file_prepare(
    struct sendas_journal *journal, const char *path, struct sendas_error *err);

/* True when the disk holds nothing of it beside the file itself. */
bool sendas_journal_file_is_alone(const char *path);

/* Renames a damaged file and what belongs to it, unless another has its name
 * by now; returns the new name, or NULL. */
char *sendas_journal_file_set_aside(const char *path, const struct stat *file);

/* ---- journal_lock.c ---- */

enum sendas_journal_lock_result {
	SENDAS_JOURNAL_LOCK_TAKEN = 0,
	SENDAS_JOURNAL_LOCK_HELD, /* by another process, *pid or 0 */
	SENDAS_JOURNAL_LOCK_FAILED, /* errno */
};

/* True for what may be a run's id, and so a part of a file's name. */
bool sendas_journal_is_id(const char *id);

/* `path` may be NULL: nobody else can be at a temporary journal's run. */
enum sendas_journal_lock_result sendas_journal_lock_take(const char *path,
    const char *id, struct sendas_journal_lock *lock, long *pid);
void sendas_journal_lock_release(struct sendas_journal_lock *lock);
bool sendas_journal_lock_is_held(const char *path, const char *id);

/* Deletes the lock files that processes left which are gone. */
void sendas_journal_lock_clean(const char *path);

/* ---- journal_db.c: connections and statements ---- */

/* *out is made even when this fails, for sendas_journal_fail(). */
int sendas_journal_db_open(struct sendas_journal *journal, bool is_writer,
    struct sendas_journal_db **out);
void sendas_journal_db_close(struct sendas_journal_db *db);

/* A statement with its parameters (or columns) in order. The first thing
 * that goes wrong stays in rc. */
struct sendas_journal_row {
	sqlite3_stmt *statement;
	int at; /* of the last parameter or column */
	bool is_done; /* to step once more would begin again */
	int rc;
};

struct sendas_journal_row sendas_journal_row_begin(
    struct sendas_journal_db *db, enum sendas_journal_sql sql);
void sendas_journal_row_put_int(struct sendas_journal_row *row, long long n);
/* Borrowed until _end; NULL is kept as NULL. */
void sendas_journal_row_put_text(
    struct sendas_journal_row *row, const char *text);
void sendas_journal_row_put_value(
    struct sendas_journal_row *row, const struct sendas_value *value);

/* Takes the next row; false at the end, or when something is wrong. */
bool sendas_journal_row_next(struct sendas_journal_row *row);
long long sendas_journal_row_get_int(struct sendas_journal_row *row);
/* A small number of 0 to `max`; another is nonsense. */
unsigned sendas_journal_row_get_enum(
    struct sendas_journal_row *row, unsigned max);
char *sendas_journal_row_get_text(struct sendas_journal_row *row);
struct sendas_value sendas_journal_row_get_value(
    struct sendas_journal_row *row);

/* Runs what is left of it, and returns SQLITE_OK or the first trouble. */
int sendas_journal_row_end(struct sendas_journal_row *row);

/* A statement without parameters. */
int sendas_journal_db_run(
    struct sendas_journal_db *db, enum sendas_journal_sql sql);

/* Ends a transaction: commits when `rc` is SQLITE_OK, else takes it back.
 * Returns what went wrong first. */
int sendas_journal_db_end(struct sendas_journal_db *db, int rc);

/* What failed, in a sentence with the way out. Notes damage, and sets the
 * file aside. Before anything else is asked of the connection. */
enum sendas_status sendas_journal_fail(struct sendas_journal *journal,
    struct sendas_journal_db *db, int rc, struct sendas_error *err);

/* Fails when damage was found. */
enum sendas_status sendas_journal_check(
    struct sendas_journal *journal, struct sendas_error *err);

/* One copy of `text` for the life of the journal; NULL stays NULL. */
const char *sendas_journal_intern(
    struct sendas_journal *journal, const char *text);

/* The file's name, or what a temporary one is called. */
const char *sendas_journal_name(const struct sendas_journal *journal);

/* ---- journal_schema.c ---- */

/* Fails unless it is ours and not too new; writes nothing. *is_new gets whether
 * there is no table yet. */
int sendas_journal_schema_check(struct sendas_journal_db *db, bool *is_new);

/* Makes it this version. */
int sendas_journal_schema_migrate(struct sendas_journal_db *db);

/* ---- journal_rows.c: what one operation writes ---- */

/* What a group adds to its run. */
struct sendas_journal_sums {
	long long read, unreadable, skipped;
};

/* Forgets which words there are: after a transaction was taken back. */
void sendas_journal_words_clear(struct sendas_journal_words *words);

/* To be called in each transaction before the rows: another process may have
 * deleted words. */
int sendas_journal_words_refresh(struct sendas_journal *journal);

int sendas_journal_rows_mailbox(struct sendas_journal *journal,
    const struct sendas_mailbox *mailbox, struct sendas_journal_sums *sums);
int sendas_journal_rows_intend(
    struct sendas_journal *journal, const long long *change_ids, size_t count);
int sendas_journal_rows_settle(
    struct sendas_journal *journal, const struct sendas_mailbox *mailbox);
int sendas_journal_rows_run(
    struct sendas_journal *journal, const struct sendas_journal_sums *sums);

/* ---- journal.c ---- */

/* For whoever is about to change something: what waits is on disk, the journal
 * is whole, and it was not opened for reading only. */
enum sendas_status sendas_journal_prepare_change(
    struct sendas_journal *journal, struct sendas_error *err);

/* ---- journal_write.c ---- */

/* Writes all that waits, on this thread, after what is being written. */
void sendas_journal_write_all(struct sendas_journal *journal);

/* Ends what is under way, without calling anybody back. */
void sendas_journal_write_close(struct sendas_journal *journal);

#endif
