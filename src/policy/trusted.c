/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trusted.c: to which SMTP server a password may be sent. Pure.
 */
#include "sendas/trusted.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/names.h"

/* Letters, digits, hyphens and dots (RFC 1123): it becomes part of a URL. */
static bool
is_plain_host(const char *host)
{
	return *host != '\0' &&
	    strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-.") ==
	    strlen(host);
}

bool
sendas_trusted_is_relay(
    const struct sendas_policy *policy, const struct sendas_value *relay)
{
	char *host;
	bool is_plain;

	if (relay->kind != SENDAS_VALUE_RELAY || relay->security == NULL ||
	    (strcmp(relay->security, "ssl") != 0 &&
		strcmp(relay->security, "starttls") != 0) ||
	    relay->number < 1 || relay->number > 65535)
		return false;
	host = sendas_names_normalise(relay->text);
	is_plain = is_plain_host(host);
	free(host);
	switch (sendas_names_classify_host(policy, relay->text)) {
	case SENDAS_HOST_WANTED:
	case SENDAS_HOST_SPELLING:
	case SENDAS_HOST_OTHER:
		return is_plain;
	case SENDAS_HOST_MISSING:
	case SENDAS_HOST_ADDRESS:
	case SENDAS_HOST_GOOGLE:
	case SENDAS_HOST_LOOKALIKE:
		break;
	}
	return false;
}
