/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_guide.c: what is named as changed between two looks, and the loop
 * with a person who answers by script.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "sendas/buf.h"
#include "sendas/guide.h"
#include "sendas/mem.h"
#include "sendas/policy_file.h"
#include "sendas/rules.h"
#include "test_ocn.h"

static struct sendas_mailbox *
make(bool is_alias, long port, const char *security)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("t@gmail.com", SENDAS_SOURCE_ANSWERS);
	struct sendas_address *address = sendas_mailbox_add_address(mailbox);

	address->address = sendas_xstrdup("t@ocn.ne.jp");
	address->treat_as_alias = is_alias;
	address->has_relay = true;
	address->relay.host = sendas_xstrdup("smtp.ocn.ne.jp");
	address->relay.port = port;
	address->relay.security = sendas_xstrdup(security);
	sendas_rules_judge(policy, mailbox);
	return mailbox;
}

static void
names_only_what_changed(void **state)
{
	struct sendas_mailbox *before = make(true, 587, "ssl");
	struct sendas_mailbox *now = make(false, 465, "ssl");
	char *text = sendas_guide_format_changes(before, now);

	(void)state;
	assert_string_equal(text,
	    "t@ocn.ne.jp\n  \"Treat as an alias\": on -> off\n"
	    "  port: 587 -> 465\n");
	free(text);
	text = sendas_guide_format_changes(now, now);
	assert_string_equal(text, "");
	free(text);
	sendas_mailbox_free(before);
	sendas_mailbox_free(now);
}

/* What was not seen in one of the looks is not called a change. */
static void
says_nothing_of_what_was_not_seen(void **state)
{
	struct sendas_mailbox *before = make(true, 587, "starttls");
	struct sendas_mailbox *now = make(false, -1, NULL);
	char *text;

	(void)state;
	now->addresses[0].unseen = SENDAS_UNSEEN_PORT | SENDAS_UNSEEN_SECURITY;
	before->addresses[0].unseen = SENDAS_UNSEEN_ALIAS;
	text = sendas_guide_format_changes(before, now);
	assert_string_equal(text, "");
	free(text);
	sendas_mailbox_free(before);
	sendas_mailbox_free(now);
}

/* What a second look does not show is not right: it must be one at the same
 * settings. */
static void
refuses_a_look_at_something_else(void **state)
{
	struct sendas_mailbox *before = make(true, 465, "ssl");
	struct sendas_mailbox *same = make(false, 465, "ssl");
	struct sendas_mailbox *other =
	    sendas_mailbox_new("u@gmail.com", SENDAS_SOURCE_FILE);
	struct sendas_mailbox *without =
	    sendas_mailbox_new(NULL, SENDAS_SOURCE_FILE);
	struct sendas_mailbox *unread =
	    sendas_mailbox_new(NULL, SENDAS_SOURCE_FILE);
	struct sendas_error err;

	(void)state;
	assert_int_equal(
	    sendas_guide_check_look(before, same, false, &err), SENDAS_OK);
	assert_int_equal(sendas_guide_check_look(before, other, false, &err),
	    SENDAS_ERR_INPUT);
	assert_non_null(strstr(err.message, "u@gmail.com"));
	assert_int_equal(sendas_guide_check_look(before, without, false, &err),
	    SENDAS_ERR_INPUT);
	assert_non_null(strstr(err.message, "t@ocn.ne.jp"));
	/* By the API all are shown: what is not there was removed. */
	assert_int_equal(
	    sendas_guide_check_look(before, without, true, &err), SENDAS_OK);
	assert_int_equal(sendas_guide_check_look(before, other, true, &err),
	    SENDAS_ERR_INPUT);
	sendas_fail(&err, SENDAS_ERR_ANSWER, "there is nothing in it");
	sendas_mailbox_set_unread(unread, &err);
	assert_int_equal(sendas_guide_check_look(before, unread, false, &err),
	    SENDAS_ERR_INPUT);
	assert_string_equal(err.message, "there is nothing in it");
	/* An address that needed nothing may go. */
	assert_int_equal(
	    sendas_guide_check_look(same, without, false, &err), SENDAS_OK);
	sendas_mailbox_free(before);
	sendas_mailbox_free(same);
	sendas_mailbox_free(other);
	sendas_mailbox_free(without);
	sendas_mailbox_free(unread);
}

