/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workers.h: a few threads for work that would hold the loop up: a signature
 * now, the disk later. What a job did is told back on the loop's own thread.
 */
#ifndef SENDAS_WORKERS_H
#define SENDAS_WORKERS_H

#include <stddef.h>

struct sendas_workers;

/* One half of a job. */
typedef void sendas_workers_fn(void *ctx);

/*
 * A pool that starts its threads, `max` at most, as jobs come. `wake` is
 * called on one of them when there is something to collect, and not again
 * until it was collected; it must be safe there. Signals stay with the other
 * threads of the process.
 */
struct sendas_workers *sendas_workers_new(
    size_t max, sendas_workers_fn *wake, void *wake_ctx);

/* Waits for the jobs that a thread has begun; the others are dropped, and
 * nobody is called back. NULL is allowed. */
void sendas_workers_free(struct sendas_workers *workers);

/*
 * Has `run` called on a thread, in the order of the calls, and `done` by
 * sendas_workers_collect() afterwards. `ctx` must outlive both. Where no
 * thread can be had, `run` is called by _collect, too.
 */
void sendas_workers_submit(struct sendas_workers *workers,
    sendas_workers_fn *run, sendas_workers_fn *done, void *ctx);

/* Calls `done` for every job that is ready. They may submit more. */
void sendas_workers_collect(struct sendas_workers *workers);

/* Jobs whose `done` was not called yet. */
size_t sendas_workers_pending(const struct sendas_workers *workers);

#endif
