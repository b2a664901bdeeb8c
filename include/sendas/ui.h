/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ui.h: how a use case speaks to a person, whatever the face: a terminal now,
 * a page in the browser later. The callbacks may block.
 */
#ifndef SENDAS_UI_H
#define SENDAS_UI_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/error.h"
#include "sendas/model.h"
#include "sendas/secret.h"

/* What is to be confirmed: mailboxes that have changes planned. Borrowed. */
struct sendas_plan {
	struct sendas_mailbox *const *mailboxes; /* the first of them */
	size_t shown_count; /* how many stand there */
	size_t mailbox_count; /* how many there are */
	size_t change_count; /* in all of them */
	const struct sendas_provider *provider;
	bool is_personal; /* with a person's own sign-in, of which Google may
	                     not take changes */
};

struct sendas_ui {
	void *ctx;
	/* Shows what will change and asks. *is_yes is set on SENDAS_OK only.
	 * Errors: SENDAS_ERR_NOBODY when there is nobody to ask. */
	enum sendas_status (*confirm)(void *ctx, const struct sendas_plan *plan,
	    bool *is_yes, struct sendas_error *err);
	/* Shows lines to the person who is being asked, beside the questions;
	 * no result, and no end of line after the last. */
	void (*show)(void *ctx, const char *text);
	/*
	 * Asks for one line. *answer is the caller's: as it was typed, without
	 * the line end; NULL when the person gave up (end of input, or an
	 * interruption). The prompt ends where the answer is typed. Errors:
	 * SENDAS_ERR_NOBODY.
	 */
	enum sendas_status (*ask)(void *ctx, const char *prompt, char **answer,
	    struct sendas_error *err);
	/* Asks for a secret, which is not shown while it is typed; "" for
	 * Enter alone. Errors: SENDAS_ERR_NOBODY; also when the
	 * person gave up; SENDAS_ERR_CANCELLED: interrupted. */
	enum sendas_status (*secret)(void *ctx, const char *prompt,
	    struct sendas_secret *answer, struct sendas_error *err);
	/* Tells what a person must know though it is no result, even one who
	 * wants no notices: why a question was not asked. One or more lines
	 * without a line end after the last. */
	void (*notice)(void *ctx, const char *text);
	/* Hears how far the reading of mailboxes is: 0 of `total` at its
	 * beginning, and 0 of 0 when it is over. As often as there are
	 * mailboxes, so it must be quick. Or NULL. */
	void (*progress)(void *ctx, size_t done, size_t total);
};

/* How a sign-in in the browser speaks to a person. */
struct sendas_signin_ui {
	void *ctx;
	/* Shows where to sign in, and opens the browser there unless it was
	 * told not to. */
	void (*show_url)(void *ctx, const char *url);
	/*
	 * Waits until `fd` is readable, `timeout_ms` have passed, or the
	 * person has typed or pasted a line, which becomes *line (the
	 * caller's; else NULL). Errors: SENDAS_ERR_CANCELLED: interrupted;
	 * SENDAS_ERR_NOBODY: the person gave up.
	 */
	enum sendas_status (*wait)(void *ctx, int fd, int timeout_ms,
	    char **line, struct sendas_error *err);
	/* Tells what is wrong with what was pasted; it goes on. */
	void (*notice)(void *ctx, const char *text);
};

#endif
