/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fleet.h: many mailboxes at once, each in a slot. It knows when to begin the
 * next one, not what is done with it. One mailbox is a fleet of one.
 *
 * A mailbox is never in two slots at once: one that the source repeats while
 * it is still at work waits, and those behind it with it.
 */
#ifndef SENDAS_FLEET_H
#define SENDAS_FLEET_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/http.h"

/* The slot of one item, from its start to its end. */
struct sendas_fleet_slot;

struct sendas_fleet_counts {
	size_t begun; /* those that are done among them */
	size_t done;
	size_t skipped;
};

/* What to do with whom. An item is the caller's; the fleet hands each that it
 * takes to `start` or to `skip`, once. */
struct sendas_fleet_work {
	void *ctx;
	/* Takes the next one from the source; NULL at its end. */
	void *(*next)(void *ctx);
	/* What an item is about; NULL is a key like any other. */
	const char *(*key)(const void *item);
	/* True once no more should be begun; never false again after that. */
	bool (*should_stop)(void *ctx);
	/* Begins the work on one. It must not end within this call; when it
	 * ends, sendas_fleet_done() is called once. */
	void (*start)(void *ctx, void *item, struct sendas_fleet_slot *slot);
	/* Gets one that is not begun because of should_stop: after that, all
	 * that the source still has. */
	void (*skip)(void *ctx, void *item);
	/* Hears of each that is done, after that; or NULL. */
	void (*progress)(void *ctx, const struct sendas_fleet_counts *counts);
};

/* Runs until the source is at its end and every one that was begun is done.
 * At most `slots` at once. */
void sendas_fleet_run(struct sendas_http *http, size_t slots,
    const struct sendas_fleet_work *work);

/* One is done; begins others. */
void sendas_fleet_done(struct sendas_fleet_slot *slot);

#endif
