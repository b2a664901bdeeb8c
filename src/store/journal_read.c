/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_read.c: rows to mailboxes and runs. Writes nothing, and believes
 * nothing that is out of range.
 */
#include "journal_inside.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"

/* A word out of the file, for as long as the journal is open. */
static const char *
get_name(struct sendas_journal *journal, struct sendas_journal_row *row)
{
	return sendas_journal_intern(journal,
	    (const char *)sqlite3_column_text(row->statement, ++row->at));
}

static void
fail_row(struct sendas_journal_row *row)
{
	if (row->rc == SQLITE_OK)
		row->rc = SENDAS_JOURNAL_NONSENSE;
}

/* Begins to read what belongs to a mailbox. */
static struct sendas_journal_row
rows_of(
    struct sendas_journal *journal, enum sendas_journal_sql sql, long long id)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->reader, sql);

	sendas_journal_row_put_int(&row, id);
	return row;
}

static void
read_address(struct sendas_journal *journal, struct sendas_journal_row *row,
    struct sendas_mailbox *mailbox)
{
	struct sendas_address *address = sendas_mailbox_add_address(mailbox);
	long long position = sendas_journal_row_get_int(row);

	/* Findings name them by it. */
	if (position != (long long)mailbox->address_count - 1)
		fail_row(row);
	address->address = sendas_journal_row_get_text(row);
	address->display_name = sendas_journal_row_get_text(row);
	address->reply_to = sendas_journal_row_get_text(row);
	address->verification = sendas_journal_row_get_text(row);
	address->is_primary = sendas_journal_row_get_int(row) != 0;
	address->is_default = sendas_journal_row_get_int(row) != 0;
	address->treat_as_alias = sendas_journal_row_get_int(row) != 0;
	address->has_relay = sendas_journal_row_get_int(row) != 0;
	address->unseen = sendas_journal_row_get_enum(row, UINT_MAX);
	address->relay.host = sendas_journal_row_get_text(row);
	address->relay.port = (long)sendas_journal_row_get_int(row);
	address->relay.security = sendas_journal_row_get_text(row);
	address->relay.user_name = sendas_journal_row_get_text(row);
	address->provider = get_name(journal, row);
	if (address->address == NULL)
		fail_row(row);
}

static int
read_addresses(struct sendas_journal *journal, long long id,
    struct sendas_mailbox *mailbox)
{
	struct sendas_journal_row row = rows_of(journal, SQL_ADDRESSES, id);

	while (sendas_journal_row_next(&row))
		read_address(journal, &row, mailbox);
	return sendas_journal_row_end(&row);
}

static void
read_finding(struct sendas_journal *journal, struct sendas_journal_row *row,
    struct sendas_mailbox *mailbox)
{
	long long at = sendas_journal_row_get_int(row);
	struct sendas_finding *finding;

	if (at < 0 || at >= (long long)mailbox->address_count) {
		fail_row(row);
		return;
	}
	finding = sendas_address_add_finding(&mailbox->addresses[at]);
	finding->rule = get_name(journal, row);
	finding->severity =
	    sendas_journal_row_get_enum(row, SENDAS_SEVERITY_ERROR);
	finding->evidence =
	    sendas_journal_row_get_enum(row, SENDAS_EVIDENCE_REPORTED);
	finding->repair =
	    sendas_journal_row_get_enum(row, SENDAS_REPAIR_MANUAL);
	finding->source = get_name(journal, row);
	finding->is_on_request = sendas_journal_row_get_int(row) != 0;
	finding->observed = sendas_journal_row_get_value(row);
	finding->expected = sendas_journal_row_get_value(row);
	if (finding->rule == NULL)
		fail_row(row);
}

static int
read_findings(struct sendas_journal *journal, long long id,
    struct sendas_mailbox *mailbox)
{
	struct sendas_journal_row row = rows_of(journal, SQL_FINDINGS, id);

	while (sendas_journal_row_next(&row))
		read_finding(journal, &row, mailbox);
	return sendas_journal_row_end(&row);
}

/* Settled when it was planned: there is nothing to confirm. */
static bool
is_left_alone(unsigned stage, enum sendas_outcome outcome)
{
	return stage == 0 && outcome != SENDAS_OUTCOME_PLANNED;
}

static bool
is_wanted(enum sendas_journal_which which, unsigned stage,
    enum sendas_outcome outcome)
{
	switch (which) {
	case SENDAS_JOURNAL_PLANNED:
		return stage == 0;
	case SENDAS_JOURNAL_OPEN:
		return is_left_alone(stage, outcome) ||
		    (outcome == SENDAS_OUTCOME_PLANNED && stage > 0);
	case SENDAS_JOURNAL_DONE:
		return outcome == SENDAS_OUTCOME_APPLIED ||
		    outcome == SENDAS_OUTCOME_PENDING_VERIFICATION;
	default:
		return true;
	}
}

