/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_rows.c: what one operation writes, within somebody else's
 * transaction. Looks at nothing of the loop's.
 */
#include "journal_inside.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/mem.h"
#include "sendas/text.h"

/* The file holds these numbers: one that was kept stays, a new one comes
 * behind. Outcomes stand in journal_sql.c, too. */
_Static_assert(SENDAS_SEVERITY_ERROR == 4, "severities are kept");
_Static_assert(SENDAS_EVIDENCE_REPORTED == 1, "evidence is kept");
_Static_assert(SENDAS_REPAIR_MANUAL == 3, "repairs are kept");
_Static_assert(SENDAS_VALUE_TEXT == 3 && SENDAS_VALUE_RELAY == 4,
    "kinds of value are kept");
_Static_assert(SENDAS_UNSEEN_NAME == 16, "unseen bits are kept");
_Static_assert(SENDAS_FIELD_TREAT_AS_ALIAS == 1 && SENDAS_FIELD_RELAY == 2,
    "fields are kept");
_Static_assert(SENDAS_MAILBOX_SKIPPED == 3, "a mailbox's status is kept");
_Static_assert(SENDAS_SOURCE_ANSWERS == 2, "sources are kept");
_Static_assert(SENDAS_REASON_MAIL_SERVICE_OFF == 1 &&
	SENDAS_REASON_ACCOUNT_RESTRICTED == 10 &&
	SENDAS_REASON_SERVER_ERROR == 19 && SENDAS_REASON_OTHER == 22,
    "reasons are kept");
_Static_assert(SENDAS_OUTCOME_PLANNED == 0 && SENDAS_OUTCOME_APPLIED == 1 &&
	SENDAS_OUTCOME_IGNORED == 2 &&
	SENDAS_OUTCOME_PENDING_VERIFICATION == 3 &&
	SENDAS_OUTCOME_REFUSED == 4 && SENDAS_OUTCOME_CHANGED_MEANWHILE == 5 &&
	SENDAS_OUTCOME_FAILED == 6 && SENDAS_OUTCOME_UNDONE == 7,
    "outcomes are kept");

#define SLOT_COUNT                                                             \
	(sizeof(((struct sendas_journal_words *)NULL)->slots) /                \
	    sizeof(((struct sendas_journal_words *)NULL)->slots[0]))

void
sendas_journal_words_clear(struct sendas_journal_words *words)
{
	for (size_t i = 0; i < SLOT_COUNT; i++) {
		free(words->slots[i].text);
		words->slots[i].text = NULL;
	}
}

int
sendas_journal_words_refresh(struct sendas_journal *journal)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_DATA_VERSION);
	long long version = 0;
	int rc;

	if (sendas_journal_row_next(&row))
		version = sendas_journal_row_get_int(&row);
	rc = sendas_journal_row_end(&row);
	if (rc != SQLITE_OK || version != journal->words.data_version)
		sendas_journal_words_clear(&journal->words);
	journal->words.data_version = version;
	return rc;
}

/* The word's number in the file; 0: it is not there. */
static int
find_word(struct sendas_journal_db *db, const char *text, long long *id)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(db, SQL_FIND_WORD);

	*id = 0;
	sendas_journal_row_put_text(&row, text);
	if (sendas_journal_row_next(&row))
		*id = sendas_journal_row_get_int(&row);
	return sendas_journal_row_end(&row);
}

static int
add_word(struct sendas_journal_db *db, const char *text, long long *id)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(db, SQL_ADD_WORD);
	int rc;

	sendas_journal_row_put_text(&row, text);
	rc = sendas_journal_row_end(&row);
	*id = sqlite3_last_insert_rowid(db->handle);
	return rc;
}

/* Puts a word's number, which it may have to get first; NULL is NULL. A slot
 * holds the word that came last: few words stand for many, and whoever makes
 * many of their own only makes it slower. */
