/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_journal.c: what was kept comes back as it was, in order; nothing is
 * sent, settled or taken back that was not confirmed; who asked is told once,
 * from the loop. The file itself is test_journal_file.c's.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <limits.h>
#include <time.h>
#include "sendas/limits.h"
#include "test_journal.h"

/* ---- round trips ---- */

static void
assert_text(const char *got, const char *wanted)
{
	if (wanted == NULL)
		assert_null(got);
	else
		assert_string_equal(got, wanted);
}

static void
assert_value(const struct sendas_value *got, const struct sendas_value *wanted)
{
	assert_int_equal(got->kind, wanted->kind);
	if (wanted->kind == SENDAS_VALUE_BOOL)
		assert_int_equal(got->is_true, wanted->is_true);
	if (wanted->kind == SENDAS_VALUE_INT ||
	    wanted->kind == SENDAS_VALUE_RELAY)
		assert_int_equal(got->number, wanted->number);
	assert_text(got->text, wanted->text);
	assert_text(got->security, wanted->security);
}

/* All but the message, which is not kept. */
static void
assert_finding(
    const struct sendas_finding *got, const struct sendas_finding *wanted)
{
	assert_text(got->rule, wanted->rule);
	assert_int_equal(got->severity, wanted->severity);
	assert_int_equal(got->evidence, wanted->evidence);
	assert_int_equal(got->repair, wanted->repair);
	assert_text(got->source, wanted->source);
	assert_int_equal(got->is_on_request, wanted->is_on_request);
	assert_null(got->message);
	assert_value(&got->observed, &wanted->observed);
	assert_value(&got->expected, &wanted->expected);
}

static void
assert_address(
    const struct sendas_address *got, const struct sendas_address *wanted)
{
	assert_text(got->address, wanted->address);
	assert_text(got->display_name, wanted->display_name);
	assert_text(got->reply_to, wanted->reply_to);
	assert_text(got->verification, wanted->verification);
	assert_int_equal(got->is_primary, wanted->is_primary);
	assert_int_equal(got->is_default, wanted->is_default);
	assert_int_equal(got->treat_as_alias, wanted->treat_as_alias);
	assert_int_equal(got->has_relay, wanted->has_relay);
	assert_int_equal(got->unseen, wanted->unseen);
	assert_text(got->relay.host, wanted->relay.host);
	assert_int_equal(got->relay.port, wanted->relay.port);
	assert_text(got->relay.security, wanted->relay.security);
	assert_text(got->relay.user_name, wanted->relay.user_name);
	assert_text(got->provider, wanted->provider);
	assert_int_equal(got->finding_count, wanted->finding_count);
	for (size_t i = 0; i < wanted->finding_count; i++)
		assert_finding(&got->findings[i], &wanted->findings[i]);
}

static void
assert_change(
    const struct sendas_change *got, const struct sendas_change *wanted)
{
	assert_true(got->id > 0);
	assert_int_equal(got->undoes, wanted->undoes);
	assert_false(got->was_begun);
	assert_text(got->address, wanted->address);
	assert_int_equal(got->field, wanted->field);
	assert_value(&got->before, &wanted->before);
	assert_value(&got->after, &wanted->after);
	assert_int_equal(got->outcome, wanted->outcome);
	assert_int_equal(got->is_reversible, wanted->is_reversible);
	assert_text(got->message, wanted->message);
}

static void
assert_mailbox(
    const struct sendas_mailbox *got, const struct sendas_mailbox *wanted)
{
	assert_text(got->mailbox, wanted->mailbox);
	assert_int_equal(got->status, wanted->status);
	assert_int_equal(got->source, wanted->source);
	assert_int_equal(got->reason, wanted->reason);
	assert_text(got->message, wanted->message);
	assert_int_equal(got->address_count, wanted->address_count);
	for (size_t i = 0; i < wanted->address_count; i++)
		assert_address(&got->addresses[i], &wanted->addresses[i]);
	assert_int_equal(got->change_count, wanted->change_count);
	for (size_t i = 0; i < wanted->change_count; i++)
		assert_change(&got->changes[i], &wanted->changes[i]);
}

/* Adds a mailbox and gets it back; it is freed. */
static void
assert_round_trip(struct sendas_journal *journal, long long *after,
    struct sendas_mailbox *wanted)
{
	struct sendas_mailbox *got;

	sendas_journal_add_mailbox(journal, wanted, NULL, NULL);
	flush(journal);
	got = next(journal, RUN_A, SENDAS_JOURNAL_ALL, after);
	assert_non_null(got);
	assert_mailbox(got, wanted);
	sendas_mailbox_free(got);
	sendas_mailbox_free(wanted);
	assert_null(next(journal, RUN_A, SENDAS_JOURNAL_ALL, after));
}

/* Every value of each enumeration, every kind of value, text in Japanese and
 * with what SQL, a shell or a terminal would not like. */
static struct sendas_mailbox *
new_full_mailbox(void)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("taro@example.com", SENDAS_SOURCE_GMAIL);

	for (int i = 0; i < 40; i++) {
		struct sendas_address *address =
		    sendas_mailbox_add_address(mailbox);

		address->address = sendas_xasprintf("'%d\"; --@例え.jp", i);
		address->display_name =
		    i % 3 == 0 ? NULL : sendas_xstrdup("太郎\x1b[31m");
		address->reply_to = i % 5 == 0 ? NULL : sendas_xstrdup("");
		address->verification =
		    i % 4 == 0 ? NULL : sendas_xstrdup("accepted");
		address->is_primary = i == 0;
		address->is_default = i == 1;
		address->treat_as_alias = i % 2 == 0;
		address->has_relay = i % 3 == 1;
		address->unseen = (unsigned)i;
		address->relay.host =
		    i % 3 == 1 ? sendas_xasprintf("smtp%d.jp", i / 6) : NULL;
		address->relay.port = i % 3 == 1 ? 587 : -1;
		address->relay.security =
		    i % 3 == 1 ? sendas_xstrdup("starttls") : NULL;
		address->relay.user_name = i == 4 ? sendas_xstrdup("") : NULL;
		address->provider = i % 2 == 0 ? "ocn" : NULL;
	}
	return mailbox;
}

static void
add_findings(struct sendas_mailbox *mailbox)
{
	for (int i = 0; i < 60; i++) {
		struct sendas_finding *finding =
		    sendas_address_add_finding(&mailbox->addresses[i * 7 % 40]);

		finding->rule = i % 2 == 0 ? "treat-as-alias" : "relay";
		finding->severity = (enum sendas_severity)(i % 5);
		finding->evidence = (enum sendas_evidence)(i % 2);
		finding->repair = (enum sendas_repair)(i % 4);
		finding->source = i % 3 == 0 ? NULL : "https://example.com/";
		finding->is_on_request = i % 4 == 0;
		finding->message = sendas_xstrdup("not kept");
		if (i % 4 == 1)
			finding->observed = sendas_value_bool(i % 8 == 1);
		else if (i % 4 == 2)
			finding->observed =
			    sendas_value_int(i % 8 == 2 ? LONG_MIN : LONG_MAX);
		else if (i % 4 == 3)
			finding->observed = sendas_value_text("587");
		finding->expected = sendas_value_int(i);
	}
}

static void
add_changes(struct sendas_mailbox *mailbox)
{
	for (int i = 0; i < SENDAS_OUTCOME_COUNT; i++) {
		struct sendas_change *change =
		    sendas_mailbox_add_change(mailbox);

		change->address = sendas_xasprintf("%d@ocn.ne.jp", i);
		change->field = SENDAS_FIELD_TREAT_AS_ALIAS;
		if (i % 2 == 0) {
			change->field = SENDAS_FIELD_RELAY;
			if (i % 4 == 0)
				change->before = sendas_value_relay(
				    "a \"quoted\" host", 0x7fffffff, "x");
			change->after = sendas_value_relay(NULL, -1, NULL);
		} else {
			change->before = sendas_value_bool(i % 3 == 0);
			change->after = sendas_value_bool(i % 3 != 0);
		}
		change->outcome = (enum sendas_outcome)i;
		change->is_reversible = i % 2 == 0;
		change->message = i % 3 == 0 ? NULL : sendas_xstrdup("なぜ");
		change->undoes = i == 2 ? 4711 : 0;
	}
}

