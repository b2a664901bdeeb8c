/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_workers.c: every job is run once, on another thread, and told back
 * once on this one; the loop is woken for it, and an end in the middle loses
 * nothing that has begun.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include "sendas/workers.h"

#define JOBS 2000

static sem_t bell; /* posted by each wake */
static atomic_int wakes, runs;

struct task {
	struct sendas_workers *workers;
	pthread_t runner;
	int runs, dones;
	bool has_signals; /* open to the thread that ran it */
	bool is_again; /* submits itself once more when done */
	sem_t *gate; /* waits for it; NULL: goes through */
};

static void
ring(void *ctx)
{
	(void)ctx;
	atomic_fetch_add(&wakes, 1);
	sem_post(&bell);
}

static void
run_task(void *ctx)
{
	struct task *task = ctx;
	sigset_t blocked;

	if (task->gate != NULL)
		sem_wait(task->gate);
	pthread_sigmask(SIG_SETMASK, NULL, &blocked);
	task->has_signals = !sigismember(&blocked, SIGINT);
	task->runner = pthread_self();
	task->runs++;
	atomic_fetch_add(&runs, 1);
}

static void
done_task(void *ctx)
{
	struct task *task = ctx;

	/* After its run, whatever the order of the threads. */
	assert_int_equal(task->runs, task->dones + 1);
	task->dones++;
	if (task->is_again) {
		task->is_again = false;
		sendas_workers_submit(task->workers, run_task, done_task, task);
	}
}

/* Turns as the loop does: sleeps until it is woken, then collects. */
static void
collect_all(struct sendas_workers *workers)
{
	while (sendas_workers_pending(workers) > 0) {
		sem_wait(&bell);
		sendas_workers_collect(workers);
	}
}

static void
test_each_once(void **state)
{
	static struct task tasks[JOBS];
	struct sendas_workers *workers = sendas_workers_new(4, ring, NULL);

	(void)state;
	for (int i = 0; i < JOBS; i++) {
		tasks[i].workers = workers;
		tasks[i].is_again = i % 2 == 0;
		sendas_workers_submit(workers, run_task, done_task, &tasks[i]);
	}
	assert_int_equal(sendas_workers_pending(workers), JOBS);
	collect_all(workers);
	for (int i = 0; i < JOBS; i++) {
		assert_int_equal(tasks[i].runs, i % 2 == 0 ? 2 : 1);
		assert_int_equal(tasks[i].dones, tasks[i].runs);
		assert_false(pthread_equal(tasks[i].runner, pthread_self()));
		assert_false(tasks[i].has_signals);
	}
	sendas_workers_free(workers);
}

/* One ring for many jobs that are ready, and another after they were
 * taken. */
static void
test_one_wake_until_collected(void **state)
{
	struct sendas_workers *workers = sendas_workers_new(1, ring, NULL);
	struct task tasks[4] = {0};
	sem_t gate;

	(void)state;
	sem_init(&gate, 0, 0);
	for (int i = 0; i < 3; i++) {
		tasks[i].gate = &gate;
		sendas_workers_submit(workers, run_task, done_task, &tasks[i]);
	}
	for (int i = 0; i < 3; i++)
		sem_post(&gate);
	while (atomic_load(&runs) < 3)
		sched_yield();
	/* One thread in order: when the third waits, two were handed back. */
	tasks[3].gate = &gate;
	sendas_workers_submit(workers, run_task, done_task, &tasks[3]);
	sem_post(&gate);
	while (atomic_load(&runs) < 4)
		sched_yield();
	assert_int_equal(atomic_load(&wakes), 1);
	collect_all(workers);
	for (int i = 0; i < 4; i++)
		assert_int_equal(tasks[i].dones, 1);
	sendas_workers_free(workers);
	sem_destroy(&gate);
}

/* The end waits for what has begun, drops the rest and calls nobody. */
static void
test_free_under_way(void **state)
{
	struct sendas_workers *workers = sendas_workers_new(1, ring, NULL);
	struct task tasks[50] = {0};

	(void)state;
	for (int i = 0; i < 50; i++)
		sendas_workers_submit(workers, run_task, done_task, &tasks[i]);
	sendas_workers_free(workers);
	for (int i = 0; i < 50; i++) {
		assert_true(tasks[i].runs <= 1);
		assert_int_equal(tasks[i].dones, 0);
	}
	sendas_workers_free(NULL);
}

/* Without threads the loop does it. */
static void
test_without_threads(void **state)
{
	struct sendas_workers *workers = sendas_workers_new(0, ring, NULL);
	struct task tasks[3] = {0};

	(void)state;
	for (int i = 0; i < 3; i++)
		sendas_workers_submit(workers, run_task, done_task, &tasks[i]);
	assert_int_equal(tasks[0].runs, 0); /* never within the call */
	collect_all(workers);
	for (int i = 0; i < 3; i++)
		assert_int_equal(tasks[i].dones, 1);
	sendas_workers_free(workers);
}

static int
set_up(void **state)
{
	(void)state;
	sem_init(&bell, 0, 0);
	atomic_store(&wakes, 0);
	atomic_store(&runs, 0);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return sem_destroy(&bell);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_each_once),
	    TEST(test_one_wake_until_collected),
	    TEST(test_free_under_way),
	    TEST(test_without_threads),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
