/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_purge.c: what is old goes, and is not to be found in the file
 * afterwards. What is under way, or was left in the middle, stays.
 */
#include "journal_inside.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/mem.h"

/* So many free pages are given back in one transaction: others want to write
 * in between. */
#define VACUUM "PRAGMA incremental_vacuum(4096)"

struct old_run {
	long long run;
	char *id;
};

/* The runs that are due. The writer's lock is held. */
static int
find_old(struct sendas_journal *journal, time_t before, struct old_run **out,
    size_t *count)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_OLD_RUNS);
	struct old_run *runs = NULL;
	size_t n = 0;

	sendas_journal_row_put_int(&row, (long long)before);
	while (sendas_journal_row_next(&row)) {
		if ((n & (n - 1)) == 0)
			runs = sendas_xrealloc(
			    runs, n == 0 ? 1 : n * 2, sizeof(*runs));
		runs[n].run = sendas_journal_row_get_int(&row);
		runs[n++].id = sendas_journal_row_get_text(&row);
	}
	*out = runs;
	*count = n;
	return sendas_journal_row_end(&row);
}

/* Deletes it if it is still due: somebody may have gone on with it. */
static int
delete_run(struct sendas_journal *journal, time_t before, long long run,
    bool *is_deleted)
{
	int rc = sendas_journal_db_run(journal->writer, SQL_BEGIN_WRITING);
	struct sendas_journal_row row;
	bool is_old;

	if (rc != SQLITE_OK)
		return rc;
	row = sendas_journal_row_begin(journal->writer, SQL_IS_OLD);
	sendas_journal_row_put_int(&row, (long long)before);
	sendas_journal_row_put_int(&row, run);
	is_old = sendas_journal_row_next(&row);
	rc = sendas_journal_row_end(&row);
	if (rc == SQLITE_OK && is_old) {
		row = sendas_journal_row_begin(journal->writer, SQL_DELETE_RUN);
		sendas_journal_row_put_int(&row, run);
		rc = sendas_journal_row_end(&row);
	}
	rc = sendas_journal_db_end(journal->writer, rc);
	*is_deleted = rc == SQLITE_OK && is_old;
	return rc;
}

/* Passes over a run that somebody is at. */
static int
purge_run(struct sendas_journal *journal, time_t before,
    const struct old_run *old, bool *is_deleted)
{
	struct sendas_journal_lock lock = {0};
	long pid;
	int rc;

	if (old->run == journal->run ||
	    sendas_journal_lock_is_held(journal->path, old->id) ||
	    sendas_journal_lock_take(journal->path, old->id, &lock, &pid) !=
		SENDAS_JOURNAL_LOCK_TAKEN)
		return SQLITE_OK;
	rc = delete_run(journal, before, old->run, is_deleted);
	sendas_journal_lock_release(&lock);
	return rc;
}

static int
delete_words(struct sendas_journal *journal)
{
	int rc = sendas_journal_db_run(journal->writer, SQL_BEGIN_WRITING);

	if (rc != SQLITE_OK)
		return rc;
	rc = sendas_journal_db_run(journal->writer, SQL_DELETE_WORDS);
	sendas_journal_words_clear(&journal->words);
	return sendas_journal_db_end(journal->writer, rc);
}

static int
count_free_pages(struct sendas_journal_db *db, long long *count)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(db, SQL_FREE_PAGES);

	*count = 0;
	if (sendas_journal_row_next(&row))
		*count = sendas_journal_row_get_int(&row);
	return sendas_journal_row_end(&row);
}

/* Moves pages as long as there are fewer free ones each time. */
static int
free_pages(struct sendas_journal_db *db)
{
	long long before, now = 0;
	int rc = count_free_pages(db, &now);

	do {
		before = now;
		if (rc == SQLITE_OK && now > 0)
			rc = sqlite3_exec(db->handle, VACUUM, NULL, NULL, NULL);
		if (rc == SQLITE_OK)
			rc = count_free_pages(db, &now);
	} while (rc == SQLITE_OK && now < before);
	return rc;
}

/* Gives the room back to the disk, as far as nobody else reads just now. */
static int
shrink(struct sendas_journal *journal)
{
	sqlite3 *handle = journal->writer->handle;
	int rc = delete_words(journal);

	if (rc == SQLITE_OK)
		rc = free_pages(journal->writer);
	if (rc == SQLITE_OK)
		rc = sqlite3_wal_checkpoint_v2(
		    handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return (rc & 0xff) == SQLITE_BUSY ? SQLITE_OK : rc;
}

enum sendas_status
sendas_journal_purge(struct sendas_journal *journal, time_t before,
    size_t *count, struct sendas_error *err)
{
	enum sendas_status status = sendas_journal_prepare_change(journal, err);
	struct old_run *old = NULL;
	size_t found = 0, deleted = 0;
	bool is_deleted;
	int rc;

	if (status != SENDAS_OK)
		return status;
	pthread_mutex_lock(&journal->writer->lock);
	rc = find_old(journal, before, &old, &found);
	for (size_t i = 0; i < found && rc == SQLITE_OK; i++) {
		is_deleted = false;
		rc = purge_run(journal, before, &old[i], &is_deleted);
		deleted += is_deleted;
	}
	if (rc == SQLITE_OK && deleted > 0)
		rc = shrink(journal);
	if (rc != SQLITE_OK)
		status = sendas_journal_fail(journal, journal->writer, rc, err);
	pthread_mutex_unlock(&journal->writer->lock);
	for (size_t i = 0; i < found; i++)
		free(old[i].id);
	free(old);
	if (status == SENDAS_OK)
		*count = deleted;
	return status;
}
