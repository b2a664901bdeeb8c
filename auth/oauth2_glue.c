/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oauth2_glue.c: liboauth2, cjose and OpenSSL behind plain types; no other
 * file includes their headers. What is known of their traps is dealt with
 * here. It may not use liboauth2's own HTTP (blocking, follows redirects with
 * the secret in the body) nor its log (formats every secret it is handed).
 */
#include "sendas/oauth2_glue.h"

#include <cjose/cjose.h>
#include <malloc.h>
#include <oauth2/http.h>
#include <oauth2/jose.h>
#include <oauth2/mem.h>
#include <oauth2/util.h>
#include <oauth2/version.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"

/* The least that Google makes and that is still thought safe (NIST SP
 * 800-57: 112 bits of strength); the most that OpenSSL works with. */
#define KEY_BITS_MIN 2048
#define KEY_BITS_MAX OPENSSL_RSA_MAX_MODULUS_BITS

struct sendas_oauth2_key {
	cjose_jwk_t *jwk;
};

/* Kept for oauth2_shutdown alone. Every other call gets a NULL log: a real
 * one formats each message, secrets included, before it looks at the level. */
static oauth2_log_t *library_log;

/* liboauth2's default sink is stderr, which is not a library's to write to.
 * The one message that would come is that there is no /dev/shm for its named
 * semaphore; without it the lock does nothing, and one thread needs none. */
static void
ignore_message(oauth2_log_sink_t *sink, const char *file, unsigned long line,
    const char *function, oauth2_log_level_t level, const char *message)
{
	(void)sink;
	(void)file;
	(void)line;
	(void)function;
	(void)level;
	(void)message;
}

/*
 * None of these libraries wipes all that it frees: copies of the key (in
 * OpenSSL's PEM reader), of assertions (cjose, jansson) and of form bodies
 * (liboauth2) stay behind, and in TLS buffers whatever was sent. So all of
 * them free through sendas_mem_wipe_free(); so does libcurl (http.c).
 */
void
sendas_oauth2_wipe_memory(void)
{
	static bool is_done;

	if (is_done)
		return;
	is_done = true;
	/* It hands them on to jansson and to OpenSSL. Not liboauth2's
	 * oauth2_mem_set_alloc_funcs: that would initialise libcurl. */
	cjose_set_alloc_funcs(
	    sendas_xmalloc, sendas_mem_wipe_realloc, sendas_mem_wipe_free);
}

void
sendas_oauth2_init(void)
{
	oauth2_log_sink_t *silence;

	sendas_oauth2_wipe_memory();
	silence =
	    oauth2_log_sink_create(OAUTH2_LOG_ERROR, ignore_message, NULL);
	library_log = oauth2_init(OAUTH2_LOG_ERROR, silence);
}

void
sendas_oauth2_shutdown(void)
{
	oauth2_shutdown(library_log);
	library_log = NULL;
}

/* OpenSSL asks for the pass phrase of an encrypted key. Its default would
 * prompt on the terminal; this one notes that it was asked, and refuses. */
static int
refuse_pass_phrase(char *buffer, int size, int is_writing, void *ctx)
{
	bool *was_asked = ctx;

	(void)buffer;
	(void)size;
	(void)is_writing;
	*was_asked = true;
	return -1;
}

static enum sendas_status
read_pem(
    const struct sendas_secret *pem, EVP_PKEY **out, struct sendas_error *err)
{
	bool was_asked = false;
	EVP_PKEY *pkey = NULL;
	BIO *bio;

	if (sendas_secret_is_set(pem) && pem->len <= INT32_MAX) {
		bio = BIO_new_mem_buf(pem->data, (int)pem->len);
		pkey = PEM_read_bio_PrivateKey(
		    bio, NULL, refuse_pass_phrase, &was_asked);
		BIO_free(bio);
	}
	/* What stays in OpenSSL's queue would be taken for a failure of the
	 * next TLS connection. */
	ERR_clear_error();
	if (pkey != NULL) {
		*out = pkey;
		return SENDAS_OK;
	}
	if (was_asked)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("the private key is protected by a pass phrase, which "
		      "a service account's key never is; download the key "
		      "file again"));
	return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("there is no readable private key in PEM form (-----BEGIN "
	      "PRIVATE KEY-----); download the key file again"));
}

