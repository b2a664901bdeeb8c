/* SPDX-License-Identifier: Apache-2.0 */
/*
 * as_json.c: the JSON contract, version 1: fields may be added, never renamed
 * or given another meaning. Mailboxes are written as they come; none is kept.
 */
#include "sendas/as_json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/mem.h"
#include "sendas/model_json.h"

#define VERSION_OF_CONTRACT 1

struct sendas_as_json {
	struct sendas_sink sink;
	FILE *stream;
	bool is_lines;
	bool has_begun; /* the head of the object was written */
	bool has_mailbox; /* one was written */
	struct sendas_run_info run;
	char *run_id;
};

static enum sendas_status
check_stream(const struct sendas_as_json *json, struct sendas_error *err)
{
	if (!ferror(json->stream))
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("the results cannot be written: %s"), strerror(errno));
}

static struct sendas_json_value *
run_value(const struct sendas_run_info *run)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "id", run->id);
	sendas_json_set_string(object, "command", run->command);
	sendas_json_set_bool(object, "dryRun", run->is_dry_run);
	sendas_json_set_string(object, "policy", run->provider.name);
	sendas_model_json_set_time(object, "started", run->started);
	return object;
}

static struct sendas_json_value *
rule_counts(const struct sendas_summary *summary)
{
	struct sendas_json_value *object = sendas_json_new_object();

	for (size_t i = 0; i < summary->finding_kinds; i++) {
		if (summary->findings[i].count > 0)
			sendas_json_set_int(object, summary->findings[i].rule,
			    (long)summary->findings[i].count);
	}
	return object;
}

static struct sendas_json_value *
severity_counts(const struct sendas_summary *summary)
{
	struct sendas_json_value *object = sendas_json_new_object();

	for (int i = SENDAS_SEVERITY_ERROR; i >= SENDAS_SEVERITY_INFO; i--)
		sendas_json_set_int(object,
		    sendas_severity_name((enum sendas_severity)i),
		    (long)summary->severities[i]);
	return object;
}

static struct sendas_json_value *
change_counts(const struct sendas_summary *summary)
{
	struct sendas_json_value *object = sendas_json_new_object();

	for (int i = 0; i < SENDAS_OUTCOME_COUNT; i++) {
		if (summary->changes[i] > 0)
			sendas_json_set_int(object,
			    sendas_outcome_name((enum sendas_outcome)i),
			    (long)summary->changes[i]);
	}
	return object;
}

static struct sendas_json_value *
summary_value(const struct sendas_summary *summary)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_bool(object, "complete", summary->is_complete);
	sendas_model_json_set_time(object, "finished", summary->finished);
	sendas_json_set_int(object, "mailboxes", (long)summary->mailboxes);
	sendas_json_set_int(object, "read", (long)summary->read);
	sendas_json_set_int(object, "clean", (long)summary->clean);
	sendas_json_set_int(
	    object, "withFindings", (long)summary->with_findings);
	sendas_json_set_int(object, "withRelay", (long)summary->with_relay);
	sendas_json_set_int(object, "unreadable", (long)summary->unreadable);
	sendas_json_set_int(object, "skipped", (long)summary->skipped);
	sendas_json_set(object, "findings", rule_counts(summary));
	sendas_json_set(object, "severities", severity_counts(summary));
	sendas_json_set(object, "changes", change_counts(summary));
	return object;
}

/* Writes a value and frees it. */
static void
write_value(struct sendas_as_json *json, struct sendas_json_value *takes)
{
	char *text = sendas_json_format(takes);

	fputs(text, json->stream);
	free(text);
	sendas_json_value_free(takes);
}

static enum sendas_status
begin(void *ctx, const struct sendas_run_info *run, struct sendas_error *err)
{
	struct sendas_as_json *json = ctx;

	(void)err;
	json->run = *run;
	json->run_id = sendas_xstrdup(run->id);
	return SENDAS_OK;
}

/* The head is written with the first result: a run that fails before that
 * leaves nothing half-written. */
static void
write_head(struct sendas_as_json *json)
{
	if (json->has_begun)
		return;
	json->has_begun = true;
	fprintf(
	    json->stream, "{\"version\":%d,\n\"run\":", VERSION_OF_CONTRACT);
	write_value(json, run_value(&json->run));
	fputs(",\n\"mailboxes\":[", json->stream);
}

static enum sendas_status
write_mailbox(
    void *ctx, const struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	struct sendas_json_value *object = sendas_model_json_mailbox(mailbox);
	struct sendas_as_json *json = ctx;

	if (json->is_lines) {
		sendas_json_set_int(object, "version", VERSION_OF_CONTRACT);
		sendas_json_set_string(object, "run", json->run_id);
		write_value(json, object);
		fputc('\n', json->stream);
		fflush(json->stream);
	} else {
		write_head(json);
		fputs(json->has_mailbox ? ",\n" : "\n", json->stream);
		write_value(json, object);
	}
	json->has_mailbox = true;
	return check_stream(json, err);
}

static enum sendas_status
end(void *ctx, const struct sendas_summary *summary, struct sendas_error *err)
{
	struct sendas_json_value *object;
	struct sendas_as_json *json = ctx;

	if (json->is_lines) {
		object = sendas_json_new_object();
		sendas_json_set_int(object, "version", VERSION_OF_CONTRACT);
		sendas_json_set_string(object, "run", json->run_id);
		sendas_json_set(object, "summary", summary_value(summary));
		write_value(json, object);
		fputc('\n', json->stream);
	} else {
		write_head(json);
		fputs("],\n\"summary\":", json->stream);
		write_value(json, summary_value(summary));
		fputs("}\n", json->stream);
	}
	fflush(json->stream);
	return check_stream(json, err);
}

struct sendas_as_json *
sendas_as_json_new(FILE *stream, bool is_lines)
{
	struct sendas_as_json *json = sendas_xcalloc(1, sizeof(*json));

	json->stream = stream;
	json->is_lines = is_lines;
	json->sink = (struct sendas_sink){
	    .ctx = json, .begin = begin, .mailbox = write_mailbox, .end = end};
	return json;
}

void
sendas_as_json_free(struct sendas_as_json *json)
{
	if (json == NULL)
		return;
	free(json->run_id);
	free(json);
}

const struct sendas_sink *
sendas_as_json_sink(struct sendas_as_json *json)
{
	return &json->sink;
}
