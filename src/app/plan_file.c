/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_file.c: reads a plan that was approved, against its digest. The file is
 * copied first, and only the copy is looked at: what is hashed is what is
 * carried out.
 */
#include "sendas/plan_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/rules.h"
#include "sendas/text.h"
#include "sendas/users.h"

#define VERSION_OF_PLAN 1
#define DIGEST_DIGITS 64

struct sendas_plan_file {
	char *path;
	FILE *copy; /* without a name */
	struct sendas_json_doc *head_doc; /* from which `head` borrows */
	struct sendas_plan_file_head head;
	char *line; /* the one at hand */
	size_t line_bytes;
	long line_number;
};

/* ---- the digest ---- */

static bool
is_digest(const char *text)
{
	return strlen(text) == DIGEST_DIGITS &&
	    strspn(text, "0123456789abcdefABCDEF") == DIGEST_DIGITS;
}

static enum sendas_status
fail_reading(const char *path, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_FILE, _("%s cannot be read: %s"),
	    path, strerror(errno));
}

/* Copies the file, and gives the digest of what was copied. */
static enum sendas_status
copy(FILE *input, struct sendas_plan_file *plan, char **sha256,
    struct sendas_error *err)
{
	struct sendas_oauth2_digest *digest = sendas_oauth2_digest_new();
	char bytes[16384];
	bool is_written = true;
	size_t count;

	while ((count = fread(bytes, 1, sizeof(bytes), input)) > 0) {
		sendas_oauth2_digest_add(digest, bytes, count);
		if (fwrite(bytes, 1, count, plan->copy) != count)
			is_written = false;
	}
	*sha256 = sendas_oauth2_digest_finish(digest);
	if (ferror(input))
		return fail_reading(plan->path, err);
	if (!is_written || fflush(plan->copy) != 0)
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s cannot be copied: %s. Is the disk full? TMPDIR names "
		      "another folder."),
		    plan->path, strerror(errno));
	return SENDAS_OK;
}

static enum sendas_status
check_digest(
    struct sendas_plan_file *plan, const char *wanted, struct sendas_error *err)
{
	FILE *input = fopen(plan->path, "re");
	enum sendas_status status;
	char *sha256 = NULL;

	if (input == NULL)
		return fail_reading(plan->path, err);
	status = copy(input, plan, &sha256, err);
	fclose(input);
	if (status == SENDAS_OK && !sendas_text_equal_fold(sha256, wanted))
		status = sendas_fail(err, SENDAS_ERR_USAGE,
		    _("%s is not the plan that was approved: its SHA-256 is "
		      "%s. Nothing was changed."),
		    plan->path, sha256);
	free(sha256);
	return status;
}

/* ---- lines ---- */

static enum sendas_status
fail_line(const struct sendas_plan_file *plan, const struct sendas_error *why,
    struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_INPUT, _("%s: line %ld: %s"),
	    plan->path, plan->line_number, why->message);
}

static enum sendas_status
fail_cut(const struct sendas_plan_file *plan, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_INPUT,
	    _("%s is no whole plan: it was cut off, or is something else."),
	    plan->path);
}

/* Parses the next line; SENDAS_ERR_INPUT at the end of the file, too. */
static enum sendas_status
next_line(struct sendas_plan_file *plan, struct sendas_json_doc **doc,
    struct sendas_error *err)
{
	ssize_t len = getline(&plan->line, &plan->line_bytes, plan->copy);
	struct sendas_error why;

	if (len < 0 && ferror(plan->copy))
		return fail_reading(plan->path, err);
	if (len <= 0 || plan->line[len - 1] != '\n')
		return fail_cut(plan, err);
	plan->line_number++;
	if ((size_t)len > SENDAS_LIMIT_ANSWER_BYTES)
		return fail_cut(plan, err);
	if (sendas_json_parse_line(plan->line, (size_t)len - 1,
		plan->line_number, doc, &why) != SENDAS_OK)
		return sendas_fail(
		    err, SENDAS_ERR_INPUT, "%s: %s", plan->path, why.message);
	return SENDAS_OK;
}

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

