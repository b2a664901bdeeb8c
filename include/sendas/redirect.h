/* SPDX-License-Identifier: Apache-2.0 */
/*
 * redirect.h: what a browser brings back from the sign-in page (RFC 6749
 * sections 4.1.2 and 4.1.2.1): one reader for what the listener gets and for
 * what a person pastes.
 */
#ifndef SENDAS_REDIRECT_H
#define SENDAS_REDIRECT_H

#include "sendas/secret.h"

/* Either `code` is set or `error` is. */
struct sendas_redirect {
	struct sendas_secret code;
	char *error; /* "access_denied", ... */
};

enum sendas_redirect_verdict {
	SENDAS_REDIRECT_GOOD = 0,
	SENDAS_REDIRECT_NOTHING, /* it is no redirect at all */
	SENDAS_REDIRECT_FOREIGN, /* of another sign-in: its state is not ours */
	SENDAS_REDIRECT_BROKEN, /* ours, but not to be used: something stands
	                           twice or is missing */
};

/*
 * Reads `target`, the path and query as they were sent, still encoded:
 * "/?state=...&code=...". `state` is the one that was sent out; it is looked
 * at before all else, in constant time. Parameters that are not known are
 * passed over, as RFC 6749 wants. *out is set, and to be cleared, only when
 * the verdict is GOOD.
 */
enum sendas_redirect_verdict sendas_redirect_parse(
    const char *target, const char *state, struct sendas_redirect *out);

/*
 * The same for the address of the page, copied from a browser:
 * "http://127.0.0.1:PORT/?...", with white space around it, and with or
 * without "http://", which some browsers do not show. An address of another
 * port is of another sign-in.
 */
enum sendas_redirect_verdict sendas_redirect_parse_pasted(const char *text,
    unsigned port, const char *state, struct sendas_redirect *out);

void sendas_redirect_clear(struct sendas_redirect *redirect);

#endif
