/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fleet.c: keeps the slots full, and no mailbox in two of them. Knows no
 * requests.
 */
#include "sendas/fleet.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include "sendas/mem.h"
#include "sendas/text.h"

/* What an item that was taken is at. */
enum state {
	STATE_QUEUED, /* taken from the source, not begun */
	STATE_WORKING, /* begun: it has a slot */
	STATE_DONE, /* the slot is free, and kept for another */
};

struct sendas_fleet_slot {
	struct sendas_fleet_slot *next; /* of those that work, or are done */
	struct sendas_fleet_slot **place; /* what points to this one */
	struct fleet *fleet;
	void *item;
	char *key;
	uint64_t hash; /* of the key: most are told apart by it alone */
	enum state state;
};

struct fleet {
	const struct sendas_fleet_work *work;
	size_t slots; /* may change at any time; those at work stay so */
	size_t busy;
	struct sendas_fleet_slot *working;
	struct sendas_fleet_slot *queued; /* one at most, or NULL */
	struct sendas_fleet_slot *done;
	struct sendas_fleet_counts counts;
};

static struct sendas_fleet_slot *
take_slot(struct fleet *fleet, void *item)
{
	struct sendas_fleet_slot *slot = fleet->done;
	const char *key;

	if (slot != NULL)
		fleet->done = slot->next;
	else
		slot = sendas_xcalloc(1, sizeof(*slot));
	slot->state = STATE_QUEUED;
	slot->fleet = fleet;
	slot->item = item;
	key = fleet->work->key(item);
	slot->key = sendas_xstrdup(key != NULL ? key : "");
	slot->hash = sendas_text_hash_fold(slot->key);
	return slot;
}

static void
put_back(struct fleet *fleet, struct sendas_fleet_slot *slot)
{
	slot->state = STATE_DONE;
	free(slot->key);
	slot->next = fleet->done;
	fleet->done = slot;
}

static void
free_slots(struct fleet *fleet)
{
	struct sendas_fleet_slot *slot;

	while ((slot = fleet->done) != NULL) {
		fleet->done = slot->next;
		free(slot);
	}
}

static bool
is_at_work(const struct fleet *fleet, const struct sendas_fleet_slot *wanted)
{
	const struct sendas_fleet_slot *slot;

	for (slot = fleet->working; slot != NULL; slot = slot->next) {
		if (slot->hash == wanted->hash &&
		    sendas_text_equal_fold(slot->key, wanted->key))
			return true;
	}
	return false;
}

static void
begin(struct fleet *fleet, struct sendas_fleet_slot *slot)
{
	slot->state = STATE_WORKING;
	slot->next = fleet->working;
	slot->place = &fleet->working;
	if (slot->next != NULL)
		slot->next->place = &slot->next;
	fleet->working = slot;
	fleet->busy++;
	fleet->counts.begun++;
	fleet->work->start(fleet->work->ctx, slot->item, slot);
}

/* Has one ready to begin, if there is any. */
static bool
fill_queue(struct fleet *fleet)
{
	void *item;

	if (fleet->queued == NULL) {
		item = fleet->work->next(fleet->work->ctx);
		if (item != NULL)
			fleet->queued = take_slot(fleet, item);
	}
	return fleet->queued != NULL;
}

static struct sendas_fleet_slot *
take_queued(struct fleet *fleet)
{
	struct sendas_fleet_slot *slot = fleet->queued;

	fleet->queued = NULL;
	return slot;
}

static void
fill_slots(struct fleet *fleet)
{
	while (fleet->busy < fleet->slots &&
	    !fleet->work->should_stop(fleet->work->ctx) && fill_queue(fleet) &&
	    !is_at_work(fleet, fleet->queued))
		begin(fleet, take_queued(fleet));
}

/* Those that the run never came to. */
static void
skip_rest(struct fleet *fleet)
{
	struct sendas_fleet_slot *slot;

	while (fill_queue(fleet)) {
		slot = take_queued(fleet);
		fleet->work->skip(fleet->work->ctx, slot->item);
		fleet->counts.skipped++;
		put_back(fleet, slot);
	}
}

void
sendas_fleet_run(struct sendas_http *http, size_t slots,
    const struct sendas_fleet_work *work)
{
	struct fleet fleet = {.work = work, .slots = slots};

	fill_slots(&fleet);
	sendas_http_run(http);
	skip_rest(&fleet);
	free_slots(&fleet);
}

void
sendas_fleet_done(struct sendas_fleet_slot *slot)
{
	struct fleet *fleet = slot->fleet;

	assert(slot->state == STATE_WORKING);
	*slot->place = slot->next;
	if (slot->next != NULL)
		slot->next->place = slot->place;
	put_back(fleet, slot);
	fleet->busy--;
	fleet->counts.done++;
	if (fleet->work->progress != NULL)
		fleet->work->progress(fleet->work->ctx, &fleet->counts);
	fill_slots(fleet);
}