static void
put_word(struct sendas_journal *journal, struct sendas_journal_row *row,
    const char *text)
{
	size_t slot;
	long long id = 0;
	int rc;

	if (text == NULL) {
		sendas_journal_row_put_text(row, NULL);
		return;
	}
	slot = sendas_text_hash_fold(text) % SLOT_COUNT;
	if (journal->words.slots[slot].text == NULL ||
	    strcmp(journal->words.slots[slot].text, text) != 0) {
		rc = find_word(journal->writer, text, &id);
		if (rc == SQLITE_OK && id == 0)
			rc = add_word(journal->writer, text, &id);
		if (rc != SQLITE_OK) {
			row->rc = rc;
			return;
		}
		free(journal->words.slots[slot].text);
		journal->words.slots[slot].text = sendas_xstrdup(text);
		journal->words.slots[slot].id = id;
	}
	sendas_journal_row_put_int(row, journal->words.slots[slot].id);
}

static int
add_finding(struct sendas_journal *journal, long long mailbox, size_t address,
    size_t position, const struct sendas_finding *finding)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_ADD_FINDING);

	sendas_journal_row_put_int(&row, mailbox);
	sendas_journal_row_put_int(&row, (long long)address);
	sendas_journal_row_put_int(&row, (long long)position);
	put_word(journal, &row, finding->rule);
	sendas_journal_row_put_int(&row, finding->severity);
	sendas_journal_row_put_int(&row, finding->evidence);
	sendas_journal_row_put_int(&row, finding->repair);
	put_word(journal, &row, finding->source);
	sendas_journal_row_put_int(&row, finding->is_on_request);
	sendas_journal_row_put_value(&row, &finding->observed);
	sendas_journal_row_put_value(&row, &finding->expected);
	return sendas_journal_row_end(&row);
}

static int
add_address(struct sendas_journal *journal, long long mailbox, size_t position,
    const struct sendas_address *address)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_ADD_ADDRESS);
	int rc;

	sendas_journal_row_put_int(&row, mailbox);
	sendas_journal_row_put_int(&row, (long long)position);
	sendas_journal_row_put_text(&row, address->address);
	sendas_journal_row_put_text(&row, address->display_name);
	sendas_journal_row_put_text(&row, address->reply_to);
	put_word(journal, &row, address->verification);
	sendas_journal_row_put_int(&row, address->is_primary);
	sendas_journal_row_put_int(&row, address->is_default);
	sendas_journal_row_put_int(&row, address->treat_as_alias);
	sendas_journal_row_put_int(&row, address->has_relay);
	sendas_journal_row_put_int(&row, address->unseen);
	put_word(journal, &row, address->relay.host);
	sendas_journal_row_put_int(&row, address->relay.port);
	put_word(journal, &row, address->relay.security);
	sendas_journal_row_put_text(&row, address->relay.user_name);
	put_word(journal, &row, address->provider);
	rc = sendas_journal_row_end(&row);
	for (size_t i = 0; i < address->finding_count && rc == SQLITE_OK; i++)
		rc = add_finding(
		    journal, mailbox, position, i, &address->findings[i]);
	return rc;
}

static int
add_change(struct sendas_journal *journal, long long mailbox,
    const struct sendas_change *change)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_ADD_CHANGE);

	sendas_journal_row_put_int(&row, journal->run);
	sendas_journal_row_put_int(&row, mailbox);
	sendas_journal_row_put_text(&row, change->address);
	sendas_journal_row_put_int(&row, change->field);
	sendas_journal_row_put_value(&row, &change->before);
	sendas_journal_row_put_value(&row, &change->after);
	sendas_journal_row_put_int(&row, change->outcome);
	sendas_journal_row_put_int(&row, change->is_reversible);
	sendas_journal_row_put_text(&row, change->message);
	sendas_journal_row_put_int(&row, change->undoes);
	return sendas_journal_row_end(&row);
}

static int
add_mailbox(struct sendas_journal *journal,
    const struct sendas_mailbox *mailbox, long long *id)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_ADD_MAILBOX);
	int rc;

	sendas_journal_row_put_int(&row, journal->run);
	sendas_journal_row_put_text(&row, mailbox->mailbox);
	sendas_journal_row_put_int(&row, mailbox->status);
	sendas_journal_row_put_int(&row, mailbox->source);
	sendas_journal_row_put_int(&row, mailbox->reason);
	sendas_journal_row_put_text(&row, mailbox->message);
	rc = sendas_journal_row_end(&row);
	*id = sqlite3_last_insert_rowid(journal->writer->handle);
	return rc;
}

