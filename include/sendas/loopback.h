/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loopback.h: the listener to which a browser comes back from the sign-in
 * page (RFC 8252 section 7.3): on 127.0.0.1 alone, a free port, for one
 * accepted request. The only door to libmicrohttpd, which reads the requests.
 * It has no thread: whoever waits polls its descriptor and gives it a turn.
 */
#ifndef SENDAS_LOOPBACK_H
#define SENDAS_LOOPBACK_H

#include <stdbool.h>
#include "sendas/error.h"
#include "sendas/landing.h"

struct sendas_loopback;

/*
 * Looks at a GET of "/", from _turn(): `target` is its path and query as sent.
 * Returns true when it is the one that was waited for, whose page comes later,
 * by _answer(); else the page for it is *refusal.
 */
typedef bool sendas_loopback_fn(
    void *ctx, const char *target, enum sendas_landing_kind *refusal);

/* Listens. Errors: SENDAS_ERR_FILE: this machine does not allow it. *out is
 * closed with _close. */
enum sendas_status sendas_loopback_open(sendas_loopback_fn *fn, void *ctx,
    struct sendas_loopback **out, struct sendas_error *err) SENDAS_MUST_CHECK;

unsigned sendas_loopback_port(const struct sendas_loopback *loopback);

/* Readable when there is something to do: then, and after _timeout_ms (-1: not
 * by time), call _turn, which does not block. */
int sendas_loopback_fd(const struct sendas_loopback *loopback);
int sendas_loopback_timeout_ms(const struct sendas_loopback *loopback);

/* Does what is to be done. Once a request was accepted nothing listens any
 * more, and every other one gets no more than an error. */
void sendas_loopback_turn(struct sendas_loopback *loopback);

/* Listens no more; what is open may come to its end. */
void sendas_loopback_stop(struct sendas_loopback *loopback);

/* Sends the accepted request its page, and waits until it is sent, for
 * SENDAS_LIMIT_LANDING_MS at most: the browser may be gone. Nothing happens
 * when no request was accepted. Blocks for so long. */
void sendas_loopback_answer(
    struct sendas_loopback *loopback, const struct sendas_landing *landing);

/* Ends it; open connections are closed. NULL is allowed. */
void sendas_loopback_close(struct sendas_loopback *loopback);

/* "libmicrohttpd 0.9.75" for --version; what is loaded. Static. */
const char *sendas_loopback_version(void);

#endif
