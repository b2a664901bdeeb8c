/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_endpoints.c: Google's addresses unless told otherwise, and only https.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
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
	assert_string_equal(endpoints.authorize,
	    "https://accounts.google.com/o/oauth2/v2/auth");
	assert_string_equal(
	    endpoints.revoke, "https://oauth2.googleapis.com/revoke");
	assert_false(endpoints.is_gmail_replaced);
	assert_false(endpoints.is_token_replaced);
	assert_false(endpoints.is_authorize_replaced);
	assert_false(endpoints.is_revoke_replaced);
	assert_null(sendas_endpoints_tell(&endpoints, 0));
	sendas_endpoints_clear(&endpoints);
	assert_null(endpoints.revoke);
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

/* Each on its own; only what is a base gets a slash. */
static void
replaces_and_tells_each(void **state)
{
	static const struct {
		const char *words[4];
		const char *told[5]; /* up to NULL */
	} rows[] = {
	    {{"gmail=https://a.example/x"},
		{"instead of Google's Gmail API: https://a.example/x/"}},
	    {{"token=https://a.example/x"},
		{"instead of Google's token endpoint: https://a.example/x"}},
	    {{"authorize=https://a.example/x"},
		{"instead of Google's sign-in page: https://a.example/x"}},
	    {{"revoke=https://a.example/x/"},
		{"instead of Google's address for taking a sign-in back: "
		 "https://a.example/x/"}},
	    {{"revoke=https://a.example/r", "gmail=https://a.example/",
		 "gmail=https://b.example/"},
		{"instead of Google's Gmail API: https://b.example/",
		    "instead of Google's address for taking a sign-in back: "
		    "https://a.example/r"}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_endpoints endpoints;
		size_t told = 0;
		char *text;

		sendas_endpoints_init(&endpoints);
		for (size_t w = 0; w < 4 && rows[i].words[w] != NULL; w++)
			assert_int_equal(sendas_endpoints_replace(&endpoints,
					     rows[i].words[w], NULL),
			    SENDAS_OK);
		for (; rows[i].told[told] != NULL; told++) {
			text = sendas_endpoints_tell(&endpoints, told);
			assert_non_null(text);
			assert_string_equal(text, rows[i].told[told]);
			free(text);
		}
		assert_null(sendas_endpoints_tell(&endpoints, told));
		sendas_endpoints_clear(&endpoints);
	}
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
	    "authorise=https://127.0.0.1/",
	    "authorize=http://127.0.0.1/",
	    "revok=https://127.0.0.1/",
	    "Revoke=https://127.0.0.1/",
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
		assert_null(sendas_endpoints_tell(&endpoints, 0));
	}
	assert_string_equal(endpoints.gmail, "https://gmail.googleapis.com/");
	sendas_endpoints_clear(&endpoints);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(begins_with_google),
	    cmocka_unit_test(replaces_one),
	    cmocka_unit_test(replaces_and_tells_each),
	    cmocka_unit_test(refuses_what_is_not_plain_https),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("endpoints", tests, NULL, NULL);
}
