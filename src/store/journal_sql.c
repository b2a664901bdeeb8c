/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_sql.c: every statement that the journal runs, but its schema. What
 * comes from outside reaches them as parameters only.
 */
#include "journal_inside.h"

/* Of a change: outcome 0 is none (SENDAS_OUTCOME_PLANNED), stage 0 planned,
 * 1 confirmed, 2 intended. Outcomes 1 and 3 are applied and pending. */
#define PLANNED "outcome = 0 AND stage = 0 "
#define OPEN "outcome = 0 AND stage > 0 "
#define DONE "outcome IN (1, 3) "

#define MAILBOX                                                                \
	"SELECT id, run, name, status, source, reason, message FROM mailbox "
#define THE_RUN "(SELECT id FROM run WHERE name = ?1) "
/* The first mailbox after ?2 that has such changes. */
#define WITH_CHANGES(which)                                                    \
	MAILBOX "WHERE id = (SELECT mailbox FROM change WHERE run = " THE_RUN  \
		"AND mailbox > ?2 AND " which "ORDER BY mailbox LIMIT 1)"

#define OF_OLD_RUN                                                             \
	"written < ?1 AND NOT EXISTS (SELECT 1 FROM "                          \
	"change WHERE change.run = run.id AND " OPEN ") "

const char *const sendas_journal_sql[SQL_COUNT] = {
    [SQL_BEGIN_READING] = "BEGIN",
    [SQL_BEGIN_WRITING] = "BEGIN IMMEDIATE",
    [SQL_COMMIT] = "COMMIT",
    [SQL_ROLLBACK] = "ROLLBACK",

    [SQL_NEXT_ALL] =
	MAILBOX "WHERE run = " THE_RUN "AND id > ?2 ORDER BY id LIMIT 1",
    [SQL_NEXT_PLANNED] = WITH_CHANGES(PLANNED),
    [SQL_NEXT_OPEN] = WITH_CHANGES(OPEN),
    [SQL_NEXT_DONE] = WITH_CHANGES(DONE),
    [SQL_ADDRESSES] =
	"SELECT position, address, display_name, reply_to, v.text, is_primary, "
	"is_default, treat_as_alias, has_relay, unseen, h.text, port, s.text, "
	"user_name, p.text FROM address "
	"LEFT JOIN word v ON v.id = verification "
	"LEFT JOIN word h ON h.id = host "
	"LEFT JOIN word s ON s.id = security "
	"LEFT JOIN word p ON p.id = provider "
	"WHERE mailbox = ?1 ORDER BY position",
    [SQL_FINDINGS] =
	"SELECT address, r.text, severity, evidence, repair, s.text, "
	"is_on_request, observed_kind, observed, expected_kind, expected "
	"FROM finding LEFT JOIN word r ON r.id = rule "
	"LEFT JOIN word s ON s.id = finding.source "
	"WHERE mailbox = ?1 ORDER BY address, position",
    [SQL_CHANGES] =
	"SELECT id, address, field, before_kind, before, after_kind, after, "
	"stage, outcome, is_reversible, message, undoes FROM change "
	"WHERE mailbox = ?1 AND run = ?2 ORDER BY id",
    [SQL_RUN] =
	"SELECT id, name, command, started, finished, is_dry_run, os_user, "
	"host, version, identity, scopes, selection, selection_sha256, policy, "
	"policy_sha256, options, undo_of, plan_sha256, ticket, approved_by, "
	"read, unreadable, skipped FROM run WHERE name = ?1",
    [SQL_RUN_CHANGES] = "SELECT stage > 0, outcome, count(*) FROM change "
			"WHERE run = ?1 GROUP BY 1, 2",
    [SQL_RUN_IDS] = "SELECT name FROM run ORDER BY started DESC, id DESC",
    [SQL_FIND_UNFINISHED] =
	"SELECT name FROM run WHERE command = ?1 AND id <> ?2 AND id IN "
	"(SELECT run FROM change WHERE outcome = 0) "
	"ORDER BY started DESC, id DESC LIMIT 1",
    [SQL_FIND_OPEN] =
	"SELECT run.name FROM change CROSS JOIN mailbox CROSS JOIN run "
	"WHERE " OPEN "AND mailbox.id = change.mailbox AND "
	"mailbox.name = ?1 COLLATE NOCASE AND run.id = change.run AND "
	"run.id <> ?2 ORDER BY run.started DESC, run.id DESC LIMIT 1",

    [SQL_ADD_RUN] =
	"INSERT INTO run (name, command, started, is_dry_run, os_user, host, "
	"version, identity, scopes, selection, selection_sha256, policy, "
	"policy_sha256, options, undo_of, plan_sha256, ticket, approved_by, "
	"written) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, "
	"?13, ?14, ?15, ?16, ?17, ?18, ?19)",
    [SQL_FIND_RUN] = "SELECT id FROM run WHERE name = ?1",
    [SQL_REOPEN_RUN] =
	"UPDATE run SET finished = NULL, written = ?2 WHERE id = ?1",
    [SQL_FINISH_RUN] =
	"UPDATE run SET finished = ?2, written = ?2 WHERE id = ?1",
    [SQL_PLANNED_MAILBOXES] =
	"SELECT mailbox, count(*) FROM change WHERE run = ?1 AND " PLANNED
	"GROUP BY mailbox ORDER BY mailbox",
    [SQL_CONFIRM] = "UPDATE change SET stage = 1 "
		    "WHERE run = ?1 AND mailbox <= ?2 AND " PLANNED,
    [SQL_MAKE_REAL] = "UPDATE run SET is_dry_run = 0 WHERE id = ?1",

    [SQL_DATA_VERSION] = "PRAGMA data_version",
    [SQL_FIND_WORD] = "SELECT id FROM word WHERE text = ?1",
    [SQL_ADD_WORD] = "INSERT INTO word (text) VALUES (?1)",
    [SQL_ADD_MAILBOX] =
	"INSERT INTO mailbox (run, name, status, source, reason, message) "
	"VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    [SQL_ADD_ADDRESS] =
	"INSERT INTO address (mailbox, position, address, display_name, "
	"reply_to, verification, is_primary, is_default, treat_as_alias, "
	"has_relay, unseen, host, port, security, user_name, provider) VALUES "
	"(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, "
	"?16)",
    [SQL_ADD_FINDING] =
	"INSERT INTO finding (mailbox, address, position, rule, severity, "
	"evidence, repair, source, is_on_request, observed_kind, observed, "
	"expected_kind, expected) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
	"?10, ?11, ?12, ?13)",
    [SQL_ADD_CHANGE] =
	"INSERT INTO change (run, mailbox, address, field, before_kind, "
	"before, after_kind, after, stage, outcome, is_reversible, message, "
	"undoes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?10, ?11, "
	"nullif(?12, 0))",
    [SQL_INTEND] =
	"UPDATE change SET stage = 2 WHERE id = ?1 AND run = ?2 AND " OPEN,
    [SQL_SETTLE] = "UPDATE change SET outcome = ?3, message = ?4 "
		   "WHERE id = ?1 AND run = ?2 AND stage > 0",
    /* 7: SENDAS_OUTCOME_UNDONE. */
    [SQL_MARK_UNDONE] =
	"UPDATE change SET outcome = 7 WHERE " DONE "AND run <> ?2 AND "
	"id = (SELECT undoes FROM change WHERE id = ?1 AND run = ?2 AND " DONE
	")",
    [SQL_COUNT_RUN] =
	"UPDATE run SET read = read + ?2, unreadable = unreadable + ?3, "
	"skipped = skipped + ?4, written = ?5 WHERE id = ?1",

    [SQL_OLD_RUNS] = "SELECT id, name FROM run WHERE " OF_OLD_RUN "ORDER BY id",
    [SQL_IS_OLD] = "SELECT 1 FROM run WHERE " OF_OLD_RUN "AND id = ?2",
    [SQL_DELETE_RUN] = "DELETE FROM run WHERE id = ?1",
    [SQL_DELETE_WORDS] =
	"DELETE FROM word WHERE id NOT IN ("
	"SELECT verification FROM address WHERE verification IS NOT NULL "
	"UNION SELECT host FROM address WHERE host IS NOT NULL "
	"UNION SELECT security FROM address WHERE security IS NOT NULL "
	"UNION SELECT provider FROM address WHERE provider IS NOT NULL "
	"UNION SELECT rule FROM finding "
	"UNION SELECT source FROM finding WHERE source IS NOT NULL)",
    [SQL_FREE_PAGES] = "PRAGMA freelist_count",
};