static void
keeps_all_of_a_mailbox(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_mailbox *mailbox = new_full_mailbox();
	long long after = 0;

	(void)state;
	begin(journal, NULL, RUN_A);
	add_findings(mailbox);
	add_changes(mailbox);
	assert_round_trip(journal, &after, mailbox);
	assert_round_trip(
	    journal, &after, sendas_mailbox_new(NULL, SENDAS_SOURCE_ANSWERS));
	assert_round_trip(
	    journal, &after, sendas_mailbox_new("", SENDAS_SOURCE_FILE));
	for (int i = 0; i <= SENDAS_REASON_OTHER; i++) {
		mailbox = sendas_mailbox_new("x", SENDAS_SOURCE_GMAIL);
		mailbox->status = (enum sendas_mailbox_status)(
		    i % (SENDAS_MAILBOX_SKIPPED + 1));
		mailbox->reason = (enum sendas_reason)i;
		mailbox->message =
		    i % 2 == 0 ? NULL : sendas_xstrdup("読めません");
		assert_round_trip(journal, &after, mailbox);
	}
	sendas_journal_close(journal);
}

static void
keeps_them_in_order(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_mailbox *mailbox;
	long long after = 0;
	char name[32];

	(void)state;
	begin(journal, NULL, RUN_A);
	assert_null(next(journal, RUN_A, SENDAS_JOURNAL_ALL, &after));
	assert_null(next(journal, RUN_B, SENDAS_JOURNAL_ALL, &after));
	for (int i = 0; i < 1200; i++) {
		snprintf(name, sizeof(name), "%d", i * 7 % 1200);
		add(journal, name, 0);
	}
	flush(journal);
	begin(journal, NULL, RUN_B);
	add(journal, "of another run", 1);
	flush(journal);
	for (int i = 0; i < 1200; i++) {
		snprintf(name, sizeof(name), "%d", i * 7 % 1200);
		mailbox = next(journal, RUN_A, SENDAS_JOURNAL_ALL, &after);
		assert_non_null(mailbox);
		assert_string_equal(mailbox->mailbox, name);
		sendas_mailbox_free(mailbox);
	}
	assert_null(next(journal, RUN_A, SENDAS_JOURNAL_ALL, &after));
	sendas_journal_close(journal);
}

static struct sendas_journal_run
full_run(void)
{
	static char texts[16][16];
	struct sendas_journal_run run = {
	    .started = 1795000000,
	    .is_dry_run = true,
	};
	char **const places[] = {&run.command, &run.os_user, &run.host,
	    &run.version, &run.identity, &run.scopes, &run.selection,
	    &run.selection_sha256, &run.policy, &run.policy_sha256,
	    &run.options, &run.undo_of, &run.plan_sha256, &run.ticket,
	    &run.approved_by};

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		snprintf(texts[i], sizeof(texts[i]), "本文 %zu", i);
		*places[i] = texts[i];
	}
	return run;
}

static void
assert_run(const struct sendas_journal_run *got,
    const struct sendas_journal_run *wanted)
{
	assert_text(got->id, wanted->id);
	assert_text(got->command, wanted->command);
	assert_int_equal(got->started, wanted->started);
	assert_int_equal(got->finished, 0);
	assert_int_equal(got->is_dry_run, wanted->is_dry_run);
	assert_text(got->os_user, wanted->os_user);
	assert_text(got->host, wanted->host);
	assert_text(got->version, wanted->version);
	assert_text(got->identity, wanted->identity);
	assert_text(got->scopes, wanted->scopes);
	assert_text(got->selection, wanted->selection);
	assert_text(got->selection_sha256, wanted->selection_sha256);
	assert_text(got->policy, wanted->policy);
	assert_text(got->policy_sha256, wanted->policy_sha256);
	assert_text(got->options, wanted->options);
	assert_text(got->undo_of, wanted->undo_of);
	assert_text(got->plan_sha256, wanted->plan_sha256);
	assert_text(got->ticket, wanted->ticket);
	assert_text(got->approved_by, wanted->approved_by);
}

static void
keeps_all_of_a_run(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_journal_run full = full_run(), empty = {0}, got;
	char id_full[] = RUN_A, id_empty[] = RUN_B, command[] = "undo";
	struct sendas_error err = {0};

	(void)state;
	full.id = id_full;
	empty.id = id_empty;
	empty.command = command;
	assert_int_equal(
	    sendas_journal_begin(journal, NULL, &full, &err), SENDAS_OK);
	assert_int_equal(
	    sendas_journal_begin(journal, NULL, &empty, &err), SENDAS_OK);
	assert_int_equal(
	    sendas_journal_get(journal, RUN_A, &got, &err), SENDAS_OK);
	assert_run(&got, &full);
	sendas_journal_run_clear(&got);
	assert_null(got.id);
	assert_int_equal(
	    sendas_journal_get(journal, RUN_B, &got, &err), SENDAS_OK);
	assert_run(&got, &empty);
	sendas_journal_run_clear(&got);
	assert_int_equal(
	    sendas_journal_get(journal, RUN_C, &got, &err), SENDAS_ERR_USAGE);
	assert_non_null(strstr(err.message, RUN_C));
	sendas_journal_close(journal);
}

static void
counts_what_came_of_a_run(void **state)
{
	static const enum sendas_mailbox_status statuses[] = {
	    SENDAS_MAILBOX_READ, SENDAS_MAILBOX_READ, SENDAS_MAILBOX_READ,
	    SENDAS_MAILBOX_UNREADABLE, SENDAS_MAILBOX_WRONG,
	    SENDAS_MAILBOX_SKIPPED};
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_mailbox *mailbox;
	struct sendas_journal_run run;
	struct sendas_error err = {0};

	(void)state;
	begin(journal, NULL, RUN_A);
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++) {
		mailbox = new_mailbox(i == 0 ? "a" : "b", i == 0 ? 3 : 0);
		mailbox->status = statuses[i];
		sendas_journal_add_mailbox(journal, mailbox, NULL, NULL);
		sendas_mailbox_free(mailbox);
	}
	add(journal, "c", 2);
	assert_int_equal(confirm(journal, 4), 3);
	mailbox = kept(journal, RUN_A, SENDAS_JOURNAL_OPEN, "a");
	mailbox->changes[0].outcome = SENDAS_OUTCOME_APPLIED;
	mailbox->changes[1].outcome = SENDAS_OUTCOME_FAILED;
	sendas_journal_settle(journal, mailbox, NULL, NULL);
	flush(journal);
	sendas_mailbox_free(mailbox);
	assert_int_equal(
	    sendas_journal_get(journal, RUN_A, &run, &err), SENDAS_OK);
	assert_int_equal(run.mailboxes, 7);
	assert_int_equal(run.read, 4);
	assert_int_equal(run.unreadable, 2);
	assert_int_equal(run.skipped, 1);
	assert_int_equal(run.planned, 2);
	assert_int_equal(run.open, 1);
	for (int i = 0; i < SENDAS_OUTCOME_COUNT; i++)
		assert_int_equal(run.outcomes[i],
		    i == SENDAS_OUTCOME_APPLIED || i == SENDAS_OUTCOME_FAILED);
	assert_false(run.is_alive); /* not by another process */
	sendas_journal_run_clear(&run);
	sendas_journal_close(journal);
}

/* ---- runs ---- */

