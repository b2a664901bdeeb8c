/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_credentials.c: every file that people have at hand, what is said of
 * it, and that no key file can send an assertion elsewhere than to Google.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sendas/credentials.h"

#define SECRET "MIIEsecretsecret"
#define KEY "\"-----BEGIN PRIVATE KEY-----\\n" SECRET "\\n\""
#define EMAIL "\"client_email\":\"robot@p.iam.gserviceaccount.com\""
#define ACCOUNT "\"type\":\"service_account\"," EMAIL ",\"private_key\":" KEY
#define WHOLE                                                                  \
	"{" ACCOUNT ",\"private_key_id\":\"k1\",\"client_id\":\"123\","        \
	"\"token_uri\":\"https://oauth2.googleapis.com/token\","               \
	"\"universe_domain\":\"googleapis.com\",\"project_id\":\"p\"}"

static enum sendas_status
parse(const char *text, size_t len, struct sendas_credentials *out,
    struct sendas_error *err)
{
	return sendas_credentials_parse(text, len, "key.json", out, err);
}

static void
test_service_account(void **state)
{
	struct sendas_credentials got;

	(void)state;
	assert_int_equal(parse(WHOLE, strlen(WHOLE), &got, NULL), SENDAS_OK);
	assert_int_equal(got.kind, SENDAS_CREDENTIALS_SERVICE_ACCOUNT);
	assert_string_equal(got.origin, "key.json");
	assert_string_equal(
	    got.client_email, "robot@p.iam.gserviceaccount.com");
	assert_string_equal(got.client_id, "123");
	assert_string_equal(got.key_id, "k1");
	assert_string_equal(
	    got.private_key.data, "-----BEGIN PRIVATE KEY-----\n" SECRET "\n");
	assert_false(sendas_secret_is_set(&got.access_token));
	sendas_credentials_clear(&got);
	assert_null(got.client_email);
	sendas_credentials_clear(&got);
}

static void
test_stored_sign_in(void **state)
{
	static const char text[] =
	    "{\"type\":\"authorized_user\",\"account\":\"\","
	    "\"client_id\":\"1.apps\",\"client_secret\":\"s\","
	    "\"refresh_token\":\"1//r\",\"quota_project_id\":\"p\","
	    "\"universe_domain\":\"googleapis.com\"}";
	struct sendas_credentials got;

	(void)state;
	assert_int_equal(parse(text, strlen(text), &got, NULL), SENDAS_OK);
	assert_int_equal(got.kind, SENDAS_CREDENTIALS_AUTHORIZED_USER);
	assert_true(sendas_credentials_is_person(&got));
	assert_string_equal(got.client_id, "1.apps");
	assert_string_equal(got.client_secret.data, "s");
	assert_string_equal(got.refresh_token.data, "1//r");
	/* gcloud does not know whose it is. */
	assert_null(got.mailbox);
	assert_null(got.scope);
	assert_false(got.is_stored);
	sendas_credentials_clear(&got);
	assert_false(sendas_secret_is_set(&got.refresh_token));
}

/* As this program keeps it; the client may be one without a secret. */
static void
test_sign_in_of_a_mailbox(void **state)
{
	static const char *const secrets[] = {
	    "", "\"client_secret\":\"\",", "\"client_secret\":null,"};
	struct sendas_credentials got;
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++) {
		snprintf(text, sizeof(text),
		    "{\"type\":\"authorized_user\",%s\"client_id\":\"1\","
		    "\"refresh_token\":\"r\",\"account\":\"a@example.com\","
		    "\"scope\":\"x y\"}",
		    secrets[i]);
		assert_int_equal(
		    parse(text, strlen(text), &got, NULL), SENDAS_OK);
		assert_false(sendas_secret_is_set(&got.client_secret));
		assert_string_equal(got.mailbox, "a@example.com");
		assert_string_equal(got.scope, "x y");
		assert_false(got.is_stored);
		sendas_credentials_clear(&got);
		assert_null(got.mailbox);
		assert_null(got.scope);
	}
}

/* As the console hands it out, and with less; what does not matter here is
 * passed over. */
