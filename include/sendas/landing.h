/* SPDX-License-Identifier: Apache-2.0 */
/*
 * landing.h: the page that the browser shows when it comes back from Google,
 * in the person's language. Pure: it sends nothing.
 */
#ifndef SENDAS_LANDING_H
#define SENDAS_LANDING_H

enum sendas_landing_kind {
	SENDAS_LANDING_DONE = 0, /* signed in as `mailbox` */
	SENDAS_LANDING_DECLINED, /* the person did not allow it */
	SENDAS_LANDING_INCOMPLETE, /* a box was left without its tick */
	SENDAS_LANDING_WRONG_ACCOUNT, /* `mailbox`, where another was meant */
	SENDAS_LANDING_FAILED, /* anything else that went wrong */
	SENDAS_LANDING_FOREIGN, /* it belongs to another sign-in */
	SENDAS_LANDING_NOTHING, /* no page for a person: a stray request */
};

/* All borrowed; each may come from the network. An empty text is as NULL. */
struct sendas_landing {
	enum sendas_landing_kind kind;
	const char *mailbox; /* or NULL */
	const char *detail; /* what went wrong and what to do, as the terminal
			       says it, line feeds kept; it takes the place
			       of the kind's own sentence. NULL: the kind
			       says all */
};

/*
 * The page as HTML in UTF-8, complete in itself: no script, nothing that a
 * browser would fetch. Whatever stands in `landing` is escaped. The caller
 * frees it.
 */
char *sendas_landing_format(const struct sendas_landing *landing);

/* The Content-Security-Policy that goes with it: its own style alone. Static. */
const char *sendas_landing_policy(void);

#endif