#define LONGEST_ID                                                             \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"                                     \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void
refuses_what_is_no_new_run(void **state)
{
	static const char *const ids[] = {
	    "", "a/b", "..", "a b", "a.b", "\xc3", "a\n", LONGEST_ID "a"};
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_journal_run nameless = {0};
	struct sendas_error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		struct sendas_journal_run run = {.id = sendas_xstrdup(ids[i]),
		    .command = sendas_xstrdup("fix")};

		assert_int_equal(
		    sendas_journal_begin(journal, NULL, &run, &err),
		    SENDAS_ERR_USAGE);
		assert_int_equal(
		    sendas_journal_resume(journal, NULL, ids[i], &err),
		    SENDAS_ERR_USAGE);
		sendas_journal_run_clear(&run);
	}
	assert_int_equal(sendas_journal_begin(journal, NULL, &nameless, &err),
	    SENDAS_ERR_USAGE);
	assert_int_equal(sendas_journal_resume(journal, NULL, RUN_A, &err),
	    SENDAS_ERR_USAGE);
	assert_non_null(strstr(err.message, RUN_A));
	begin(journal, NULL, RUN_A);
	begin(journal, NULL, RUN_B);
	assert_int_equal(
	    try_begin(journal, NULL, RUN_A, 1, &err), SENDAS_ERR_USAGE);
	assert_non_null(strstr(err.message, RUN_A));
	begin(journal, NULL, RUN_C);
	begin(journal, NULL, LONGEST_ID);
	sendas_journal_close(journal);
}

static void
takes_a_run_up_again(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_journal_run run;
	struct sendas_error err = {0};

	(void)state;
	begin(journal, NULL, RUN_A);
	add(journal, "a", 1);
	assert_int_equal(sendas_journal_finish(journal, &err), SENDAS_OK);
	assert_int_equal(
	    sendas_journal_get(journal, RUN_A, &run, &err), SENDAS_OK);
	assert_true(run.finished >= time(NULL) - 60);
	sendas_journal_run_clear(&run);
	begin(journal, NULL, RUN_B);
	add(journal, "b", 1);
	flush(journal);
	assert_int_equal(
	    sendas_journal_resume(journal, NULL, RUN_A, &err), SENDAS_OK);
	assert_int_equal(
	    sendas_journal_get(journal, RUN_A, &run, &err), SENDAS_OK);
	assert_int_equal(run.finished, 0);
	assert_int_equal(run.read, 1);
	sendas_journal_run_clear(&run);
	add(journal, "c", 1);
	assert_int_equal(confirm(journal, 0), 2);
	assert_int_equal(
	    count_mailboxes(journal, RUN_A, SENDAS_JOURNAL_OPEN), 2);
	assert_int_equal(
	    count_mailboxes(journal, RUN_B, SENDAS_JOURNAL_PLANNED), 1);
	sendas_journal_close(journal);
}

/* A run of which something is missing is not finished, and it is told once. */
static void
does_not_finish_what_was_not_kept(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_mailbox *bad = new_mailbox("bad", 0), *good;
	struct sendas_error err = {0};
	struct sendas_journal_run run;

	(void)state;
	free(bad->addresses[0].address);
	bad->addresses[0].address = NULL;
	begin(journal, NULL, RUN_A);
	add(journal, "before", 0);
	sendas_journal_add_mailbox(journal, bad, NULL, NULL);
	add(journal, "after", 0);
	sendas_mailbox_free(bad);
	assert_int_equal(sendas_journal_finish(journal, &err), SENDAS_ERR_FILE);
	assert_non_null(strstr(err.message, "address.address"));
	assert_int_equal(
	    sendas_journal_get(journal, RUN_A, &run, &err), SENDAS_OK);
	assert_int_equal(run.finished, 0);
	assert_int_equal(run.mailboxes, 2);
	sendas_journal_run_clear(&run);
	assert_int_equal(
	    count_mailboxes(journal, RUN_A, SENDAS_JOURNAL_ALL), 2);
	assert_null(kept(journal, RUN_A, SENDAS_JOURNAL_ALL, "bad"));
	/* Nor does anything point to what was taken back with it. */
	good = kept(journal, RUN_A, SENDAS_JOURNAL_ALL, "after");
	assert_text(good->addresses[0].verification, "accepted");
	sendas_mailbox_free(good);
	assert_int_equal(sendas_journal_flush(journal, &err), SENDAS_OK);
	sendas_journal_close(journal);
}

struct listed {
	char ids[256];
};

static void
list_one(void *ctx, const struct sendas_journal_run *run)
{
	struct listed *listed = ctx;
	size_t len = strlen(listed->ids);

	snprintf(listed->ids + len, sizeof(listed->ids) - len, "%s%s",
	    len > 0 ? " " : "", run->id);
}

static void
lists_the_newest_first(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct listed listed = {""};
	struct sendas_error err = {0};

	(void)state;
	assert_int_equal(
	    sendas_journal_list(journal, list_one, &listed, &err), SENDAS_OK);
	assert_string_equal(listed.ids, "");
	assert_int_equal(try_begin(journal, NULL, "b", 200, &err), SENDAS_OK);
	assert_int_equal(try_begin(journal, NULL, "d", 400, &err), SENDAS_OK);
	assert_int_equal(try_begin(journal, NULL, "a", 100, &err), SENDAS_OK);
	/* Of the same second: the one that was added last. */
	assert_int_equal(try_begin(journal, NULL, "c1", 300, &err), SENDAS_OK);
	assert_int_equal(try_begin(journal, NULL, "c2", 300, &err), SENDAS_OK);
	assert_int_equal(
	    sendas_journal_list(journal, list_one, &listed, &err), SENDAS_OK);
	assert_string_equal(listed.ids, "d c2 c1 b a");
	sendas_journal_close(journal);
}

/* ---- planned, confirmed, begun, done ---- */

static void
assert_planned(struct sendas_journal *journal, size_t mailboxes, size_t changes)
{
	size_t got_mailboxes = 99, got_changes = 99;
	struct sendas_error err = {0};

	assert_int_equal(sendas_journal_count_planned(
			     journal, &got_mailboxes, &got_changes, &err),
	    SENDAS_OK);
	assert_int_equal(got_mailboxes, mailboxes);
	assert_int_equal(got_changes, changes);
}

static void
confirms_whole_mailboxes(void **state)
{
	/* Mailboxes with 2, 1, 0, 3 and 1 changes. */
	static const struct {
		size_t max, count, mailboxes;
	} rows[] = {{0, 7, 4}, {1, 2, 1}, {2, 2, 1}, {3, 3, 2}, {4, 3, 2},
	    {5, 3, 2}, {6, 6, 3}, {7, 7, 4}, {100, 7, 4}};
	static const size_t changes[] = {2, 1, 0, 3, 1};
	char id[16];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_journal *journal = open_journal(path, false);

		snprintf(id, sizeof(id), "r%zu", i);
		begin(journal, NULL, id);
		for (size_t j = 0; j < 5; j++)
			add(journal, j % 2 == 0 ? "a" : "b", changes[j]);
		assert_planned(journal, 4, 7);
		assert_int_equal(confirm(journal, rows[i].max), rows[i].count);
		assert_planned(
		    journal, 4 - rows[i].mailboxes, 7 - rows[i].count);
		assert_int_equal(
		    count_mailboxes(journal, id, SENDAS_JOURNAL_OPEN),
		    rows[i].mailboxes);
		/* The next ones follow. */
		assert_int_equal(confirm(journal, 0), 7 - rows[i].count);
		assert_int_equal(confirm(journal, 0), 0);
		sendas_journal_close(journal);
	}
}

