/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_select.c: words and lists make the same stream, and whose own mailbox
 * is meant depends on the credentials.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "sendas/buf.h"
#include "sendas/mem.h"
#include "sendas/select.h"

/* All of a selection, with a space between; the caller frees it. */
static char *
take_all(struct sendas_selection *selection)
{
	struct sendas_buf all;
	const char *mailbox;
	size_t count = 0;

	sendas_buf_init(&all, 4096);
	while (sendas_selection_next(selection, &mailbox)) {
		sendas_buf_printf(&all, "%s%s", count > 0 ? " " : "",
		    mailbox != NULL ? mailbox : "(own)");
		count++;
	}
	/* It stays at its end. */
	assert_false(sendas_selection_next(selection, &mailbox));
	assert_int_equal(sendas_selection_count(selection), count);
	assert_int_equal(sendas_selection_end(selection, NULL), SENDAS_OK);
	return sendas_buf_take(&all);
}

static void
takes_words(void **state)
{
	static const struct {
		const char *words[4];
		const char *want; /* NULL: refused */
	} rows[] = {
	    {{NULL}, "(own)"}, {{"taro@example.com"}, "taro@example.com"},
	    {{"b@x.jp", "a@x.jp", "c@x.jp"}, "b@x.jp a@x.jp c@x.jp"},
	    {{"Taro@Example.com", "b@x.jp", "taro@example.COM"},
		"taro@example.com b@x.jp"},
	    {{"taro"}, NULL}, {{"a@x.jp", "b@"}, NULL}, {{"@x.jp"}, NULL},
	    {{"a@b@c"}, NULL}, {{""}, NULL}, {{"a@x.jp "}, NULL},
	    {{"a@x.jp,b@x.jp"}, NULL}, {{"<a@x.jp>"}, NULL},
	    {{"a@x.jp\n"}, NULL}, {{"a@\xff.jp"}, NULL},
	    {{"a@x.jp\xe2\x80\x8b"}, NULL}, /* invisible */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_selection *selection = NULL;
		struct sendas_error err;
		enum sendas_status status;
		size_t count = 0;
		char *got;

		while (rows[i].words[count] != NULL)
			count++;
		status = sendas_select_from_words(
		    (char *const *)rows[i].words, count, &selection, &err);
		if (rows[i].want == NULL) {
			assert_int_equal(status, SENDAS_ERR_USAGE);
			assert_non_null(
			    strstr(err.message, "is not an e-mail address"));
			assert_null(selection);
			continue;
		}
		assert_int_equal(status, SENDAS_OK);
		got = take_all(selection);
		assert_string_equal(got, rows[i].want);
		free(got);
		sendas_selection_free(selection);
	}
	sendas_selection_free(NULL);
}

static void
knows_who_has_a_mailbox(void **state)
{
	static const struct {
		enum sendas_credentials_kind kind;
		enum sendas_status want;
	} rows[] = {
	    {SENDAS_CREDENTIALS_SERVICE_ACCOUNT, SENDAS_ERR_USAGE},
	    {SENDAS_CREDENTIALS_ACCESS_TOKEN, SENDAS_OK},
	    {SENDAS_CREDENTIALS_AUTHORIZED_USER, SENDAS_OK},
	    {SENDAS_CREDENTIALS_CLIENT, SENDAS_ERR_USAGE},
	};
	char *word[] = {"taro@example.com"};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_credentials who = {.kind = rows[i].kind};
		struct sendas_selection *own, *named;
		struct sendas_error err;

		assert_int_equal(
		    sendas_select_from_words(NULL, 0, &own, &err), SENDAS_OK);
		assert_int_equal(
		    sendas_select_check(own, &who, &err), rows[i].want);
		if (rows[i].want != SENDAS_OK)
			assert_non_null(strstr(err.message, "which mailbox?"));
		sendas_selection_free(own);
		assert_int_equal(
		    sendas_select_from_words(word, 1, &named, &err), SENDAS_OK);
		assert_int_equal(
		    sendas_select_check(named, &who, &err), SENDAS_OK);
		sendas_selection_free(named);
	}
}

/* A sign-in that says whose it is selects that one; what was named stays. */
static void
takes_the_mailbox_of_a_sign_in(void **state)
{
	struct sendas_credentials who = {
	    .kind = SENDAS_CREDENTIALS_AUTHORIZED_USER,
	    .mailbox = "Taro@Example.com",
	};
	char *word[] = {"hana@example.com"};
	struct sendas_selection *selection;
	char *got;

	(void)state;
	assert_int_equal(
	    sendas_select_from_words(NULL, 0, &selection, NULL), SENDAS_OK);
	for (int i = 0; i < 2; i++) {
		/* Asked twice, it is selected once. */
		assert_int_equal(
		    sendas_select_check(selection, &who, NULL), SENDAS_OK);
		sendas_selection_rewind(selection);
		got = take_all(selection);
		assert_string_equal(got, "taro@example.com");
		free(got);
	}
	sendas_selection_free(selection);
	assert_int_equal(
	    sendas_select_from_words(word, 1, &selection, NULL), SENDAS_OK);
	assert_int_equal(sendas_select_check(selection, &who, NULL), SENDAS_OK);
	got = take_all(selection);
	assert_string_equal(got, "hana@example.com");
	free(got);
	sendas_selection_free(selection);
}

static void
takes_a_list(void **state)
{
	char path[] = "test_select.XXXXXX";
	struct sendas_credentials who = {
	    .kind = SENDAS_CREDENTIALS_SERVICE_ACCOUNT};
	static const char text[] = "b@x.jp\na@x.jp\nB@x.jp\n";
	struct sendas_selection *selection;
	int fd = mkstemp(path);
	size_t line;
	char *got;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, sizeof(text) - 1), sizeof(text) - 1);
	close(fd);
	assert_int_equal(
	    sendas_select_from_users(path, &selection, NULL), SENDAS_OK);
	/* What happens to the file now is no matter. */
	unlink(path);
	assert_int_equal(sendas_select_check(selection, &who, NULL), SENDAS_OK);
	assert_int_equal(sendas_selection_repeats(selection, &line), 1);
	assert_int_equal(line, 3);
	got = take_all(selection);
	assert_string_equal(got, "b@x.jp a@x.jp");
	free(got);
	sendas_selection_free(selection);
	assert_int_equal(
	    sendas_select_from_users(path, &selection, NULL), SENDAS_ERR_FILE);
}

static void
counts_before_it_is_read(void **state)
{
	char *words[] = {"a@x.jp", "b@x.jp"};
	struct sendas_selection *selection;
	size_t line = 7;

	(void)state;
	assert_int_equal(
	    sendas_select_from_words(words, 2, &selection, NULL), SENDAS_OK);
	assert_int_equal(sendas_selection_count(selection), 2);
	assert_int_equal(sendas_selection_repeats(selection, &line), 0);
	assert_int_equal(line, 0);
	sendas_selection_free(selection);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(takes_words),
	    cmocka_unit_test(knows_who_has_a_mailbox),
	    cmocka_unit_test(takes_the_mailbox_of_a_sign_in),
	    cmocka_unit_test(takes_a_list),
	    cmocka_unit_test(counts_before_it_is_read),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("select", tests, NULL, NULL);
}
