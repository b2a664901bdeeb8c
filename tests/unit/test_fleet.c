/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_fleet.c: the slots are full, no more than that, and no mailbox is in
 * two of them; a stop begins nothing more and loses nobody.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "sendas/buf.h"
#include "sendas/fleet.h"
#include "sendas/oauth2_glue.h"
#include "sendas/text.h"

#define ITEMS 40

/* One mailbox on its way. */
struct item {
	struct world *world;
	const char *name;
	struct sendas_fleet_slot *slot;
	bool is_at_work;
	int begun, skipped;
};

struct world {
	struct sendas_http *http;
	struct item items[ITEMS];
	size_t count, next;
	size_t busy, most_busy;
	size_t stop_after; /* so many are done; 0: before the first */
	size_t done;
	bool is_twice_at_once;
	size_t heard; /* of progress */
	struct sendas_fleet_counts counts;
	struct sendas_buf log; /* "+a" begun, "-a" done, "~a" skipped */
};

static void *
next(void *ctx)
{
	struct world *world = ctx;

	return world->next < world->count ? &world->items[world->next++] : NULL;
}

static const char *
key(const void *item)
{
	return ((const struct item *)item)->name;
}

static bool
should_stop(void *ctx)
{
	const struct world *world = ctx;

	return world->done >= world->stop_after;
}

static void
note(const struct item *item, char what)
{
	sendas_buf_printf(&item->world->log, "%c%s", what,
	    item->name != NULL ? item->name : "0");
}

static void
ended(void *ctx)
{
	struct item *item = ctx;

	item->is_at_work = false;
	item->world->busy--;
	item->world->done++;
	note(item, '-');
	sendas_fleet_done(item->slot);
}

static bool
is_same(const struct item *a, const struct item *b)
{
	return sendas_text_equal_fold(
	    a->name != NULL ? a->name : "", b->name != NULL ? b->name : "");
}

static void
start(void *ctx, void *given, struct sendas_fleet_slot *slot)
{
	struct world *world = ctx;
	struct item *item = given;

	for (size_t i = 0; i < world->count; i++) {
		if (world->items[i].is_at_work &&
		    is_same(&world->items[i], item))
			world->is_twice_at_once = true;
	}
	item->slot = slot;
	item->is_at_work = true;
	item->begun++;
	note(item, '+');
	if (++world->busy > world->most_busy)
		world->most_busy = world->busy;
	/* Later ones end sooner, so that it does not go in rows. */
	sendas_http_call_later(
	    world->http, (long)(item - world->items) % 3 * 2, ended, item);
}

static void
leave(void *ctx, void *given)
{
	struct item *item = given;

	(void)ctx;
	item->skipped++;
	note(item, '~');
}

static void
progress(void *ctx, const struct sendas_fleet_counts *counts)
{
	struct world *world = ctx;

	world->heard++;
	assert_int_equal(counts->done, world->done);
	assert_int_equal(counts->begun, world->done + world->busy);
	world->counts = *counts;
}

/* Runs the mailboxes whose names are the letters of `names` ("0": NULL). */
static void
run(struct world *world, const char *names, size_t slots, size_t stop_after)
{
	static const char *const letters[] = {"a", "b", "c", "d", "e", "f"};
	struct sendas_http_options options = {.user_agent = "test"};
	struct sendas_fleet_work work = {
	    .ctx = world,
	    .next = next,
	    .key = key,
	    .should_stop = should_stop,
	    .start = start,
	    .skip = leave,
	    .progress = progress,
	};

	memset(world, 0, sizeof(*world));
	sendas_buf_init(&world->log, 4096);
	world->stop_after = stop_after;
	world->count = strlen(names);
	assert_true(world->count <= ITEMS);
	for (size_t i = 0; i < world->count; i++) {
		world->items[i].world = world;
		if (names[i] == 'A')
			world->items[i].name = "A";
		else if (names[i] != '0')
			world->items[i].name = letters[names[i] - 'a'];
	}
	assert_int_equal(
	    sendas_http_new(&options, &world->http, NULL), SENDAS_OK);
	sendas_fleet_run(world->http, slots, &work);
	sendas_http_free(world->http);
	/* Each was either begun or skipped, once. */
	for (size_t i = 0; i < world->count; i++)
		assert_int_equal(
		    world->items[i].begun + world->items[i].skipped, 1);
	assert_int_equal(world->busy, 0);
	assert_int_equal(world->heard, world->done);
}

static void
runs_all(void **state)
{
	static const struct {
		const char *names;
		size_t slots, most_busy; /* 0: as time will have it */
	} rows[] = {
	    {"", 4, 0},
	    {"a", 4, 1},
	    {"0", 4, 1},
	    {"abcdef", 1, 1},
	    {"abcdef", 3, 3},
	    {"abcdef", 6, 6},
	    {"abcdef", 100, 6},
	    /* Repeated ones wait, and end nothing. */
	    {"aa", 4, 1},
	    {"aA", 4, 1},
	    {"00", 4, 1},
	    {"aaaaaaaaaa", 4, 1},
	    {"abab", 4, 2},
	    {"abcaAadb", 8, 0},
	    {"abcdefabcdefabcdefabcdef", 4, 4},
	    {"abcdefabcdefabcdefabcdef", 5, 5},
	    {"aabbccddeeffaabbccddeeff0a0b0c0d", 4, 0},
	};
	struct world world;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		run(&world, rows[i].names, rows[i].slots, SIZE_MAX);
		assert_false(world.is_twice_at_once);
		assert_int_equal(world.done, world.count);
		assert_int_equal(world.counts.done, world.count);
		assert_int_equal(world.counts.skipped, 0);
		assert_true(world.most_busy <= rows[i].slots);
		if (rows[i].most_busy > 0)
			assert_int_equal(world.most_busy, rows[i].most_busy);
		sendas_buf_clear(&world.log);
	}
}

/* The order in which the source has them. */
static void
begins_in_order(void **state)
{
	struct world world;

	(void)state;
	run(&world, "abcdef", 1, SIZE_MAX);
	assert_string_equal(world.log.data, "+a-a+b-b+c-c+d-d+e-e+f-f");
	sendas_buf_clear(&world.log);
	/* The second a waits for the first, and b behind it. */
	run(&world, "aab", 4, SIZE_MAX);
	assert_memory_equal(world.log.data, "+a-a+a+b", 8);
	sendas_buf_clear(&world.log);
}

static void
stops(void **state)
{
	static const struct {
		const char *names;
		size_t slots, stop_after;
		const char *log;
	} rows[] = {
	    {"abc", 4, 0, "~a~b~c"},
	    {"abc", 1, 1, "+a-a~b~c"},
	    {"abc", 1, 2, "+a-a+b-b~c"},
	    /* Those at work end. */
	    {"abcd", 2, 1, "+a+b-a-b~c~d"},
	    /* One that waits is not forgotten. */
	    {"aabc", 4, 1, "+a-a~a~b~c"},
	    {"a", 1, 1, "+a-a"},
	};
	struct world world;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		run(&world, rows[i].names, rows[i].slots, rows[i].stop_after);
		assert_string_equal(world.log.data, rows[i].log);
		sendas_buf_clear(&world.log);
	}
}

static int
setup(void **state)
{
	(void)state;
	sendas_oauth2_init();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	sendas_oauth2_shutdown();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(runs_all),
	    cmocka_unit_test(begins_in_order),
	    cmocka_unit_test(stops),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("fleet", tests, setup, teardown);
}
