/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_secret.c: what is left of a secret in memory when it is gone.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sendas/mem.h"
#include "sendas/secret.h"

/* malloc() keeps its own notes at the beginning of what is free. */
#define NOTES 32

static const char text[] =
    "ya29.an-invented-token-that-is-longer-than-what-malloc-writes-over-it-"
    "when-it-is-free";

/* How much of `text` is at an address, whether or not it is still ours: read
 * as a debugger would, since to touch freed memory is a fault. */
static size_t
count_left(uintptr_t address)
{
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	char there[sizeof(text)] = "";
	size_t left = 0;
	ssize_t got;

	if (memory < 0)
		skip();
	got = pread(memory, there, sizeof(there), (off_t)address);
	close(memory);
	assert_int_equal(got, sizeof(there));
	for (size_t i = NOTES; i < strlen(text); i++)
		left += there[i] == text[i];
	return left;
}

/* Else none of these tests would see anything. */
static void
is_seen_while_it_is_set(void **state)
{
	struct sendas_secret secret = {0};

	(void)state;
	sendas_secret_set(&secret, text, strlen(text));
	assert_int_equal(
	    count_left((uintptr_t)secret.data), strlen(text) - NOTES);
	sendas_secret_clear(&secret);
}

static void
is_wiped_when_it_is_cleared(void **state)
{
	struct sendas_secret secret = {0};
	uintptr_t address;

	(void)state;
	sendas_secret_set(&secret, text, strlen(text));
	address = (uintptr_t)secret.data;
	sendas_secret_clear(&secret);
	assert_false(sendas_secret_is_set(&secret));
	assert_int_equal(count_left(address), 0);
	sendas_secret_clear(&secret);
}

static void
is_wiped_when_another_takes_its_place(void **state)
{
	struct sendas_secret secret = {0};
	uintptr_t address;

	(void)state;
	sendas_secret_set(&secret, text, strlen(text));
	address = (uintptr_t)secret.data;
	sendas_secret_set(&secret, "x", 1);
	assert_int_equal(count_left(address), 0);
	assert_string_equal(secret.data, "x");
	sendas_secret_clear(&secret);
}

static void
is_set_from_a_part_of_itself(void **state)
{
	struct sendas_secret secret = {0};

	(void)state;
	sendas_secret_set(&secret, "abcdef", 6);
	sendas_secret_set(&secret, secret.data + 2, 3);
	assert_string_equal(secret.data, "cde");
	assert_int_equal(secret.len, 3);
	sendas_secret_clear(&secret);
}

static void
wipes_what_others_made(void **state)
{
	char *made = sendas_xstrdup(text);

	(void)state;
	sendas_secret_wipe(made);
	for (size_t i = 0; i < strlen(text); i++)
		assert_int_equal(made[i], 0);
	free(made);
	sendas_secret_wipe(NULL);
}

static void
is_hidden_where_it_was_sent_back(void **state)
{
	static const struct {
		const char *secret, *text, *wanted;
	} cases[] = {
	    {"pa\"ss", "no: pa\"ss, pa\"ss", "no: *****, *****"},
	    {"password", "is passwords", "is ********s"},
	    {"long-password", "cut: long-pas", "cut: ********"},
	    {"long-password", "cut: long-passw...", "cut: **********..."},
	    {"long-password", "a long-pan", "a long-pan"}, /* too little */
	    {"password", "a passage", "a passage"},
	    {"***", "a ******", "a ******"},
	    {"abab", "ababab", "****ab"},
	    {"x", "x", "*"},
	    {"password", "", ""},
	    {"", "as it is", "as it is"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sendas_secret secret = {0};
		char *hidden = sendas_xstrdup(cases[i].text);

		sendas_secret_set(
		    &secret, cases[i].secret, strlen(cases[i].secret));
		sendas_secret_hide(&secret, hidden);
		assert_string_equal(hidden, cases[i].wanted);
		sendas_secret_clear(&secret);
		sendas_secret_hide(&secret, hidden);
		assert_string_equal(hidden, cases[i].wanted);
		free(hidden);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_seen_while_it_is_set),
	    cmocka_unit_test(is_wiped_when_it_is_cleared),
	    cmocka_unit_test(is_wiped_when_another_takes_its_place),
	    cmocka_unit_test(is_set_from_a_part_of_itself),
	    cmocka_unit_test(wipes_what_others_made),
	    cmocka_unit_test(is_hidden_where_it_was_sent_back),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("secret", tests, NULL, NULL);
}
