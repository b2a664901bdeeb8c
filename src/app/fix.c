/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fix.c: audit, plan into the journal, and on to execute.c.
 */
#include "sendas/fix.h"

#include "sendas/audit.h"
#include "sendas/plan.h"

/* The whole command. Mailboxes with changes wait in the journal for the
 * answer; all others go straight to the sinks. */
struct fix {
	struct sendas_run *run;
	enum sendas_status status;
	struct sendas_error *err;
};

static void
audited(void *ctx, struct sendas_mailbox *mailbox)
{
	struct sendas_plan_means means;
	struct fix *fix = ctx;

	if (mailbox->status == SENDAS_MAILBOX_READ) {
		means = sendas_run_means(fix->run);
		sendas_plan_mailbox(mailbox, &means);
	}
	sendas_run_record(fix->run, mailbox);
	if (mailbox->change_count > 0 || fix->status != SENDAS_OK)
		sendas_mailbox_free(mailbox);
	else
		fix->status = sendas_run_emit(fix->run, mailbox, fix->err);
}

enum sendas_status
sendas_fix_run(struct sendas_run *run, struct sendas_selection *selection,
    const struct sendas_execute_options *options, struct sendas_error *err)
{
	struct fix fix = {.run = run, .err = err};
	enum sendas_status status;

	status = sendas_audit_each(run, selection, audited, &fix, err);
	if (fix.status != SENDAS_OK)
		return fix.status;
	return status == SENDAS_OK ? sendas_execute(run, options, err) : status;
}
