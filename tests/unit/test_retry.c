/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_retry.c: which statuses are tried again, and after how long.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "sendas/limits.h"
#include "sendas/retry.h"

static void
repeats_only_what_passes(void **state)
{
	static const long yes[] = {429, 500, 502, 503, 504};
	static const long no[] = {
	    0, 200, 301, 400, 401, 403, 404, 408, 409, 501, 505};

	(void)state;
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		assert_true(sendas_retry_is_transient_status(yes[i]));
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		assert_false(sendas_retry_is_transient_status(no[i]));
}

static void
waits_longer_each_time_up_to_a_cap(void **state)
{
	static const struct {
		int next_try;
		double random;
		long retry_after_sec, want_ms;
	} rows[] = {
	    {2, 0.0, -1, 0},
	    {2, 0.5, -1, 500},
	    {3, 0.5, -1, 1000},
	    {4, 0.5, -1, 2000},
	    {6, 0.5, -1, 8000},
	    {8, 0.5, -1, SENDAS_LIMIT_BACKOFF_MS / 2},
	    {60, 0.5, -1, SENDAS_LIMIT_BACKOFF_MS / 2},
	    {2, 0.25, 0, 250},
	    {2, 0.25, 3, 3250},
	    {4, 0.999, 3, 3996},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(sendas_retry_delay_ms(rows[i].next_try,
				     rows[i].random, rows[i].retry_after_sec),
		    rows[i].want_ms);
}

/* A server may not make us wait for days. */
static void
bounds_what_a_server_names(void **state)
{
	(void)state;
	assert_in_range(sendas_retry_delay_ms(2, 0.999, 86400),
	    SENDAS_LIMIT_BACKOFF_MS, SENDAS_LIMIT_BACKOFF_MS + 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(repeats_only_what_passes),
	    cmocka_unit_test(waits_longer_each_time_up_to_a_cap),
	    cmocka_unit_test(bounds_what_a_server_names),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("retry", tests, NULL, NULL);
}