static void
hands_out_what_is_asked_for(void **state)
{
	static const enum sendas_outcome outcomes[] = {SENDAS_OUTCOME_PLANNED,
	    SENDAS_OUTCOME_APPLIED, SENDAS_OUTCOME_PENDING_VERIFICATION,
	    SENDAS_OUTCOME_IGNORED, SENDAS_OUTCOME_UNDONE};
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_mailbox *mailbox;
	struct sendas_error err = {0};

	(void)state;
	begin(journal, NULL, RUN_A);
	add(journal, "mixed", 5);
	assert_int_equal(confirm(journal, 0), 5);
	add(journal, "planned", 2);
	add(journal, "none", 0);
	flush(journal);
	mailbox = kept(journal, RUN_A, SENDAS_JOURNAL_ALL, "mixed");
	for (size_t i = 0; i < 5; i++)
		mailbox->changes[i].outcome = outcomes[i];
	sendas_journal_settle(journal, mailbox, NULL, NULL);
	flush(journal);
	sendas_mailbox_free(mailbox);
	assert_int_equal(
	    count_mailboxes(journal, RUN_A, SENDAS_JOURNAL_ALL), 3);
	mailbox = kept(journal, RUN_A, SENDAS_JOURNAL_DONE, "mixed");
	assert_int_equal(mailbox->change_count, 2);
	assert_string_equal(mailbox->changes[0].address, "taro1@ocn.ne.jp");
	assert_string_equal(mailbox->changes[1].address, "taro2@ocn.ne.jp");
	assert_int_equal(mailbox->address_count, 1);
	sendas_mailbox_free(mailbox);
	mailbox = kept(journal, RUN_A, SENDAS_JOURNAL_OPEN, "mixed");
	assert_int_equal(mailbox->change_count, 1);
	assert_string_equal(mailbox->changes[0].address, "taro0@ocn.ne.jp");
	assert_true(mailbox->has_applied);
	sendas_mailbox_free(mailbox);
	assert_null(kept(journal, RUN_A, SENDAS_JOURNAL_PLANNED, "mixed"));
	mailbox = kept(journal, RUN_A, SENDAS_JOURNAL_PLANNED, "planned");
	assert_int_equal(mailbox->change_count, 2);
	assert_false(mailbox->has_applied);
	sendas_mailbox_free(mailbox);
	assert_int_equal(
	    settle(journal, RUN_A, "none", SENDAS_OUTCOME_APPLIED, &err),
	    SENDAS_OK);
	sendas_journal_close(journal);
}

/* A change that had an outcome when it was planned comes along with what waits
 * beside it, and is not to be settled again; alone it waits for nobody. */
static void
what_is_left_alone_comes_along(void **state)
{
	static const enum sendas_journal_which which[] = {
	    SENDAS_JOURNAL_PLANNED, SENDAS_JOURNAL_OPEN};
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_mailbox *mailbox;

	(void)state;
	begin(journal, NULL, RUN_A);
	mailbox = new_mailbox("mixed", 2);
	mailbox->changes[0].outcome = SENDAS_OUTCOME_CHANGED_MEANWHILE;
	sendas_journal_add_mailbox(journal, mailbox, NULL, NULL);
	sendas_mailbox_free(mailbox);
	mailbox = new_mailbox("left", 1);
	mailbox->changes[0].outcome = SENDAS_OUTCOME_CHANGED_MEANWHILE;
	sendas_journal_add_mailbox(journal, mailbox, NULL, NULL);
	sendas_mailbox_free(mailbox);
	flush(journal);
	for (size_t i = 0; i < 2; i++) {
		mailbox = kept(journal, RUN_A, which[i], "mixed");
		assert_int_equal(mailbox->change_count, 2);
		assert_int_equal(mailbox->changes[0].id, 0);
		assert_int_equal(mailbox->changes[0].outcome,
		    SENDAS_OUTCOME_CHANGED_MEANWHILE);
		assert_true(mailbox->changes[1].id > 0);
		assert_int_equal(sendas_mailbox_count_planned(mailbox), 1);
		sendas_mailbox_free(mailbox);
		assert_null(kept(journal, RUN_A, which[i], "left"));
		assert_int_equal(confirm(journal, 0), i == 0 ? 1 : 0);
	}
	mailbox = kept(journal, RUN_A, SENDAS_JOURNAL_OPEN, "mixed");
	mailbox->changes[1].outcome = SENDAS_OUTCOME_APPLIED;
	sendas_journal_settle(journal, mailbox, NULL, NULL);
	flush(journal);
	sendas_mailbox_free(mailbox);
	assert_null(kept(journal, RUN_A, SENDAS_JOURNAL_OPEN, "mixed"));
	mailbox = kept(journal, RUN_A, SENDAS_JOURNAL_ALL, "left");
	assert_true(mailbox->changes[0].id > 0);
	sendas_mailbox_free(mailbox);
	sendas_journal_close(journal);
}

static bool
is_begun(struct sendas_journal *journal, const char *run, const char *name)
{
	struct sendas_mailbox *mailbox =
	    kept(journal, run, SENDAS_JOURNAL_ALL, name);
	bool is;

	assert_non_null(mailbox);
	is = mailbox->changes[0].was_begun;
	for (size_t i = 0; i < mailbox->change_count; i++)
		assert_int_equal(mailbox->changes[i].was_begun, is);
	sendas_mailbox_free(mailbox);
	return is;
}

static void
begins_only_what_is_open(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_error err = {0};
	struct sendas_mailbox *a, *b;
	long long ids[3];

	(void)state;
	begin(journal, NULL, RUN_B);
	add(journal, "of another run", 1);
	assert_int_equal(confirm(journal, 0), 1);
	begin(journal, NULL, RUN_A);
	add(journal, "a", 2);
	add(journal, "b", 1);
	flush(journal);
	assert_int_equal(intend(journal, RUN_A, "a", &err), SENDAS_ERR_USAGE);
	assert_int_equal(confirm(journal, 2), 2);
	assert_int_equal(
	    intend(journal, RUN_B, "of another run", &err), SENDAS_ERR_USAGE);
	/* One that is not confirmed holds the others up. */
	a = kept(journal, RUN_A, SENDAS_JOURNAL_ALL, "a");
	b = kept(journal, RUN_A, SENDAS_JOURNAL_ALL, "b");
	ids[0] = a->changes[0].id;
	ids[1] = b->changes[0].id;
	ids[2] = a->changes[1].id;
	sendas_journal_intend(journal, ids, 3, NULL, NULL);
	assert_int_equal(sendas_journal_flush(journal, &err), SENDAS_ERR_USAGE);
	ids[1] = 4711;
	sendas_journal_intend(journal, ids, 3, NULL, NULL);
	assert_int_equal(sendas_journal_flush(journal, &err), SENDAS_ERR_USAGE);
	assert_false(is_begun(journal, RUN_A, "a"));
	assert_int_equal(intend(journal, RUN_A, "a", &err), SENDAS_OK);
	assert_true(is_begun(journal, RUN_A, "a"));
	assert_false(is_begun(journal, RUN_A, "b"));
	/* Again, after a crash. */
	assert_int_equal(intend(journal, RUN_A, "a", &err), SENDAS_OK);
	assert_int_equal(
	    settle(journal, RUN_A, "a", SENDAS_OUTCOME_FAILED, &err),
	    SENDAS_OK);
	assert_int_equal(intend(journal, RUN_A, "a", &err), SENDAS_ERR_USAGE);
	sendas_journal_intend(journal, ids, 0, NULL, NULL);
	flush(journal);
	sendas_mailbox_free(a);
	sendas_mailbox_free(b);
	sendas_journal_close(journal);
}

