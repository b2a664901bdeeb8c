/* SPDX-License-Identifier: Apache-2.0 */
/*
 * execute.c: from the plan in the journal to its outcomes: what is confirmed
 * is finished, what is planned is asked about. A dry run goes the same way
 * and leaves out the question and the write, so that it cannot drift from the
 * real one.
 */
#include "sendas/execute.h"

#include <stdlib.h>
#include "sendas/apply.h"
#include "sendas/fault.h"
#include "sendas/fleet.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/rules.h"

struct execute {
	struct sendas_run *run;
	const struct sendas_execute_options *options;
	long long after; /* where the journal is read */
	enum sendas_status status; /* of the sinks */
	struct sendas_error *err;
};

static void
emit(struct execute *execute, struct sendas_mailbox *mailbox)
{
	if (execute->status == SENDAS_OK)
		execute->status =
		    sendas_run_emit(execute->run, mailbox, execute->err);
	else
		sendas_mailbox_free(mailbox);
}

/* The next mailbox with such changes, judged as it was when it was read; NULL
 * after the last. */
static struct sendas_mailbox *
next_of(struct execute *execute, enum sendas_journal_which which)
{
	struct sendas_run *run = execute->run;
	struct sendas_mailbox *mailbox = NULL;
	struct sendas_error why;

	if (sendas_journal_next(run->journal, run->id, which, &execute->after,
		&mailbox, &why) != SENDAS_OK) {
		sendas_run_note_failure(run, &why);
		return NULL;
	}
	if (mailbox != NULL)
		sendas_rules_judge(run->options->policy, mailbox);
	return mailbox;
}

/* ---- apply ---- */

/* A mailbox to which its changes are made. */
struct applying {
	struct execute *execute;
	struct sendas_fleet_slot *slot;
};

static void *
next_open(void *ctx)
{
	return next_of(ctx, SENDAS_JOURNAL_OPEN);
}

static const char *
key_of_mailbox(const void *item)
{
	return ((const struct sendas_mailbox *)item)->mailbox;
}

static bool
should_stop(void *ctx)
{
	const struct execute *execute = ctx;

	return execute->status != SENDAS_OK ||
	    sendas_run_should_stop(execute->run);
}

static void
applied(void *ctx, struct sendas_mailbox *mailbox)
{
	struct applying *applying = ctx;

	emit(applying->execute, mailbox);
	sendas_fleet_done(applying->slot);
	free(applying);
}

static void
start_apply(void *ctx, void *item, struct sendas_fleet_slot *slot)
{
	struct applying *applying = sendas_xcalloc(1, sizeof(*applying));

	applying->execute = ctx;
	applying->slot = slot;
	sendas_apply_mailbox(applying->execute->run, item, applied, applying);
}

/* What is not begun leaves as planned, and stays confirmed. */
static void
skip_apply(void *ctx, void *item)
{
	emit(ctx, item);
}

static void
apply_open(struct execute *execute)
{
	struct sendas_fleet_work work = {
	    .ctx = execute,
	    .next = next_open,
	    .key = key_of_mailbox,
	    .should_stop = should_stop,
	    .start = start_apply,
	    .skip = skip_apply,
	};

	execute->after = 0;
	sendas_fleet_run(execute->run->http,
	    /* While a person types, no answer is read. */
	    sendas_passwords_is_person(execute->run->options->passwords)
		? 1
		: SENDAS_LIMIT_SLOTS,
	    &work);
}

/* ---- confirm ---- */

/* What is to be asked about, with the first of it at hand. */
struct question {
	struct sendas_mailbox *shown[SENDAS_LIMIT_PLAN_SHOWN];
	struct sendas_plan plan;
};

/* True when the mailbox is beyond what a canary may change; as
 * sendas_journal_confirm() reckons. */
static bool
is_beyond(const struct execute *execute, const struct sendas_plan *plan,
    const struct sendas_mailbox *mailbox)
{
	size_t canary = (size_t)execute->options->canary;

	return canary > 0 && plan->change_count > 0 &&
	    plan->change_count + sendas_mailbox_count_planned(mailbox) > canary;
}

static void
gather(struct execute *execute, struct question *question)
{
	struct sendas_plan *plan = &question->plan;
	struct sendas_mailbox *mailbox;

	plan->mailboxes = question->shown;
	plan->provider = &execute->run->info.provider;
	plan->is_personal = execute->run->options->credentials->kind ==
	    SENDAS_CREDENTIALS_AUTHORIZED_USER;
	execute->after = 0;
	while ((mailbox = next_of(execute, SENDAS_JOURNAL_PLANNED)) != NULL) {
		if (is_beyond(execute, plan, mailbox)) {
			sendas_mailbox_free(mailbox);
			break;
		}
		plan->mailbox_count++;
		plan->change_count += sendas_mailbox_count_planned(mailbox);
		if (plan->shown_count < SENDAS_LIMIT_PLAN_SHOWN)
			question->shown[plan->shown_count++] = mailbox;
		else
			sendas_mailbox_free(mailbox);
	}
}

/* Asks, unless that was done on the command line; a reason not to ask goes
 * into *err. */