static enum sendas_status
check_key(const EVP_PKEY *pkey, struct sendas_error *err)
{
	int bits = EVP_PKEY_get_bits(pkey);

	if (EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("the private key is not an RSA key; Google's service "
		      "accounts sign with RSA"));
	if (bits < KEY_BITS_MIN)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("the private key has %d bits, which is too few to be "
		      "safe; make a key of %d bits or more"),
		    bits, KEY_BITS_MIN);
	if (bits > KEY_BITS_MAX)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("the private key has %d bits; %d is the most that can "
		      "be used"),
		    bits, KEY_BITS_MAX);
	return SENDAS_OK;
}

/* One part of the key as big-endian bytes, for cjose; freed with
 * OPENSSL_clear_free(*bytes, *len). */
static bool
get_part(const EVP_PKEY *pkey, const char *name, uint8_t **bytes, size_t *len)
{
	BIGNUM *number = NULL;

	if (EVP_PKEY_get_bn_param(pkey, name, &number) != 1)
		return false;
	*len = (size_t)BN_num_bytes(number);
	*bytes = OPENSSL_malloc(*len > 0 ? *len : 1);
	if (*bytes != NULL)
		BN_bn2bin(number, *bytes);
	BN_clear_free(number);
	return *bytes != NULL;
}

/* cjose's key from OpenSSL's. All eight parts: with n, e and d alone each
 * signature takes seven times as long. */
static cjose_jwk_t *
make_jwk(const EVP_PKEY *pkey)
{
	cjose_jwk_rsa_keyspec spec = {0};
	struct {
		const char *name;
		uint8_t **bytes;
		size_t *len;
	} parts[] = {
	    {OSSL_PKEY_PARAM_RSA_N, &spec.n, &spec.nlen},
	    {OSSL_PKEY_PARAM_RSA_E, &spec.e, &spec.elen},
	    {OSSL_PKEY_PARAM_RSA_D, &spec.d, &spec.dlen},
	    {OSSL_PKEY_PARAM_RSA_FACTOR1, &spec.p, &spec.plen},
	    {OSSL_PKEY_PARAM_RSA_FACTOR2, &spec.q, &spec.qlen},
	    {OSSL_PKEY_PARAM_RSA_EXPONENT1, &spec.dp, &spec.dplen},
	    {OSSL_PKEY_PARAM_RSA_EXPONENT2, &spec.dq, &spec.dqlen},
	    {OSSL_PKEY_PARAM_RSA_COEFFICIENT1, &spec.qi, &spec.qilen},
	};
	size_t count = sizeof(parts) / sizeof(parts[0]);
	cjose_jwk_t *jwk = NULL;
	bool is_whole = true;
	cjose_err trouble;

	for (size_t i = 0; i < count && is_whole; i++)
		is_whole =
		    get_part(pkey, parts[i].name, parts[i].bytes, parts[i].len);
	/* cjose writes its error only when there is one. */
	memset(&trouble, 0, sizeof(trouble));
	if (is_whole)
		jwk = cjose_jwk_create_RSA_spec(&spec, &trouble);
	for (size_t i = 0; i < count; i++)
		OPENSSL_clear_free(*parts[i].bytes, *parts[i].len);
	ERR_clear_error();
	return jwk;
}

enum sendas_status
sendas_oauth2_key_parse(const struct sendas_secret *pem,
    struct sendas_oauth2_key **out, struct sendas_error *err)
{
	enum sendas_status status;
	EVP_PKEY *pkey = NULL;
	cjose_jwk_t *jwk;

	status = read_pem(pem, &pkey, err);
	if (status != SENDAS_OK)
		return status;
	status = check_key(pkey, err);
	if (status != SENDAS_OK)
		goto out;
	jwk = make_jwk(pkey);
	if (jwk == NULL) {
		status = sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("the private key is damaged; download the key file "
		      "again"));
		goto out;
	}
	*out = sendas_xcalloc(1, sizeof(**out));
	(*out)->jwk = jwk;
out:
	EVP_PKEY_free(pkey);
	return status;
}

void
sendas_oauth2_key_free(struct sendas_oauth2_key *key)
{
	if (key == NULL)
		return;
	/* Down to RSA_free, which clears the secret parts. */
	cjose_jwk_release(key->jwk);
	free(key);
}

/* The protected header; NULL when a value is not UTF-8. */
static cjose_header_t *
make_header(const char *key_id, cjose_err *trouble)
{
	cjose_header_t *header = cjose_header_new(trouble);

	if (header == NULL)
		return NULL;
	if (!cjose_header_set(
		header, CJOSE_HDR_ALG, CJOSE_HDR_ALG_RS256, trouble) ||
	    !cjose_header_set(header, "typ", "JWT", trouble) ||
	    (key_id != NULL &&
		!cjose_header_set(header, CJOSE_HDR_KID, key_id, trouble))) {
		cjose_header_release(header);
		return NULL;
	}
	return header;
}

