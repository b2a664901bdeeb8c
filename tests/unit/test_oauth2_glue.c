/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_oauth2_glue.c: signatures checked by OpenSSL itself, keys that must be
 * refused, forms written and read byte by byte, and that secrets are gone from
 * memory after use.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ctype.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sendas/oauth2_glue.h"
#include "test_keys.h"

/* Their shadow memory is too large to look through, and freed memory is kept
 * as it was. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define HAS_SANITIZER true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define HAS_SANITIZER true
#endif
#endif
#ifndef HAS_SANITIZER
#define HAS_SANITIZER false
#endif

#define CLAIMS "{\"sub\":\"\xe5\xb1\xb1@example.com\",\"iat\":1}"

static EVP_PKEY *shared; /* 2048 bits; what most tests need */

static struct sendas_oauth2_key *
load(EVP_PKEY *pkey)
{
	struct sendas_oauth2_key *key = NULL;
	char *pem = test_key_pem(pkey);
	struct sendas_secret secret = {pem, strlen(pem)};

	assert_int_equal(
	    sendas_oauth2_key_parse(&secret, &key, NULL), SENDAS_OK);
	OPENSSL_cleanse(pem, strlen(pem));
	free(pem);
	return key;
}

static void
test_signature(void **state)
{
	struct sendas_oauth2_key *key = load(shared);
	struct sendas_secret jws = {0};
	char *header, *claims;

	(void)state;
	assert_int_equal(
	    sendas_oauth2_sign_jwt(key, "key \"1\"", CLAIMS, &jws, NULL),
	    SENDAS_OK);
	assert_int_equal(jws.len, strlen(jws.data));
	header = test_jws_part(jws.data, 0);
	claims = test_jws_part(jws.data, 1);
	assert_string_equal(header,
	    "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"key \\\"1\\\"\"}");
	assert_string_equal(claims, CLAIMS);
	assert_true(test_jws_verifies(jws.data, shared));
	/* The check itself must be able to say no. */
	jws.data[0] ^= 1;
	assert_false(test_jws_verifies(jws.data, shared));
	free(header);
	free(claims);
	sendas_secret_clear(&jws);
	sendas_oauth2_key_free(key);
}

static void
test_signature_without_key_id(void **state)
{
	struct sendas_oauth2_key *key = load(shared);
	struct sendas_secret jws = {0};
	char *header;

	(void)state;
	assert_int_equal(
	    sendas_oauth2_sign_jwt(key, NULL, CLAIMS, &jws, NULL), SENDAS_OK);
	header = test_jws_part(jws.data, 0);
	assert_string_equal(header, "{\"alg\":\"RS256\",\"typ\":\"JWT\"}");
	free(header);
	sendas_secret_clear(&jws);
	sendas_oauth2_key_free(key);
}

/* A key id that is not UTF-8 cannot be put into JSON. */
static void
test_signature_refused(void **state)
{
	struct sendas_oauth2_key *key = load(shared);
	struct sendas_secret jws = {0};
	struct sendas_error err;

	(void)state;
	assert_int_equal(
	    sendas_oauth2_sign_jwt(key, "\xff", CLAIMS, &jws, &err),
	    SENDAS_ERR_CREDENTIALS);
	assert_false(sendas_secret_is_set(&jws));
	assert_int_equal(ERR_peek_error(), 0);
	sendas_oauth2_key_free(key);
}

#define THREADS 2
#define SIGNATURES 40

static void *
sign_many(void *ctx)
{
	const struct sendas_oauth2_key *key = ctx;
	struct sendas_secret jws = {0};
	uintptr_t good = 0;
	char claims[64];

	for (int i = 0; i < SIGNATURES; i++) {
		snprintf(claims, sizeof(claims), "{\"n\":%d}", i);
		if (sendas_oauth2_sign_jwt(key, "k", claims, &jws, NULL) ==
			SENDAS_OK &&
		    test_jws_verifies(jws.data, shared))
			good++;
		sendas_secret_clear(&jws);
	}
	return (void *)good;
}

