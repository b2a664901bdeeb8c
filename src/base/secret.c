/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret.c: strings that are wiped when they go.
 */
#include "sendas/secret.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/mem.h"

/* The beginning of a secret, if it is shorter, may as well be another word. */
#define PART_BYTES 8

void
sendas_secret_set(struct sendas_secret *secret, const char *text, size_t len)
{
	/* Copied before the old one goes: `text` may point into it. */
	char *copy = sendas_xstrndup(text, len);

	sendas_secret_clear(secret);
	secret->data = copy;
	secret->len = len;
}

void
sendas_secret_clear(struct sendas_secret *secret)
{
	if (secret->data != NULL)
		explicit_bzero(secret->data, secret->len);
	free(secret->data);
	secret->data = NULL;
	secret->len = 0;
}

bool
sendas_secret_is_set(const struct sendas_secret *secret)
{
	return secret->data != NULL;
}

void
sendas_secret_wipe(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
}

/* How much of it stands at the beginning of a text. */
static size_t
common(const struct sendas_secret *secret, const char *text)
{
	size_t len = 0;

	while (len < secret->len && text[len] == secret->data[len])
		len++;
	return len;
}

void
sendas_secret_hide(const struct sendas_secret *secret, char *text)
{
	size_t len;

	for (; *text != '\0'; text++) {
		len = common(secret, text);
		if (len == secret->len || len >= PART_BYTES)
			memset(text, '*', len);
	}
}
