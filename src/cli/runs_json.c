/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runs_json.c: runs of the journal as JSON (doc/runs.md).
 */
#include "sendas/runs_json.h"

#include <stdlib.h>
#include "sendas/json.h"
#include "sendas/model_json.h"

#define VERSION_OF_CONTRACT 1

/* What is planned is 0 among the outcomes: it is told apart. */
static struct sendas_json_value *
counts_value(const struct sendas_journal_run *run)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_int(object, "planned", (long)run->planned);
	sendas_json_set_int(object, "open", (long)run->open);
	for (int i = SENDAS_OUTCOME_PLANNED + 1; i < SENDAS_OUTCOME_COUNT; i++)
		sendas_json_set_int(object,
		    sendas_outcome_name((enum sendas_outcome)i),
		    (long)run->outcomes[i]);
	return object;
}

static void
set_asked(
    struct sendas_json_value *object, const struct sendas_journal_run *run)
{
	sendas_json_set_string(object, "selection", run->selection);
	sendas_json_set_string(
	    object, "selectionSha256", run->selection_sha256);
	sendas_json_set_string(object, "policy", run->policy);
	sendas_json_set_string(object, "policySha256", run->policy_sha256);
	sendas_json_set_string(object, "options", run->options);
	sendas_json_set_string(object, "ticket", run->ticket);
	sendas_json_set_string(object, "approvedBy", run->approved_by);
	sendas_json_set_string(object, "planSha256", run->plan_sha256);
	sendas_json_set_string(object, "undoOf", run->undo_of);
}

static struct sendas_json_value *
run_value(const struct sendas_journal_run *run)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "id", run->id);
	sendas_json_set_string(object, "command", run->command);
	sendas_json_set_bool(object, "dryRun", run->is_dry_run);
	sendas_model_json_set_time(object, "started", run->started);
	if (run->finished != 0)
		sendas_model_json_set_time(object, "finished", run->finished);
	else
		sendas_json_set_null(object, "finished");
	sendas_json_set_bool(object, "underWay", run->is_alive);
	sendas_json_set_string(object, "user", run->os_user);
	sendas_json_set_string(object, "host", run->host);
	sendas_json_set_string(object, "version", run->version);
	sendas_json_set_string(object, "identity", run->identity);
	sendas_json_set_string(object, "scopes", run->scopes);
	set_asked(object, run);
	sendas_json_set_int(object, "mailboxes", (long)run->mailboxes);
	sendas_json_set_int(object, "read", (long)run->read);
	sendas_json_set_int(object, "unreadable", (long)run->unreadable);
	sendas_json_set_int(object, "skipped", (long)run->skipped);
	sendas_json_set(object, "changes", counts_value(run));
	return object;
}

/* Writes a value after what stands before it, and frees it. */
static void
write_value(FILE *stream, const char *before, struct sendas_json_value *takes)
{
	char *text = sendas_json_format(takes);

	fprintf(stream, "%s%s", before, text);
	free(text);
	sendas_json_value_free(takes);
}

struct list {
	FILE *stream;
	size_t count;
};

static void
write_run(void *ctx, const struct sendas_journal_run *run)
{
	struct list *list = ctx;

	write_value(
	    list->stream, list->count > 0 ? ",\n" : "\n", run_value(run));
	list->count++;
}

enum sendas_status
sendas_runs_json_list(
    struct sendas_journal *journal, FILE *stream, struct sendas_error *err)
{
	struct list list = {.stream = stream};
	enum sendas_status status;

	fprintf(stream, "{\"version\":%d,\n\"runs\":[", VERSION_OF_CONTRACT);
	status = sendas_journal_list(journal, write_run, &list, err);
	/* One that is cut short is to show that. */
	if (status == SENDAS_OK)
		fputs("]}\n", stream);
	return status;
}

/* The mailboxes of a run, as the report has them, one after another. */
static enum sendas_status
write_mailboxes(struct sendas_journal *journal, const char *id, FILE *stream,
    struct sendas_error *err)
{
	const char *before = "\n";
	struct sendas_mailbox *mailbox;
	enum sendas_status status;
	long long after = 0;

	for (;;) {
		status = sendas_journal_next(
		    journal, id, SENDAS_JOURNAL_ALL, &after, &mailbox, err);
		if (status != SENDAS_OK || mailbox == NULL)
			return status;
		write_value(stream, before, sendas_model_json_mailbox(mailbox));
		sendas_mailbox_free(mailbox);
		before = ",\n";
	}
}

enum sendas_status
sendas_runs_json_one(struct sendas_journal *journal, const char *id,
    FILE *stream, struct sendas_error *err)
{
	struct sendas_journal_run run;
	enum sendas_status status;

	status = sendas_journal_get(journal, id, &run, err);
	if (status != SENDAS_OK)
		return status;
	fprintf(stream, "{\"version\":%d,\n\"run\":", VERSION_OF_CONTRACT);
	write_value(stream, "", run_value(&run));
	sendas_journal_run_clear(&run);
	fputs(",\n\"mailboxes\":[", stream);
	status = write_mailboxes(journal, id, stream, err);
	/* One that is cut short is to show that. */
	if (status == SENDAS_OK)
		fputs("]}\n", stream);
	return status;
}
