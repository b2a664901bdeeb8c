/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error.h: the one error type of the program.
 *
 * Fallible functions return enum sendas_status and take a caller-owned
 * struct sendas_error as their last parameter. It is untouched on success
 * and always filled on failure. Nothing here prints or exits.
 */
#ifndef SENDAS_ERROR_H
#define SENDAS_ERROR_H

#include <stdbool.h>

/* The compiler complains when a caller drops the status. */
#define SENDAS_MUST_CHECK __attribute__((warn_unused_result))

/* Grouped by what the user does next, not by where it happened. */
enum sendas_status {
	SENDAS_OK = 0,
	SENDAS_ERR_USAGE, /* call it differently */
	SENDAS_ERR_INPUT, /* mend the file or the pasted text */
	SENDAS_ERR_FILE, /* the machine: disk, permissions, memory */
	SENDAS_ERR_CREDENTIALS, /* mend the credentials file */
	SENDAS_ERR_TOKEN, /* Google gives no token for this subject */
	SENDAS_ERR_SCOPE, /* grant the scope that is missing */
	SENDAS_ERR_PROJECT, /* the Cloud project or delegation: all stops */
	SENDAS_ERR_CONNECTION, /* network, proxy or TLS: all stops */
	SENDAS_ERR_UNAUTHORIZED, /* the token was not taken: get a new one */
	SENDAS_ERR_MAILBOX, /* this mailbox only */
	SENDAS_ERR_WRONG_MAILBOX, /* another mailbox answered */
	SENDAS_ERR_RESTRICTED, /* Google lets no program change this account */
	SENDAS_ERR_TRANSIENT, /* try again later */
	SENDAS_ERR_ANSWER, /* the server's answer makes no sense */
	SENDAS_ERR_CANCELLED, /* interrupted */
	SENDAS_ERR_NOBODY, /* a question, and nobody to ask */
};

/*
 * Why a mailbox could not be read: the `reason` of the report's JSON, whose
 * words sendas_reason_name() gives. A value outlives this version.
 */
enum sendas_reason {
	SENDAS_REASON_NONE = 0,
	SENDAS_REASON_MAIL_SERVICE_OFF,
	SENDAS_REASON_NOT_FOUND,
	SENDAS_REASON_DELEGATION_DENIED,
	SENDAS_REASON_DOMAIN_POLICY,
	SENDAS_REASON_SUSPENDED,
	SENDAS_REASON_ARCHIVED,
	SENDAS_REASON_NO_MAILBOX,
	SENDAS_REASON_ACCOUNT_DELETED,
	SENDAS_REASON_BAD_SUBJECT,
	SENDAS_REASON_ACCOUNT_RESTRICTED,
	SENDAS_REASON_PRECONDITION_FAILED,
	SENDAS_REASON_TOKEN_REFUSED,
	SENDAS_REASON_SCOPE_MISSING,
	SENDAS_REASON_BAD_ANSWER,
	SENDAS_REASON_TOO_LARGE,
	SENDAS_REASON_NETWORK,
	SENDAS_REASON_TIMEOUT,
	SENDAS_REASON_TLS,
	SENDAS_REASON_SERVER_ERROR,
	SENDAS_REASON_RATE_LIMITED,
	SENDAS_REASON_CANCELLED,
	SENDAS_REASON_OTHER,
};

/* What went wrong. `message` is one sentence or two in the user's language:
 * what, where, and the way out; it may hold text from outside, so a writer
 * to a terminal passes it through sendas_text_safe(). */
struct sendas_error {
	enum sendas_status code;
	enum sendas_reason reason;
	long http_status; /* 0 when no answer came */
	char message[1024];
};

/*
 * Fills *err (NULL is allowed) and returns `code`, so that a failure is one
 * line: return sendas_fail(err, SENDAS_ERR_INPUT, _("..."), ...). A message
 * that is too long is cut at a character's boundary. reason and http_status
 * become 0.
 */
enum sendas_status sendas_fail(
    struct sendas_error *err, enum sendas_status code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same, with the report's reason for the mailbox. */
enum sendas_status sendas_fail_reason(struct sendas_error *err,
    enum sendas_status code, enum sendas_reason reason, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The word for a reason in the JSON report; never NULL. */
const char *sendas_reason_name(enum sendas_reason reason);

#endif
