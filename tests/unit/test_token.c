/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_token.c: each answer that the token endpoint is known to give, what
 * it means for the mailbox and the run, what is said, and what never is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/limits.h"
#include "sendas/oauth2_glue.h"
#include "sendas/token.h"

#define BASIC "https://www.googleapis.com/auth/gmail.settings.basic"
#define SHARING "https://www.googleapis.com/auth/gmail.settings.sharing"

static struct sendas_credentials account = {
    .kind = SENDAS_CREDENTIALS_SERVICE_ACCOUNT,
    .origin = "key.json",
    .client_email = "robot@p.iam.gserviceaccount.com",
    .client_id = "109876543210987654321",
};

static const struct sendas_token_context context = {
    .credentials = &account,
    .scope = BASIC " " SHARING,
};

static struct sendas_http_answer
answer_of(long status, const char *body)
{
	return (struct sendas_http_answer){
	    .status = status,
	    .body = body,
	    .len = strlen(body),
	    .retry_after_sec = -1,
	};
}

static enum sendas_status
parse(long status, const char *body, struct sendas_token *out,
    struct sendas_error *err)
{
	struct sendas_http_answer answer = answer_of(status, body);

	return sendas_token_parse_answer(&answer, &context, out, err);
}

static void
test_body(void **state)
{
	struct sendas_secret assertion = {0}, body = {0};

	(void)state;
	sendas_secret_set(&assertion, "e30.e30.a-_Z", 12);
	sendas_token_jwt_bearer_body(&assertion, &body);
	assert_string_equal(body.data,
	    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
	    "&assertion=e30.e30.a-_Z");
	sendas_secret_clear(&assertion);
	sendas_secret_clear(&body);
}

static void
test_good_answers(void **state)
{
	static const struct {
		const char *body;
		long expires_in_sec;
	} rows[] = {
	    {"{\"access_token\":\"ya29.ok\",\"expires_in\":3599,"
	     "\"token_type\":\"Bearer\"}",
		3599},
	    {"{\"access_token\":\"ya29.ok\",\"token_type\":\"bearer\"}", 3600},
	    {"{\"access_token\":\"ya29.ok\",\"token_type\":\"Bearer\","
	     "\"expires_in\":1,\"new\":{\"x\":[1]},\"scope\":null}",
		1},
	    {"{\"access_token\":\"ya29.ok\",\"token_type\":\"Bearer\","
	     "\"scope\":\"" SHARING " openid " BASIC "\"}",
		3600},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_token token = {.expires_in_sec = -1};
		struct sendas_error err = {0};

		if (parse(200, rows[i].body, &token, &err) != SENDAS_OK)
			fail_msg("row %zu: %s", i, err.message);
		assert_int_equal(err.code, SENDAS_OK); /* untouched */
		assert_string_equal(token.bearer.data, "ya29.ok");
		assert_int_equal(token.expires_in_sec, rows[i].expires_in_sec);
		sendas_token_clear(&token);
		sendas_token_clear(&token);
	}
}

/* 200, but not to be used. */
static void
test_bad_answers(void **state)
{
	static const char *const bodies[] = {
	    "",
	    "{}",
	    "[]",
	    "null",
	    "\"ya29.secret\"",
	    "<html>Please sign in to the WLAN</html>",
	    "{\"access_token\":\"ya29.secret\"",
	    "{\"access_token\":\"ya29.secret\"}",
	    "{\"access_token\":\"ya29.secret\",\"token_type\":\"mac\"}",
	    "{\"access_token\":\"\",\"token_type\":\"Bearer\"}",
	    "{\"access_token\":17,\"token_type\":\"Bearer\"}",
	    "{\"access_token\":\"ya29.secret x\",\"token_type\":\"Bearer\"}",
	    "{\"access_token\":\"ya29.secret\\r\\nX: y\","
	    "\"token_type\":\"Bearer\"}",
	    "{\"access_token\":\"ya29.secret\\u00e9\","
	    "\"token_type\":\"Bearer\"}",
	    "{\"access_token\":\"ya29.secret\",\"token_type\":\"Bearer\","
	    "\"expires_in\":0}",
	    "{\"access_token\":\"ya29.secret\",\"token_type\":\"Bearer\","
	    "\"expires_in\":\"3599\"}",
	    "{\"access_token\":\"ya29.secret\",\"token_type\":\"Bearer\","
	    "\"expires_in\":-5}",
	    "{\"access_token\":\"ya29.secret\",\"token_type\":\"Bearer\","
	    "\"expires_in\":1e300}",
	    "{\"access_token\":\"ya29.secret\",\"access_token\":\"ya29.b\","
	    "\"token_type\":\"Bearer\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct sendas_token token = {.expires_in_sec = -1};
		struct sendas_error err = {0};

		if (parse(200, bodies[i], &token, &err) != SENDAS_ERR_ANSWER)
			fail_msg("taken: %s", bodies[i]);
		assert_int_equal(err.reason, SENDAS_REASON_BAD_ANSWER);
		assert_int_equal(err.http_status, 200);
		assert_int_equal(token.expires_in_sec, -1);
		assert_null(strstr(err.message, "secret"));
	}
}