static void
count_mailbox(
    struct sendas_journal_sums *sums, enum sendas_mailbox_status status)
{
	if (status == SENDAS_MAILBOX_READ)
		sums->read++;
	else if (status == SENDAS_MAILBOX_SKIPPED)
		sums->skipped++;
	else
		sums->unreadable++;
}

int
sendas_journal_rows_mailbox(struct sendas_journal *journal,
    const struct sendas_mailbox *mailbox, struct sendas_journal_sums *sums)
{
	long long id = 0;
	int rc = add_mailbox(journal, mailbox, &id);

	for (size_t i = 0; i < mailbox->address_count && rc == SQLITE_OK; i++)
		rc = add_address(journal, id, i, &mailbox->addresses[i]);
	for (size_t i = 0; i < mailbox->change_count && rc == SQLITE_OK; i++)
		rc = add_change(journal, id, &mailbox->changes[i]);
	if (rc == SQLITE_OK)
		count_mailbox(sums, mailbox->status);
	return rc;
}

/* Ends an update that must have found its one row. */
static int
end_update(struct sendas_journal *journal, struct sendas_journal_row *row,
    int otherwise)
{
	int rc = sendas_journal_row_end(row);

	if (rc == SQLITE_OK && sqlite3_changes(journal->writer->handle) != 1)
		rc = otherwise;
	return rc;
}

int
sendas_journal_rows_intend(
    struct sendas_journal *journal, const long long *change_ids, size_t count)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; i < count && rc == SQLITE_OK; i++) {
		struct sendas_journal_row row =
		    sendas_journal_row_begin(journal->writer, SQL_INTEND);

		sendas_journal_row_put_int(&row, change_ids[i]);
		sendas_journal_row_put_int(&row, journal->run);
		rc = end_update(journal, &row, SENDAS_JOURNAL_NOT_OPEN);
	}
	return rc;
}

static int
settle_change(
    struct sendas_journal *journal, const struct sendas_change *change)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_SETTLE);

	sendas_journal_row_put_int(&row, change->id);
	sendas_journal_row_put_int(&row, journal->run);
	sendas_journal_row_put_int(&row, change->outcome);
	sendas_journal_row_put_text(&row, change->message);
	return end_update(journal, &row, SENDAS_JOURNAL_NOT_CONFIRMED);
}

/* What it takes back is undone, if it was done. By what is in the file: the
 * change that the caller shows need not know. */
static int
mark_undone(struct sendas_journal *journal, const struct sendas_change *change)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_MARK_UNDONE);

	sendas_journal_row_put_int(&row, change->id);
	sendas_journal_row_put_int(&row, journal->run);
	return sendas_journal_row_end(&row);
}

int
sendas_journal_rows_settle(
    struct sendas_journal *journal, const struct sendas_mailbox *mailbox)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; i < mailbox->change_count && rc == SQLITE_OK; i++) {
		const struct sendas_change *change = &mailbox->changes[i];

		if (change->id == 0 ||
		    change->outcome == SENDAS_OUTCOME_PLANNED)
			continue;
		rc = settle_change(journal, change);
		if (rc == SQLITE_OK)
			rc = mark_undone(journal, change);
	}
	return rc;
}

int
sendas_journal_rows_run(
    struct sendas_journal *journal, const struct sendas_journal_sums *sums)
{
	struct sendas_journal_row row =
	    sendas_journal_row_begin(journal->writer, SQL_COUNT_RUN);

	sendas_journal_row_put_int(&row, journal->run);
	sendas_journal_row_put_int(&row, sums->read);
	sendas_journal_row_put_int(&row, sums->unreadable);
	sendas_journal_row_put_int(&row, sums->skipped);
	sendas_journal_row_put_int(&row, (long long)time(NULL));
	return sendas_journal_row_end(&row);
}
