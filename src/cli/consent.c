/* SPDX-License-Identifier: Apache-2.0 */
/*
 * consent.c: what the commands that change something have in common: how
 * much a command line allows, and what is left to be done by hand.
 */
#include <stdlib.h>
#include "sendas/cli.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/steps.h"
#include "sendas/text.h"

/* A script must say how much it expects before it may go unasked. */
enum sendas_status
sendas_cli_check_consent(
    const struct sendas_options *options, struct sendas_error *err)
{
	if (options->is_yes && options->max_changes < 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--yes needs --max-changes N: how many changes you "
		      "expect at most"));
	if (options->is_dry_run && options->canary > 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--canary makes changes, --dry-run makes none: give one "
		      "of them"));
	return SENDAS_OK;
}

struct sendas_execute_options
sendas_cli_consent(const struct sendas_options *options)
{
	return (struct sendas_execute_options){.is_yes = options->is_yes,
	    .max_changes = options->max_changes,
	    .canary = options->canary};
}

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
	const struct sendas_cli_setup *setup = ctx;
	FILE *stream = sendas_cli_stream(setup);

	(void)err; /* what cannot be written is found when all is kept */
	for (size_t i = 0; i < mailbox->address_count; i++) {
		const struct sendas_address *address = &mailbox->addresses[i];
		char *text, *safe;

		if (!is_refused(mailbox, address->address))
			continue;
		text = sendas_steps_format(
		    setup->policy, mailbox->mailbox, address);
		safe = sendas_text_safe(text, true);
		fprintf(stream, "%s\n", safe);
		free(safe);
		free(text);
	}
	return SENDAS_OK;
}

void
sendas_cli_add_steps(struct sendas_cli_setup *setup)
{
	if (setup->text == NULL)
		return;
	setup->steps =
	    (struct sendas_sink){.ctx = setup, .mailbox = write_steps};
	sendas_cli_add_sink(setup, &setup->steps);
}
