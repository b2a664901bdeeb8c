/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_undo.c: sendas undo: put back what a run changed.
 */
#include "sendas/cli.h"

#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/undo.h"
#include "sendas/which_run.h"

static int run_undo(const struct sendas_options *options);

const struct sendas_cli_command sendas_cli_undo = {
    .name = "undo",
    .options = SENDAS_OPTIONS_UNDO,
    .summary = N_("put back what a run changed, after asking"),
    .synopsis = "undo RUN [MAILBOX...] [OPTION...]",
    .examples =
	"  sendas undo 20261124T021500Z-7f3a --credentials key.json "
	"--dry-run\n"
	"  sendas undo 20261124T021500Z-7f3a taro@example.com --credentials "
	"key.json\n",
    .run = run_undo,
};

/* What the words after RUN name; `out` may be NULL. */
static enum sendas_status
select_mailboxes(const struct sendas_options *options,
    struct sendas_selection **out, struct sendas_error *err)
{
	if (options->word_count == 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("which run? sendas runs lists them; then: sendas undo "
		      "RUN"));
	if (options->word_count == 1)
		return SENDAS_OK;
	return sendas_select_from_words(
	    options->words + 1, options->word_count - 1, out, err);
}

static enum sendas_status
undo(struct sendas_cli_setup *setup, const struct sendas_options *options,
    struct sendas_selection *selection, struct sendas_run **run,
    struct sendas_error *err)
{
	struct sendas_execute_options consent = sendas_cli_consent(options);
	struct sendas_journal_run undone;
	bool is_of_one_mailbox;
	enum sendas_status status;

	status = sendas_cli_open_journal(options, true, setup, err);
	if (status == SENDAS_OK)
		status = sendas_which_run_get(
		    setup->journal, options->words[0], &undone, err);
	if (status != SENDAS_OK)
		return status;
	is_of_one_mailbox =
	    options->word_count == 2 || undone.read + undone.unreadable == 1;
	sendas_journal_run_clear(&undone);
	sendas_cli_fill_record(setup, SENDAS_OPTIONS_UNDO, options, selection);
	setup->record.undo_of = sendas_xstrdup(options->words[0]);
	sendas_cli_add_steps(setup, false);
	status =
	    sendas_cli_find_passwords(options, is_of_one_mailbox, setup, err);
	if (status == SENDAS_OK)
		status = sendas_cli_open_run(setup, NULL, run, err);
	if (status != SENDAS_OK)
		return status;
	return sendas_undo_run(*run, options->words[0], options->words + 1,
	    options->word_count - 1, &consent, err);
}

static int
run_undo(const struct sendas_options *options)
{
	struct sendas_selection *selection = NULL;
	struct sendas_cli_setup setup = {0};
	struct sendas_run *run = NULL;
	enum sendas_status status;
	struct sendas_error err;
	int exit_status;

	status = sendas_cli_check_consent(options, &err);
	if (status == SENDAS_OK)
		status = select_mailboxes(options, &selection, &err);
	if (status == SENDAS_OK)
		status = sendas_cli_setup("undo", options, &setup, &err);
	if (status == SENDAS_OK)
		status = undo(&setup, options, selection, &run, &err);
	exit_status = sendas_cli_finish(&setup, run, status, &err);
	sendas_cli_setup_clear(&setup);
	sendas_selection_free(selection);
	return exit_status;
}
