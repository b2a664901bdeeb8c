/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_google_error.c: any bytes as the body of an API's error, with any
 * status: there is always a class, a message that ends, and the status in it.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/google_error.h"
#include "sendas/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const long statuses[] = {
    400, 401, 403, 404, 409, 429, 500, 502, 503, 504, 302, 999};

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sendas_http_answer answer = {.retry_after_sec = -1};
	struct sendas_error err = {0};
	enum sendas_status code;
	char status[8], *body;

	if (size < 2)
		return 0;
	answer.status =
	    statuses[data[0] % (sizeof(statuses) / sizeof(statuses[0]))];
	answer.retry_after_sec = (long)data[1] - 1;
	body = sendas_xmalloc(size - 1);
	memcpy(body, data + 2, size - 2);
	body[size - 2] = '\0';
	answer.body = body;
	answer.len = size - 2;
	code = sendas_google_error_read(&answer, &err);
	snprintf(status, sizeof(status), "%ld", answer.status);
	if (code == SENDAS_OK || err.code != code ||
	    err.http_status != answer.status ||
	    strstr(err.message, status) == NULL ||
	    memchr(err.message, '\0', sizeof(err.message)) == NULL)
		abort();
	/* Slower, please: only what may be sent again says so. */
	if (sendas_google_error_is_transient(&answer) &&
	    code != SENDAS_ERR_TRANSIENT)
		abort();
	free(body);
	return 0;
}
