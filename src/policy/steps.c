/* SPDX-License-Identifier: Apache-2.0 */
/*
 * steps.c: findings to the steps of a manual repair in Gmail's own window,
 * pure. Always shows the whole way to "Save Changes", stars what this
 * address needs, and asks only for a look at the rest. Knows no provider and
 * no clock: that a change takes time, and until when, is said by the caller.
 */
#include "sendas/steps.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/names.h"
#include "sendas/rules.h"
#include "sendas/text.h"

/* Far more than the steps with the longest names take. */
#define STEPS_BYTES (32u * 1024)

/* What one address needs, worked out before a line is written. */
struct plan {
	const struct sendas_policy *policy;
	const struct sendas_address *address;
	char *shown; /* the address, harmless and on one line; owned */
	char *link; /* owned */
	bool alias, host, port, security, user; /* to be changed */
	bool login; /* the server changes, so its password does */
	bool maybe_alias; /* nobody saw whether it is ticked */
	bool dialog; /* something is to be changed in the window */
	bool pending, duplicate;
	int step; /* the number of the step that was written last */
};

/* True when the finding is repaired by hand unless --only leaves it. */
static bool
is_to_do(const struct sendas_finding *finding)
{
	return finding->repair != SENDAS_REPAIR_NONE && !finding->is_on_request;
}

bool
sendas_steps_needed(const struct sendas_address *address)
{
	size_t i;

	for (i = 0; i < address->finding_count; i++)
		if (is_to_do(&address->findings[i]))
			return true;
	return false;
}

static bool
has_finding(const struct sendas_address *address, enum sendas_rule rule)
{
	const char *name = sendas_rules_name(rule);
	size_t i;

	for (i = 0; i < address->finding_count; i++)
		if (strcmp(address->findings[i].rule, name) == 0)
			return true;
	return false;
}

static bool
is_unseen(const struct sendas_address *address, unsigned what)
{
	return has_finding(address, SENDAS_RULE_SETTING_UNSEEN) &&
	    (address->unseen & what) != 0;
}

/* True when the second page of the window, the server's, is to be changed,
 * or to be set right since nobody saw what is there. */
static bool
needs_relay(const struct sendas_address *address)
{
	size_t i;

	if (address->has_relay &&
	    is_unseen(address,
		SENDAS_UNSEEN_HOST | SENDAS_UNSEEN_PORT |
		    SENDAS_UNSEEN_SECURITY))
		return true;
	for (i = 0; i < address->finding_count; i++)
		if (is_to_do(&address->findings[i]) &&
		    address->findings[i].repair == SENDAS_REPAIR_PASSWORD)
			return true;
	return false;
}

static bool
is_wanted_host(const struct plan *plan)
{
	enum sendas_host_class class;

	if (!plan->address->has_relay)
		return false;
	class =
	    sendas_names_classify_host(plan->policy, plan->address->relay.host);
	return class == SENDAS_HOST_WANTED || class == SENDAS_HOST_SPELLING;
}

/*
 * Once the server's page is to be changed, it is left as the policy wants it
 * in every field: half a change (the port without its connection) would
 * only give the next error.
 */
static void
plan_relay(struct plan *plan)
{
	const struct sendas_relay *relay = &plan->address->relay;
	const struct sendas_policy_pair *wanted = &plan->policy->wanted;
	bool has_relay = plan->address->has_relay;

	if (!needs_relay(plan->address))
		return;
	plan->host = !is_wanted_host(plan);
	plan->port = !has_relay || relay->port != wanted->port;
	plan->security = !has_relay || relay->security == NULL ||
	    strcmp(relay->security, wanted->security) != 0;
	plan->login =
	    plan->host && !is_unseen(plan->address, SENDAS_UNSEEN_HOST);
	plan->user =
	    plan->login || has_finding(plan->address, SENDAS_RULE_USER_NAME);
	plan->dialog = true;
}

/* Google's "Accounts and Import" page of this account. */
static char *
make_link(const char *mailbox)
{
	char *account, *link;

	if (mailbox == NULL || *mailbox == '\0' ||
	    strlen(mailbox) > SENDAS_LIMIT_ADDRESS_BYTES)
		return sendas_xstrdup(
		    "https://mail.google.com/mail/u/0/#settings/accounts");
	account = sendas_text_percent_encode(mailbox);
	link = sendas_xasprintf(
	    "https://mail.google.com/mail/?authuser=%s#settings/accounts",
	    account);
	free(account);
	return link;
}

static void
init_plan(struct plan *plan, const struct sendas_policy *policy,
    const char *mailbox, const struct sendas_address *address)
{
	char *shown =
	    sendas_names_shorten(address->address, SENDAS_LIMIT_ADDRESS_BYTES);

	memset(plan, 0, sizeof(*plan));
	plan->policy = policy;
	plan->address = address;
	plan->shown = sendas_text_safe(shown, false);
	free(shown);
	plan->link = make_link(mailbox);
	plan->alias = has_finding(address, SENDAS_RULE_TREAT_AS_ALIAS);
	plan->pending = has_finding(address, SENDAS_RULE_NOT_VERIFIED);
	plan->duplicate = has_finding(address, SENDAS_RULE_DUPLICATE);
	plan->maybe_alias = is_unseen(address, SENDAS_UNSEEN_ALIAS);
	plan->dialog = plan->alias || plan->maybe_alias;
	plan_relay(plan);
}

