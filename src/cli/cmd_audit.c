/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_audit.c: sendas audit: find out, change nothing.
 */
#include "sendas/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sendas/audit.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/select.h"
#include "sendas/terminal.h"
#include "sendas/tty.h"

static int run_audit(const struct sendas_options *options);

const struct sendas_cli_command sendas_cli_audit = {
    .name = "audit",
    .options = SENDAS_OPTIONS_AUDIT,
    .summary = N_("find out what is wrong; changes nothing"),
    .synopsis = "audit [MAILBOX...] [OPTION...]\n"
		"audit --from FILE|- [MAILBOX] [OPTION...]",
    .examples = "  sendas audit taro@example.com --credentials key.json\n"
		"  sendas audit --from settings.json\n"
		"  sendas audit --from - --format json < settings.json\n",
    .run = run_audit,
};

/* A person pastes: what comes goes past a terminal's line, and ends when its
 * JSON closes. NULL when they gave up. */
static FILE *
open_paste(char **text, struct sendas_error *err)
{
	struct sendas_tty *tty;
	enum sendas_status status;

	*text = NULL;
	if (sendas_tty_open(&sendas_cli_stop, &tty, err) != SENDAS_OK)
		return NULL;
	fprintf(sendas_tty_stream(tty), "%s\n",
	    _("Paste the settings here ({ ... }); it goes on by itself when "
	      "they are complete. Ctrl-D stops."));
	status =
	    sendas_tty_read_json(tty, SENDAS_LIMIT_ANSWER_BYTES, text, err);
	sendas_tty_close(tty);
	if (status == SENDAS_OK && *text == NULL)
		sendas_fail(err, SENDAS_ERR_INPUT,
		    _("the settings did not come to an end (the last } is "
		      "missing)"));
	return *text != NULL ? fmemopen(*text, strlen(*text), "r") : NULL;
}

static FILE *
open_input(const struct sendas_options *options, char **paste,
    struct sendas_error *err)
{
	FILE *input;

	if (strcmp(options->from, "-") == 0)
		return isatty(STDIN_FILENO) ? open_paste(paste, err) : stdin;
	input = fopen(options->from, "re");
	if (input == NULL)
		sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%s: cannot be opened: %s"), options->from,
		    strerror(errno));
	return input;
}

static enum sendas_status
audit_from(struct sendas_run *run, const struct sendas_options *options,
    const char *mailbox, struct sendas_error *err)
{
	bool is_stdin = strcmp(options->from, "-") == 0;
	enum sendas_status status;
	char *paste = NULL;
	FILE *input;

	sendas_cli_allow_interrupt();
	input = open_input(options, &paste, err);
	if (input == NULL)
		return SENDAS_ERR_INPUT;
	status = sendas_audit_from(run, input,
	    is_stdin ? _("standard input") : options->from, mailbox, err);
	if (input != stdin)
		fclose(input);
	free(paste);
	return status;
}

/* Whether a person should be told how to go on; a script reads the
 * results. */
static bool
has_next_step(
    const struct sendas_run *run, const struct sendas_options *options)
{
	if (options->format != NULL && strcmp(options->format, "text") != 0)
		return false;
	return options->from == NULL &&
	    run->summary.severities[SENDAS_SEVERITY_ERROR] > 0;
}

/* The words first: a mistyped one needs no key to be told. */
static enum sendas_status
select_mailboxes(const struct sendas_options *options,
    struct sendas_selection *out, struct sendas_error *err)
{
	if (options->from == NULL)
		return sendas_select_from_words(options->words,
		    options->word_count, options->access_token_fd >= 0, out,
		    err);
	if (options->word_count > 1)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--from takes one MAILBOX at most"));
	return sendas_select_from_words(
	    options->words, options->word_count, true, out, err);
}

static int
run_audit(const struct sendas_options *options)
{
	struct sendas_selection selection = {0};
	struct sendas_cli_setup setup = {0};
	struct sendas_run *run = NULL;
	enum sendas_status status;
	struct sendas_error err;
	bool is_to_tell;
	int exit_status;

	status = select_mailboxes(options, &selection, &err);
	if (status == SENDAS_OK)
		status = sendas_cli_setup("audit", options, &setup, &err);
	if (status == SENDAS_OK)
		status = sendas_run_open(&setup.run_options, &run, &err);
	if (status == SENDAS_OK)
		status = options->from != NULL
		    ? audit_from(run, options, selection.mailboxes[0], &err)
		    : sendas_audit_run(run, &selection, &err);
	is_to_tell = status == SENDAS_OK && has_next_step(run, options);
	exit_status = sendas_cli_finish(&setup, run, status, &err);
	if (is_to_tell)
		sendas_terminal_notice(
		    _("to repair: sendas fix, with the same mailboxes and "
		      "options"));
	sendas_cli_setup_clear(&setup);
	sendas_selection_clear(&selection);
	return exit_status;
}
