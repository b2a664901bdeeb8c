/* SPDX-License-Identifier: Apache-2.0 */
/*
 * as_json.c: the JSON contract, version 1: fields may be added, never renamed
 * or given another meaning. Mailboxes are written as they come; none is kept.
 */
#include "sendas/as_json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/mem.h"

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

static void
set_time(struct sendas_json_value *object, const char *key, time_t when)
{
	char text[32];
	struct tm utc;

	gmtime_r(&when, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	sendas_json_set_string(object, key, text);
}

static void
set_value(struct sendas_json_value *object, const char *key,
    const struct sendas_value *value)
{
	switch (value->kind) {
	case SENDAS_VALUE_NULL:
		sendas_json_set_null(object, key);
		break;
	case SENDAS_VALUE_BOOL:
		sendas_json_set_bool(object, key, value->is_true);
		break;
	case SENDAS_VALUE_INT:
		sendas_json_set_int(object, key, value->number);
		break;
	case SENDAS_VALUE_TEXT:
		sendas_json_set_string(object, key, value->text);
		break;
	}
}

static struct sendas_json_value *
finding_value(const struct sendas_finding *finding)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "rule", finding->rule);
	sendas_json_set_string(
	    object, "severity", sendas_severity_name(finding->severity));
	sendas_json_set_string(
	    object, "evidence", sendas_evidence_name(finding->evidence));
	sendas_json_set_string(object, "source", finding->source);
	sendas_json_set_string(object, "message", finding->message);
	set_value(object, "observed", &finding->observed);
	set_value(object, "expected", &finding->expected);
	sendas_json_set_string(
	    object, "repair", sendas_repair_name(finding->repair));
	sendas_json_set_bool(object, "onRequest", finding->is_on_request);
	return object;
}

static struct sendas_json_value *
relay_value(const struct sendas_relay *relay)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "host", relay->host);
	if (relay->port < 0)
		sendas_json_set_null(object, "port");
	else
		sendas_json_set_int(object, "port", relay->port);
	sendas_json_set_string(object, "security", relay->security);
	return object;
}

static struct sendas_json_value *
address_value(const struct sendas_address *address)
{
	struct sendas_json_value *object = sendas_json_new_object();
	struct sendas_json_value *findings = sendas_json_new_array();

	sendas_json_set_string(object, "address", address->address);
	sendas_json_set_string(object, "provider", address->provider);
	sendas_json_set_bool(object, "isPrimary", address->is_primary);
	sendas_json_set_bool(object, "isDefault", address->is_default);
	if (address->unseen & SENDAS_UNSEEN_ALIAS)
		sendas_json_set_null(object, "treatAsAlias");
	else
		sendas_json_set_bool(
		    object, "treatAsAlias", address->treat_as_alias);
	sendas_json_set_string(
	    object, "verificationStatus", address->verification);
	if (address->has_relay)
		sendas_json_set(object, "relay", relay_value(&address->relay));
	else
		sendas_json_set_null(object, "relay");
	for (size_t i = 0; i < address->finding_count; i++)
		sendas_json_append(
		    findings, finding_value(&address->findings[i]));
	sendas_json_set(object, "findings", findings);
	return object;
}

static struct sendas_json_value *
change_value(const struct sendas_change *change)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "address", change->address);
	sendas_json_set_string(
	    object, "field", sendas_field_name(change->field));
	set_value(object, "before", &change->before);
	set_value(object, "after", &change->after);
	sendas_json_set_string(
	    object, "outcome", sendas_outcome_name(change->outcome));
	sendas_json_set_bool(object, "reversible", change->is_reversible);
	if (change->message != NULL)
		sendas_json_set_string(object, "message", change->message);
	return object;
}

static void
set_addresses(
    struct sendas_json_value *object, const struct sendas_mailbox *mailbox)
{
	struct sendas_json_value *list = sendas_json_new_array();

	for (size_t i = 0; i < mailbox->address_count; i++)
		sendas_json_append(list, address_value(&mailbox->addresses[i]));
	sendas_json_set(object, "addresses", list);
}

static void
set_changes(
    struct sendas_json_value *object, const struct sendas_mailbox *mailbox)
{
	struct sendas_json_value *list = sendas_json_new_array();

	for (size_t i = 0; i < mailbox->change_count; i++)
		sendas_json_append(list, change_value(&mailbox->changes[i]));
	sendas_json_set(object, "changes", list);
}

static struct sendas_json_value *
mailbox_value(const struct sendas_mailbox *mailbox)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "mailbox", mailbox->mailbox);
	sendas_json_set_string(
	    object, "status", sendas_mailbox_status_name(mailbox->status));
	sendas_json_set_string(
	    object, "source", sendas_source_name(mailbox->source));
	if (mailbox->status == SENDAS_MAILBOX_READ) {
		set_addresses(object, mailbox);
	} else {
		sendas_json_set_string(
		    object, "reason", sendas_reason_name(mailbox->reason));
		sendas_json_set_string(object, "message", mailbox->message);
	}
	if (mailbox->change_count > 0)
		set_changes(object, mailbox);
	return object;
}

static struct sendas_json_value *
run_value(const struct sendas_run_info *run)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "id", run->id);
	sendas_json_set_string(object, "command", run->command);
	sendas_json_set_bool(object, "dryRun", run->is_dry_run);
	sendas_json_set_string(object, "policy", run->provider.name);
	set_time(object, "started", run->started);
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
	set_time(object, "finished", summary->finished);
	sendas_json_set_int(object, "mailboxes", (long)summary->mailboxes);
	sendas_json_set_int(object, "read", (long)summary->read);
	sendas_json_set_int(object, "clean", (long)summary->clean);
	sendas_json_set_int(
	    object, "withFindings", (long)summary->with_findings);
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
	struct sendas_json_value *object = mailbox_value(mailbox);
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
