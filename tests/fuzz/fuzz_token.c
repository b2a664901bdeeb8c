/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_token.c: any bytes as an answer of the token endpoint, with any
 * status: it is a token, or it is told why not; never both, never neither.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/mem.h"
#include "sendas/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses among these; bits of the second choose the rest. */
static const long statuses[] = {200, 400, 401, 403, 408, 429, 500, 503};

/* It goes into a header or a form. */
static void
check_plain(const struct sendas_secret *secret)
{
	if (secret->len == 0 || secret->len != strlen(secret->data))
		abort();
	for (size_t i = 0; i < secret->len; i++)
		if (secret->data[i] <= ' ' || secret->data[i] >= 0x7f)
			abort();
}

/* The same answer where a sign-in was to be taken back. */
static void
check_revoked(const struct sendas_http_answer *answer)
{
	struct sendas_error err = {0};
	enum sendas_status status = sendas_token_parse_revoked(answer, &err);

	if (status != err.code ||
	    (status != SENDAS_OK) != (err.message[0] != '\0') ||
	    (status != SENDAS_OK && answer->status == 200))
		abort();
}

static void
check(const struct sendas_http_answer *answer,
    const struct sendas_credentials *credentials)
{
	struct sendas_token_context context = {
	    .credentials = credentials,
	    .scope = "https://scope.example/a https://scope.example/b",
	};
	struct sendas_token token = {0};
	struct sendas_error err = {0};

	if (sendas_token_parse_answer(answer, &context, &token, &err) ==
	    SENDAS_OK) {
		if (answer->status != 200 || err.message[0] != '\0' ||
		    token.bearer.len == 0 || token.expires_in_sec < 1)
			abort();
		check_plain(&token.bearer);
		if (sendas_secret_is_set(&token.refresh_token))
			check_plain(&token.refresh_token);
	} else if (err.message[0] == '\0' || err.code == SENDAS_OK ||
	    err.http_status != answer->status ||
	    sendas_secret_is_set(&token.bearer) ||
	    sendas_secret_is_set(&token.refresh_token) || token.scope != NULL) {
		abort();
	}
	(void)sendas_token_is_transient(answer);
	check_revoked(answer);
	sendas_token_clear(&token);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sendas_credentials account = {
	    .kind = SENDAS_CREDENTIALS_SERVICE_ACCOUNT,
	    .origin = "key.json",
	    .client_email = "robot@p.example",
	};
	struct sendas_credentials person = {
	    .kind = SENDAS_CREDENTIALS_AUTHORIZED_USER,
	    .origin = "person.json",
	    .client_id = "1",
	    .mailbox = "a@example.com",
	};
	struct sendas_credentials client = {
	    .kind = SENDAS_CREDENTIALS_CLIENT,
	    .origin = "client.json",
	    .client_id = "1",
	};
	struct sendas_http_answer answer = {.retry_after_sec = -1};
	char *body;

	if (size < 2)
		return 0;
	answer.status =
	    statuses[data[0] % (sizeof(statuses) / sizeof(statuses[0]))];
	answer.date = (data[1] & 1) != 0 ? 1 : 0;
	account.client_id = (data[1] & 2) != 0 ? "123" : NULL;
	/* As the engine hands it over: NUL-terminated after its length. */
	body = sendas_xmalloc(size - 1);
	memcpy(body, data + 2, size - 2);
	body[size - 2] = '\0';
	answer.body = body;
	answer.len = size - 2;
	person.is_stored = (data[1] & 8) != 0;
	if ((data[1] & 16) != 0)
		check(&answer, &client);
	else
		check(&answer, (data[1] & 4) != 0 ? &person : &account);
	free(body);
	return 0;
}
