/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps_sink.c: behind a report, the steps by hand for what no program
 * changed: what Google refuses, and servers without a password.
 */
#include <stdlib.h>
#include "sendas/buf.h"
#include "sendas/cli.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
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

/* Whether the relay is still wrong, and nobody is going to be asked about
 * it. */
static bool
is_left(
    const struct sendas_mailbox *mailbox, const struct sendas_address *address)
{
	for (size_t i = 0; i < mailbox->change_count; i++) {
		const struct sendas_change *change = &mailbox->changes[i];

		if (change->outcome == SENDAS_OUTCOME_PLANNED &&
		    change->field == SENDAS_FIELD_RELAY &&
		    sendas_text_equal_fold(change->address, address->address))
			return false;
	}
	for (size_t i = 0; i < address->finding_count; i++) {
		if (address->findings[i].repair == SENDAS_REPAIR_PASSWORD &&
		    !address->findings[i].is_on_request)
			return true;
	}
	return false;
}

/* What the account holder is to do about an address; NULL: nothing. The
 * caller frees it. A person is led through it, and not told here. */
static char *
format_left(const struct sendas_cli_setup *setup,
    const struct sendas_mailbox *mailbox, const struct sendas_address *address)
{
	bool is_for_admin =
	    !sendas_credentials_is_person(&setup->credentials) &&
	    is_left(mailbox, address);

	if (is_refused(mailbox, address->address) ||
	    (is_for_admin && setup->is_one_mailbox))
		return sendas_steps_format(
		    setup->policy, mailbox->mailbox, address);
	if (!is_for_admin)
		return NULL;
	return sendas_xasprintf(_("By hand, in Gmail, or with --passwords "
				  "FILE: the SMTP server of %s.\n"),
	    address->address);
}

/* The steps for what is left; "" for nothing. The caller frees it. */
static char *
format_steps(
    const struct sendas_cli_setup *setup, const struct sendas_mailbox *mailbox)
{
	struct sendas_buf all;

	sendas_buf_init(&all, SENDAS_LIMIT_ANSWER_BYTES);
	for (size_t i = 0; i < mailbox->address_count; i++) {
		const struct sendas_address *address = &mailbox->addresses[i];
		char *text = format_left(setup, mailbox, address), *safe;

		if (text == NULL)
			continue;
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