/* Everything but the key is this call's own, and the key is only read (its
 * reference count too: cjose_jwk_retain is not atomic), so that several
 * threads may sign with one key. */
enum sendas_status
sendas_oauth2_sign_jwt(const struct sendas_oauth2_key *key, const char *key_id,
    const char *claims, struct sendas_secret *out, struct sendas_error *err)
{
	const char *compact = NULL; /* belongs to the jws */
	cjose_header_t *header;
	cjose_jws_t *jws = NULL;
	enum sendas_status status = SENDAS_OK;
	cjose_err trouble;

	memset(&trouble, 0, sizeof(trouble));
	header = make_header(key_id, &trouble);
	if (header != NULL)
		jws = cjose_jws_sign(key->jwk, header, (const uint8_t *)claims,
		    strlen(claims), &trouble);
	if (jws == NULL || !cjose_jws_export(jws, &compact, &trouble) ||
	    compact == NULL) {
		ERR_clear_error();
		status = sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("the private key does not sign (cjose: %s); download "
		      "the key file again"),
		    trouble.message != NULL ? trouble.message : "?");
	} else {
		sendas_secret_set(out, compact, strlen(compact));
	}
	cjose_jws_release(jws);
	cjose_header_release(header);
	return status;
}

/*
 * A space becomes %20, which every form parser reads as well as "+". To be
 * called by one thread at a time: liboauth2 escapes with one libcurl handle
 * for the whole process, under a lock that an interrupted wait breaks. The
 * copy that libcurl makes while escaping is the one that stays unwiped.
 */
void
sendas_oauth2_form_encode(
    const char *const *pairs, size_t count, struct sendas_secret *out)
{
	oauth2_nv_list_t *list = oauth2_nv_list_init(NULL);
	char *form;

	for (size_t i = 0; i < count; i++)
		oauth2_nv_list_add(NULL, list, pairs[2 * i], pairs[2 * i + 1]);
	/* NULL for an empty list. */
	form = oauth2_http_url_form_encode(NULL, list);
	if (form != NULL)
		sendas_secret_set(out, form, strlen(form));
	else
		sendas_secret_set(out, "", 0);
	oauth2_mem_free(form);
	oauth2_nv_list_free(NULL, list);
}

/* True when the parser would not read what stands there. */
static bool
is_misread(const char *text)
{
	const char *end, *equals;

	if (strstr(text, "%00") != NULL)
		return true;
	for (; *text != '\0'; text = *end == '&' ? end + 1 : end) {
		end = strchrnul(text, '&');
		equals = memchr(text, '=', (size_t)(end - text));
		if (equals != NULL && equals + 1 < end && equals[1] == '=')
			return true;
	}
	return false;
}

/* Whom a pair of the list is handed to. */
struct pair_reader {
	sendas_oauth2_pair_fn *fn;
	void *ctx;
};

static bool
hand_over(oauth2_log_t *log, void *rec, const char *name, const char *value)
{
	const struct pair_reader *reader = rec;

	(void)log;
	return reader->fn(
	    reader->ctx, name != NULL ? name : "", value != NULL ? value : "");
}

bool
sendas_oauth2_form_decode(
    const char *text, sendas_oauth2_pair_fn *fn, void *ctx)
{
	struct pair_reader reader = {fn, ctx};
	oauth2_nv_list_t *list = NULL; /* it must be */

	if (is_misread(text) ||
	    !oauth2_parse_form_encoded_params(NULL, text, &list))
		return false;
	oauth2_nv_list_loop(NULL, list, hand_over, &reader);
	oauth2_nv_list_free(NULL, list);
	return true;
}

char *
sendas_oauth2_code_challenge(const char *verifier)
{
	unsigned char *digest = NULL;
	unsigned digest_len = 0;
	char *encoded = NULL, *challenge;

	/* Only without memory, or with an OpenSSL without SHA-256. */
	if (!oauth2_jose_hash_bytes(NULL, "sha256",
		(const unsigned char *)verifier, (unsigned)strlen(verifier),
		&digest, &digest_len) ||
	    oauth2_base64url_encode(NULL, digest, digest_len, &encoded) == 0)
		abort();
	challenge = sendas_xstrdup(encoded);
	oauth2_mem_free(encoded);
	oauth2_mem_free(digest);
	return challenge;
}

bool
sendas_oauth2_is_equal(const char *a, const char *b)
{
	size_t len = strlen(a);

	return len == strlen(b) && CRYPTO_memcmp(a, b, len) == 0;
}

