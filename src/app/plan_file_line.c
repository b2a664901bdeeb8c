/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_file_line.c: the only file that knows the fields of a plan when it is
 * read (doc/plan-file.md). What it does not know is passed over, but for what
 * a change is about: that must be understood, or nothing is done.
 */
#include "sendas/plan_file_line.h"

#include <string.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/model_json.h"
#include "sendas/text.h"
#include "sendas/users.h"

/* More lines than any file has; sums of it fit a size_t. */
#define MAX_COUNT 1000000000L

/* A string that must be there. */
static enum sendas_status
read_text(const struct sendas_json *at, const char *key, const char **out,
    struct sendas_error *err)
{
	enum sendas_status status;

	*out = NULL;
	status = sendas_json_read_string(at, key, out, err);
	if (status == SENDAS_OK && *out == NULL)
		status = sendas_json_fail(at, err, _("%s is missing"), key);
	return status;
}

/* strptime alone takes the 31st of February and days of one digit. */
static bool
parse_time(const char *text, time_t *out)
{
	struct tm utc = {0};
	const char *end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc);
	char again[32];

	if (end == NULL || *end != '\0')
		return false;
	*out = timegm(&utc);
	strftime(again, sizeof(again), "%Y-%m-%dT%H:%M:%SZ", &utc);
	return strcmp(again, text) == 0;
}

static enum sendas_status
read_time(const struct sendas_json *at, const char *key, time_t *out,
    struct sendas_error *err)
{
	const char *text;
	enum sendas_status status = read_text(at, key, &text, err);

	if (status == SENDAS_OK && !parse_time(text, out))
		status = sendas_json_fail(at, err, _("%s is no time"), key);
	return status;
}

static enum sendas_status
read_count(const struct sendas_json *at, const char *key, size_t *out,
    struct sendas_error *err)
{
	enum sendas_status status;
	long count = -1;

	status = sendas_json_read_int(at, key, 0, MAX_COUNT, &count, err);
	if (status == SENDAS_OK && count < 0)
		status = sendas_json_fail(at, err, _("%s is missing"), key);
	if (status == SENDAS_OK)
		*out = (size_t)count;
	return status;
}

/* ---- the head ---- */

/* A longer time than we give would make an old approval good for ever. */
static enum sendas_status
read_times(const struct sendas_json *root, struct sendas_plan_file_head *head,
    struct sendas_error *err)
{
	const time_t longest = SENDAS_PLAN_FILE_DAYS * 24L * 60 * 60;
	enum sendas_status status =
	    read_time(root, "created", &head->created, err);

	if (status == SENDAS_OK)
		status = read_time(root, "expires", &head->expires, err);
	if (status == SENDAS_OK && head->expires - head->created > longest)
		status = sendas_json_fail(root, err,
		    _("expires is not within %d days after created"),
		    SENDAS_PLAN_FILE_DAYS);
	return status;
}

static enum sendas_status
read_parts(const struct sendas_json *root, struct sendas_plan_file_head *head,
    struct sendas_error *err)
{
	struct sendas_json policy = sendas_json_member(root, "policy");
	struct sendas_json selection = sendas_json_member(root, "selection");
	struct sendas_json by = sendas_json_member(root, "by");
	const struct {
		const struct sendas_json *at;
		const char *key;
		const char **out;
	} texts[] = {
	    {&selection, "text", &head->selection},
	    {&selection, "sha256", &head->selection_sha256},
	    {&by, "user", &head->os_user},
	    {&by, "host", &head->host},
	    {&by, "identity", &head->identity},
	};
	enum sendas_status status = read_text(root, "run", &head->run, err);

	if (status == SENDAS_OK)
		status = read_text(&policy, "name", &head->policy, err);
	if (status == SENDAS_OK)
		status =
		    read_text(&policy, "sha256", &head->policy_sha256, err);
	for (size_t i = 0;
	     i < sizeof(texts) / sizeof(texts[0]) && status == SENDAS_OK; i++)
		status = sendas_json_read_string(
		    texts[i].at, texts[i].key, texts[i].out, err);
	return status;
}

enum sendas_status
sendas_plan_file_line_read_head(const struct sendas_json *root,
    struct sendas_plan_file_head *head, struct sendas_error *err)
{
	enum sendas_status status = read_parts(root, head, err);

	if (status == SENDAS_OK)
		status = read_times(root, head, err);
	if (status == SENDAS_OK)
		status = read_count(root, "mailboxes", &head->mailboxes, err);
	if (status == SENDAS_OK)
		status = read_count(root, "changes", &head->changes, err);
	return status;
}

