/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_doctor.c: how wrong a clock is, and whose a certificate is. How all
 * parts are looked at is tested from end to end.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "sendas/doctor.h"

static void
allows_for_the_time_of_a_request(void **state)
{
	static const struct {
		time_t before, after, date;
		long want;
	} rows[] = {
	    {1000, 1000, 1000, 0},
	    {1000, 1010, 1000, 0},
	    {1000, 1010, 1005, 0},
	    {1000, 1010, 1010, 0},
	    {1000, 1010, 999, 1},
	    {1000, 1010, 1011, -1},
	    {1000, 1010, 700, 300},
	    {1000, 1010, 8210, -7200},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(sendas_doctor_clock_error(rows[i].before,
				     rows[i].after, rows[i].date),
		    rows[i].want);
}

static void
knows_googles_issuer(void **state)
{
	static const struct {
		const char *issuer;
		bool want;
	} rows[] = {
	    {"CN=WR2,O=Google Trust Services,C=US", true},
	    {"CN=GTS CA 1C3,O=Google Trust Services LLC,C=US", true},
	    {"O=Google Trust Services", true},
	    {"CN=Example Filter,O=Example,C=US", false},
	    {"CN=x\\,O=Google Trust Services,O=Example", false},
	    {"CN=WR2,O=Google Trust Servicesx,C=US", false},
	    {"CN=WR2,XO=Google Trust Services,C=US", false},
	    {"", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(
		    sendas_doctor_is_google(rows[i].issuer), rows[i].want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(allows_for_the_time_of_a_request),
	    cmocka_unit_test(knows_googles_issuer),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