/* A person by script. */
static const char *const *answers;
static struct sendas_buf shown;
static struct sendas_mailbox *looks[4];
static size_t next_look, remembered;

static void
show(void *ctx, const char *text)
{
	(void)ctx;
	sendas_buf_add_text(&shown, text);
}

static enum sendas_status
ask(void *ctx, const char *prompt, char **answer, struct sendas_error *err)
{
	(void)ctx;
	(void)err;
	sendas_buf_add_text(&shown, prompt);
	*answer = sendas_xstrdup(*answers);
	if (*answers != NULL)
		answers++;
	return SENDAS_OK;
}

static enum sendas_status
look(void *ctx, const struct sendas_mailbox *before,
    struct sendas_mailbox **out, struct sendas_error *err)
{
	(void)ctx;
	assert_non_null(before);
	*out = looks[next_look++];
	if (*out == NULL && next_look == 1)
		return sendas_fail(err, SENDAS_ERR_INPUT, "a torn paste");
	return SENDAS_OK;
}

static void
remember(void *ctx, const struct sendas_mailbox *mailbox)
{
	(void)ctx;
	(void)mailbox;
	remembered++;
}

/* Runs it over a wrong mailbox and gives what was shown; the caller frees
 * that. */
static char *
run(const char *const *script, bool *is_right)
{
	struct sendas_ui ui = {.show = show, .ask = ask};
	struct sendas_guide guide = {
	    .policy = policy,
	    .ui = &ui,
	    .look = {.fn = look},
	    .remember = remember,
	};
	struct sendas_mailbox *mailbox = make(true, 465, "ssl");
	struct sendas_error err;

	answers = script;
	next_look = 0;
	remembered = 0;
	sendas_buf_init(&shown, 65536);
	assert_int_equal(
	    sendas_guide_run(&guide, false, &mailbox, is_right, &err),
	    SENDAS_OK);
	sendas_mailbox_free(mailbox);
	return sendas_buf_take(&shown);
}

static void
stops_when_the_steps_are_not_wanted(void **state)
{
	static const char *const script[] = {"n", NULL};
	bool is_right = true;
	char *text = run(script, &is_right);

	(void)state;
	assert_false(is_right);
	assert_null(strstr(text, "How to fix it"));
	assert_non_null(strstr(text, "To go on later"));
	assert_int_equal(remembered, 1);
	free(text);
}

/* A look that fails is told and tried again; one that is still wrong gives
 * the steps again; a right one ends it. */
static void
goes_on_until_it_is_right(void **state)
{
	static const char *const script[] = {"", "", "", "はい", NULL};
	bool is_right = false;
	char *text;

	(void)state;
	looks[0] = NULL;
	looks[1] = make(true, 465, "ssl");
	looks[2] = make(false, 465, "ssl");
	text = run(script, &is_right);
	assert_true(is_right);
	assert_int_equal(next_look, 3);
	assert_int_equal(remembered, 3);
	assert_non_null(strstr(text, "a torn paste"));
	assert_non_null(strstr(text, "Nothing has changed since."));
	assert_non_null(strstr(text, "Still to do: t@ocn.ne.jp"));
	assert_non_null(strstr(text, "The settings are right now."));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_only_what_changed),
	    cmocka_unit_test(says_nothing_of_what_was_not_seen),
	    cmocka_unit_test(refuses_a_look_at_something_else),
	    cmocka_unit_test(stops_when_the_steps_are_not_wanted),
	    cmocka_unit_test(goes_on_until_it_is_right),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("guide", tests, setup, teardown);
}