/* ---- a mailbox ---- */

static enum sendas_status
read_relay(const struct sendas_json *at, struct sendas_address *address,
    struct sendas_error *err)
{
	struct sendas_json relay = sendas_json_member(at, "relay");
	struct sendas_value value;
	enum sendas_status status =
	    sendas_model_json_read_relay(&relay, &value, err);

	address->relay.port = -1;
	if (status != SENDAS_OK || value.kind != SENDAS_VALUE_RELAY)
		return status;
	address->has_relay = true;
	address->relay.port = value.number;
	/* They change hands. */
	address->relay.host = value.text;
	address->relay.security = value.security;
	return SENDAS_OK;
}

/* What Google has as a send-as address, it has; but it has a domain. */
static bool
has_domain(const char *address)
{
	const char *at = strrchr(address, '@');

	return at != NULL && at != address && at[1] != '\0';
}

static enum sendas_status
read_name(
    const struct sendas_json *at, const char **out, struct sendas_error *err)
{
	enum sendas_status status = read_text(at, "address", out, err);

	if (status == SENDAS_OK && !has_domain(*out))
		status = sendas_json_fail(
		    at, err, _("\"%.100s\" is not an e-mail address"), *out);
	return status;
}

static enum sendas_status
read_address(const struct sendas_json *at, struct sendas_mailbox *mailbox,
    struct sendas_error *err)
{
	struct sendas_address *address = sendas_mailbox_add_address(mailbox);
	const char *name = NULL, *verification = NULL;
	enum sendas_status status;

