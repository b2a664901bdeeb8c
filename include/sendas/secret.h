/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret.h: a string that must not outlive its use: wiped when it is
 * cleared, never printed. A type of its own, so that a compiler and a reader
 * see where secrets go.
 */
#ifndef SENDAS_SECRET_H
#define SENDAS_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed memory is a secret that is not set. */
struct sendas_secret {
	char *data; /* NUL-terminated; NULL when not set */
	size_t len;
};

/* Copies `len` bytes of `text` into *secret (clearing what was there). */
void sendas_secret_set(
    struct sendas_secret *secret, const char *text, size_t len);

/* Wipes and frees; may be called twice. */
void sendas_secret_clear(struct sendas_secret *secret);

bool sendas_secret_is_set(const struct sendas_secret *secret);

/* Wipes a string that somebody else allocated, before free(). NULL is
 * allowed. */
void sendas_secret_wipe(char *text);

/*
 * Puts asterisks wherever the secret stands in a text that came from somebody
 * who may have sent it back, even if it was cut, as such texts are. One that
 * is not set changes nothing.
 */
void sendas_secret_hide(const struct sendas_secret *secret, char *text);

#endif
