/* SPDX-License-Identifier: Apache-2.0 */
/*
 * runs_text.c: runs of the journal, for a person. What stands there may come
 * from outside, so all of it is made harmless.
 */
#include "sendas/runs_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/as_text.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"

/* What is to be typed, on a line of its own and not taken apart. */
static void
write_command(FILE *stream, const char *command, const char *id)
{
	char *safe = sendas_text_safe(id, false);

	fprintf(stream, "  sendas %s %s\n", command, safe);
	free(safe);
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

/* The same in a word or two: a cell of the list. */
static const char *
state_word(const struct sendas_journal_run *run)
{
	if (run->is_alive)
		return _("under way");
	if (run->open > 0)
		return _("not finished");
	if (run->planned > 0)
		return _("not confirmed");
	return run->finished != 0 ? _("finished") : _("ended early");
}

/* What became of the changes; nothing where there are none. */
static void
write_counts(
    FILE *stream, const char *lead, const struct sendas_journal_run *run)
{
	size_t counts[SENDAS_OUTCOME_COUNT];
	char *changes;

	memcpy(counts, run->outcomes, sizeof(counts));
	counts[SENDAS_OUTCOME_PLANNED] = run->planned;
	if (run->open > 0)
		sendas_as_text_write_item(stream, "", 4,
		    _("%s%zu confirmed, without an outcome"), lead, run->open);
	changes = sendas_as_text_count_changes(counts);
	if (changes != NULL)
		sendas_as_text_write_item(stream, "", 4, "%s%s", lead, changes);
	free(changes);
}

/*
 * The list's columns are as wide as what sendas itself puts there, so that a
 * row can be written when it is read: 80 columns in all, in English. The
 * state is the last, which needs no width. What is wider stands there whole.
 */
enum column { RUN, WHEN, COMMAND, MAILBOXES, COLUMN_COUNT };

struct list {
	FILE *stream;
	size_t widths[COLUMN_COUNT];
	size_t count;
	char *unfinished; /* the newest run that can be gone on with */
};

static size_t
wider(size_t width, const char *text)
{
	size_t other = sendas_text_width(text);

	return other > width ? other : width;
}

static void
measure(size_t *widths)
{
	widths[RUN] = wider(strlen("20261124T021500Z-7f3a"), _("RUN"));
	widths[WHEN] = wider(strlen("2026-11-24 11:15"), _("STARTED"));
	widths[COMMAND] = wider(strlen("audit"), _("COMMAND"));
	widths[COMMAND] = wider(widths[COMMAND], _("fix, dry run"));
	widths[COMMAND] = wider(widths[COMMAND], _("undo, dry run"));
	widths[MAILBOXES] = wider(strlen("100000"), _("MAILBOXES"));
}

static void
write_cell(const struct list *list, enum column column, const char *text)
{
	size_t width = sendas_text_width(text);
	int fill = 0;

	if (width < list->widths[column])
		fill = (int)(list->widths[column] - width);
	if (column == MAILBOXES)
		fprintf(list->stream, "%*s%s  ", fill, "", text);
	else
		fprintf(list->stream, "%s%*s  ", text, fill, "");
}

static void
write_head(const struct list *list)
{
	write_cell(list, RUN, _("RUN"));
	write_cell(list, WHEN, _("STARTED"));
	write_cell(list, COMMAND, _("COMMAND"));
	write_cell(list, MAILBOXES, _("MAILBOXES"));
	fprintf(list->stream, "%s\n", _("STATE"));
}

/* "fix", or "fix, dry run"; the caller frees it. */
static char *
describe_command(const struct sendas_journal_run *run)
{
	if (run->is_dry_run && strcmp(run->command, "fix") == 0)
		return sendas_xstrdup(_("fix, dry run"));
	if (run->is_dry_run && strcmp(run->command, "undo") == 0)
		return sendas_xstrdup(_("undo, dry run"));
	return sendas_text_safe(run->command, false);
}

static void
write_cells(const struct list *list, const struct sendas_journal_run *run)
{
	char *id = sendas_text_safe(run->id, false);
	char *command = describe_command(run);
	char *mailboxes = sendas_xasprintf("%zu", run->mailboxes);
	char when[24];

	sendas_text_format_time(run->started, false, when, sizeof(when));
	write_cell(list, RUN, id);
	write_cell(list, WHEN, when);
	write_cell(list, COMMAND, command);
	write_cell(list, MAILBOXES, mailboxes);
	fprintf(list->stream, "%s\n", state_word(run));
	free(mailboxes);
	free(command);
	free(id);
}

static void
write_row(void *ctx, const struct sendas_journal_run *run)
{
	struct list *list = ctx;

	if (list->count++ == 0)
		write_head(list);
	/* A dry run's plan may be old; one who wants it finds it. */
	if (list->unfinished == NULL && !run->is_alive &&
	    (run->open > 0 || (run->planned > 0 && !run->is_dry_run)))
		list->unfinished = sendas_xstrdup(run->id);
	write_cells(list, run);
	write_counts(list->stream, "    ", run);
	if (run->ticket != NULL)
		sendas_as_text_write_item(
		    list->stream, "", 4, _("    Ticket: %s"), run->ticket);
}

void
sendas_runs_text_none(FILE *stream, const char *path)
{
	sendas_as_text_write_item(
	    stream, "", 0, _("No runs are recorded yet (%s)."), path);
}

enum sendas_status
sendas_runs_text_list(
    struct sendas_journal *journal, FILE *stream, struct sendas_error *err)
{
	struct list list = {.stream = stream};
	enum sendas_status status;

	measure(list.widths);
	status = sendas_journal_list(journal, write_row, &list, err);
	if (status == SENDAS_OK && list.count == 0)
		sendas_runs_text_none(stream, sendas_journal_path(journal));
	if (status == SENDAS_OK && list.unfinished != NULL) {
		fprintf(stream, "\n%s\n",
		    _("To go on with the newest that is not finished:"));
		write_command(stream, "fix --run", list.unfinished);
	}
	free(list.unfinished);
	return status;
}

/* A line of what is known of a run; nothing where nothing is. */
static void
write_fact(FILE *stream, const char *label, const char *value)
{
	if (value != NULL && *value != '\0')
		sendas_as_text_write_item(stream, "", 4, "%s %s", label, value);
}

/* When it began, and when it ended if it did. */
static void
write_times(FILE *stream, const struct sendas_journal_run *run)
{
	char when[24];

	sendas_text_format_time(run->started, false, when, sizeof(when));
	write_fact(stream, _("Began:"), when);
	if (run->finished == 0)
		return;
	sendas_text_format_time(run->finished, false, when, sizeof(when));
	write_fact(stream, _("Ended:"), when);
}

static void
write_facts(FILE *stream, const struct sendas_journal_run *run)
{
	char *command = describe_command(run);
	char *state = describe_state(run);

	sendas_as_text_write_item(stream, "", 4, "%s  %s", run->id, command);
	write_fact(stream, _("State:"), state);
	write_times(stream, run);
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
	free(command);
	free(state);
}

/* How much was looked at, and what became of it. */
static void
write_reckoning(FILE *stream, const struct sendas_journal_run *run)
{
	fputc('\n', stream);
	sendas_as_text_write_item(stream, "", 4,
	    _("Mailboxes read: %zu, not readable: %zu, not looked at: %zu"),
	    run->read, run->unreadable, run->skipped);
	write_counts(stream, "", run);
}

/* "taro@ocn.ne.jp: treat-as-alias, port-25": the rules' names, since the
 * messages are not kept. What is only worth knowing is left out. */
static void
write_findings(FILE *stream, const struct sendas_address *address)
{
	char *list = NULL, *longer;

	for (size_t i = 0; i < address->finding_count; i++) {
		if (address->findings[i].severity <= SENDAS_SEVERITY_INFO)
			continue;
		longer = sendas_xasprintf("%s%s%s", list != NULL ? list : "",
		    list != NULL ? ", " : "", address->findings[i].rule);
		free(list);
		list = longer;
	}
	if (list != NULL)
		sendas_as_text_write_item(
		    stream, "", 4, "  * %s: %s", address->address, list);
	free(list);
}

static bool
is_worth_a_look(const struct sendas_mailbox *mailbox, bool is_audit)
{
	return mailbox->status != SENDAS_MAILBOX_READ ||
	    mailbox->change_count > 0 ||
	    (is_audit && sendas_mailbox_worst(mailbox) > SENDAS_SEVERITY_INFO);
}

static void
write_mailbox(FILE *stream, const struct sendas_mailbox *mailbox, bool is_audit)
{
	if (!is_worth_a_look(mailbox, is_audit))
		return;
	fputc('\n', stream);
	sendas_as_text_write_item(stream, "", 2, "%s",
	    mailbox->mailbox != NULL ? mailbox->mailbox : "-");
	if (mailbox->status != SENDAS_MAILBOX_READ)
		sendas_as_text_write_item(stream, "", 4, _("  Not read: %s"),
		    mailbox->message != NULL ? mailbox->message : "");
	for (size_t i = 0; is_audit && i < mailbox->address_count; i++)
		write_findings(stream, &mailbox->addresses[i]);
	for (size_t i = 0; i < mailbox->change_count; i++)
		sendas_as_text_write_change(stream, &mailbox->changes[i]);
}

/* What can be done about it now; nothing while another process is at it. */
static void
write_next(FILE *stream, const struct sendas_journal_run *run)
{
	if (run->is_alive)
		return;
	if (run->open > 0 || run->planned > 0) {
		fprintf(stream, "\n%s\n", _("To go on:"));
		write_command(stream, "fix --run", run->id);
	}
	if (run->outcomes[SENDAS_OUTCOME_APPLIED] > 0 ||
	    run->outcomes[SENDAS_OUTCOME_PENDING_VERIFICATION] > 0) {
		fprintf(stream, "\n%s\n", _("To put back what was changed:"));
		write_command(stream, "undo", run->id);
	}
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
	write_reckoning(stream, &run);
	while (status == SENDAS_OK) {
		status = sendas_journal_next(
		    journal, id, SENDAS_JOURNAL_ALL, &after, &mailbox, err);
		if (status != SENDAS_OK || mailbox == NULL)
			break;
		write_mailbox(
		    stream, mailbox, strcmp(run.command, "audit") == 0);
		sendas_mailbox_free(mailbox);
	}
	if (status == SENDAS_OK)
		write_next(stream, &run);
	sendas_journal_run_clear(&run);
	return status;
}
