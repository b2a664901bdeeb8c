/* SPDX-License-Identifier: Apache-2.0 */
/*
 * logins.h: the SMTP logins of a run, one at a time and not too many: from
 * outside, many from one machine look like somebody who tries passwords out.
 */
#ifndef SENDAS_LOGINS_H
#define SENDAS_LOGINS_H

#include <signal.h>
#include <stddef.h>
#include "sendas/error.h"
#include "sendas/http.h"
#include "sendas/smtp.h"

struct sendas_logins;

struct sendas_logins_options {
	struct sendas_http *http; /* whose loop it is, and whose certificates */
	long timeout_ms; /* of one login; 0: the default */
	size_t max; /* logins in all; 0: the default */
	const volatile sig_atomic_t *stop;
};

/* _free after the engine was freed, which waits for a login that is under way;
 * nobody is called back then. NULL is allowed there. */
struct sendas_logins *sendas_logins_new(
    const struct sendas_logins_options *options);
void sendas_logins_free(struct sendas_logins *logins);

/*
 * Gets NULL when it is the caller's turn, which ends with _try or _pass; else
 * why there is none in this run: SENDAS_ERR_TRANSIENT: as many logins as
 * allowed were tried, or the servers refuse one after another, or asked to
 * wait; SENDAS_ERR_CANCELLED.
 */
typedef void sendas_logins_turn_fn(void *ctx, const struct sendas_error *err);
void sendas_logins_wait(
    struct sendas_logins *logins, sendas_logins_turn_fn *fn, void *ctx);

/* Gives the turn back unused. */
void sendas_logins_pass(struct sendas_logins *logins);

/* Tries one login on a thread beside the loop. Whether it may be trusted with
 * the password is the caller's business. Of `login`, which must stay, `stop`,
 * `ca_path` and `timeout_ms` are filled in. */
typedef void sendas_logins_fn(
    void *ctx, const struct sendas_smtp_result *result);
void sendas_logins_try(struct sendas_logins *logins,
    struct sendas_smtp_login *login, sendas_logins_fn *fn, void *ctx);

#endif
