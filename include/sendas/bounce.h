/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bounce.h: a bounce, whole or in part, to what it means, how sure that is,
 * and where to look in which order. Pure; knows no provider but by its
 * policy.
 */
#ifndef SENDAS_BOUNCE_H
#define SENDAS_BOUNCE_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/policy.h"

/* What it means; the first of two that fit as well stands first here. */
enum sendas_bounce {
	SENDAS_BOUNCE_UNKNOWN = 0,
	SENDAS_BOUNCE_RELAY_DENIED, /* 553 5.7.1 ... (E041) and the like */
	SENDAS_BOUNCE_SENDER_REFUSED, /* not the login's own address */
	SENDAS_BOUNCE_GOOGLE_LOGIN, /* 534 5.7.14: Google's own server */
	SENDAS_BOUNCE_LOGIN_FAILED, /* 535 5.7.8 */
	SENDAS_BOUNCE_LOGIN_WANTED, /* 530 5.7.0 */
	SENDAS_BOUNCE_UNAUTHENTICATED, /* 550 5.7.26 */
	SENDAS_BOUNCE_COMMAND_REJECTED, /* 550 5.7.1 Command rejected */
	SENDAS_BOUNCE_CERTIFICATE, /* it does not fit the server's name */
	SENDAS_BOUNCE_TLS_FAILED,
	SENDAS_BOUNCE_NO_CONNECTION,
	SENDAS_BOUNCE_WRONG_DOMAIN, /* 5.1.2 */
	SENDAS_BOUNCE_WRONG_RECIPIENT, /* 550 5.1.1 */
	SENDAS_BOUNCE_MAILBOX_FULL, /* 552 5.2.2, 452 4.2.2 */
	SENDAS_BOUNCE_TOO_LARGE, /* 552 5.3.4 */
	SENDAS_BOUNCE_SENDING_LIMIT, /* 550 5.4.5 */
	SENDAS_BOUNCE_TAKEN_FOR_SPAM,
	SENDAS_BOUNCE_TEMPORARY, /* 421, 4yz */
	SENDAS_BOUNCE_REFUSED, /* 5.7.1, 554, ... and nothing more telling */
	SENDAS_BOUNCE_SEND_AS, /* only Gmail's words around the reply */
	SENDAS_BOUNCE_COUNT,
};

/* How sure a meaning, or what to do about it, is. */
enum sendas_certainty {
	SENDAS_CERTAINTY_LOW = 0, /* inferred */
	SENDAS_CERTAINTY_MEDIUM, /* reported */
	SENDAS_CERTAINTY_HIGH, /* confirmed by a standard or the sender */
};

#define SENDAS_BOUNCE_STEPS 4

/* In the user's language, harmless unless the policy's own words are not;
 * a meaning may have two lines. */
struct sendas_bounce_meaning {
	const char *id; /* "relay-denied"; static */
	enum sendas_certainty certainty;
	bool is_about_settings; /* "Send mail as" is worth an audit */
	char *meaning, *why; /* `why` the certainty is what it is */
	char *steps[SENDAS_BOUNCE_STEPS + 1]; /* ended by NULL */
};

/*
 * What a pasted bounce means, in any bytes: headers, HTML, Japanese around
 * it, as a browser translates it, full-width, broken into lines. The most
 * telling sign decides; of several that tell as much the first in the text.
 */
enum sendas_bounce sendas_bounce_find(const char *text, size_t len);

/* Fills *out, also for UNKNOWN: what to do then. _clear frees what it
 * owns. */
void sendas_bounce_explain(const struct sendas_policy *policy,
    enum sendas_bounce bounce, struct sendas_bounce_meaning *out);
void sendas_bounce_meaning_clear(struct sendas_bounce_meaning *meaning);

#endif
