/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fix.c: audit, plan, confirm, apply. A dry run goes the same way and leaves
 * out the question and the write, so that it cannot drift from the real one.
 */
#include "sendas/fix.h"

#include <stdlib.h>
#include "sendas/apply.h"
#include "sendas/audit.h"
#include "sendas/fleet.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/plan.h"

/* The whole command. Mailboxes with changes wait here for the answer; all
 * others go straight to the sinks. */
struct fix {
	struct sendas_run *run;
	const struct sendas_fix_options *options;
	struct sendas_mailbox **planned;
	size_t planned_count;
	size_t change_count;
	size_t next; /* to be applied */
	enum sendas_status status;
	struct sendas_error *err;
};

static void
emit(struct fix *fix, struct sendas_mailbox *mailbox)
{
	if (fix->status == SENDAS_OK)
		fix->status = sendas_run_emit(fix->run, mailbox, fix->err);
	else
		sendas_mailbox_free(mailbox);
}

static void
audited(void *ctx, struct sendas_mailbox *mailbox)
{
	struct fix *fix = ctx;

	if (mailbox->status != SENDAS_MAILBOX_READ ||
	    sendas_plan_mailbox(mailbox) == 0) {
		emit(fix, mailbox);
		return;
	}
	fix->planned = sendas_xrealloc(fix->planned, fix->planned_count + 1,
	    sizeof(struct sendas_mailbox *));
	fix->planned[fix->planned_count++] = mailbox;
	fix->change_count += mailbox->change_count;
}

/* Asks, unless that was done on the command line; a reason not to ask goes
 * into *err. */
static enum sendas_status
confirm(const struct fix *fix, bool *is_yes, struct sendas_error *err)
{
	const struct sendas_ui *ui = fix->run->options->ui;
	long max = fix->options->max_changes;
	struct sendas_plan plan = {
	    .mailboxes = fix->planned,
	    .mailbox_count = fix->planned_count,
	    .change_count = fix->change_count,
	    .provider = &fix->run->info.provider,
	};

	if (max >= 0 && fix->change_count > (size_t)max)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("The plan has %zu changes, more than --max-changes %ld "
		      "allows. Nothing was changed. Look at them with "
		      "--dry-run."),
		    fix->change_count, max);
	*is_yes = fix->options->is_yes;
	if (*is_yes)
		return SENDAS_OK;
	return ui->confirm(ui->ctx, &plan, is_yes, err);
}

/* True when the plan may be carried out. A refusal is told here, and the
 * mailboxes go out as planned. */
static bool
is_confirmed(const struct fix *fix)
{
	const struct sendas_ui *ui = fix->run->options->ui;
	struct sendas_error err;
	bool is_yes = false;

	if (fix->status != SENDAS_OK || fix->planned_count == 0 ||
	    fix->run->options->is_dry_run || sendas_run_should_stop(fix->run))
		return false;
	if (confirm(fix, &is_yes, &err) != SENDAS_OK)
		ui->notice(ui->ctx, err.message);
	fix->run->is_declined = !is_yes;
	return is_yes;
}

/* A mailbox to which its changes are made. */
struct applying {
	struct fix *fix;
	struct sendas_fleet_slot *slot;
};

static void *
next_planned(void *ctx)
{
	struct fix *fix = ctx;

	if (fix->next >= fix->planned_count)
		return NULL;
	return fix->planned[fix->next++];
}

static const char *
key_of_mailbox(const void *item)
{
	return ((const struct sendas_mailbox *)item)->mailbox;
}

static bool
should_stop(void *ctx)
{
	const struct fix *fix = ctx;

	return fix->status != SENDAS_OK || sendas_run_should_stop(fix->run);
}

static void
applied(void *ctx, struct sendas_mailbox *mailbox)
{
	struct applying *applying = ctx;

	emit(applying->fix, mailbox);
	sendas_fleet_done(applying->slot);
	free(applying);
}

static void
start_apply(void *ctx, void *item, struct sendas_fleet_slot *slot)
{
	struct applying *applying = sendas_xcalloc(1, sizeof(*applying));

	applying->fix = ctx;
	applying->slot = slot;
	sendas_apply_mailbox(applying->fix->run, item, applied, applying);
}

/* What is not applied leaves as planned. */
static void
skip_apply(void *ctx, void *item)
{
	emit(ctx, item);
}

static void
apply_all(struct fix *fix)
{
	struct sendas_fleet_work work = {
	    .ctx = fix,
	    .next = next_planned,
	    .key = key_of_mailbox,
	    .should_stop = should_stop,
	    .start = start_apply,
	    .skip = skip_apply,
	};

	sendas_fleet_run(fix->run->http, SENDAS_LIMIT_SLOTS, &work);
}

/* The same without a yes. */
static void
skip_all(struct fix *fix)
{
	struct sendas_mailbox *mailbox;

	while ((mailbox = next_planned(fix)) != NULL)
		emit(fix, mailbox);
}

enum sendas_status
sendas_fix_run(struct sendas_run *run, struct sendas_selection *selection,
    const struct sendas_fix_options *options, struct sendas_error *err)
{
	struct fix fix = {.run = run, .options = options, .err = err};
	struct sendas_error own;

	if (sendas_audit_each(run, selection, audited, &fix, &own) !=
		SENDAS_OK &&
	    fix.status == SENDAS_OK) {
		fix.status = own.code;
		if (err != NULL)
			*err = own;
	}
	if (is_confirmed(&fix))
		apply_all(&fix);
	else
		skip_all(&fix);
	free(fix.planned);
	return fix.status;
}
