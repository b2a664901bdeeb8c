/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_audit.c: sendas audit: find out, change nothing.
 */
#include "sendas/cli.h"

#include <errno.h>
#include <string.h>
#include "sendas/audit.h"
#include "sendas/i18n.h"
#include "sendas/select.h"
#include "sendas/terminal.h"

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

static enum sendas_status
audit_live(struct sendas_run *run, const struct sendas_options *options,
    struct sendas_error *err)
{
	struct sendas_selection selection;
	enum sendas_status status;

	status = sendas_select_from_words(options->words, options->word_count,
	    options->access_token_fd >= 0, &selection, err);
	if (status != SENDAS_OK)
		return status;
	status = sendas_audit_run(run, &selection, err);
	sendas_selection_clear(&selection);
	return status;
}

static enum sendas_status
audit_from(struct sendas_run *run, const struct sendas_options *options,
    struct sendas_error *err)
{
	bool is_stdin = strcmp(options->from, "-") == 0;
	enum sendas_status status;
	FILE *input;

	if (options->word_count > 1)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--from takes one MAILBOX at most"));
	input = is_stdin ? stdin : fopen(options->from, "re");
	if (input == NULL)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%s: cannot be opened: %s"), options->from,
		    strerror(errno));
	sendas_cli_allow_interrupt();
	status = sendas_audit_from(run, input,
	    is_stdin ? _("standard input") : options->from,
	    options->word_count == 1 ? options->words[0] : NULL, err);
	if (!is_stdin)
		fclose(input);
	return status;
}

/* How to go on, for a person; a script reads the results. */
static void
tell_next_step(
    const struct sendas_run *run, const struct sendas_options *options)
{
	if (options->format != NULL && strcmp(options->format, "text") != 0)
		return;
	if (options->from == NULL &&
	    run->summary.severities[SENDAS_SEVERITY_ERROR] > 0)
		sendas_terminal_notice(
		    _("to repair: sendas fix, with the same mailboxes and "
		      "options"));
}

static int
run_audit(const struct sendas_options *options)
{
	struct sendas_cli_setup setup;
	struct sendas_run *run = NULL;
	enum sendas_status status;
	struct sendas_error err;
	int exit_status;

	status = sendas_cli_setup("audit", options, &setup, &err);
	if (status == SENDAS_OK)
		status = sendas_run_open(&setup.run_options, &run, &err);
	if (status == SENDAS_OK)
		status = options->from != NULL ? audit_from(run, options, &err)
					       : audit_live(run, options, &err);
	if (status == SENDAS_OK)
		tell_next_step(run, options);
	exit_status = sendas_cli_finish(&setup, run, status, &err);
	sendas_cli_setup_clear(&setup);
	return exit_status;
}
