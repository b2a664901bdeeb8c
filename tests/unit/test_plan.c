/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_plan.c: only what the API can repair without a password is planned,
 * and each address once; the way back is planned only where a field still
 * stands as it was left.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
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
	assert_int_equal(sendas_plan_mailbox(mailbox), 1);
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
	assert_int_equal(sendas_plan_mailbox(mailbox), 2);
	assert_string_equal(mailbox->changes[1].address, "b@ocn.ne.jp");
	sendas_mailbox_free(mailbox);
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
	sendas_plan_undo(now, done);
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
	sendas_plan_undo(now, done);
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
	sendas_plan_undo(now, done);
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
	sendas_plan_undo(now, done);
	assert_int_equal(now->change_count, 2);
	assert_left(
	    &now->changes[0], "stands@ocn.ne.jp", SENDAS_OUTCOME_FAILED);
	assert_false(now->changes[0].is_reversible);
	assert_left(&now->changes[1], "ticked@ocn.ne.jp",
	    SENDAS_OUTCOME_CHANGED_MEANWHILE);
	sendas_mailbox_free(done);
	sendas_mailbox_free(now);
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
	sendas_plan_undo(now, done);
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
	    cmocka_unit_test(plans_the_way_back),
	    cmocka_unit_test(leaves_alone_what_changed_since),
	    cmocka_unit_test(looks_at_the_field_alone),
	    cmocka_unit_test(tells_what_has_no_way_back),
	    cmocka_unit_test(plans_nothing_back_for_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("plan", tests, setup, teardown);
}