char *
sendas_oauth2_random_hex(size_t hex_digits)
{
	char *drawn, *text;

	if (hex_digits == 0)
		return sendas_xstrdup("");
	drawn = oauth2_rand_str(NULL, hex_digits);
	/* No entropy: nothing that needs a secret can be done. */
	if (drawn == NULL)
		abort();
	text = sendas_xstrdup(drawn);
	oauth2_mem_free(drawn);
	return text;
}

struct sendas_oauth2_digest {
	EVP_MD_CTX *context;
};

struct sendas_oauth2_digest *
sendas_oauth2_digest_new(void)
{
	struct sendas_oauth2_digest *digest =
	    sendas_xcalloc(1, sizeof(*digest));

	digest->context = EVP_MD_CTX_new();
	/* No memory, or an OpenSSL without SHA-256. */
	if (digest->context == NULL ||
	    EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1)
		abort();
	return digest;
}

void
sendas_oauth2_digest_add(
    struct sendas_oauth2_digest *digest, const void *bytes, size_t len)
{
	if (EVP_DigestUpdate(digest->context, bytes, len) != 1)
		abort();
}

char *
sendas_oauth2_digest_finish(struct sendas_oauth2_digest *digest)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	char *hex;

	if (EVP_DigestFinal_ex(digest->context, bytes, &len) != 1)
		abort();
	EVP_MD_CTX_free(digest->context);
	free(digest);
	hex = sendas_xcalloc(2 * (size_t)len + 1, 1);
	for (unsigned i = 0; i < len; i++)
		snprintf(hex + 2 * (size_t)i, 3, "%02x", bytes[i]);
	return hex;
}

double
sendas_oauth2_random_fraction(void)
{
	uint64_t bits;

	/* It only spreads repeats: the middle will do. */
	if (RAND_bytes((unsigned char *)&bits, sizeof(bits)) != 1)
		return 0.5;
	/* A double holds 53 bits. */
	return (double)(bits >> 11) * 0x1p-53;
}

/* Where an SSL_CTX notes its issuer. */
struct issuer_note {
	char *text;
	size_t size;
};

static void
free_note(void *parent, void *note, CRYPTO_EX_DATA *data, int index, long arg,
    void *argp)
{
	(void)parent;
	(void)data;
	(void)index;
	(void)arg;
	(void)argp;
	free(note);
}

/* The place of the note in an SSL_CTX; negative when there is none. */
static int
note_index(void)
{
	static int index = -1;

	if (index < 0)
		index =
		    SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, free_note);
	return index;
}

static void
write_issuer(X509 *certificate, const struct issuer_note *note)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long len;

	if (bio == NULL)
		return;
	X509_NAME_print_ex(bio, X509_get_issuer_name(certificate), 0,
	    XN_FLAG_RFC2253 & ~(unsigned long)ASN1_STRFLGS_ESC_MSB);
	len = BIO_get_mem_data(bio, &text);
	if (len > 0)
		snprintf(note->text, note->size, "%.*s", (int)len, text);
	BIO_free(bio);
}

/* OpenSSL's callback for each certificate of a chain, from the root down.
 * What it returns decides, so it returns what it was given. */
static int
see_certificate(int is_good, X509_STORE_CTX *store)
{
	const SSL *ssl = X509_STORE_CTX_get_ex_data(
	    store, SSL_get_ex_data_X509_STORE_CTX_idx());
	X509 *certificate = X509_STORE_CTX_get_current_cert(store);
	const struct issuer_note *note;

	if (ssl == NULL || certificate == NULL)
		return is_good;
	note = SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), note_index());
	if (note != NULL &&
	    (!is_good || X509_STORE_CTX_get_error_depth(store) == 0))
		write_issuer(certificate, note);
	return is_good;
}

void
sendas_oauth2_watch_issuer(void *ssl_ctx, char *issuer, size_t size)
{
	struct issuer_note *note;

	if (note_index() < 0)
		return;
	note = sendas_xcalloc(1, sizeof(*note));
	note->text = issuer;
	note->size = size;
	SSL_CTX_set_ex_data(ssl_ctx, note_index(), note);
	SSL_CTX_set_verify(
	    ssl_ctx, SSL_CTX_get_verify_mode(ssl_ctx), see_certificate);
}

/* What is loaded now, not what was compiled against. */
const char *
sendas_oauth2_version(void)
{
	static char text[128];

	snprintf(text, sizeof(text), "liboauth2 %s, cjose %s, OpenSSL %s",
	    oauth2_version(), cjose_version(),
	    OpenSSL_version(OPENSSL_VERSION_STRING));
	return text;
}
