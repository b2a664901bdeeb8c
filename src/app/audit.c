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

/* A selection on its way through the fleet. */
struct each {
	struct sendas_run *run;
	const struct sendas_selection *selection;
	size_t next;
	struct sendas_fleet *fleet;
	sendas_audit_fn *fn;
	void *ctx;
};

/* The place in the selection stands for the mailbox, whose name may be
 * NULL. */
static void *
next_mailbox(void *ctx)
{
	struct each *each = ctx;

	if (each->next >= each->selection->count ||
	    sendas_run_should_stop(each->run))
		return NULL;
	return &each->selection->mailboxes[each->next++];
}

static void
audited(void *ctx, struct sendas_mailbox *mailbox)
{
	struct each *each = ctx;

	each->fn(each->ctx, mailbox);
	sendas_fleet_done(each->fleet);
}

static void
start_mailbox(void *ctx, void *item, struct sendas_fleet *fleet)
{
	struct each *each = ctx;

	each->fleet = fleet;
	sendas_audit_mailbox(each->run, *(char **)item, audited, each);
}

/* Those that the run never came to: not looked at is not clean. */
static void
skip_rest(struct each *each)
{
	struct sendas_mailbox *mailbox;

	for (; each->next < each->selection->count; each->next++) {
		mailbox =
		    sendas_mailbox_new(each->selection->mailboxes[each->next],
			SENDAS_SOURCE_GMAIL);
		mailbox->status = SENDAS_MAILBOX_SKIPPED;
		mailbox->reason = SENDAS_REASON_CANCELLED;
		mailbox->message =
		    sendas_xstrdup(_("The run ended before it was read."));
		each->fn(each->ctx, mailbox);
	}
}

void
sendas_audit_each(struct sendas_run *run,
    const struct sendas_selection *selection, sendas_audit_fn *fn, void *ctx)
{
	struct each each = {
	    .run = run, .selection = selection, .fn = fn, .ctx = ctx};
	struct sendas_fleet_work work = {
	    .ctx = &each, .next = next_mailbox, .start = start_mailbox};

	sendas_fleet_run(run->http, SENDAS_LIMIT_SLOTS, &work);
	skip_rest(&each);
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

	if (output->status == SENDAS_OK)
		output->status =
		    sendas_run_emit(output->run, mailbox, output->err);
	else
		sendas_mailbox_free(mailbox);
}

enum sendas_status
sendas_audit_run(struct sendas_run *run,
    const struct sendas_selection *selection, struct sendas_error *err)
{
	struct output output = {.run = run, .err = err};

	sendas_audit_each(run, selection, emit, &output);
	return output.status;
}
