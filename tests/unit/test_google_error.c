/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_google_error.c: each kind of error answer to its class, in both forms
 * of Google's body, and with a body that is none.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "sendas/google_error.h"

#define OLD(reason, message)                                                   \
	"{\"error\":{\"code\":0,\"message\":\"" message                        \
	"\",\"errors\":[{\"domain\":\"global\",\"reason\":\"" reason           \
	"\",\"message\":\"" message "\"}]}}"
#define NEW(reason, message)                                                   \
	"{\"error\":{\"code\":0,\"message\":\"" message                        \
	"\",\"status\":\"X\",\"details\":[{\"@type\":\"a\"},{\"@type\":"       \
	"\"b\",\"reason\":\"" reason "\"}]}}"

static const struct {
	long status;
	const char *body;
	enum sendas_status code;
	enum sendas_reason reason;
} rows[] = {
    {401, OLD("authError", "Invalid Credentials"), SENDAS_ERR_UNAUTHORIZED,
	SENDAS_REASON_TOKEN_REFUSED},
    {401, "", SENDAS_ERR_UNAUTHORIZED, SENDAS_REASON_TOKEN_REFUSED},
    {403, OLD("rateLimitExceeded", "Rate"), SENDAS_ERR_TRANSIENT,
	SENDAS_REASON_RATE_LIMITED},
    {403, OLD("userRateLimitExceeded", "Rate"), SENDAS_ERR_TRANSIENT,
	SENDAS_REASON_RATE_LIMITED},
    {403, OLD("quotaExceeded", "Quota"), SENDAS_ERR_TRANSIENT,
	SENDAS_REASON_RATE_LIMITED},
    {403, OLD("insufficientPermissions", "Scopes"), SENDAS_ERR_SCOPE,
	SENDAS_REASON_SCOPE_MISSING},
    {403, NEW("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "Scopes"), SENDAS_ERR_SCOPE,
	SENDAS_REASON_SCOPE_MISSING},
    {403, OLD("accessNotConfigured", "Not"), SENDAS_ERR_PROJECT,
	SENDAS_REASON_OTHER},
    {403, NEW("SERVICE_DISABLED", "Not"), SENDAS_ERR_PROJECT,
	SENDAS_REASON_OTHER},
    {403, OLD("dailyLimitExceeded", "Day"), SENDAS_ERR_PROJECT,
	SENDAS_REASON_RATE_LIMITED},
    {403, OLD("domainPolicy", "Policy"), SENDAS_ERR_MAILBOX,
	SENDAS_REASON_DOMAIN_POLICY},
    {403, OLD("forbidden", "Delegation denied for x@example.com"),
	SENDAS_ERR_MAILBOX, SENDAS_REASON_DELEGATION_DENIED},
    {403,
	OLD("forbidden",
	    "Access restricted to service accounts that have been delegated "
	    "domain-wide authority"),
	SENDAS_ERR_RESTRICTED, SENDAS_REASON_OTHER},
    {403, OLD("forbidden", "Forbidden"), SENDAS_ERR_MAILBOX,
	SENDAS_REASON_OTHER},
    {403, "<html>no</html>", SENDAS_ERR_MAILBOX, SENDAS_REASON_OTHER},
    {400, OLD("failedPrecondition", "Mail service not enabled"),
	SENDAS_ERR_MAILBOX, SENDAS_REASON_MAIL_SERVICE_OFF},
    {400, OLD("failedPrecondition", "Precondition check failed."),
	SENDAS_ERR_MAILBOX, SENDAS_REASON_PRECONDITION_FAILED},
    {400, OLD("invalidArgument", "Bad"), SENDAS_ERR_MAILBOX,
	SENDAS_REASON_OTHER},
    {404, OLD("notFound", "Not Found"), SENDAS_ERR_MAILBOX,
	SENDAS_REASON_NOT_FOUND},
    {429, "", SENDAS_ERR_TRANSIENT, SENDAS_REASON_RATE_LIMITED},
    {500, "<html>", SENDAS_ERR_TRANSIENT, SENDAS_REASON_SERVER_ERROR},
    {503, "", SENDAS_ERR_TRANSIENT, SENDAS_REASON_SERVER_ERROR},
    {418, "{\"error\":\"teapot\"}", SENDAS_ERR_MAILBOX, SENDAS_REASON_OTHER},
    {418, "{\"error\":{\"message\":5,\"errors\":{},\"details\":7}}",
	SENDAS_ERR_MAILBOX, SENDAS_REASON_OTHER},
};

static struct sendas_http_answer
answer_of(size_t i)
{
	return (struct sendas_http_answer){
	    .status = rows[i].status,
	    .body = rows[i].body,
	    .len = strlen(rows[i].body),
	    .retry_after_sec = -1,
	};
}

static void
classifies_each(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_http_answer answer = answer_of(i);
		struct sendas_error err = {0};
		char status[16];

		assert_int_equal(
		    sendas_google_error_read(&answer, &err), rows[i].code);
		assert_int_equal(err.code, rows[i].code);
		assert_int_equal(err.reason, rows[i].reason);
		assert_int_equal(err.http_status, rows[i].status);
		snprintf(status, sizeof(status), "HTTP %ld", rows[i].status);
		assert_non_null(strstr(err.message, status));
	}
}

/* The engine repeats 429 and 5xx by itself; a 403 only when it says so. */
static void
repeats_only_a_403_that_asks_for_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_http_answer answer = answer_of(i);

		assert_int_equal(sendas_google_error_is_transient(&answer),
		    rows[i].status == 403 &&
			rows[i].code == SENDAS_ERR_TRANSIENT);
	}
}

static void
bounds_what_google_says(void **state)
{
	char body[4096] = "{\"error\":{\"message\":\"";
	struct sendas_http_answer answer = {.status = 400, .body = body};
	struct sendas_error err;
	size_t len = strlen(body);

	(void)state;
	memset(body + len, 'x', 3000);
	memcpy(body + len + 3000, "\"}}", 4);
	answer.len = strlen(body);
	assert_int_equal(
	    sendas_google_error_read(&answer, &err), SENDAS_ERR_MAILBOX);
	assert_true(strlen(err.message) < 500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(classifies_each),
	    cmocka_unit_test(repeats_only_a_403_that_asks_for_it),
	    cmocka_unit_test(bounds_what_google_says),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("google_error", tests, NULL, NULL);
}
