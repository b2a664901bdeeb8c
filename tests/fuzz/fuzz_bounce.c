/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_bounce.c: any bytes as a pasted bounce. With clang:
 * -fsanitize=fuzzer,address,undefined and this file in place of replay.c.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/bounce.h"
#include "sendas/paste.h"
#include "sendas/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *plain = sendas_paste_plain((const char *)data, size);
	enum sendas_bounce bounce =
	    sendas_bounce_find((const char *)data, size);

	if (strlen(plain) > size || !sendas_text_is_utf8(plain, strlen(plain)))
		abort();
	if ((int)bounce < 0 || bounce >= SENDAS_BOUNCE_COUNT)
		abort();
	free(plain);
	return 0;
}
