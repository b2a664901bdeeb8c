/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apply.c: the planned changes of one mailbox, one request after another:
 * list, compare, PATCH each, list, and then say what came of it. Asks
 * nobody: that was done before.
 */
#include "sendas/apply.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/rules.h"
#include "sendas/session.h"

/* What became of the PATCH of one change. */
enum sent {
	SENT_NOT = 0,
	SENT_TAKEN, /* Google answered 200 */
	SENT_REFUSED, /* "Access restricted to service accounts..." */
	SENT_ERROR, /* another refusal */
	SENT_UNCERTAIN, /* no answer came: it may have been done */
};

struct attempt {
	enum sent sent;
	char *verification; /* before */
	struct sendas_error error;
};

/* One mailbox at work. */
struct apply {
	struct sendas_run *run;
	struct sendas_mailbox *mailbox;
	struct attempt *attempts; /* one a change */
	size_t next; /* the change to be sent next */
	sendas_apply_fn *fn;
	void *ctx;
};

static void
set_outcome(struct sendas_change *change, enum sendas_outcome outcome,
    const char *message)
{
	change->outcome = outcome;
	free(change->message);
	change->message = sendas_xstrdup(message);
}

static void
finish(struct apply *apply)
{
	for (size_t i = 0; i < apply->mailbox->change_count; i++)
		free(apply->attempts[i].verification);
	free(apply->attempts);
	apply->fn(apply->ctx, apply->mailbox);
	free(apply);
}

/* True when the field stands at `value`. */
static bool
stands_at(const struct sendas_address *address,
    const struct sendas_change *change, const struct sendas_value *value)
{
	switch (change->field) {
	case SENDAS_FIELD_TREAT_AS_ALIAS:
		return address->treat_as_alias == value->is_true;
	case SENDAS_FIELD_NONE:
		break;
	}
	return false;
}

/* Gmail asks the account holder to confirm the address again. */
static bool
lost_verification(
    const struct attempt *attempt, const struct sendas_address *now)
{
	return now->verification != NULL &&
	    strcmp(now->verification, "pending") == 0 &&
	    (attempt->verification == NULL ||
		strcmp(attempt->verification, "pending") != 0);
}

/* What is right after the change was read back, and what is not. */
static void
settle(struct sendas_change *change, const struct attempt *attempt,
    const struct sendas_address *now)
{
	if (attempt->sent == SENT_REFUSED) {
		set_outcome(
		    change, SENDAS_OUTCOME_REFUSED, attempt->error.message);
	} else if (now == NULL) {
		set_outcome(change, SENDAS_OUTCOME_FAILED,
		    _("The address is no longer in the list."));
	} else if (stands_at(now, change, &change->after)) {
		/* Even when the answer was lost: it was read back. */
		if (lost_verification(attempt, now))
			set_outcome(change, SENDAS_OUTCOME_PENDING_VERIFICATION,
			    _("Gmail wants the address confirmed again: open "
			      "the confirmation mail in its mailbox."));
		else
			set_outcome(change, SENDAS_OUTCOME_APPLIED, NULL);
	} else if (attempt->sent == SENT_TAKEN) {
		set_outcome(change, SENDAS_OUTCOME_IGNORED,
		    _("Google accepted the change, but the setting is as "
		      "before."));
	} else {
		set_outcome(
		    change, SENDAS_OUTCOME_FAILED, attempt->error.message);
	}
}

/* Without a read-back nothing is known to be done. */
static void
settle_unread(struct sendas_change *change, const struct attempt *attempt,
    const struct sendas_error *err)
{
	char *message;

	if (attempt->sent == SENT_REFUSED || attempt->sent == SENT_ERROR) {
		settle(change, attempt, NULL);
		if (attempt->sent == SENT_ERROR)
			set_outcome(change, SENDAS_OUTCOME_FAILED,
			    attempt->error.message);
		return;
	}
	message = sendas_xasprintf(
	    _("It was sent, but could not be read back, so it may or may not "
	      "be done: look with sendas audit. %s"),
	    err->message);
	set_outcome(change, SENDAS_OUTCOME_FAILED, message);
	free(message);
}