/* A field has values of its own kind; a relay may also be none. */
static bool
is_of_kind(enum sendas_field field, const struct sendas_value *value)
{
	if (field == SENDAS_FIELD_RELAY)
		return value->kind == SENDAS_VALUE_RELAY ||
		    value->kind == SENDAS_VALUE_NULL;
	return value->kind == SENDAS_VALUE_BOOL;
}

/* Reads all of it and drops what is not wanted. */
static void
read_change(struct sendas_journal_row *row, enum sendas_journal_which which,
    struct sendas_mailbox *mailbox)
{
	struct sendas_change read = {0};
	unsigned stage;

	read.id = sendas_journal_row_get_int(row);
	read.address = sendas_journal_row_get_text(row);
	read.field = sendas_journal_row_get_enum(row, SENDAS_FIELD_COUNT - 1);
	read.before = sendas_journal_row_get_value(row);
	read.after = sendas_journal_row_get_value(row);
	stage = sendas_journal_row_get_enum(row, 2);
	read.outcome =
	    sendas_journal_row_get_enum(row, SENDAS_OUTCOME_COUNT - 1);
	read.is_reversible = sendas_journal_row_get_int(row) != 0;
	read.message = sendas_journal_row_get_text(row);
	read.undoes = sendas_journal_row_get_int(row);
	read.was_begun = stage == 2;
	if (read.address == NULL || !is_of_kind(read.field, &read.before) ||
	    !is_of_kind(read.field, &read.after))
		fail_row(row);
	if (which != SENDAS_JOURNAL_ALL && is_left_alone(stage, read.outcome))
		read.id = 0;
	if (read.field != SENDAS_FIELD_RELAY &&
	    is_wanted(SENDAS_JOURNAL_DONE, stage, read.outcome))
		mailbox->has_applied = true;
	if (row->rc == SQLITE_OK && is_wanted(which, stage, read.outcome)) {
		*sendas_mailbox_add_change(mailbox) = read;
		return;
	}
	free(read.address);
	free(read.message);
	sendas_value_clear(&read.before);
	sendas_value_clear(&read.after);
}

static int
read_changes(struct sendas_journal *journal, long long id, long long run,
    enum sendas_journal_which which, struct sendas_mailbox *mailbox)
{
	struct sendas_journal_row row = rows_of(journal, SQL_CHANGES, id);

	sendas_journal_row_put_int(&row, run);
	while (sendas_journal_row_next(&row))
		read_change(&row, which, mailbox);
	return sendas_journal_row_end(&row);
}

static enum sendas_journal_sql
next_sql(enum sendas_journal_which which)
{
	switch (which) {
	case SENDAS_JOURNAL_PLANNED:
		return SQL_NEXT_PLANNED;
	case SENDAS_JOURNAL_OPEN:
		return SQL_NEXT_OPEN;
	case SENDAS_JOURNAL_DONE:
		return SQL_NEXT_DONE;
	default:
		return SQL_NEXT_ALL;
	}
}

/* The mailbox's own row; *out stays NULL after the last. */
static int
read_mailbox(struct sendas_journal *journal, const char *run_id,
    enum sendas_journal_which which, long long *id, long long *run,
    struct sendas_mailbox **out)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->reader, next_sql(which));

	sendas_journal_row_put_text(&row, run_id);
	sendas_journal_row_put_int(&row, *id);
	if (sendas_journal_row_next(&row)) {
		*out = sendas_mailbox_new(NULL, SENDAS_SOURCE_GMAIL);
		*id = sendas_journal_row_get_int(&row);
		*run = sendas_journal_row_get_int(&row);
		(*out)->mailbox = sendas_journal_row_get_text(&row);
		(*out)->status =
		    sendas_journal_row_get_enum(&row, SENDAS_MAILBOX_SKIPPED);
		(*out)->source =
		    sendas_journal_row_get_enum(&row, SENDAS_SOURCE_ANSWERS);
		(*out)->reason =
		    sendas_journal_row_get_enum(&row, SENDAS_REASON_OTHER);
		(*out)->message = sendas_journal_row_get_text(&row);
	}
	return sendas_journal_row_end(&row);
}

