/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.c: opens what a run needs, feeds the sinks, and reckons. Decides
 * nothing about a single mailbox.
 */
#include "sendas/run.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include "config.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/rules.h"

/* "20261124T021500Z-7f3a": when, and a random part for runs that begin in
 * the same second. */
static void
make_id(struct sendas_run *run)
{
	char *random = sendas_oauth2_random_hex(4);
	char when[20];
	struct tm utc;

	gmtime_r(&run->info.started, &utc);
	strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &utc);
	snprintf(run->id, sizeof(run->id), "%s-%.4s", when, random);
	free(random);
}

static enum sendas_status
open_network(struct sendas_run *run, struct sendas_error *err)
{
	const struct sendas_run_options *options = run->options;
	struct sendas_http_options http = {
	    .user_agent = PACKAGE "/" VERSION,
	    .ca_file = options->ca_file,
	    .timeout_ms = options->timeout_ms,
	    .stop = options->stop,
	};
	struct sendas_auth_options auth = {
	    .credentials = options->credentials,
	    .token_url = options->endpoints->token,
	    .scope = SENDAS_SEND_AS_SCOPE,
	    .stop = options->stop,
	    .notice = options->ui->notice,
	    .notice_ctx = options->ui->ctx,
	};
	enum sendas_status status;

	status = sendas_http_new(&http, &run->http, err);
	if (status != SENDAS_OK)
		return status;
	auth.http = run->http;
	run->api.http = run->http;
	run->api.base_url = options->endpoints->gmail;
	return sendas_auth_new(&auth, &run->auth, err);
}

/* A new record, or the one to go on with. */
static enum sendas_status
begin_record(struct sendas_run *run, struct sendas_error *err)
{
	const struct sendas_run_options *options = run->options;
	struct sendas_journal_run record;

	if (options->resume != NULL)
		return sendas_journal_resume(
		    run->journal, run->http, options->resume, err);
	record = *options->record;
	record.id = run->id;
	record.command = (char *)options->command;
	record.started = run->info.started;
	record.is_dry_run = options->is_dry_run;
	return sendas_journal_begin(run->journal, run->http, &record, err);
}

static enum sendas_status
open_record(struct sendas_run *run, struct sendas_error *err)
{
	const struct sendas_ui *ui = run->options->ui;
	enum sendas_status status;
	struct sendas_error why;
	char *text;

	if (run->journal == NULL)
		return SENDAS_OK;
	status = begin_record(run, &why);
	if (status == SENDAS_OK)
		return SENDAS_OK;
	if (!run->options->is_record_optional) {
		if (err != NULL)
			*err = why;
		return status;
	}
	run->journal = NULL;
	text = sendas_xasprintf(
	    _("%s This run is not recorded; the results are the same."),
	    why.message);
	ui->notice(ui->ctx, text);
	free(text);
	return SENDAS_OK;
}

static enum sendas_status
begin_sinks(struct sendas_run *run, struct sendas_error *err)
{
	const struct sendas_sink *const *sink = run->options->sinks;
	enum sendas_status status = SENDAS_OK;

	for (; *sink != NULL && status == SENDAS_OK; sink++) {
		if ((*sink)->begin != NULL)
			status = (*sink)->begin((*sink)->ctx, &run->info, err);
	}
	return status;
}

static void
begin_counts(struct sendas_summary *summary)
{
	summary->finding_kinds = SENDAS_RULE_COUNT;
	summary->findings =
	    sendas_xcalloc(SENDAS_RULE_COUNT, sizeof(*summary->findings));
	for (int i = 0; i < SENDAS_RULE_COUNT; i++)
		summary->findings[i].rule =
		    sendas_rules_name((enum sendas_rule)i);
}

/* What a report says of who and why, and for whom it is. A bare token does not
 * say whether it was delegated: it counts as a person's. */
static void
describe(struct sendas_run *run)
{
	const struct sendas_credentials *credentials =
	    run->options->credentials;
	const struct sendas_journal_run *record = run->options->record;

	run->info.is_delegated = credentials != NULL &&
	    credentials->kind == SENDAS_CREDENTIALS_SERVICE_ACCOUNT;
	if (record == NULL)
		return;
	run->info.actor = record->os_user;
	run->info.identity = record->identity;
	run->info.ticket = record->ticket;
	run->info.approved_by = record->approved_by;
	run->info.undo_of = record->undo_of;
}

