/* SPDX-License-Identifier: Apache-2.0 */
/*
 * apply.c: the confirmed changes of one mailbox, one step after another:
 * journal the intent, list, compare, PATCH each, list, journal the outcome.
 * Asks nobody: that was done before.
 */
#include "sendas/apply.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/fault.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/relay.h"
#include "sendas/rules.h"
#include "sendas/session.h"
#include "sendas/text.h"

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
	bool is_second; /* the first was lost on the way */
	bool is_left_open; /* `error` says why; it is gone on with later */
	bool is_passed; /* it is not to be sent in this run */
	bool stood_before; /* as wanted: a read-back proves nothing */
	char *verification; /* before */
	struct sendas_error error;
};

/* Of a change that a passing trouble keeps from being made. */
#define WAITS _("%s It stays confirmed. To go on later: sendas fix --run %s")

/* One mailbox at work. */
struct apply {
	struct sendas_run *run;
	struct sendas_mailbox *mailbox;
	struct attempt *attempts; /* one a change */
	size_t next; /* the change to be sent next */
	bool has_accepted; /* Google took a change in this run, which may
			    * have begun in an earlier process */
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

static void
settled(void *ctx, const struct sendas_error *err)
{
	struct apply *apply = ctx;
	struct sendas_mailbox *mailbox = apply->mailbox;

	sendas_fault_point("apply.settled");
	if (err != NULL)
		sendas_run_note_failure(apply->run, err);
	/* The journal still has these as they were. */
	for (size_t i = 0; i < mailbox->change_count; i++) {
		if (apply->attempts[i].is_left_open)
			set_outcome(&mailbox->changes[i], SENDAS_OUTCOME_FAILED,
			    apply->attempts[i].error.message);
	}
	finish(apply);
}

/* Has the journal keep the outcomes that there are. */
static void
settle_all(struct apply *apply)
{
	sendas_journal_settle(
	    apply->run->journal, apply->mailbox, settled, apply);
}

/* Leaves a change to a later look, when what became of it, or whether it can
 * be made, is not known now. */
static void
leave_open(struct attempt *attempt, const char *format,
    const struct sendas_error *err, const struct sendas_run *run)
{
	char *message = sendas_xasprintf(format, err->message, run->id);

	attempt->is_left_open = true;
	sendas_fail(&attempt->error, err->code, "%s", message);
	free(message);
}

/* True for a trouble that is not this mailbox's: its changes wait until it is
 * over. */
static bool
is_of_run(const struct sendas_error *err)
{
	switch (err->code) {
	case SENDAS_ERR_PROJECT:
	case SENDAS_ERR_SCOPE:
	case SENDAS_ERR_UNAUTHORIZED:
	case SENDAS_ERR_CREDENTIALS:
	case SENDAS_ERR_CONNECTION:
	case SENDAS_ERR_CANCELLED:
		return true;
	default:
		return false;
	}
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

/* Even when the answer was lost: it was read back. */
static bool
is_made(const struct sendas_change *change, const struct attempt *attempt,
    const struct sendas_address *now)
{
	return sendas_address_stands_at(now, change->field, &change->after) &&
	    (attempt->sent == SENT_TAKEN || !attempt->stood_before);
}

/* The same of one that may not have been sent yet by this process: an earlier
 * one may have sent it, and not have come to tell. */
static bool
is_set(const struct sendas_change *change, const struct attempt *attempt,
    const struct sendas_address *now)
{
	if (attempt->sent != SENT_NOT)
		return is_made(change, attempt, now);
	return change->was_begun &&
	    sendas_address_stands_at(now, change->field, &change->after);
}

/* A change of the relay is what makes Gmail ask again, when one was made:
 * then it is the one to say so. */
static bool
has_set_relay(const struct apply *apply, const struct sendas_address *now)
{
	for (size_t i = 0; i < apply->mailbox->change_count; i++) {
		const struct sendas_change *change =
		    &apply->mailbox->changes[i];

		if (change->field == SENDAS_FIELD_RELAY &&
		    sendas_text_equal_fold(change->address, now->address) &&
		    is_set(change, &apply->attempts[i], now))
			return true;
	}
	return false;
}

static bool
is_pending(const struct apply *apply, const struct sendas_change *change,
    const struct attempt *attempt, const struct sendas_address *now)
{
	return lost_verification(attempt, now) &&
	    (change->field == SENDAS_FIELD_RELAY || !has_set_relay(apply, now));
}

/* What is right after the change was read back, and what is not. */
static void
settle(const struct apply *apply, struct sendas_change *change,
    const struct attempt *attempt, const struct sendas_address *now)
{
	if (attempt->sent == SENT_REFUSED) {
		set_outcome(
		    change, SENDAS_OUTCOME_REFUSED, attempt->error.message);
	} else if (now == NULL) {
		set_outcome(change, SENDAS_OUTCOME_FAILED,
		    _("The address is no longer in the list."));
	} else if (is_made(change, attempt, now)) {
		if (is_pending(apply, change, attempt, now))
			set_outcome(change, SENDAS_OUTCOME_PENDING_VERIFICATION,
			    _("Gmail wants the address confirmed again, and "
			      "sends nothing from it before: Gmail's mail in "
			      "the mailbox of this address has a link and a "
			      "code. Its owner opens the link, or types the "
			      "code in Gmail's settings, \"Accounts and "
			      "Import\", \"verify\" beside the address."));
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
settle_unread(const struct sendas_run *run, struct sendas_change *change,
    struct attempt *attempt, const struct sendas_error *err)
{
	switch (attempt->sent) {
	case SENT_REFUSED:
		set_outcome(
		    change, SENDAS_OUTCOME_REFUSED, attempt->error.message);
		break;
	case SENT_ERROR:
		set_outcome(
		    change, SENDAS_OUTCOME_FAILED, attempt->error.message);
		break;
	default:
		leave_open(attempt,
		    _("It was sent, but could not be read back, so it may or "
		      "may not be done. %s To look again: sendas fix --run "
		      "%s"),
		    err, run);
		break;
	}
}

/* A connection that broke took the change with it, as this look shows. */
static bool
is_lost(const struct attempt *attempt, const struct sendas_change *change,
    const struct sendas_mailbox *now)
{
	const struct sendas_address *address =
	    sendas_mailbox_find(now, change->address);

	return attempt->sent == SENT_UNCERTAIN && !attempt->is_second &&
	    change->outcome == SENDAS_OUTCOME_PLANNED &&
	    attempt->error.http_status == 0 &&
	    attempt->error.reason != SENDAS_REASON_TIMEOUT && address != NULL &&
	    sendas_address_stands_at(address, change->field, &change->before);
}

static void
settle_sent(struct apply *apply, const struct sendas_mailbox *now,
    const struct sendas_error *err)
{
	for (size_t i = 0; i < apply->mailbox->change_count; i++) {
		struct sendas_change *change = &apply->mailbox->changes[i];
		struct attempt *attempt = &apply->attempts[i];

		if (attempt->sent == SENT_NOT || attempt->is_left_open ||
		    change->outcome != SENDAS_OUTCOME_PLANNED)
			continue;
		if (now == NULL)
			settle_unread(apply->run, change, attempt, err);
		else if (is_lost(attempt, change, now))
			/* It was not sent once more, since the run ends. */
			leave_open(attempt, WAITS, &attempt->error, apply->run);
		else
			settle(apply, change, attempt,
			    sendas_mailbox_find(now, change->address));
	}
}

static void send_next(struct apply *apply);

/* Has what was lost sent once more. True when there is such a change. */
static bool
take_lost(struct apply *apply, const struct sendas_mailbox *now)
{
	bool is_any = false;

	if (now == NULL || sendas_run_should_stop(apply->run))
		return false;
	for (size_t i = 0; i < apply->mailbox->change_count; i++) {
		struct attempt *attempt = &apply->attempts[i];

		if (!is_lost(attempt, &apply->mailbox->changes[i], now))
			continue;
		attempt->sent = SENT_NOT;
		attempt->is_second = true;
		is_any = true;
	}
	return is_any;
}

static void
read_back(void *ctx, struct sendas_mailbox *now, const struct sendas_error *err)
{
	struct apply *apply = ctx;

	sendas_fault_point("apply.read-back");
	if (take_lost(apply, now)) {
		sendas_mailbox_free(now);
		apply->next = 0;
		send_next(apply);
		return;
	}
	settle_sent(apply, now, err);
	if (now != NULL) {
		sendas_mailbox_take_addresses(apply->mailbox, now);
		sendas_rules_judge(apply->run->options->policy, apply->mailbox);
		sendas_mailbox_free(now);
	} else {
		sendas_run_note_error(apply->run, err);
	}
	settle_all(apply);
}

/* True for a change that is to be sent. */
static bool
is_unsent(const struct apply *apply, size_t i)
{
	const struct attempt *attempt = &apply->attempts[i];

	return attempt->sent == SENT_NOT && !attempt->is_passed &&
	    !attempt->is_left_open &&
	    apply->mailbox->changes[i].outcome == SENDAS_OUTCOME_PLANNED;
}

/* This account is closed to programs: the changes not yet sent would meet
 * the same. */
static void
refuse_rest(struct apply *apply, const struct sendas_error *err)
{
	struct sendas_mailbox *mailbox = apply->mailbox;

	for (; apply->next < mailbox->change_count; apply->next++) {
		if (is_unsent(apply, apply->next))
			set_outcome(&mailbox->changes[apply->next],
			    SENDAS_OUTCOME_REFUSED, err->message);
	}
}

/* What an error says of whether the change was made. */
static void
note_sent(const struct apply *apply, struct attempt *attempt,
    const struct sendas_error *err)
{
	attempt->error = *err;
	if (err->code == SENDAS_ERR_RESTRICTED) {
		attempt->sent = SENT_REFUSED;
	} else if (err->http_status < 400 || err->http_status >= 500) {
		attempt->sent = SENT_UNCERTAIN;
	} else {
		attempt->sent = SENT_ERROR;
		if (is_of_run(err))
			leave_open(attempt, WAITS, err, apply->run);
	}
}

/* Google's words for a refusal speak of service accounts: what an
 * administrator has to know is nothing for the owner of the account. */
static struct sendas_error
reword(const struct sendas_run *run, const struct sendas_error *err)
{
	struct sendas_error own = *err;

	if (own.code != SENDAS_ERR_RESTRICTED ||
	    !sendas_credentials_is_person(run->options->credentials))
		return own;
	sendas_fail_reason(&own, own.code, own.reason,
	    _("Google lets no program change this account's settings; only its "
	      "owner can, in Gmail"));
	own.http_status = err->http_status;
	return own;
}

static void
patched(void *ctx, const struct sendas_error *err)
{
	struct apply *apply = ctx;
	struct attempt *attempt = &apply->attempts[apply->next++];
	struct sendas_error own;

	sendas_fault_point("apply.patched");
	if (err == NULL) {
		attempt->sent = SENT_TAKEN;
		apply->has_accepted = true;
	} else {
		own = reword(apply->run, err);
		note_sent(apply, attempt, &own);
		sendas_run_note_error(apply->run, err);
		if (attempt->sent == SENT_REFUSED)
			refuse_rest(apply, &own);
	}
	send_next(apply);
}

/* What became of a relay; only what was sent is to be read back. */
static void
relay_set(
    void *ctx, enum sendas_relay_result result, const struct sendas_error *err)
{
	struct apply *apply = ctx;
	struct attempt *attempt = &apply->attempts[apply->next];

	if (result == SENDAS_RELAY_SENT) {
		patched(apply, err);
		return;
	}
	attempt->is_passed = true;
	if (result == SENDAS_RELAY_NOT_SENT)
		set_outcome(&apply->mailbox->changes[apply->next],
		    SENDAS_OUTCOME_FAILED, err->message);
	else if (err->code != SENDAS_ERR_CANCELLED)
		leave_open(attempt, WAITS, err, apply->run);
	apply->next++;
	send_next(apply);
}

/* A person's password is not asked for while it is not known whether Google
 * takes any change of the account at all. */
static bool
is_too_early(const struct apply *apply)
{
	return sendas_credentials_is_person(apply->run->options->credentials) &&
	    !apply->has_accepted;
}

static void
send_relay(struct apply *apply)
{
	struct sendas_change *change = &apply->mailbox->changes[apply->next];

	if (sendas_run_should_stop(apply->run)) {
		/* It leaves as planned, and stays confirmed. */
		apply->attempts[apply->next++].is_passed = true;
		send_next(apply);
		return;
	}
	if (!is_too_early(apply)) {
		sendas_relay_set(apply->run, apply->mailbox->mailbox, change,
		    relay_set, apply);
		return;
	}
	set_outcome(change, SENDAS_OUTCOME_FAILED,
	    _("Google has not accepted another change of this account first, "
	      "so the password was not asked for. Change the server by hand, "
	      "in Gmail."));
	apply->next++;
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
	    !is_unsent(apply, apply->next))
		apply->next++;
	if (apply->next == mailbox->change_count) {
		sendas_session_list(
		    apply->run, mailbox->mailbox, read_back, apply);
		return;
	}
	change = &mailbox->changes[apply->next];
	if (change->field == SENDAS_FIELD_RELAY) {
		send_relay(apply);
		return;
	}
	sendas_fault_point("apply.patch");
	patch.has_treat_as_alias = true;
	patch.treat_as_alias = change->after.is_true;
	sendas_session_patch(apply->run, mailbox->mailbox, change->address,
	    &patch, patched, apply);
}

/* What stands as wanted was made by the earlier process that was at it. When
 * Gmail asks to confirm the address again, the read-back tells which change did
 * that, after a relay that is still to be sent. */
static void
take_as_made(struct apply *apply, struct sendas_change *change,
    struct attempt *attempt, const struct sendas_address *now)
{
	attempt->sent = SENT_UNCERTAIN;
	apply->has_accepted = true;
	if (!lost_verification(attempt, now))
		settle(apply, change, attempt, now);
}

/* A change whose field is not as the plan saw it is not sent. One that an
 * earlier process was at may have been made by that; a relay is sent once more
 * then, since its password cannot be read back. */
static void
compare_one(struct apply *apply, const struct sendas_mailbox *list,
    struct sendas_change *change, struct attempt *attempt)
{
	const struct sendas_address *before =
	    sendas_mailbox_find(apply->mailbox, change->address);
	const struct sendas_address *now =
	    sendas_mailbox_find(list, change->address);

	if (now != NULL &&
	    sendas_address_stands_at(now, change->field, &change->before)) {
		attempt->verification = sendas_xstrdup(now->verification);
		return;
	}
	if (now != NULL && change->was_begun &&
	    sendas_address_stands_at(now, change->field, &change->after)) {
		if (before != NULL)
			attempt->verification =
			    sendas_xstrdup(before->verification);
		if (change->field == SENDAS_FIELD_RELAY)
			attempt->stood_before = true;
		else
			take_as_made(apply, change, attempt, now);
		return;
	}
	set_outcome(change, SENDAS_OUTCOME_CHANGED_MEANWHILE,
	    _("Someone changed it since it was looked at, so it was left "
	      "alone."));
}

/* Without a look at the mailbox nothing is sent. */
static void
give_up(struct apply *apply, const struct sendas_error *err)
{
	struct sendas_mailbox *mailbox = apply->mailbox;

	for (size_t i = 0; i < mailbox->change_count; i++) {
		struct sendas_change *change = &mailbox->changes[i];

		if (change->outcome != SENDAS_OUTCOME_PLANNED)
			continue;
		if (err->code == SENDAS_ERR_CANCELLED && !change->was_begun)
			continue; /* it leaves as planned */
		if (is_of_run(err) || change->was_begun)
			leave_open(&apply->attempts[i], WAITS, err, apply->run);
		else
			set_outcome(
			    change, SENDAS_OUTCOME_FAILED, err->message);
	}
}

static void
listed_again(
    void *ctx, struct sendas_mailbox *now, const struct sendas_error *err)
{
	struct apply *apply = ctx;
	struct sendas_mailbox *mailbox = apply->mailbox;

	if (now == NULL) {
		sendas_run_note_error(apply->run, err);
		give_up(apply, err);
		settle_all(apply);
		return;
	}
	for (size_t i = 0; i < mailbox->change_count; i++) {
		struct sendas_change *change = &mailbox->changes[i];

		if (change->outcome == SENDAS_OUTCOME_PLANNED)
			compare_one(apply, now, change, &apply->attempts[i]);
	}
	if (sendas_mailbox_count_planned(mailbox) > 0) {
		sendas_mailbox_free(now);
		send_next(apply);
		return;
	}
	sendas_mailbox_take_addresses(mailbox, now);
	sendas_mailbox_free(now);
	sendas_rules_judge(apply->run->options->policy, mailbox);
	settle_all(apply);
}

static void
intended(void *ctx, const struct sendas_error *err)
{
	struct apply *apply = ctx;

	sendas_fault_point("apply.intended");
	if (err != NULL) {
		/* Nothing is sent that the journal does not know of. */
		sendas_run_note_failure(apply->run, err);
		finish(apply);
		return;
	}
	sendas_session_list(
	    apply->run, apply->mailbox->mailbox, listed_again, apply);
}

void
sendas_apply_mailbox(struct sendas_run *run, struct sendas_mailbox *mailbox,
    sendas_apply_fn *fn, void *ctx)
{
	struct apply *apply = sendas_xcalloc(1, sizeof(*apply));
	long long *ids = sendas_xcalloc(mailbox->change_count, sizeof(*ids));
	size_t count = 0;

	apply->run = run;
	apply->mailbox = mailbox;
	apply->has_accepted = mailbox->has_applied;
	apply->attempts =
	    sendas_xcalloc(mailbox->change_count, sizeof(*apply->attempts));
	apply->fn = fn;
	apply->ctx = ctx;
	for (size_t i = 0; i < mailbox->change_count; i++) {
		if (mailbox->changes[i].outcome == SENDAS_OUTCOME_PLANNED)
			ids[count++] = mailbox->changes[i].id;
	}
	sendas_journal_intend(run->journal, ids, count, intended, apply);
	free(ids);
}
