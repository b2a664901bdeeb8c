/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_write.c: what waits for the disk, and the thread that takes all of
 * it at once. An operation is written, with others or alone, and then told to
 * whoever asked for it.
 */
#include "journal_inside.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/fault.h"
#include "sendas/clock.h"
#include "sendas/limits.h"
#include "sendas/mem.h"

enum op_kind {
	OP_MAILBOX,
	OP_INTEND,
	OP_SETTLE,
};

struct sendas_journal_op {
	STAILQ_ENTRY(sendas_journal_op) next;
	enum op_kind kind;
	struct sendas_mailbox *mailbox; /* a copy; for OP_SETTLE its changes */
	long long *ids;
	size_t id_count;
	sendas_journal_fn *fn;
	void *ctx;
	struct sendas_error *err; /* NULL: it is on disk */
};

#ifdef WITH_FAULT_POINTS
static const char *const fault_before[] = {
    [OP_MAILBOX] = "journal.add.before",
    [OP_INTEND] = "journal.intend.before",
    [OP_SETTLE] = "journal.settle.before",
};

static const char *const fault_after[] = {
    [OP_MAILBOX] = "journal.add.after",
    [OP_INTEND] = "journal.intend.after",
    [OP_SETTLE] = "journal.settle.after",
};

static void
pass_points(
    const struct sendas_journal_op *op, bool is_group, const char *const *names)
{
	for (; op != NULL; op = is_group ? STAILQ_NEXT(op, next) : NULL)
		sendas_fault_point(names[op->kind]);
}
#else
#define pass_points(op, is_group, names) ((void)(op))
#endif

static void
free_op(struct sendas_journal_op *op)
{
	sendas_mailbox_free(op->mailbox);
	free(op->ids);
	free(op->err);
	free(op);
}

static int
write_op(struct sendas_journal *journal, const struct sendas_journal_op *op,
    struct sendas_journal_sums *sums)
{
	switch (op->kind) {
	case OP_MAILBOX:
		return sendas_journal_rows_mailbox(journal, op->mailbox, sums);
	case OP_INTEND:
		return sendas_journal_rows_intend(
		    journal, op->ids, op->id_count);
	case OP_SETTLE:
		return sendas_journal_rows_settle(journal, op->mailbox);
	}
	return SQLITE_MISUSE;
}

/* One transaction of `op` and, as a group, those behind it. */
static int
write_transaction(struct sendas_journal *journal,
    const struct sendas_journal_op *op, bool is_group, struct sendas_error *err)
{
	const struct sendas_journal_op *first = op;
	struct sendas_journal_sums sums = {0};
	int rc = sendas_journal_db_run(journal->writer, SQL_BEGIN_WRITING);

	if (rc == SQLITE_OK)
		rc = sendas_journal_words_refresh(journal);
	for (; op != NULL && rc == SQLITE_OK;
	     op = is_group ? STAILQ_NEXT(op, next) : NULL)
		rc = write_op(journal, op, &sums);
	if (rc == SQLITE_OK)
		rc = sendas_journal_rows_run(journal, &sums);
	if (rc == SQLITE_OK) {
		pass_points(first, is_group, fault_before);
		rc = sendas_journal_db_run(journal->writer, SQL_COMMIT);
	}
	if (rc == SQLITE_OK) {
		pass_points(first, is_group, fault_after);
		return rc;
	}
	sendas_journal_fail(journal, journal->writer, rc, err);
	sendas_journal_words_clear(&journal->words);
	return sendas_journal_db_end(journal->writer, rc);
}

static void
set_error(struct sendas_journal_op *op, const struct sendas_error *err)
{
	op->err = sendas_xmalloc(sizeof(*op->err));
	*op->err = *err;
}

/* True when one operation is at fault, and not the file. */
static bool
is_of_one(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT:
	case SQLITE_TOOBIG:
	case SQLITE_MISMATCH:
		return true;
	default:
		return false;
	}
}

/* All in one transaction; when one of them is at fault, each in its own, so
 * that only that one fails. */
static void
write_ops(struct sendas_journal *journal, struct sendas_journal_ops *ops)
{
	struct sendas_journal_op *op = STAILQ_FIRST(ops);
	struct sendas_error err;
	bool is_alone;
	int rc;

	if (op == NULL)
		return;
	if (sendas_journal_check(journal, &err) != SENDAS_OK)
		rc = SQLITE_CORRUPT;
	else
		rc = write_transaction(journal, op, true, &err);
	is_alone = is_of_one(rc) && STAILQ_NEXT(op, next) != NULL;
	for (; op != NULL && rc != SQLITE_OK; op = STAILQ_NEXT(op, next)) {
		if (!is_alone ||
		    write_transaction(journal, op, false, &err) != SQLITE_OK)
			set_error(op, &err);
	}
}

