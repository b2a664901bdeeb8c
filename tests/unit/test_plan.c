/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_plan.c: what the API can repair without a password is planned, what
 * needs one where there may be one, and each field once; the way back is
 * planned only where a field still stands as it was left.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "sendas/mem.h"
#include "sendas/plan.h"
#include "sendas/policy_file.h"
#include "sendas/rules.h"
#include "test_ocn.h"

static void
add(struct sendas_mailbox *mailbox, const char *name, bool is_alias, long port)
{
	struct sendas_address *address = sendas_mailbox_add_address(mailbox);

	address->address = sendas_xstrdup(name);
	address->verification = sendas_xstrdup("accepted");
	address->treat_as_alias = is_alias;
	address->has_relay = true;
	address->relay.host = sendas_xstrdup("smtp.ocn.ne.jp");
	address->relay.port = port;
	address->relay.security = sendas_xstrdup("ssl");
}

static size_t
plan(struct sendas_mailbox *mailbox, const struct sendas_passwords *passwords,
    bool is_person)
{
	const struct sendas_plan_means means = {
	    .policy = policy, .passwords = passwords, .is_person = is_person};

	return sendas_plan_mailbox(mailbox, &means);
}

static void
plan_back(struct sendas_mailbox *mailbox, const struct sendas_mailbox *done,
    const struct sendas_passwords *passwords)
{
	const struct sendas_plan_means means = {
	    .policy = policy, .passwords = passwords};

	sendas_plan_undo(mailbox, done, &means);
}

static void
plans_the_alias_alone(void **state)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);
	const struct sendas_change *change;

	(void)state;
	add(mailbox, "t@example.com", true, 465);
	add(mailbox, "right@ocn.ne.jp", false, 465);
	add(mailbox, "port@ocn.ne.jp", false, 25);
	add(mailbox, "alias@sky.ocn.ne.jp", true, 25);
	sendas_rules_judge(policy, mailbox);
	assert_int_equal(plan(mailbox, NULL, false), 1);
	change = &mailbox->changes[0];
	assert_string_equal(change->address, "alias@sky.ocn.ne.jp");
	assert_int_equal(change->field, SENDAS_FIELD_TREAT_AS_ALIAS);
	assert_true(change->before.is_true);
	assert_int_equal(change->after.kind, SENDAS_VALUE_BOOL);
	assert_false(change->after.is_true);
	assert_int_equal(change->outcome, SENDAS_OUTCOME_PLANNED);
	assert_true(change->is_reversible);
	sendas_mailbox_free(mailbox);
}

/* Twice in the list is one setting, whatever the case of its letters. */
static void
plans_each_address_once(void **state)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);

	(void)state;
	add(mailbox, "a@ocn.ne.jp", true, 465);
	add(mailbox, "A@ocn.ne.jp", true, 465);
	add(mailbox, "b@ocn.ne.jp", true, 465);
	sendas_rules_judge(policy, mailbox);
	assert_int_equal(plan(mailbox, NULL, false), 2);
	assert_string_equal(mailbox->changes[1].address, "b@ocn.ne.jp");
	sendas_mailbox_free(mailbox);
}

/* ---- the relay ---- */

static void
assert_relay(const struct sendas_value *value, const char *host, long port,
    const char *security)
{
	assert_int_equal(value->kind, SENDAS_VALUE_RELAY);
	assert_string_equal(value->text, host);
	assert_int_equal(value->number, port);
	assert_string_equal(value->security, security);
}

