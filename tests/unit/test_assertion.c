/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_assertion.c: the claims that Google documents, exactly, whatever is in
 * a mailbox's name, and signed so that OpenSSL agrees.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "sendas/assertion.h"
#include "test_keys.h"

#define SCOPE "https://www.googleapis.com/auth/gmail.settings.basic"
#define AUDIENCE "https://oauth2.googleapis.com/token"

static EVP_PKEY *pkey;
static struct sendas_oauth2_key *key;

static struct sendas_assertion
for_subject(const char *subject)
{
	return (struct sendas_assertion){
	    .issuer = "robot@project.iam.gserviceaccount.com",
	    .subject = subject,
	    .scope = SCOPE,
	    .audience = AUDIENCE,
	    .key_id = "0123abcd",
	    .issued_at = 1795000000,
	};
}

static void
test_claims(void **state)
{
	struct sendas_assertion what = for_subject("taro@example.com");
	struct sendas_secret jws = {0};
	char *header, *claims;

	(void)state;
	assert_int_equal(
	    sendas_assertion_sign(&what, key, &jws, NULL), SENDAS_OK);
	header = test_jws_part(jws.data, 0);
	claims = test_jws_part(jws.data, 1);
	assert_string_equal(
	    header, "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"0123abcd\"}");
	assert_string_equal(claims,
	    "{\"iss\":\"robot@project.iam.gserviceaccount.com\","
	    "\"sub\":\"taro@example.com\","
	    "\"scope\":\"" SCOPE "\",\"aud\":\"" AUDIENCE "\","
	    "\"iat\":1795000000,\"exp\":1795003600}");
	assert_true(test_jws_verifies(jws.data, pkey));
	free(header);
	free(claims);
	sendas_secret_clear(&jws);
}

/* No name of a mailbox may add a claim of its own. */
static void
test_hostile_subjects(void **state)
{
	static const struct {
		const char *subject;
		const char *in_claims;
	} rows[] = {
	    {"a\",\"sub\":\"b@example.com",
		"\"sub\":\"a\\\",\\\"sub\\\":\\\"b@example.com\","},
	    {"a\\\"@example.com", "\"sub\":\"a\\\\\\\"@example.com\","},
	    {"a\n@example.com", "\"sub\":\"a\\n@example.com\","},
	    {"\xe5\xb1\xb1@example.com",
		"\"sub\":\"\xe5\xb1\xb1@example.com\","},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_assertion what = for_subject(rows[i].subject);
		struct sendas_secret jws = {0};
		char *claims;

		assert_int_equal(
		    sendas_assertion_sign(&what, key, &jws, NULL), SENDAS_OK);
		claims = test_jws_part(jws.data, 1);
		if (strstr(claims, rows[i].in_claims) == NULL)
			fail_msg("%s", claims);
		free(claims);
		sendas_secret_clear(&jws);
	}
}

/* Without a subject Google would give a token for no mailbox. */
static void
test_refused_subjects(void **state)
{
	static const char *const subjects[] = {
	    NULL, "", "\xff@example.com", "a\xc0\x80@example.com"};

	(void)state;
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		struct sendas_assertion what = for_subject(subjects[i]);
		struct sendas_secret jws = {0};
		struct sendas_error err;

		assert_int_equal(sendas_assertion_sign(&what, key, &jws, &err),
		    SENDAS_ERR_MAILBOX);
		assert_int_equal(err.reason, SENDAS_REASON_BAD_SUBJECT);
		assert_false(sendas_secret_is_set(&jws));
	}
}

static int
set_up(void **state)
{
	char *pem;
	struct sendas_secret secret;

	(void)state;
	sendas_oauth2_init();
	pkey = test_rsa_key(2048);
	pem = test_key_pem(pkey);
	secret = (struct sendas_secret){pem, strlen(pem)};
	assert_int_equal(
	    sendas_oauth2_key_parse(&secret, &key, NULL), SENDAS_OK);
	free(pem);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	sendas_oauth2_key_free(key);
	EVP_PKEY_free(pkey);
	sendas_oauth2_shutdown();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_claims),
	    cmocka_unit_test(test_hostile_subjects),
	    cmocka_unit_test(test_refused_subjects),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
