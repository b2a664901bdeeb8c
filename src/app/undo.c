/* SPDX-License-Identifier: Apache-2.0 */
/*
 * undo.c: what a run changed, looked at as it is now, planned backwards, and
 * on to execute.c.
 */
#include "sendas/undo.h"

#include <stdbool.h>
#include <stdlib.h>
#include "sendas/audit.h"
#include "sendas/fleet.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/plan.h"
#include "sendas/text.h"

struct undo {
	struct sendas_run *run;
	const char *of; /* the run that is taken back */
	char *const *words; /* mailboxes */
	size_t word_count; /* 0: all */
	long long after; /* where its record is read */
	enum sendas_status status; /* of the sinks */
	struct sendas_error *err;
};

/* One of its mailboxes. */
struct undoing {
	struct undo *undo;
	struct sendas_mailbox *done; /* with what was changed */
	struct sendas_fleet_slot *slot;
};

/* The word that names the mailbox, or word_count. */
static size_t
find_word(const struct undo *undo, const char *mailbox)
{
	size_t i = 0;

	while (i < undo->word_count &&
	    !sendas_text_equal_fold(undo->words[i], mailbox))
		i++;
	return i;
}

/* The next mailbox in which there is something to put back. */
static enum sendas_status
next_done(
    struct undo *undo, struct sendas_mailbox **out, struct sendas_error *err)
{
	struct sendas_mailbox *mailbox;
	enum sendas_status status;

	for (;;) {
		status = sendas_journal_next(undo->run->journal, undo->of,
		    SENDAS_JOURNAL_DONE, &undo->after, &mailbox, err);
		if (status != SENDAS_OK)
			return status;
		if (mailbox == NULL || undo->word_count == 0 ||
		    find_word(undo, mailbox->mailbox) < undo->word_count)
			break;
		sendas_mailbox_free(mailbox);
	}
	*out = mailbox;
	return SENDAS_OK;
}

static enum sendas_status
fail_nothing(
    const struct undo *undo, const bool *found, struct sendas_error *err)
{
	for (size_t i = 0; i < undo->word_count; i++) {
		if (!found[i])
			return sendas_fail(err, SENDAS_ERR_USAGE,
			    _("In %s there is nothing to put back: the run %s "
			      "changed nothing there, or it was put back "
			      "before."),
			    undo->words[i], undo->of);
	}
	if (undo->word_count == 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("There is nothing to put back: the run %s changed "
		      "nothing, or it was put back before."),
		    undo->of);
	return SENDAS_OK;
}

/* Before anything is asked of Google: is there something, and in each mailbox
 * that was named? */
static enum sendas_status
check_words(struct undo *undo, struct sendas_error *err)
{
	bool *found = sendas_xcalloc(undo->word_count + 1, sizeof(*found));
	struct sendas_mailbox *mailbox;
	enum sendas_status status;
	size_t count = 0;

	for (;;) {
		status = next_done(undo, &mailbox, err);
		if (status != SENDAS_OK || mailbox == NULL)
			break;
		found[find_word(undo, mailbox->mailbox)] = true;
		count++;
		sendas_mailbox_free(mailbox);
		/* Without words, one is enough to know. */
		if (undo->word_count == 0)
			break;
	}
	if (status == SENDAS_OK && (undo->word_count > 0 || count == 0))
		status = fail_nothing(undo, found, err);
	free(found);
	undo->after = 0;
	return status;
}

static void *
next_undoing(void *ctx)
{
	struct undo *undo = ctx;
	struct sendas_mailbox *mailbox = NULL;
	struct undoing *undoing;
	struct sendas_error why;

	if (next_done(undo, &mailbox, &why) != SENDAS_OK)
		sendas_run_note_failure(undo->run, &why);
	if (mailbox == NULL)
		return NULL;
	undoing = sendas_xcalloc(1, sizeof(*undoing));
	undoing->undo = undo;
	undoing->done = mailbox;
	return undoing;
}

static const char *
key_of_undoing(const void *item)
{
	return ((const struct undoing *)item)->done->mailbox;
}

static bool
should_stop(void *ctx)
{
	const struct undo *undo = ctx;

	return undo->status != SENDAS_OK || sendas_run_should_stop(undo->run);
}

/* Hands on a mailbox; one with changes to be made waits in the journal. */
static void
take(struct undo *undo, struct sendas_mailbox *mailbox)
{
	bool is_planned = sendas_mailbox_count_planned(mailbox) > 0;

	sendas_run_record(undo->run, mailbox);
	if (is_planned || undo->status != SENDAS_OK)
		sendas_mailbox_free(mailbox);
	else
		undo->status = sendas_run_emit(undo->run, mailbox, undo->err);
}

static void
free_undoing(struct undoing *undoing)
{
	sendas_mailbox_free(undoing->done);
	free(undoing);
}

static void
looked_at(void *ctx, struct sendas_mailbox *now)
{
	struct sendas_plan_means means;
	struct undoing *undoing = ctx;

	if (now->status == SENDAS_MAILBOX_READ) {
		means = sendas_run_means(undoing->undo->run);
		sendas_plan_undo(now, undoing->done, &means);
	}
	take(undoing->undo, now);
	sendas_fleet_done(undoing->slot);
	free_undoing(undoing);
}

static void
start(void *ctx, void *item, struct sendas_fleet_slot *slot)
{
	struct undo *undo = ctx;
	struct undoing *undoing = item;

	undoing->slot = slot;
	sendas_audit_mailbox(
	    undo->run, undoing->done->mailbox, looked_at, undoing);
}

static void
skip(void *ctx, void *item)
{
	struct undoing *undoing = item;
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new(undoing->done->mailbox, SENDAS_SOURCE_GMAIL);

	sendas_audit_set_skipped(mailbox);
	take(ctx, mailbox);
	free_undoing(undoing);
}

enum sendas_status
sendas_undo_run(struct sendas_run *run, const char *of, char *const *words,
    size_t count, const struct sendas_execute_options *options,
    struct sendas_error *err)
{
	struct undo undo = {.run = run,
	    .of = of,
	    .words = words,
	    .word_count = count,
	    .err = err};
	struct sendas_fleet_work work = {
	    .ctx = &undo,
	    .next = next_undoing,
	    .key = key_of_undoing,
	    .should_stop = should_stop,
	    .start = start,
	    .skip = skip,
	};
	enum sendas_status status = check_words(&undo, err);

	if (status != SENDAS_OK)
		return status;
	sendas_fleet_run(run->http, SENDAS_LIMIT_SLOTS, &work);
	if (undo.status != SENDAS_OK)
		return undo.status;
	return sendas_execute(run, options, err);
}
