/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_plan.c: only what the API can repair without a password is planned,
 * and each address once.
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(plans_the_alias_alone),
	    cmocka_unit_test(plans_each_address_once),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("plan", tests, setup, teardown);
}
