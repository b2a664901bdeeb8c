/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.h: the settings of one address from a person who looks at Gmail's own
 * window: five questions, each saying where to look. Nothing is signed in to
 * and nothing is sent.
 */
#ifndef SENDAS_ASK_H
#define SENDAS_ASK_H

#include "sendas/error.h"
#include "sendas/model.h"
#include "sendas/policy.h"
#include "sendas/ui.h"

/*
 * Leads a person to the window, asks, and shows the answers to be confirmed.
 * *out is the caller's, not judged: one address of the policy's provider, the
 * mailbox named when the person named it; NULL when the person gave up. What
 * they could not tell even after a hint stands in the address's `unseen`.
 * Errors: SENDAS_ERR_NOBODY. Blocks.
 */
enum sendas_status sendas_ask_mailbox(const struct sendas_ui *ui,
    const struct sendas_policy *policy, struct sendas_mailbox **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* The same for a second look: address and mailbox are those of `before`, a
 * mailbox that came from here, and are not asked for again. */
enum sendas_status sendas_ask_again(const struct sendas_ui *ui,
    const struct sendas_policy *policy, const struct sendas_mailbox *before,
    struct sendas_mailbox **out, struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