static void
test_two_threads_one_key(void **state)
{
	struct sendas_oauth2_key *key = load(shared);
	pthread_t threads[THREADS];
	void *good;

	(void)state;
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, sign_many, key), 0);
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i], &good), 0);
		assert_int_equal((uintptr_t)good, SIGNATURES);
	}
	sendas_oauth2_key_free(key);
}

static char *
pkcs8_pem(void)
{
	return test_key_pem(shared);
}

static char *
pkcs1_pem(void)
{
	BIO *bio = BIO_new(BIO_s_mem());

	assert_int_equal(PEM_write_bio_PrivateKey_traditional(
			     bio, shared, NULL, NULL, 0, NULL, NULL),
	    1);
	return test_take_bio(bio);
}

static char *
large_pem(void)
{
	EVP_PKEY *pkey = test_rsa_key(3072);
	char *pem = test_key_pem(pkey);

	EVP_PKEY_free(pkey);
	return pem;
}

/* As editors and mail leave it. */
static char *
crlf_pem(void)
{
	char *pem = test_key_pem(shared);
	char *out = calloc(2, strlen(pem) + 32);
	size_t n = 0;

	assert_non_null(out);
	n = (size_t)snprintf(out, 16, "a note\r\n");
	for (const char *c = pem; *c != '\0'; c++) {
		if (*c == '\n')
			out[n++] = '\r';
		out[n++] = *c;
	}
	free(pem);
	return out;
}

static char *
small_pem(void)
{
	EVP_PKEY *pkey = test_rsa_key(1024);
	char *pem = test_key_pem(pkey);

	EVP_PKEY_free(pkey);
	return pem;
}

static char *
ec_pem(void)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	char *pem = test_key_pem(pkey);

	EVP_PKEY_free(pkey);
	return pem;
}

static char *
encrypted_pkcs8_pem(void)
{
	BIO *bio = BIO_new(BIO_s_mem());

	assert_int_equal(PEM_write_bio_PKCS8PrivateKey(bio, shared,
			     EVP_aes_128_cbc(), "secret", 6, NULL, NULL),
	    1);
	return test_take_bio(bio);
}

static char *
encrypted_pkcs1_pem(void)
{
	BIO *bio = BIO_new(BIO_s_mem());

	assert_int_equal(
	    PEM_write_bio_PrivateKey_traditional(bio, shared, EVP_aes_128_cbc(),
		(const unsigned char *)"secret", 6, NULL, NULL),
	    1);
	return test_take_bio(bio);
}

static char *
public_pem(void)
{
	BIO *bio = BIO_new(BIO_s_mem());

	assert_int_equal(PEM_write_bio_PUBKEY(bio, shared), 1);
	return test_take_bio(bio);
}

static char *
truncated_pem(void)
{
	char *pem = test_key_pem(shared);

	pem[strlen(pem) / 2] = '\0';
	return pem;
}

/* What a careless copy from JSON leaves: \n as two characters. */
static char *
escaped_pem(void)
{
	char *pem = test_key_pem(shared);
	char *out = calloc(2, strlen(pem) + 1);
	size_t n = 0;

	assert_non_null(out);
	for (const char *c = pem; *c != '\0'; c++) {
		if (*c == '\n')
			out[n++] = '\\';
		out[n++] = *c == '\n' ? 'n' : *c;
	}
	free(pem);
	return out;
}

static char *
no_pem(void)
{
	return strdup("REDACTED");
}

static char *
empty_pem(void)
{
	return strdup("");
}

