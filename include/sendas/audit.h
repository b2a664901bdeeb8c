/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.h: find out: read mailboxes, judge them, hand them on.
 */
#ifndef SENDAS_AUDIT_H
#define SENDAS_AUDIT_H

#include <stdio.h>
#include "sendas/error.h"
#include "sendas/model.h"
#include "sendas/run.h"
#include "sendas/select.h"

/* Gets a mailbox that was read and judged, or is marked with why not. */
typedef void sendas_audit_fn(void *ctx, struct sendas_mailbox *takes);

/* The same for what may fail to be kept. */
typedef enum sendas_status sendas_audit_take_fn(
    void *ctx, struct sendas_mailbox *takes, struct sendas_error *err);

/* Reads and judges one mailbox; NULL is whoever the access token is for.
 * Never calls back from within. */
void sendas_audit_mailbox(struct sendas_run *run, const char *mailbox,
    sendas_audit_fn *fn, void *ctx);

/* The same for one mailbox by itself, which the caller gets. Runs the engine;
 * blocks. */
struct sendas_mailbox *sendas_audit_look(
    struct sendas_run *run, const char *mailbox);

/* Marks a mailbox as one that the run never came to. */
void sendas_audit_set_skipped(struct sendas_mailbox *mailbox);

/*
 * Does that for each of a selection, many at once; those not begun because
 * the run stopped are handed over as skipped. Errors: SENDAS_ERR_FILE when the
 * selection lost some on the way.
 */
enum sendas_status sendas_audit_each(struct sendas_run *run,
    struct sendas_selection *selection, sendas_audit_fn *fn, void *ctx,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* The whole command: each mailbox of the selection goes to the sinks.
 * Errors: SENDAS_ERR_FILE from a sink or the selection. */
enum sendas_status sendas_audit_run(struct sendas_run *run,
    struct sendas_selection *selection,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * The same from text instead of the network: a list's answer, one SendAs
 * object, or JSON lines of {"mailbox","sendAs"} (doc/from.md). `name` stands
 * in messages; `mailbox` is whose settings they are when the text does not
 * say, or NULL. Errors: SENDAS_ERR_INPUT with line and path, SENDAS_ERR_FILE.
 */
enum sendas_status sendas_audit_from(struct sendas_run *run, FILE *input,
    const char *name, const char *mailbox,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* The same for text with one mailbox in it, which *out gets. Two are
 * SENDAS_ERR_INPUT. */
enum sendas_status sendas_audit_from_one(const struct sendas_policy *policy,
    FILE *input, const char *name, const char *mailbox,
    struct sendas_mailbox **out, struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
