/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_keys.h: keys for the tests, made when they run (none are in the tree),
 * and a check of signatures that goes straight to OpenSSL, so that it owes
 * nothing to the code under test. Include it after cmocka.h.
 */
#ifndef SENDAS_TEST_KEYS_H
#define SENDAS_TEST_KEYS_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* Takes what is in a memory BIO as a string; free() it. */
static inline char *
test_take_bio(BIO *bio)
{
	char *data, *text;
	long len = BIO_get_mem_data(bio, &data);

	text = calloc(1, (size_t)len + 1);
	assert_non_null(text);
	memcpy(text, data, (size_t)len);
	BIO_free(bio);
	return text;
}

static inline EVP_PKEY *
test_rsa_key(unsigned bits)
{
	EVP_PKEY *pkey = EVP_RSA_gen(bits);

	assert_non_null(pkey);
	return pkey;
}

/* PEM in PKCS#8; free() it. */
static inline char *
test_key_pem(EVP_PKEY *pkey)
{
	BIO *bio = BIO_new(BIO_s_mem());

	assert_int_equal(
	    PEM_write_bio_PKCS8PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL),
	    1);
	return test_take_bio(bio);
}

/* base64url without padding (RFC 7515 section 2) to bytes, NUL-terminated;
 * free() it. */
static inline unsigned char *
test_base64url_decode(const char *text, size_t len, size_t *out_len)
{
	size_t padded = (len + 3) / 4 * 4;
	char *plain = calloc(1, padded + 1);
	unsigned char *bytes = calloc(1, padded + 1);
	int got;

	assert_non_null(plain);
	assert_non_null(bytes);
	for (size_t i = 0; i < padded; i++) {
		char c = i < len ? text[i] : '=';

		assert_true(c != '+' && c != '/');
		plain[i] = c == '-' ? '+' : c == '_' ? '/' : c;
	}
	got = EVP_DecodeBlock(bytes, (unsigned char *)plain, (int)padded);
	assert_true(got >= 0);
	*out_len = (size_t)got - (padded - len);
	bytes[*out_len] = '\0';
	free(plain);
	return bytes;
}

/* Part `index` (0 header, 1 claims) of a compact JWS as text; free() it. */
static inline char *
test_jws_part(const char *compact, int index)
{
	size_t len;

	for (; index > 0; index--)
		compact = strchr(compact, '.') + 1;
	return (char *)test_base64url_decode(
	    compact, strcspn(compact, "."), &len);
}

/* Whether the signature of a compact JWS is RS256 with this key. */
static inline bool
test_jws_verifies(const char *compact, EVP_PKEY *pkey)
{
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	const char *dot = strrchr(compact, '.');
	unsigned char *signature;
	size_t len;
	int verdict;

	assert_non_null(dot);
	signature = test_base64url_decode(dot + 1, strlen(dot + 1), &len);
	assert_int_equal(
	    EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, pkey), 1);
	verdict = EVP_DigestVerify(context, signature, len,
	    (const unsigned char *)compact, (size_t)(dot - compact));
	free(signature);
	EVP_MD_CTX_free(context);
	return verdict == 1;
}

#endif
