/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error.c: fills the one error type. Prints nothing.
 */
#include "sendas/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* In the order of enum sendas_reason; the words of the report's JSON. */
static const char *const reason_names[] = {
    [SENDAS_REASON_NONE] = "none",
    [SENDAS_REASON_MAIL_SERVICE_OFF] = "mail-service-off",
    [SENDAS_REASON_NOT_FOUND] = "not-found",
    [SENDAS_REASON_DELEGATION_DENIED] = "delegation-denied",
    [SENDAS_REASON_DOMAIN_POLICY] = "domain-policy",
    [SENDAS_REASON_SUSPENDED] = "suspended",
    [SENDAS_REASON_ARCHIVED] = "archived",
    [SENDAS_REASON_NO_MAILBOX] = "no-mailbox",
    [SENDAS_REASON_ACCOUNT_DELETED] = "account-deleted",
    [SENDAS_REASON_BAD_SUBJECT] = "bad-subject",
    [SENDAS_REASON_ACCOUNT_RESTRICTED] = "account-restricted",
    [SENDAS_REASON_PRECONDITION_FAILED] = "precondition-failed",
    [SENDAS_REASON_TOKEN_REFUSED] = "token-refused",
    [SENDAS_REASON_SCOPE_MISSING] = "scope-missing",
    [SENDAS_REASON_BAD_ANSWER] = "bad-answer",
    [SENDAS_REASON_TOO_LARGE] = "too-large",
    [SENDAS_REASON_NETWORK] = "network",
    [SENDAS_REASON_TIMEOUT] = "timeout",
    [SENDAS_REASON_TLS] = "tls",
    [SENDAS_REASON_SERVER_ERROR] = "server-error",
    [SENDAS_REASON_RATE_LIMITED] = "rate-limited",
    [SENDAS_REASON_CANCELLED] = "cancelled",
    [SENDAS_REASON_OTHER] = "other",
};

/* Drops a UTF-8 sequence that vsnprintf cut in two. */
static void
trim_partial_character(char *text)
{
	size_t len = strlen(text);
	size_t back = 0;

	while (back < 3 && back < len &&
	    ((unsigned char)text[len - 1 - back] & 0xc0) == 0x80)
		back++;
	if (back < len && (unsigned char)text[len - 1 - back] >= 0xc0)
		text[len - 1 - back] = '\0';
}

static void
fill(struct sendas_error *err, enum sendas_status code,
    enum sendas_reason reason, const char *format, va_list arguments)
{
	int needed;

	/* The arguments may point into *err: format first. */
	char message[sizeof(err->message)];
	needed = vsnprintf(message, sizeof(message), format, arguments);
	if (needed < 0)
		message[0] = '\0';
	else if ((size_t)needed >= sizeof(message))
		trim_partial_character(message);
	memset(err, 0, sizeof(*err));
	err->code = code;
	err->reason = reason;
	memcpy(err->message, message, sizeof(message));
}

enum sendas_status
sendas_fail(
    struct sendas_error *err, enum sendas_status code, const char *format, ...)
{
	va_list arguments;

	if (err != NULL) {
		va_start(arguments, format);
		fill(err, code, SENDAS_REASON_NONE, format, arguments);
		va_end(arguments);
	}
	return code;
}

enum sendas_status
sendas_fail_reason(struct sendas_error *err, enum sendas_status code,
    enum sendas_reason reason, const char *format, ...)
{
	va_list arguments;

	if (err != NULL) {
		va_start(arguments, format);
		fill(err, code, reason, format, arguments);
		va_end(arguments);
	}
	return code;
}

const char *
sendas_reason_name(enum sendas_reason reason)
{
	if ((size_t)reason >= sizeof(reason_names) / sizeof(reason_names[0]))
		return "other";
	return reason_names[reason];
}
