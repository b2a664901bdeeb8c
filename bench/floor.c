/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floor.c: what the least possible program would spend on a mailbox's
 * signature: `floor sign KEY RUNS` prints microseconds of CPU for one, made
 * by the program's own code with the key of that file. `floor body KEY AUD
 * SUBJECT` prints the request for a token that it goes into, for h2load.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/assertion.h"
#include "sendas/credentials.h"
#include "sendas/endpoints.h"
#include "sendas/send_as.h"
#include "sendas/token.h"

/* Signatures before the clock starts: OpenSSL looks its algorithms up once,
 * and makes the key's blinding. */
#define WARM_UP 20

static double
cpu_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

static void
die(const char *what)
{
	fprintf(stderr, "floor: %s\n", what);
	exit(1);
}

/* Claims as long as the program's own. */
static const char claims[] = "{\"iss\":\"bench@bench.iam.gserviceaccount.com\","
			     "\"sub\":\"user00001@example.com\","
			     "\"scope\":\"" SENDAS_SEND_AS_SCOPE "\","
			     "\"aud\":\"https://oauth2.googleapis.com/token\","
			     "\"iat\":1795000000,\"exp\":1795003600}";

static void
sign_often(const struct sendas_credentials *credentials,
    const struct sendas_oauth2_key *key, long runs)
{
	struct sendas_secret assertion = {0};
	struct sendas_error err;

	for (; runs > 0; runs--) {
		if (sendas_oauth2_sign_jwt(key, credentials->key_id, claims,
			&assertion, &err) != SENDAS_OK)
			die(err.message);
		sendas_secret_clear(&assertion);
	}
}

static void
print_signature_cost(const struct sendas_credentials *credentials,
    const struct sendas_oauth2_key *key, long runs)
{
	double before;

	if (runs < 1)
		die("RUNS is not a number from 1 on");
	sign_often(credentials, key, WARM_UP);
	before = cpu_us();
	sign_often(credentials, key, runs);
	printf("%.2f\n", (cpu_us() - before) / (double)runs);
}

static void
print_body(const struct sendas_credentials *credentials,
    const struct sendas_oauth2_key *key, const char *audience,
    const char *subject)
{
	struct sendas_assertion what = {
	    .issuer = credentials->client_email,
	    .subject = subject,
	    .scope = SENDAS_SEND_AS_SCOPE,
	    .audience = audience,
	    .key_id = credentials->key_id,
	    .issued_at = time(NULL),
	};
	struct sendas_secret assertion = {0}, body = {0};
	struct sendas_error err;

	if (sendas_assertion_sign(&what, key, &assertion, &err) != SENDAS_OK)
		die(err.message);
	sendas_token_jwt_bearer_body(&assertion, &body);
	fputs(body.data, stdout);
	sendas_secret_clear(&assertion);
	sendas_secret_clear(&body);
}

int
main(int argc, char **argv)
{
	struct sendas_credentials credentials = {0};
	struct sendas_oauth2_key *key = NULL;
	struct sendas_error err;
	bool is_sign = argc == 4 && strcmp(argv[1], "sign") == 0;

	if (!is_sign && !(argc == 5 && strcmp(argv[1], "body") == 0))
		die("usage: floor sign KEY RUNS, floor body KEY AUD SUBJECT");
	sendas_oauth2_init();
	if (sendas_credentials_load(argv[2], &credentials, &err) != SENDAS_OK ||
	    sendas_oauth2_key_parse(&credentials.private_key, &key, &err) !=
		SENDAS_OK)
		die(err.message);
	if (is_sign)
		print_signature_cost(
		    &credentials, key, strtol(argv[3], NULL, 10));
	else
		print_body(&credentials, key, argv[3], argv[4]);
	sendas_oauth2_key_free(key);
	sendas_credentials_clear(&credentials);
	sendas_oauth2_shutdown();
	return fflush(stdout) == 0 ? 0 : 1;
}
