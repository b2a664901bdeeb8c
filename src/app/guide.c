/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guide.c: the look-again loop of a repair by hand. It speaks through the
 * ui's callbacks alone, and changes nothing itself.
 */
#include "sendas/guide.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/after.h"
#include "sendas/answers.h"
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/steps.h"
#include "sendas/text.h"

bool
sendas_guide_is_needed(const struct sendas_mailbox *mailbox)
{
	for (size_t i = 0; i < mailbox->address_count; i++) {
		if (sendas_steps_needed(&mailbox->addresses[i]))
			return true;
	}
	return false;
}

char *
sendas_guide_format_steps(
    const struct sendas_policy *policy, const struct sendas_mailbox *mailbox)
{
	struct sendas_buf text;
	char *part;

	sendas_buf_init(&text, SENDAS_LIMIT_ANSWER_BYTES);
	for (size_t i = 0; i < mailbox->address_count; i++) {
		if (!sendas_steps_needed(&mailbox->addresses[i]))
			continue;
		part = sendas_steps_format(
		    policy, mailbox->mailbox, &mailbox->addresses[i]);
		if (text.len > 0)
			sendas_buf_add_text(&text, "\n");
		sendas_buf_add_text(&text, part);
		free(part);
	}
	return sendas_buf_take(&text);
}

static const char *
on_off(bool is_on)
{
	return is_on ? _("on") : _("off");
}

/* A setting as it is named in a list of changes; absent is "none". */
static const char *
named(const char *value)
{
	return value != NULL && *value != '\0' ? value : _("none");
}

