/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps_sink.c: behind a report, the steps by hand for what Google lets no
 * program change.
 */
#include <stdlib.h>
#include "sendas/cli.h"
#include "sendas/steps.h"
#include "sendas/text.h"

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