static void
settles_only_what_was_confirmed(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_error err = {0};
	struct sendas_mailbox *mailbox;

	(void)state;
	begin(journal, NULL, RUN_B);
	add(journal, "of another run", 1);
	assert_int_equal(confirm(journal, 0), 1);
	begin(journal, NULL, RUN_A);
	add(journal, "a", 3);
	flush(journal);
	assert_int_equal(
	    settle(journal, RUN_A, "a", SENDAS_OUTCOME_APPLIED, &err),
	    SENDAS_ERR_USAGE);
	assert_int_equal(settle(journal, RUN_B, "of another run",
			     SENDAS_OUTCOME_APPLIED, &err),
	    SENDAS_ERR_USAGE);
	assert_int_equal(confirm(journal, 0), 3);
	mailbox = kept(journal, RUN_A, SENDAS_JOURNAL_ALL, "a");
	mailbox->changes[0].outcome = SENDAS_OUTCOME_REFUSED;
	mailbox->changes[0].message = sendas_xstrdup("断られました");
	mailbox->changes[2].outcome = SENDAS_OUTCOME_APPLIED;
	mailbox->changes[2].id = 0;
	sendas_journal_settle(journal, mailbox, NULL, NULL);
	sendas_mailbox_free(mailbox);
	flush(journal);
	mailbox = kept(journal, RUN_A, SENDAS_JOURNAL_ALL, "a");
	assert_int_equal(mailbox->changes[0].outcome, SENDAS_OUTCOME_REFUSED);
	assert_string_equal(mailbox->changes[0].message, "断られました");
	assert_int_equal(mailbox->changes[1].outcome, SENDAS_OUTCOME_PLANNED);
	assert_int_equal(mailbox->changes[2].outcome, SENDAS_OUTCOME_PLANNED);
	/* All or nothing. */
	mailbox->changes[1].outcome = SENDAS_OUTCOME_APPLIED;
	mailbox->changes[2].outcome = SENDAS_OUTCOME_APPLIED;
	mailbox->changes[2].id = 4711;
	sendas_journal_settle(journal, mailbox, NULL, NULL);
	sendas_mailbox_free(mailbox);
	assert_int_equal(sendas_journal_flush(journal, &err), SENDAS_ERR_USAGE);
	assert_int_equal(
	    count_mailboxes(journal, RUN_A, SENDAS_JOURNAL_DONE), 0);
	sendas_journal_close(journal);
}

/* ---- taking back ---- */

static enum sendas_outcome
outcome_of(struct sendas_journal *journal, const char *run, const char *name)
{
	struct sendas_mailbox *mailbox =
	    kept(journal, run, SENDAS_JOURNAL_ALL, name);
	enum sendas_outcome outcome;

	assert_non_null(mailbox);
	outcome = mailbox->changes[0].outcome;
	sendas_mailbox_free(mailbox);
	return outcome;
}

/* A mailbox with one change, which undoes `undoes`; returns its id. */
static long long
add_undo(struct sendas_journal *journal, const char *run, const char *name,
    long long undoes)
{
	struct sendas_mailbox *mailbox = new_mailbox(name, 1);
	long long id;

	mailbox->changes[0].undoes = undoes;
	sendas_journal_add_mailbox(journal, mailbox, NULL, NULL);
	sendas_mailbox_free(mailbox);
	assert_int_equal(confirm(journal, 0), 1);
	mailbox = kept(journal, run, SENDAS_JOURNAL_OPEN, name);
	assert_int_equal(mailbox->changes[0].undoes, undoes);
	id = mailbox->changes[0].id;
	sendas_mailbox_free(mailbox);
	return id;
}

/* What became of a change, and of the one that takes it back. */
static void
check_undo(struct sendas_journal *journal, enum sendas_outcome was,
    enum sendas_outcome of_undo)
{
	bool is_done = was == SENDAS_OUTCOME_APPLIED ||
	    was == SENDAS_OUTCOME_PENDING_VERIFICATION;
	bool is_undone = of_undo == SENDAS_OUTCOME_APPLIED ||
	    of_undo == SENDAS_OUTCOME_PENDING_VERIFICATION;
	struct sendas_error err = {0};
	char fix[16], undo[16];
	long long id;

	snprintf(fix, sizeof(fix), "f-%d-%d", was, of_undo);
	snprintf(undo, sizeof(undo), "u-%d-%d", was, of_undo);
	begin(journal, NULL, fix);
	id = add_undo(journal, fix, "m", 0);
	add(journal, "other", 1);
	assert_int_equal(confirm(journal, 0), 1);
	assert_int_equal(settle(journal, fix, "m", was, &err), SENDAS_OK);
	assert_int_equal(
	    settle(journal, fix, "other", SENDAS_OUTCOME_APPLIED, &err),
	    SENDAS_OK);
	begin(journal, NULL, undo);
	add_undo(journal, undo, "m", id);
	assert_int_equal(outcome_of(journal, fix, "m"), was);
	assert_int_equal(settle(journal, undo, "m", of_undo, &err), SENDAS_OK);
	assert_int_equal(outcome_of(journal, undo, "m"), of_undo);
	assert_int_equal(outcome_of(journal, fix, "m"),
	    is_done && is_undone ? SENDAS_OUTCOME_UNDONE : was);
	assert_int_equal(
	    outcome_of(journal, fix, "other"), SENDAS_OUTCOME_APPLIED);
	assert_int_equal(count_mailboxes(journal, fix, SENDAS_JOURNAL_DONE),
	    is_done && !is_undone ? 2 : 1);
}

static void
marks_what_was_taken_back(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);

	(void)state;
	for (int was = 0; was < SENDAS_OUTCOME_COUNT; was++)
		for (int of_undo = 1; of_undo < SENDAS_OUTCOME_COUNT; of_undo++)
			check_undo(journal, (enum sendas_outcome)was,
			    (enum sendas_outcome)of_undo);
	sendas_journal_close(journal);
}

/* An undo can be undone; what it names may be gone, or its own run's. */
static void
undoes_an_undo(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_error err = {0};
	long long fix, undo, own;

	(void)state;
	begin(journal, NULL, RUN_A);
	fix = add_undo(journal, RUN_A, "m", 0);
	assert_int_equal(
	    settle(journal, RUN_A, "m", SENDAS_OUTCOME_APPLIED, &err),
	    SENDAS_OK);
	begin(journal, NULL, RUN_B);
	undo = add_undo(journal, RUN_B, "m", fix);
	assert_int_equal(
	    settle(journal, RUN_B, "m", SENDAS_OUTCOME_APPLIED, &err),
	    SENDAS_OK);
	begin(journal, NULL, RUN_C);
	own = add_undo(journal, RUN_C, "m", undo);
	assert_int_equal(
	    settle(journal, RUN_C, "m", SENDAS_OUTCOME_APPLIED, &err),
	    SENDAS_OK);
	assert_int_equal(
	    outcome_of(journal, RUN_A, "m"), SENDAS_OUTCOME_UNDONE);
	assert_int_equal(
	    outcome_of(journal, RUN_B, "m"), SENDAS_OUTCOME_UNDONE);
	assert_int_equal(
	    outcome_of(journal, RUN_C, "m"), SENDAS_OUTCOME_APPLIED);
	add_undo(journal, RUN_C, "own", own);
	assert_int_equal(
	    settle(journal, RUN_C, "own", SENDAS_OUTCOME_APPLIED, &err),
	    SENDAS_OK);
	assert_int_equal(
	    outcome_of(journal, RUN_C, "m"), SENDAS_OUTCOME_APPLIED);
	add_undo(journal, RUN_C, "gone", 4711);
	assert_int_equal(
	    settle(journal, RUN_C, "gone", SENDAS_OUTCOME_APPLIED, &err),
	    SENDAS_OK);
	sendas_journal_close(journal);
}

/* ---- looking for runs ---- */

static void
assert_found(struct sendas_journal *journal, const char *mailbox,
    const char *command, const char *run)
{
	struct sendas_error err = {0};
	char *id = NULL;

	if (mailbox != NULL)
		assert_int_equal(
		    sendas_journal_find_open(journal, mailbox, &id, &err),
		    SENDAS_OK);
	else
		assert_int_equal(
		    sendas_journal_find_unfinished(journal, command, &id, &err),
		    SENDAS_OK);
	assert_text(id, run);
	free(id);
}