/* All that needs no password comes before all that does. */
static void
plans_relays_behind_aliases(void **state)
{
	struct sendas_passwords *passwords = sendas_passwords_from_fd(3);
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);

	(void)state;
	add(mailbox, "t@example.com", false, 25);
	add(mailbox, "both@ocn.ne.jp", true, 25);
	add(mailbox, "right@ocn.ne.jp", false, 465);
	add(mailbox, "alias@ocn.ne.jp", true, 465);
	add(mailbox, "BOTH@ocn.ne.jp", false, 25);
	sendas_rules_judge(policy, mailbox);
	assert_int_equal(plan(mailbox, passwords, false), 3);
	assert_int_equal(
	    mailbox->changes[0].field, SENDAS_FIELD_TREAT_AS_ALIAS);
	assert_int_equal(
	    mailbox->changes[1].field, SENDAS_FIELD_TREAT_AS_ALIAS);
	assert_int_equal(mailbox->changes[2].field, SENDAS_FIELD_RELAY);
	assert_string_equal(mailbox->changes[2].address, "both@ocn.ne.jp");
	assert_relay(&mailbox->changes[2].before, "smtp.ocn.ne.jp", 25, "ssl");
	assert_relay(&mailbox->changes[2].after, "smtp.ocn.ne.jp", 465, "ssl");
	assert_true(mailbox->changes[2].is_reversible);
	sendas_mailbox_free(mailbox);
	sendas_passwords_free(passwords);
}

/* What works, though it is not advised, is changed only when asked for. */
static void
leaves_relays_that_work(void **state)
{
	struct sendas_passwords *passwords = sendas_passwords_from_fd(3);
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);

	(void)state;
	add(mailbox, "works@ocn.ne.jp", false, 587);
	free(mailbox->addresses[0].relay.security);
	mailbox->addresses[0].relay.security = sendas_xstrdup("starttls");
	sendas_rules_judge(policy, mailbox);
	assert_int_equal(plan(mailbox, passwords, false), 0);
	sendas_mailbox_free(mailbox);
	sendas_passwords_free(passwords);
}

/* Where no relay was before, there is no way back to none. */
static void
plans_a_relay_where_none_was(void **state)
{
	struct sendas_passwords *passwords = sendas_passwords_from_fd(3);
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);

	(void)state;
	sendas_mailbox_add_address(mailbox)->address =
	    sendas_xstrdup("none@ocn.ne.jp");
	sendas_rules_judge(policy, mailbox);
	assert_int_equal(plan(mailbox, passwords, false), 1);
	assert_int_equal(mailbox->changes[0].before.kind, SENDAS_VALUE_NULL);
	assert_false(mailbox->changes[0].is_reversible);
	sendas_mailbox_free(mailbox);
	sendas_passwords_free(passwords);
}

/* A person's password is not asked for before Google took something else. */
static void
plans_a_persons_relay_behind_an_alias(void **state)
{
	struct sendas_passwords *passwords = sendas_passwords_from_fd(3);
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);

	(void)state;
	add(mailbox, "port@ocn.ne.jp", false, 25);
	sendas_rules_judge(policy, mailbox);
	assert_int_equal(plan(mailbox, passwords, true), 0);
	add(mailbox, "alias@ocn.ne.jp", true, 465);
	sendas_rules_judge(policy, mailbox);
	assert_int_equal(plan(mailbox, passwords, true), 2);
	assert_string_equal(mailbox->changes[0].address, "alias@ocn.ne.jp");
	assert_string_equal(mailbox->changes[1].address, "port@ocn.ne.jp");
	sendas_mailbox_free(mailbox);
	sendas_passwords_free(passwords);
}

/* ---- the way back ---- */

/* A change that an earlier run made, with an id of its own. */
static struct sendas_change *
add_done(struct sendas_mailbox *done, const char *address, bool before)
{
	struct sendas_change *change = sendas_mailbox_add_change(done);

	change->id = 100 + (long long)done->change_count;
	change->address = sendas_xstrdup(address);
	change->field = SENDAS_FIELD_TREAT_AS_ALIAS;
	change->before = sendas_value_bool(before);
	change->after = sendas_value_bool(!before);
	change->outcome = SENDAS_OUTCOME_APPLIED;
	change->is_reversible = true;
	return change;
}

static void
assert_planned_back(const struct sendas_change *change, const char *address,
    long long undoes, bool before)
{
	assert_string_equal(change->address, address);
	assert_int_equal(change->id, 0);
	assert_int_equal(change->undoes, undoes);
	assert_int_equal(change->field, SENDAS_FIELD_TREAT_AS_ALIAS);
	assert_int_equal(change->before.kind, SENDAS_VALUE_BOOL);
	assert_int_equal(change->before.is_true, before);
	assert_int_equal(change->after.kind, SENDAS_VALUE_BOOL);
	assert_int_equal(change->after.is_true, !before);
	assert_int_equal(change->outcome, SENDAS_OUTCOME_PLANNED);
	assert_true(change->is_reversible);
	assert_null(change->message);
}

