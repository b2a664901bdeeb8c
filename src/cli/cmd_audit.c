/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_audit.c: sendas audit: find out, change nothing.
 */
#include "sendas/cli.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/answers.h"
#include "sendas/audit.h"
#include "sendas/given.h"
#include "sendas/i18n.h"
#include "sendas/select.h"
#include "sendas/signed_in.h"
#include "sendas/terminal.h"

static int run_audit(const struct sendas_options *options);

const struct sendas_cli_command sendas_cli_audit = {
    .name = "audit",
    .options = SENDAS_OPTIONS_AUDIT,
    .summary = N_("find out what is wrong; changes nothing"),
    .synopsis = "audit [MAILBOX...] [OPTION...]\n"
		"audit --users FILE|- [OPTION...]\n"
		"audit --ask [OPTION...]\n"
		"audit --from FILE|- [MAILBOX] [OPTION...]",
    .examples = "  sendas audit --ask\n"
		"  sendas audit taro@example.com --credentials key.json\n"
		"  sendas audit --users list.csv --credentials key.json\n"
		"  sendas audit --from settings.json\n"
		"  sendas audit --from - --format json < settings.json\n",
    .run = run_audit,
};

/* The repair with the same words, unless the person does not want it. */
static int
offer_fix(const struct sendas_cli_setup *setup,
    const struct sendas_options *options, int exit_status)
{
	const struct sendas_ui *ui = setup->run_options.ui;
	struct sendas_error err;
	char *line = NULL;
	bool is_yes = false;

	if (ui->ask(ui->ctx, _("Repair it now? [Enter = yes / n] "), &line,
		&err) == SENDAS_OK)
		is_yes = sendas_answers_is_yes(line);
	free(line);
	if (sendas_cli_stop != 0)
		return 130;
	return is_yes ? sendas_cli_fix.run(options) : exit_status;
}

/* Whether a person should be told how to go on; a script reads the
 * results. */
static bool
has_next_step(
    const struct sendas_run *run, const struct sendas_options *options)
{
	if (options->format != NULL && strcmp(options->format, "text") != 0)
		return false;
	return run->summary.severities[SENDAS_SEVERITY_ERROR] > 0;
}

static enum sendas_status
audit(struct sendas_cli_setup *setup, const struct sendas_options *options,
    struct sendas_selection *selection, struct sendas_run **run,
    struct sendas_error *err)
{
	enum sendas_status status =
	    sendas_select_check(selection, &setup->credentials, err);

	if (status == SENDAS_OK)
		status = sendas_cli_open_journal(options, false, setup, err);
	if (status != SENDAS_OK)
		return status;
	sendas_cli_fill_record(setup, SENDAS_OPTIONS_AUDIT, options, selection);
	status = sendas_cli_open_run(setup, NULL, run, err);
	return status == SENDAS_OK ? sendas_audit_run(*run, selection, err)
				   : status;
}

static int
run_audit(const struct sendas_options *options)
{
	struct sendas_selection *selection = NULL;
	struct sendas_cli_setup setup = {0};
	struct sendas_run *run = NULL;
	enum sendas_status status;
	struct sendas_error err;
	bool is_to_tell, is_led;
	int exit_status;

	if (sendas_given_is_wanted(options))
		return sendas_given_run("audit", options);
	status = sendas_cli_select(options, &selection, &err);
	if (status == SENDAS_OK)
		status = sendas_cli_setup("audit", options, &setup, &err);
	if (status == SENDAS_OK)
		status = audit(&setup, options, selection, &run, &err);
	is_to_tell = status == SENDAS_OK && has_next_step(run, options);
	is_led =
	    is_to_tell && sendas_signed_in_is_here(options, &setup.credentials);
	exit_status = sendas_cli_finish(&setup, run, status, &err);
	if (is_led)
		exit_status = offer_fix(&setup, options, exit_status);
	else if (is_to_tell)
		sendas_terminal_notice(
		    _("to repair: sendas fix, with the same mailboxes and "
		      "options"));
	sendas_cli_setup_clear(&setup);
	sendas_selection_free(selection);
	return exit_status;
}