static void
finds_open_changes_of_a_mailbox(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_error err = {0};

	(void)state;
	assert_found(journal, "Taro@example.com", NULL, NULL);
	assert_int_equal(try_begin(journal, NULL, RUN_A, 100, &err), SENDAS_OK);
	add(journal, "Taro@example.com", 1);
	add(journal, "hanako@example.com", 1);
	flush(journal);
	assert_int_equal(try_begin(journal, NULL, RUN_B, 300, &err), SENDAS_OK);
	/* Only planned. */
	assert_found(journal, "taro@example.com", NULL, NULL);
	assert_int_equal(
	    sendas_journal_resume(journal, NULL, RUN_A, &err), SENDAS_OK);
	assert_int_equal(confirm(journal, 1), 1);
	assert_found(journal, "taro@example.com", NULL, NULL); /* its own */
	assert_int_equal(
	    sendas_journal_resume(journal, NULL, RUN_B, &err), SENDAS_OK);
	assert_found(journal, "taro@example.com", NULL, RUN_A);
	assert_found(journal, "TARO@EXAMPLE.COM", NULL, RUN_A);
	assert_found(journal, "hanako@example.com", NULL, NULL);
	assert_found(journal, "taro@example.co", NULL, NULL);
	assert_found(journal, "%", NULL, NULL);
	/* The newest by its beginning. */
	assert_int_equal(try_begin(journal, NULL, RUN_C, 200, &err), SENDAS_OK);
	add(journal, "taro@EXAMPLE.com", 1);
	assert_int_equal(confirm(journal, 0), 1);
	assert_int_equal(
	    sendas_journal_resume(journal, NULL, RUN_B, &err), SENDAS_OK);
	assert_found(journal, "taro@example.com", NULL, RUN_C);
	assert_int_equal(
	    sendas_journal_resume(journal, NULL, RUN_C, &err), SENDAS_OK);
	assert_int_equal(settle(journal, RUN_C, "taro@EXAMPLE.com",
			     SENDAS_OUTCOME_FAILED, &err),
	    SENDAS_OK);
	assert_int_equal(
	    sendas_journal_resume(journal, NULL, RUN_B, &err), SENDAS_OK);
	assert_found(journal, "taro@example.com", NULL, RUN_A);
	sendas_journal_close(journal);
}

static void
finds_a_run_to_go_on_with(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	char undo[] = "undo", id[] = RUN_C;
	struct sendas_journal_run run = {
	    .id = id, .command = undo, .started = 300};
	struct sendas_error err = {0};

	(void)state;
	assert_found(journal, NULL, "fix", NULL);
	assert_int_equal(try_begin(journal, NULL, RUN_A, 100, &err), SENDAS_OK);
	add(journal, "a", 1);
	flush(journal);
	assert_found(journal, NULL, "fix", NULL); /* under way */
	assert_int_equal(try_begin(journal, NULL, RUN_B, 200, &err), SENDAS_OK);
	add(journal, "a", 0);
	flush(journal);
	assert_found(journal, NULL, "fix", RUN_A); /* planned */
	add(journal, "b", 1);
	assert_int_equal(confirm(journal, 0), 1);
	assert_int_equal(
	    sendas_journal_begin(journal, NULL, &run, &err), SENDAS_OK);
	assert_found(journal, NULL, "fix", RUN_B); /* open, and newer */
	assert_found(journal, NULL, "undo", NULL);
	assert_found(journal, NULL, "audit", NULL);
	add(journal, "c", 1);
	assert_int_equal(
	    sendas_journal_resume(journal, NULL, RUN_B, &err), SENDAS_OK);
	assert_found(journal, NULL, "undo", RUN_C);
	assert_int_equal(
	    settle(journal, RUN_B, "b", SENDAS_OUTCOME_APPLIED, &err),
	    SENDAS_OK);
	assert_int_equal(
	    sendas_journal_resume(journal, NULL, RUN_C, &err), SENDAS_OK);
	assert_found(journal, NULL, "fix", RUN_A);
	sendas_journal_close(journal);
}

/* ---- who asked is told ---- */

struct told {
	struct sendas_journal *journal;
	struct sendas_http *http;
	bool is_in_loop;
	int count, failed;
	char message[1024];
	long long id; /* of a change to intend next, or 0 */
	char order[64];
};

static void
hear(void *ctx, const struct sendas_error *err)
{
	struct told *told = ctx;

	assert_true(told->is_in_loop);
	told->count++;
	if (err == NULL)
		return;
	told->failed++;
	snprintf(told->message, sizeof(told->message), "%s", err->message);
}

static void
run_loop(struct told *told)
{
	told->is_in_loop = true;
	sendas_http_run(told->http);
	told->is_in_loop = false;
}

static void
add_told(struct told *told, const char *name, size_t changes)
{
	struct sendas_mailbox *mailbox = new_mailbox(name, changes);

	sendas_journal_add_mailbox(told->journal, mailbox, hear, told);
	sendas_mailbox_free(mailbox);
}

/* A second connection to the same file. */
static size_t
count_on_disk(const char *run)
{
	struct sendas_journal *journal = open_journal(path, true);
	size_t count = count_mailboxes(journal, run, SENDAS_JOURNAL_ALL);

	sendas_journal_close(journal);
	return count;
}

static void
begin_told(struct told *told)
{
	memset(told, 0, sizeof(*told));
	told->http = new_http();
	told->journal = open_journal(path, false);
	begin(told->journal, told->http, RUN_A);
}

static void
end_told(struct told *told)
{
	sendas_journal_close(told->journal);
	sendas_http_free(told->http);
}

static void
tells_each_once_from_the_loop(void **state)
{
	struct told told;

	(void)state;
	begin_told(&told);
	for (int i = 0; i < 700; i++)
		add_told(&told, "a", 1);
	assert_int_equal(told.count, 0);
	run_loop(&told);
	assert_int_equal(told.count, 700);
	assert_int_equal(told.failed, 0);
	assert_int_equal(count_on_disk(RUN_A), 700);
	/* After a flush they still come from the loop. */
	add_told(&told, "b", 1);
	flush(told.journal);
	assert_int_equal(told.count, 700);
	assert_int_equal(count_on_disk(RUN_A), 701);
	run_loop(&told);
	assert_int_equal(told.count, 701);
	end_told(&told);
}

/* One that cannot be kept does not take its group with it. */
static void
tells_only_who_failed(void **state)
{
	struct sendas_mailbox *bad = new_mailbox("bad", 0);
	struct told told, of_bad;

	(void)state;
	free(bad->addresses[0].address);
	bad->addresses[0].address = NULL;
	begin_told(&told);
	of_bad = told;
	of_bad.is_in_loop = true;
	for (int i = 0; i < 20; i++) {
		if (i == 7)
			sendas_journal_add_mailbox(
			    told.journal, bad, hear, &of_bad);
		add_told(&told, "good", 1);
	}
	run_loop(&told);
	assert_int_equal(told.count, 20);
	assert_int_equal(told.failed, 0);
	assert_int_equal(of_bad.count, 1);
	assert_int_equal(of_bad.failed, 1);
	assert_non_null(strstr(of_bad.message, path));
	assert_int_equal(count_on_disk(RUN_A), 20);
	/* It was told, so nobody else is. */
	flush(told.journal);
	sendas_mailbox_free(bad);
	end_told(&told);
}

/* In which order the callbacks came. */
static void
note_order(struct told *told, char letter)
{
	size_t len = strlen(told->order);

	assert_true(len + 1 < sizeof(told->order));
	told->order[len] = letter;
	told->order[len + 1] = '\0';
}

static void
hear_settled(void *ctx, const struct sendas_error *err)
{
	struct told *told = ctx;

	assert_null(err);
	note_order(told, 's');
}

static void
hear_intended(void *ctx, const struct sendas_error *err)
{
	struct told *told = ctx;
	struct sendas_mailbox *mailbox;

	assert_null(err);
	note_order(told, 'i');
	mailbox = kept(told->journal, RUN_A, SENDAS_JOURNAL_OPEN, "a");
	assert_true(mailbox->changes[0].was_begun);
	mailbox->changes[0].outcome = SENDAS_OUTCOME_APPLIED;
	sendas_journal_settle(told->journal, mailbox, hear_settled, told);
	sendas_mailbox_free(mailbox);
	assert_string_equal(told->order, "ai");
}

static void
hear_added(void *ctx, const struct sendas_error *err)
{
	struct told *told = ctx;
	struct sendas_mailbox *mailbox;

	assert_null(err);
	note_order(told, 'a');
	assert_int_equal(confirm(told->journal, 0), 1);
	mailbox = kept(told->journal, RUN_A, SENDAS_JOURNAL_OPEN, "a");
	sendas_journal_intend(
	    told->journal, &mailbox->changes[0].id, 1, hear_intended, told);
	sendas_mailbox_free(mailbox);
	assert_string_equal(told->order, "a");
}

