/* SPDX-License-Identifier: Apache-2.0 */
/*
 * oauth2_glue.h: what the program uses of liboauth2, cjose and OpenSSL,
 * behind plain types. The file behind it is the only one that includes
 * their headers, and it holds what is known of their traps.
 */
#ifndef SENDAS_OAUTH2_GLUE_H
#define SENDAS_OAUTH2_GLUE_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/error.h"
#include "sendas/secret.h"

/* An RSA private key, loaded once; several threads may sign with it. */
struct sendas_oauth2_key;

/* Has cjose, jansson and OpenSSL wipe all that they free. Before anything else
 * uses OpenSSL, which takes it only before its first allocation; for
 * sendas_http_init() and the next one, which call this. */
void sendas_oauth2_wipe_memory(void);

/* Once, in main, before any thread and after sendas_http_init(), since
 * liboauth2 starts libcurl, too; and the last thing of all. Signal handlers
 * need SA_RESTART (or signalfd): the lock inside liboauth2 does not survive an
 * interrupted wait. */
void sendas_oauth2_init(void);
void sendas_oauth2_shutdown(void);

/*
 * Reads a private key in PEM (PKCS#8 or PKCS#1, without a pass phrase).
 * Errors: SENDAS_ERR_CREDENTIALS: not a PEM key, encrypted, not RSA, fewer
 * than 2048 bits. *out is freed with _free, which wipes.
 */
enum sendas_status sendas_oauth2_key_parse(const struct sendas_secret *pem,
    struct sendas_oauth2_key **out, struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_oauth2_key_free(struct sendas_oauth2_key *key);

/*
 * A compact JWS (RFC 7515) over `claims` (JSON) with RS256 and typ JWT;
 * `key_id` becomes kid unless NULL. *out is the caller's to clear. Errors:
 * SENDAS_ERR_CREDENTIALS: the key is damaged. Safe to call from several
 * threads at once, with the same key too.
 */
enum sendas_status sendas_oauth2_sign_jwt(const struct sendas_oauth2_key *key,
    const char *key_id, const char *claims, struct sendas_secret *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * application/x-www-form-urlencoded text of `count` pairs of names and
 * values: pairs[2i], pairs[2i+1], in that order. A space becomes %20. *out is
 * the caller's to clear. One thread at a time.
 */
void sendas_oauth2_form_encode(
    const char *const *pairs, size_t count, struct sendas_secret *out);

/*
 * Reads application/x-www-form-urlencoded text and hands each name and value
 * to `fn`, decoded, in their order, until that returns false. Returns false,
 * having handed over nothing, for text that liboauth2 would read as something
 * else than it says: with a NUL in it (cut off there), or a value that begins
 * with "=" (dropped). What stands twice comes twice.
 */
typedef bool sendas_oauth2_pair_fn(
    void *ctx, const char *name, const char *value);
bool sendas_oauth2_form_decode(
    const char *text, sendas_oauth2_pair_fn *fn, void *ctx);

/* The code challenge of a verifier, which is not empty, by S256 (RFC 7636
 * section 4.2); the caller frees it. */
char *sendas_oauth2_code_challenge(const char *verifier);

/* Compares two texts in a time that does not tell where they differ, only
 * whether they are of the same length. */
bool sendas_oauth2_is_equal(const char *a, const char *b);

/* `hex_digits` random hexadecimal digits from a cryptographic source; the
 * caller frees it. */
char *sendas_oauth2_random_hex(size_t hex_digits);

/* A random number from 0 up to 1, for jitter. */
double sendas_oauth2_random_fraction(void);

/*
 * A SHA-256 digest (FIPS 180-4) of what is added, piece by piece. _finish
 * frees it and returns 64 lower-case hexadecimal digits, which the caller
 * frees.
 */
struct sendas_oauth2_digest;
struct sendas_oauth2_digest *sendas_oauth2_digest_new(void);
void sendas_oauth2_digest_add(
    struct sendas_oauth2_digest *digest, const void *bytes, size_t len);
char *sendas_oauth2_digest_finish(struct sendas_oauth2_digest *takes);

/*
 * Notes in `issuer` (of `size` bytes) who issued the certificate that the
 * server of a TLS handshake shows: its own, or where the chain breaks, that
 * one's which was not found. `ssl_ctx` is an SSL_CTX before its handshake; it
 * verifies as before. `issuer` must outlive it.
 */
void sendas_oauth2_watch_issuer(void *ssl_ctx, char *issuer, size_t size);

/* "liboauth2 1.4.5.4, cjose 0.6.2.1, OpenSSL 3.0.19" for --version: what is
 * loaded, not what was compiled against. Static. */
const char *sendas_oauth2_version(void);

#endif
