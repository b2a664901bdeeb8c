/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delegation.h: what a super admin of a domain enters so that a service
 * account may act for its mailboxes. It sends nothing.
 */
#ifndef SENDAS_DELEGATION_H
#define SENDAS_DELEGATION_H

#include "sendas/credentials.h"

/* `scope` (space-separated) with commas, as the Admin console takes it; the
 * caller frees it. */
char *sendas_delegation_scopes(const char *scope);

/* The Admin console's page, filled in as far as is known: `client_id` may be
 * NULL. The caller frees it. */
char *sendas_delegation_link(const char *client_id, const char *scope);

/*
 * All that a super admin needs to know before granting `scope` to a service
 * account, as lines in the user's language without a line end after the last:
 * the values to copy, each on its own line, and what they allow. It holds no
 * secret. The caller frees it.
 */
char *sendas_delegation_request(
    const struct sendas_credentials *credentials, const char *scope);

#endif
