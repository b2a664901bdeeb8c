/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workers.c: a pool of threads with a queue before it and one behind it.
 * Knows nothing of what a job does, nor of the loop but how to wake it.
 */
#include "sendas/workers.h"

#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/queue.h>
#include "sendas/mem.h"

struct job {
	STAILQ_ENTRY(job) next;
	sendas_workers_fn *run;
	sendas_workers_fn *done;
	void *ctx;
};

STAILQ_HEAD(job_queue, job);

struct sendas_workers {
	/* The loop's own: */
	sendas_workers_fn *wake;
	void *wake_ctx;
	pthread_t *threads;
	size_t max, started;
	size_t pending;
	/* Under the lock: */
	pthread_mutex_t lock;
	pthread_cond_t has_work;
	struct job_queue waiting, ready;
	size_t idle; /* threads that wait for a job */
	bool is_ending;
};

struct sendas_workers *
sendas_workers_new(size_t max, sendas_workers_fn *wake, void *wake_ctx)
{
	struct sendas_workers *workers = sendas_xcalloc(1, sizeof(*workers));

	workers->wake = wake;
	workers->wake_ctx = wake_ctx;
	workers->threads = sendas_xcalloc(max, sizeof(*workers->threads));
	workers->max = max;
	pthread_mutex_init(&workers->lock, NULL);
	pthread_cond_init(&workers->has_work, NULL);
	STAILQ_INIT(&workers->waiting);
	STAILQ_INIT(&workers->ready);
	return workers;
}

/* The next job, or NULL when the pool ends. Called with the lock held. */
static struct job *
wait_for_job(struct sendas_workers *workers)
{
	struct job *job;

	while (!workers->is_ending && STAILQ_EMPTY(&workers->waiting)) {
		workers->idle++;
		pthread_cond_wait(&workers->has_work, &workers->lock);
		workers->idle--;
	}
	if (workers->is_ending)
		return NULL;
	job = STAILQ_FIRST(&workers->waiting);
	STAILQ_REMOVE_HEAD(&workers->waiting, next);
	return job;
}

/* Puts a job where the loop finds it. The loop is woken for the first one
 * alone: it takes them all. Called with the lock held. */
static void
hand_back(struct sendas_workers *workers, struct job *job)
{
	bool is_first = STAILQ_EMPTY(&workers->ready);

	STAILQ_INSERT_TAIL(&workers->ready, job, next);
	if (is_first)
		workers->wake(workers->wake_ctx);
}

static void *
work(void *ctx)
{
	struct sendas_workers *workers = ctx;
	struct job *job;

	pthread_mutex_lock(&workers->lock);
	while ((job = wait_for_job(workers)) != NULL) {
		pthread_mutex_unlock(&workers->lock);
		job->run(job->ctx);
		pthread_mutex_lock(&workers->lock);
		hand_back(workers, job);
	}
	pthread_mutex_unlock(&workers->lock);
	return NULL;
}

/* One more thread. The handlers of the process run on the loop's thread
 * alone, where an interrupted call is expected. */
static void
start_thread(struct sendas_workers *workers)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(
		&workers->threads[workers->started], NULL, work, workers) == 0)
		workers->started++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void
free_jobs(struct job_queue *queue)
{
	struct job *job;

	while ((job = STAILQ_FIRST(queue)) != NULL) {
		STAILQ_REMOVE_HEAD(queue, next);
		free(job);
	}
}

void
sendas_workers_free(struct sendas_workers *workers)
{
	if (workers == NULL)
		return;
	pthread_mutex_lock(&workers->lock);
	workers->is_ending = true;
	pthread_cond_broadcast(&workers->has_work);
	pthread_mutex_unlock(&workers->lock);
	for (size_t i = 0; i < workers->started; i++)
		pthread_join(workers->threads[i], NULL);
	free_jobs(&workers->waiting);
	free_jobs(&workers->ready);
	pthread_cond_destroy(&workers->has_work);
	pthread_mutex_destroy(&workers->lock);
	free(workers->threads);
	free(workers);
}

void
sendas_workers_submit(struct sendas_workers *workers, sendas_workers_fn *run,
    sendas_workers_fn *done, void *ctx)
{
	struct job *job = sendas_xcalloc(1, sizeof(*job));
	bool is_short;

	job->run = run;
	job->done = done;
	job->ctx = ctx;
	workers->pending++;
	pthread_mutex_lock(&workers->lock);
	STAILQ_INSERT_TAIL(&workers->waiting, job, next);
	is_short = workers->idle == 0;
	pthread_cond_signal(&workers->has_work);
	pthread_mutex_unlock(&workers->lock);
	if (is_short && workers->started < workers->max)
		start_thread(workers);
	if (workers->started == 0)
		workers->wake(workers->wake_ctx);
}

/* Without any thread the loop does the work itself. */
static void
run_here(struct sendas_workers *workers)
{
	struct job *job;

	if (workers->started > 0)
		return;
	while ((job = STAILQ_FIRST(&workers->waiting)) != NULL) {
		STAILQ_REMOVE_HEAD(&workers->waiting, next);
		job->run(job->ctx);
		STAILQ_INSERT_TAIL(&workers->ready, job, next);
	}
}

void
sendas_workers_collect(struct sendas_workers *workers)
{
	struct job_queue ready = STAILQ_HEAD_INITIALIZER(ready);
	struct job *job;

	run_here(workers);
	pthread_mutex_lock(&workers->lock);
	STAILQ_CONCAT(&ready, &workers->ready);
	pthread_mutex_unlock(&workers->lock);
	while ((job = STAILQ_FIRST(&ready)) != NULL) {
		STAILQ_REMOVE_HEAD(&ready, next);
		workers->pending--;
		job->done(job->ctx);
		free(job);
	}
}

size_t
sendas_workers_pending(const struct sendas_workers *workers)
{
	return workers->pending;
}
