/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_suggest.c: which name was meant, and when none was.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "sendas/suggest.h"

static void
counts_typing_errors(void **state)
{
	static const struct {
		const char *a, *b;
		size_t want;
	} rows[] = {
	    {"", "", 0},
	    {"", "abc", 3},
	    {"abc", "", 3},
	    {"audit", "audit", 0},
	    {"audti", "audit", 2},
	    {"adit", "audit", 1},
	    {"auddit", "audit", 1},
	    {"kitten", "sitting", 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(sendas_suggest_distance(rows[i].a, rows[i].b),
		    rows[i].want);
}

static void
suggests_what_was_meant(void **state)
{
	static const char *const names[] = {
	    "audit", "fix", "explain", "port-25", "port-587", "tls-off"};
	static const struct {
		const char *typed, *want;
	} rows[] = {
	    {"audti", "audit"},
	    {"audit", "audit"},
	    {"fxi", NULL}, /* two errors in three letters */
	    {"fux", "fix"},
	    {"expl", "explain"}, /* a beginning */
	    {"exlain", "explain"},
	    {"port-25x", "port-25"},
	    {"port", NULL}, /* two begin so */
	    {"t", "tls-off"},
	    {"", NULL},
	    {"delete", NULL},
	    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	     "aaaaaaaaaaaa",
		NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *got = sendas_suggest_closest(
		    rows[i].typed, names, sizeof(names) / sizeof(names[0]));

		if (rows[i].want == NULL)
			assert_null(got);
		else
			assert_string_equal(got, rows[i].want);
	}
	assert_null(sendas_suggest_closest("x", names, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(counts_typing_errors),
	    cmocka_unit_test(suggests_what_was_meant),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("suggest", tests, NULL, NULL);
}