static enum sendas_status
read_time(const struct sendas_json *at, const char *key, time_t *out,
    struct sendas_error *err)
{
	const char *text, *end;
	enum sendas_status status = read_text(at, key, &text, err);
	struct tm utc = {0};

	if (status != SENDAS_OK)
		return status;
	end = strptime(text, "%Y-%m-%dT%H:%M:%SZ", &utc);
	if (end == NULL || *end != '\0')
		return sendas_json_fail(at, err, _("%s is no time"), key);
	*out = timegm(&utc);
	return SENDAS_OK;
}

static enum sendas_status
read_count(const struct sendas_json *at, const char *key, size_t *out,
    struct sendas_error *err)
{
	enum sendas_status status;
	long count = -1;

	status = sendas_json_read_int(at, key, 0, 1000000000L, &count, err);
	if (status == SENDAS_OK && count < 0)
		status = sendas_json_fail(at, err, _("%s is missing"), key);
	*out = count < 0 ? 0 : (size_t)count;
	return status;
}

/* ---- the head ---- */

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
	enum sendas_status status =
	    read_text(&policy, "name", &head->policy, err);

	if (status == SENDAS_OK)
		status =
		    read_text(&policy, "sha256", &head->policy_sha256, err);
	for (size_t i = 0;
	     i < sizeof(texts) / sizeof(texts[0]) && status == SENDAS_OK; i++)
		status = sendas_json_read_string(
		    texts[i].at, texts[i].key, texts[i].out, err);
	return status;
}

static enum sendas_status
read_head(struct sendas_plan_file *plan, struct sendas_error *err)
{
	struct sendas_json root = sendas_json_root(plan->head_doc);
	struct sendas_plan_file_head *head = &plan->head;
	enum sendas_status status = read_text(&root, "run", &head->run, err);

	if (status == SENDAS_OK)
		status = read_time(&root, "created", &head->created, err);
	if (status == SENDAS_OK)
		status = read_time(&root, "expires", &head->expires, err);
	if (status == SENDAS_OK)
		status = read_count(&root, "mailboxes", &head->mailboxes, err);
	if (status == SENDAS_OK)
		status = read_count(&root, "changes", &head->changes, err);
	return status == SENDAS_OK ? read_parts(&root, head, err) : status;
}

/* That it is a plan, and one that this version can read. */
static enum sendas_status
check_kind(const struct sendas_plan_file *plan, struct sendas_error *err)
{
	struct sendas_json root = sendas_json_root(plan->head_doc);
	const char *kind = NULL;
	long version = 0;

	if (sendas_json_read_string(&root, "kind", &kind, NULL) != SENDAS_OK ||
	    kind == NULL || strcmp(kind, "sendas-plan") != 0 ||
	    sendas_json_read_int(
		&root, "version", 1, 1000000, &version, NULL) != SENDAS_OK)
		return fail_cut(plan, err);
	if (version > VERSION_OF_PLAN)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%s was written by a newer version of sendas. Use that "
		      "one, or make the plan anew with this one."),
		    plan->path);
	return SENDAS_OK;
}

static enum sendas_status
check_head(const struct sendas_plan_file *plan, const char *policy_sha256,
    time_t now, struct sendas_error *err)
{
	char expired[40];
	struct tm local;

	if (strcmp(plan->head.policy_sha256, policy_sha256) != 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("%s was made with another policy (%s). Give the same "
		      "with --policy."),
		    plan->path, plan->head.policy);
	if (now < plan->head.expires)
		return SENDAS_OK;
	localtime_r(&plan->head.expires, &local);
	strftime(expired, sizeof(expired), "%Y-%m-%d %H:%M %z", &local);
	return sendas_fail(err, SENDAS_ERR_USAGE,
	    _("%s was good until %s. Make the plan anew with --dry-run --plan, "
	      "and have that one approved."),
	    plan->path, expired);
}

