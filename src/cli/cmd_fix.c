/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_fix.c: sendas fix: show what will be changed, ask, change, read back;
 * from a selection, from a run in the journal, or from an approved plan.
 */
#include "sendas/cli.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/fix.h"
#include "sendas/given.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/plan_file.h"
#include "sendas/record.h"
#include "sendas/signed_in.h"
#include "sendas/terminal.h"
#include "sendas/text.h"
#include "sendas/which_run.h"

static int run_fix(const struct sendas_options *options);

const struct sendas_cli_command sendas_cli_fix = {
    .name = "fix",
    .options = SENDAS_OPTIONS_FIX,
    .summary = N_("clear \"Treat as an alias\" and set the SMTP server right, "
		  "after asking"),
    .synopsis = "fix [MAILBOX...] [OPTION...]\n"
		"fix --users FILE|- [OPTION...]\n"
		"fix --run RUN [OPTION...]\n"
		"fix --plan FILE --sha256 HEX [OPTION...]\n"
		"fix --ask [OPTION...]\n"
		"fix --from FILE|- [MAILBOX] [OPTION...]",
    .examples =
	"  sendas fix taro@example.com --credentials key.json --dry-run\n"
	"  sendas fix taro@example.com --credentials key.json\n"
	"  sendas fix --users list.csv --credentials key.json --canary 5\n"
	"  sendas fix --run 20261124T021500Z-7f3a --credentials key.json\n"
	"  sendas fix --users list.csv --credentials key.json --dry-run "
	"--plan plan.jsonl\n"
	"  sendas fix taro@example.com --credentials key.json --yes "
	"--max-changes 1\n",
    .run = run_fix,
};

/* One command line at work. */
struct fix {
	const struct sendas_options *options;
	struct sendas_cli_setup setup;
	struct sendas_selection *selection; /* NULL: --run or --plan says it */
	struct sendas_plan_file *plan;
	struct sendas_run *run;
	struct sendas_execute_options consent;
	struct sendas_rules_named only; /* of --only */
	/* A signed-in person is at the terminal: what is refused is repaired
	 * with them. */
	bool is_led;
};

/* True when the mailboxes come from a plan that was approved. */
static bool
has_plan(const struct sendas_options *options)
{
	return options->sha256 != NULL;
}

static enum sendas_status
check_plan_options(
    const struct sendas_options *options, struct sendas_error *err)
{
	bool has_selection = options->word_count > 0 || options->users != NULL;

	if (options->plan == NULL && options->sha256 == NULL)
		return SENDAS_OK;
	if (options->plan == NULL)
		return sendas_fail(
		    err, SENDAS_ERR_USAGE, _("--sha256 needs --plan FILE"));
	if (options->run != NULL || options->is_resume)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("give --plan or a run to go on with, not both"));
	if (options->is_dry_run == has_plan(options))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--plan FILE needs either --dry-run, to write a plan, or "
		      "--sha256 HEX, to make the changes of one that was "
		      "approved"));
	if (has_plan(options) && has_selection)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("the plan says which mailboxes: give none beside it"));
	return SENDAS_OK;
}

static enum sendas_status
check_options(const struct sendas_options *options, struct sendas_error *err)
{
	enum sendas_status status = sendas_cli_check_consent(options, err);

	if (status == SENDAS_OK)
		status = check_plan_options(options, err);
	if (status != SENDAS_OK)
		return status;
	if (options->run != NULL && options->is_resume)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("give --run or --resume, not both"));
	if (options->only != NULL &&
	    (options->run != NULL || options->is_resume || has_plan(options)))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("what is repaired was planned already: give --only when "
		      "it is planned"));
	if (options->run != NULL &&
	    (options->word_count > 0 || options->users != NULL))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("the run says which mailboxes: give none beside --run"));
	return SENDAS_OK;
}

/* ---- a run to go on with ---- */

/* A plan was made by rules; by others it would be another one. */
static enum sendas_status
check_policy(const struct sendas_journal_run *record,
    const struct sendas_policy *policy, struct sendas_error *err)
{
	char *now = sendas_record_policy_sha256(policy);
	bool is_same = record->policy_sha256 != NULL &&
	    strcmp(record->policy_sha256, now) == 0;

	free(now);
	if (is_same)
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_USAGE,
	    _("The run %s was made with another policy (%s). Give the same "
	      "with --policy, or plan anew without --run."),
	    record->id, record->policy != NULL ? record->policy : "?");
}

static enum sendas_status
check_selection(const struct fix *fix, const struct sendas_journal_run *record,
    struct sendas_error *err)
{
	char *now = sendas_record_selection_sha256(fix->selection);
	/* What the run never came to stands in its record, too. */
	size_t looked_at = record->read + record->unreadable;
	bool is_same = now != NULL && record->selection_sha256 != NULL &&
	    strcmp(record->selection_sha256, now) == 0;

