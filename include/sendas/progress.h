/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.h: where a person was in a repair by hand, so that they can go on
 * tomorrow: one small file, there only while a repair is under way. It holds
 * the address and its settings, never a password.
 */
#ifndef SENDAS_PROGRESS_H
#define SENDAS_PROGRESS_H

#include <stdbool.h>
#include <time.h>
#include "sendas/error.h"
#include "sendas/model.h"

/* How the settings were looked at, and so will be again. */
enum sendas_progress_way {
	SENDAS_PROGRESS_NONE = 0, /* nothing is under way */
	SENDAS_PROGRESS_ASK, /* by the questions */
	SENDAS_PROGRESS_PASTE, /* by a paste */
	SENDAS_PROGRESS_SIGN_IN, /* by the API, with a stored sign-in */
};

struct sendas_progress {
	enum sendas_progress_way way;
	time_t when; /* of the look */
	char *policy; /* as --policy takes it, a file by its whole path; NULL:
	                 the default; owned */
	struct sendas_mailbox *mailbox; /* as it was then; owned */
};

/*
 * Loads what is under way; way is NONE when there is nothing. A file that
 * cannot be read, or belongs to another user, or is not what it should be, is
 * SENDAS_ERR_FILE or SENDAS_ERR_INPUT: nothing is lost by starting anew.
 */
enum sendas_status sendas_progress_load(
    struct sendas_progress *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Keeps it, mode 0600, in $XDG_STATE_HOME/sendas or ~/.local/state/sendas.
 * Errors: SENDAS_ERR_FILE. */
enum sendas_status sendas_progress_save(const struct sendas_progress *progress,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Deletes the file; it is no error when there is none. */
void sendas_progress_forget(void);

void sendas_progress_clear(struct sendas_progress *progress);

#endif