static void
write_heading(const struct plan *plan, struct sendas_buf *out)
{
	const char *lost = sendas_policy_text(&plan->policy->password_lost);
	const char *note = sendas_policy_text(&plan->policy->password_note);

	sendas_buf_add_text(out,
	    _("How to fix it (in a computer's browser, about 5 minutes; the "
	      "phone app cannot do it)\n"));
	if (!plan->dialog)
		return;
	sendas_buf_printf(out,
	    _("Have ready: your %1$s mail password (%2$s)\n"),
	    plan->policy->label, note != NULL ? note : _("not Google's"));
	if (lost != NULL)
		sendas_buf_printf(
		    out, _("  If you do not know it: %1$s\n"), lost);
}

static void
write_open(struct plan *plan, struct sendas_buf *out)
{
	sendas_buf_printf(
	    out, _("%1$2d. Open  %2$s\n"), ++plan->step, plan->link);
	sendas_buf_add_text(out,
	    _("    If it does not open: the gear at the top right, \"See all "
	      "settings\", \"Accounts and Import\"\n"
	      "    (at work or school: \"Accounts\")\n"));
}

static void
write_edit(struct plan *plan, struct sendas_buf *out)
{
	sendas_buf_printf(out,
	    _("%1$2d. Under \"Send mail as\", beside %2$s, \"edit info\" (a "
	      "small window opens)\n"),
	    ++plan->step, plan->shown);
}

/* The first page of the window. */
static void
write_alias(struct plan *plan, struct sendas_buf *out)
{
	const struct sendas_policy_rule *rule =
	    &plan->policy->rules[SENDAS_RULE_TREAT_AS_ALIAS];

	plan->step++;
	if (plan->maybe_alias) {
		sendas_buf_printf(out,
		    _("%1$2d. * If \"Treat as an alias\" is ticked, clear it; "
		      "then \"Next Step\"\n"),
		    plan->step);
	} else if (plan->alias) {
		sendas_buf_printf(out,
		    _("%1$2d. * Clear \"Treat as an alias\", then \"Next "
		      "Step\"\n"),
		    plan->step);
		sendas_buf_printf(out,
		    _("    Once it is cleared, mail you send to this %1$s "
		      "address will not show in this Gmail inbox.\n"),
		    plan->policy->label);
	} else if (rule->severity != SENDAS_SEVERITY_NONE) {
		sendas_buf_printf(out,
		    _("%1$2d. Only look: \"Treat as an alias\" is not ticked; "
		      "then \"Next Step\"\n"),
		    plan->step);
	} else {
		sendas_buf_printf(out, _("%1$2d. \"Next Step\"\n"), plan->step);
	}
}

/* "4. " before the first line of the server's step, room before the rest. */
static void
begin_line(const struct plan *plan, struct sendas_buf *out, bool *is_first)
{
	if (*is_first)
		sendas_buf_printf(out, "%2d. ", plan->step);
	else
		sendas_buf_add_text(out, "    ");
	*is_first = false;
}

static void
write_relay_changes(
    const struct plan *plan, struct sendas_buf *out, bool *is_first)
{
	const struct sendas_policy *policy = plan->policy;

	if (plan->host) {
		begin_line(plan, out, is_first);
		sendas_buf_printf(
		    out, _("* SMTP server: type %1$s\n"), policy->host);
	}
	if (plan->port) {
		begin_line(plan, out, is_first);
		sendas_buf_printf(
		    out, _("* Port: choose %1$ld\n"), policy->wanted.port);
	}
	if (plan->user) {
		begin_line(plan, out, is_first);
		sendas_buf_printf(
		    out, _("* User name: type %1$s, in full\n"), plan->shown);
	}
	/* Another server's password is of no use here. */
	if (plan->login) {
		begin_line(plan, out, is_first);
		sendas_buf_printf(out,
		    _("* Password: type your %1$s mail password\n"),
		    policy->label);
	}
	if (plan->security) {
		begin_line(plan, out, is_first);
		sendas_buf_printf(out,
		    _("* Choose \"Secured connection using %1$s\"\n"),
		    sendas_security_label(policy->wanted.security));
	}
}

static void
add_look(struct sendas_buf *list, const char *text)
{
	sendas_buf_printf(list, "%s%s", list->len > 0 ? " / " : "", text);
}

/* The pair that the window should show: an accepted one that is set stays,
 * unless the page is changed anyway. */