static int
read_whole(struct sendas_journal *journal, const char *run_id,
    enum sendas_journal_which which, long long *id, struct sendas_mailbox **out)
{
	long long run = 0;
	int rc = read_mailbox(journal, run_id, which, id, &run, out);

	if (*out == NULL)
		return rc;
	if (rc == SQLITE_OK)
		rc = read_addresses(journal, *id, *out);
	if (rc == SQLITE_OK)
		rc = read_findings(journal, *id, *out);
	if (rc == SQLITE_OK)
		rc = read_changes(journal, *id, run, which, *out);
	return rc;
}

/* Begins a look at the journal as it is now. The reader's lock is held until
 * end_reading(): a temporary journal has one connection for all. */
static int
begin_reading(struct sendas_journal *journal)
{
	pthread_mutex_lock(&journal->reader->lock);
	return sendas_journal_db_run(journal->reader, SQL_BEGIN_READING);
}

static enum sendas_status
end_reading(struct sendas_journal *journal, int rc, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;

	if (rc != SQLITE_OK)
		status = sendas_journal_fail(journal, journal->reader, rc, err);
	(void)sendas_journal_db_end(journal->reader, rc);
	pthread_mutex_unlock(&journal->reader->lock);
	return status;
}

enum sendas_status
sendas_journal_next(struct sendas_journal *journal, const char *run,
    enum sendas_journal_which which, long long *after,
    struct sendas_mailbox **out, struct sendas_error *err)
{
	enum sendas_status status = sendas_journal_check(journal, err);
	struct sendas_mailbox *mailbox = NULL;
	long long id = *after;
	int rc;

	if (status != SENDAS_OK)
		return status;
	rc = begin_reading(journal);
	if (rc == SQLITE_OK)
		rc = read_whole(journal, run, which, &id, &mailbox);
	status = end_reading(journal, rc, err);
	if (status != SENDAS_OK) {
		sendas_mailbox_free(mailbox);
		return status;
	}
	*after = id;
	*out = mailbox;
	return SENDAS_OK;
}

/* The texts of a run, in the order of the statement. */
static void
read_run_texts(struct sendas_journal_row *row, struct sendas_journal_run *run)
{
	run->os_user = sendas_journal_row_get_text(row);
	run->host = sendas_journal_row_get_text(row);
	run->version = sendas_journal_row_get_text(row);
	run->identity = sendas_journal_row_get_text(row);
	run->scopes = sendas_journal_row_get_text(row);
	run->selection = sendas_journal_row_get_text(row);
	run->selection_sha256 = sendas_journal_row_get_text(row);
	run->policy = sendas_journal_row_get_text(row);
	run->policy_sha256 = sendas_journal_row_get_text(row);
	run->options = sendas_journal_row_get_text(row);
	run->undo_of = sendas_journal_row_get_text(row);
	run->plan_sha256 = sendas_journal_row_get_text(row);
	run->ticket = sendas_journal_row_get_text(row);
	run->approved_by = sendas_journal_row_get_text(row);
}

static int
read_run(struct sendas_journal *journal, const char *name, long long *id,
    struct sendas_journal_run *run)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->reader, SQL_RUN);

	*id = 0;
	sendas_journal_row_put_text(&row, name);
	if (sendas_journal_row_next(&row)) {
		*id = sendas_journal_row_get_int(&row);
		run->id = sendas_journal_row_get_text(&row);
		run->command = sendas_journal_row_get_text(&row);
		run->started = (time_t)sendas_journal_row_get_int(&row);
		run->finished = (time_t)sendas_journal_row_get_int(&row);
		run->is_dry_run = sendas_journal_row_get_int(&row) != 0;
		read_run_texts(&row, run);
		run->read = (size_t)sendas_journal_row_get_int(&row);
		run->unreadable = (size_t)sendas_journal_row_get_int(&row);
		run->skipped = (size_t)sendas_journal_row_get_int(&row);
		run->mailboxes = run->read + run->unreadable + run->skipped;
	}
	return sendas_journal_row_end(&row);
}

static int
read_run_changes(struct sendas_journal *journal, long long id,
    struct sendas_journal_run *run)
{
	struct sendas_journal_row row = rows_of(journal, SQL_RUN_CHANGES, id);
	bool is_confirmed;
	unsigned outcome;
	size_t count;

	while (sendas_journal_row_next(&row)) {
		is_confirmed = sendas_journal_row_get_int(&row) != 0;
		outcome =
		    sendas_journal_row_get_enum(&row, SENDAS_OUTCOME_COUNT - 1);
		count = (size_t)sendas_journal_row_get_int(&row);
		if (outcome != SENDAS_OUTCOME_PLANNED)
			run->outcomes[outcome] += count;
		else if (is_confirmed)
			run->open += count;
		else
			run->planned += count;
	}
	return sendas_journal_row_end(&row);
}

