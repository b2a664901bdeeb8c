/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_credentials.c: any bytes as a credentials file: taken whole, or
 * refused with a message that begins with its name; no member is half there.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/credentials.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct sendas_credentials *got)
{
	switch (got->kind) {
	case SENDAS_CREDENTIALS_SERVICE_ACCOUNT:
		if (got->client_email == NULL ||
		    !sendas_secret_is_set(&got->private_key) ||
		    sendas_credentials_is_person(got))
			abort();
		break;
	case SENDAS_CREDENTIALS_AUTHORIZED_USER:
		/* A client need not have a secret. */
		if (got->client_id == NULL ||
		    !sendas_secret_is_set(&got->refresh_token) ||
		    !sendas_credentials_is_person(got) || got->is_stored)
			abort();
		break;
	case SENDAS_CREDENTIALS_CLIENT:
		if (got->client_id == NULL ||
		    sendas_secret_is_set(&got->refresh_token) ||
		    sendas_credentials_is_person(got))
			abort();
		break;
	default:
		abort();
	}
	if (strcmp(got->origin, "file.json") != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sendas_credentials got = {0};
	struct sendas_error err = {0};
	enum sendas_status status;

	status = sendas_credentials_parse(
	    (const char *)data, size, "file.json", &got, &err);
	if (status == SENDAS_OK)
		check(&got);
	else if (got.kind != SENDAS_CREDENTIALS_NONE ||
	    strncmp(err.message, "file.json: ", 11) != 0)
		abort();
	sendas_credentials_clear(&got);
	return 0;
}
