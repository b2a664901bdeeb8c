/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_db.c: connections to the journal, their statements, and what their
 * failures mean to a person. Knows no table.
 */
#include "journal_inside.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/model_json.h"

/* SQLite does not wait for others when it changes to WAL. */
#define WAL_TRIES 100
#define WAL_PAUSE_NS 20000000

/* Before the first table; later it has no effect but to wait for others. */
static const char before_tables[] = "PRAGMA auto_vacuum = INCREMENTAL;";

/* secure_delete: what was purged is not to be found in the file.
 * temp_store: nor in temporary ones. */
static const char for_each[] = "PRAGMA foreign_keys = ON;"
			       "PRAGMA synchronous = FULL;"
			       "PRAGMA secure_delete = ON;"
			       "PRAGMA cell_size_check = ON;"
			       "PRAGMA temp_store = MEMORY;";

/* Nobody else sees it, and nothing of it is to be kept. */
static const char for_temporary[] = "PRAGMA synchronous = OFF;"
				    "PRAGMA journal_mode = MEMORY;";

static int
use_wal(struct sendas_journal_db *db)
{
	const struct timespec pause = {.tv_nsec = WAL_PAUSE_NS};
	int rc = SQLITE_BUSY;

	for (int i = 0; i < WAL_TRIES && (rc & 0xff) == SQLITE_BUSY; i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		rc = sqlite3_exec(
		    db->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
	}
	return rc;
}

static int
prepare_all(struct sendas_journal_db *db, size_t count)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; i < count && rc == SQLITE_OK; i++)
		rc = sqlite3_prepare_v3(db->handle, sendas_journal_sql[i], -1,
		    SQLITE_PREPARE_PERSISTENT, &db->statements[i], NULL);
	/* Tables that are not what their version says. */
	return rc == SQLITE_ERROR ? SENDAS_JOURNAL_NONSENSE : rc;
}

/* The name as SQLite takes it for a file that nobody writes to, on a disk
 * that cannot be written: no shared memory is needed then. */
static char *
immutable_uri(const char *path)
{
	struct sendas_buf uri;

	sendas_buf_init(&uri, 3 * strlen(path) + 64);
	sendas_buf_add_text(&uri, "file:");
	for (const char *c = path; *c != '\0'; c++) {
		if (*c == '/')
			sendas_buf_add(&uri, c, 1);
		else
			sendas_buf_printf(&uri, "%%%02x", (unsigned char)*c);
	}
	sendas_buf_add_text(&uri, "?immutable=1");
	return sendas_buf_take(&uri);
}

static int
open_handle(struct sendas_journal *journal, struct sendas_journal_db *db,
    bool is_immutable)
{
	bool is_temporary = journal->path == NULL || journal->is_empty;
	int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE |
	    SQLITE_OPEN_EXRESCODE;
	char *name;
	int rc;

	if (is_temporary) {
		name = sendas_xstrdup("");
		flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	} else if (is_immutable) {
		name = immutable_uri(journal->path);
		flags |= SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
	} else {
		name = sendas_xstrdup(journal->path);
		flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW;
	}
	rc = sqlite3_open_v2(name, &db->handle, flags, NULL);
	free(name);
	if (db->handle == NULL)
		abort(); /* only out of memory */
	sqlite3_busy_timeout(db->handle, SENDAS_LIMIT_JOURNAL_BUSY_MS);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return rc;
}

static void
close_handle(struct sendas_journal_db *db)
{
	sqlite3_close_v2(db->handle);
	db->handle = NULL;
}

/* Opens it and looks at it, without writing. */
static int
open_checked(struct sendas_journal *journal, struct sendas_journal_db *db,
    bool is_immutable, bool *is_new)
{
	int rc = open_handle(journal, db, is_immutable);

	if (rc == SQLITE_OK)
		rc = sendas_journal_schema_check(db, is_new);
	return rc;
}

static bool
is_unwritable(int rc)
{
	return (rc & 0xff) == SQLITE_CANTOPEN || (rc & 0xff) == SQLITE_READONLY;
}