/* Puts what was written where the loop finds it; what nobody wants to be told
 * of goes. Called with the mutex held. */
static void
sort_written(struct sendas_journal *journal, struct sendas_journal_ops *ops)
{
	struct sendas_journal_op *op;

	while ((op = STAILQ_FIRST(ops)) != NULL) {
		STAILQ_REMOVE_HEAD(ops, next);
		if (op->fn != NULL) {
			STAILQ_INSERT_TAIL(&journal->written, op, next);
			continue;
		}
		if (op->err != NULL && !journal->has_untold) {
			journal->has_untold = true;
			journal->untold = *op->err;
		}
		free_op(op);
	}
}

void
sendas_journal_write_all(struct sendas_journal *journal)
{
	struct sendas_journal_ops ops = STAILQ_HEAD_INITIALIZER(ops);

	pthread_mutex_lock(&journal->mutex);
	while (journal->is_writing)
		pthread_cond_wait(&journal->has_written, &journal->mutex);
	journal->is_writing = true;
	STAILQ_CONCAT(&ops, &journal->waiting);
	journal->waiting_count = 0;
	journal->waiting_rows = 0;
	journal->is_awaited = false;
	pthread_mutex_unlock(&journal->mutex);

	if (!STAILQ_EMPTY(&ops)) {
		pthread_mutex_lock(&journal->writer->lock);
		write_ops(journal, &ops);
		pthread_mutex_unlock(&journal->writer->lock);
	}

	pthread_mutex_lock(&journal->mutex);
	sort_written(journal, &ops);
	journal->is_writing = false;
	pthread_cond_broadcast(&journal->has_written);
	pthread_mutex_unlock(&journal->mutex);
}

static void
run_job(void *ctx)
{
	sendas_journal_write_all(ctx);
}

static void end_job(void *ctx);

static void
start_job(struct sendas_journal *journal)
{
	if (journal->has_job || journal->workers == NULL)
		return;
	journal->has_job = true;
	journal->job_workers = journal->workers;
	sendas_workers_submit(journal->workers, run_job, end_job, journal);
}

/* Whether what waits should wait no longer. */
static bool
is_due(struct sendas_journal *journal)
{
	bool is;

	pthread_mutex_lock(&journal->mutex);
	is = journal->is_awaited ||
	    journal->waiting_count >= SENDAS_LIMIT_JOURNAL_BATCH ||
	    (journal->waiting_count > 0 &&
		sendas_clock_now_ms() - journal->waiting_since_ms >=
		    SENDAS_LIMIT_JOURNAL_DELAY_MS);
	pthread_mutex_unlock(&journal->mutex);
	return is;
}

/* On the loop: tells what was written, and has the next written. */
static void
end_job(void *ctx)
{
	struct sendas_journal_ops ops = STAILQ_HEAD_INITIALIZER(ops);
	struct sendas_journal *journal = ctx;
	struct sendas_journal_op *op;

	pthread_mutex_lock(&journal->mutex);
	STAILQ_CONCAT(&ops, &journal->written);
	pthread_mutex_unlock(&journal->mutex);
	journal->has_job = false;
	/* The disk is not to idle while others are told. */
	if (!journal->is_closing && is_due(journal))
		start_job(journal);
	while ((op = STAILQ_FIRST(&ops)) != NULL) {
		STAILQ_REMOVE_HEAD(&ops, next);
		if (!journal->is_closing)
			op->fn(op->ctx, op->err);
		free_op(op);
	}
}

/* How many rows it will be. */
static size_t
count_rows(const struct sendas_journal_op *op)
{
	size_t rows = 1 + op->id_count;

	if (op->mailbox == NULL)
		return rows;
	rows += op->mailbox->address_count + op->mailbox->change_count;
	for (size_t i = 0; i < op->mailbox->address_count; i++)
		rows += op->mailbox->addresses[i].finding_count;
	return rows;
}

static bool
is_full(struct sendas_journal *journal)
{
	bool is;

	pthread_mutex_lock(&journal->mutex);
	is = journal->waiting_rows > SENDAS_LIMIT_JOURNAL_QUEUE;
	pthread_mutex_unlock(&journal->mutex);
	return is;
}

static void
submit(struct sendas_journal *journal, struct sendas_journal_op *op)
{
	pthread_mutex_lock(&journal->mutex);
	if (journal->waiting_count++ == 0)
		journal->waiting_since_ms = sendas_clock_now_ms();
	journal->waiting_rows += count_rows(op);
	journal->is_awaited = journal->is_awaited || op->fn != NULL;
	STAILQ_INSERT_TAIL(&journal->waiting, op, next);
	pthread_mutex_unlock(&journal->mutex);
	if (is_due(journal))
		start_job(journal);
}

