/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_logout.c: sendas logout: have Google take a sign-in back, and delete it
 * here.
 */
#include "sendas/cli.h"

#include <stdlib.h>
#include "sendas/i18n.h"
#include "sendas/progress.h"
#include "sendas/signin.h"
#include "sendas/terminal.h"
#include "sendas/text.h"

/* Google could not be told: what was to be done is not all done. */
#define EXIT_NOT_REVOKED 4

static int run_logout(const struct sendas_options *options);

const struct sendas_cli_command sendas_cli_logout = {
    .name = "logout",
    .options = SENDAS_OPTIONS_LOGOUT,
    .summary = N_("take a sign-in back, and delete it here"),
    .synopsis = "logout [MAILBOX] [OPTION...]",
    .examples = "  sendas logout\n"
		"  sendas logout taro@gmail.com\n",
    .run = run_logout,
};

/* Tells what came of it; returns the exit status. */
static int
tell(const char *mailbox, const struct sendas_error *left)
{
	if (mailbox == NULL) {
		sendas_terminal_notice("%s", _("nobody is signed in"));
		return 0;
	}
	if (left->code == SENDAS_OK) {
		printf(_("Signed out: %s\n"), mailbox);
		return 0;
	}
	printf(_("Deleted here: %s\n"), mailbox);
	sendas_terminal_error(
	    _("The sign-in is deleted here, but Google could not be told (%s). "
	      "Take the access back yourself, on "
	      "https://myaccount.google.com/connections"),
	    left->message);
	return EXIT_NOT_REVOKED;
}

/* A repair that is gone on with by this sign-in has none any more. */
static void
forget_repair(const char *mailbox)
{
	struct sendas_progress progress;

	if (mailbox == NULL ||
	    sendas_progress_load(&progress, NULL) != SENDAS_OK)
		return;
	if (progress.way == SENDAS_PROGRESS_SIGN_IN &&
	    progress.mailbox->mailbox != NULL &&
	    sendas_text_equal_fold(progress.mailbox->mailbox, mailbox))
		sendas_progress_forget();
	sendas_progress_clear(&progress);
}

static enum sendas_status
check_words(const struct sendas_options *options, struct sendas_error *err)
{
	if (options->word_count > 1)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("one mailbox signs out at a time"));
	return SENDAS_OK;
}

static int
run_logout(const struct sendas_options *options)
{
	struct sendas_endpoints endpoints;
	struct sendas_signin_options signin = {
	    .endpoints = &endpoints,
	    .mailbox = options->word_count > 0 ? options->words[0] : NULL,
	    .ca_file = options->ca_file,
	    .timeout_ms = options->timeout_sec * 1000,
	    .stop = &sendas_cli_stop,
	};
	struct sendas_error err, left;
	enum sendas_status status;
	char *mailbox = NULL;
	int exit_status;

	sendas_endpoints_init(&endpoints);
	status = check_words(options, &err);
	if (status == SENDAS_OK)
		status =
		    sendas_cli_replace_endpoints(options, &endpoints, &err);
	if (status == SENDAS_OK) {
		sendas_cli_tell_endpoints(&endpoints);
		status = sendas_signin_out(&signin, &mailbox, &left, &err);
	}
	if (status == SENDAS_OK) {
		forget_repair(mailbox);
		exit_status = tell(mailbox, &left);
	} else {
		sendas_terminal_error("%s", err.message);
		exit_status = sendas_cli_exit_status(status);
	}
	free(mailbox);
	sendas_endpoints_clear(&endpoints);
	return exit_status;
}