static void
test_key_kinds(void **state)
{
	static const struct {
		const char *name;
		char *(*make)(void);
		const char *refusal; /* NULL: it is a good key */
	} rows[] = {
	    {"PKCS#8", pkcs8_pem, NULL},
	    {"PKCS#1", pkcs1_pem, NULL},
	    {"3072 bits", large_pem, NULL},
	    {"CRLF and a note", crlf_pem, NULL},
	    {"1024 bits", small_pem, "1024 bits"},
	    {"elliptic curve", ec_pem, "not an RSA key"},
	    {"encrypted PKCS#8", encrypted_pkcs8_pem, "pass phrase"},
	    {"encrypted PKCS#1", encrypted_pkcs1_pem, "pass phrase"},
	    {"public", public_pem, "no readable private key"},
	    {"truncated", truncated_pem, "no readable private key"},
	    {"escaped line ends", escaped_pem, "no readable private key"},
	    {"no PEM", no_pem, "no readable private key"},
	    {"empty", empty_pem, "no readable private key"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_oauth2_key *key = NULL;
		char *pem = rows[i].make();
		struct sendas_secret secret = {pem, strlen(pem)};
		struct sendas_error err = {0};
		enum sendas_status status;

		status = sendas_oauth2_key_parse(&secret, &key, &err);
		if (rows[i].refusal == NULL && status != SENDAS_OK)
			fail_msg("%s: %s", rows[i].name, err.message);
		if (rows[i].refusal != NULL &&
		    (status != SENDAS_ERR_CREDENTIALS || key != NULL ||
			strstr(err.message, rows[i].refusal) == NULL))
			fail_msg(
			    "%s: %d %s", rows[i].name, status, err.message);
		/* Left there, it would fail the next TLS connection. */
		assert_int_equal(ERR_peek_error(), 0);
		sendas_oauth2_key_free(key);
		free(pem);
	}
}

static void
test_key_not_set(void **state)
{
	struct sendas_secret unset = {0};
	struct sendas_oauth2_key *key = NULL;

	(void)state;
	assert_int_equal(sendas_oauth2_key_parse(&unset, &key, NULL),
	    SENDAS_ERR_CREDENTIALS);
	assert_null(key);
	sendas_oauth2_key_free(NULL);
}

static void
test_form(void **state)
{
	static const struct {
		const char *pairs[4];
		size_t count;
		const char *form;
	} rows[] = {
	    {{"a", "1", "b", "2"}, 2, "a=1&b=2"},
	    {{"b", "2", "a", "1"}, 2, "b=2&a=1"},
	    {{"a", "1", "a", "2"}, 2, "a=1&a=2"},
	    {{"scope", "x y+z"}, 1, "scope=x%20y%2Bz"},
	    {{"urn:x", "~-._"}, 1, "urn%3Ax=~-._"},
	    {{"k", "&=%?#/\"'\\*"}, 1, "k=%26%3D%25%3F%23%2F%22%27%5C%2A"},
	    {{"k", "\xe5\xb1\xb1\r\n"}, 1, "k=%E5%B1%B1%0D%0A"},
	    {{"empty", ""}, 1, "empty="},
	    {{NULL}, 0, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_secret out = {0};

		sendas_oauth2_form_encode(rows[i].pairs, rows[i].count, &out);
		assert_string_equal(out.data, rows[i].form);
		assert_int_equal(out.len, strlen(rows[i].form));
		sendas_secret_clear(&out);
	}
}

static void
test_form_long_value(void **state)
{
	size_t len = 16 * 1024;
	char *value = calloc(1, len + 1);
	const char *pairs[] = {"k", value};
	struct sendas_secret out = {0};

	(void)state;
	assert_non_null(value);
	memset(value, '+', len);
	sendas_oauth2_form_encode(pairs, 1, &out);
	assert_int_equal(out.len, 2 + 3 * len);
	sendas_secret_clear(&out);
	free(value);
}

/* What was handed over, each pair as "[name|value]". */
struct pairs {
	char text[256];
	size_t count, stop_after; /* 0: never */
};

static bool
take_pair(void *ctx, const char *name, const char *value)
{
	struct pairs *pairs = ctx;
	size_t len = strlen(pairs->text);

	snprintf(pairs->text + len, sizeof(pairs->text) - len, "[%s|%s]", name,
	    value);
	pairs->count++;
	return pairs->count != pairs->stop_after;
}

static void
test_form_decode(void **state)
{
	static const struct {
		const char *form;
		const char *pairs;
	} rows[] = {
	    {"", ""},
	    {"a=1", "[a|1]"},
	    {"a=1&b=2", "[a|1][b|2]"},
	    {"b=2&a=1", "[b|2][a|1]"},
	    {"a=1&a=2&a=1", "[a|1][a|2][a|1]"},
	    {"a=x%20y+z%2B", "[a|x y z+]"},
	    {"%61%3d=%26&b=%3D", "[a=|&][b|=]"},
	    {"a=%E5%b1%B1%25", "[a|\xe5\xb1\xb1%]"},
	    {"a=1=2=", "[a|1=2=]"},
	    {"a=", "[a|]"},
	    {"a=&b=1", "[a|][b|1]"},
	    {"a&b=1", "[a|][b|1]"},
	    {"a=%2500", "[a|%00]"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pairs got = {0};

		assert_true(
		    sendas_oauth2_form_decode(rows[i].form, take_pair, &got));
		if (strcmp(got.text, rows[i].pairs) != 0)
			fail_msg("%s -> %s", rows[i].form, got.text);
	}
}

/* Names that are empty may be left out or not, but nothing else is lost. */
static void
test_form_decode_empty_names(void **state)
{
	static const char *const forms[] = {
	    "=x&a=1", "&a=1", "a=1&", "&&a=1&&", "a=1&="};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct pairs got = {0};

		assert_true(
		    sendas_oauth2_form_decode(forms[i], take_pair, &got));
		if (strstr(got.text, "[a|1]") == NULL)
			fail_msg("%s -> %s", forms[i], got.text);
	}
}

/* What the library would read as something else. */
static void
test_form_decode_refused(void **state)
{
	static const char *const forms[] = {"a=%00", "%00=1", "a=1&b=x%00y",
	    "a=1%00", "a==1", "a==", "b=1&a==1", "==1", "a=1&=="};

	(void)state;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct pairs got = {0};

		if (sendas_oauth2_form_decode(forms[i], take_pair, &got))
			fail_msg("taken: %s -> %s", forms[i], got.text);
		assert_int_equal(got.count, 0);
	}
}

static void
test_form_decode_stops(void **state)
{
	struct pairs got = {.stop_after = 2};

	(void)state;
	assert_true(sendas_oauth2_form_decode("a=1&b=2&c=3", take_pair, &got));
	assert_string_equal(got.text, "[a|1][b|2]");
}

/* What was encoded comes back, and what is not a form does no harm. */
static void
test_form_there_and_back(void **state)
{
	static const char *const odd[] = {"%", "a=%", "a=%4", "a=%zz", "%=%",
	    "a=\xff", "a=\"\\", "a b=c d", "?a=1#b"};
	struct sendas_secret form = {0};
	struct pairs got = {0};
	char all[256] = "";
	const char *pairs[] = {"k", all};

	(void)state;
	for (int c = 1; c < 128; c++)
		all[c - 1] = (char)c;
	sendas_oauth2_form_encode(pairs, 1, &form);
	assert_true(sendas_oauth2_form_decode(form.data, take_pair, &got));
	assert_int_equal(got.count, 1);
	assert_int_equal(strncmp(got.text, "[k|", 3), 0);
	assert_int_equal(strncmp(got.text + 3, all, strlen(all)), 0);
	sendas_secret_clear(&form);
	for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		got = (struct pairs){0};
		(void)sendas_oauth2_form_decode(odd[i], take_pair, &got);
		assert_true(got.count <= 1);
	}
}