static struct sendas_journal_op *
new_op(enum op_kind kind, sendas_journal_fn *fn, void *ctx)
{
	struct sendas_journal_op *op = sendas_xcalloc(1, sizeof(*op));

	op->kind = kind;
	op->fn = fn;
	op->ctx = ctx;
	return op;
}

/* Without its message, which is not kept. */
static void
copy_finding(struct sendas_journal *journal,
    const struct sendas_finding *finding, struct sendas_finding *copy)
{
	*copy = *finding;
	copy->rule = sendas_journal_intern(journal, finding->rule);
	copy->source = sendas_journal_intern(journal, finding->source);
	copy->message = NULL;
	copy->observed = sendas_value_copy(&finding->observed);
	copy->expected = sendas_value_copy(&finding->expected);
}

static void
copy_address(struct sendas_journal *journal,
    const struct sendas_address *address, struct sendas_address *copy)
{
	*copy = *address;
	copy->address = sendas_xstrdup(address->address);
	copy->display_name = sendas_xstrdup(address->display_name);
	copy->reply_to = sendas_xstrdup(address->reply_to);
	copy->verification = sendas_xstrdup(address->verification);
	copy->relay.host = sendas_xstrdup(address->relay.host);
	copy->relay.security = sendas_xstrdup(address->relay.security);
	copy->relay.user_name = sendas_xstrdup(address->relay.user_name);
	copy->provider = sendas_journal_intern(journal, address->provider);
	copy->findings = NULL;
	copy->finding_count = 0;
	for (size_t i = 0; i < address->finding_count; i++)
		copy_finding(journal, &address->findings[i],
		    sendas_address_add_finding(copy));
}

static void
copy_changes(const struct sendas_mailbox *mailbox, struct sendas_mailbox *copy)
{
	for (size_t i = 0; i < mailbox->change_count; i++) {
		const struct sendas_change *change = &mailbox->changes[i];
		struct sendas_change *added = sendas_mailbox_add_change(copy);

		*added = *change;
		added->address = sendas_xstrdup(change->address);
		added->message = sendas_xstrdup(change->message);
		added->before = sendas_value_copy(&change->before);
		added->after = sendas_value_copy(&change->after);
	}
}

void
sendas_journal_add_mailbox(struct sendas_journal *journal,
    const struct sendas_mailbox *mailbox, sendas_journal_fn *fn, void *ctx)
{
	struct sendas_journal_op *op = new_op(OP_MAILBOX, fn, ctx);

	op->mailbox = sendas_mailbox_new(mailbox->mailbox, mailbox->source);
	op->mailbox->status = mailbox->status;
	op->mailbox->reason = mailbox->reason;
	op->mailbox->message = sendas_xstrdup(mailbox->message);
	for (size_t i = 0; i < mailbox->address_count; i++)
		copy_address(journal, &mailbox->addresses[i],
		    sendas_mailbox_add_address(op->mailbox));
	copy_changes(mailbox, op->mailbox);
	/* The loop has no other work that could be done without memory. */
	if (is_full(journal))
		sendas_journal_write_all(journal);
	submit(journal, op);
}

void
sendas_journal_intend(struct sendas_journal *journal,
    const long long *change_ids, size_t count, sendas_journal_fn *fn, void *ctx)
{
	struct sendas_journal_op *op = new_op(OP_INTEND, fn, ctx);

	op->ids = sendas_xcalloc(count, sizeof(*op->ids));
	if (count > 0)
		memcpy(op->ids, change_ids, count * sizeof(*op->ids));
	op->id_count = count;
	submit(journal, op);
}

void
sendas_journal_settle(struct sendas_journal *journal,
    const struct sendas_mailbox *mailbox, sendas_journal_fn *fn, void *ctx)
{
	struct sendas_journal_op *op = new_op(OP_SETTLE, fn, ctx);

	op->mailbox = sendas_mailbox_new(NULL, mailbox->source);
	copy_changes(mailbox, op->mailbox);
	submit(journal, op);
}

enum sendas_status
sendas_journal_flush(struct sendas_journal *journal, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;

	sendas_journal_write_all(journal);
	pthread_mutex_lock(&journal->mutex);
	if (journal->has_untold) {
		journal->has_untold = false;
		status = journal->untold.code;
		if (err != NULL)
			*err = journal->untold;
	}
	pthread_mutex_unlock(&journal->mutex);
	if (status == SENDAS_OK)
		status = sendas_journal_check(journal, err);
	return status;
}

void
sendas_journal_write_close(struct sendas_journal *journal)
{
	const struct timespec pause = {.tv_nsec = 1000000};

	if (journal->writer == NULL)
		return;
	sendas_journal_write_all(journal);
	journal->is_closing = true;
	/* A job that has come so late finds nothing to do. */
	while (journal->has_job) {
		sendas_workers_collect(journal->job_workers);
		if (journal->has_job)
			nanosleep(&pause, NULL);
	}
	end_job(journal);
}
