/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_runs_screen.c: what sendas runs shows of a journal: a table that fits a
 * terminal, one run with all that is known of it, what can be done next, and
 * the same for programs. Nothing in the journal harms a terminal.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include "sendas/json.h"
#include "sendas/rules.h"
#include "sendas/runs_json.h"
#include "sendas/runs_text.h"
#include "sendas/text.h"
#include "test_journal.h"

#define TERMINAL 80
/* 2026-11-24 02:15:00 UTC */
#define BEGAN ((time_t)1795486500)

/* ---- journals ---- */

static void
begin_run(struct sendas_journal *journal, const struct sendas_journal_run *run)
{
	struct sendas_error err = {0};

	if (sendas_journal_begin(journal, NULL, run, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
}

/* A run that began so many minutes after the first. */
static void
begin_fix(struct sendas_journal *journal, const char *id, int minutes,
    bool is_dry_run, const char *ticket)
{
	struct sendas_journal_run run = {.id = sendas_xstrdup(id),
	    .command = sendas_xstrdup("fix"),
	    .ticket = sendas_xstrdup(ticket),
	    .started = BEGAN + minutes * 60L,
	    .is_dry_run = is_dry_run};

	begin_run(journal, &run);
	sendas_journal_run_clear(&run);
}

static void
finish(struct sendas_journal *journal)
{
	struct sendas_error err = {0};

	if (sendas_journal_finish(journal, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
}

static void
must_settle(struct sendas_journal *journal, const char *run, const char *name,
    enum sendas_outcome outcome)
{
	struct sendas_error err = {0};

	if (settle(journal, run, name, outcome, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
}

/* Confirmed, one made, one without an outcome; then a dry run, which is
 * finished; then one that is finished with all it had. */
static void
fill(void)
{
	struct sendas_journal *journal = open_journal(path, false);

	begin_fix(journal, RUN_A, 0, false, "T-1");
	add(journal, "anna@example.com", 1);
	add(journal, "ben@example.com", 1);
	assert_int_equal(confirm(journal, 0), 2);
	must_settle(journal, RUN_A, "anna@example.com", SENDAS_OUTCOME_APPLIED);
	begin_fix(journal, RUN_B, 1, true, NULL);
	add(journal, "carla@example.com", 3);
	finish(journal);
	begin_fix(journal, RUN_C, 2, false, NULL);
	add(journal, "dora@example.com", 1);
	assert_int_equal(confirm(journal, 0), 1);
	must_settle(journal, RUN_C, "dora@example.com", SENDAS_OUTCOME_IGNORED);
	finish(journal);
	sendas_journal_close(journal);
}

/* ---- screens; each is the caller's ---- */

typedef enum sendas_status list_fn(
    struct sendas_journal *journal, FILE *stream, struct sendas_error *err);
typedef enum sendas_status one_fn(struct sendas_journal *journal,
    const char *id, FILE *stream, struct sendas_error *err);

static char *
shown(list_fn *list, one_fn *one, const char *id)
{
	struct sendas_journal *journal = open_journal(path, true);
	struct sendas_error err = {0};
	enum sendas_status status;
	char *text = NULL;
	size_t len = 0;
	FILE *stream = open_memstream(&text, &len);

	assert_non_null(stream);
	status = list != NULL ? list(journal, stream, &err)
			      : one(journal, id, stream, &err);
	fclose(stream);
	sendas_journal_close(journal);
	if (status != SENDAS_OK)
		fail_msg("%s", err.message);
	return text;
}

static char *
shown_list(void)
{
	return shown(sendas_runs_text_list, NULL, NULL);
}

static char *
shown_one(const char *id)
{
	return shown(NULL, sendas_runs_text_one, id);
}

static void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void
assert_lacks(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("\"%s\" is in:\n%s", part, text);
}

/* Nothing in it would harm a terminal. */
static void
assert_harmless(const char *text)
{
	char *safe = sendas_text_safe(text, true);

	assert_string_equal(safe, text);
	free(safe);
}

/* No line is wider than a terminal, either. */
static void
assert_fits(const char *text)
{
	char *copy = sendas_xstrdup(text), *rest = copy, *line;

	assert_harmless(text);
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (sendas_text_width(line) > TERMINAL)
			fail_msg("too wide: %s", line);
	}
	free(copy);
}

/* ---- the list ---- */

static void
says_that_nothing_is_there(void **state)
{
	char *text = shown_list(), *want;

	(void)state;
	want = sendas_xasprintf("No runs are recorded yet (%s).\n", path);
	assert_string_equal(text, want);
	free(want);
	free(text);
}

static void
lists_in_columns(void **state)
{
	char *text;

	(void)state;
	fill();
	text = shown_list();
	assert_string_equal(text,
	    "RUN                    STARTED           COMMAND        MAILBOXES "
	    " STATE\n" RUN_C
	    "  2026-11-24 11:17  fix                    1  finished\n"
	    "    1 ignored by Google\n" RUN_B
	    "  2026-11-24 11:16  fix, dry run           1  not confirmed\n"
	    "    3 planned and not made\n" RUN_A
	    "  2026-11-24 11:15  fix                    2  not finished\n"
	    "    1 confirmed, without an outcome\n"
	    "    1 made and read back\n"
	    "    Ticket: T-1\n"
	    "\n"
	    "To go on with the newest that is not finished:\n"
	    "  sendas fix --run " RUN_A "\n");
	assert_fits(text);
	free(text);
}

/* Of two that nobody goes on with, one was cut off, and one is at work. */
static void
tells_what_is_under_way(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	char *text;

	(void)state;
	begin_fix(journal, RUN_A, 0, false, NULL);
	begin_fix(journal, RUN_B, 1, false, NULL);
	add(journal, "anna@example.com", 1);
	assert_int_equal(confirm(journal, 0), 1);
	text = shown_list();
	assert_has(text,
	    RUN_A
	    "  2026-11-24 11:15  fix                    0  ended early\n");
	assert_has(text,
	    RUN_B "  2026-11-24 11:16  fix                    1  under way\n");
	/* It cannot be gone on with while it goes on. */
	assert_lacks(text, "sendas fix");
	free(text);
	text = shown_one(RUN_B);
	assert_has(text, "State: under way\n");
	assert_lacks(text, "sendas fix");
	free(text);
	sendas_journal_close(journal);
}

/* ---- one run ---- */

static void
shows_all_that_is_known(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_journal_run run = {.id = sendas_xstrdup(RUN_A),
	    .command = sendas_xstrdup("undo"),
	    .started = BEGAN,
	    .os_user = sendas_xstrdup("hanako"),
	    .host = sendas_xstrdup("desk"),
	    .version = sendas_xstrdup("sendas 1.2"),
	    .identity = sendas_xstrdup("key@example.com"),
	    .selection = sendas_xstrdup("2 mailboxes"),
	    .policy = sendas_xstrdup("ocn"),
	    .policy_sha256 = sendas_xstrdup("0123abcd"),
	    .options = sendas_xstrdup("--yes"),
	    .ticket = sendas_xstrdup("T-9"),
	    .approved_by = sendas_xstrdup("jiro"),
	    .plan_sha256 = sendas_xstrdup("feedbeef"),
	    .undo_of = sendas_xstrdup(RUN_C)};
	char *text;

	(void)state;
	begin_run(journal, &run);
	sendas_journal_run_clear(&run);
	add(journal, "anna@example.com", 2);
	assert_int_equal(confirm(journal, 0), 2);
	must_settle(journal, RUN_A, "anna@example.com", SENDAS_OUTCOME_APPLIED);
	finish(journal);
	sendas_journal_close(journal);
	text = shown_one(RUN_A);
	assert_has(text,
	    RUN_A "  undo\nState: finished\n"
		  "Began: 2026-11-24 11:15\nEnded: ");
	assert_has(text,
	    "By: hanako\nOn: desk\nSigned in as: key@example.com\n"
	    "Mailboxes: 2 mailboxes\nPolicy: ocn\n"
	    "Policy's SHA-256: 0123abcd\nOptions: --yes\nTicket: T-9\n"
	    "Approved by: jiro\nPlan's SHA-256: feedbeef\n"
	    "Takes back: " RUN_C "\nVersion: sendas 1.2\n"
	    "\n"
	    "Mailboxes read: 1, not readable: 0, not looked at: 0\n"
	    "2 made and read back\n"
	    "\n"
	    "anna@example.com\n"
	    "  * taro0@ocn.ne.jp: \"Treat as an alias\" on -> off: ");
	assert_has(text,
	    "\n\nTo put back what was changed:\n"
	    "  sendas undo " RUN_A "\n");
	assert_lacks(text, "To go on");
	assert_fits(text);
	free(text);
}

static void
shows_how_to_go_on(void **state)
{
	char *text;

	(void)state;
	fill();
	text = shown_one(RUN_A);
	assert_has(text,
	    "State: not finished: 1 confirmed change has no "
	    "outcome\n");
	assert_has(text, "To go on:\n  sendas fix --run " RUN_A "\n");
	assert_has(text, "  sendas undo " RUN_A "\n");
	free(text);
	text = shown_one(RUN_B);
	assert_has(text,
	    RUN_B "  fix, dry run\n"
		  "State: 3 changes planned, not confirmed\n");
	assert_has(text, "To go on:\n  sendas fix --run " RUN_B "\n");
	assert_lacks(text, "sendas undo");
	free(text);
	text = shown_one(RUN_C);
	assert_lacks(text, "sendas fix");
	assert_lacks(text, "sendas undo");
	free(text);
}

static void
add_finding(struct sendas_address *address, enum sendas_rule rule,
    enum sendas_severity severity)
{
	struct sendas_finding *finding = sendas_address_add_finding(address);

	finding->rule = sendas_rules_name(rule);
	finding->severity = severity;
}

/* Of an audit: what was found, and what could not be read; and nothing of
 * what is as it should be. */
static void
shows_what_an_audit_found(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_journal_run run = {.id = sendas_xstrdup(RUN_A),
	    .command = sendas_xstrdup("audit"),
	    .started = BEGAN};
	struct sendas_mailbox *found = new_mailbox("anna@example.com", 0);
	struct sendas_mailbox *shut = new_mailbox("ben@example.com", 0);
	struct sendas_mailbox *clean = new_mailbox("carla@example.com", 0);
	char *text, *want;

	(void)state;
	add_finding(&found->addresses[0], 0, SENDAS_SEVERITY_ERROR);
	add_finding(&found->addresses[0], 1, SENDAS_SEVERITY_WARNING);
	add_finding(&found->addresses[0], 2, SENDAS_SEVERITY_INFO);
	add_finding(&clean->addresses[0], 2, SENDAS_SEVERITY_INFO);
	shut->status = SENDAS_MAILBOX_UNREADABLE;
	shut->message = sendas_xstrdup("Gmail is off");
	begin_run(journal, &run);
	sendas_journal_run_clear(&run);
	sendas_journal_add_mailbox(journal, found, NULL, NULL);
	sendas_journal_add_mailbox(journal, shut, NULL, NULL);
	sendas_journal_add_mailbox(journal, clean, NULL, NULL);
	finish(journal);
	sendas_journal_close(journal);
	text = shown_one(RUN_A);
	want = sendas_xasprintf(
	    "Mailboxes read: 2, not readable: 1, not looked at: 0\n"
	    "\n"
	    "anna@example.com\n"
	    "  * taro@ocn.ne.jp: %s, %s\n"
	    "\n"
	    "ben@example.com\n"
	    "  Not read: Gmail is off\n",
	    sendas_rules_name(0), sendas_rules_name(1));
	assert_has(text, want);
	assert_lacks(text, "carla@example.com");
	assert_lacks(text, "To go on");
	assert_fits(text);
	free(want);
	free(text);
	sendas_mailbox_free(found);
	sendas_mailbox_free(shut);
	sendas_mailbox_free(clean);
}

/* As somebody could write it there: all texts of a run, and of a mailbox. */
static void
disarms_what_stands_there(void **state)
{
	char *text;

	(void)state;
	fill();
	raw("UPDATE run SET ticket = char(27) || ']0;x' || char(7) || "
	    "char(155) || '31m', os_user = 'a' || char(10) || 'State: b', "
	    "host = char(8238) || 'x', command = 'fix' || char(27) || '[2J', "
	    "selection = char(27, 127)");
	raw("UPDATE mailbox SET name = char(27) || '[31m' || name, "
	    "message = char(155)");
	text = shown_list();
	assert_has(text, "Ticket: <U+001B>]0;x<U+0007><U+009B>31m");
	assert_harmless(text);
	free(text);
	text = shown_one(RUN_A);
	assert_has(text, "By: a<U+000A>State: b\n");
	assert_has(text, "On: <U+202E>x\n");
	assert_has(text, "<U+001B>[31manna@example.com\n");
	assert_harmless(text);
	free(text);
}

/* ---- for programs ---- */

static void
parse(const char *text, struct sendas_json_doc **doc)
{
	struct sendas_error err = {0};

	if (sendas_json_parse(text, strlen(text), doc, &err) != SENDAS_OK)
		fail_msg("%s: %s", err.message, text);
}

static void
assert_member(const struct sendas_json *at, const char *key, const char *want)
{
	struct sendas_error err = {0};
	const char *got = NULL;

	assert_int_equal(
	    sendas_json_read_string(at, key, &got, &err), SENDAS_OK);
	assert_non_null(got);
	assert_string_equal(got, want);
}

static void
assert_number(const struct sendas_json *at, const char *key, long want)
{
	struct sendas_error err = {0};
	long got = -1;

	assert_int_equal(
	    sendas_json_read_int(at, key, 0, 1000, &got, &err), SENDAS_OK);
	assert_int_equal(got, want);
}

static void
lists_for_programs(void **state)
{
	static const char *const ids[] = {RUN_C, RUN_B, RUN_A};
	struct sendas_json root, runs, run, changes;
	struct sendas_json_doc *doc = NULL;
	char *text;
	size_t at = 0;

	(void)state;
	fill();
	text = shown(sendas_runs_json_list, NULL, NULL);
	parse(text, &doc);
	root = sendas_json_root(doc);
	assert_number(&root, "version", 1);
	runs = sendas_json_member(&root, "runs");
	assert_int_equal(sendas_json_count(&runs), 3);
	for (run = sendas_json_first(&runs); run.node != NULL;
	     sendas_json_next(&run))
		assert_member(&run, "id", ids[at++]);
	assert_int_equal(at, 3);
	run = sendas_json_first(&runs);
	changes = sendas_json_member(&run, "changes");
	assert_number(&changes, "ignored", 1);
	assert_number(&changes, "open", 0);
	sendas_json_doc_free(doc);
	free(text);
}

static void
shows_one_to_programs(void **state)
{
	struct sendas_json root, run, changes, mailboxes, mailbox, made, change;
	struct sendas_json_doc *doc = NULL;
	char *text;

	(void)state;
	fill();
	text = shown(NULL, sendas_runs_json_one, RUN_A);
	parse(text, &doc);
	root = sendas_json_root(doc);
	run = sendas_json_member(&root, "run");
	assert_member(&run, "ticket", "T-1");
	assert_member(&run, "started", "2026-11-24T02:15:00Z");
	changes = sendas_json_member(&run, "changes");
	assert_number(&changes, "open", 1);
	assert_number(&changes, "planned", 0);
	assert_number(&changes, "applied", 1);
	mailboxes = sendas_json_member(&root, "mailboxes");
	assert_int_equal(sendas_json_count(&mailboxes), 2);
	mailbox = sendas_json_first(&mailboxes);
	assert_member(&mailbox, "mailbox", "anna@example.com");
	made = sendas_json_member(&mailbox, "changes");
	assert_int_equal(sendas_json_count(&made), 1);
	change = sendas_json_first(&made);
	assert_member(&change, "outcome", "applied");
	sendas_json_doc_free(doc);
	free(text);
}

/* A journal without runs is a whole list, and a run that there is not leaves
 * nothing half-written. */
static void
is_whole_or_not_there(void **state)
{
	char *text = shown(sendas_runs_json_list, NULL, NULL), *nothing = NULL;
	struct sendas_journal *journal = open_journal(path, true);
	struct sendas_error err = {0};
	size_t len = 0;
	FILE *stream = open_memstream(&nothing, &len);

	(void)state;
	assert_string_equal(text, "{\"version\":1,\n\"runs\":[]}\n");
	assert_int_equal(sendas_runs_json_one(journal, RUN_A, stream, &err),
	    SENDAS_ERR_USAGE);
	assert_int_equal(sendas_runs_text_one(journal, RUN_A, stream, &err),
	    SENDAS_ERR_USAGE);
	fclose(stream);
	assert_int_equal(len, 0);
	sendas_journal_close(journal);
	free(nothing);
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(says_that_nothing_is_there),
	    TEST(lists_in_columns),
	    TEST(tells_what_is_under_way),
	    TEST(shows_all_that_is_known),
	    TEST(shows_how_to_go_on),
	    TEST(shows_what_an_audit_found),
	    TEST(disarms_what_stands_there),
	    TEST(lists_for_programs),
	    TEST(shows_one_to_programs),
	    TEST(is_whole_or_not_there),
	};

	if (setenv("TZ", "JST-9", 1) != 0)
		return 1;
	tzset();
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("runs_screen", tests, NULL, NULL);
}
