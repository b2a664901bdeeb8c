/* SPDX-License-Identifier: Apache-2.0 */
/*
 * given.h: audit and fix for settings that a person gives: by the five
 * questions, a paste or a file. Nothing is signed in to, nothing is sent.
 */
#ifndef SENDAS_GIVEN_H
#define SENDAS_GIVEN_H

#include <stdbool.h>
#include "sendas/options.h"
#include "sendas/progress.h"

/* True when the command line gives settings (--ask or --from). */
bool sendas_given_is_wanted(const struct sendas_options *options);

/*
 * The whole command, "audit" or "fix"; returns the exit status. With a person
 * at the terminal it goes on to the steps and to another look; else it
 * reports, and fix adds the steps.
 */
int sendas_given_run(const char *command, const struct sendas_options *options);

/* Goes on with a repair that was left, from its steps and under its policy.
 * Takes the mailbox of `progress`. */
int sendas_given_resume(
    const struct sendas_options *options, struct sendas_progress *progress);

#endif