enum sendas_status
sendas_journal_get(struct sendas_journal *journal, const char *id,
    struct sendas_journal_run *out, struct sendas_error *err)
{
	enum sendas_status status = sendas_journal_check(journal, err);
	struct sendas_journal_run run = {0};
	long long number = 0;
	int rc;

	if (status != SENDAS_OK)
		return status;
	rc = begin_reading(journal);
	if (rc == SQLITE_OK)
		rc = read_run(journal, id, &number, &run);
	if (rc == SQLITE_OK && number != 0)
		rc = read_run_changes(journal, number, &run);
	status = end_reading(journal, rc, err);
	if (status == SENDAS_OK && number == 0)
		status = sendas_fail(err, SENDAS_ERR_USAGE,
		    _("%s: there is no run %s"), sendas_journal_name(journal),
		    id);
	if (status != SENDAS_OK) {
		sendas_journal_run_clear(&run);
		return status;
	}
	run.is_alive =
	    (journal->run_id == NULL || strcmp(journal->run_id, id) != 0) &&
	    sendas_journal_lock_is_held(journal->path, id);
	*out = run;
	return SENDAS_OK;
}

/* The ids of all runs, so that no look at the journal lasts as long as a
 * person reads. */
static enum sendas_status
read_ids(struct sendas_journal *journal, char ***out, size_t *count,
    struct sendas_error *err)
{
	struct sendas_journal_row row;
	char **ids = NULL;
	size_t n = 0;
	int rc = begin_reading(journal);

	row = sendas_journal_row_begin(journal->reader, SQL_RUN_IDS);
	while (rc == SQLITE_OK && sendas_journal_row_next(&row)) {
		if ((n & (n - 1)) == 0)
			ids = sendas_xrealloc(
			    ids, n == 0 ? 1 : n * 2, sizeof(*ids));
		ids[n++] = sendas_journal_row_get_text(&row);
	}
	if (rc == SQLITE_OK)
		rc = sendas_journal_row_end(&row);
	*out = ids;
	*count = n;
	return end_reading(journal, rc, err);
}

enum sendas_status
sendas_journal_list(struct sendas_journal *journal, sendas_journal_run_fn *fn,
    void *ctx, struct sendas_error *err)
{
	enum sendas_status status = sendas_journal_check(journal, err);
	struct sendas_journal_run run;
	char **ids = NULL;
	size_t count = 0;

	if (status == SENDAS_OK)
		status = read_ids(journal, &ids, &count, err);
	for (size_t i = 0; i < count && status == SENDAS_OK; i++) {
		status = sendas_journal_get(journal, ids[i], &run, err);
		/* One that was purged meanwhile. */
		if (status == SENDAS_ERR_USAGE) {
			status = SENDAS_OK;
			continue;
		}
		if (status == SENDAS_OK) {
			fn(ctx, &run);
			sendas_journal_run_clear(&run);
		}
	}
	for (size_t i = 0; i < count; i++)
		free(ids[i]);
	free(ids);
	return status;
}

/* The id of the run that a statement finds by a text, and that is not the one
 * under way. */
static enum sendas_status
find(struct sendas_journal *journal, enum sendas_journal_sql sql,
    const char *text, char **id, struct sendas_error *err)
{
	enum sendas_status status = sendas_journal_check(journal, err);
	struct sendas_journal_row row;
	char *found = NULL;
	int rc;

	if (status != SENDAS_OK)
		return status;
	rc = begin_reading(journal);
	row = sendas_journal_row_begin(journal->reader, sql);
	if (rc == SQLITE_OK) {
		sendas_journal_row_put_text(&row, text);
		sendas_journal_row_put_int(&row, journal->run);
		if (sendas_journal_row_next(&row))
			found = sendas_journal_row_get_text(&row);
		rc = sendas_journal_row_end(&row);
	}
	status = end_reading(journal, rc, err);
	if (status == SENDAS_OK)
		*id = found;
	else
		free(found);
	return status;
}

enum sendas_status
sendas_journal_find_unfinished(struct sendas_journal *journal,
    const char *command, char **id, struct sendas_error *err)
{
	return find(journal, SQL_FIND_UNFINISHED, command, id, err);
}

enum sendas_status
sendas_journal_find_open(struct sendas_journal *journal, const char *mailbox,
    char **id, struct sendas_error *err)
{
	return find(journal, SQL_FIND_OPEN, mailbox, id, err);
}
