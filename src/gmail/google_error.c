/* SPDX-License-Identifier: Apache-2.0 */
/*
 * google_error.c: an error answer of a Google API to a class, by one table.
 * Sends nothing, and knows no single method.
 */
#include "sendas/google_error.h"

#include <stdio.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/retry.h"

#define MESSAGE_CHARS 300

/* What an error body says; strings are borrowed from the document. */
struct body {
	const char *message;
	const char *legacy_reason; /* error.errors[0].reason */
	const char *detail_reason; /* error.details[].reason (ErrorInfo) */
};

/* One kind of refusal: the HTTP status, a reason (old or new form) or the
 * beginning of the message, and what it means. */
struct row {
	long http_status;
	const char *reason; /* NULL: any */
	const char *message_prefix; /* NULL: any */
	enum sendas_status code;
	enum sendas_reason why;
	const char *text; /* with one %s for Google's own message */
};

static const char slower[] = N_("Google asks to be slower (%s)");
static const char scope_missing[] = N_(
    "The sign-in lacks a scope (%s). It needs "
    "https://www.googleapis.com/auth/gmail.settings.basic. Sign in again and "
    "leave its box ticked: sendas login. With gcloud, and a client of your "
    "own: gcloud auth application-default login "
    "--client-id-file=CLIENT.json --scopes=https://www.googleapis.com/auth/"
    "cloud-platform,https://www.googleapis.com/auth/gmail.settings.basic");
static const char api_disabled[] =
    N_("The Gmail API is not enabled in the Google Cloud project of these "
       "credentials. Enable it there (APIs & Services), wait a few minutes, "
       "and try again. Google says: %s");

static const struct row rows[] = {
    {401, NULL, NULL, SENDAS_ERR_UNAUTHORIZED, SENDAS_REASON_TOKEN_REFUSED,
	N_("Google did not take the access token (%s). It may have expired: "
	   "get a new one.")},
    {403, "rateLimitExceeded", NULL, SENDAS_ERR_TRANSIENT,
	SENDAS_REASON_RATE_LIMITED, slower},
    {403, "userRateLimitExceeded", NULL, SENDAS_ERR_TRANSIENT,
	SENDAS_REASON_RATE_LIMITED, slower},
    {403, "quotaExceeded", NULL, SENDAS_ERR_TRANSIENT,
	SENDAS_REASON_RATE_LIMITED, slower},
    {403, "insufficientPermissions", NULL, SENDAS_ERR_SCOPE,
	SENDAS_REASON_SCOPE_MISSING, scope_missing},
    {403, "ACCESS_TOKEN_SCOPE_INSUFFICIENT", NULL, SENDAS_ERR_SCOPE,
	SENDAS_REASON_SCOPE_MISSING, scope_missing},
    {403, "accessNotConfigured", NULL, SENDAS_ERR_PROJECT, SENDAS_REASON_OTHER,
	api_disabled},
    {403, "SERVICE_DISABLED", NULL, SENDAS_ERR_PROJECT, SENDAS_REASON_OTHER,
	api_disabled},
    {403, "dailyLimitExceeded", NULL, SENDAS_ERR_PROJECT,
	SENDAS_REASON_RATE_LIMITED,
	N_("The Google Cloud project has used up its quota for today (%s). "
	   "Go on tomorrow.")},
    {403, "domainPolicy", NULL, SENDAS_ERR_MAILBOX, SENDAS_REASON_DOMAIN_POLICY,
	N_("The domain's administrator does not allow this for the mailbox "
	   "(%s)")},
    {403, NULL, "Delegation denied for", SENDAS_ERR_MAILBOX,
	SENDAS_REASON_DELEGATION_DENIED,
	N_("These credentials may not act for this mailbox (%s)")},
    {403, NULL, "Access restricted to service accounts", SENDAS_ERR_RESTRICTED,
	SENDAS_REASON_OTHER,
	N_("Google lets no program change this account's settings; only its "
	   "owner can, in Gmail (%s)")},
    {400, NULL, "Mail service not enabled", SENDAS_ERR_MAILBOX,
	SENDAS_REASON_MAIL_SERVICE_OFF,
	N_("Gmail is switched off for this user, or the user is suspended or "
	   "has "
	   "no licence (%s). An administrator sees which in the Admin console "
	   "under Directory > Users")},
    {400, NULL, "Precondition check failed", SENDAS_ERR_MAILBOX,
	SENDAS_REASON_PRECONDITION_FAILED,
	N_("Google refuses this mailbox: it may not exist, or not be a Gmail "
	   "mailbox (%s)")},
    {404, NULL, NULL, SENDAS_ERR_MAILBOX, SENDAS_REASON_NOT_FOUND,
	N_("Google does not know this mailbox or address (%s)")},
    {429, NULL, NULL, SENDAS_ERR_TRANSIENT, SENDAS_REASON_RATE_LIMITED, slower},
};