	free(now);
	if (!is_same)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("The run %s was made for other mailboxes (%s). To go on "
		      "with it all the same: sendas fix --run %s"),
		    record->id,
		    record->selection != NULL ? record->selection : "?",
		    record->id);
	if (looked_at < sendas_selection_count(fix->selection))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("The run %s ended before it had read all mailboxes (%zu "
		      "of %zu). Plan anew without --resume, or go on with what "
		      "it has: sendas fix --run %s"),
		    record->id, looked_at,
		    sendas_selection_count(fix->selection), record->id);
	return SENDAS_OK;
}

/* Of a run that can be gone on with. */
static enum sendas_status
check_record(const struct fix *fix, const struct sendas_journal_run *record,
    struct sendas_error *err)
{
	enum sendas_status status;

	if (strcmp(record->command, "audit") == 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("The run %s is an audit, which plans nothing: sendas fix "
		      "with its mailboxes does."),
		    record->id);
	if (record->planned == 0 && record->open == 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("The run %s has nothing left to do: no change of it is "
		      "planned, and each that was confirmed has its outcome. "
		      "sendas runs %s shows them."),
		    record->id, record->id);
	status = check_policy(record, fix->setup.policy, err);
	if (status == SENDAS_OK && fix->options->is_resume)
		status = check_selection(fix, record, err);
	return status;
}

/* The id that --run or --resume means; the caller frees it. */
static enum sendas_status
find_run(struct fix *fix, char **id, struct sendas_error *err)
{
	const struct sendas_options *options = fix->options;
	enum sendas_status status;

	if (options->run != NULL || options->resume != NULL) {
		*id = sendas_xstrdup(
		    options->run != NULL ? options->run : options->resume);
		return SENDAS_OK;
	}
	status =
	    sendas_journal_find_unfinished(fix->setup.journal, "fix", id, err);
	if (status == SENDAS_OK && *id == NULL)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("There is no unfinished run to go on with. Plan anew "
		      "without --resume."));
	return status;
}

static enum sendas_status
go_on(struct fix *fix, struct sendas_error *err)
{
	struct sendas_cli_setup *setup = &fix->setup;
	enum sendas_status status;
	char *id = NULL;

	status = find_run(fix, &id, err);
	if (status == SENDAS_OK)
		status = sendas_which_run_get(
		    setup->journal, id, &setup->record, err);
	if (status == SENDAS_OK)
		status = check_record(fix, &setup->record, err);
	if (status == SENDAS_OK) {
		setup->run_options.command = setup->record.command;
		status = sendas_cli_find_passwords(fix->options,
		    setup->record.read + setup->record.unreadable == 1, setup,
		    err);
	}
	if (status == SENDAS_OK)
		status = sendas_cli_open_run(setup, id, &fix->run, err);
	free(id);
	return status == SENDAS_OK
	    ? sendas_execute(fix->run, &fix->consent, err)
	    : status;
}

/* ---- an approved plan ---- */

static enum sendas_status
open_plan(struct fix *fix, struct sendas_error *err)
{
	char *policy = sendas_record_policy_sha256(fix->setup.policy);
	enum sendas_status status;

	status = sendas_plan_file_open(fix->options->plan, fix->options->sha256,
	    policy, time(NULL), &fix->plan, err);
	free(policy);
	return status;
}

static enum sendas_status
carry_out_plan(struct fix *fix, struct sendas_error *err)
{
	const struct sendas_plan_file_head *head =
	    sendas_plan_file_get_head(fix->plan);
	struct sendas_journal_run *record = &fix->setup.record;
	enum sendas_status status;

	sendas_cli_fill_record(
	    &fix->setup, SENDAS_OPTIONS_FIX, fix->options, NULL);
	record->selection = sendas_xstrdup(head->selection);
	record->selection_sha256 = sendas_xstrdup(head->selection_sha256);
	record->plan_sha256 = sendas_xstrdup(fix->options->sha256);
	/* However it was typed: a record can be searched for it. */
	sendas_text_lower(record->plan_sha256);
	status = sendas_cli_find_passwords(
	    fix->options, head->mailboxes == 1, &fix->setup, err);
	if (status == SENDAS_OK)
		status = sendas_cli_open_run(&fix->setup, NULL, &fix->run, err);
	if (status == SENDAS_OK)
		status = sendas_plan_file_import(
		    fix->plan, fix->setup.policy, fix->setup.journal, err);
	if (status == SENDAS_OK)
		status = sendas_execute(fix->run, &fix->consent, err);
	return status;
}