/* How it is written from now on. */
static int
set_mode(
    struct sendas_journal *journal, struct sendas_journal_db *db, bool is_new)
{
	int rc = SQLITE_OK;

	if (journal->path == NULL || journal->is_empty)
		return sqlite3_exec(
		    db->handle, for_temporary, NULL, NULL, NULL);
	if (is_new)
		rc = sqlite3_exec(db->handle, before_tables, NULL, NULL, NULL);
	return rc == SQLITE_OK ? use_wal(db) : rc;
}

static int
set_up(struct sendas_journal *journal, struct sendas_journal_db *db,
    bool is_writer, bool is_new)
{
	int rc = sqlite3_exec(db->handle, for_each, NULL, NULL, NULL);

	if (rc == SQLITE_OK && is_writer &&
	    sqlite3_db_readonly(db->handle, "main") == 1)
		rc = SQLITE_READONLY;
	if (rc == SQLITE_OK && is_writer)
		rc = set_mode(journal, db, is_new);
	if (rc == SQLITE_OK)
		rc = sendas_journal_schema_migrate(db);
	if (rc == SQLITE_OK)
		rc = prepare_all(db, is_writer ? SQL_COUNT : SQL_READING_COUNT);
	if (rc == SQLITE_OK && !is_writer)
		rc = sqlite3_exec(
		    db->handle, "PRAGMA query_only = ON", NULL, NULL, NULL);
	return rc;
}

int
sendas_journal_db_open(struct sendas_journal *journal, bool is_writer,
    struct sendas_journal_db **out)
{
	struct sendas_journal_db *db = sendas_xcalloc(1, sizeof(*db));
	bool is_new = false;
	int rc;

	pthread_mutex_init(&db->lock, NULL);
	rc = open_checked(journal, db, false, &is_new);
	if (is_unwritable(rc) && journal->is_reading &&
	    sendas_journal_file_is_alone(journal->path)) {
		close_handle(db);
		rc = open_checked(journal, db, true, &is_new);
	}
	if (rc == SQLITE_OK)
		rc = set_up(journal, db, is_writer, is_new);
	*out = db;
	return rc;
}

void
sendas_journal_db_close(struct sendas_journal_db *db)
{
	if (db == NULL)
		return;
	for (size_t i = 0; i < SQL_COUNT; i++)
		sqlite3_finalize(db->statements[i]);
	close_handle(db);
	pthread_mutex_destroy(&db->lock);
	free(db);
}

struct sendas_journal_row
sendas_journal_row_begin(
    struct sendas_journal_db *db, enum sendas_journal_sql sql)
{
	return (struct sendas_journal_row){
	    .statement = db->statements[sql], .rc = SQLITE_OK};
}

static void
note(struct sendas_journal_row *row, int rc)
{
	if (row->rc == SQLITE_OK)
		row->rc = rc;
}

void
sendas_journal_row_put_int(struct sendas_journal_row *row, long long n)
{
	note(row, sqlite3_bind_int64(row->statement, ++row->at, n));
}

void
sendas_journal_row_put_text(struct sendas_journal_row *row, const char *text)
{
	note(row,
	    sqlite3_bind_text(
		row->statement, ++row->at, text, -1, SQLITE_STATIC));
}

/* Its kind and itself: SQLite has no type for true and false, nor for a
 * relay, which is JSON. */
void
sendas_journal_row_put_value(
    struct sendas_journal_row *row, const struct sendas_value *value)
{
	sendas_journal_row_put_int(row, (long long)value->kind);
	if (value->kind == SENDAS_VALUE_BOOL)
		sendas_journal_row_put_int(row, value->is_true);
	else if (value->kind == SENDAS_VALUE_INT)
		sendas_journal_row_put_int(row, value->number);
	else if (value->kind == SENDAS_VALUE_RELAY)
		note(row,
		    sqlite3_bind_text(row->statement, ++row->at,
			sendas_model_json_format_relay(value), -1, free));
	else
		sendas_journal_row_put_text(
		    row, value->kind == SENDAS_VALUE_TEXT ? value->text : NULL);
}

