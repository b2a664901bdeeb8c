/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fleet.c: keeps the slots full. Knows neither mailboxes nor requests.
 */
#include "sendas/fleet.h"

struct sendas_fleet {
	const struct sendas_fleet_work *work;
	size_t slots;
	size_t busy;
};

static void
fill_slots(struct sendas_fleet *fleet)
{
	void *item;

	while (fleet->busy < fleet->slots &&
	    (item = fleet->work->next(fleet->work->ctx)) != NULL) {
		fleet->busy++;
		fleet->work->start(fleet->work->ctx, item, fleet);
	}
}

void
sendas_fleet_run(struct sendas_http *http, size_t slots,
    const struct sendas_fleet_work *work)
{
	struct sendas_fleet fleet = {.work = work, .slots = slots};

	fill_slots(&fleet);
	sendas_http_run(http);
}

void
sendas_fleet_done(struct sendas_fleet *fleet)
{
	fleet->busy--;
	fill_slots(fleet);
}
