/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.c: findings to changes, and changes back, pure. What a change is for
 * stays with its finding; here is only what will be written.
 */
#include "sendas/plan.h"

#include <stdbool.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"
#include "sendas/trusted.h"

/* The same address twice is one setting: it is written once. */
static bool
is_planned(const struct sendas_mailbox *mailbox, const char *address,
    enum sendas_field field)
{
	for (size_t i = 0; i < mailbox->change_count; i++) {
		if (mailbox->changes[i].field == field &&
		    sendas_text_equal_fold(
			mailbox->changes[i].address, address))
			return true;
	}
	return false;
}

/* A planned change whose values the caller sets; NULL when there is one. */
static struct sendas_change *
add_change(struct sendas_mailbox *mailbox, const char *address,
    enum sendas_field field)
{
	struct sendas_change *change;

	if (is_planned(mailbox, address, field))
		return NULL;
	change = sendas_mailbox_add_change(mailbox);
	change->address = sendas_xstrdup(address);
	change->field = field;
	change->outcome = SENDAS_OUTCOME_PLANNED;
	return change;
}

static void
plan_alias_off(
    struct sendas_mailbox *mailbox, const struct sendas_address *address)
{
	struct sendas_change *change =
	    add_change(mailbox, address->address, SENDAS_FIELD_TREAT_AS_ALIAS);

	if (change == NULL)
		return;
	change->before = sendas_value_bool(true);
	change->after = sendas_value_bool(false);
	change->is_reversible = true;
}

static void
plan_relay(struct sendas_mailbox *mailbox, const struct sendas_address *address,
    const struct sendas_policy *policy)
{
	struct sendas_change *change =
	    add_change(mailbox, address->address, SENDAS_FIELD_RELAY);

	if (change == NULL)
		return;
	change->before = sendas_address_relay(address);
	change->after = sendas_value_relay(
	    policy->host, policy->wanted.port, policy->wanted.security);
	change->is_reversible =
	    sendas_trusted_is_relay(policy, &change->before);
}

/* Whether something was found that is to be repaired in this way. */
static bool
has_repair(const struct sendas_address *address, enum sendas_repair repair,
    const struct sendas_rules_named *only)
{
	for (size_t i = 0; i < address->finding_count; i++) {
		if (address->findings[i].repair == repair &&
		    sendas_rules_is_wanted(only, &address->findings[i]))
			return true;
	}
	return false;
}

size_t
sendas_plan_mailbox(
    struct sendas_mailbox *mailbox, const struct sendas_plan_means *means)
{
	for (size_t i = 0; i < mailbox->address_count; i++) {
		/* What the API repairs by itself is the alias alone. */
		if (has_repair(
			&mailbox->addresses[i], SENDAS_REPAIR_API, means->only))
			plan_alias_off(mailbox, &mailbox->addresses[i]);
	}
	if (means->is_person && mailbox->change_count == 0)
		return 0;
	for (size_t i = 0; i < mailbox->address_count; i++) {
		const struct sendas_address *address = &mailbox->addresses[i];

		if (has_repair(address, SENDAS_REPAIR_PASSWORD, means->only) &&
		    sendas_passwords_has(
			means->passwords, mailbox->mailbox, address->address))
			plan_relay(mailbox, address, means->policy);
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

/* Why it cannot be put back, or NULL. */
static const char *
why_not_back(const struct sendas_mailbox *mailbox,
    const struct sendas_change *done, const struct sendas_plan_means *means)
{
	if (done->field != SENDAS_FIELD_RELAY)
		return done->is_reversible
		    ? NULL
		    : _("It cannot be put back by a program.");
	if (done->before.kind == SENDAS_VALUE_NULL)
		return _("There was no SMTP server before, and whether Google "
			 "lets a program take one away is not known, so it "
			 "stays.");
	if (!sendas_trusted_is_relay(means->policy, &done->before))
		return _("The SMTP server from before is not one that a "
			 "password may be sent to, so it stays as it is.");
	if (!sendas_passwords_has(
		means->passwords, mailbox->mailbox, done->address))
		return _("Google never shows the old password, so it cannot "
			 "be put back without: give it with --passwords FILE "
			 "or --password-fd N.");
	return NULL;
}

static void
plan_back(struct sendas_mailbox *mailbox, const struct sendas_change *done,
    const struct sendas_plan_means *means)
{
	const char *why_not = why_not_back(mailbox, done, means);
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
	else if (why_not != NULL)
		drop(change, SENDAS_OUTCOME_FAILED, why_not);
}

void
sendas_plan_undo(struct sendas_mailbox *mailbox,
    const struct sendas_mailbox *done, const struct sendas_plan_means *means)
{
	for (size_t i = 0; i < done->change_count; i++)
		plan_back(mailbox, &done->changes[i], means);
}
