/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guide.h: a repair by hand, with a person: the steps, another look the same
 * way, what has changed, until the settings are right or the person stops.
 */
#ifndef SENDAS_GUIDE_H
#define SENDAS_GUIDE_H

#include <stdbool.h>
#include <time.h>
#include "sendas/error.h"
#include "sendas/model.h"
#include "sendas/policy.h"
#include "sendas/ui.h"

/* How the settings are looked at (again). */
struct sendas_guide_look {
	void *ctx;
	/* `before` is the look before this one, or NULL. *out is the
	 * caller's, judged; NULL when the person gave up. A SENDAS_ERR_INPUT
	 * is told, and the look can be tried again. */
	enum sendas_status (*fn)(void *ctx, const struct sendas_mailbox *before,
	    struct sendas_mailbox **out, struct sendas_error *err);
	/* It always shows all addresses of the mailbox: one that is not there
	 * was removed. */
	bool is_complete;
};

/* All borrowed. */
struct sendas_guide {
	const struct sendas_policy *policy;
	const struct sendas_ui *ui;
	struct sendas_guide_look look;
	/* Told after each look what there is to go on with; or NULL. */
	void (*remember)(void *ctx, const struct sendas_mailbox *mailbox);
	void *remember_ctx;
};

/* True when something on a mailbox is to be repaired by hand. */
bool sendas_guide_is_needed(const struct sendas_mailbox *mailbox);

/*
 * The steps for every address of a mailbox that needs them; "" when none does.
 * Lines; the caller frees them; made harmless.
 */
char *sendas_guide_format_steps(
    const struct sendas_policy *policy, const struct sendas_mailbox *mailbox);

/*
 * What is different between two looks at the same addresses, a line each:
 * "alias on -> off"; "" when nothing is. The caller frees it; not made
 * harmless.
 */
char *sendas_guide_format_changes(
    const struct sendas_mailbox *before, const struct sendas_mailbox *now);

/*
 * Whether a second look is one at the same settings: read, of the same
 * mailbox as far as both say whose they are, and, unless it is known to be
 * complete, with every address that had something to be done. Else what it does
 * not show would count as right. Errors: SENDAS_ERR_INPUT: why not.
 */
enum sendas_status sendas_guide_check_look(const struct sendas_mailbox *before,
    const struct sendas_mailbox *now, bool is_complete,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* With what a repair by hand begins. */
enum sendas_guide_start {
	SENDAS_GUIDE_OFFER = 0, /* the question whether to show the steps */
	SENDAS_GUIDE_STEPS, /* the steps */
	SENDAS_GUIDE_LOOK, /* another look: what is known is of an earlier day,
	                      and looking asks nothing of the person */
};

/*
 * Goes on from a look that was shown, and looks again as often as the person
 * wants. *mailbox is replaced by the last look; *is_right tells whether nothing
 * is left to be done. Errors: SENDAS_ERR_NOBODY.
 */
enum sendas_status sendas_guide_run(const struct sendas_guide *guide,
    enum sendas_guide_start start, struct sendas_mailbox **mailbox,
    bool *is_right, struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
