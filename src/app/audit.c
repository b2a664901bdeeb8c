/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.c: fetch, judge, hand on: for one mailbox, and for each of many.
 * Changes nothing.
 */
#include "sendas/audit.h"

#include <stdlib.h>
#include "sendas/fleet.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/rules.h"
#include "sendas/session.h"

/* One mailbox being read. */
struct audit {
	struct sendas_run *run;
	char *mailbox;
	sendas_audit_fn *fn;
	void *ctx;
};

static void
listed(
    void *ctx, struct sendas_mailbox *mailbox, const struct sendas_error *err)
{
	struct audit *audit = ctx;

	if (mailbox != NULL) {
		sendas_rules_judge(audit->run->options->policy, mailbox);
	} else {
		sendas_run_note_error(audit->run, err);
		mailbox =
		    sendas_mailbox_new(audit->mailbox, SENDAS_SOURCE_GMAIL);
		sendas_mailbox_set_unread(mailbox, err);
	}
	audit->fn(audit->ctx, mailbox);
	free(audit->mailbox);
	free(audit);
}

void
sendas_audit_mailbox(
    struct sendas_run *run, const char *mailbox, sendas_audit_fn *fn, void *ctx)
{
	struct audit *audit = sendas_xcalloc(1, sizeof(*audit));

	audit->run = run;
	audit->mailbox = sendas_xstrdup(mailbox);
	audit->fn = fn;
	audit->ctx = ctx;
	sendas_session_list(run, mailbox, listed, audit);
}

static void
keep(void *ctx, struct sendas_mailbox *mailbox)
{
	struct sendas_mailbox **out = ctx;

	*out = mailbox;
}

struct sendas_mailbox *
sendas_audit_look(struct sendas_run *run, const char *mailbox)
{
	struct sendas_mailbox *out = NULL;

	sendas_audit_mailbox(run, mailbox, keep, &out);
	sendas_http_run(run->http);
	return out;
}

void
sendas_audit_set_skipped(struct sendas_mailbox *mailbox)
{
	mailbox->status = SENDAS_MAILBOX_SKIPPED;
	mailbox->reason = SENDAS_REASON_CANCELLED;
	free(mailbox->message);
	mailbox->message =
	    sendas_xstrdup(_("The run ended before it was read."));
}

/* A selection on its way through the fleet. */
struct each {
	struct sendas_run *run;
	struct sendas_selection *selection;
	sendas_audit_fn *fn;
	void *ctx;
};

/* One of its mailboxes. */
struct member {
	struct each *each;
	char *mailbox; /* or NULL */
	struct sendas_fleet_slot *slot;
};

static void *
next_member(void *ctx)
{
	struct each *each = ctx;
	struct member *member;
	const char *mailbox;

	if (!sendas_selection_next(each->selection, &mailbox))
		return NULL;
	member = sendas_xcalloc(1, sizeof(*member));
	member->each = each;
	member->mailbox = sendas_xstrdup(mailbox);
	return member;
}

static const char *
key_of_member(const void *item)
{
	return ((const struct member *)item)->mailbox;
}

static bool
should_stop(void *ctx)
{
	const struct each *each = ctx;

	return sendas_run_should_stop(each->run);
}

static void
audited(void *ctx, struct sendas_mailbox *mailbox)
{
	struct member *member = ctx;

	member->each->fn(member->each->ctx, mailbox);
	sendas_fleet_done(member->slot);
	free(member->mailbox);
	free(member);
}

static void
start_member(void *ctx, void *item, struct sendas_fleet_slot *slot)
{
	const struct each *each = ctx;
	struct member *member = item;

	member->slot = slot;
	sendas_audit_mailbox(each->run, member->mailbox, audited, member);
}

/* One that the run never came to: not looked at is not clean. */
static void
skip_member(void *ctx, void *item)
{
	const struct each *each = ctx;
	struct member *member = item;
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new(member->mailbox, SENDAS_SOURCE_GMAIL);

	sendas_audit_set_skipped(mailbox);
	each->fn(each->ctx, mailbox);
	free(member->mailbox);
	free(member);
}

static void
show_progress(const struct each *each, size_t done, size_t total)
{
	const struct sendas_ui *ui = each->run->options->ui;

	if (ui->progress != NULL)
		ui->progress(ui->ctx, done, total);
}

static void
progress(void *ctx, const struct sendas_fleet_counts *counts)
{
	const struct each *each = ctx;

	show_progress(
	    each, counts->done, sendas_selection_count(each->selection));
}

enum sendas_status
sendas_audit_each(struct sendas_run *run, struct sendas_selection *selection,
    sendas_audit_fn *fn, void *ctx, struct sendas_error *err)
{
	struct each each = {
	    .run = run, .selection = selection, .fn = fn, .ctx = ctx};
	struct sendas_fleet_work work = {
	    .ctx = &each,
	    .next = next_member,
	    .key = key_of_member,
	    .should_stop = should_stop,
	    .start = start_member,
	    .skip = skip_member,
	    .progress = progress,
	};

	show_progress(&each, 0, sendas_selection_count(selection));
	sendas_fleet_run(run->http, SENDAS_LIMIT_SLOTS, &work);
	show_progress(&each, 0, 0);
	return sendas_selection_end(selection, err);
}

/* Where the results of the whole command go. */
struct output {
	struct sendas_run *run;
	enum sendas_status status;
	struct sendas_error *err;
};

static void
emit(void *ctx, struct sendas_mailbox *mailbox)
{
	struct output *output = ctx;

	sendas_run_record(output->run, mailbox);
	if (output->status == SENDAS_OK)
		output->status =
		    sendas_run_emit(output->run, mailbox, output->err);
	else
		sendas_mailbox_free(mailbox);
}

enum sendas_status
sendas_audit_run(struct sendas_run *run, struct sendas_selection *selection,
    struct sendas_error *err)
{
	struct output output = {.run = run, .err = err};
	struct sendas_error own;

	if (sendas_audit_each(run, selection, emit, &output, &own) !=
		SENDAS_OK &&
	    output.status == SENDAS_OK) {
		output.status = own.code;
		if (err != NULL)
			*err = own;
	}
	return output.status;
}
