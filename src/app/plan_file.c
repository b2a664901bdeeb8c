/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_file.c: reads a plan that was approved, against its digest. The file is
 * copied first, and only the copy is looked at: what is hashed is what is
 * carried out. What stands in a line is plan_file_line.c's.
 */
#include "sendas/plan_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/buf.h"
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/plan_file_line.h"
#include "sendas/rules.h"
#include "sendas/text.h"

#define VERSION_OF_PLAN 1
#define DIGEST_DIGITS 64
/* By how much the clocks of two machines may differ. */
#define CLOCKS_SEC (24L * 60 * 60)

struct sendas_plan_file {
	char *path;
	FILE *copy; /* without a name */
	off_t mailboxes_at; /* where the line after the head begins in it */
	struct sendas_json_doc *head_doc; /* from which `head` borrows */
	struct sendas_plan_file_head head;
	struct sendas_buf line; /* the one at hand, without its line end */
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
fail_reading(const char *path, int error, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_FILE, _("%s cannot be read: %s"),
	    path, strerror(error));
}

static enum sendas_status
fail_copying(const char *path, int error, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("%s cannot be copied: %s. Is the disk full? TMPDIR names "
	      "another folder."),
	    path, strerror(error));
}

/* Copies all of it, and adds to the digest what was copied. */
static enum sendas_status
copy_bytes(FILE *input, const struct sendas_plan_file *plan,
    struct sendas_oauth2_digest *digest, struct sendas_error *err)
{
	char bytes[16384];
	size_t count;

	while ((count = fread(bytes, 1, sizeof(bytes), input)) > 0) {
		if (fwrite(bytes, 1, count, plan->copy) != count)
			return fail_copying(plan->path, errno, err);
		sendas_oauth2_digest_add(digest, bytes, count);
	}
	if (ferror(input))
		return fail_reading(plan->path, errno, err);
	if (fflush(plan->copy) != 0)
		return fail_copying(plan->path, errno, err);
	return SENDAS_OK;
}

static enum sendas_status
copy_checked(const struct sendas_plan_file *plan, const char *wanted,
    struct sendas_error *err)
{
	FILE *input = fopen(plan->path, "re");
	struct sendas_oauth2_digest *digest;
	enum sendas_status status;
	char *sha256;

	if (input == NULL)
		return fail_reading(plan->path, errno, err);
	digest = sendas_oauth2_digest_new();
	status = copy_bytes(input, plan, digest, err);
	sha256 = sendas_oauth2_digest_finish(digest);
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
fail_line(const struct sendas_plan_file *plan, const char *why,
    struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_INPUT, _("%s: line %ld: %s"),
	    plan->path, plan->line_number, why);
}

static enum sendas_status
fail_whole(const struct sendas_plan_file *plan, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_INPUT,
	    _("%s is no whole plan: it was cut off, or is something else."),
	    plan->path);
}

/* Reads the next line, which must be there and have a line end. */
static enum sendas_status
read_line(struct sendas_plan_file *plan, struct sendas_error *err)
{
	struct sendas_buf *line = &plan->line;
	int byte = EOF;
	char letter;

	line->len = 0;
	line->data[0] = '\0';
	plan->line_number++;
	while (!line->is_overflow) {
		byte = getc_unlocked(plan->copy);
		if (byte == EOF || byte == '\n')
			break;
		letter = (char)byte;
		sendas_buf_add(line, &letter, 1);
	}
	if (ferror(plan->copy))
		return fail_reading(plan->path, errno, err);
	if (line->is_overflow)
		return fail_line(
		    plan, _("it is longer than any line of a plan is"), err);
	if (byte == EOF)
		return fail_line(plan,
		    _("the file was cut off: its last line is not there"), err);
	return SENDAS_OK;
}

/* Parses the next line. */
static enum sendas_status
next_line(struct sendas_plan_file *plan, struct sendas_json_doc **doc,
    struct sendas_error *err)
{
	enum sendas_status status = read_line(plan, err);
	struct sendas_error why;

	if (status != SENDAS_OK)
		return status;
	if (sendas_json_parse_line(plan->line.data, plan->line.len,
		plan->line_number, doc, &why) != SENDAS_OK)
		return sendas_fail(
		    err, SENDAS_ERR_INPUT, "%s: %s", plan->path, why.message);
	return SENDAS_OK;
}

