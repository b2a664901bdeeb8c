/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.c: the journal as a whole, and the run that is under way: its
 * beginning, its confirmation and its end, for which somebody waits.
 */
#include "journal_inside.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/fault.h"
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"

void
sendas_journal_run_clear(struct sendas_journal_run *run)
{
	free(run->id);
	free(run->command);
	free(run->os_user);
	free(run->host);
	free(run->version);
	free(run->identity);
	free(run->scopes);
	free(run->selection);
	free(run->selection_sha256);
	free(run->policy);
	free(run->policy_sha256);
	free(run->options);
	free(run->undo_of);
	free(run->plan_sha256);
	free(run->ticket);
	free(run->approved_by);
	memset(run, 0, sizeof(*run));
}

static struct sendas_journal *
new_journal(bool is_reading)
{
	struct sendas_journal *journal = sendas_xcalloc(1, sizeof(*journal));

	journal->is_reading = is_reading;
	pthread_mutex_init(&journal->mutex, NULL);
	pthread_cond_init(&journal->has_written, NULL);
	STAILQ_INIT(&journal->waiting);
	STAILQ_INIT(&journal->written);
	return journal;
}

/* Opens one connection, and says why not. */
static enum sendas_status
open_db(struct sendas_journal *journal, bool is_writer,
    struct sendas_journal_db **out, struct sendas_error *err)
{
	int rc = sendas_journal_db_open(journal, is_writer, out);

	if (rc == SQLITE_OK)
		return SENDAS_OK;
	return sendas_journal_fail(journal, *out, rc, err);
}

static enum sendas_status
open_journal(
    struct sendas_journal *journal, const char *path, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;

	if (path != NULL)
		status = sendas_journal_file_prepare(journal, path, err);
	/* A temporary one is one connection's alone. */
	if (status == SENDAS_OK &&
	    (!journal->is_reading || path == NULL || journal->is_empty))
		status = open_db(journal, true, &journal->writer, err);
	if (status != SENDAS_OK)
		return status;
	if (path == NULL || journal->is_empty) {
		journal->reader = journal->writer;
		return SENDAS_OK;
	}
	if (!journal->is_reading)
		sendas_file_sync_folder(journal->path);
	return open_db(journal, false, &journal->reader, err);
}

enum sendas_status
sendas_journal_open(const char *path, bool is_reading,
    struct sendas_journal **out, struct sendas_error *err)
{
	struct sendas_journal *journal = new_journal(is_reading);
	enum sendas_status status = open_journal(journal, path, err);

	if (status == SENDAS_OK)
		*out = journal;
	else
		sendas_journal_close(journal);
	return status;
}

void
sendas_journal_close(struct sendas_journal *journal)
{
	if (journal == NULL)
		return;
	sendas_journal_write_close(journal);
	if (journal->reader != journal->writer)
		sendas_journal_db_close(journal->reader);
	sendas_journal_db_close(journal->writer);
	sendas_journal_lock_release(&journal->run_lock);
	sendas_journal_words_clear(&journal->words);
	tdestroy(journal->names, free);
	pthread_cond_destroy(&journal->has_written);
	pthread_mutex_destroy(&journal->mutex);
	free(journal->set_aside);
	free(journal->run_id);
	free(journal->path);
	free(journal);
}

const char *
sendas_journal_path(const struct sendas_journal *journal)
{
	return journal->path;
}

/* Begins a transaction for which somebody waits; the writer's lock is held
 * until end_writing(). */
static int
begin_writing(struct sendas_journal *journal)
{
	pthread_mutex_lock(&journal->writer->lock);
	return sendas_journal_db_run(journal->writer, SQL_BEGIN_WRITING);
}

static enum sendas_status
end_writing(struct sendas_journal *journal, int rc, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;

	if (rc == SQLITE_OK)
		rc = sendas_journal_db_run(journal->writer, SQL_COMMIT);
	if (rc != SQLITE_OK) {
		status = sendas_journal_fail(journal, journal->writer, rc, err);
		(void)sendas_journal_db_end(journal->writer, rc);
	}
	pthread_mutex_unlock(&journal->writer->lock);
	return status;
}

enum sendas_status
sendas_journal_prepare_change(
    struct sendas_journal *journal, struct sendas_error *err)
{
	enum sendas_status status = sendas_journal_flush(journal, err);

	if (status == SENDAS_OK && journal->is_reading)
		status = sendas_fail(err, SENDAS_ERR_USAGE,
		    _("%s: the journal was opened for reading only"),
		    sendas_journal_name(journal));
	return status;
}

/* Whether a run can be begun or gone on with here. Ends the one before. */
static enum sendas_status
prepare_run(
    struct sendas_journal *journal, const char *id, struct sendas_error *err)
{
	enum sendas_status status;