static void
may_be_asked_for_more_by_who_is_told(void **state)
{
	struct sendas_mailbox *mailbox = new_mailbox("a", 1);
	struct told told;

	(void)state;
	begin_told(&told);
	sendas_journal_add_mailbox(told.journal, mailbox, hear_added, &told);
	sendas_mailbox_free(mailbox);
	sendas_http_run(told.http);
	assert_string_equal(told.order, "ais");
	assert_int_equal(
	    outcome_of(told.journal, RUN_A, "a"), SENDAS_OUTCOME_APPLIED);
	end_told(&told);
}

static void
tells_nobody_after_the_end(void **state)
{
	struct told told;

	(void)state;
	/* With the thread at work, and before it began. */
	for (int i = 0; i < 50; i++) {
		begin_told(&told);
		for (int j = 0; j < i; j++)
			add_told(&told, "a", 1);
		sendas_journal_close(told.journal);
		assert_int_equal(count_on_disk(RUN_A), i);
		sendas_http_run(told.http);
		assert_int_equal(told.count, 0);
		sendas_http_free(told.http);
		assert_int_equal(remove(path), 0);
	}
}

static void
writes_many_that_nobody_waits_for_at_once(void **state)
{
	const struct timespec pause = {.tv_sec = 1, .tv_nsec = 50000000};
	struct told told;

	(void)state;
	begin_told(&told);
	for (int i = 1; i < SENDAS_LIMIT_JOURNAL_BATCH; i++)
		add(told.journal, "a", 0);
	run_loop(&told);
	assert_int_equal(count_on_disk(RUN_A), 0);
	add(told.journal, "a", 0);
	run_loop(&told);
	assert_int_equal(count_on_disk(RUN_A), SENDAS_LIMIT_JOURNAL_BATCH);
	/* Or after a second. */
	add(told.journal, "b", 0);
	run_loop(&told);
	assert_int_equal(count_on_disk(RUN_A), SENDAS_LIMIT_JOURNAL_BATCH);
	nanosleep(&pause, NULL);
	add(told.journal, "b", 0);
	run_loop(&told);
	assert_int_equal(count_on_disk(RUN_A), SENDAS_LIMIT_JOURNAL_BATCH + 2);
	/* Or when somebody waits for another. */
	add(told.journal, "c", 0);
	add_told(&told, "d", 0);
	run_loop(&told);
	assert_int_equal(count_on_disk(RUN_A), SENDAS_LIMIT_JOURNAL_BATCH + 4);
	end_told(&told);
}

/* Memory does not grow with what is asked for, even where no loop turns. */
static void
writes_before_too_much_waits(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	size_t rows = 0, on_disk;

	(void)state;
	begin(journal, NULL, RUN_A);
	for (; rows < 2 * SENDAS_LIMIT_JOURNAL_QUEUE; rows += 8)
		add(journal, "a", 6);
	on_disk = count_on_disk(RUN_A);
	assert_true(on_disk * 8 + SENDAS_LIMIT_JOURNAL_QUEUE + 16 >= rows);
	sendas_journal_close(journal);
	assert_int_equal(count_on_disk(RUN_A), rows / 8);
}

static void
reads_what_is_on_disk_alone(void **state)
{
	struct told told;

	(void)state;
	begin_told(&told);
	add_told(&told, "a", 0);
	run_loop(&told);
	add(told.journal, "b", 0);
	assert_int_equal(
	    count_mailboxes(told.journal, RUN_A, SENDAS_JOURNAL_ALL), 1);
	end_told(&told);
	assert_int_equal(count_on_disk(RUN_A), 2);
}

/* ---- purging ---- */

