/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps_sink.c: behind a report, the steps by hand for what Google lets no
 * program change.
 */
#include <stdlib.h>
#include "sendas/buf.h"
#include "sendas/cli.h"
#include "sendas/limits.h"
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

/* The steps for what was refused; "" for nothing. The caller frees it. */
static char *
format_steps(
    const struct sendas_cli_setup *setup, const struct sendas_mailbox *mailbox)
{
	struct sendas_buf all;

	sendas_buf_init(&all, SENDAS_LIMIT_ANSWER_BYTES);
	for (size_t i = 0; i < mailbox->address_count; i++) {
		const struct sendas_address *address = &mailbox->addresses[i];
		char *text, *safe;

		if (!is_refused(mailbox, address->address))
			continue;
		text = sendas_steps_format(
		    setup->policy, mailbox->mailbox, address);
		safe = sendas_text_safe(text, true);
		sendas_buf_printf(&all, "%s\n", safe);
		free(safe);
		free(text);
	}
	return sendas_buf_take(&all);
}

static enum sendas_status
write_steps(
    void *ctx, const struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	const struct sendas_cli_setup *setup = ctx;
	char *steps = format_steps(setup, mailbox);

	(void)err; /* what cannot be written is found when all is kept */
	fputs(steps, sendas_cli_stream(setup));
	free(steps);
	return SENDAS_OK;
}

static enum sendas_status
keep_steps(
    void *ctx, const struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	struct sendas_cli_setup *setup = ctx;

	(void)err;
	free(setup->kept_steps);
	setup->kept_steps = format_steps(setup, mailbox);
	return SENDAS_OK;
}

void
sendas_cli_add_steps(struct sendas_cli_setup *setup, bool is_kept)
{
	if (setup->text == NULL)
		return;
	setup->steps = (struct sendas_sink){
	    .ctx = setup, .mailbox = is_kept ? keep_steps : write_steps};
	sendas_cli_add_sink(setup, &setup->steps);
}