/* The last resort: what Google says, for this mailbox alone. */
static const struct row other = {0, NULL, NULL, SENDAS_ERR_MAILBOX,
    SENDAS_REASON_OTHER, N_("Google refuses: %s")};

static const struct row server_error = {0, NULL, NULL, SENDAS_ERR_TRANSIENT,
    SENDAS_REASON_SERVER_ERROR,
    N_("Google has a passing trouble (%s). Try again later.")};

/* Takes what it can from a body; a wrong type leaves the member unset. */
static void
read_error(const struct sendas_json *root, struct body *body)
{
	struct sendas_json error = sendas_json_member(root, "error");
	struct sendas_json list, entry;
	struct sendas_error ignored;

	if (sendas_json_read_string(
		&error, "message", &body->message, &ignored) != SENDAS_OK)
		body->message = NULL;
	list = sendas_json_member(&error, "errors");
	entry = sendas_json_first(&list);
	if (sendas_json_is_object(&entry) &&
	    sendas_json_read_string(
		&entry, "reason", &body->legacy_reason, &ignored) != SENDAS_OK)
		body->legacy_reason = NULL;
	list = sendas_json_member(&error, "details");
	for (entry = sendas_json_first(&list); entry.node != NULL;
	     sendas_json_next(&entry)) {
		if (sendas_json_read_string(&entry, "reason",
			&body->detail_reason, &ignored) == SENDAS_OK &&
		    body->detail_reason != NULL)
			return;
	}
}

static bool
is_reason(const struct body *body, const char *reason)
{
	return (body->legacy_reason != NULL &&
		   strcmp(body->legacy_reason, reason) == 0) ||
	    (body->detail_reason != NULL &&
		strcmp(body->detail_reason, reason) == 0);
}

static bool
row_fits(const struct row *row, long http_status, const struct body *body)
{
	if (row->http_status != http_status)
		return false;
	if (row->reason != NULL && !is_reason(body, row->reason))
		return false;
	return row->message_prefix == NULL ||
	    (body->message != NULL &&
		strncmp(body->message, row->message_prefix,
		    strlen(row->message_prefix)) == 0);
}

static const struct row *
find_row(long http_status, const struct body *body)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (row_fits(&rows[i], http_status, body))
			return &rows[i];
	}
	if (sendas_retry_is_transient_status(http_status))
		return &server_error;
	return &other;
}

/* Parses the body if it is JSON; *doc is to be freed whether it was or not. */
static void
read_body(const struct sendas_http_answer *answer, struct sendas_json_doc **doc,
    struct body *body)
{
	struct sendas_json root;

	memset(body, 0, sizeof(*body));
	*doc = NULL;
	if (sendas_json_parse(answer->body, answer->len, doc, NULL) !=
	    SENDAS_OK)
		return;
	root = sendas_json_root(*doc);
	read_error(&root, body);
}

/* Google's own words, to be searched for, and how long it wants to be left
 * alone. */
static void
quote(const struct sendas_http_answer *answer, const struct body *body,
    char *text, size_t size)
{
	char wait[48] = "";

	if (answer->retry_after_sec > 0)
		snprintf(wait, sizeof(wait), ", Retry-After: %ld s",
		    answer->retry_after_sec);
	snprintf(text, size, "HTTP %ld%s%.*s%s", answer->status,
	    body->message != NULL ? ", " : "", MESSAGE_CHARS,
	    body->message != NULL ? body->message : "", wait);
}

enum sendas_status
sendas_google_error_read(
    const struct sendas_http_answer *answer, struct sendas_error *err)
{
	char said[MESSAGE_CHARS + 80];
	struct sendas_json_doc *doc;
	const struct row *row;
	struct body body;

	read_body(answer, &doc, &body);
	row = find_row(answer->status, &body);
	quote(answer, &body, said, sizeof(said));
	sendas_fail_reason(err, row->code, row->why, gettext(row->text), said);
	if (err != NULL)
		err->http_status = answer->status;
	sendas_json_doc_free(doc);
	return row->code;
}

bool
sendas_google_error_is_transient(const struct sendas_http_answer *answer)
{
	struct sendas_error err;

	return answer->status == 403 &&
	    sendas_google_error_read(answer, &err) == SENDAS_ERR_TRANSIENT;
}