static void
test_client(void **state)
{
	static const struct {
		const char *text;
		const char *secret; /* NULL: none */
	} rows[] = {
	    {"{\"installed\":{\"client_id\":\"1.apps\",\"project_id\":\"p\","
	     "\"auth_uri\":\"https://accounts.google.com/o/oauth2/auth\","
	     "\"token_uri\":\"https://oauth2.googleapis.com/token\","
	     "\"auth_provider_x509_cert_url\":\"https://x.example\","
	     "\"client_secret\":\"GOCSPX-s\","
	     "\"redirect_uris\":[\"http://localhost\"]}}",
		"GOCSPX-s"},
	    {"{\"installed\":{\"client_id\":\"1.apps\",\"auth_uri\":"
	     "\"https://accounts.google.com/o/oauth2/v2/auth\"}}",
		NULL},
	    {"{\"installed\":{\"client_id\":\"1.apps\","
	     "\"client_secret\":\"\"}}",
		NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_credentials got;
		struct sendas_error err = {0};

		if (parse(rows[i].text, strlen(rows[i].text), &got, &err) !=
		    SENDAS_OK)
			fail_msg("row %zu: %s", i, err.message);
		assert_int_equal(got.kind, SENDAS_CREDENTIALS_CLIENT);
		assert_string_equal(got.client_id, "1.apps");
		assert_string_equal(got.origin, "key.json");
		assert_int_equal(sendas_secret_is_set(&got.client_secret),
		    rows[i].secret != NULL);
		if (rows[i].secret != NULL)
			assert_string_equal(
			    got.client_secret.data, rows[i].secret);
		assert_false(sendas_secret_is_set(&got.refresh_token));
		assert_null(got.mailbox);
		sendas_credentials_clear(&got);
		assert_false(sendas_secret_is_set(&got.client_secret));
	}
}

/* A client must be Google's, and whole. */
#define CLIENT "\"client_id\":\"x\",\"client_secret\":\"secret-1\""

static void
test_accepted(void **state)
{
	static const char *const rows[] = {
	    "{" ACCOUNT "}",
	    "\xef\xbb\xbf{" ACCOUNT "}",
	    "\r\n {" ACCOUNT "}\r\n",
	    "{" ACCOUNT ",\"client_id\":null,\"private_key_id\":null}",
	    "{" ACCOUNT ",\"token_uri\":\"https://accounts.google.com/o/"
	    "oauth2/token\"}",
	    "{" ACCOUNT ",\"token_uri\":\"https://www.googleapis.com/oauth2/"
	    "v4/token\"}",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_credentials got;
		struct sendas_error err = {0};

		if (parse(rows[i], strlen(rows[i]), &got, &err) != SENDAS_OK)
			fail_msg("row %zu: %s", i, err.message);
		assert_null(got.client_id);
		assert_null(got.key_id);
		sendas_credentials_clear(&got);
	}
}

struct refused_row {
	const char *text;
	const char *said; /* in the message */
};

static void
check_refused(const struct refused_row *row)
{
	struct sendas_credentials got = {.kind = 99};
	struct sendas_error err = {0};

	if (parse(row->text, strlen(row->text), &got, &err) !=
		SENDAS_ERR_CREDENTIALS ||
	    err.code != SENDAS_ERR_CREDENTIALS)
		fail_msg("taken: %s", row->text);
	if (strncmp(err.message, "key.json: ", 10) != 0 ||
	    strstr(err.message, row->said) == NULL ||
	    strstr(err.message, "secret-") != NULL ||
	    strstr(err.message, SECRET) != NULL)
		fail_msg("%s\n-> %s", row->text, err.message);
	assert_int_equal(got.kind, 99); /* untouched */
}

/* Files of other kinds: recognised, with the way out. */
static void
test_other_kinds(void **state)
{
	static const struct refused_row rows[] = {
	    {"{\"type\":\"authorized_user\",\"client_id\":\"x\","
	     "\"client_secret\":7,\"refresh_token\":\"secret-1\"}",
		"client_secret: "},
	    {"{\"type\":\"authorized_user\",\"client_id\":\"x\","
	     "\"refresh_token\":\"secret-1\",\"account\":[]}",
		"account: "},
	    {"{\"type\":\"authorized_user\",\"client_id\":\"x\","
	     "\"refresh_token\":\"secret-1\",\"scope\":[\"x\"]}",
		"scope: "},
	    {"{\"type\":\"authorized_user\",\"client_id\":\"x\","
	     "\"client_secret\":\"secret-2\"}",
		"\"refresh_token\" is missing or empty"},
	    {"{\"type\":\"authorized_user\",\"client_id\":\"x\","
	     "\"client_secret\":\"secret-2\",\"refresh_token\":\"secret-1\","
	     "\"token_uri\":\"https://evil.example/token\"}",
		"which is not Google's"},
	    {"{\"token\":\"secret-1\",\"refresh_token\":\"secret-2\"}",
		"--access-token-fd 0"},
	    {"{\"access_token\":\"secret-1\"}", "--access-token-fd 0"},
	    {"{\"installed\":{\"client_secret\":\"secret-1\"}}",
		"\"client_id\" is missing or empty"},
	    {"{\"installed\":{\"client_id\":\"x\",\"client_secret\":7}}",
		"client_secret: "},
	    {"{\"installed\":{" CLIENT ",\"auth_uri\":"
	     "\"https://evil.example/o/oauth2/auth\"}}",
		"\"auth_uri\" is \"https://evil.example/o/oauth2/auth\", which "
		"is not Google's"},
	    {"{\"installed\":{" CLIENT ",\"auth_uri\":"
	     "\"http://accounts.google.com/o/oauth2/auth\"}}",
		"which is not Google's"},
	    {"{\"installed\":{" CLIENT ",\"auth_uri\":7}}", "auth_uri: "},
	    {"{\"installed\":{" CLIENT ",\"token_uri\":"
	     "\"https://evil.example/token\"}}",
		"\"token_uri\" is \"https://evil.example/token\", which is not "
		"Google's"},
	    {"{\"installed\":{" CLIENT ",\"universe_domain\":\"x.example\"}}",
		"\"universe_domain\" is \"x.example\""},
	    {"{\"installed\":[\"secret-1\"]}", "\"type\" is missing"},
	    {"{\"installed\":\"secret-1\"}", "\"type\" is missing"},
	    {"{\"web\":{\"client_secret\":\"secret-1\"}}",
		"one of the type \"Desktop app\""},
	    {"{\"type\":\"impersonated_service_account\"}",
		"of that service account itself"},
	    {"{\"type\":\"external_account\"}", "identity federation"},
	    {"{\"type\":\"external_account_authorized_user\"}",
		"identity federation"},
	    {"{\"type\":\"gdch_service_account\"}", "Distributed Cloud"},
	    {"{\"type\":\"other\"}", "\"other\" are not known"},
	    {"{\"sendAs\":[]}", "--from FILE"},
	    {"{}", "\"type\" is missing"},
	    {"{" EMAIL ",\"private_key\":" KEY "}", "\"type\" is missing"},
	    {"ya29.secret-token\n", "--access-token-fd 3 3<FILE"},
	    {"eyJhbGciOiJSUzI1NiJ9.secret-.x", "--access-token-fd 3 3<FILE"},
	    {"-----BEGIN PRIVATE KEY-----\n" SECRET, "Create new key > JSON"},
	    {"Bag Attributes\n-----BEGIN RSA PRIVATE KEY-----\n" SECRET,
		"Create new key > JSON"},
	    {"\x30\x82\x09\x51\x02\x01\x03\x30\x82", "Create new key > JSON"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_refused(&rows[i]);
}

/* Broken files. */
static void
test_broken(void **state)
{
	static const struct refused_row rows[] = {
	    {"", "empty"},
	    {" \r\n\t", "empty"},
	    {"\xef\xbb\xbf", "empty"},
	    {"hello", "line 1"},
	    {"{" ACCOUNT, "line 1"},
	    {"{" ACCOUNT "} x", "line 1"},
	    {"{" ACCOUNT ",\"type\":\"service_account\"}", "type"},
	    {"{" ACCOUNT ",\"client_id\":\"a\\u0000b\"}", "NUL"},
	    {"\xff\xfe{", "UTF-8"},
	    {"[" WHOLE "]", "\"type\" is missing"},
	    {"\"x\"", "\"type\" is missing"},
	    {"{\"type\":1}", "type: "},
	    {"{\"type\":\"service_account\",\"private_key\":" KEY "}",
		"\"client_email\" is missing"},
	    {"{\"type\":\"service_account\"," EMAIL "}",
		"\"private_key\" is missing"},
	    {"{\"type\":\"service_account\"," EMAIL ",\"private_key\":\"\"}",
		"\"private_key\" is missing"},
	    {"{\"type\":\"service_account\"," EMAIL
	     ",\"private_key\":[\"secret-1\"]}",
		"private_key: "},
	    {"{\"type\":\"service_account\",\"client_email\":\"robot\","
	     "\"private_key\":" KEY "}",
		"\"client_email\" is not an address"},
	    {"{\"type\":\"service_account\",\"client_email\":\"a b@c\","
	     "\"private_key\":" KEY "}",
		"\"client_email\" is not an address"},
	    {"{\"type\":\"service_account\",\"client_email\":\"@\","
	     "\"private_key\":" KEY "}",
		"\"client_email\" is not an address"},
	    {"{" ACCOUNT ",\"client_id\":123}", "client_id: "},
	    {"{" ACCOUNT ",\"private_key_id\":123}", "private_key_id: "},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_refused(&rows[i]);
}

/* A file that would have assertions sent elsewhere. */
static void
test_destination(void **state)
{
	static const char *const uris[] = {
	    "https://oauth2.googleapis.com.evil.example/token",
	    "https://evil.example/token",
	    "http://oauth2.googleapis.com/token",
	    "https://oauth2.googleapis.com/token/",
	    "https://oauth2.googleapis.com/token?x",
	    "https://oauth2.googleapis.com@evil.example/token",
	    "HTTPS://OAUTH2.GOOGLEAPIS.COM/token",
	    " https://oauth2.googleapis.com/token",
	    "",
	};
	struct refused_row row = {.said = "which is not Google's"};
	char text[1024];

	(void)state;
	row.text = text;
	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++) {
		snprintf(text, sizeof(text),
		    "{" ACCOUNT ",\"token_uri\":"
		    "\"%s\"}",
		    uris[i]);
		check_refused(&row);
	}
	snprintf(text, sizeof(text), "{" ACCOUNT ",\"token_uri\":7}");
	row.said = "token_uri: ";
	check_refused(&row);
	snprintf(text, sizeof(text),
	    "{" ACCOUNT ",\"universe_domain\":"
	    "\"apis-s3ns.fr\"}");
	row.said = "\"universe_domain\" is \"apis-s3ns.fr\"";
	check_refused(&row);
}

static void
test_load(void **state)
{
	char path[] = "/tmp/test_credentials.XXXXXX";
	struct sendas_credentials got;
	struct sendas_error err;
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, WHOLE, strlen(WHOLE)), strlen(WHOLE));
	close(fd);
	assert_int_equal(sendas_credentials_load(path, &got, &err), SENDAS_OK);
	assert_string_equal(got.origin, path);
	sendas_credentials_clear(&got);

	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(
	    sendas_credentials_load(path, &got, &err), SENDAS_ERR_CREDENTIALS);
	assert_non_null(strstr(err.message, "chmod 600"));
	unlink(path);
	assert_int_equal(
	    sendas_credentials_load(path, &got, &err), SENDAS_ERR_FILE);
}

static void
test_read_token(void **state)
{
	static const struct {
		const char *text;
		const char *token; /* NULL: refused */
	} rows[] = {
	    {"ya29.abc", "ya29.abc"},
	    {"ya29.abc\n", "ya29.abc"},
	    {"", NULL},
	    {"\n", NULL},
	    {"Bearer ya29.abc\n", NULL},
	    {"ya29.a\r\nX-Header: 1\n", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_credentials got = {.kind = 99};
		struct sendas_error err = {0};
		size_t len = strlen(rows[i].text);
		enum sendas_status status;
		int ends[2];

		assert_int_equal(pipe(ends), 0);
		assert_int_equal(write(ends[1], rows[i].text, len), len);
		close(ends[1]);
		status = sendas_credentials_read_token(ends[0], &got, &err);
		assert_int_equal(close(ends[0]), -1); /* it closed it */
		if (rows[i].token == NULL) {
			assert_int_equal(status, SENDAS_ERR_INPUT);
			assert_int_equal(got.kind, 99);
			assert_null(strstr(err.message, "ya29"));
			continue;
		}
		assert_int_equal(status, SENDAS_OK);
		assert_int_equal(got.kind, SENDAS_CREDENTIALS_ACCESS_TOKEN);
		assert_string_equal(got.access_token.data, rows[i].token);
		sendas_credentials_clear(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_service_account),
	    cmocka_unit_test(test_stored_sign_in),
	    cmocka_unit_test(test_sign_in_of_a_mailbox),
	    cmocka_unit_test(test_client),
	    cmocka_unit_test(test_accepted),
	    cmocka_unit_test(test_other_kinds),
	    cmocka_unit_test(test_broken),
	    cmocka_unit_test(test_destination),
	    cmocka_unit_test(test_load),
	    cmocka_unit_test(test_read_token),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