/* ---- mailboxes ---- */

static enum sendas_status
read_relay(const struct sendas_json *at, struct sendas_address *address,
    struct sendas_error *err)
{
	struct sendas_json relay = sendas_json_member(at, "relay");
	const char *host = NULL, *security = NULL;
	enum sendas_status status;

	address->relay.port = -1;
	if (relay.node == NULL)
		return SENDAS_OK;
	address->has_relay = true;
	status = sendas_json_read_string(&relay, "host", &host, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_int(
		    &relay, "port", 0, 65535, &address->relay.port, err);
	if (status == SENDAS_OK)
		status =
		    sendas_json_read_string(&relay, "security", &security, err);
	address->relay.host = sendas_xstrdup(host);
	address->relay.security = sendas_xstrdup(security);
	return status;
}

static enum sendas_status
read_address(const struct sendas_json *at, struct sendas_mailbox *mailbox,
    struct sendas_error *err)
{
	struct sendas_address *address = sendas_mailbox_add_address(mailbox);
	const char *name, *verification = NULL;
	enum sendas_status status;

	/* A plan does not say it, since it changes nothing about it. */
	address->unseen = SENDAS_UNSEEN_NAME;
	status = read_text(at, "address", &name, err);
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

/* The one kind of change that there is: a box that is ticked or cleared. */
static enum sendas_status
read_change(const struct sendas_json *at, struct sendas_mailbox *mailbox,
    struct sendas_error *err)
{
	struct sendas_json before = sendas_json_member(at, "before");
	struct sendas_json after = sendas_json_member(at, "after");
	struct sendas_change *change;
	const char *address, *field;
	bool is_before = false, is_after = false;
	enum sendas_status status = read_text(at, "address", &address, err);