/* RFC 7636 appendix B; and "abc" of FIPS 180-4. */
static void
test_code_challenge(void **state)
{
	static const char *const rows[][2] = {
	    {"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
		"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"},
	    {"abc", "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0"},
	};
	char *challenge;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		challenge = sendas_oauth2_code_challenge(rows[i][0]);
		assert_string_equal(challenge, rows[i][1]);
		free(challenge);
	}
}

static void
test_is_equal(void **state)
{
	static const struct {
		const char *a, *b;
		bool want;
	} rows[] = {
	    {"", "", true},
	    {"abc", "abc", true},
	    {"abc", "abd", false},
	    {"abc", "bbc", false},
	    {"abc", "ab", false},
	    {"abc", "abcd", false},
	    {"abc", "ABC", false},
	    {"", "a", false},
	    {"\xe5\xb1\xb1", "\xe5\xb1\xb1", true},
	    {"\xe5\xb1\xb1", "\xe5\xb1\xb2", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    sendas_oauth2_is_equal(rows[i].a, rows[i].b), rows[i].want);
		assert_int_equal(
		    sendas_oauth2_is_equal(rows[i].b, rows[i].a), rows[i].want);
	}
}

static void
test_random_hex(void **state)
{
	static const size_t lengths[] = {0, 1, 2, 3, 64, 255};
	char *a, *b;

	(void)state;
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		a = sendas_oauth2_random_hex(lengths[i]);
		assert_int_equal(strlen(a), lengths[i]);
		assert_int_equal(strspn(a, "0123456789abcdef"), lengths[i]);
		free(a);
	}
	a = sendas_oauth2_random_hex(32);
	b = sendas_oauth2_random_hex(32);
	assert_string_not_equal(a, b);
	free(a);
	free(b);
}