/* What it takes from the record is its own: the record is freed first. */
static void
plans_the_way_back(void **state)
{
	struct sendas_mailbox *now =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_mailbox *done =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_change *pending;

	(void)state;
	add(now, "off@ocn.ne.jp", false, 465);
	add(now, "on@ocn.ne.jp", true, 465);
	add_done(done, "off@ocn.ne.jp", true);
	pending = add_done(done, "on@ocn.ne.jp", false);
	pending->outcome = SENDAS_OUTCOME_PENDING_VERIFICATION;
	pending->message = sendas_xstrdup("of that time");
	plan_back(now, done, NULL);
	sendas_mailbox_free(done);
	assert_int_equal(now->change_count, 2);
	assert_planned_back(&now->changes[0], "off@ocn.ne.jp", 101, false);
	/* An undo is undone in the same way. */
	assert_planned_back(&now->changes[1], "on@ocn.ne.jp", 102, true);
	sendas_mailbox_free(now);
}

static void
assert_left(const struct sendas_change *change, const char *address,
    enum sendas_outcome outcome)
{
	assert_string_equal(change->address, address);
	assert_int_equal(change->outcome, outcome);
	assert_non_null(change->message);
	assert_true(*change->message != '\0');
}

/* One field that was changed since does not keep another from its way back,
 * and is not passed over in silence. */
static void
leaves_alone_what_changed_since(void **state)
{
	struct sendas_mailbox *now =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_mailbox *done =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);

	(void)state;
	add(now, "ticked@ocn.ne.jp", true, 465);
	add(now, "stands@ocn.ne.jp", false, 465);
	add_done(done, "ticked@ocn.ne.jp", true);
	add_done(done, "gone@ocn.ne.jp", true);
	add_done(done, "stands@ocn.ne.jp", true);
	plan_back(now, done, NULL);
	assert_int_equal(now->change_count, 3);
	assert_left(&now->changes[0], "ticked@ocn.ne.jp",
	    SENDAS_OUTCOME_CHANGED_MEANWHILE);
	assert_left(&now->changes[1], "gone@ocn.ne.jp",
	    SENDAS_OUTCOME_CHANGED_MEANWHILE);
	assert_planned_back(&now->changes[2], "stands@ocn.ne.jp", 103, false);
	/* The record still says what was done. */
	assert_int_equal(done->change_count, 3);
	assert_int_equal(done->changes[0].outcome, SENDAS_OUTCOME_APPLIED);
	assert_true(done->changes[0].before.is_true);
	sendas_mailbox_free(done);
	sendas_mailbox_free(now);
}

/* Another field, and the case of letters, are no reason to leave it. */
static void
looks_at_the_field_alone(void **state)
{
	struct sendas_mailbox *now =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_mailbox *done =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);

	(void)state;
	add(now, "Port@ocn.ne.jp", false, 25);
	add_done(done, "port@ocn.ne.jp", true);
	plan_back(now, done, NULL);
	assert_int_equal(now->change_count, 1);
	assert_planned_back(&now->changes[0], "port@ocn.ne.jp", 101, false);
	sendas_mailbox_free(done);
	sendas_mailbox_free(now);
}

/* That it was changed since comes first: there is nothing to put back. */
static void
tells_what_has_no_way_back(void **state)
{
	struct sendas_mailbox *now =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_mailbox *done =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);

	(void)state;
	add(now, "stands@ocn.ne.jp", false, 465);
	add(now, "ticked@ocn.ne.jp", true, 465);
	add_done(done, "stands@ocn.ne.jp", true)->is_reversible = false;
	add_done(done, "ticked@ocn.ne.jp", true)->is_reversible = false;
	plan_back(now, done, NULL);
	assert_int_equal(now->change_count, 2);
	assert_left(
	    &now->changes[0], "stands@ocn.ne.jp", SENDAS_OUTCOME_FAILED);
	assert_false(now->changes[0].is_reversible);
	assert_left(&now->changes[1], "ticked@ocn.ne.jp",
	    SENDAS_OUTCOME_CHANGED_MEANWHILE);
	sendas_mailbox_free(done);
	sendas_mailbox_free(now);
}

