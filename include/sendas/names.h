/* SPDX-License-Identifier: Apache-2.0 */
/*
 * names.h: is a domain the provider's, and is a host name what it should be,
 * or something that only looks like it. Pure. Domain names as RFC 1035 and
 * RFC 5890 (labels that begin with xn--).
 */
#ifndef SENDAS_NAMES_H
#define SENDAS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/policy.h"

/* The longest host name that a message shows whole; nobody uses a longer
 * one. */
#define SENDAS_NAMES_SHOWN_BYTES 120

/* Which host rule a server name falls under; the first that fits, in this
 * order. */
enum sendas_host_class {
	SENDAS_HOST_MISSING = 0, /* nothing, or white space alone */
	SENDAS_HOST_WANTED, /* the policy's host, to the letter */
	SENDAS_HOST_SPELLING, /* the policy's host once it is normalised */
	SENDAS_HOST_ADDRESS, /* an IPv4 or IPv6 literal */
	SENDAS_HOST_GOOGLE, /* Google's own sending servers */
	SENDAS_HOST_LOOKALIKE, /* made to look like the provider's */
	SENDAS_HOST_OTHER,
};

/*
 * N(host): white space trimmed (ASCII, U+00A0, U+3000), full-width forms and
 * the full stop U+3002 folded to ASCII, one trailing dot dropped, ASCII
 * lower case. The caller frees it. NULL gives "".
 */
char *sendas_names_normalise(const char *host);

enum sendas_host_class sendas_names_classify_host(
    const struct sendas_policy *policy, const char *host);

/* Hints for a host of class OTHER: within edit distance 2 of the wanted one
 * and no known provider; and "host:port" typed into the host's field. */
bool sendas_names_is_typing_error(
    const struct sendas_policy *policy, const char *host);
bool sendas_names_has_port(const char *host);

/* True when an e-mail address is the provider's. */
bool sendas_names_is_own_address(
    const struct sendas_policy *policy, const char *address);

/* True when an address is not the provider's, but its domain looks like it. */
bool sendas_names_is_domain_lookalike(
    const struct sendas_policy *policy, const char *address);

/* A copy of `name` for a message: what is over `max_bytes` is cut off at a
 * character's boundary and "..." stands for it. NULL gives "". The caller
 * frees it. */
char *sendas_names_shorten(const char *name, size_t max_bytes);

#endif