	/* A plan does not say it, since it changes nothing about it. */
	address->unseen = SENDAS_UNSEEN_NAME;
	status = read_name(at, &name, err);
	address->address = sendas_xstrdup(name != NULL ? name : "");
	if (status == SENDAS_OK)
		status = sendas_json_read_bool(
		    at, "isPrimary", &address->is_primary, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_bool(
		    at, "isDefault", &address->is_default, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_bool(
		    at, "treatAsAlias", &address->treat_as_alias, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_string(
		    at, "verificationStatus", &verification, err);
	address->verification = sendas_xstrdup(verification);
	return status == SENDAS_OK ? read_relay(at, address, err) : status;
}

static enum sendas_status
fail_no_change(const struct sendas_json *at, struct sendas_error *err)
{
	return sendas_json_fail(at, err, _("before and after are no change"));
}

/* A box that is ticked or cleared. */
static enum sendas_status
read_box(const struct sendas_json *at, struct sendas_change *change,
    struct sendas_error *err)
{
	struct sendas_json before = sendas_json_member(at, "before");
	struct sendas_json after = sendas_json_member(at, "after");
	bool was = false, will_be = false;
	enum sendas_status status;

	status = sendas_json_read_bool(at, "before", &was, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_bool(at, "after", &will_be, err);
	if (status != SENDAS_OK)
		return status;
	if (before.node == NULL || after.node == NULL || was == will_be)
		return fail_no_change(at, err);
	change->before = sendas_value_bool(was);
	change->after = sendas_value_bool(will_be);
	return SENDAS_OK;
}

/* An SMTP server that is set. Whether it may be is looked at when it is set. */
static enum sendas_status
read_server(const struct sendas_json *at, struct sendas_change *change,
    struct sendas_error *err)
{
	struct sendas_json before = sendas_json_member(at, "before");
	struct sendas_json after = sendas_json_member(at, "after");
	enum sendas_status status;

	status = sendas_model_json_read_relay(&before, &change->before, err);
	if (status == SENDAS_OK)
		status =
		    sendas_model_json_read_relay(&after, &change->after, err);
	if (status == SENDAS_OK && change->after.kind != SENDAS_VALUE_RELAY)
		return fail_no_change(at, err);
	return status;
}

static enum sendas_status
read_field(const struct sendas_json *at, struct sendas_change *change,
    struct sendas_error *err)
{
	const char *field;
	enum sendas_status status = read_text(at, "field", &field, err);

	if (status != SENDAS_OK)
		return status;
	change->is_reversible = true;
	status = sendas_json_read_bool(
	    at, "reversible", &change->is_reversible, err);
	if (status != SENDAS_OK)
		return status;
	for (int i = 1; i < SENDAS_FIELD_COUNT; i++) {
		if (strcmp(field, sendas_field_name((enum sendas_field)i)) == 0)
			change->field = (enum sendas_field)i;
	}
	switch (change->field) {
	case SENDAS_FIELD_TREAT_AS_ALIAS:
		return read_box(at, change, err);
	case SENDAS_FIELD_RELAY:
		return read_server(at, change, err);
	case SENDAS_FIELD_NONE:
	case SENDAS_FIELD_COUNT:
		break;
	}
	return sendas_json_fail(
	    at, err, _("field \"%.100s\" is not known to this version"), field);
}

/* That the mailbox has the address, as the change takes it to be, and that
 * it is not changed twice. */
static enum sendas_status
check_change(const struct sendas_json *at, const struct sendas_mailbox *mailbox,
    const struct sendas_change *change, const char *name,
    struct sendas_error *err)
{
	const struct sendas_address *address =
	    sendas_mailbox_find(mailbox, name);

	if (address == NULL)
		return sendas_json_fail(
		    at, err, _("%.100s is not among the addresses"), name);
	if (!sendas_address_stands_at(address, change->field, &change->before))
		return sendas_json_fail(at, err,
		    _("before is not what %.100s has among the addresses"),
		    name);
	for (size_t i = 0; i < mailbox->change_count; i++) {
		if (mailbox->changes[i].field == change->field &&
		    sendas_text_equal_fold(mailbox->changes[i].address, name))
			return sendas_json_fail(
			    at, err, _("%.100s is changed twice"), name);
	}
	return SENDAS_OK;
}

static enum sendas_status
read_change(const struct sendas_json *at, struct sendas_mailbox *mailbox,
    struct sendas_error *err)
{
	struct sendas_change change = {0};
	enum sendas_status status;
	const char *name;

	status = read_name(at, &name, err);
	if (status == SENDAS_OK)
		status = read_field(at, &change, err);
	if (status == SENDAS_OK)
		status = check_change(at, mailbox, &change, name, err);
	if (status != SENDAS_OK) {
		sendas_value_clear(&change.before);
		sendas_value_clear(&change.after);
		return status;
	}
	change.address = sendas_xstrdup(name);
	*sendas_mailbox_add_change(mailbox) = change;
	return SENDAS_OK;
}

/* Reads each element of a list with `read`. */
static enum sendas_status
read_list(const struct sendas_json *root, const char *key,
    enum sendas_status (*read)(const struct sendas_json *,
	struct sendas_mailbox *, struct sendas_error *),
    struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	struct sendas_json list = sendas_json_member(root, key);
	enum sendas_status status = sendas_json_want_array(&list, err);
	struct sendas_json at;

	if (status != SENDAS_OK)
		return status;
	for (at = sendas_json_first(&list);
	     at.node != NULL && status == SENDAS_OK; sendas_json_next(&at))
		status = read(&at, mailbox, err);
	return status;
}

enum sendas_status
sendas_plan_file_line_read_mailbox(const struct sendas_json *root,
    struct sendas_mailbox **out, struct sendas_error *err)
{
	struct sendas_mailbox *mailbox;
	const char *name;
	enum sendas_status status = read_text(root, "mailbox", &name, err);

	if (status == SENDAS_OK && !sendas_users_is_address(name))
		status = sendas_json_fail(
		    root, err, _("\"%.100s\" is not an e-mail address"), name);
	if (status != SENDAS_OK)
		return status;
	mailbox = sendas_mailbox_new(name, SENDAS_SOURCE_GMAIL);
	status = read_list(root, "addresses", read_address, mailbox, err);
	if (status == SENDAS_OK)
		status = read_list(root, "changes", read_change, mailbox, err);
	if (status == SENDAS_OK && mailbox->change_count == 0)
		status = sendas_json_fail(root, err, _("there is no change"));
	if (status == SENDAS_OK)
		*out = mailbox;
	else
		sendas_mailbox_free(mailbox);
	return status;
}

enum sendas_status
sendas_plan_file_line_read_end(const struct sendas_json *root, bool *is_end,
    size_t *mailboxes, size_t *changes, struct sendas_error *err)
{
	enum sendas_status status;
	bool is_it = false;

	status = sendas_json_read_bool(root, "end", &is_it, err);
	if (status == SENDAS_OK && is_it)
		status = read_count(root, "mailboxes", mailboxes, err);
	if (status == SENDAS_OK && is_it)
		status = read_count(root, "changes", changes, err);
	if (status == SENDAS_OK)
		*is_end = is_it;
	return status;
}