/* A relay that an earlier run set. */
static void
add_done_relay(struct sendas_mailbox *done, const char *address,
    const char *host, long port, const char *security)
{
	struct sendas_change *change = add_done(done, address, true);

	change->field = SENDAS_FIELD_RELAY;
	if (host != NULL)
		change->before = sendas_value_relay(host, port, security);
	else
		change->before =
		    (struct sendas_value){.kind = SENDAS_VALUE_NULL};
	change->after = sendas_value_relay("smtp.ocn.ne.jp", 465, "ssl");
}

static void
puts_relays_back(void **state)
{
	static const struct {
		const char *host;
		long port;
		const char *security;
		bool is_back;
	} rows[] = {
	    {"smtp.ocn.ne.jp", 587, "starttls", true},
	    {"SMTP.ocn.ne.jp.", 465, "ssl", true},
	    {"mail.example.com", 465, "ssl", true},
	    {NULL, 0, NULL, false},
	    {"smtp.ocn.ne.jp", 25, "none", false},
	    {"smtp.ocn.ne.jp", 25, NULL, false},
	    {"smtp.ocn.ne.jp", -1, "ssl", false},
	    {"smtp.ocn.ne.jp.evil.example", 465, "ssl", false},
	    {"smtp-ocn.example", 465, "ssl", false},
	    {"smtp.gmail.com", 465, "ssl", false},
	    {"192.0.2.1", 465, "ssl", false},
	    {"mail.example.com/x?", 465, "ssl", false},
	    {"user@mail.example.com", 465, "ssl", false},
	};
	struct sendas_passwords *passwords = sendas_passwords_from_fd(3);

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_mailbox *now =
		    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);
		struct sendas_mailbox *done =
		    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);

		print_message("# %s\n", rows[i].host);
		add(now, "a@ocn.ne.jp", false, 465);
		add_done_relay(done, "a@ocn.ne.jp", rows[i].host, rows[i].port,
		    rows[i].security);
		plan_back(now, done, passwords);
		/* Without the old password there is no way. */
		plan_back(now, done, NULL);
		assert_int_equal(now->change_count, 2);
		assert_int_equal(now->changes[0].outcome,
		    rows[i].is_back ? SENDAS_OUTCOME_PLANNED
				    : SENDAS_OUTCOME_FAILED);
		assert_left(
		    &now->changes[1], "a@ocn.ne.jp", SENDAS_OUTCOME_FAILED);
		if (rows[i].is_back)
			assert_relay(&now->changes[0].after, rows[i].host,
			    rows[i].port, rows[i].security);
		sendas_mailbox_free(done);
		sendas_mailbox_free(now);
	}
	sendas_passwords_free(passwords);
}

static void
plans_nothing_back_for_nothing(void **state)
{
	struct sendas_mailbox *now =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_mailbox *done =
	    sendas_mailbox_new("t@example.com", SENDAS_SOURCE_GMAIL);

	(void)state;
	add(now, "ticked@ocn.ne.jp", true, 465);
	plan_back(now, done, NULL);
	assert_int_equal(now->change_count, 0);
	sendas_mailbox_free(done);
	sendas_mailbox_free(now);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plans_the_alias_alone),
	    cmocka_unit_test(plans_each_address_once),
	    cmocka_unit_test(plans_relays_behind_aliases),
	    cmocka_unit_test(leaves_relays_that_work),
	    cmocka_unit_test(plans_a_relay_where_none_was),
	    cmocka_unit_test(plans_a_persons_relay_behind_an_alias),
	    cmocka_unit_test(plans_the_way_back),
	    cmocka_unit_test(leaves_alone_what_changed_since),
	    cmocka_unit_test(looks_at_the_field_alone),
	    cmocka_unit_test(tells_what_has_no_way_back),
	    cmocka_unit_test(puts_relays_back),
	    cmocka_unit_test(plans_nothing_back_for_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("plan", tests, setup, teardown);
}