static bool
is_same(const char *a, const char *b)
{
	return strcmp(a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static void
add_item(struct sendas_buf *text, const char *what, const char *before,
    const char *now)
{
	sendas_buf_printf(text, _("  %s: %s -> %s\n"), what, before, now);
}

static void
format_port(const struct sendas_relay *relay, char *out, size_t bytes)
{
	if (relay->port < 0)
		snprintf(out, bytes, "%s", _("none"));
	else
		snprintf(out, bytes, "%ld", relay->port);
}

/* What Gmail's window calls a connection; another word as it is. */
static const char *
security_name(const char *security)
{
	if (security == NULL)
		return _("unknown");
	if (strcmp(security, "none") == 0)
		return _("not secured");
	if (strcmp(security, "ssl") == 0 || strcmp(security, "starttls") == 0)
		return sendas_security_label(security);
	return security;
}

/* What one of the two looks did not see has not changed as far as anyone
 * knows. */
static bool
is_seen(const struct sendas_address *before, const struct sendas_address *now,
    unsigned field)
{
	return ((before->unseen | now->unseen) & field) == 0;
}

static void
add_relay_changes(struct sendas_buf *text, const struct sendas_address *before,
    const struct sendas_address *now)
{
	const struct sendas_relay *old = &before->relay, *new = &now->relay;
	char old_port[32], new_port[32];

	if (is_seen(before, now, SENDAS_UNSEEN_HOST) &&
	    !is_same(old->host, new->host))
		add_item(
		    text, _("SMTP server"), named(old->host), named(new->host));
	if (is_seen(before, now, SENDAS_UNSEEN_PORT) &&
	    old->port != new->port) {
		format_port(old, old_port, sizeof(old_port));
		format_port(new, new_port, sizeof(new_port));
		add_item(text, _("port"), old_port, new_port);
	}
	if (is_seen(before, now, SENDAS_UNSEEN_SECURITY) &&
	    !is_same(old->security, new->security))
		add_item(text, _("connection"), security_name(old->security),
		    security_name(new->security));
	if (old->user_name != NULL && new->user_name != NULL &&
	    !is_same(old->user_name, new->user_name))
		add_item(text, _("user name"), named(old->user_name),
		    named(new->user_name));
}

static void
add_changes(struct sendas_buf *text, const struct sendas_address *before,
    const struct sendas_address *now)
{
	size_t start = text->len, named_len;

	sendas_buf_printf(text, "%s\n", now->address);
	named_len = text->len;
	if (is_seen(before, now, SENDAS_UNSEEN_ALIAS) &&
	    before->treat_as_alias != now->treat_as_alias)
		add_item(text, _("\"Treat as an alias\""),
		    on_off(before->treat_as_alias),
		    on_off(now->treat_as_alias));
	add_relay_changes(text, before, now);
	if (!is_same(before->verification, now->verification))
		add_item(text, _("confirmation"), named(before->verification),
		    named(now->verification));
	/* Nothing changed: the name alone says nothing. */
	if (text->len == named_len) {
		text->len = start;
		text->data[start] = '\0';
	}
}

char *
sendas_guide_format_changes(
    const struct sendas_mailbox *before, const struct sendas_mailbox *now)
{
	struct sendas_buf text;

	sendas_buf_init(&text, SENDAS_LIMIT_ANSWER_BYTES);
	for (size_t i = 0; i < now->address_count; i++) {
		const struct sendas_address *address = &now->addresses[i];
		const struct sendas_address *old =
		    sendas_mailbox_find(before, address->address);

		if (old != NULL && address->provider != NULL)
			add_changes(&text, old, address);
	}
	return sendas_buf_take(&text);
}

/* Shows and frees. */
static void
show(const struct sendas_guide *guide, char *takes)
{
	guide->ui->show(guide->ui->ctx, takes);
	free(takes);
}

/* Asks a question that Enter answers with yes. *is_yes is false when the
 * person stopped. */
static enum sendas_status
ask_enter(const struct sendas_guide *guide, const char *prompt, bool *is_yes,
    struct sendas_error *err)
{
	char *line = NULL;
	enum sendas_status status;

	*is_yes = false;
	status = guide->ui->ask(guide->ui->ctx, prompt, &line, err);
	if (status == SENDAS_OK)
		*is_yes = sendas_answers_is_yes(line);
	free(line);
	return status;
}

/* What is still wrong, a line each. */
static char *
format_rest(const struct sendas_mailbox *mailbox)
{
	struct sendas_buf text;

	sendas_buf_init(&text, SENDAS_LIMIT_ANSWER_BYTES);
	for (size_t i = 0; i < mailbox->address_count; i++) {
		const struct sendas_address *address = &mailbox->addresses[i];

		if (!sendas_steps_needed(address))
			continue;
		sendas_buf_printf(
		    &text, _("Still to do: %s\n"), address->address);
		for (size_t j = 0; j < address->finding_count; j++) {
			if (address->findings[j].severity >=
			    SENDAS_SEVERITY_WARNING)
				sendas_buf_printf(&text, "  - %s\n",
				    address->findings[j].message);
		}
	}
	return sendas_buf_take(&text);
}

/* Addresses that had something to be done and are no longer there. */
static char *
format_removed(
    const struct sendas_mailbox *before, const struct sendas_mailbox *now)
{
	struct sendas_buf text;

	sendas_buf_init(&text, SENDAS_LIMIT_ANSWER_BYTES);
	for (size_t i = 0; i < before->address_count; i++) {
		const char *address = before->addresses[i].address;

		if (sendas_steps_needed(&before->addresses[i]) &&
		    sendas_mailbox_find(now, address) == NULL)
			sendas_buf_printf(&text,
			    _("%s is no longer in \"Send mail as\".\n"),
			    address);
	}
	return sendas_buf_take(&text);
}

/* The second look: what has changed, and what is right or is not. */
static void
show_look(const struct sendas_guide *guide, const struct sendas_mailbox *before,
    const struct sendas_mailbox *now)
{
	char *changes = sendas_guide_format_changes(before, now);
	char *removed = format_removed(before, now);
	char when[16];
	struct tm local;
	time_t clock = time(NULL);

	localtime_r(&clock, &local);
	strftime(when, sizeof(when), "%H:%M", &local);
	show(guide, sendas_xasprintf(_("\nLooked again (%s)"), when));
	if (*changes == '\0' && *removed == '\0')
		show(guide, sendas_xstrdup(_("Nothing has changed since.")));
	else
		show(guide,
		    sendas_xasprintf(_("What has changed:\n%s"), changes));
	if (*removed != '\0')
		show(guide, sendas_xstrdup(removed));
	free(removed);
	free(changes);
	if (sendas_guide_is_needed(now)) {
		show(guide, format_rest(now));
		return;
	}
	/* With the last address gone there is nothing to try out. */
	if (!sendas_mailbox_has_judged(now))
		return;
	show(guide, sendas_xstrdup(_("The settings are right now.\n")));
	show(guide, sendas_after_next(guide->policy, clock));
}

enum sendas_status
sendas_guide_check_look(const struct sendas_mailbox *before,
    const struct sendas_mailbox *now, bool is_complete,
    struct sendas_error *err)
{
	if (now->status != SENDAS_MAILBOX_READ)
		return sendas_fail(err, SENDAS_ERR_INPUT, "%s", now->message);
	if (before->mailbox != NULL && now->mailbox != NULL &&
	    !sendas_text_equal_fold(before->mailbox, now->mailbox))
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("These are the settings of %s, but those of %s were "
		      "looked at before."),
		    now->mailbox, before->mailbox);
	for (size_t i = 0; i < before->address_count && !is_complete; i++) {
		const struct sendas_address *address = &before->addresses[i];

		if (sendas_steps_needed(address) &&
		    sendas_mailbox_find(now, address->address) == NULL)
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("%s is not in these settings, so it could not "
			      "be looked at again. Are they of the same "
			      "account, and complete?"),
			    address->address);
	}
	return SENDAS_OK;
}

