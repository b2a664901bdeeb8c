/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_endpoints.c: Google's addresses unless told otherwise, and only https.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "sendas/endpoints.h"

static void
begins_with_google(void **state)
{
	struct sendas_endpoints endpoints;

	(void)state;
	sendas_endpoints_init(&endpoints);
	assert_string_equal(endpoints.gmail, "https://gmail.googleapis.com/");
	assert_string_equal(
	    endpoints.token, "https://oauth2.googleapis.com/token");
	assert_false(endpoints.is_gmail_replaced);
	sendas_endpoints_clear(&endpoints);
}

static void
replaces_one(void **state)
{
	struct sendas_endpoints endpoints;

	(void)state;
	sendas_endpoints_init(&endpoints);
	assert_int_equal(sendas_endpoints_replace(
			     &endpoints, "gmail=https://127.0.0.1:8443", NULL),
	    SENDAS_OK);
	assert_string_equal(endpoints.gmail, "https://127.0.0.1:8443/");
	assert_true(endpoints.is_gmail_replaced);
	assert_false(endpoints.is_token_replaced);
	assert_string_equal(
	    endpoints.token, "https://oauth2.googleapis.com/token");
	sendas_endpoints_clear(&endpoints);
}

static void
refuses_what_is_not_plain_https(void **state)
{
	static const char *const words[] = {
	    "gmail",
	    "gmail=",
	    "gmail=http://127.0.0.1/",
	    "gmail=https://",
	    "gmail=https:///x",
	    "gmail=https://user:pw@127.0.0.1/",
	    "gmail=https://127.0.0.1/?a=b",
	    "gmail=https://127.0.0.1/#x",
	    "gmail=https://127.0.0.1/ x",
	    "gmail=https://127.0.0.1/\r\nX: y",
	    "gmail=file:///etc/passwd",
	    "gmai=https://127.0.0.1/",
	    "tokens=https://127.0.0.1/",
	    "=https://127.0.0.1/",
	};
	struct sendas_endpoints endpoints;
	struct sendas_error err;

	(void)state;
	sendas_endpoints_init(&endpoints);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		assert_int_equal(
		    sendas_endpoints_replace(&endpoints, words[i], &err),
		    SENDAS_ERR_USAGE);
		assert_string_equal(
		    endpoints.gmail, "https://gmail.googleapis.com/");
	}
	sendas_endpoints_clear(&endpoints);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(begins_with_google),
	    cmocka_unit_test(replaces_one),
	    cmocka_unit_test(refuses_what_is_not_plain_https),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("endpoints", tests, NULL, NULL);
}
