/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_file_write.c: the plan of a dry run as a file, for a program and for
 * whoever is to approve it.
 */
#include "sendas/plan_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sendas/as_text.h"
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/model_json.h"
#include "sendas/oauth2_glue.h"
#include "sendas/rules.h"
#include "sendas/text.h"
#include "sendas/users.h"

/* The one that --policy need not name. */
#define USUAL_POLICY "ocn"

struct writing {
	struct sendas_journal *journal;
	const struct sendas_policy *policy;
	const char *path;
	struct sendas_journal_run run;
	time_t created;
	size_t mailboxes, changes; /* as the head says */
	size_t written_mailboxes, written_changes;
	struct sendas_oauth2_digest *digest; /* of what stands in `file` */
	struct sendas_file_out *file;
	char *sha256; /* once it is written */
};

/* Writes a value as a line, and frees it; returns the line's bytes. */
static size_t
write_line(struct writing *writing, struct sendas_json_value *takes)
{
	char *text = sendas_json_format(takes);
	FILE *stream = sendas_file_stream(writing->file);
	size_t len = strlen(text);

	sendas_oauth2_digest_add(writing->digest, text, len);
	sendas_oauth2_digest_add(writing->digest, "\n", 1);
	fprintf(stream, "%s\n", text);
	free(text);
	sendas_json_value_free(takes);
	return len;
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
static struct sendas_json_value *
addresses_value(struct sendas_mailbox *mailbox)
{
	struct sendas_json_value *list = sendas_json_new_array();

	for (size_t i = 0; i < mailbox->address_count; i++) {
		struct sendas_address *address = &mailbox->addresses[i];

		if (!has_change(mailbox, address->address))
			continue;
		sendas_address_clear_findings(address);
		sendas_json_append(list, sendas_model_json_address(address));
	}
	return list;
}

/* What could not be read again must not be approved first. */
static enum sendas_status
check_name(const struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	const char *name = mailbox->mailbox;

	if (name != NULL && sendas_users_is_address(name))
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_USAGE,
	    _("a plan cannot be made for \"%.100s\": this is not an e-mail "
	      "address"),
	    name != NULL ? name : "");
}

static enum sendas_status
write_mailbox(struct writing *writing, struct sendas_mailbox *mailbox,
    FILE *stream, struct sendas_error *err)
{
	struct sendas_json_value *object, *changes;
	enum sendas_status status = check_name(mailbox, err);

	(void)stream; /* the digest goes with it */
	if (status != SENDAS_OK)
		return status;
	object = sendas_json_new_object();
	changes = sendas_json_new_array();
	for (size_t i = 0; i < mailbox->change_count; i++)
		sendas_json_append(
		    changes, sendas_model_json_change(&mailbox->changes[i]));
	sendas_json_set_string(object, "mailbox", mailbox->mailbox);
	sendas_json_set(object, "addresses", addresses_value(mailbox));
	sendas_json_set(object, "changes", changes);
	writing->written_mailboxes++;
	writing->written_changes += mailbox->change_count;
	if (write_line(writing, object) > SENDAS_LIMIT_PLAN_LINE_BYTES)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("a plan cannot be made for %s: it has too many "
		      "addresses"),
		    mailbox->mailbox);
	return SENDAS_OK;
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

/* Writes one mailbox. */
typedef enum sendas_status write_fn(struct writing *writing,
    struct sendas_mailbox *mailbox, FILE *stream, struct sendas_error *err);

/* Calls `write` with each planned mailbox. */
static enum sendas_status
each_planned(struct writing *writing, write_fn *write, FILE *stream,
    struct sendas_error *err)
{
	struct sendas_mailbox *mailbox;
	enum sendas_status status;
	long long after = 0;

	for (;;) {
		status = sendas_journal_next(writing->journal, writing->run.id,
		    SENDAS_JOURNAL_PLANNED, &after, &mailbox, err);
		if (status != SENDAS_OK || mailbox == NULL)
			return status;
		status = write(writing, mailbox, stream, err);
		sendas_mailbox_free(mailbox);
		if (status != SENDAS_OK)
			return status;
	}
}

/* The head was written first, with what the journal said then. */
static enum sendas_status
check_numbers(const struct writing *writing, struct sendas_error *err)
{
	if (writing->written_mailboxes == writing->mailboxes &&
	    writing->written_changes == writing->changes)
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_USAGE,
	    _("The run %s is not the one that is under way, or something else "
	      "is at work on it; no plan was written."),
	    writing->run.id);
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
	return status == SENDAS_OK ? check_numbers(writing, err) : status;
}

/* ---- for reading ---- */

/* What is known of the plan. */
struct fact {
	const char *label;
	const char *value; /* NULL: unknown */
};

/* One under the other. Text from outside is made harmless. */
static void
write_facts(FILE *stream, const struct fact *facts, size_t count)
{
	size_t widest = 0, width;
	char *safe;

	for (size_t i = 0; i < count; i++) {
		width = sendas_text_width(facts[i].label);
		widest = width > widest ? width : widest;
	}
	for (size_t i = 0; i < count; i++) {
		width = sendas_text_width(facts[i].label);
		safe = sendas_text_safe(
		    facts[i].value != NULL ? facts[i].value : "-", false);
		fprintf(stream, "%s%*s %s\n", facts[i].label,
		    (int)(widest - width), "", safe);
		free(safe);
	}
}

/* True for a word that every shell takes as it is. */
static bool
is_plain(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789@%+=:,./_-";

	return *word != '\0' && *word != '-' &&
	    strspn(word, plain) == strlen(word);
}