bool
sendas_journal_row_next(struct sendas_journal_row *row)
{
	int rc;

	if (row->rc != SQLITE_OK || row->is_done)
		return false;
	errno = 0; /* for system_error() */
	rc = sqlite3_step(row->statement);
	row->at = -1;
	if (rc == SQLITE_ROW)
		return true;
	row->is_done = true;
	if (rc != SQLITE_DONE)
		row->rc = rc;
	return false;
}

long long
sendas_journal_row_get_int(struct sendas_journal_row *row)
{
	return sqlite3_column_int64(row->statement, ++row->at);
}

unsigned
sendas_journal_row_get_enum(struct sendas_journal_row *row, unsigned max)
{
	long long n = sendas_journal_row_get_int(row);

	if (n >= 0 && n <= (long long)max)
		return (unsigned)n;
	note(row, SENDAS_JOURNAL_NONSENSE);
	return 0;
}

char *
sendas_journal_row_get_text(struct sendas_journal_row *row)
{
	return sendas_xstrdup(
	    (const char *)sqlite3_column_text(row->statement, ++row->at));
}

static struct sendas_value
get_relay(struct sendas_journal_row *row)
{
	const char *text =
	    (const char *)sqlite3_column_text(row->statement, row->at);
	struct sendas_value value = {.kind = SENDAS_VALUE_NULL};

	if (text == NULL ||
	    sendas_model_json_parse_relay(text, &value, NULL) != SENDAS_OK)
		note(row, SENDAS_JOURNAL_NONSENSE);
	return value;
}

struct sendas_value
sendas_journal_row_get_value(struct sendas_journal_row *row)
{
	enum sendas_value_kind kind =
	    sendas_journal_row_get_enum(row, SENDAS_VALUE_RELAY);
	struct sendas_value value = {.kind = kind};

	row->at++;
	if (kind == SENDAS_VALUE_BOOL)
		value.is_true = sqlite3_column_int(row->statement, row->at);
	else if (kind == SENDAS_VALUE_INT)
		value.number =
		    (long)sqlite3_column_int64(row->statement, row->at);
	else if (kind == SENDAS_VALUE_TEXT)
		value = sendas_value_text(
		    (const char *)sqlite3_column_text(row->statement, row->at));
	else if (kind == SENDAS_VALUE_RELAY)
		value = get_relay(row);
	return value;
}

int
sendas_journal_row_end(struct sendas_journal_row *row)
{
	while (sendas_journal_row_next(row))
		;
	sqlite3_reset(row->statement);
	return row->rc;
}

int
sendas_journal_db_run(struct sendas_journal_db *db, enum sendas_journal_sql sql)
{
	struct sendas_journal_row row = sendas_journal_row_begin(db, sql);

	return sendas_journal_row_end(&row);
}

int
sendas_journal_db_end(struct sendas_journal_db *db, int rc)
{
	if (rc == SQLITE_OK)
		rc = sendas_journal_db_run(db, SQL_COMMIT);
	/* Some failures take it back by themselves. */
	if (rc != SQLITE_OK && !sqlite3_get_autocommit(db->handle))
		(void)sendas_journal_db_run(db, SQL_ROLLBACK);
	return rc;
}

const char *
sendas_journal_name(const struct sendas_journal *journal)
{
	return journal->path != NULL ? journal->path
				     : _("the temporary journal");
}

static enum sendas_status
fail_damaged(struct sendas_journal *journal, struct sendas_error *err)
{
	const char *name = sendas_journal_name(journal);

	if (journal->set_aside != NULL)
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: the journal is damaged. It was set aside, as it "
		      "is, as %s; the next run begins a new one. What is in "
		      "it may be got back with: sqlite3 FILE .dump"),
		    name, journal->set_aside);
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("%s: the journal is damaged. It was left where it is; keep a "
	      "copy. What is in it may be got back with: sqlite3 FILE "
	      ".dump"),
	    name);
}