/* ---- the head ---- */

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
		&root, "version", 1, 1000000, &version, NULL) != SENDAS_OK ||
	    version == 0)
		return fail_whole(plan, err);
	if (version > VERSION_OF_PLAN)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%s was written by a newer version of sendas. Use that "
		      "one, or make the plan anew with this one."),
		    plan->path);
	return SENDAS_OK;
}

static enum sendas_status
read_head(struct sendas_plan_file *plan, struct sendas_error *err)
{
	enum sendas_status status;
	struct sendas_error why;
	struct sendas_json root;

	rewind(plan->copy);
	status = next_line(plan, &plan->head_doc, err);
	if (status == SENDAS_OK)
		status = check_kind(plan, err);
	if (status != SENDAS_OK)
		return status;
	root = sendas_json_root(plan->head_doc);
	if (sendas_plan_file_line_read_head(&root, &plan->head, &why) !=
	    SENDAS_OK)
		return fail_line(plan, why.message, err);
	plan->mailboxes_at = ftello(plan->copy);
	if (plan->mailboxes_at < 0)
		return fail_reading(plan->path, errno, err);
	return SENDAS_OK;
}

static enum sendas_status
check_head(const struct sendas_plan_file *plan, const char *policy_sha256,
    time_t now, struct sendas_error *err)
{
	char when[40];

	if (strcmp(plan->head.policy_sha256, policy_sha256) != 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("%s was made with another policy (%s). Give the same "
		      "with --policy."),
		    plan->path, plan->head.policy);
	if (plan->head.created - now > CLOCKS_SEC) {
		sendas_text_format_time(
		    plan->head.created, true, when, sizeof(when));
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("%s was made at a time that is still to come (%s). Is "
		      "this machine's clock right?"),
		    plan->path, when);
	}
	if (now < plan->head.expires)
		return SENDAS_OK;
	sendas_text_format_time(plan->head.expires, true, when, sizeof(when));
	return sendas_fail(err, SENDAS_ERR_USAGE,
	    _("%s was good until %s. Make the plan anew with --dry-run --plan, "
	      "and have that one approved."),
	    plan->path, when);
}

/* ---- mailboxes ---- */

/* Gets each mailbox, borrowed, and the line that it stands on. */
typedef void mailbox_fn(void *ctx, struct sendas_mailbox *mailbox, long line);

struct numbers {
	size_t mailboxes, changes;
};

/* That the numbers of the head and of the last line are those of the lines
 * between, and that nothing follows. */
static enum sendas_status
check_end(struct sendas_plan_file *plan, const struct numbers *seen,
    const struct numbers *said, struct sendas_error *err)
{
	const struct sendas_plan_file_head *head = &plan->head;

	if (said->mailboxes != seen->mailboxes ||
	    said->changes != seen->changes)
		return fail_line(plan,
		    _("these are not the numbers of mailboxes and changes "
		      "that stand before it"),
		    err);
	if (head->mailboxes != seen->mailboxes ||
	    head->changes != seen->changes) {
		plan->line_number = 1;
		return fail_line(plan,
		    _("these are not the numbers of mailboxes and changes "
		      "that follow"),
		    err);
	}
	if (getc_unlocked(plan->copy) == EOF && !ferror(plan->copy))
		return SENDAS_OK;
	plan->line_number++;
	return fail_line(plan, _("something stands after the end"), err);
}

/* Reads the next line: a mailbox, or the end, which leaves *mailbox NULL. */
static enum sendas_status
next_mailbox(struct sendas_plan_file *plan, struct sendas_mailbox **mailbox,
    struct numbers *said, struct sendas_error *err)
{
	struct sendas_json_doc *doc = NULL;
	enum sendas_status status = next_line(plan, &doc, err);
	struct sendas_json root;
	struct sendas_error why;
	bool is_end = false;

	*mailbox = NULL;
	if (status != SENDAS_OK)
		return status;
	root = sendas_json_root(doc);
	status = sendas_plan_file_line_read_end(
	    &root, &is_end, &said->mailboxes, &said->changes, &why);
	if (status == SENDAS_OK && !is_end)
		status =
		    sendas_plan_file_line_read_mailbox(&root, mailbox, &why);
	sendas_json_doc_free(doc);
	return status == SENDAS_OK ? status : fail_line(plan, why.message, err);
}