	if (!sendas_journal_is_id(id))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("\"%s\" is not the id of a run; they look like "
		      "20261124T021500Z-7f3a"),
		    id != NULL ? id : "");
	status = sendas_journal_prepare_change(journal, err);
	if (status != SENDAS_OK)
		return status;
	sendas_journal_lock_release(&journal->run_lock);
	free(journal->run_id);
	journal->run_id = NULL;
	journal->run = 0;
	return SENDAS_OK;
}

static enum sendas_status
take_lock(
    struct sendas_journal *journal, const char *id, struct sendas_error *err)
{
	long pid = 0;

	switch (sendas_journal_lock_take(
	    journal->path, id, &journal->run_lock, &pid)) {
	case SENDAS_JOURNAL_LOCK_TAKEN:
		return SENDAS_OK;
	case SENDAS_JOURNAL_LOCK_HELD:
		if (pid > 0)
			return sendas_fail(err, SENDAS_ERR_USAGE,
			    _("the run %s is under way in another process "
			      "(%ld). Wait until it has ended."),
			    id, pid);
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("the run %s is under way in another process. Wait until "
		      "it has ended."),
		    id);
	default:
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: the run cannot be locked: %s. Another place can be "
		      "given with --journal FILE."),
		    sendas_journal_name(journal), strerror(errno));
	}
}

/* What is written from now on belongs to this run. */
static void
set_run(struct sendas_journal *journal, struct sendas_http *http, long long run,
    const char *id)
{
	journal->run = run;
	journal->run_id = sendas_xstrdup(id);
	if (http != journal->http)
		journal->workers =
		    http != NULL ? sendas_http_add_workers(http, 1) : NULL;
	journal->http = http;
}

static int
add_run(struct sendas_journal *journal, const struct sendas_journal_run *run)
{
	const char *const texts[] = {run->os_user, run->host, run->version,
	    run->identity, run->scopes, run->selection, run->selection_sha256,
	    run->policy, run->policy_sha256, run->options, run->undo_of,
	    run->plan_sha256, run->ticket, run->approved_by};
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_ADD_RUN);

	sendas_journal_row_put_text(&row, run->id);
	sendas_journal_row_put_text(&row, run->command);
	sendas_journal_row_put_int(&row, (long long)run->started);
	sendas_journal_row_put_int(&row, run->is_dry_run);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		sendas_journal_row_put_text(&row, texts[i]);
	sendas_journal_row_put_int(&row, (long long)time(NULL));
	return sendas_journal_row_end(&row);
}

enum sendas_status
sendas_journal_begin(struct sendas_journal *journal, struct sendas_http *http,
    const struct sendas_journal_run *run, struct sendas_error *err)
{
	enum sendas_status status = prepare_run(journal, run->id, err);
	long long id = 0;
	int rc;

	if (status != SENDAS_OK)
		return status;
	sendas_journal_lock_clean(journal->path);
	status = take_lock(journal, run->id, err);
	if (status != SENDAS_OK)
		return status;
	rc = begin_writing(journal);
	if (rc == SQLITE_OK)
		rc = add_run(journal, run);
	if (rc == SQLITE_OK)
		id = sqlite3_last_insert_rowid(journal->writer->handle);
	sendas_fault_point("journal.begin.before");
	status = end_writing(journal, rc, err);
	if (status != SENDAS_OK) {
		sendas_journal_lock_release(&journal->run_lock);
		if (rc == SQLITE_CONSTRAINT_UNIQUE)
			return sendas_fail(err, SENDAS_ERR_USAGE,
			    _("%s: there is a run %s already"),
			    sendas_journal_name(journal), run->id);
		return status;
	}
	sendas_fault_point("journal.begin.after");
	set_run(journal, http, id, run->id);
	return SENDAS_OK;
}

/* A run's number; 0: there is none. The writer's lock is held. */
static int
find_run(struct sendas_journal *journal, const char *id, long long *run)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_FIND_RUN);

	*run = 0;
	sendas_journal_row_put_text(&row, id);
	if (sendas_journal_row_next(&row))
		*run = sendas_journal_row_get_int(&row);
	return sendas_journal_row_end(&row);
}

/* Runs a statement about one run and a moment. */
static int
touch_run(
    struct sendas_journal *journal, enum sendas_journal_sql sql, long long run)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, sql);

	sendas_journal_row_put_int(&row, run);
	sendas_journal_row_put_int(&row, (long long)time(NULL));
	return sendas_journal_row_end(&row);
}