static void
read_back(void *ctx, struct sendas_mailbox *now, const struct sendas_error *err)
{
	struct apply *apply = ctx;
	struct sendas_mailbox *mailbox = apply->mailbox;

	for (size_t i = 0; i < mailbox->change_count; i++) {
		struct sendas_change *change = &mailbox->changes[i];

		if (apply->attempts[i].sent == SENT_NOT)
			continue;
		if (now != NULL)
			settle(change, &apply->attempts[i],
			    sendas_mailbox_find(now, change->address));
		else
			settle_unread(change, &apply->attempts[i], err);
	}
	if (now != NULL) {
		sendas_mailbox_take_addresses(mailbox, now);
		sendas_rules_judge(apply->run->options->policy, mailbox);
		sendas_mailbox_free(now);
	} else {
		sendas_run_note_error(apply->run, err);
	}
	finish(apply);
}

static void send_next(struct apply *apply);

/* This account is closed to programs: the changes not yet sent would meet
 * the same. */
static void
refuse_rest(struct apply *apply, const struct sendas_error *err)
{
	struct sendas_mailbox *mailbox = apply->mailbox;

	for (; apply->next < mailbox->change_count; apply->next++) {
		if (mailbox->changes[apply->next].outcome ==
		    SENDAS_OUTCOME_PLANNED)
			set_outcome(&mailbox->changes[apply->next],
			    SENDAS_OUTCOME_REFUSED, err->message);
	}
}

static void
patched(void *ctx, const struct sendas_error *err)
{
	struct apply *apply = ctx;
	struct attempt *attempt = &apply->attempts[apply->next++];

	if (err == NULL) {
		attempt->sent = SENT_TAKEN;
	} else {
		attempt->error = *err;
		if (err->code == SENDAS_ERR_RESTRICTED)
			attempt->sent = SENT_REFUSED;
		else if (err->http_status >= 400 && err->http_status < 500)
			attempt->sent = SENT_ERROR;
		else
			attempt->sent = SENT_UNCERTAIN;
		sendas_run_note_error(apply->run, err);
	}
	if (attempt->sent == SENT_REFUSED)
		refuse_rest(apply, err);
	send_next(apply);
}

/* Sends the next change that the comparison left planned, or reads back when
 * there are no more. */
static void
send_next(struct apply *apply)
{
	const struct sendas_mailbox *mailbox = apply->mailbox;
	struct sendas_send_as_patch patch = {0};
	const struct sendas_change *change;

	while (apply->next < mailbox->change_count &&
	    mailbox->changes[apply->next].outcome != SENDAS_OUTCOME_PLANNED)
		apply->next++;
	if (apply->next == mailbox->change_count) {
		sendas_session_list(
		    apply->run, mailbox->mailbox, read_back, apply);
		return;
	}
	change = &mailbox->changes[apply->next];
	patch.has_treat_as_alias = true;
	patch.treat_as_alias = change->after.is_true;
	sendas_session_patch(apply->run, mailbox->mailbox, change->address,
	    &patch, patched, apply);
}

/* A change whose field is not as the plan saw it is not sent. */
static void
compare(struct apply *apply, const struct sendas_mailbox *now)
{
	for (size_t i = 0; i < apply->mailbox->change_count; i++) {
		struct sendas_change *change = &apply->mailbox->changes[i];
		const struct sendas_address *address =
		    sendas_mailbox_find(now, change->address);

		if (address == NULL ||
		    !stands_at(address, change, &change->before))
			set_outcome(change, SENDAS_OUTCOME_CHANGED_MEANWHILE,
			    _("Someone changed it since it was looked at, so "
			      "it was left alone."));
		else
			apply->attempts[i].verification =
			    sendas_xstrdup(address->verification);
	}
}

static void
listed_again(
    void *ctx, struct sendas_mailbox *now, const struct sendas_error *err)
{
	struct apply *apply = ctx;
	struct sendas_mailbox *mailbox = apply->mailbox;

	if (now == NULL) {
		for (size_t i = 0; i < mailbox->change_count; i++)
			set_outcome(&mailbox->changes[i], SENDAS_OUTCOME_FAILED,
			    err->message);
		sendas_run_note_error(apply->run, err);
		finish(apply);
		return;
	}
	compare(apply, now);
	sendas_mailbox_free(now);
	send_next(apply);
}

void
sendas_apply_mailbox(struct sendas_run *run, struct sendas_mailbox *mailbox,
    sendas_apply_fn *fn, void *ctx)
{
	struct apply *apply = sendas_xcalloc(1, sizeof(*apply));

	apply->run = run;
	apply->mailbox = mailbox;
	apply->attempts =
	    sendas_xcalloc(mailbox->change_count, sizeof(*apply->attempts));
	apply->fn = fn;
	apply->ctx = ctx;
	sendas_session_list(run, mailbox->mailbox, listed_again, apply);
}