	if (status == SENDAS_OK)
		status = read_text(at, "field", &field, err);
	if (status == SENDAS_OK &&
	    strcmp(field, sendas_field_name(SENDAS_FIELD_TREAT_AS_ALIAS)) != 0)
		status = sendas_json_fail(at, err,
		    _("field \"%.100s\" is not known to this version"), field);
	if (status == SENDAS_OK)
		status = sendas_json_read_bool(at, "before", &is_before, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_bool(at, "after", &is_after, err);
	if (status != SENDAS_OK)
		return status;
	if (before.node == NULL || after.node == NULL || is_before == is_after)
		return sendas_json_fail(
		    at, err, _("before and after are no change"));
	if (sendas_mailbox_find(mailbox, address) == NULL)
		return sendas_json_fail(
		    at, err, _("%.100s is not among the addresses"), address);
	change = sendas_mailbox_add_change(mailbox);
	change->address = sendas_xstrdup(address);
	change->field = SENDAS_FIELD_TREAT_AS_ALIAS;
	change->before = sendas_value_bool(is_before);
	change->after = sendas_value_bool(is_after);
	change->is_reversible = true;
	return sendas_json_read_bool(
	    at, "reversible", &change->is_reversible, err);
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

static enum sendas_status
read_mailbox(const struct sendas_json *root, struct sendas_mailbox **out,
    struct sendas_error *err)
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

/* That the last line says what stood before it, and is the last one. */
static enum sendas_status
check_end(struct sendas_plan_file *plan, const struct sendas_json *root,
    size_t mailboxes, size_t changes, struct sendas_error *err)
{
	size_t said_mailboxes = 0, said_changes = 0;
	struct sendas_error why;

	if (read_count(root, "mailboxes", &said_mailboxes, &why) != SENDAS_OK ||
	    read_count(root, "changes", &said_changes, &why) != SENDAS_OK)
		return fail_line(plan, &why, err);
	if (said_mailboxes != mailboxes || said_changes != changes ||
	    plan->head.mailboxes != mailboxes ||
	    plan->head.changes != changes || getc(plan->copy) != EOF)
		return fail_cut(plan, err);
	return SENDAS_OK;
}

/* Goes through the lines after the head, and hands each mailbox on: to the
 * journal, or, without one, to nobody. */
static enum sendas_status
each_mailbox(struct sendas_plan_file *plan, const struct sendas_policy *policy,
    struct sendas_journal *journal, struct sendas_error *err)
{
	struct sendas_mailbox *mailbox = NULL;
	struct sendas_json_doc *doc = NULL;
	size_t mailboxes = 0, changes = 0;
	enum sendas_status status;
	struct sendas_json root;
	struct sendas_error why;
	bool is_end = false;

	while (!is_end) {
		status = next_line(plan, &doc, err);
		if (status != SENDAS_OK)
			return status;
		root = sendas_json_root(doc);
		is_end = sendas_json_member(&root, "end").node != NULL;
		if (is_end)
			status =
			    check_end(plan, &root, mailboxes, changes, err);
		else if (read_mailbox(&root, &mailbox, &why) != SENDAS_OK)
			status = fail_line(plan, &why, err);
		sendas_json_doc_free(doc);
		if (status != SENDAS_OK || is_end)
			return status;
		mailboxes++;
		changes += mailbox->change_count;
		if (journal != NULL) {
			sendas_rules_judge(policy, mailbox);
			sendas_journal_add_mailbox(
			    journal, mailbox, NULL, NULL);
		}
		sendas_mailbox_free(mailbox);
	}
	return SENDAS_OK;
}

static enum sendas_status
open_head(struct sendas_plan_file *plan, struct sendas_error *err)
{
	struct sendas_error why;
	enum sendas_status status;

	rewind(plan->copy);
	plan->line_number = 0;
	sendas_json_doc_free(plan->head_doc);
	plan->head_doc = NULL;
	status = next_line(plan, &plan->head_doc, err);
	if (status == SENDAS_OK)
		status = check_kind(plan, err);
	if (status == SENDAS_OK && read_head(plan, &why) != SENDAS_OK)
		status = fail_line(plan, &why, err);
	return status;
}

enum sendas_status
sendas_plan_file_open(const char *path, const char *sha256,
    const char *policy_sha256, time_t now, struct sendas_plan_file **out,
    struct sendas_error *err)
{
	struct sendas_plan_file *plan;
	enum sendas_status status;

	if (!is_digest(sha256))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--sha256 wants 64 hexadecimal digits, as --dry-run "
		      "--plan tells them, not \"%.100s\""),
		    sha256);
	plan = sendas_xcalloc(1, sizeof(*plan));
	plan->path = sendas_xstrdup(path);
	status = sendas_file_open_temporary(&plan->copy, err);
	if (status == SENDAS_OK)
		status = check_digest(plan, sha256, err);
	if (status == SENDAS_OK)
		status = open_head(plan, err);
	if (status == SENDAS_OK)
		status = check_head(plan, policy_sha256, now, err);
	if (status == SENDAS_OK)
		status = each_mailbox(plan, NULL, NULL, err);
	if (status == SENDAS_OK)
		*out = plan;
	else
		sendas_plan_file_close(plan);
	return status;
}

const struct sendas_plan_file_head *
sendas_plan_file_get_head(const struct sendas_plan_file *plan)
{
	return &plan->head;
}

enum sendas_status
sendas_plan_file_import(struct sendas_plan_file *plan,
    const struct sendas_policy *policy, struct sendas_journal *journal,
    struct sendas_error *err)
{
	enum sendas_status status = open_head(plan, err);

	if (status == SENDAS_OK)
		status = each_mailbox(plan, policy, journal, err);
	return status == SENDAS_OK ? sendas_journal_flush(journal, err)
				   : status;
}

void
sendas_plan_file_close(struct sendas_plan_file *plan)
{
	if (plan == NULL)
		return;
	if (plan->copy != NULL)
		fclose(plan->copy);
	sendas_json_doc_free(plan->head_doc);
	free(plan->line);
	free(plan->path);
	free(plan);
}