static void
test_random_fraction(void **state)
{
	double sum = 0;

	(void)state;
	for (int i = 0; i < 10000; i++) {
		double x = sendas_oauth2_random_fraction();

		assert_true(x >= 0 && x < 1);
		sum += x;
	}
	/* 17 standard deviations. */
	assert_true(sum > 4500 && sum < 5500);
}

static void
test_version(void **state)
{
	const char *text = sendas_oauth2_version();
	char openssl[64];

	(void)state;
	snprintf(openssl, sizeof(openssl), "OpenSSL %s",
	    OpenSSL_version(OPENSSL_VERSION_STRING));
	assert_non_null(strstr(text, openssl));
	assert_int_equal(strncmp(text, "liboauth2 ", 10), 0);
	assert_true(isdigit((unsigned char)text[10]));
	assert_non_null(strstr(text, ", cjose 0."));
}

/*
 * Looks through all of this process's writable memory for 24 bytes, which are
 * kept masked so that they are not found in themselves.
 */
#define NEEDLE 24
#define MASK 0xa5

static void
take_needle(unsigned char *masked, const void *from)
{
	for (int i = 0; i < NEEDLE; i++)
		masked[i] = ((const unsigned char *)from)[i] ^ MASK;
}

static bool
is_at(const unsigned char *at, const unsigned char *masked)
{
	for (int i = 0; i < NEEDLE; i++) {
		if ((at[i] ^ MASK) != masked[i])
			return false;
	}
	return true;
}

static bool
is_in_memory(const unsigned char *masked)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long from, to;
	bool is_found = false;
	char line[512], mode[8];

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 ||
		    mode[0] != 'r' || mode[1] != 'w')
			continue;
		for (; from + NEEDLE <= to && !is_found; from++)
			is_found = is_at((unsigned char *)from, masked);
	}
	fclose(maps);
	return is_found;
}

/* A number's bytes, and as OpenSSL keeps them on a little-endian machine. */
static void
take_number(
    EVP_PKEY *pkey, const char *name, unsigned char *big, unsigned char *little)
{
	unsigned char bytes[512], reversed[512];
	BIGNUM *number = NULL;
	int len;

	assert_int_equal(EVP_PKEY_get_bn_param(pkey, name, &number), 1);
	len = BN_bn2bin(number, bytes);
	assert_int_equal(BN_bn2lebinpad(number, reversed, len), len);
	take_needle(big, bytes + 16);
	take_needle(little, reversed + 16);
	BN_clear_free(number);
	OPENSSL_cleanse(bytes, sizeof(bytes));
	OPENSSL_cleanse(reversed, sizeof(reversed));
}

