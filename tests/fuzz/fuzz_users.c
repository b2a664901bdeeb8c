/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_users.c: any bytes as a list of mailboxes: it is taken whole, with
 * nothing but addresses and each once, or refused with a reason.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/text.h"
#include "sendas/users.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Enough to see a repetition; not all of a long list. */
#define REMEMBERED 16

static void
check_taken(struct sendas_users *users)
{
	char *before[REMEMBERED] = {0};
	size_t count = 0, line;
	const char *address;

	while ((address = sendas_users_next(users)) != NULL) {
		if (!sendas_users_is_address(address))
			abort();
		for (size_t i = 0; i < REMEMBERED && before[i] != NULL; i++) {
			if (sendas_text_equal_fold(before[i], address))
				abort();
		}
		if (count < REMEMBERED)
			before[count] = strdup(address);
		count++;
	}
	if (count == 0 || count != sendas_users_count(users) ||
	    sendas_users_check(users, NULL) != SENDAS_OK ||
	    (sendas_users_repeats(users, &line) > 0 && line < 2))
		abort();
	for (size_t i = 0; i < REMEMBERED; i++)
		free(before[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sendas_users *users = NULL;
	struct sendas_error err = {0};
	enum sendas_status status;
	FILE *stream;

	/* glibc's fmemopen writes nothing in this mode. */
	stream = size > 0 ? fmemopen((void *)data, size, "r")
			  : fopen("/dev/null", "r");
	if (stream == NULL)
		abort();
	status = sendas_users_read(stream, "list", &users, &err);
	fclose(stream);
	if (status == SENDAS_OK)
		check_taken(users);
	else if (status != SENDAS_ERR_INPUT || err.message[0] == '\0' ||
	    users != NULL)
		abort();
	sendas_users_free(users);
	return 0;
}
