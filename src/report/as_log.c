/* SPDX-License-Identifier: Apache-2.0 */
/*
 * as_log.c: a line of JSON for each change, written when its outcome is
 * known, or when it is known that it is only planned.
 */
#include "sendas/as_log.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/mem.h"
#include "sendas/model_json.h"

#define VERSION_OF_LOG 1

struct sendas_as_log {
	struct sendas_sink sink;
	FILE *stream;
	struct sendas_run_info run;
};

/* Local time with its offset, "2026-11-24T11:15:00+09:00" (RFC 3339): the
 * one who reads it need not know where this machine stands. */
static void
set_now(struct sendas_json_value *object)
{
	time_t now = time(NULL);
	char date[24], offset[8], *text;
	struct tm local;

	localtime_r(&now, &local);
	strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &local);
	strftime(offset, sizeof(offset), "%z", &local);
	text = sendas_xasprintf("%s%.3s:%s", date, offset, offset + 3);
	sendas_json_set_string(object, "time", text);
	free(text);
}

static struct sendas_json_value *
line_value(const struct sendas_as_log *log, const char *mailbox,
    const struct sendas_change *change)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_int(object, "version", VERSION_OF_LOG);
	set_now(object);
	sendas_json_set_string(object, "run", log->run.id);
	sendas_json_set_string(object, "command", log->run.command);
	sendas_json_set_bool(object, "dryRun", log->run.is_dry_run);
	sendas_json_set_string(object, "undoOf", log->run.undo_of);
	sendas_json_set_string(object, "actor", log->run.actor);
	sendas_json_set_string(object, "identity", log->run.identity);
	sendas_json_set_string(object, "ticket", log->run.ticket);
	sendas_json_set_string(object, "approvedBy", log->run.approved_by);
	sendas_json_set_string(object, "mailbox", mailbox);
	sendas_json_set_string(object, "address", change->address);
	sendas_json_set_string(
	    object, "field", sendas_field_name(change->field));
	sendas_model_json_set_value(object, "before", &change->before);
	sendas_model_json_set_value(object, "after", &change->after);
	sendas_json_set_string(
	    object, "outcome", sendas_outcome_name(change->outcome));
	sendas_json_set_string(object, "message", change->message);
	return object;
}

static enum sendas_status
begin(void *ctx, const struct sendas_run_info *run, struct sendas_error *err)
{
	struct sendas_as_log *log = ctx;

	(void)err;
	log->run = *run;
	return SENDAS_OK;
}

static enum sendas_status
write_mailbox(
    void *ctx, const struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	const struct sendas_as_log *log = ctx;
	struct sendas_json_value *line;
	char *text;

	for (size_t i = 0; i < mailbox->change_count; i++) {
		line = line_value(log, mailbox->mailbox, &mailbox->changes[i]);
		text = sendas_json_format(line);
		/* In one piece, so that no other message stands in it. */
		fprintf(log->stream, "%s\n", text);
		free(text);
		sendas_json_value_free(line);
	}
	if (fflush(log->stream) == 0 && !ferror(log->stream))
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("the log cannot be written: %s"), strerror(errno));
}

struct sendas_as_log *
sendas_as_log_new(FILE *stream)
{
	struct sendas_as_log *log = sendas_xcalloc(1, sizeof(*log));

	log->stream = stream;
	log->sink = (struct sendas_sink){
	    .ctx = log, .begin = begin, .mailbox = write_mailbox};
	return log;
}

void
sendas_as_log_free(struct sendas_as_log *log)
{
	free(log);
}

const struct sendas_sink *
sendas_as_log_sink(struct sendas_as_log *log)
{
	return &log->sink;
}