/* A key, and what to look for when it should be gone. */
struct sample {
	unsigned char pem[NEEDLE];
	unsigned char d_big[NEEDLE], d_little[NEEDLE];
	unsigned char p_big[NEEDLE], p_little[NEEDLE];
	size_t len;
	char text[4096];
};

/* OpenSSL leaves copies behind when it makes and writes a key: let that
 * happen in another process. */
static void
make_sample(struct sample *sample)
{
	EVP_PKEY *pkey;
	int ends[2], status;
	char *pem;
	pid_t child;

	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		pkey = test_rsa_key(2048);
		pem = test_key_pem(pkey);
		take_number(pkey, OSSL_PKEY_PARAM_RSA_D, sample->d_big,
		    sample->d_little);
		take_number(pkey, OSSL_PKEY_PARAM_RSA_FACTOR1, sample->p_big,
		    sample->p_little);
		take_needle(sample->pem, pem + 600);
		sample->len = strlen(pem);
		memcpy(sample->text, pem, sample->len);
		_exit(write(ends[1], sample, sizeof(*sample)) !=
		    (ssize_t)sizeof(*sample));
	}
	assert_int_equal(
	    read(ends[0], sample, sizeof(*sample)), sizeof(*sample));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(ends[0]);
	close(ends[1]);
}

static void
test_secrets_are_wiped(void **state)
{
	struct sendas_secret text = {0}, jws = {0};
	struct sendas_oauth2_key *key = NULL;
	unsigned char signature[NEEDLE];
	struct sample sample = {.len = 0};

	(void)state;
	if (HAS_SANITIZER)
		return;
	make_sample(&sample);
	sendas_secret_set(&text, sample.text, sample.len);
	OPENSSL_cleanse(sample.text, sizeof(sample.text));
	assert_true(is_in_memory(sample.pem)); /* the search finds things */

	assert_int_equal(sendas_oauth2_key_parse(&text, &key, NULL), SENDAS_OK);
	sendas_secret_clear(&text);
	assert_false(is_in_memory(sample.pem));
	assert_false(is_in_memory(sample.d_big));
	assert_false(is_in_memory(sample.p_big));
	assert_true(is_in_memory(sample.d_little)); /* the key in use */

	assert_int_equal(
	    sendas_oauth2_sign_jwt(key, "k", CLAIMS, &jws, NULL), SENDAS_OK);
	take_needle(signature, strrchr(jws.data, '.') + 100);
	assert_true(is_in_memory(signature));
	sendas_secret_clear(&jws);
	assert_false(is_in_memory(signature));

	sendas_oauth2_key_free(key);
	assert_false(is_in_memory(sample.d_little));
	assert_false(is_in_memory(sample.p_big));
	assert_false(is_in_memory(sample.p_little));
}

static int
set_up(void **state)
{
	(void)state;
	sendas_oauth2_init();
	shared = test_rsa_key(2048);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	EVP_PKEY_free(shared);
	sendas_oauth2_shutdown();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_signature),
	    cmocka_unit_test(test_signature_without_key_id),
	    cmocka_unit_test(test_signature_refused),
	    cmocka_unit_test(test_two_threads_one_key),
	    cmocka_unit_test(test_key_kinds),
	    cmocka_unit_test(test_key_not_set),
	    cmocka_unit_test(test_form),
	    cmocka_unit_test(test_form_long_value),
	    cmocka_unit_test(test_form_decode),
	    cmocka_unit_test(test_form_decode_empty_names),
	    cmocka_unit_test(test_form_decode_refused),
	    cmocka_unit_test(test_form_decode_stops),
	    cmocka_unit_test(test_form_there_and_back),
	    cmocka_unit_test(test_code_challenge),
	    cmocka_unit_test(test_is_equal),
	    cmocka_unit_test(test_random_hex),
	    cmocka_unit_test(test_random_fraction),
	    cmocka_unit_test(test_version),
	    cmocka_unit_test(test_secrets_are_wiped),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
