/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_fix.c: sendas fix: show what will be changed, ask, change, read back;
 * and the steps by hand where Google lets no program change it.
 */
#include "sendas/cli.h"

#include <stdlib.h>
#include "sendas/fix.h"
#include "sendas/given.h"
#include "sendas/i18n.h"
#include "sendas/select.h"
#include "sendas/steps.h"
#include "sendas/terminal.h"
#include "sendas/text.h"

static int run_fix(const struct sendas_options *options);

const struct sendas_cli_command sendas_cli_fix = {
    .name = "fix",
    .options = SENDAS_OPTIONS_FIX,
    .summary = N_("turn \"Treat as an alias\" off, after asking"),
    .synopsis = "fix [MAILBOX...] [OPTION...]\n"
		"fix --users FILE|- [OPTION...]\n"
		"fix --ask [OPTION...]\n"
		"fix --from FILE|- [MAILBOX] [OPTION...]",
    .examples =
	"  sendas fix taro@example.com --credentials key.json --dry-run\n"
	"  sendas fix taro@example.com --credentials key.json\n"
	"  sendas fix --users list.csv --credentials key.json\n"
	"  sendas fix taro@example.com --credentials key.json --yes "
	"--max-changes 1\n",
    .run = run_fix,
};

/* A sink behind the report: the steps by hand for what Google refused. */
struct steps_sink {
	struct sendas_sink sink;
	const struct sendas_cli_setup *setup;
};

static bool
is_refused(const struct sendas_mailbox *mailbox, const char *address)
{
	for (size_t i = 0; i < mailbox->change_count; i++) {
		const struct sendas_change *change = &mailbox->changes[i];

		if (change->outcome == SENDAS_OUTCOME_REFUSED &&
		    sendas_text_equal_fold(change->address, address))
			return true;
	}
	return false;
}

static enum sendas_status
write_steps(
    void *ctx, const struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	const struct steps_sink *steps = ctx;
	FILE *stream = sendas_cli_stream(steps->setup);

	(void)err; /* what cannot be written is found when all is kept */
	for (size_t i = 0; i < mailbox->address_count; i++) {
		const struct sendas_address *address = &mailbox->addresses[i];
		char *text, *safe;

		if (!is_refused(mailbox, address->address))
			continue;
		text = sendas_steps_format(
		    steps->setup->policy, mailbox->mailbox, address);
		safe = sendas_text_safe(text, true);
		fprintf(stream, "%s\n", safe);
		free(safe);
		free(text);
	}
	return SENDAS_OK;
}

/* A script must say how much it expects before it may go unasked. */
static enum sendas_status
check_options(const struct sendas_options *options, struct sendas_error *err)
{
	if (options->is_yes && options->max_changes < 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--yes needs --max-changes N: how many changes you "
		      "expect at most"));
	return SENDAS_OK;
}

static enum sendas_status
fix_live(struct sendas_run *run, const struct sendas_options *options,
    struct sendas_selection *selection, struct sendas_error *err)
{
	struct sendas_fix_options fix = {
	    .is_yes = options->is_yes, .max_changes = options->max_changes};

	if (!options->is_dry_run)
		sendas_terminal_notice(
		    _("this version keeps no journal: a change cannot be "
		      "undone by run id. The report says what was before."));
	return sendas_fix_run(run, selection, &fix, err);
}

static int
run_fix(const struct sendas_options *options)
{
	struct steps_sink steps = {.sink.mailbox = write_steps};
	struct sendas_selection *selection = NULL;
	struct sendas_cli_setup setup = {0};
	struct sendas_run *run = NULL;
	enum sendas_status status;
	struct sendas_error err;
	int exit_status;

	if (sendas_given_is_wanted(options))
		return sendas_given_run("fix", options);
	status = check_options(options, &err);
	if (status == SENDAS_OK)
		status = sendas_cli_select(options, &selection, &err);
	if (status == SENDAS_OK)
		status = sendas_cli_setup("fix", options, &setup, &err);
	if (status == SENDAS_OK)
		status =
		    sendas_select_check(selection, &setup.credentials, &err);
	if (status == SENDAS_OK && setup.text != NULL) {
		steps.sink.ctx = &steps;
		steps.setup = &setup;
		sendas_cli_add_sink(&setup, &steps.sink);
	}
	if (status == SENDAS_OK)
		status = sendas_run_open(&setup.run_options, &run, &err);
	if (status == SENDAS_OK)
		status = fix_live(run, options, selection, &err);
	exit_status = sendas_cli_finish(&setup, run, status, &err);
	sendas_cli_setup_clear(&setup);
	sendas_selection_free(selection);
	return exit_status;
}
