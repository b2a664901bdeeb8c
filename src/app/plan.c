/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.c: findings to changes, and changes back, pure. What a change is for stays with its
 * finding; here is only what will be written.
 */
#include "sendas/plan.h"

#include <stdbool.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/rules.h"
#include "sendas/text.h"

static void
plan_alias_off(struct sendas_mailbox *mailbox, const char *address)
{
	struct sendas_change *change = sendas_mailbox_add_change(mailbox);

	change->address = sendas_xstrdup(address);
	change->field = SENDAS_FIELD_TREAT_AS_ALIAS;
	change->before = sendas_value_bool(true);
	change->after = sendas_value_bool(false);
	change->outcome = SENDAS_OUTCOME_PLANNED;
	change->is_reversible = true;
}

/* The same address twice is one setting: it is written once. */
static bool
is_planned(const struct sendas_mailbox *mailbox, const char *address)
{
	for (size_t i = 0; i < mailbox->change_count; i++) {
		if (sendas_text_equal_fold(
			mailbox->changes[i].address, address))
			return true;
	}
	return false;
}

size_t
sendas_plan_mailbox(struct sendas_mailbox *mailbox)
{
	const char *alias = sendas_rules_name(SENDAS_RULE_TREAT_AS_ALIAS);

	for (size_t i = 0; i < mailbox->address_count; i++) {
		const struct sendas_address *address = &mailbox->addresses[i];

		for (size_t j = 0; j < address->finding_count; j++) {
			const struct sendas_finding *finding =
			    &address->findings[j];

			if (finding->repair == SENDAS_REPAIR_API &&
			    !finding->is_on_request &&
			    strcmp(finding->rule, alias) == 0 &&
			    !is_planned(mailbox, address->address))
				plan_alias_off(mailbox, address->address);
		}
	}
	return mailbox->change_count;
}

/* The message and outcome of a change that is not to be made. */
static void
drop(struct sendas_change *change, enum sendas_outcome outcome,
    const char *message)
{
	change->outcome = outcome;
	change->message = sendas_xstrdup(message);
}

static void
plan_back(struct sendas_mailbox *mailbox, const struct sendas_change *done)
{
	const struct sendas_address *now =
	    sendas_mailbox_find(mailbox, done->address);
	struct sendas_change *change = sendas_mailbox_add_change(mailbox);

	change->address = sendas_xstrdup(done->address);
	change->field = done->field;
	change->before = sendas_value_copy(&done->after);
	change->after = sendas_value_copy(&done->before);
	change->undoes = done->id;
	change->is_reversible = done->is_reversible;
	if (now == NULL ||
	    !sendas_address_stands_at(now, done->field, &done->after))
		drop(change, SENDAS_OUTCOME_CHANGED_MEANWHILE,
		    _("Someone changed it since, so it was left alone."));
	else if (!done->is_reversible)
		drop(change, SENDAS_OUTCOME_FAILED,
		    _("It cannot be put back by a program."));
}

void
sendas_plan_undo(
    struct sendas_mailbox *mailbox, const struct sendas_mailbox *done)
{
	for (size_t i = 0; i < done->change_count; i++)
		plan_back(mailbox, &done->changes[i]);
}
