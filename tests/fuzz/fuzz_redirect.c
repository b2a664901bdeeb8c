/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_redirect.c: any bytes as what a browser brings back, and as what a
 * person pastes: good only with the state in it, and then a code or an error
 * that can be sent on, never both; else nothing is touched.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/mem.h"
#include "sendas/redirect.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Letters alone, so that percent-encoding is the only other way to write it. */
#define STATE "StateOfThisSignIn"
#define PORT 43210

/* What *out holds before. */
static char untouched[] = "untouched";

/* The value of a hexadecimal digit; -1: it is none. */
static int
digit(char c)
{
	const char *digits = "0123456789abcdefABCDEF", *at = strchr(digits, c);

	if (c == '\0' || at == NULL)
		return -1;
	return (int)(at - digits) < 16 ? (int)(at - digits)
				       : (int)(at - digits) - 6;
}

/* Whether the state is in a text, percent-encoded or not. */
static int
has_state(const char *text)
{
	char *plain = sendas_xstrdup(text), *out = plain;
	int is_there;

	for (; *text != '\0'; text++) {
		if (*text == '%' && digit(text[1]) >= 0 &&
		    digit(text[2]) >= 0) {
			*out++ = (char)(digit(text[1]) * 16 + digit(text[2]));
			text += 2;
		} else {
			*out++ = *text;
		}
	}
	*out = '\0';
	is_there = strstr(plain, STATE) != NULL;
	free(plain);
	return is_there;
}

static void
check_plain(const char *text)
{
	if (*text == '\0')
		abort();
	for (; *text != '\0'; text++)
		if (*text <= ' ' || *text >= 0x7f)
			abort();
}

static void
check(const char *text, enum sendas_redirect_verdict verdict,
    struct sendas_redirect *got)
{
	if (verdict != SENDAS_REDIRECT_GOOD) {
		if (got->error != untouched || sendas_secret_is_set(&got->code))
			abort();
		return;
	}
	if (!has_state(text) ||
	    sendas_secret_is_set(&got->code) == (got->error != NULL))
		abort();
	check_plain(got->error != NULL ? got->error : got->code.data);
	sendas_redirect_clear(got);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sendas_redirect of_target = {.error = untouched};
	struct sendas_redirect of_paste = {.error = untouched};
	char *text = sendas_xmalloc(size + 1);

	memcpy(text, data, size);
	text[size] = '\0';
	check(text, sendas_redirect_parse(text, STATE, &of_target), &of_target);
	check(text, sendas_redirect_parse_pasted(text, PORT, STATE, &of_paste),
	    &of_paste);
	free(text);
	return 0;
}
