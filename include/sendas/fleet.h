/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fleet.h: many mailboxes at once, each in its slot. It knows when to begin
 * the next one, not what is done with it. One mailbox is a fleet of one.
 */
#ifndef SENDAS_FLEET_H
#define SENDAS_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/http.h"

struct sendas_fleet;

/* What to do with whom. */
struct sendas_fleet_work {
	void *ctx;
	/* The next one, or NULL when there are no more or none should be
	 * begun now. */
	void *(*next)(void *ctx);
	/* Begins the work on one. It must not end within this call; when it
	 * ends, sendas_fleet_done() is called once. */
	void (*start)(void *ctx, void *item, struct sendas_fleet *fleet);
};

/* Runs until every one that was begun is done. At most `slots` at once. */
void sendas_fleet_run(struct sendas_http *http, size_t slots,
    const struct sendas_fleet_work *work);

/* One is done; begins others. */
void sendas_fleet_done(struct sendas_fleet *fleet);

#endif
