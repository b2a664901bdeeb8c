/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_schema.c: the tables, and how an older file comes to have them.
 * doc/data.md says what each column is for.
 */
#include "journal_inside.h"

#include "sendas/fault.h"

/* "sdas": tells a journal from other programs' databases. */
#define APPLICATION_ID 0x73646173

/* Each brings the file from the version before to its own, which is its place
 * here; none is ever changed once it was released. */
static const char *const migrations[] = {
    /* 1. Mailboxes in the order of their ids, addresses, findings in their
     * places: most rows are small, and are found by their key. Words are
     * numbered, since few stand for many. They are no foreign keys: to delete
     * one would search all the tables. Nor is `undoes`: the run that it points
     * into may be purged, and while this row is there no other change gets
     * that id, which is a lower one. */
    "CREATE TABLE word ("
    " id INTEGER PRIMARY KEY,"
    " text TEXT NOT NULL UNIQUE);"
    "CREATE TABLE run ("
    " id INTEGER PRIMARY KEY,"
    " name TEXT NOT NULL UNIQUE,"
    " command TEXT NOT NULL,"
    " started INTEGER NOT NULL,"
    " finished INTEGER,"
    " written INTEGER NOT NULL,"
    " is_dry_run INTEGER NOT NULL,"
    " os_user TEXT, host TEXT, version TEXT, identity TEXT, scopes TEXT,"
    " selection TEXT, selection_sha256 TEXT,"
    " policy TEXT, policy_sha256 TEXT,"
    " options TEXT, undo_of TEXT, plan_sha256 TEXT,"
    " ticket TEXT, approved_by TEXT,"
    " read INTEGER NOT NULL DEFAULT 0,"
    " unreadable INTEGER NOT NULL DEFAULT 0,"
    " skipped INTEGER NOT NULL DEFAULT 0);"
    "CREATE TABLE mailbox ("
    " id INTEGER PRIMARY KEY,"
    " run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,"
    " name TEXT,"
    " status INTEGER NOT NULL, source INTEGER NOT NULL,"
    " reason INTEGER NOT NULL, message TEXT,"
    " UNIQUE (run, id));"
    "CREATE TABLE address ("
    " mailbox INTEGER NOT NULL REFERENCES mailbox ON DELETE CASCADE,"
    " position INTEGER NOT NULL,"
    " address TEXT NOT NULL,"
    " display_name TEXT, reply_to TEXT, verification INTEGER,"
    " is_primary INTEGER NOT NULL, is_default INTEGER NOT NULL,"
    " treat_as_alias INTEGER NOT NULL, has_relay INTEGER NOT NULL,"
    " unseen INTEGER NOT NULL,"
    " host INTEGER, port INTEGER NOT NULL, security INTEGER,"
    " user_name TEXT, provider INTEGER,"
    " PRIMARY KEY (mailbox, position)) WITHOUT ROWID;"
    "CREATE TABLE finding ("
    " mailbox INTEGER NOT NULL, address INTEGER NOT NULL,"
    " position INTEGER NOT NULL,"
    " rule INTEGER NOT NULL, severity INTEGER NOT NULL,"
    " evidence INTEGER NOT NULL, repair INTEGER NOT NULL,"
    " source INTEGER, is_on_request INTEGER NOT NULL,"
    " observed_kind INTEGER NOT NULL, observed,"
    " expected_kind INTEGER NOT NULL, expected,"
    " PRIMARY KEY (mailbox, address, position),"
    " FOREIGN KEY (mailbox, address) REFERENCES address"
    " ON DELETE CASCADE) WITHOUT ROWID;"
    "CREATE TABLE change ("
    " id INTEGER PRIMARY KEY,"
    " run INTEGER NOT NULL, mailbox INTEGER NOT NULL,"
    " address TEXT NOT NULL, field INTEGER NOT NULL,"
    " before_kind INTEGER NOT NULL, before,"
    " after_kind INTEGER NOT NULL, after,"
    " stage INTEGER NOT NULL, outcome INTEGER NOT NULL,"
    " is_reversible INTEGER NOT NULL, message TEXT,"
    " undoes INTEGER,"
    " FOREIGN KEY (run, mailbox) REFERENCES mailbox (run, id)"
    " ON DELETE CASCADE);"
    "CREATE INDEX change_of_mailbox ON change (run, mailbox);"
    "CREATE INDEX change_unsettled ON change (stage) WHERE outcome = 0;",
};

#define VERSION ((int)(sizeof(migrations) / sizeof(migrations[0])))

/* The one number that a statement gives. */
static int
get_number(struct sendas_journal_db *db, const char *sql, int *out)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW) {
		*out = sqlite3_column_int(statement, 0);
		rc = SQLITE_OK;
	}
	sqlite3_finalize(statement);
	return rc;
}

/* What the file says of itself. */
struct head {
	int application, version, tables;
};

static int
get_head(struct sendas_journal_db *db, struct head *out)
{
	int rc = get_number(db, "PRAGMA application_id", &out->application);

	if (rc == SQLITE_OK)
		rc = get_number(db, "PRAGMA user_version", &out->version);
	if (rc == SQLITE_OK)
		rc = get_number(
		    db, "SELECT count(*) FROM sqlite_schema", &out->tables);
	return rc;
}

/* All at one moment: another process may be making the tables just now. */
static int
get_head_at_once(struct sendas_journal_db *db, struct head *out)
{
	int rc = sqlite3_exec(db->handle, "BEGIN", NULL, NULL, NULL);

	if (rc != SQLITE_OK)
		return rc;
	rc = get_head(db, out);
	(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

int
sendas_journal_schema_check(struct sendas_journal_db *db, bool *is_new)
{
	struct head head = {0};
	int rc = get_head_at_once(db, &head);

	/* Nothing says that it ever was a journal, and a name is easily given
	 * by mistake. */
	if (rc == SQLITE_NOTADB)
		return SENDAS_JOURNAL_NO_DATABASE;
	if (rc != SQLITE_OK)
		return rc;
	/* One that is empty was made a moment ago, by us or another process. */
	if (head.application != APPLICATION_ID &&
	    (head.application != 0 || head.tables > 0))
		return SENDAS_JOURNAL_FOREIGN;
	*is_new = head.tables == 0;
	return head.version > VERSION ? SENDAS_JOURNAL_NEWER : SQLITE_OK;
}

/* The tables of the versions after `version`. */
static int
make_tables(struct sendas_journal_db *db, int version)
{
	char *sql;
	int rc = SQLITE_OK;

	for (int i = version; i < VERSION && rc == SQLITE_OK; i++)
		rc = sqlite3_exec(db->handle, migrations[i], NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return rc;
	sql = sqlite3_mprintf(
	    "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    APPLICATION_ID, VERSION);
	rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	sqlite3_free(sql);
	return rc;
}

int
sendas_journal_schema_migrate(struct sendas_journal_db *db)
{
	int version = 0;
	int rc = get_number(db, "PRAGMA user_version", &version);

	if (rc != SQLITE_OK || version == VERSION)
		return rc;
	rc = sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return rc;
	/* Another process may have been faster. */
	rc = get_number(db, "PRAGMA user_version", &version);
	if (rc == SQLITE_OK && version < VERSION)
		rc = make_tables(db, version);
	sendas_fault_point("journal.migrate.before");
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db->handle, "COMMIT", NULL, NULL, NULL);
	sendas_fault_point("journal.migrate.after");
	if (rc != SQLITE_OK && !sqlite3_get_autocommit(db->handle))
		(void)sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}
