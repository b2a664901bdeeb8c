/* SPDX-License-Identifier: Apache-2.0 */
/*
 * by_hand.h: a repair by hand with the person at this terminal, remembered
 * until it is done, however the settings are looked at.
 */
#ifndef SENDAS_BY_HAND_H
#define SENDAS_BY_HAND_H

#include <stdbool.h>
#include "sendas/error.h"
#include "sendas/guide.h"
#include "sendas/model.h"
#include "sendas/options.h"
#include "sendas/policy.h"
#include "sendas/progress.h"
#include "sendas/ui.h"

/* All borrowed. */
struct sendas_by_hand {
	const struct sendas_policy *policy;
	const char *policy_name; /* as --policy took it; NULL: the default */
	const struct sendas_ui *ui;
	enum sendas_progress_way way; /* how to go on tomorrow; NONE: it is not
	                                 remembered */
	struct sendas_guide_look look;
};

/* Whether somebody reads the text as it comes, and can be asked: the report is
 * text, and goes to the terminal. */
bool sendas_by_hand_is_possible(const struct sendas_options *options);

/* Goes on from a look that was shown; *mailbox becomes the last one. Errors:
 * SENDAS_ERR_NOBODY. */
enum sendas_status sendas_by_hand_run(const struct sendas_by_hand *by_hand,
    enum sendas_guide_start start, struct sendas_mailbox **mailbox,
    struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