static size_t
purge(struct sendas_journal *journal, time_t before)
{
	struct sendas_error err = {0};
	size_t count = 99;

	if (sendas_journal_purge(journal, before, &count, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	return count;
}

/* Runs a to e, of which b has something open and e is under way. */
static void
add_runs(struct sendas_journal *journal)
{
	static const char *const ids[] = {"a", "b", "c", "d", "e"};

	for (size_t i = 0; i < 5; i++) {
		struct sendas_mailbox *mailbox = new_full_mailbox();

		begin(journal, NULL, ids[i]);
		add_findings(mailbox);
		sendas_journal_add_mailbox(journal, mailbox, NULL, NULL);
		sendas_mailbox_free(mailbox);
		if (i == 1 || i == 2)
			add(journal, "m", 1);
		if (i == 1)
			assert_int_equal(confirm(journal, 0), 1);
		flush(journal);
	}
}

static void
purges_old_runs(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct listed listed = {""};
	struct sendas_error err = {0};

	(void)state;
	add_runs(journal);
	assert_int_equal(purge(journal, time(NULL) - 1000), 0);
	raw("UPDATE run SET written = 100 WHERE name <> 'd'");
	assert_int_equal(purge(journal, 100), 0);
	assert_int_equal(purge(journal, 101), 2);
	assert_int_equal(
	    sendas_journal_list(journal, list_one, &listed, &err), SENDAS_OK);
	assert_string_equal(listed.ids, "e d b");
	assert_int_equal(raw_int("SELECT count(*) FROM mailbox"), 4);
	assert_int_equal(raw_int("SELECT count(*) FROM change"), 1);
	assert_int_equal(raw_int("SELECT count(*) FROM address"), 121);
	assert_int_equal(raw_int("SELECT count(*) FROM finding"), 180);
	assert_true(raw_int("SELECT count(*) FROM word") > 0);
	/* The one under way is as whole as before. */
	add(journal, "later", 1);
	assert_int_equal(confirm(journal, 0), 1);
	sendas_journal_close(journal);
}

/* Words that were there before are found, or made again. */
static void
check_words(struct sendas_journal *journal, const char *run)
{
	struct sendas_mailbox *wanted = new_full_mailbox(), *got;

	add_findings(wanted);
	sendas_journal_add_mailbox(journal, wanted, NULL, NULL);
	flush(journal);
	got = kept(journal, run, SENDAS_JOURNAL_ALL, "taro@example.com");
	assert_mailbox(got, wanted);
	sendas_mailbox_free(got);
	sendas_mailbox_free(wanted);
}

static void
finds_words_again_after_a_purge(void **state)
{
	struct sendas_journal *journal = open_journal(path, false), *other;

	(void)state;
	add_runs(journal);
	begin(journal, NULL, RUN_A);
	raw("UPDATE run SET written = 100");
	raw("UPDATE change SET outcome = 6");
	/* By another process, which cannot know what this one remembers. */
	other = open_journal(path, false);
	assert_int_equal(purge(other, 101), 5);
	sendas_journal_close(other);
	assert_int_equal(raw_int("SELECT count(*) FROM word"), 0);
	check_words(journal, RUN_A);
	/* By this one. */
	begin(journal, NULL, RUN_B);
	raw("UPDATE run SET written = 100");
	assert_int_equal(purge(journal, 101), 1);
	assert_int_equal(raw_int("SELECT count(*) FROM word"), 0);
	check_words(journal, RUN_B);
	sendas_journal_close(journal);
}

static off_t
size_of(const char *suffix)
{
	struct stat info;
	char name[128];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	return stat(name, &info) == 0 ? info.st_size : 0;
}

/* Whether the file or its log has these bytes somewhere. */
static bool
has_bytes(const char *suffix, const char *bytes)
{
	size_t size = (size_t)size_of(suffix);
	char *data = sendas_xmalloc(size + 1);
	char name[128];
	FILE *file;
	bool has;

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	file = fopen(name, "rb");
	if (file == NULL) {
		free(data);
		return false;
	}
	assert_int_equal(fread(data, 1, size, file), size);
	fclose(file);
	has = memmem(data, size, bytes, strlen(bytes)) != NULL;
	free(data);
	return has;
}

/* More than is given back in one go. */
static void
leaves_nothing_of_what_it_purged(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	char *text = sendas_xmalloc(16385);
	struct sendas_mailbox *mailbox;

	(void)state;
	memset(text, 'x', 16384);
	text[16384] = '\0';
	memcpy(text + 8000, "hanako", 6);
	begin(journal, NULL, RUN_A);
	for (int i = 0; i < 1600; i++) {
		mailbox = new_mailbox("hanako@example.com", 0);
		mailbox->message = sendas_xstrdup(text);
		sendas_journal_add_mailbox(journal, mailbox, NULL, NULL);
		sendas_mailbox_free(mailbox);
	}
	free(text);
	flush(journal);
	begin(journal, NULL, RUN_B);
	assert_true(has_bytes("", "hanako"));
	assert_true(size_of("") + size_of("-wal") > 24 * 1024 * 1024);
	assert_int_equal(purge(journal, time(NULL) + 1000), 1);
	assert_int_equal(raw_int("PRAGMA freelist_count"), 0);
	assert_true(size_of("") < 256 * 1024);
	assert_int_equal(size_of("-wal"), 0);
	assert_false(has_bytes("", "hanako"));
	sendas_journal_close(journal);
}

/* ---- a journal for reading, and one without a file ---- */

static void
records_nothing_when_reading(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_journal_run run = full_run();
	size_t count, changes;
	struct sendas_error err = {0};
	char id[] = RUN_B;

	(void)state;
	begin(journal, NULL, RUN_A);
	add(journal, "a", 1);
	sendas_journal_close(journal);
	journal = open_journal(path, true);
	assert_int_equal(
	    count_mailboxes(journal, RUN_A, SENDAS_JOURNAL_ALL), 1);
	run.id = id;
	assert_int_equal(
	    sendas_journal_begin(journal, NULL, &run, &err), SENDAS_ERR_USAGE);
	assert_int_equal(sendas_journal_resume(journal, NULL, RUN_A, &err),
	    SENDAS_ERR_USAGE);
	assert_int_equal(
	    sendas_journal_confirm(journal, 0, &count, &err), SENDAS_ERR_USAGE);
	assert_int_equal(
	    sendas_journal_count_planned(journal, &count, &changes, &err),
	    SENDAS_ERR_USAGE);
	assert_int_equal(
	    sendas_journal_finish(journal, &err), SENDAS_ERR_USAGE);
	assert_int_equal(
	    sendas_journal_purge(journal, time(NULL) + 10, &count, &err),
	    SENDAS_ERR_USAGE);
	sendas_journal_close(journal);
	journal = open_journal(path, true);
	assert_int_equal(
	    count_mailboxes(journal, RUN_A, SENDAS_JOURNAL_PLANNED), 1);
	sendas_journal_close(journal);
}

static void
is_empty_where_there_is_none(void **state)
{
	struct listed listed = {""};
	struct sendas_journal_run run;
	struct sendas_journal *journal;
	struct sendas_error err = {0};
	char deep[160];
	struct stat info;

	(void)state;
	snprintf(deep, sizeof(deep), "%s/not/there/journal.db", folder);
	for (int i = 0; i < 2; i++) {
		journal = open_journal(i == 0 ? path : deep, true);
		assert_int_equal(
		    sendas_journal_list(journal, list_one, &listed, &err),
		    SENDAS_OK);
		assert_string_equal(listed.ids, "");
		assert_int_equal(sendas_journal_get(journal, RUN_A, &run, &err),
		    SENDAS_ERR_USAGE);
		assert_found(journal, "a", NULL, NULL);
		assert_found(journal, NULL, "fix", NULL);
		assert_int_equal(
		    try_begin(journal, NULL, RUN_A, 1, &err), SENDAS_ERR_USAGE);
		sendas_journal_close(journal);
	}
	assert_int_not_equal(stat(path, &info), 0);
	assert_int_equal(rmdir(folder), 0); /* nothing was made there */
	assert_int_equal(mkdir(folder, 0700), 0);
}

static void
needs_no_file(void **state)
{
	struct told told = {.http = new_http()};
	struct sendas_error err = {0};
	struct sendas_journal_run run;

	(void)state;
	told.journal = open_journal(NULL, false);
	assert_null(sendas_journal_path(told.journal));
	begin(told.journal, told.http, RUN_A);
	for (int i = 0; i < 10; i++)
		add_told(&told, "a", 1);
	run_loop(&told);
	assert_int_equal(told.count, 10);
	assert_int_equal(confirm(told.journal, 0), 10);
	assert_int_equal(intend(told.journal, RUN_A, "a", &err), SENDAS_OK);
	assert_int_equal(
	    settle(told.journal, RUN_A, "a", SENDAS_OUTCOME_APPLIED, &err),
	    SENDAS_OK);
	assert_int_equal(sendas_journal_finish(told.journal, &err), SENDAS_OK);
	begin(told.journal, told.http, RUN_B);
	assert_int_equal(
	    sendas_journal_get(told.journal, RUN_A, &run, &err), SENDAS_OK);
	assert_int_equal(run.open, 9);
	sendas_journal_run_clear(&run);
	assert_int_equal(purge(told.journal, time(NULL) + 10), 0);
	end_told(&told);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(mkdir(folder, 0700), 0);
}

static void
knows_where_it_belongs(void **state)
{
	static const struct {
		const char *state_directory, *xdg, *home, *path;
	} rows[] = {
	    {"/var/lib/sendas", "/x", "/h", "/var/lib/sendas/journal.db"},
	    {"/a:/b", "/x", "/h", "/a/journal.db"},
	    {"not/absolute", "/x", "/h", "/x/sendas/journal.db"},
	    {"", "/x", "/h", "/x/sendas/journal.db"},
	    {NULL, "/x", "/h", "/x/sendas/journal.db"},
	    {NULL, "x", "/h", "/h/.local/state/sendas/journal.db"},
	    {NULL, NULL, "/h", "/h/.local/state/sendas/journal.db"},
	    {NULL, NULL, "h", NULL},
	    {NULL, NULL, NULL, NULL},
	};
	static const char *const names[] = {
	    "STATE_DIRECTORY", "XDG_STATE_HOME", "HOME"};
	char *got;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *const values[] = {
		    rows[i].state_directory, rows[i].xdg, rows[i].home};

		for (size_t j = 0; j < 3; j++) {
			unsetenv(names[j]);
			if (values[j] != NULL)
				setenv(names[j], values[j], 1);
		}
		got = sendas_journal_default_path();
		assert_text(got, rows[i].path);
		free(got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(keeps_all_of_a_mailbox),
	    TEST(keeps_them_in_order),
	    TEST(keeps_all_of_a_run),
	    TEST(counts_what_came_of_a_run),
	    TEST(refuses_what_is_no_new_run),
	    TEST(takes_a_run_up_again),
	    TEST(does_not_finish_what_was_not_kept),
	    TEST(lists_the_newest_first),
	    TEST(confirms_whole_mailboxes),
	    TEST(hands_out_what_is_asked_for),
	    TEST(what_is_left_alone_comes_along),
	    TEST(begins_only_what_is_open),
	    TEST(settles_only_what_was_confirmed),
	    TEST(marks_what_was_taken_back),
	    TEST(undoes_an_undo),
	    TEST(finds_open_changes_of_a_mailbox),
	    TEST(finds_a_run_to_go_on_with),
	    TEST(tells_each_once_from_the_loop),
	    TEST(tells_only_who_failed),
	    TEST(may_be_asked_for_more_by_who_is_told),
	    TEST(tells_nobody_after_the_end),
	    TEST(writes_many_that_nobody_waits_for_at_once),
	    TEST(writes_before_too_much_waits),
	    TEST(reads_what_is_on_disk_alone),
	    TEST(purges_old_runs),
	    TEST(finds_words_again_after_a_purge),
	    TEST(leaves_nothing_of_what_it_purged),
	    TEST(records_nothing_when_reading),
	    TEST(is_empty_where_there_is_none),
	    TEST(needs_no_file),
	    TEST(knows_where_it_belongs),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name(
	    "journal", tests, set_up_group, tear_down_group);
}