static void
test_token_too_long(void **state)
{
	size_t len = SENDAS_LIMIT_TOKEN_BYTES + 1;
	char *token = calloc(1, len + 1), *body;
	struct sendas_token out;
	int made;

	(void)state;
	assert_non_null(token);
	memset(token, 'a', len);
	made = asprintf(&body,
	    "{\"access_token\":\"%s\",\"token_type\":\"Bearer\"}", token);
	assert_true(made > 0);
	assert_int_equal(parse(200, body, &out, NULL), SENDAS_ERR_ANSWER);
	free(body);
	free(token);
}

static void
test_scope_missing(void **state)
{
	static const char *const scopes[] = {
	    BASIC, BASIC " " SHARING "x", "", BASIC "  x " BASIC};
	struct sendas_token token;
	struct sendas_error err;
	char body[512];

	(void)state;
	for (size_t i = 0; i < sizeof(scopes) / sizeof(scopes[0]); i++) {
		snprintf(body, sizeof(body),
		    "{\"access_token\":\"ya29.secret\",\"token_type\":"
		    "\"Bearer\",\"scope\":\"%s\"}",
		    scopes[i]);
		assert_int_equal(
		    parse(200, body, &token, &err), SENDAS_ERR_SCOPE);
		assert_int_equal(err.reason, SENDAS_REASON_SCOPE_MISSING);
		assert_non_null(strstr(err.message,
		    scopes[i][0] == '\0' ? "; " BASIC " " SHARING " is"
					 : "; " SHARING " is"));
		assert_null(strstr(err.message, "secret"));
	}
}

#define SAID(error, description)                                               \
	"{\"error\":\"" error "\",\"error_description\":\"" description "\"}"

struct refusal_row {
	long http_status;
	const char *body;
	enum sendas_status code;
	enum sendas_reason reason;
	const char *said; /* in the message */
};

static void
check_refusal(const struct refusal_row *row)
{
	struct sendas_http_answer answer =
	    answer_of(row->http_status, row->body);
	struct sendas_token token = {.expires_in_sec = -1};
	struct sendas_error err = {0};
	enum sendas_status status;
	char http[32];

	status = sendas_token_parse_answer(&answer, &context, &token, &err);
	snprintf(http, sizeof(http), "[HTTP %ld", row->http_status);
	if (status != row->code || err.code != row->code ||
	    err.reason != row->reason || err.http_status != row->http_status ||
	    strstr(err.message, row->said) == NULL ||
	    strstr(err.message, http) == NULL)
		fail_msg("%ld %s\n-> %d %s %ld %s", row->http_status, row->body,
		    err.code, sendas_reason_name(err.reason), err.http_status,
		    err.message);
	assert_int_equal(token.expires_in_sec, -1);
	/* A caller may do without the details. */
	assert_int_equal(
	    sendas_token_parse_answer(&answer, &context, &token, NULL),
	    row->code);
	assert_int_equal(sendas_token_is_transient(&answer),
	    row->code == SENDAS_ERR_TRANSIENT);
}