/* What to type; a name that would have to be quoted stands above anyway, and
 * each shell quotes in its own way. The caller frees it. */
static char *
command_of(const struct writing *writing)
{
	const char *policy = writing->run.policy;
	const char *path = writing->path;

	if (!is_plain(path))
		path = _("FILE");
	if (policy == NULL || strcmp(policy, USUAL_POLICY) == 0)
		return sendas_xasprintf(
		    "sendas fix --plan %s --sha256 %s --credentials KEY", path,
		    writing->sha256);
	return sendas_xasprintf(
	    "sendas fix --plan %s --sha256 %s --policy %s --credentials KEY",
	    path, writing->sha256, is_plain(policy) ? policy : _("FILE"));
}

static void
write_heading(const struct writing *writing, FILE *stream)
{
	const struct sendas_journal_run *run = &writing->run;
	char created[40], expires[40], *command = command_of(writing);
	const struct fact facts[] = {
	    {_("File:"), writing->path},
	    {_("SHA-256:"), writing->sha256},
	    {_("Made:"), created},
	    {_("Good until:"), expires},
	    {_("By:"), run->os_user},
	    {_("On:"), run->host},
	    {_("Signed in as:"), run->identity},
	    {_("Run:"), run->id},
	    {_("Mailboxes:"), run->selection},
	    {_("Policy:"), run->policy},
	    {_("Policy's SHA-256:"), run->policy_sha256},
	};
	const struct fact how = {_("To make exactly these changes:"), command};

	sendas_text_format_time(
	    writing->created, true, created, sizeof(created));
	sendas_text_format_time(
	    expiry(writing), true, expires, sizeof(expires));
	fprintf(stream, "%s\n\n",
	    _("A plan of sendas: what will be changed in Gmail, if it is "
	      "approved. Nothing was changed yet."));
	write_facts(stream, facts, sizeof(facts) / sizeof(facts[0]));
	fprintf(stream, "\n");
	write_facts(stream, &how, 1);
	fprintf(stream, "\n");
	fprintf(stream,
	    ngettext("%zu change in %zu of these mailboxes:\n\n",
		"%zu changes in %zu of these mailboxes:\n\n", writing->changes),
	    writing->changes, writing->mailboxes);
	free(command);
}

static enum sendas_status
write_as_text(struct writing *writing, struct sendas_mailbox *mailbox,
    FILE *stream, struct sendas_error *err)
{
	const struct sendas_provider provider =
	    sendas_policy_provider(writing->policy);

	(void)err;
	/* The journal keeps no messages. */
	sendas_rules_judge(writing->policy, mailbox);
	sendas_as_text_write_plan(stream, &provider, mailbox);
	fprintf(stream, "\n");
	return SENDAS_OK;
}

/* ---- both ---- */

/* That all of it is on the disk, before either file gets its name. */
static enum sendas_status
check_room(
    struct sendas_file_out *file, const char *path, struct sendas_error *err)
{
	FILE *stream = sendas_file_stream(file);

	if (fflush(stream) == 0 && !ferror(stream) &&
	    fsync(fileno(stream)) == 0)
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_FILE, "%s: %s: %s", path,
	    _("cannot be written"), strerror(errno));
}

/* Gives both their names: the text first, since a plan without it could not
 * be approved. Takes `text`. */
static enum sendas_status
commit_both(struct writing *writing, struct sendas_file_out *text,
    const char *text_path, struct sendas_error *err)
{
	enum sendas_status status = check_room(text, text_path, err);

	if (status == SENDAS_OK)
		status = check_room(writing->file, writing->path, err);
	if (status != SENDAS_OK) {
		sendas_file_abandon(text);
		return status;
	}
	status = sendas_file_commit(text, err);
	if (status != SENDAS_OK)
		return status;
	status = sendas_file_commit(writing->file, err);
	writing->file = NULL;
	if (status != SENDAS_OK)
		unlink(text_path);
	return status;
}

static enum sendas_status
write_text(struct writing *writing, const char *path, struct sendas_error *err)
{
	struct sendas_file_out *text;
	enum sendas_status status;

	status = sendas_file_create(path, 0666, &text, err);
	if (status != SENDAS_OK)
		return status;
	write_heading(writing, sendas_file_stream(text));
	status =
	    each_planned(writing, write_as_text, sendas_file_stream(text), err);
	if (status == SENDAS_OK)
		return commit_both(writing, text, path, err);
	sendas_file_abandon(text);
	return status;
}

/* A device or a pipe has no place beside it for the other file, and nothing
 * to put in its place at once. */
static enum sendas_status
check_path(const char *path, struct sendas_error *err)
{
	struct stat info;

	if (stat(path, &info) != 0 || S_ISREG(info.st_mode))
		return SENDAS_OK;
	return sendas_fail(
	    err, SENDAS_ERR_FILE, _("%s: this is not a regular file"), path);
}

static enum sendas_status
write_files(struct writing *writing, struct sendas_error *err)
{
	char *text_path = sendas_xasprintf("%s.txt", writing->path);
	enum sendas_status status = check_path(writing->path, err);

	if (status == SENDAS_OK)
		status = check_path(text_path, err);
	if (status == SENDAS_OK)
		status = write_lines(writing, err);
	if (status == SENDAS_OK)
		status = write_text(writing, text_path, err);
	free(text_path);
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
		status = write_files(&writing, err);
	sendas_file_abandon(writing.file);
	sendas_journal_run_clear(&writing.run);
	if (status == SENDAS_OK)
		*sha256 = writing.sha256;
	else
		free(writing.sha256);
	return status;
}
