/* SPDX-License-Identifier: Apache-2.0 */
/*
 * relay.h: sets the SMTP server of one address in Gmail: gets its password,
 * tries it at that server, and only if that works gives it to Google
 * (promise 10).
 */
#ifndef SENDAS_RELAY_H
#define SENDAS_RELAY_H

#include "sendas/model.h"
#include "sendas/run.h"

enum sendas_relay_result {
	SENDAS_RELAY_SENT = 0, /* the PATCH went to Google */
	SENDAS_RELAY_NOT_SENT, /* and it will not be */
	SENDAS_RELAY_LATER, /* nor now, for a passing trouble */
};

/* `err` is the PATCH's, NULL when Google took it; or why there was none. */
typedef void sendas_relay_fn(
    void *ctx, enum sendas_relay_result result, const struct sendas_error *err);

/*
 * Makes a change of the field SENDAS_FIELD_RELAY, which must stay until `fn`
 * was called, as must `mailbox`. Passwords come from the run's options; with
 * is_login_skipped they are not tried. A person may try twice. A change that
 * is no undo sets the policy's own server and no other.
 */
void sendas_relay_set(struct sendas_run *run, const char *mailbox,
    const struct sendas_change *change, sendas_relay_fn *fn, void *ctx);

#endif
