/* SPDX-License-Identifier: Apache-2.0 */
/*
 * endpoints.h: where Google's services are, and --endpoint NAME=URL, which
 * replaces one of them for tests and proxies.
 */
#ifndef SENDAS_ENDPOINTS_H
#define SENDAS_ENDPOINTS_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/error.h"

/* URLs, https; `gmail` ends in a slash. */
struct sendas_endpoints {
	char *gmail;
	char *token;
	char *authorize; /* the page on which a person signs in */
	char *revoke; /* RFC 7009 */
	bool is_gmail_replaced, is_token_replaced, is_authorize_replaced,
	    is_revoke_replaced;
};

/* Google's own; cleared with _clear. */
void sendas_endpoints_init(struct sendas_endpoints *endpoints);
void sendas_endpoints_clear(struct sendas_endpoints *endpoints);

/* Takes "NAME=URL". Errors: SENDAS_ERR_USAGE for an unknown name, a URL that
 * is not https, or one with white space, a query or a user name in it. */
enum sendas_status sendas_endpoints_replace(struct sendas_endpoints *endpoints,
    const char *name_and_url, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Tells of the endpoints that were replaced, `index` from 0: "instead of
 * Google's Gmail API: URL". The caller frees it; NULL after the last. */
char *sendas_endpoints_tell(
    const struct sendas_endpoints *endpoints, size_t index);

#endif
