/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signed_in.c: leads a signed-in person through a repair by hand. The looks are
 * a run of their own that stands in no journal: it changes nothing.
 */
#include "sendas/signed_in.h"

#include <stdlib.h>
#include "sendas/audit.h"
#include "sendas/by_hand.h"
#include "sendas/i18n.h"
#include "sendas/rules.h"
#include "sendas/terminal.h"

/* What the person was told to do, and how it is looked at. */
struct lead {
	const struct sendas_cli_setup *setup;
	const struct sendas_options *options;
	struct sendas_run *run;
};

bool
sendas_signed_in_is_here(const struct sendas_options *options,
    const struct sendas_credentials *credentials)
{
	return sendas_credentials_is_person(credentials) &&
	    !options->is_dry_run && !options->is_yes &&
	    sendas_by_hand_is_possible(options);
}

/* A sendas_guide_look. That it could not be read is found by the guide. */
static enum sendas_status
look(void *ctx, const struct sendas_mailbox *before,
    struct sendas_mailbox **out, struct sendas_error *err)
{
	struct sendas_run *run = ctx;
	const struct sendas_ui *ui = run->options->ui;

	(void)err;
	/* With its repeats it may take a while. */
	ui->show(ui->ctx, _("Looking ..."));
	*out = sendas_audit_look(run, before->mailbox);
	return SENDAS_OK;
}

static enum sendas_status
open_looks(struct lead *lead, struct sendas_run_options *options,
    struct sendas_error *err)
{
	static const struct sendas_sink *const nowhere[] = {NULL};

	*options = lead->setup->run_options;
	options->command = "audit";
	options->sinks = nowhere;
	options->journal = NULL;
	options->record = NULL;
	options->resume = NULL;
	return sendas_run_open(options, &lead->run, err);
}

static enum sendas_status
go_by_hand(const struct lead *lead, enum sendas_guide_start start,
    struct sendas_mailbox **mailbox, struct sendas_error *err)
{
	const struct sendas_credentials *credentials =
	    &lead->setup->credentials;
	struct sendas_by_hand by_hand = {
	    .policy = lead->setup->policy,
	    .policy_name = lead->options->policy,
	    .ui = lead->setup->run_options.ui,
	    /* A token from a descriptor is gone tomorrow. */
	    .way = credentials->is_stored ? SENDAS_PROGRESS_SIGN_IN
					  : SENDAS_PROGRESS_NONE,
	    .look = {.ctx = lead->run, .fn = look, .is_complete = true},
	};

	return sendas_by_hand_run(&by_hand, start, mailbox, err);
}

/* The exit status, once a look could be had. */
static int
lead_mailbox(const struct lead *lead, enum sendas_guide_start start,
    struct sendas_mailbox **mailbox, int exit_status)
{
	enum sendas_status status;
	struct sendas_error err;

	status = go_by_hand(lead, start, mailbox, &err);
	if (sendas_cli_stop != 0)
		return 130;
	if (status != SENDAS_OK) {
		sendas_terminal_error("%s", err.message);
		return sendas_cli_exit_status(status);
	}
	return sendas_guide_is_needed(*mailbox) ? exit_status : 0;
}

/* It could not be looked at after all: the steps stand on what the fix saw. */
static void
tell_blind(const struct lead *lead, const struct sendas_mailbox *mailbox)
{
	const struct sendas_ui *ui = lead->setup->run_options.ui;

	if (lead->setup->kept_steps != NULL)
		ui->show(ui->ctx, lead->setup->kept_steps);
	sendas_terminal_error(_("The settings could not be looked at again "
				"(%s). To go on: sendas "
				"fix"),
	    mailbox->message);
}

int
sendas_signed_in_lead(const struct sendas_cli_setup *setup,
    const struct sendas_options *options, enum sendas_guide_start start,
    int exit_status)
{
	struct lead lead = {.setup = setup, .options = options};
	struct sendas_mailbox *mailbox = NULL;
	struct sendas_run_options looks;
	struct sendas_error err;

	if (open_looks(&lead, &looks, &err) == SENDAS_OK)
		mailbox =
		    sendas_audit_look(lead.run, setup->credentials.mailbox);
	else
		sendas_terminal_error("%s", err.message);
	if (mailbox != NULL && mailbox->status != SENDAS_MAILBOX_READ)
		tell_blind(&lead, mailbox);
	else if (mailbox != NULL && sendas_guide_is_needed(mailbox))
		exit_status = lead_mailbox(&lead, start, &mailbox, exit_status);
	sendas_mailbox_free(mailbox);
	sendas_run_close(lead.run);
	return exit_status;
}

int
sendas_signed_in_resume(
    const struct sendas_options *options, struct sendas_progress *progress)
{
	struct sendas_options again = *options;
	char *words[] = {progress->mailbox->mailbox, NULL};
	struct sendas_cli_setup setup = {0};
	struct lead lead = {.setup = &setup, .options = &again};
	struct sendas_run_options looks;
	enum sendas_status status;
	struct sendas_error err;
	int exit_status;

	again.policy = progress->policy;
	again.words = words;
	again.word_count = words[0] != NULL ? 1 : 0;
	status = sendas_cli_setup("fix", &again, &setup, &err);
	if (status == SENDAS_OK)
		status = open_looks(&lead, &looks, &err);
	if (status == SENDAS_OK) {
		sendas_rules_judge(setup.policy, progress->mailbox);
		exit_status = lead_mailbox(
		    &lead, SENDAS_GUIDE_LOOK, &progress->mailbox, 1);
	} else {
		sendas_terminal_error("%s", err.message);
		exit_status = sendas_cli_exit_status(status);
	}
	sendas_run_close(lead.run);
	sendas_cli_setup_clear(&setup);
	return exit_status;
}
