/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assertion.h: the signed statement with which a service account asks for an
 * access token in a user's name (RFC 7523;
 * https://developers.google.com/identity/protocols/oauth2/service-account).
 */
#ifndef SENDAS_ASSERTION_H
#define SENDAS_ASSERTION_H

#include <time.h>
#include "sendas/error.h"
#include "sendas/oauth2_glue.h"

/* All borrowed. */
struct sendas_assertion {
	const char *issuer; /* client_email */
	const char *subject; /* the mailbox */
	const char *scope; /* space-separated */
	const char *audience; /* the token endpoint in use */
	const char *key_id; /* or NULL */
	time_t issued_at; /* valid for one hour from then */
};

/* Signs it; *out is the caller's to clear. */
enum sendas_status sendas_assertion_sign(const struct sendas_assertion *what,
    const struct sendas_oauth2_key *key, struct sendas_secret *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