static enum sendas_status
ask(struct execute *execute, bool *is_yes, struct sendas_error *err)
{
	const struct sendas_ui *ui = execute->run->options->ui;
	struct question question = {0};
	enum sendas_status status = SENDAS_OK;

	*is_yes = execute->options->is_yes;
	if (*is_yes)
		return SENDAS_OK;
	gather(execute, &question);
	if (!should_stop(execute))
		status = ui->confirm(ui->ctx, &question.plan, is_yes, err);
	for (size_t i = 0; i < question.plan.shown_count; i++)
		sendas_mailbox_free(question.shown[i]);
	return status;
}

/* Fails when there is more to do than the command line allows. */
static enum sendas_status
check_count(const struct execute *execute, struct sendas_error *err)
{
	const struct sendas_run *run = execute->run;
	long max = execute->options->max_changes;
	struct sendas_journal_run record;
	enum sendas_status status;
	size_t count;

	if (max < 0 || run->options->is_dry_run)
		return SENDAS_OK;
	status = sendas_journal_get(run->journal, run->id, &record, err);
	if (status != SENDAS_OK)
		return status;
	count = record.planned + record.open;
	sendas_journal_run_clear(&record);
	if (count > (size_t)max)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("The plan has %zu changes, more than --max-changes %ld "
		      "allows. None of them was made. Look at them with "
		      "--dry-run."),
		    count, max);
	return SENDAS_OK;
}

/* True when what is planned may be written now, which the journal knows
 * then. A refusal is told here. */
static bool
is_confirmed(struct execute *execute)
{
	const struct sendas_ui *ui = execute->run->options->ui;
	struct sendas_run *run = execute->run;
	struct sendas_error err;
	bool is_yes = false;
	size_t count;

	if (ask(execute, &is_yes, &err) != SENDAS_OK)
		ui->notice(ui->ctx, err.message);
	run->is_declined = !is_yes;
	if (!is_yes || should_stop(execute))
		return false;
	sendas_fault_point("execute.agreed");
	if (sendas_journal_confirm(run->journal,
		(size_t)execute->options->canary, &count, &err) != SENDAS_OK) {
		sendas_run_note_failure(run, &err);
		return false;
	}
	sendas_fault_point("execute.confirmed");
	return true;
}

/* Two runs that are both going to change a mailbox would undo each other's
 * reckoning: the other one is to be finished first. */
static enum sendas_status
check_mailbox(const struct sendas_run *run,
    const struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	enum sendas_status status;
	char *other = NULL;

	status = sendas_journal_find_open(
	    run->journal, mailbox->mailbox, &other, err);
	if (status == SENDAS_OK && other != NULL)
		status = sendas_fail(err, SENDAS_ERR_USAGE,
		    _("The run %s is not finished, and is to change %s too. "
		      "None of the changes planned now was made. Finish that "
		      "one first: sendas fix --run %s"),
		    other, mailbox->mailbox, other);
	free(other);
	return status;
}

static enum sendas_status
check_other_runs(struct sendas_run *run, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;
	struct sendas_mailbox *mailbox;
	long long after = 0;

	while (status == SENDAS_OK) {
		status = sendas_journal_next(run->journal, run->id,
		    SENDAS_JOURNAL_PLANNED, &after, &mailbox, err);
		if (status != SENDAS_OK || mailbox == NULL)
			break;
		status = check_mailbox(run, mailbox, err);
		sendas_mailbox_free(mailbox);
	}
	return status;
}

/* What nobody confirmed leaves as planned. */
static void
emit_planned(struct execute *execute)
{
	struct sendas_mailbox *mailbox;

	execute->after = 0;
	while ((mailbox = next_of(execute, SENDAS_JOURNAL_PLANNED)) != NULL)
		emit(execute, mailbox);
}

static enum sendas_status
carry_out(struct execute *execute, struct sendas_error *err)
{
	struct sendas_run *run = execute->run;
	size_t mailboxes, changes = 0;
	enum sendas_status status;
	struct sendas_error why;

	apply_open(execute);
	if (should_stop(execute))
		return SENDAS_OK;
	if (sendas_journal_count_planned(
		run->journal, &mailboxes, &changes, &why) != SENDAS_OK) {
		sendas_run_note_failure(run, &why);
		return SENDAS_OK;
	}
	if (changes == 0)
		return SENDAS_OK;
	status = check_other_runs(run, err);
	if (status == SENDAS_OK && is_confirmed(execute))
		apply_open(execute);
	return status;
}

enum sendas_status
sendas_execute(struct sendas_run *run,
    const struct sendas_execute_options *options, struct sendas_error *err)
{
	struct execute execute = {.run = run, .options = options, .err = err};
	const struct sendas_ui *ui = run->options->ui;
	enum sendas_status status = SENDAS_OK;
	struct sendas_error why;

	if (sendas_journal_flush(run->journal, &why) != SENDAS_OK) {
		sendas_run_note_failure(run, &why);
		return SENDAS_OK;
	}
	switch (check_count(&execute, &why)) {
	case SENDAS_OK:
		if (!run->options->is_dry_run)
			status = carry_out(&execute, err);
		break;
	case SENDAS_ERR_USAGE:
		run->is_declined = true;
		ui->notice(ui->ctx, why.message);
		break;
	default:
		sendas_run_note_failure(run, &why);
		break;
	}
	emit_planned(&execute);
	return execute.status != SENDAS_OK ? execute.status : status;
}
