/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_file_write.c: the plan of a dry run as a file, for a program and for
 * whoever is to approve it.
 */
#include "sendas/plan_file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sendas/as_text.h"
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/mem.h"
#include "sendas/model_json.h"
#include "sendas/oauth2_glue.h"
#include "sendas/rules.h"
#include "sendas/text.h"

struct writing {
	struct sendas_journal *journal;
	const struct sendas_policy *policy;
	const char *path;
	struct sendas_journal_run run;
	time_t created;
	size_t mailboxes, changes;
	struct sendas_oauth2_digest *digest; /* of what stands in `file` */
	struct sendas_file_out *file;
	char *sha256; /* once it is written */
};

/* Writes a value as a line, and frees it. */
static void
write_line(struct writing *writing, struct sendas_json_value *takes)
{
	char *text = sendas_json_format(takes);
	FILE *stream = sendas_file_stream(writing->file);

	sendas_oauth2_digest_add(writing->digest, text, strlen(text));
	sendas_oauth2_digest_add(writing->digest, "\n", 1);
	fprintf(stream, "%s\n", text);
	free(text);
	sendas_json_value_free(takes);
}

/* What is said of two things: {first: a, second: b}. */
static struct sendas_json_value *
pair_value(const char *first, const char *a, const char *second, const char *b)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, first, a);
	sendas_json_set_string(object, second, b);
	return object;
}

static time_t
expiry(const struct writing *writing)
{
	return writing->created + SENDAS_PLAN_FILE_DAYS * 24L * 60 * 60;
}

static void
write_head(struct writing *writing)
{
	struct sendas_json_value *object = sendas_json_new_object();
	const struct sendas_journal_run *run = &writing->run;
	struct sendas_json_value *by =
	    pair_value("user", run->os_user, "host", run->host);

	sendas_json_set_string(by, "identity", run->identity);
	sendas_json_set_string(object, "kind", "sendas-plan");
	sendas_json_set_int(object, "version", 1);
	sendas_json_set_string(object, "run", run->id);
	sendas_model_json_set_time(object, "created", writing->created);
	sendas_model_json_set_time(object, "expires", expiry(writing));
	sendas_json_set(object, "policy",
	    pair_value("name", run->policy, "sha256", run->policy_sha256));
	sendas_json_set(object, "selection",
	    pair_value(
		"text", run->selection, "sha256", run->selection_sha256));
	sendas_json_set(object, "by", by);
	sendas_json_set_int(object, "mailboxes", (long)writing->mailboxes);
	sendas_json_set_int(object, "changes", (long)writing->changes);
	write_line(writing, object);
}

static bool
has_change(const struct sendas_mailbox *mailbox, const char *address)
{
	for (size_t i = 0; i < mailbox->change_count; i++) {
		if (sendas_text_equal_fold(
			mailbox->changes[i].address, address))
			return true;
	}
	return false;
}

/* Only the addresses that are changed: others are nobody's concern here. */
static void
write_mailbox(
    struct writing *writing, struct sendas_mailbox *mailbox, FILE *stream)
{
	struct sendas_json_value *object = sendas_json_new_object();
	struct sendas_json_value *addresses = sendas_json_new_array();
	struct sendas_json_value *changes = sendas_json_new_array();

	(void)stream; /* the digest goes with it */
	for (size_t i = 0; i < mailbox->address_count; i++) {
		struct sendas_address *address = &mailbox->addresses[i];

		if (!has_change(mailbox, address->address))
			continue;
		sendas_address_clear_findings(address);
		sendas_json_append(
		    addresses, sendas_model_json_address(address));
	}
	for (size_t i = 0; i < mailbox->change_count; i++)
		sendas_json_append(
		    changes, sendas_model_json_change(&mailbox->changes[i]));
	sendas_json_set_string(object, "mailbox", mailbox->mailbox);
	sendas_json_set(object, "addresses", addresses);
	sendas_json_set(object, "changes", changes);
	write_line(writing, object);
}

/* The last line: without it the file was cut. */
static void
write_end(struct writing *writing)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_bool(object, "end", true);
	sendas_json_set_int(object, "mailboxes", (long)writing->mailboxes);
	sendas_json_set_int(object, "changes", (long)writing->changes);
	write_line(writing, object);
}

/* Calls `write` with each planned mailbox. */
static enum sendas_status
each_planned(struct writing *writing,
    void (*write)(struct writing *, struct sendas_mailbox *, FILE *),
    FILE *stream, struct sendas_error *err)
{
	struct sendas_mailbox *mailbox;
	enum sendas_status status;
	long long after = 0;

	for (;;) {
		status = sendas_journal_next(writing->journal, writing->run.id,
		    SENDAS_JOURNAL_PLANNED, &after, &mailbox, err);
		if (status != SENDAS_OK || mailbox == NULL)
			return status;
		write(writing, mailbox, stream);
		sendas_mailbox_free(mailbox);
	}
}

