/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secret.c: strings that are wiped when they go.
 */
#include "sendas/secret.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/mem.h"

/* Less tells nothing, and stands in many texts by chance. */
#define TELLING_CHARS 6

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

bool
sendas_secret_is_in(const struct sendas_secret *secret, const char *text)
{
	size_t part = secret->len < TELLING_CHARS ? secret->len : TELLING_CHARS;

	if (part == 0)
		return false;
	for (size_t i = 0; i + part <= secret->len; i++) {
		if (memmem(text, strlen(text), secret->data + i, part) != NULL)
			return true;
	}
	return false;
}

void
sendas_secret_wipe(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
}
