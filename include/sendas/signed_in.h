/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signed_in.h: a person with a sign-in of their own at this terminal: what
 * Google lets no program change is repaired by hand, and looked at again
 * through the API.
 */
#ifndef SENDAS_SIGNED_IN_H
#define SENDAS_SIGNED_IN_H

#include <stdbool.h>
#include "sendas/cli.h"
#include "sendas/guide.h"
#include "sendas/progress.h"

/* True when the credentials are a person's, and that person can be led. */
bool sendas_signed_in_is_here(const struct sendas_options *options,
    const struct sendas_credentials *credentials);

/*
 * Leads the person through what is left to be done after a fix, until it is
 * right or they stop. Returns the exit status: 0 when all is right then, else
 * `exit_status`, as the fix had it; 130 when interrupted.
 */
int sendas_signed_in_lead(const struct sendas_cli_setup *setup,
    const struct sendas_options *options, enum sendas_guide_start start,
    int exit_status);

/* Goes on with a repair that was left: looks, and leads. Takes the mailbox of
 * `progress`. Returns the exit status. */
int sendas_signed_in_resume(
    const struct sendas_options *options, struct sendas_progress *progress);

#endif