enum sendas_status
sendas_run_open(const struct sendas_run_options *options,
    struct sendas_run **out, struct sendas_error *err)
{
	struct sendas_run *run = sendas_xcalloc(1, sizeof(*run));
	enum sendas_status status = SENDAS_OK;

	run->options = options;
	run->journal = options->journal;
	run->info.started =
	    options->resume != NULL ? options->record->started : time(NULL);
	if (options->resume != NULL)
		snprintf(run->id, sizeof(run->id), "%s", options->resume);
	else
		make_id(run);
	run->info.id = run->id;
	run->info.command = options->command;
	run->info.provider = sendas_policy_provider(options->policy);
	run->info.is_dry_run = options->is_dry_run;
	describe(run);
	begin_counts(&run->summary);
	run->summary.is_complete = true;
	if (options->credentials != NULL)
		status = open_network(run, err);
	if (status == SENDAS_OK)
		status = open_record(run, err);
	if (status == SENDAS_OK)
		status = begin_sinks(run, err);
	if (status != SENDAS_OK) {
		sendas_run_close(run);
		return status;
	}
	*out = run;
	return SENDAS_OK;
}

static void
count_findings(
    struct sendas_summary *summary, const struct sendas_mailbox *mailbox)
{
	for (size_t i = 0; i < mailbox->address_count; i++) {
		const struct sendas_address *address = &mailbox->addresses[i];

		for (size_t j = 0; j < address->finding_count; j++) {
			const struct sendas_finding *finding =
			    &address->findings[j];

			summary->findings[sendas_rules_find(finding->rule)]
			    .count++;
			summary->severities[finding->severity]++;
		}
	}
}

static void
count_relays(
    struct sendas_summary *summary, const struct sendas_mailbox *mailbox)
{
	size_t relays = sendas_mailbox_count_relays(mailbox);

	summary->relays += relays;
	if (relays > 0)
		summary->with_relay++;
}

static void
count_changes(struct sendas_run *run, const struct sendas_mailbox *mailbox)
{
	for (size_t i = 0; i < mailbox->change_count; i++) {
		enum sendas_outcome outcome = mailbox->changes[i].outcome;

		run->summary.changes[outcome]++;
		if (outcome != SENDAS_OUTCOME_PLANNED &&
		    outcome != SENDAS_OUTCOME_APPLIED)
			run->has_failed_change = true;
	}
}

void
sendas_run_count(struct sendas_run *run, const struct sendas_mailbox *mailbox)
{
	struct sendas_summary *summary = &run->summary;

	summary->mailboxes++;
	count_changes(run, mailbox);
	switch (mailbox->status) {
	case SENDAS_MAILBOX_READ:
		summary->read++;
		if (sendas_mailbox_worst(mailbox) > SENDAS_SEVERITY_INFO)
			summary->with_findings++;
		else
			summary->clean++;
		count_findings(summary, mailbox);
		count_relays(summary, mailbox);
		break;
	case SENDAS_MAILBOX_UNREADABLE:
	case SENDAS_MAILBOX_WRONG:
		summary->unreadable++;
		break;
	case SENDAS_MAILBOX_SKIPPED:
		summary->skipped++;
		summary->is_complete = false;
		break;
	}
}

enum sendas_status
sendas_run_show(struct sendas_run *run, const struct sendas_mailbox *mailbox,
    struct sendas_error *err)
{
	const struct sendas_sink *const *sink = run->options->sinks;
	enum sendas_status status = SENDAS_OK;

	for (; *sink != NULL && status == SENDAS_OK; sink++) {
		if ((*sink)->mailbox != NULL)
			status = (*sink)->mailbox((*sink)->ctx, mailbox, err);
	}
	return status;
}

enum sendas_status
sendas_run_emit(struct sendas_run *run, struct sendas_mailbox *mailbox,
    struct sendas_error *err)
{
	enum sendas_status status;

	sendas_run_count(run, mailbox);
	status = sendas_run_show(run, mailbox, err);
	sendas_mailbox_free(mailbox);
	return status;
}

