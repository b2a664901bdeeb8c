/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runs_text.c: runs of the journal, for a person. What stands there may come
 * from outside, so all of it is made harmless.
 */
#include "sendas/runs_text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/as_text.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"

#define COLUMNS 78

/* Wraps a line; what is beyond the first is indented. */
static void write_line(FILE *stream, size_t indent, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
write_line(FILE *stream, size_t indent, const char *format, ...)
{
	char *raw = NULL, *safe, *wrapped;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&raw, format, arguments) < 0)
		raw = sendas_xstrdup("");
	va_end(arguments);
	safe = sendas_text_safe(raw, false);
	wrapped = sendas_text_wrap(safe, indent, COLUMNS);
	fprintf(stream, "%s\n", wrapped);
	free(wrapped);
	free(safe);
	free(raw);
}

/* A line to copy from, which is not taken apart. An id is harmless. */
static void write_command(FILE *stream, const char *format, const char *id)
    __attribute__((format(printf, 2, 0)));

static void
write_command(FILE *stream, const char *format, const char *id)
{
	fprintf(stream, format, id);
	fputc('\n', stream);
}

/* "2026-11-24 11:15", local. */
static void
format_time(time_t when, char *out, size_t bytes)
{
	struct tm local;

	localtime_r(&when, &local);
	strftime(out, bytes, "%Y-%m-%d %H:%M", &local);
}

/* Whether it is over, and if not, why; the caller frees it. */
static char *
describe_state(const struct sendas_journal_run *run)
{
	if (run->is_alive)
		return sendas_xstrdup(_("under way"));
	if (run->open > 0)
		return sendas_xasprintf(
		    ngettext("not finished: %zu confirmed change has no "
			     "outcome",
			"not finished: %zu confirmed changes have no outcome",
			run->open),
		    run->open);
	if (run->planned > 0)
		return sendas_xasprintf(
		    ngettext("%zu change planned, not confirmed",
			"%zu changes planned, not confirmed", run->planned),
		    run->planned);
	return sendas_xstrdup(
	    run->finished != 0 ? _("finished") : _("ended early"));
}

struct list {
	FILE *stream;
	size_t count;
	char *unfinished; /* the newest run that can be gone on with */
};

static void
write_row(void *ctx, const struct sendas_journal_run *run)
{
	char *state = describe_state(run);
	char *changes = sendas_as_text_count_changes(run->outcomes);
	struct list *list = ctx;
	char when[24];

	format_time(run->started, when, sizeof(when));
	list->count++;
	/* A dry run's plan may be old; one who wants it finds it. */
	if (list->unfinished == NULL && !run->is_alive &&
	    (run->open > 0 || (run->planned > 0 && !run->is_dry_run)))
		list->unfinished = sendas_xstrdup(run->id);
	write_line(list->stream, 4,
	    ngettext("%s  %s  %s, %zu mailbox: %s",
		"%s  %s  %s, %zu mailboxes: %s", run->mailboxes),
	    run->id, when, run->command, run->mailboxes, state);
	if (changes != NULL)
		write_line(list->stream, 4, "    %s", changes);
	if (run->ticket != NULL)
		write_line(list->stream, 4, _("    Ticket: %s"), run->ticket);
	free(changes);
	free(state);
}

enum sendas_status
sendas_runs_text_list(
    struct sendas_journal *journal, FILE *stream, struct sendas_error *err)
{
	struct list list = {.stream = stream};
	enum sendas_status status =
	    sendas_journal_list(journal, write_row, &list, err);

	if (status == SENDAS_OK && list.count == 0)
		write_line(stream, 0, "%s", _("No runs are recorded yet."));
	if (status == SENDAS_OK && list.unfinished != NULL)
		write_command(stream,
		    _("To go on with the newest that is not finished: sendas "
		      "fix --run %s"),
		    list.unfinished);
	free(list.unfinished);
	return status;
}

/* A line of what is known of a run; nothing where nothing is. */
static void
write_fact(FILE *stream, const char *label, const char *value)
{
	if (value != NULL && *value != '\0')
		write_line(stream, 4, "%s %s", label, value);
}

static void
write_facts(FILE *stream, const struct sendas_journal_run *run)
{
	char *state = describe_state(run);
	char when[24];

	format_time(run->started, when, sizeof(when));
	write_line(stream, 4, "%s  %s  %s%s", run->id, when, run->command,
	    run->is_dry_run ? _(" (dry run)") : "");
	write_fact(stream, _("State:"), state);
	write_fact(stream, _("By:"), run->os_user);
	write_fact(stream, _("On:"), run->host);
	write_fact(stream, _("Signed in as:"), run->identity);
	write_fact(stream, _("Mailboxes:"), run->selection);
	write_fact(stream, _("Policy:"), run->policy);
	write_fact(stream, _("Policy's SHA-256:"), run->policy_sha256);
	write_fact(stream, _("Options:"), run->options);
	write_fact(stream, _("Ticket:"), run->ticket);
	write_fact(stream, _("Approved by:"), run->approved_by);
	write_fact(stream, _("Plan's SHA-256:"), run->plan_sha256);
	write_fact(stream, _("Takes back:"), run->undo_of);
	write_fact(stream, _("Version:"), run->version);
	free(state);
}

static void
write_mailbox(FILE *stream, const struct sendas_mailbox *mailbox)
{
	if (mailbox->status == SENDAS_MAILBOX_READ &&
	    mailbox->change_count == 0)
		return;
	fputc('\n', stream);
	write_line(
	    stream, 2, "%s", mailbox->mailbox != NULL ? mailbox->mailbox : "-");
	if (mailbox->status != SENDAS_MAILBOX_READ)
		write_line(stream, 4, _("  Not read: %s"),
		    mailbox->message != NULL ? mailbox->message : "");
	for (size_t i = 0; i < mailbox->change_count; i++)
		sendas_as_text_write_change(stream, &mailbox->changes[i]);
}

/* What can be done about it now. */
static void
write_next(FILE *stream, const struct sendas_journal_run *run)
{
	fputc('\n', stream);
	write_line(stream, 4,
	    _("%zu mailboxes read, %zu not readable, %zu not looked at."),
	    run->read, run->unreadable, run->skipped);
	if (run->open > 0 || run->planned > 0)
		write_line(
		    stream, 4, _("To go on: sendas fix --run %s"), run->id);
	if (run->outcomes[SENDAS_OUTCOME_APPLIED] > 0 ||
	    run->outcomes[SENDAS_OUTCOME_PENDING_VERIFICATION] > 0)
		write_command(stream,
		    _("To put back what was changed: sendas undo %s"), run->id);
}

enum sendas_status
sendas_runs_text_one(struct sendas_journal *journal, const char *id,
    FILE *stream, struct sendas_error *err)
{
	struct sendas_mailbox *mailbox;
	struct sendas_journal_run run;
	enum sendas_status status;
	long long after = 0;

	status = sendas_journal_get(journal, id, &run, err);
	if (status != SENDAS_OK)
		return status;
	write_facts(stream, &run);
	while (status == SENDAS_OK) {
		status = sendas_journal_next(
		    journal, id, SENDAS_JOURNAL_ALL, &after, &mailbox, err);
		if (status != SENDAS_OK || mailbox == NULL)
			break;
		write_mailbox(stream, mailbox);
		sendas_mailbox_free(mailbox);
	}
	if (status == SENDAS_OK)
		write_next(stream, &run);
	sendas_journal_run_clear(&run);
	return status;
}