enum sendas_status
sendas_journal_resume(struct sendas_journal *journal, struct sendas_http *http,
    const char *id, struct sendas_error *err)
{
	enum sendas_status status = prepare_run(journal, id, err);
	long long run = 0;
	int rc;

	/* The lock first: who holds it is alone with the run, and a purge
	 * passes it over. */
	if (status == SENDAS_OK)
		status = take_lock(journal, id, err);
	if (status != SENDAS_OK)
		return status;
	rc = begin_writing(journal);
	if (rc == SQLITE_OK)
		rc = find_run(journal, id, &run);
	if (rc == SQLITE_OK && run != 0)
		rc = touch_run(journal, SQL_REOPEN_RUN, run);
	status = end_writing(journal, rc, err);
	if (status == SENDAS_OK && run == 0)
		status = sendas_fail(err, SENDAS_ERR_USAGE,
		    _("%s: there is no run %s"), sendas_journal_name(journal),
		    id);
	if (status == SENDAS_OK)
		set_run(journal, http, run, id);
	else
		sendas_journal_lock_release(&journal->run_lock);
	return status;
}

/* The mailboxes of the run with planned changes, in order. */
static struct sendas_journal_row
planned_mailboxes(struct sendas_journal *journal)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_PLANNED_MAILBOXES);

	sendas_journal_row_put_int(&row, journal->run);
	return row;
}

enum sendas_status
sendas_journal_count_planned(struct sendas_journal *journal, size_t *mailboxes,
    size_t *changes, struct sendas_error *err)
{
	enum sendas_status status = sendas_journal_prepare_change(journal, err);
	size_t of_mailboxes = 0, of_changes = 0;
	struct sendas_journal_row row;
	int rc;

	if (status != SENDAS_OK)
		return status;
	pthread_mutex_lock(&journal->writer->lock);
	row = planned_mailboxes(journal);
	while (sendas_journal_row_next(&row)) {
		sendas_journal_row_get_int(&row);
		of_mailboxes++;
		of_changes += (size_t)sendas_journal_row_get_int(&row);
	}
	rc = sendas_journal_row_end(&row);
	if (rc != SQLITE_OK)
		status = sendas_journal_fail(journal, journal->writer, rc, err);
	pthread_mutex_unlock(&journal->writer->lock);
	if (status != SENDAS_OK)
		return status;
	*mailboxes = of_mailboxes;
	*changes = of_changes;
	return SENDAS_OK;
}

/* The last mailbox whose changes are among the first `max`. */
static int
find_last(struct sendas_journal *journal, size_t max, long long *last)
{
	struct sendas_journal_row row = planned_mailboxes(journal);
	bool is_full = false;
	long long mailbox;
	size_t sum = 0;

	*last = 0;
	while (sendas_journal_row_next(&row)) {
		mailbox = sendas_journal_row_get_int(&row);
		sum += (size_t)sendas_journal_row_get_int(&row);
		is_full = is_full || (max != 0 && *last != 0 && sum > max);
		if (!is_full)
			*last = mailbox;
	}
	return sendas_journal_row_end(&row);
}

static int
confirm_up_to(struct sendas_journal *journal, long long last)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_CONFIRM);

	sendas_journal_row_put_int(&row, journal->run);
	sendas_journal_row_put_int(&row, last);
	return sendas_journal_row_end(&row);
}

/* What was planned by a dry run is one no longer. */
static int
make_real(struct sendas_journal *journal)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_MAKE_REAL);

	sendas_journal_row_put_int(&row, journal->run);
	return sendas_journal_row_end(&row);
}

enum sendas_status
sendas_journal_confirm(struct sendas_journal *journal, size_t max_changes,
    size_t *count, struct sendas_error *err)
{
	enum sendas_status status = sendas_journal_prepare_change(journal, err);
	long long last = 0;
	size_t changed = 0;
	int rc;

	if (status != SENDAS_OK)
		return status;
	rc = begin_writing(journal);
	if (rc == SQLITE_OK)
		rc = find_last(journal, max_changes, &last);
	if (rc == SQLITE_OK)
		rc = confirm_up_to(journal, last);
	if (rc == SQLITE_OK) {
		changed = (size_t)sqlite3_changes(journal->writer->handle);
		rc = make_real(journal);
	}
	if (rc == SQLITE_OK)
		rc = sendas_journal_rows_run(
		    journal, &(struct sendas_journal_sums){0});
	sendas_fault_point("journal.confirm.before");
	status = end_writing(journal, rc, err);
	if (status != SENDAS_OK)
		return status;
	sendas_fault_point("journal.confirm.after");
	*count = changed;
	return SENDAS_OK;
}

enum sendas_status
sendas_journal_finish(struct sendas_journal *journal, struct sendas_error *err)
{
	enum sendas_status status = sendas_journal_prepare_change(journal, err);
	int rc;

	if (status != SENDAS_OK)
		return status;
	rc = begin_writing(journal);
	if (rc == SQLITE_OK)
		rc = touch_run(journal, SQL_FINISH_RUN, journal->run);
	sendas_fault_point("journal.finish.before");
	status = end_writing(journal, rc, err);
	if (status == SENDAS_OK)
		sendas_fault_point("journal.finish.after");
	return status;
}
