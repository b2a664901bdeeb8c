/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logins.c: whose turn it is to log in, and when there are no more. Knows no
 * mailbox and judges no password.
 */
#include "sendas/logins.h"

#include <stdbool.h>
#include <stdlib.h>
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/workers.h"

/* So many that fail one after another are no accident. */
#define FAILURES_IN_A_ROW 3

struct waiting {
	struct waiting *next;
	sendas_logins_turn_fn *fn;
	void *ctx;
};

struct sendas_logins {
	struct sendas_logins_options options;
	struct sendas_workers *workers; /* one thread; the engine's */
	struct waiting *first, **end; /* who waits for a turn */
	bool is_taken; /* somebody has the turn */
	bool is_called; /* the next one is going to get it */
	size_t tried;
	size_t failed; /* since the last that worked */
	bool is_told_to_wait; /* by a server */
	/* The one under way: */
	struct sendas_smtp_login *login;
	struct sendas_smtp_result result;
	sendas_logins_fn *fn;
	void *ctx;
};

struct sendas_logins *
sendas_logins_new(const struct sendas_logins_options *options)
{
	struct sendas_logins *logins = sendas_xcalloc(1, sizeof(*logins));

	logins->options = *options;
	if (logins->options.max == 0)
		logins->options.max = SENDAS_LIMIT_LOGINS;
	if (logins->options.timeout_ms == 0)
		logins->options.timeout_ms = SENDAS_LIMIT_TRANSFER_MS;
	logins->workers = sendas_http_add_workers(options->http, 1);
	logins->end = &logins->first;
	return logins;
}

void
sendas_logins_free(struct sendas_logins *logins)
{
	struct waiting *waiting;

	if (logins == NULL)
		return;
	while ((waiting = logins->first) != NULL) {
		logins->first = waiting->next;
		free(waiting);
	}
	free(logins);
}

static enum sendas_status
check(const struct sendas_logins *logins, struct sendas_error *err)
{
	if (logins->options.stop != NULL && *logins->options.stop != 0)
		return sendas_fail(
		    err, SENDAS_ERR_CANCELLED, "%s", _("interrupted"));
	if (logins->is_told_to_wait)
		return sendas_fail(err, SENDAS_ERR_TRANSIENT,
		    _("The SMTP server asked to wait, so no more passwords "
		      "are tried in this run."));
	if (logins->failed >= FAILURES_IN_A_ROW)
		return sendas_fail(err, SENDAS_ERR_TRANSIENT,
		    _("%zu logins failed one after another, so no more "
		      "passwords are tried in this run: providers take many "
		      "for an attack."),
		    logins->failed);
	if (logins->tried >= logins->options.max)
		return sendas_fail(err, SENDAS_ERR_TRANSIENT,
		    _("As many passwords were tried as one run may try (%zu; "
		      "--max-logins)."),
		    logins->options.max);
	return SENDAS_OK;
}

static void give_turn(void *ctx);

/* Never from within somebody's call. */
static void
call_next(struct sendas_logins *logins)
{
	if (logins->is_taken || logins->is_called || logins->first == NULL)
		return;
	logins->is_called = true;
	sendas_http_call_later(logins->options.http, 0, give_turn, logins);
}

static void
give_turn(void *ctx)
{
	struct sendas_logins *logins = ctx;
	struct waiting *waiting = logins->first;
	struct sendas_error err;
	bool has_turn;

	logins->is_called = false;
	logins->first = waiting->next;
	if (logins->first == NULL)
		logins->end = &logins->first;
	has_turn = check(logins, &err) == SENDAS_OK;
	logins->is_taken = has_turn;
	call_next(logins);
	waiting->fn(waiting->ctx, has_turn ? NULL : &err);
	free(waiting);
}

void
sendas_logins_wait(
    struct sendas_logins *logins, sendas_logins_turn_fn *fn, void *ctx)
{
	struct waiting *waiting = sendas_xcalloc(1, sizeof(*waiting));

	waiting->fn = fn;
	waiting->ctx = ctx;
	*logins->end = waiting;
	logins->end = &waiting->next;
	call_next(logins);
}

void
sendas_logins_pass(struct sendas_logins *logins)
{
	logins->is_taken = false;
	call_next(logins);
}

/* On the thread. */
static void
log_in(void *ctx)
{
	struct sendas_logins *logins = ctx;

	sendas_smtp_try_login(logins->login, &logins->result);
}

static void
logged_in(void *ctx)
{
	struct sendas_logins *logins = ctx;

	if (logins->result.verdict == SENDAS_SMTP_LOGGED_IN)
		logins->failed = 0;
	else
		logins->failed++;
	if (logins->result.verdict == SENDAS_SMTP_LATER)
		logins->is_told_to_wait = true;
	sendas_logins_pass(logins);
	logins->fn(logins->ctx, &logins->result);
}

void
sendas_logins_try(struct sendas_logins *logins, struct sendas_smtp_login *login,
    sendas_logins_fn *fn, void *ctx)
{
	login->ca_path = sendas_http_ca_path(logins->options.http);
	login->timeout_ms = logins->options.timeout_ms;
	login->stop = logins->options.stop;
	logins->tried++;
	logins->login = login;
	logins->fn = fn;
	logins->ctx = ctx;
	sendas_workers_submit(logins->workers, log_in, logged_in, logins);
}