void
sendas_run_record(struct sendas_run *run, const struct sendas_mailbox *mailbox)
{
	if (run->journal != NULL)
		sendas_journal_add_mailbox(run->journal, mailbox, NULL, NULL);
}

void
sendas_run_note_failure(struct sendas_run *run, const struct sendas_error *err)
{
	if (run->failure.code == SENDAS_OK)
		run->failure = *err;
}

void
sendas_run_note_error(struct sendas_run *run, const struct sendas_error *err)
{
	switch (err->code) {
	case SENDAS_ERR_PROJECT:
	case SENDAS_ERR_SCOPE:
	case SENDAS_ERR_UNAUTHORIZED: /* even a fresh token was not taken */
		run->has_project_trouble = true;
		break;
	case SENDAS_ERR_CONNECTION:
		run->has_connection_trouble = true;
		break;
	default:
		break;
	}
}

bool
sendas_run_should_stop(const struct sendas_run *run)
{
	return run->has_project_trouble || run->has_connection_trouble ||
	    run->failure.code != SENDAS_OK ||
	    (run->http != NULL && sendas_http_is_stopped(run->http));
}

struct sendas_plan_means
sendas_run_means(const struct sendas_run *run)
{
	const struct sendas_run_options *options = run->options;

	return (struct sendas_plan_means){.policy = options->policy,
	    .passwords = options->passwords,
	    .only = options->only,
	    .is_person = sendas_credentials_is_person(options->credentials)};
}

/* A run is over when nothing of it waits for a confirmation or for its
 * outcome, and all that was selected was looked at. */
enum sendas_status
sendas_run_end_record(struct sendas_run *run, struct sendas_error *err)
{
	struct sendas_journal *journal = run->journal;
	struct sendas_journal_run record;
	enum sendas_status status;

	if (run->failure.code != SENDAS_OK) {
		if (err != NULL)
			*err = run->failure;
		return run->failure.code;
	}
	if (journal == NULL)
		return SENDAS_OK;
	status = sendas_journal_flush(journal, err);
	if (status == SENDAS_OK)
		status = sendas_journal_get(journal, run->id, &record, err);
	if (status != SENDAS_OK)
		return status;
	if (record.planned == 0 && record.open == 0 && run->summary.is_complete)
		status = sendas_journal_finish(journal, err);
	sendas_journal_run_clear(&record);
	return status;
}

enum sendas_status
sendas_run_end(struct sendas_run *run, struct sendas_error *err)
{
	const struct sendas_sink *const *sink = run->options->sinks;
	enum sendas_status status = SENDAS_OK;

	run->summary.finished = time(NULL);
	if (run->http != NULL && sendas_http_is_stopped(run->http))
		run->summary.is_complete = false;
	for (; *sink != NULL && status == SENDAS_OK; sink++) {
		if ((*sink)->end != NULL)
			status = (*sink)->end((*sink)->ctx, &run->summary, err);
	}
	return status;
}

/* A finding counts that is at least as bad as the caller cares for. */
static bool
has_findings(const struct sendas_summary *summary, enum sendas_severity fail_on)
{
	for (int i = fail_on; i <= SENDAS_SEVERITY_ERROR; i++) {
		if (summary->severities[i] > 0)
			return true;
	}
	return false;
}

int
sendas_run_exit_status(
    const struct sendas_run *run, enum sendas_severity fail_on)
{
	const struct sendas_summary *summary = &run->summary;

	if (run->http != NULL && sendas_http_is_stopped(run->http))
		return 130;
	if (run->has_project_trouble ||
	    (run->has_token_trouble && !run->has_bearer))
		return 3;
	if (summary->unreadable > 0 || run->has_failed_change)
		return 4;
	if (has_findings(summary, fail_on) || run->is_declined ||
	    summary->changes[SENDAS_OUTCOME_PLANNED] > 0)
		return 1;
	return 0;
}

void
sendas_run_close(struct sendas_run *run)
{
	if (run == NULL)
		return;
	/* The engine first: what it drops is not called back. */
	sendas_http_free(run->http);
	sendas_logins_free(run->logins);
	sendas_auth_free(run->auth);
	free(run->summary.findings);
	free(run);
}