/* One look, at the same settings as before. */
static enum sendas_status
look_once(const struct sendas_guide *guide, const struct sendas_mailbox *before,
    struct sendas_mailbox **out, struct sendas_error *err)
{
	struct sendas_mailbox *now = NULL;
	enum sendas_status status;

	status = guide->look.fn(guide->look.ctx, before, &now, err);
	if (status == SENDAS_OK && now != NULL)
		status = sendas_guide_check_look(
		    before, now, guide->look.is_complete, err);
	if (status == SENDAS_OK)
		*out = now;
	else
		sendas_mailbox_free(now);
	return status;
}

/* Looks until that gives something or the person stops: then *out is NULL. */
static enum sendas_status
look(const struct sendas_guide *guide, const struct sendas_mailbox *before,
    struct sendas_mailbox **out, struct sendas_error *err)
{
	enum sendas_status status;
	struct sendas_error own;
	bool is_again = true;

	*out = NULL;
	while (is_again) {
		status = look_once(guide, before, out, &own);
		if (status == SENDAS_OK)
			return SENDAS_OK;
		if (status == SENDAS_ERR_NOBODY)
			return sendas_fail(err, status, "%s", own.message);
		show(guide, sendas_xstrdup(own.message));
		status = ask_enter(guide,
		    _("Try again? [Enter = yes / q = stop] "), &is_again, err);
		if (status != SENDAS_OK)
			return status;
	}
	return SENDAS_OK;
}

/* Another look, shown. *is_going_on is false when the person stops. */
static enum sendas_status
look_again(const struct sendas_guide *guide, struct sendas_mailbox **mailbox,
    bool *is_going_on, struct sendas_error *err)
{
	struct sendas_mailbox *now;
	enum sendas_status status = look(guide, *mailbox, &now, err);

	if (status != SENDAS_OK)
		return status;
	*is_going_on = now != NULL;
	if (now == NULL)
		return SENDAS_OK;
	show_look(guide, *mailbox, now);
	sendas_mailbox_free(*mailbox);
	*mailbox = now;
	if (guide->remember != NULL)
		guide->remember(guide->remember_ctx, now);
	return SENDAS_OK;
}

/* One round: the steps, the wait for Enter, another look. */
static enum sendas_status
go_round(const struct sendas_guide *guide, struct sendas_mailbox **mailbox,
    bool *is_going_on, struct sendas_error *err)
{
	enum sendas_status status;

	show(guide, sendas_guide_format_steps(guide->policy, *mailbox));
	status = ask_enter(guide,
	    _("When you are done: Enter (looks again)  /  to go on later: q "),
	    is_going_on, err);
	if (status != SENDAS_OK || !*is_going_on)
		return status;
	return look_again(guide, mailbox, is_going_on, err);
}

/* What comes before the first round. */
static enum sendas_status
begin(const struct sendas_guide *guide, enum sendas_guide_start start,
    struct sendas_mailbox **mailbox, bool *is_going_on,
    struct sendas_error *err)
{
	*is_going_on = true;
	if (guide->remember != NULL)
		guide->remember(guide->remember_ctx, *mailbox);
	switch (start) {
	case SENDAS_GUIDE_OFFER:
		return ask_enter(guide,
		    _("Nothing has been changed. Show how to fix it? "
		      "[Enter = yes / n] "),
		    is_going_on, err);
	case SENDAS_GUIDE_STEPS:
		break;
	case SENDAS_GUIDE_LOOK:
		return look_again(guide, mailbox, is_going_on, err);
	}
	return SENDAS_OK;
}

enum sendas_status
sendas_guide_run(const struct sendas_guide *guide,
    enum sendas_guide_start start, struct sendas_mailbox **mailbox,
    bool *is_right, struct sendas_error *err)
{
	enum sendas_status status;
	bool is_going_on;

	*is_right = !sendas_guide_is_needed(*mailbox);
	if (*is_right)
		return SENDAS_OK;
	status = begin(guide, start, mailbox, &is_going_on, err);
	*is_right = !sendas_guide_is_needed(*mailbox);
	while (status == SENDAS_OK && is_going_on && !*is_right) {
		status = go_round(guide, mailbox, &is_going_on, err);
		*is_right = !sendas_guide_is_needed(*mailbox);
	}
	if (status == SENDAS_OK && !*is_right && guide->remember != NULL)
		show(guide,
		    sendas_xstrdup(
			_("To go on later, type: sendas, and choose 0")));
	return status;
}