/* This mailbox only. */
static void
test_refused_mailboxes(void **state)
{
	static const struct refusal_row rows[] = {
	    {400, SAID("invalid_grant", "Invalid email or User ID"),
		SENDAS_ERR_MAILBOX, SENDAS_REASON_BAD_SUBJECT,
		"Google knows no such mailbox"},
	    {400, SAID("invalid_grant", "Not a valid email."),
		SENDAS_ERR_MAILBOX, SENDAS_REASON_BAD_SUBJECT,
		"no such mailbox"},
	    {400,
		SAID("invalid_request",
		    "Invalid impersonation &quot;sub&quot; field"),
		SENDAS_ERR_MAILBOX, SENDAS_REASON_BAD_SUBJECT,
		"no such mailbox"},
	    {400,
		SAID("invalid_request",
		    "Invalid impersonation prn email address."),
		SENDAS_ERR_MAILBOX, SENDAS_REASON_BAD_SUBJECT,
		"no such mailbox"},
	    {400, SAID("invalid_grant", "The account has been deleted"),
		SENDAS_ERR_MAILBOX, SENDAS_REASON_ACCOUNT_DELETED,
		"has been deleted"},
	    {400, SAID("invalid_grant", "Account has been deleted"),
		SENDAS_ERR_MAILBOX, SENDAS_REASON_ACCOUNT_DELETED,
		"has been deleted"},
	    {400, SAID("access_denied", "Account restricted"),
		SENDAS_ERR_MAILBOX, SENDAS_REASON_ACCOUNT_RESTRICTED,
		"restricted this account"},
	    /* Said of people's sign-ins; a service account has none. */
	    {400, SAID("invalid_grant", "Token has been expired or revoked."),
		SENDAS_ERR_TOKEN, SENDAS_REASON_TOKEN_REFUSED,
		"gives no access token for this mailbox"},
	    {400, SAID("invalid_grant", "reauth related error (invalid_rapt)"),
		SENDAS_ERR_TOKEN, SENDAS_REASON_TOKEN_REFUSED,
		"gives no access token for this mailbox"},
	    {400, SAID("invalid_grant", "Bad Request"), SENDAS_ERR_TOKEN,
		SENDAS_REASON_TOKEN_REFUSED, "invalid_grant: Bad Request]"},
	    {400, SAID("access_denied", "Something new"), SENDAS_ERR_TOKEN,
		SENDAS_REASON_TOKEN_REFUSED, "access_denied: Something new]"},
	    {400, "{\"error\":\"invalid_grant\"}", SENDAS_ERR_TOKEN,
		SENDAS_REASON_TOKEN_REFUSED, "[HTTP 400 invalid_grant]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_refusal(&rows[i]);
}

/* The whole run. */
static void
test_refused_projects(void **state)
{
	static const struct refusal_row rows[] = {
	    {401, SAID("unauthorized_client", "Client is unauthorized ..."),
		SENDAS_ERR_PROJECT, SENDAS_REASON_SCOPE_MISSING, BASIC},
	    {400, SAID("access_denied", "Requested client not authorized."),
		SENDAS_ERR_PROJECT, SENDAS_REASON_SCOPE_MISSING, BASIC},
	    {400, SAID("invalid_scope", "Invalid OAuth scope ..."),
		SENDAS_ERR_PROJECT, SENDAS_REASON_SCOPE_MISSING,
		BASIC " " SHARING ": Google knows no such scope"},
	    {400, SAID("invalid_grant", "Invalid JWT Signature."),
		SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
		"robot@p.iam.gserviceaccount.com: Google does not accept the "
		"private key"},
	    {400,
		SAID("invalid_grant",
		    "Invalid JWT: Token must be a "
		    "short-lived token (60 minutes) and in a reasonable "
		    "timeframe. Check your iat and exp values in the JWT "
		    "claim."),
		SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
		"the clock of this machine is probably wrong. It says 2"},
	    {400,
		SAID("invalid_grant",
		    "Invalid JWT: Failed audience check. The right ..."),
		SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
		"--endpoint token=URL"},
	    {400,
		SAID("invalid_grant",
		    "Invalid JWT: No valid verifier found for issuer."),
		SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
		"does not know this service account or its key"},
	    {400, SAID("invalid_grant", "Invalid grant: account not found"),
		SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
		"does not know this service account"},
	    {400, SAID("invalid_grant", "Robot is disabled."),
		SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
		"does not know this service account"},
	    {401, SAID("invalid_client", "The OAuth client was not found."),
		SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
		"no longer accepts this client"},
	    {401, SAID("deleted_client", "The OAuth client was deleted."),
		SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
		"no longer accepts this client"},
	    {401, SAID("disabled_client", ""), SENDAS_ERR_PROJECT,
		SENDAS_REASON_TOKEN_REFUSED, "no longer accepts this client"},
	    {403, SAID("restricted_client", ""), SENDAS_ERR_PROJECT,
		SENDAS_REASON_TOKEN_REFUSED, "no longer accepts this client"},
	    {403, SAID("org_internal", ""), SENDAS_ERR_PROJECT,
		SENDAS_REASON_TOKEN_REFUSED, "no longer accepts this client"},
	    {400, SAID("admin_policy_enforced", ""), SENDAS_ERR_PROJECT,
		SENDAS_REASON_TOKEN_REFUSED, "A policy of the domain"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_refusal(&rows[i]);
}

/* Worth another try, by status or by words. */
static void
test_transient(void **state)
{
	static const struct refusal_row rows[] = {
	    {429, "", SENDAS_ERR_TRANSIENT, SENDAS_REASON_RATE_LIMITED,
		"fewer requests"},
	    {429, SAID("unauthorized_client", ""), SENDAS_ERR_TRANSIENT,
		SENDAS_REASON_RATE_LIMITED, "fewer requests"},
	    {403, SAID("rate_limit_exceeded", ""), SENDAS_ERR_TRANSIENT,
		SENDAS_REASON_RATE_LIMITED, "fewer requests"},
	    {403, "<html>Rate Limit Exceeded</html>", SENDAS_ERR_TRANSIENT,
		SENDAS_REASON_RATE_LIMITED, "fewer requests"},
	    {403,
		"{\"error\":{\"code\":403,\"message\":\"User Rate Limit "
		"Exceeded\"}}",
		SENDAS_ERR_TRANSIENT, SENDAS_REASON_RATE_LIMITED,
		"User Rate Limit Exceeded]"},
	    {500, "", SENDAS_ERR_TRANSIENT, SENDAS_REASON_SERVER_ERROR,
		"has trouble"},
	    {502, "<html>", SENDAS_ERR_TRANSIENT, SENDAS_REASON_SERVER_ERROR,
		"has trouble"},
	    {503, SAID("invalid_grant", "Invalid email or User ID"),
		SENDAS_ERR_TRANSIENT, SENDAS_REASON_SERVER_ERROR,
		"has trouble"},
	    {504, "", SENDAS_ERR_TRANSIENT, SENDAS_REASON_SERVER_ERROR,
		"has trouble"},
	    {408, "", SENDAS_ERR_TRANSIENT, SENDAS_REASON_SERVER_ERROR,
		"has trouble"},
	    {400, "{\"error\":\"internal_failure\"}", SENDAS_ERR_TRANSIENT,
		SENDAS_REASON_SERVER_ERROR, "has trouble"},
	    {400, SAID("internal_failure", "Backend Error"),
		SENDAS_ERR_TRANSIENT, SENDAS_REASON_SERVER_ERROR,
		"has trouble"},
	    {400, SAID("temporarily_unavailable", ""), SENDAS_ERR_TRANSIENT,
		SENDAS_REASON_SERVER_ERROR, "has trouble"},
	    {400, SAID("server_error", ""), SENDAS_ERR_TRANSIENT,
		SENDAS_REASON_SERVER_ERROR, "has trouble"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_refusal(&rows[i]);
}

/* A body that says nothing: the status is enough. */
static void
test_status_alone(void **state)
{
	static const struct refusal_row rows[] = {
	    {400, "", SENDAS_ERR_TOKEN, SENDAS_REASON_TOKEN_REFUSED,
		"without a reason"},
	    {401, "<html><h1>Unauthorized</h1></html>", SENDAS_ERR_TOKEN,
		SENDAS_REASON_TOKEN_REFUSED, "without a reason"},
	    {403, "{", SENDAS_ERR_TOKEN, SENDAS_REASON_TOKEN_REFUSED,
		"without a reason"},
	    {404, "[1,2]", SENDAS_ERR_TOKEN, SENDAS_REASON_TOKEN_REFUSED,
		"without a reason"},
	    {400, "{\"error\":17}", SENDAS_ERR_TOKEN,
		SENDAS_REASON_TOKEN_REFUSED, "without a reason"},
	    {400, "{\"error\":{\"status\":[]}}", SENDAS_ERR_TOKEN,
		SENDAS_REASON_TOKEN_REFUSED, "without a reason"},
	    {302, "<a href=\"/login\">", SENDAS_ERR_ANSWER,
		SENDAS_REASON_BAD_ANSWER, "is no token"},
	    {204, "", SENDAS_ERR_ANSWER, SENDAS_REASON_BAD_ANSWER,
		"is no token"},
	    {201,
		"{\"access_token\":\"ya29.secret\",\"token_type\":"
		"\"Bearer\"}",
		SENDAS_ERR_ANSWER, SENDAS_REASON_BAD_ANSWER, "is no token"},
	    {200, SAID("invalid_grant", "Invalid email or User ID"),
		SENDAS_ERR_MAILBOX, SENDAS_REASON_BAD_SUBJECT,
		"no such mailbox"},
	    {403,
		"{\"error\":{\"code\":403,\"message\":\"No.\",\"status\":"
		"\"PERMISSION_DENIED\"}}",
		SENDAS_ERR_TOKEN, SENDAS_REASON_TOKEN_REFUSED,
		"PERMISSION_DENIED: No.]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_refusal(&rows[i]);
}

/* The link can be used as it stands, and nothing of it is cut off. */
static void
test_delegation_message(void **state)
{
	static const char link[] =
	    "https://admin.google.com/ac/owl/domainwidedelegation"
	    "?clientScopeToAdd=https%3A%2F%2Fwww.googleapis.com%2Fauth%2F"
	    "gmail.settings.basic%2Chttps%3A%2F%2Fwww.googleapis.com%2Fauth"
	    "%2Fgmail.settings.sharing&clientIdToAdd=109876543210987654321"
	    "&overwriteClientId=true [HTTP 401 unauthorized_client: Client ";
	static const char body[] = SAID("unauthorized_client",
	    "Client is unauthorized to retrieve access tokens using this "
	    "method, or client not authorized for any of the scopes "
	    "requested.");
	struct sendas_token token;
	struct sendas_error err;

	(void)state;
	assert_int_equal(parse(401, body, &token, &err), SENDAS_ERR_PROJECT);
	assert_non_null(strstr(err.message, link));
	assert_non_null(strstr(err.message, "client ID 109876543210987654321"));
	assert_non_null(strstr(err.message, "scopes " BASIC "," SHARING "."));
	assert_non_null(strstr(err.message, "24 hours"));
}

static void
test_delegation_without_client_id(void **state)
{
	struct sendas_credentials other = account;
	struct sendas_token_context about = context;
	struct sendas_http_answer answer =
	    answer_of(401, SAID("unauthorized_client", ""));
	struct sendas_token token;
	struct sendas_error err;

	(void)state;
	other.client_id = NULL;
	about.credentials = &other;
	assert_int_equal(
	    sendas_token_parse_answer(&answer, &about, &token, &err),
	    SENDAS_ERR_PROJECT);
	assert_non_null(strstr(err.message, "Unique ID"));
	assert_non_null(strstr(
	    err.message, "gmail.settings.sharing&overwriteClientId=true"));
	assert_null(strstr(err.message, "clientIdToAdd"));
}

/* An endpoint that sends the assertion back does not get it printed. */
static void
test_long_words_are_cut(void **state)
{
	char words[1001], body[1200];
	struct sendas_token token;
	struct sendas_error err;

	(void)state;
	/* U+5C71 three bytes each, so that a cut at 160 is within one. */
	for (size_t i = 0; i + 3 < sizeof(words); i += 3)
		memcpy(words + i, "\xe5\xb1\xb1", 4);
	snprintf(body, sizeof(body), SAID("invalid_grant", "%s"), words);
	assert_int_equal(parse(400, body, &token, &err), SENDAS_ERR_TOKEN);
	assert_true(strlen(err.message) < 350);
	assert_non_null(strstr(err.message, "\xe5\xb1\xb1]"));
}

/* A code or token that an answer sends back does not get into a message. */
static void
test_echo_is_not_shown(void **state)
{
	static const char body[] = SAID("invalid_grant",
	    "Bad code 4/0AMARKEDMARKEDMARKEDMARKEDMARKEDMARKED at "
	    "https://oauth2.example/token?code=MARKED twice");
	struct sendas_token token;
	struct sendas_error err;

	(void)state;
	assert_int_equal(parse(400, body, &token, &err), SENDAS_ERR_TOKEN);
	assert_null(strstr(err.message, "MARKED"));
	assert_non_null(strstr(err.message,
	    "Bad code ... at https://oauth2.example/token... twice]"));
}

/* What the endpoint's clock makes of times that it refused. */
static void
test_clocks(void **state)
{
	static const char body[] =
	    "{\"error\":\"invalid_grant\",\"error_description\":"
	    "\"Invalid JWT: Token must be a short-lived token\"}";
	static const struct {
		long offset_sec;
		const char *said;
	} rows[] = {
	    {0, "agrees with Google's"},
	    {-119, "agrees with Google's"},
	    {-7200, "the clock of this machine is wrong. It says 2"},
	    {7200, "Google's says 2"},
	};
	struct sendas_http_answer answer = answer_of(400, body);
	struct sendas_token token;
	struct sendas_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		answer.date = time(NULL) + rows[i].offset_sec;
		assert_int_equal(
		    sendas_token_parse_answer(&answer, &context, &token, &err),
		    SENDAS_ERR_PROJECT);
		if (strstr(err.message, rows[i].said) == NULL)
			fail_msg("%s\n-> %s", rows[i].said, err.message);
	}
}

static void
test_refresh_body(void **state)
{
	struct sendas_credentials person = {
	    .kind = SENDAS_CREDENTIALS_AUTHORIZED_USER, .client_id = "1-a.x"};
	struct sendas_secret body = {0};

	(void)state;
	sendas_secret_set(&person.client_secret, "a&b", 3);
	sendas_secret_set(&person.refresh_token, "1//x", 4);
	sendas_token_refresh_body(&person, &body);
	assert_string_equal(body.data,
	    "grant_type=refresh_token&client_id=1-a.x&refresh_token=1%2F%2Fx"
	    "&client_secret=a%26b");
	sendas_secret_clear(&body);
	/* A client without a secret sends none, not an empty one. */
	sendas_secret_clear(&person.client_secret);
	sendas_token_refresh_body(&person, &body);
	assert_string_equal(body.data,
	    "grant_type=refresh_token&client_id=1-a.x&refresh_token=1%2F%2Fx");
	sendas_secret_clear(&body);
	sendas_secret_clear(&person.refresh_token);
}

static void
test_code_body(void **state)
{
	struct sendas_credentials client = {
	    .kind = SENDAS_CREDENTIALS_CLIENT, .client_id = "1-a.x"};
	struct sendas_secret text = {"4/0A b", 6}, verifier = {"v-_.~", 5};
	struct sendas_token_code code = {
	    &text, "http://127.0.0.1:8080/", &verifier};
	struct sendas_secret body = {0};

	(void)state;
	sendas_token_code_body(&client, &code, &body);
	assert_string_equal(body.data,
	    "grant_type=authorization_code&client_id=1-a.x&code=4%2F0A%20b"
	    "&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2F"
	    "&code_verifier=v-_.~");
	sendas_secret_clear(&body);
	sendas_secret_set(&client.client_secret, "a&b", 3);
	sendas_token_code_body(&client, &code, &body);
	assert_string_equal(body.data,
	    "grant_type=authorization_code&client_id=1-a.x&code=4%2F0A%20b"
	    "&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2F"
	    "&code_verifier=v-_.~&client_secret=a%26b");
	sendas_secret_clear(&body);
	sendas_secret_clear(&client.client_secret);
}

static void
test_revoke_body(void **state)
{
	struct sendas_credentials person = {
	    .kind = SENDAS_CREDENTIALS_AUTHORIZED_USER,
	    .client_id = "1-a.x",
	    .client_secret = {"s", 1},
	    .refresh_token = {"1//x&y", 6},
	};
	struct sendas_secret body = {0};

	(void)state;
	sendas_token_revoke_body(&person, &body);
	assert_string_equal(body.data, "token=1%2F%2Fx%26y");
	sendas_secret_clear(&body);
}

/* What has ended before is as good as taken back; anything else is not. */
static void
test_revoked(void **state)
{
	static const struct {
		long http_status;
		const char *body;
		enum sendas_status want;
		const char *said; /* in the message */
	} rows[] = {
	    {200, "{}", SENDAS_OK, ""},
	    {200, "", SENDAS_OK, ""},
	    {400, SAID("invalid_token", "Token expired or revoked"), SENDAS_OK,
		""},
	    {400, "{\"error\":\"invalid_grant\"}", SENDAS_OK, ""},
	    {400, SAID("invalid_request", "no"), SENDAS_ERR_ANSWER,
		"HTTP 400 invalid_request"},
	    {400, SAID("invalid_tokens", ""), SENDAS_ERR_ANSWER, "HTTP 400"},
	    {400, "", SENDAS_ERR_ANSWER, "HTTP 400"},
	    {400, "invalid_token", SENDAS_ERR_ANSWER, "HTTP 400"},
	    {401, SAID("invalid_client", ""), SENDAS_ERR_ANSWER,
		"HTTP 401 invalid_client"},
	    {403, "<html>Forbidden</html>", SENDAS_ERR_ANSWER, "HTTP 403"},
	    {404, "", SENDAS_ERR_ANSWER, "HTTP 404"},
	    {302, "<a href=\"/\">", SENDAS_ERR_ANSWER, "HTTP 302"},
	    {429, "", SENDAS_ERR_TRANSIENT, "HTTP 429"},
	    {500, "{}", SENDAS_ERR_TRANSIENT, "HTTP 500"},
	    {503, "<html>", SENDAS_ERR_TRANSIENT, "HTTP 503"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_http_answer answer =
		    answer_of(rows[i].http_status, rows[i].body);
		struct sendas_error err = {0};

		if (sendas_token_parse_revoked(&answer, &err) != rows[i].want)
			fail_msg("%ld %s\n-> %s", rows[i].http_status,
			    rows[i].body, err.message);
		assert_int_equal(err.code, rows[i].want);
		assert_non_null(strstr(err.message, rows[i].said));
		if (rows[i].want != SENDAS_OK)
			assert_int_equal(err.http_status, rows[i].http_status);
		assert_int_equal(
		    sendas_token_parse_revoked(&answer, NULL), rows[i].want);
	}
}

/* What comes with a token: one for later, and what was granted. */
static void
test_refresh_token_kept(void **state)
{
	struct sendas_token token;

	(void)state;
	assert_int_equal(parse(200,
			     "{\"access_token\":\"ya29.ok\",\"token_type\":"
			     "\"Bearer\",\"refresh_token\":\"1//r-_.~\","
			     "\"scope\":\"" SHARING " " BASIC "\"}",
			     &token, NULL),
	    SENDAS_OK);
	assert_string_equal(token.refresh_token.data, "1//r-_.~");
	assert_int_equal(token.refresh_token.len, 8);
	assert_string_equal(token.scope, SHARING " " BASIC);
	sendas_token_clear(&token);
	assert_false(sendas_secret_is_set(&token.refresh_token));
	assert_null(token.scope);
	assert_int_equal(parse(200,
			     "{\"access_token\":\"ya29.ok\",\"token_type\":"
			     "\"Bearer\",\"refresh_token\":null}",
			     &token, NULL),
	    SENDAS_OK);
	assert_false(sendas_secret_is_set(&token.refresh_token));
	assert_null(token.scope);
	sendas_token_clear(&token);
}

static void
test_refresh_token_refused(void **state)
{
	static const char *const values[] = {"\"\"", "\"secret x\"",
	    "\"secret\\r\\nX: y\"", "\"secret\\u00e9\"", "\"secret\\u007f\"",
	    "17", "[\"secret\"]"};
	struct sendas_token token;
	struct sendas_error err;
	char body[512];

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		token = (struct sendas_token){.expires_in_sec = -1};
		snprintf(body, sizeof(body),
		    "{\"access_token\":\"ya29.secret\",\"token_type\":"
		    "\"Bearer\",\"refresh_token\":%s}",
		    values[i]);
		if (parse(200, body, &token, &err) != SENDAS_ERR_ANSWER)
			fail_msg("taken: %s", body);
		assert_int_equal(token.expires_in_sec, -1);
		assert_null(strstr(err.message, "secret"));
	}
}

/* With a code that has just come from the browser. */
static void
test_code_refused(void **state)
{
	static const struct {
		long http_status;
		const char *body;
		enum sendas_status want;
		const char *said;
	} rows[] = {
	    {400, SAID("invalid_grant", "Malformed auth code."),
		SENDAS_ERR_TOKEN,
		"did not take the code that came from the browser"},
	    {400, "{\"error\":\"invalid_grant\"}", SENDAS_ERR_TOKEN,
		"Sign in again: sendas login [HTTP"},
	    {401, SAID("unauthorized_client", "Unauthorized"),
		SENDAS_ERR_PROJECT,
		"did not take the code that came from the browser"},
	    {401, SAID("invalid_client", "The OAuth client was not found."),
		SENDAS_ERR_PROJECT,
		"Google no longer accepts the OAuth client"},
	    {200,
		"{\"access_token\":\"ya29.secret\",\"token_type\":\"Bearer\","
		"\"scope\":\"openid\"}",
		SENDAS_ERR_SCOPE,
		"a box was left without its tick: " BASIC " " SHARING
		". Without it"},
	    {200,
		"{\"access_token\":\"ya29.secret\",\"token_type\":\"Bearer\","
		"\"scope\":\"" BASIC "\"}",
		SENDAS_ERR_SCOPE,
		"a box was left without its tick: " SHARING ". Without it"},
	};
	struct sendas_credentials client = {
	    .kind = SENDAS_CREDENTIALS_CLIENT, .origin = "client.json"};
	struct sendas_token_context about = context;

	(void)state;
	about.credentials = &client;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_http_answer answer =
		    answer_of(rows[i].http_status, rows[i].body);
		struct sendas_token token;
		struct sendas_error err = {0};

		if (sendas_token_parse_answer(&answer, &about, &token, &err) !=
			rows[i].want ||
		    strstr(err.message, rows[i].said) == NULL ||
		    strstr(err.message, "secret") != NULL ||
		    strstr(err.message, "admin.google.com") != NULL)
			fail_msg("%s\n-> %s", rows[i].body, err.message);
	}
}

/* A sign-in that this program keeps: the command that mends it. */
static void
test_own_sign_in(void **state)
{
	static const struct {
		const char *body, *said;
		const char *mailbox;
	} rows[] = {
	    {SAID("invalid_grant", "Token has been expired or revoked."),
		". Sign in again: sendas login taro@example.com [HTTP",
		"taro@example.com"},
	    {SAID("invalid_grant", "Bad Request"),
		"The sign-in no longer works", "taro@example.com"},
	    {SAID("invalid_grant", "reauth related error (invalid_rapt)"),
		"this sign-in is older. Sign in again: sendas login "
		"taro@example.com [HTTP",
		"taro@example.com"},
	    {SAID("unauthorized_client", "Unauthorized"),
		"Sign in again: sendas login taro@example.com [HTTP",
		"taro@example.com"},
	    {SAID("invalid_grant", "Token has been expired or revoked."),
		". Sign in again: sendas login [HTTP", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_credentials person = {
		    .kind = SENDAS_CREDENTIALS_AUTHORIZED_USER,
		    .origin = "taro.json",
		    .mailbox = (char *)rows[i].mailbox,
		    .is_stored = true,
		};
		struct sendas_token_context personal = {.credentials = &person};
		struct sendas_http_answer answer = answer_of(400, rows[i].body);
		struct sendas_token token;
		struct sendas_error err = {0};

		assert_int_not_equal(
		    sendas_token_parse_answer(&answer, &personal, &token, &err),
		    SENDAS_OK);
		assert_int_equal(err.reason, SENDAS_REASON_TOKEN_REFUSED);
		if (strstr(err.message, rows[i].said) == NULL ||
		    strstr(err.message, "program that stored it") != NULL)
			fail_msg("%s\n-> %s", rows[i].body, err.message);
	}
}

/* A person's sign-in that another program keeps: nothing is said of
 * delegation, and any scopes will do here; what they allow, the API says. */
static void
test_stored_sign_in(void **state)
{
	static const struct {
		const char *body, *said;
	} rows[] = {
	    {"{\"error\":\"invalid_grant\",\"error_description\":\"Token has "
	     "been expired or revoked.\"}",
		"Sign in again with the program that stored it (adc.json)"},
	    {"{\"error\":\"invalid_grant\",\"error_description\":\"reauth "
	     "related error (rapt_required)\"}",
		"every few hours"},
	    {"{\"error\":\"invalid_grant\"}",
		"Sign in again with the program that stored it (adc.json)"},
	    {"{\"error\":\"unauthorized_client\"}",
		"Sign in again with the program that stored it (adc.json)"},
	    {"{\"error\":\"invalid_client\"}",
		"adc.json: Google no longer accepts this client"},
	};
	struct sendas_credentials person = {
	    .kind = SENDAS_CREDENTIALS_AUTHORIZED_USER, .origin = "adc.json"};
	struct sendas_token_context personal = {.credentials = &person};
	struct sendas_http_answer answer;
	struct sendas_token token;
	struct sendas_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		answer = answer_of(400, rows[i].body);
		assert_int_not_equal(
		    sendas_token_parse_answer(&answer, &personal, &token, &err),
		    SENDAS_OK);
		if (strstr(err.message, rows[i].said) == NULL ||
		    strstr(err.message, "sendas login") != NULL ||
		    strstr(err.message, "admin.google.com") != NULL)
			fail_msg("%s\n-> %s", rows[i].body, err.message);
	}
	answer = answer_of(200,
	    "{\"access_token\":\"t\",\"token_type\":\"Bearer\","
	    "\"scope\":\"openid\"}");
	assert_int_equal(
	    sendas_token_parse_answer(&answer, &personal, &token, &err),
	    SENDAS_OK);
	sendas_token_clear(&token);
}

static int
set_up(void **state)
{
	(void)state;
	sendas_oauth2_init();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	sendas_oauth2_shutdown();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_body),
	    cmocka_unit_test(test_good_answers),
	    cmocka_unit_test(test_bad_answers),
	    cmocka_unit_test(test_token_too_long),
	    cmocka_unit_test(test_scope_missing),
	    cmocka_unit_test(test_refused_mailboxes),
	    cmocka_unit_test(test_refused_projects),
	    cmocka_unit_test(test_transient),
	    cmocka_unit_test(test_status_alone),
	    cmocka_unit_test(test_delegation_message),
	    cmocka_unit_test(test_clocks),
	    cmocka_unit_test(test_refresh_body),
	    cmocka_unit_test(test_code_body),
	    cmocka_unit_test(test_revoke_body),
	    cmocka_unit_test(test_revoked),
	    cmocka_unit_test(test_refresh_token_kept),
	    cmocka_unit_test(test_refresh_token_refused),
	    cmocka_unit_test(test_code_refused),
	    cmocka_unit_test(test_own_sign_in),
	    cmocka_unit_test(test_stored_sign_in),
	    cmocka_unit_test(test_delegation_without_client_id),
	    cmocka_unit_test(test_long_words_are_cut),
	    cmocka_unit_test(test_echo_is_not_shown),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
