/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.h: speaking to one mailbox: with a bearer of its own, once more
 * with a fresh one when Google does not take it, and only if the mailbox
 * that answers is the one that was meant.
 */
#ifndef SENDAS_SESSION_H
#define SENDAS_SESSION_H

#include "sendas/error.h"
#include "sendas/model.h"
#include "sendas/run.h"
#include "sendas/send_as.h"

/* Lists the addresses of `mailbox`; NULL is whoever the access token is for.
 * `fn` gets the mailbox, or NULL and the error: those of send_as.h and
 * token.h, and SENDAS_ERR_WRONG_MAILBOX. */
void sendas_session_list(struct sendas_run *run, const char *mailbox,
    sendas_send_as_list_fn *fn, void *ctx);

/* Patches one address of `mailbox`. A caller has just listed it: that is
 * where the guard against the wrong mailbox stands. */
void sendas_session_patch(struct sendas_run *run, const char *mailbox,
    const char *address, const struct sendas_send_as_patch *patch,
    sendas_send_as_patch_fn *fn, void *ctx);

#endif