static enum sendas_status
write_lines(struct writing *writing, struct sendas_error *err)
{
	enum sendas_status status;

	status = sendas_file_create(writing->path, 0666, &writing->file, err);
	if (status != SENDAS_OK)
		return status;
	writing->digest = sendas_oauth2_digest_new();
	write_head(writing);
	status = each_planned(writing, write_mailbox, NULL, err);
	write_end(writing);
	writing->sha256 = sendas_oauth2_digest_finish(writing->digest);
	return status;
}

/* ---- for reading ---- */

static void
format_time(time_t when, char *out, size_t bytes)
{
	struct tm local;

	localtime_r(&when, &local);
	strftime(out, bytes, "%Y-%m-%d %H:%M %z", &local);
}

/* One line of what is known. Text from outside is made harmless. */
static void
write_fact(FILE *stream, const char *label, const char *value)
{
	char *safe = sendas_text_safe(value != NULL ? value : "-", false);

	fprintf(stream, "%s %s\n", label, safe);
	free(safe);
}

static void
write_heading(const struct writing *writing, FILE *stream)
{
	const struct sendas_journal_run *run = &writing->run;
	char created[40], expires[40], *command;

	format_time(writing->created, created, sizeof(created));
	format_time(expiry(writing), expires, sizeof(expires));
	command = sendas_xasprintf(
	    "sendas fix --plan %s --sha256 %s --credentials ...", writing->path,
	    writing->sha256);
	fprintf(stream, "%s\n\n",
	    _("A plan of sendas: what will be changed in Gmail, if it is "
	      "approved. Nothing was changed yet."));
	write_fact(stream, _("File:"), writing->path);
	write_fact(stream, _("SHA-256:"), writing->sha256);
	write_fact(stream, _("Made:"), created);
	write_fact(stream, _("Good until:"), expires);
	write_fact(stream, _("By:"), run->os_user);
	write_fact(stream, _("On:"), run->host);
	write_fact(stream, _("Signed in as:"), run->identity);
	write_fact(stream, _("Run:"), run->id);
	write_fact(stream, _("Mailboxes:"), run->selection);
	write_fact(stream, _("Policy:"), run->policy);
	write_fact(stream, _("Policy's SHA-256:"), run->policy_sha256);
	write_fact(stream, _("To make exactly these changes:"), command);
	fprintf(stream, "\n");
	fprintf(stream,
	    ngettext("%zu change in %zu of these mailboxes:\n\n",
		"%zu changes in %zu of these mailboxes:\n\n", writing->changes),
	    writing->changes, writing->mailboxes);
	free(command);
}

static void
write_as_text(
    struct writing *writing, struct sendas_mailbox *mailbox, FILE *stream)
{
	const struct sendas_provider provider = {
	    .name = writing->policy->name,
	    .label = writing->policy->label,
	    .host = writing->policy->host,
	    .port = writing->policy->wanted.port,
	    .security = writing->policy->wanted.security,
	};

	/* The journal keeps no messages. */
	sendas_rules_judge(writing->policy, mailbox);
	sendas_as_text_write_plan(stream, &provider, mailbox);
	fprintf(stream, "\n");
}

/* Puts `path`.txt in its place, and then the plan; or neither. */
static enum sendas_status
write_and_commit(struct writing *writing, struct sendas_error *err)
{
	char *path = sendas_xasprintf("%s.txt", writing->path);
	struct sendas_file_out *text = NULL;
	enum sendas_status status;

	status = sendas_file_create(path, 0666, &text, err);
	if (status == SENDAS_OK) {
		write_heading(writing, sendas_file_stream(text));
		status = each_planned(
		    writing, write_as_text, sendas_file_stream(text), err);
	}
	if (status == SENDAS_OK) {
		status = sendas_file_commit(text, err);
		text = NULL;
	}
	if (status == SENDAS_OK) {
		status = sendas_file_commit(writing->file, err);
		writing->file = NULL;
		if (status != SENDAS_OK)
			unlink(path);
	}
	sendas_file_abandon(text);
	free(path);
	return status;
}

enum sendas_status
sendas_plan_file_write(struct sendas_journal *journal, const char *run,
    const struct sendas_policy *policy, const char *path, char **sha256,
    struct sendas_error *err)
{
	struct writing writing = {.journal = journal,
	    .policy = policy,
	    .path = path,
	    .created = time(NULL)};
	enum sendas_status status;

	status = sendas_journal_count_planned(
	    journal, &writing.mailboxes, &writing.changes, err);
	if (status == SENDAS_OK && writing.changes == 0)
		status = sendas_fail(err, SENDAS_ERR_USAGE,
		    _("The run %s has nothing planned."), run);
	if (status == SENDAS_OK)
		status = sendas_journal_get(journal, run, &writing.run, err);
	if (status == SENDAS_OK)
		status = write_lines(&writing, err);
	if (status == SENDAS_OK)
		status = write_and_commit(&writing, err);
	sendas_file_abandon(writing.file);
	sendas_journal_run_clear(&writing.run);
	if (status == SENDAS_OK)
		*sha256 = writing.sha256;
	else
		free(writing.sha256);
	return status;
}
