/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_as_text.c: what stands below the mailboxes of a report about the relays
 * in it. All else of it is tested from end to end.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/as_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a run without mailboxes leaves on the stream; the caller frees it. */
static char *
report(const struct sendas_run_info *run, const struct sendas_summary *summary)
{
	struct sendas_as_text_options options = {0};
	const struct sendas_sink *sink;
	struct sendas_as_text *text;
	char *written = NULL;
	size_t len = 0;

	options.stream = open_memstream(&written, &len);
	assert_non_null(options.stream);
	text = sendas_as_text_new(&options);
	sink = sendas_as_text_sink(text);
	assert_int_equal(sink->begin(sink->ctx, run, NULL), SENDAS_OK);
	assert_int_equal(sink->end(sink->ctx, summary, NULL), SENDAS_OK);
	sendas_as_text_free(text);
	fclose(options.stream);
	return written;
}

static size_t
count_lines(const char *text)
{
	size_t count = 0;

	for (; *text != '\0'; text++) {
		if (*text == '\n')
			count++;
	}
	return count;
}

static void
tells_administrators_of_relays(void **state)
{
	static const struct {
		const char *command;
		bool is_delegated;
		size_t with_relay, relays;
		bool want;
	} rows[] = {
	    {"audit", true, 1, 1, true},
	    {"fix", true, 2, 3, true},
	    {"undo", true, 1, 2, true},
	    {"audit", true, 0, 0, false},
	    {"audit", false, 1, 1, false},
	    {"fix", false, 2, 3, false},
	    {"undo", false, 1, 1, false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sendas_run_info run = {.command = rows[i].command,
		    .is_delegated = rows[i].is_delegated};
		struct sendas_summary summary = {.mailboxes = 1,
		    .read = 1,
		    .with_relay = rows[i].with_relay,
		    .relays = rows[i].relays};
		char *text = report(&run, &summary);

		assert_int_equal(
		    strstr(text, "GWS.GMAIL.12.1") != NULL, rows[i].want);
		free(text);
	}
}

/* As many as a domain may have do not make it longer. */
static void
is_short_for_any_number(void **state)
{
	static const struct sendas_run_info run = {
	    .command = "fix", .is_delegated = true};
	static const size_t numbers[] = {1, 2, 99, 12345, 9999999};

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct sendas_summary summary = {.mailboxes = 1,
		    .with_relay = numbers[i],
		    .relays = numbers[i]};
		char *text = report(&run, &summary);

		assert_in_range(count_lines(text), 1, 4);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_administrators_of_relays),
	    cmocka_unit_test(is_short_for_any_number),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("as_text", tests, NULL, NULL);
}
