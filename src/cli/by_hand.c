/* SPDX-License-Identifier: Apache-2.0 */
/*
 * by_hand.c: the guide, with what is remembered of it.
 */
#include "sendas/by_hand.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "sendas/after.h"
#include "sendas/cli.h"
#include "sendas/mem.h"
#include "sendas/policy_file.h"
#include "sendas/terminal.h"
#include "sendas/tty.h"

bool
sendas_by_hand_is_possible(const struct sendas_options *options)
{
	struct sendas_tty *tty;

	if (options->output != NULL ||
	    (options->format != NULL && strcmp(options->format, "text") != 0))
		return false;
	if (!isatty(STDOUT_FILENO) ||
	    sendas_tty_open(&sendas_cli_stop, &tty, NULL) != SENDAS_OK)
		return false;
	sendas_tty_close(tty);
	return true;
}

/* The policy in use, good in any folder; NULL: the default. The caller frees
 * it. */
static char *
name_policy(const struct sendas_by_hand *by_hand)
{
	const char *name = by_hand->policy_name;
	char *path = name != NULL && sendas_policy_file_is_path(name)
	    ? realpath(name, NULL)
	    : NULL;

	return path != NULL ? path : sendas_xstrdup(name);
}

/* Keeps where the person is; that it could not be kept ends nothing. */
static void
remember(void *ctx, const struct sendas_mailbox *mailbox)
{
	const struct sendas_by_hand *by_hand = ctx;
	struct sendas_progress progress = {
	    .way = by_hand->way,
	    .when = time(NULL),
	    .mailbox = (struct sendas_mailbox *)mailbox, /* only read */
	};
	struct sendas_error err;

	if (!sendas_guide_is_needed(mailbox)) {
		sendas_progress_forget();
		return;
	}
	progress.policy = name_policy(by_hand);
	if (sendas_progress_save(&progress, &err) != SENDAS_OK)
		sendas_terminal_notice("%s", err.message);
	free(progress.policy);
}

enum sendas_status
sendas_by_hand_run(const struct sendas_by_hand *by_hand,
    enum sendas_guide_start start, struct sendas_mailbox **mailbox,
    struct sendas_error *err)
{
	struct sendas_guide guide = {
	    .policy = by_hand->policy,
	    .ui = by_hand->ui,
	    .look = by_hand->look,
	    .remember_ctx = (void *)by_hand, /* only read */
	};
	bool was_right = !sendas_guide_is_needed(*mailbox);
	enum sendas_status status;
	bool is_right;
	char *text;

	if (by_hand->way != SENDAS_PROGRESS_NONE)
		guide.remember = remember;
	status = sendas_guide_run(&guide, start, mailbox, &is_right, err);
	if (status == SENDAS_OK && was_right &&
	    sendas_mailbox_has_judged(*mailbox)) {
		text = sendas_after_ladder(by_hand->policy);
		by_hand->ui->show(by_hand->ui->ctx, text);
		free(text);
	}
	return status;
}