static enum sendas_status
note_damage(struct sendas_journal *journal, struct sendas_error *err)
{
	enum sendas_status status;

	pthread_mutex_lock(&journal->mutex);
	if (!journal->is_damaged && journal->path != NULL &&
	    !journal->is_reading)
		journal->set_aside = sendas_journal_file_set_aside(
		    journal->path, &journal->file);
	journal->is_damaged = true;
	status = fail_damaged(journal, err);
	pthread_mutex_unlock(&journal->mutex);
	return status;
}

enum sendas_status
sendas_journal_check(struct sendas_journal *journal, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;

	pthread_mutex_lock(&journal->mutex);
	if (journal->is_damaged)
		status = fail_damaged(journal, err);
	pthread_mutex_unlock(&journal->mutex);
	return status;
}

static enum sendas_status
fail_full(const char *name, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("%s: there is no room left for it on the disk. Free some, then "
	      "go on with the run."),
	    name);
}

/* What the system said no with. SQLite does not keep it when a commit fails,
 * but it was the last call of the system that did. */
static int
system_error(struct sendas_journal_db *db, int error)
{
	int of_sqlite = sqlite3_system_errno(db->handle);

	return of_sqlite != 0 ? of_sqlite : error;
}

static enum sendas_status
fail_system(
    const char *name, int error, const char *what, struct sendas_error *err)
{
	if (error == ENOSPC || error == EDQUOT || error == EFBIG)
		return fail_full(name, err);
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("%s: it cannot be read or written: %s. Another place can be "
	      "given with --journal FILE."),
	    name, error != 0 ? strerror(error) : what);
}

static enum sendas_status
fail_own(const char *name, int rc, const char *what, struct sendas_error *err)
{
	switch (rc) {
	case SENDAS_JOURNAL_FOREIGN:
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: this is another program's database, and no "
		      "journal. It was left alone; give another file with "
		      "--journal FILE."),
		    name);
	case SENDAS_JOURNAL_NO_DATABASE:
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: this is no journal, or damaged from its beginning "
		      "on. It was left alone; move it away, or give another "
		      "file with --journal FILE."),
		    name);
	case SENDAS_JOURNAL_NEWER:
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: a newer version of sendas made this journal. It "
		      "was left alone; use that version, or give another file "
		      "with --journal FILE."),
		    name);
	case SENDAS_JOURNAL_NOT_OPEN:
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("%s: one of the changes is not confirmed, or done "
		      "already, so none of them may be sent"),
		    name);
	case SENDAS_JOURNAL_NOT_CONFIRMED:
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("%s: nobody confirmed one of the changes, so it can "
		      "have no outcome"),
		    name);
	default:
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: this cannot be recorded: %s (SQLite, %d)"), name,
		    what, rc);
	}
}

enum sendas_status
sendas_journal_fail(struct sendas_journal *journal,
    struct sendas_journal_db *db, int rc, struct sendas_error *err)
{
	int error = errno;
	const char *name = sendas_journal_name(journal);
	const char *what = sqlite3_errmsg(db->handle);

	switch (rc & 0xff) {
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return note_damage(journal, err);
	case SQLITE_FULL:
		return fail_full(name, err);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: another process has been writing to it for too "
		      "long. Try again when that has ended."),
		    name);
	case SQLITE_READONLY:
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: it can be read here, but not written. Another "
		      "place can be given with --journal FILE."),
		    name);
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_IOERR:
		return fail_system(name, system_error(db, error), what, err);
	default:
		return fail_own(name, rc, what, err);
	}
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

const char *
sendas_journal_intern(struct sendas_journal *journal, const char *text)
{
	char *const *found;
	char *copy;

	if (text == NULL)
		return NULL;
	found = tfind(text, &journal->names, compare_names);
	if (found != NULL)
		return *found;
	copy = sendas_xstrdup(text);
	if (tsearch(copy, &journal->names, compare_names) == NULL)
		abort(); /* only out of memory */
	return copy;
}