/* The plan of a dry run, for somebody else's approval. */
static enum sendas_status
write_plan(struct fix *fix, struct sendas_error *err)
{
	enum sendas_status status;
	char *sha256 = NULL;

	if (sendas_run_should_stop(fix->run) ||
	    fix->run->summary.changes[SENDAS_OUTCOME_PLANNED] == 0) {
		sendas_terminal_notice(
		    _("no plan was written: there is nothing to approve"));
		return SENDAS_OK;
	}
	status = sendas_plan_file_write(fix->setup.journal, fix->run->id,
	    fix->setup.policy, fix->options->plan, &sha256, err);
	fix->setup.is_for_approval = status == SENDAS_OK;
	if (status == SENDAS_OK)
		sendas_terminal_notice(
		    _("the plan is in %s, and for reading in %s.txt. Once it "
		      "is approved: sendas fix --plan %s --sha256 %s"),
		    fix->options->plan, fix->options->plan, fix->options->plan,
		    sha256);
	free(sha256);
	return status;
}

/* ---- a selection ---- */

static enum sendas_status
plan_anew(struct fix *fix, struct sendas_error *err)
{
	enum sendas_status status;

	sendas_cli_fill_record(
	    &fix->setup, SENDAS_OPTIONS_FIX, fix->options, fix->selection);
	status = sendas_cli_find_passwords(fix->options,
	    sendas_selection_count(fix->selection) == 1, &fix->setup, err);
	if (status == SENDAS_OK)
		status = sendas_cli_open_run(&fix->setup, NULL, &fix->run, err);
	if (status == SENDAS_OK)
		status = sendas_fix_run(
		    fix->run, fix->selection, &fix->consent, err);
	if (status == SENDAS_OK)
		sendas_cli_tell_unused_passwords(&fix->setup, fix->options);
	if (status == SENDAS_OK && fix->options->plan != NULL)
		status = write_plan(fix, err);
	return status;
}

static enum sendas_status
fix_live(struct fix *fix, struct sendas_error *err)
{
	const struct sendas_options *options = fix->options;
	enum sendas_status status = SENDAS_OK;

	if (options->only != NULL)
		fix->setup.run_options.only = &fix->only;
	if (fix->selection != NULL)
		status = sendas_select_check(
		    fix->selection, &fix->setup.credentials, err);
	if (status == SENDAS_OK && has_plan(options))
		status = open_plan(fix, err);
	if (status == SENDAS_OK)
		status =
		    sendas_cli_open_journal(options, true, &fix->setup, err);
	if (status != SENDAS_OK)
		return status;
	sendas_cli_add_steps(&fix->setup, fix->is_led);
	if (options->run != NULL || options->is_resume)
		return go_on(fix, err);
	return has_plan(options) ? carry_out_plan(fix, err)
				 : plan_anew(fix, err);
}

/* ---- with a person ---- */

/* How to go on with them after the run, or false: there is nothing, or no way
 * to see it. */
static bool
is_to_lead(const struct fix *fix, enum sendas_status status,
    enum sendas_guide_start *start)
{
	if (!fix->is_led || status != SENDAS_OK || sendas_cli_stop != 0 ||
	    fix->run->summary.read == 0)
		return false;
	*start =
	    fix->run->is_declined ? SENDAS_GUIDE_OFFER : SENDAS_GUIDE_STEPS;
	return true;
}

static int
run_fix(const struct sendas_options *options)
{
	struct fix fix = {
	    .options = options, .consent = sendas_cli_consent(options)};
	enum sendas_guide_start start;
	enum sendas_status status;
	struct sendas_error err;
	int exit_status;
	bool is_to_go_on;

	if (sendas_given_is_wanted(options))
		return sendas_given_run("fix", options);
	status = check_options(options, &err);
	if (status == SENDAS_OK && options->only != NULL)
		status =
		    sendas_rules_parse_names(options->only, &fix.only, &err);
	if (status == SENDAS_OK && options->run == NULL && !has_plan(options))
		status = sendas_cli_select(options, &fix.selection, &err);
	if (status == SENDAS_OK)
		status = sendas_cli_setup("fix", options, &fix.setup, &err);
	if (status == SENDAS_OK) {
		fix.is_led =
		    sendas_signed_in_is_here(options, &fix.setup.credentials);
		status = fix_live(&fix, &err);
	}
	is_to_go_on = is_to_lead(&fix, status, &start);
	exit_status = sendas_cli_finish(&fix.setup, fix.run, status, &err);
	if (is_to_go_on)
		exit_status = sendas_signed_in_lead(
		    &fix.setup, options, start, exit_status);
	sendas_cli_setup_clear(&fix.setup);
	sendas_plan_file_close(fix.plan);
	sendas_selection_free(fix.selection);
	return exit_status;
}