static struct sendas_policy_pair
pair_to_see(const struct plan *plan)
{
	const struct sendas_relay *relay = &plan->address->relay;
	struct sendas_policy_pair pair = plan->policy->wanted;

	if (plan->port || plan->security ||
	    sendas_policy_match_pair(plan->policy, relay->port,
		relay->security) != SENDAS_MATCH_ACCEPTED)
		return pair;
	pair.port = relay->port;
	pair.security = relay->security;
	return pair;
}

/* What is not to be changed, to be looked at: "smtp.ocn.ne.jp / 465 / SSL /
 * taro@ocn.ne.jp"; the caller frees it. */
static char *
list_looks(const struct plan *plan)
{
	struct sendas_policy_pair pair = pair_to_see(plan);
	struct sendas_buf list;

	sendas_buf_init(&list, STEPS_BYTES);
	if (!plan->host)
		add_look(&list, plan->policy->host);
	if (!plan->port)
		sendas_buf_printf(
		    &list, "%s%ld", list.len > 0 ? " / " : "", pair.port);
	if (!plan->security)
		add_look(&list, sendas_security_label(pair.security));
	if (!plan->user)
		add_look(&list, plan->shown);
	return sendas_buf_take(&list);
}

/* The second page of the window. */
static void
write_relay(struct plan *plan, struct sendas_buf *out)
{
	bool is_first = true, is_starred;
	char *looks;

	/* A policy may leave addresses alone that have no server. */
	if (!plan->address->has_relay && !plan->host)
		return;
	looks = list_looks(plan);
	plan->step++;
	write_relay_changes(plan, out, &is_first);
	is_starred = !is_first;
	if (*looks != '\0') {
		begin_line(plan, out, &is_first);
		sendas_buf_printf(out,
		    is_starred ? _("Only look whether the rest is so: %1$s\n")
			       : _("Only look whether it is so: %1$s\n"),
		    looks);
	}
	free(looks);
	if (plan->login)
		return;
	begin_line(plan, out, &is_first);
	sendas_buf_printf(out,
	    _("If the password field is empty, type your %1$s mail password\n"),
	    plan->policy->label);
}

static void
write_save(struct plan *plan, struct sendas_buf *out)
{
	sendas_buf_printf(out,
	    _("%1$2d. \"Save Changes\"  If a code is asked for, it is in the "
	      "%2$s mailbox\n"),
	    ++plan->step, plan->policy->label);
}

/* An address that waits for its confirmation. */
static void
write_confirmation(struct plan *plan, struct sendas_buf *out)
{
	const char *webmail = sendas_policy_text(&plan->policy->webmail);

	sendas_buf_printf(out,
	    _("%1$2d. * Open the %2$s mailbox of %3$s, and there the mail "
	      "\"Gmail Confirmation\"\n"),
	    ++plan->step, plan->policy->label, plan->shown);
	if (webmail != NULL)
		sendas_buf_printf(
		    out, _("    (%1$s shows that mailbox)\n"), webmail);
	sendas_buf_printf(out,
	    _("%1$2d. * Click the link in that mail, and confirm; or type "
	      "its code where Gmail asks for it\n"),
	    ++plan->step);
	sendas_buf_printf(out,
	    _("    If there is no such mail: in Gmail's settings, beside the "
	      "address, have it sent again:\n"
	      "    %1$s\n"),
	    plan->link);
}

static void
write_duplicate(struct plan *plan, struct sendas_buf *out)
{
	sendas_buf_printf(out,
	    _("%1$2d. * %2$s stands under \"Send mail as\" more than once: "
	      "look which one you use\n"
	      "    (the one that is the default, or that you choose when you "
	      "write)\n"),
	    ++plan->step, plan->shown);
	sendas_buf_add_text(out,
	    _("    The other one can be removed with \"delete\". If you are "
	      "not sure, leave both.\n"));
}

static void
write_legend(const struct plan *plan, struct sendas_buf *out)
{
	sendas_buf_add_text(out,
	    plan->dialog
		? _("* marks what to change this time. Until \"Save "
		    "Changes\", closing the small window changes nothing.\n")
		: _("* marks what to do this time.\n"));
}

char *
sendas_steps_format(const struct sendas_policy *policy, const char *mailbox,
    const struct sendas_address *address)
{
	struct sendas_buf out;
	struct plan plan;

	sendas_buf_init(&out, STEPS_BYTES);
	if (!sendas_steps_needed(address))
		return sendas_buf_take(&out);
	init_plan(&plan, policy, mailbox, address);
	write_heading(&plan, &out);
	sendas_buf_add_text(&out, "\n");
	if (plan.dialog || plan.duplicate)
		write_open(&plan, &out);
	if (plan.duplicate)
		write_duplicate(&plan, &out);
	if (plan.dialog) {
		write_edit(&plan, &out);
		write_alias(&plan, &out);
		write_relay(&plan, &out);
		write_save(&plan, &out);
	}
	if (plan.pending)
		write_confirmation(&plan, &out);
	write_legend(&plan, &out);
	free(plan.shown);
	free(plan.link);
	return sendas_buf_take(&out);
}