/* Goes through the lines after the head, and hands each mailbox on. */
static enum sendas_status
each_mailbox(struct sendas_plan_file *plan, mailbox_fn *fn, void *ctx,
    struct sendas_error *err)
{
	struct numbers seen = {0}, said = {0};
	struct sendas_mailbox *mailbox;
	enum sendas_status status;

	for (;;) {
		status = next_mailbox(plan, &mailbox, &said, err);
		if (status != SENDAS_OK)
			return status;
		if (mailbox == NULL)
			return check_end(plan, &seen, &said, err);
		seen.mailboxes++;
		seen.changes += mailbox->change_count;
		fn(ctx, mailbox, plan->line_number);
		sendas_mailbox_free(mailbox);
	}
}

/* ---- that no mailbox is there twice ---- */

/* Two mailboxes with the same hash are taken for one: of the names that
 * people have, no two in a million have it, and if so the plan is refused. */
struct name {
	uint64_t hash;
	long line;
};

struct names {
	struct name *at;
	size_t count, capacity;
};

static void
note_name(void *ctx, struct sendas_mailbox *mailbox, long line)
{
	struct names *names = ctx;

	if (names->count == names->capacity) {
		names->capacity = 2 * names->capacity + 16;
		names->at = sendas_xrealloc(
		    names->at, names->capacity, sizeof(*names->at));
	}
	names->at[names->count++] = (struct name){
	    .hash = sendas_text_hash_fold(mailbox->mailbox), .line = line};
}

static int
compare_names(const void *a, const void *b)
{
	const struct name *left = a, *right = b;

	if (left->hash != right->hash)
		return left->hash < right->hash ? -1 : 1;
	return (left->line > right->line) - (left->line < right->line);
}

/* The first line whose mailbox stands on an earlier one too; 0: none. */
static long
find_twice(struct names *names)
{
	long first = 0;

	if (names->count > 0)
		qsort(
		    names->at, names->count, sizeof(*names->at), compare_names);
	for (size_t i = 1; i < names->count; i++) {
		if (names->at[i].hash == names->at[i - 1].hash &&
		    (first == 0 || names->at[i].line < first))
			first = names->at[i].line;
	}
	return first;
}

static enum sendas_status
check_mailboxes(struct sendas_plan_file *plan, struct sendas_error *err)
{
	struct names names = {0};
	enum sendas_status status;
	long twice;

	status = each_mailbox(plan, note_name, &names, err);
	twice = status == SENDAS_OK ? find_twice(&names) : 0;
	free(names.at);
	if (twice == 0)
		return status;
	plan->line_number = twice;
	return fail_line(
	    plan, _("this mailbox stands on an earlier line too"), err);
}

/* ---- for the caller ---- */

static enum sendas_status
open_checked(struct sendas_plan_file *plan, const char *sha256,
    const char *policy_sha256, time_t now, struct sendas_error *err)
{
	enum sendas_status status;

	status = sendas_file_open_temporary(&plan->copy, err);
	if (status == SENDAS_OK)
		status = copy_checked(plan, sha256, err);
	if (status == SENDAS_OK)
		status = read_head(plan, err);
	if (status == SENDAS_OK)
		status = check_head(plan, policy_sha256, now, err);
	return status == SENDAS_OK ? check_mailboxes(plan, err) : status;
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
	sendas_buf_init(&plan->line, SENDAS_LIMIT_PLAN_LINE_BYTES);
	status = open_checked(plan, sha256, policy_sha256, now, err);
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

struct import {
	const struct sendas_policy *policy;
	struct sendas_journal *journal;
};

static void
import_mailbox(void *ctx, struct sendas_mailbox *mailbox, long line)
{
	const struct import *import = ctx;

	(void)line;
	sendas_rules_judge(import->policy, mailbox);
	sendas_journal_add_mailbox(import->journal, mailbox, NULL, NULL);
}

enum sendas_status
sendas_plan_file_import(struct sendas_plan_file *plan,
    const struct sendas_policy *policy, struct sendas_journal *journal,
    struct sendas_error *err)
{
	struct import import = {.policy = policy, .journal = journal};
	enum sendas_status status;

	if (fseeko(plan->copy, plan->mailboxes_at, SEEK_SET) != 0)
		return fail_reading(plan->path, errno, err);
	plan->line_number = 1;
	status = each_mailbox(plan, import_mailbox, &import, err);
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
	sendas_buf_clear(&plan->line);
	free(plan->path);
	free(plan);
}
