/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_journal_crash.c: one process a run, many a journal; and whatever kills
 * one of them, what was told as kept is on disk, and the next goes on.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>
#include "test_journal.h"

/* ---- what a process does, in which nothing of cmocka may be used ---- */

struct worker {
	const char *id; /* of its run */
	bool is_new;
	int mailboxes; /* that it adds at a time */
	int rounds; /* so often */
	bool is_endless; /* waits to be killed then */
	int said; /* where it says what it was told as kept */
	struct sendas_journal *journal;
	struct sendas_http *http;
	int next; /* a number for a name */
};

/* A callback's own. */
struct asked {
	struct worker *worker;
	struct sendas_mailbox *mailbox;
	char what;
	int number;
};

static void
say(struct worker *worker, char what, long long number)
{
	dprintf(worker->said, "%c%lld\n", what, number);
}

static void
hear(void *ctx, const struct sendas_error *err)
{
	struct asked *asked = ctx;

	if (err != NULL)
		fprintf(stderr, "%s\n", err->message);
	MUST(err == NULL);
	say(asked->worker, asked->what, asked->number);
	free(asked);
}

static void
hear_settled(void *ctx, const struct sendas_error *err)
{
	struct asked *asked = ctx;

	MUST(err == NULL);
	for (size_t i = 0; i < asked->mailbox->change_count; i++)
		say(asked->worker, 'S', asked->mailbox->changes[i].id);
	sendas_mailbox_free(asked->mailbox);
	free(asked);
}

static void
hear_intended(void *ctx, const struct sendas_error *err)
{
	struct asked *asked = ctx;
	struct sendas_mailbox *mailbox = asked->mailbox;

	MUST(err == NULL);
	for (size_t i = 0; i < mailbox->change_count; i++) {
		say(asked->worker, 'I', mailbox->changes[i].id);
		mailbox->changes[i].outcome = SENDAS_OUTCOME_APPLIED;
	}
	sendas_journal_settle(
	    asked->worker->journal, mailbox, hear_settled, asked);
}

static void
add_some(struct worker *worker)
{
	for (int i = 0; i < worker->mailboxes; i++) {
		struct asked *asked = sendas_xcalloc(1, sizeof(*asked));
		struct sendas_mailbox *mailbox;
		char name[32];

		asked->worker = worker;
		asked->what = 'A';
		asked->number = worker->next++;
		snprintf(name, sizeof(name), "%d", asked->number);
		mailbox = new_mailbox(name, 2);
		sendas_journal_add_mailbox(
		    worker->journal, mailbox, hear, asked);
		sendas_mailbox_free(mailbox);
	}
	sendas_http_run(worker->http);
}

/* Every open change is going to be sent, and then settled. */
static void
work_off(struct worker *worker)
{
	struct sendas_error err;
	struct asked *asked;
	long long after = 0, ids[2];

	for (;;) {
		asked = sendas_xcalloc(1, sizeof(*asked));
		asked->worker = worker;
		MUST(sendas_journal_next(worker->journal, worker->id,
			 SENDAS_JOURNAL_OPEN, &after, &asked->mailbox,
			 &err) == SENDAS_OK);
		if (asked->mailbox == NULL)
			break;
		MUST(asked->mailbox->change_count <= 2);
		for (size_t i = 0; i < asked->mailbox->change_count; i++)
			ids[i] = asked->mailbox->changes[i].id;
		sendas_journal_intend(worker->journal, ids,
		    asked->mailbox->change_count, hear_intended, asked);
	}
	free(asked);
	sendas_http_run(worker->http);
}

static void
open_worker(struct worker *worker)
{
	static const struct sendas_http_options options = {
	    .user_agent = "test"};
	struct sendas_error err = {0};
	enum sendas_status status;

	MUST(sendas_http_new(&options, &worker->http, &err) == SENDAS_OK);
	status = sendas_journal_open(path, false, &worker->journal, &err);
	if (status == SENDAS_OK && worker->is_new)
		status = try_begin(
		    worker->journal, worker->http, worker->id, 1000, &err);
	else if (status == SENDAS_OK)
		status = sendas_journal_resume(
		    worker->journal, worker->http, worker->id, &err);
	if (status != SENDAS_OK)
		fprintf(stderr, "%s\n", err.message);
	MUST(status == SENDAS_OK);
	say(worker, 'B', 0);
}

static void
work(void *ctx)
{
	struct worker *worker = ctx;
	struct sendas_error err = {0};
	size_t count;

	open_worker(worker);
	for (int i = 0; i < worker->rounds; i++) {
		work_off(worker);
		add_some(worker);
		count = 0;
		MUST(sendas_journal_confirm(worker->journal, 0, &count, &err) ==
		    SENDAS_OK);
		say(worker, 'C', (long long)count);
	}
	work_off(worker);
	while (worker->is_endless)
		pause();
	MUST(sendas_journal_finish(worker->journal, &err) == SENDAS_OK);
	say(worker, 'F', 0);
	sendas_journal_close(worker->journal);
	sendas_http_free(worker->http);
}

/* Begins a run, says so, and waits for its end. */
static void
hold(void *ctx)
{
	struct worker *worker = ctx;

	open_worker(worker);
	for (;;)
		pause();
}

/* Has work done by a process and gets what it says. */
static pid_t
start(struct worker *worker, void (*job)(void *ctx), FILE **said)
{
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	/* What it says must not hold it up. */
	(void)fcntl(ends[0], F_SETPIPE_SZ, 1024 * 1024);
	worker->said = ends[1];
	pid = spawn(job, worker);
	close(ends[1]);
	*said = fdopen(ends[0], "r");
	assert_non_null(*said);
	return pid;
}

static void
wait_until_held(FILE *said)
{
	char line[32];

	assert_non_null(fgets(line, sizeof(line), said));
	assert_string_equal(line, "B0\n");
}

/* ---- who is at which run ---- */

static void
assert_alive(struct sendas_journal *journal, const char *id, bool is_alive)
{
	struct sendas_journal_run run;
	struct sendas_error err = {0};

	assert_int_equal(
	    sendas_journal_get(journal, id, &run, &err), SENDAS_OK);
	assert_int_equal(run.is_alive, is_alive);
	sendas_journal_run_clear(&run);
}

static size_t
purge_all(struct sendas_journal *journal)
{
	struct sendas_error err = {0};
	size_t count = 99;

	assert_int_equal(
	    sendas_journal_purge(journal, time(NULL) + 1000, &count, &err),
	    SENDAS_OK);
	return count;
}

static bool
has_lock_file(const char *id)
{
	char name[192];

	snprintf(name, sizeof(name), "%s.run-%s.lock", path, id);
	return access(name, F_OK) == 0;
}

static void
has_one_process_a_run(void **state)
{
	struct worker worker = {.id = RUN_A, .is_new = true};
	struct sendas_journal *journal;
	struct sendas_error err = {0};
	char wanted[32];
	FILE *said;
	pid_t pid = start(&worker, hold, &said);

	(void)state;
	wait_until_held(said);
	journal = open_journal(path, false);
	snprintf(wanted, sizeof(wanted), "(%ld)", (long)pid);
	assert_int_equal(sendas_journal_resume(journal, NULL, RUN_A, &err),
	    SENDAS_ERR_USAGE);
	assert_non_null(strstr(err.message, wanted));
	assert_non_null(strstr(err.message, RUN_A));
	assert_int_equal(
	    try_begin(journal, NULL, RUN_A, 1, &err), SENDAS_ERR_USAGE);
	assert_alive(journal, RUN_A, true);
	assert_int_equal(purge_all(journal), 0);
	/* Another run is another matter. */
	begin(journal, NULL, RUN_B);
	add(journal, "b", 1);
	assert_alive(journal, RUN_B, false);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(wait_for(pid), -SIGKILL);
	assert_true(has_lock_file(RUN_A));
	assert_alive(journal, RUN_A, false);
	assert_int_equal(
	    sendas_journal_resume(journal, NULL, RUN_A, &err), SENDAS_OK);
	assert_false(has_lock_file(RUN_B));
	sendas_journal_close(journal);
	assert_false(has_lock_file(RUN_A));
	fclose(said);
}

/* A purge deletes it once nobody is at it, and what it left behind goes with
 * the next beginning. */
static void
cleans_up_after_the_dead(void **state)
{
	struct worker worker = {.id = RUN_A, .is_new = true};
	struct sendas_journal *journal;
	FILE *said;
	pid_t pid = start(&worker, hold, &said);

	(void)state;
	wait_until_held(said);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(wait_for(pid), -SIGKILL);
	journal = open_journal(path, false);
	assert_true(has_lock_file(RUN_A));
	begin(journal, NULL, RUN_B);
	assert_false(has_lock_file(RUN_A));
	assert_true(has_lock_file(RUN_B));
	assert_int_equal(purge_all(journal), 1);
	assert_true(has_lock_file(RUN_B));
	sendas_journal_close(journal);
	fclose(said);
}

/* Within one process, too. */
static void
has_one_journal_a_run(void **state)
{
	struct sendas_journal *a = open_journal(path, false);
	struct sendas_journal *b = open_journal(path, false);
	struct sendas_error err = {0};

	(void)state;
	begin(a, NULL, RUN_A);
	assert_int_equal(
	    sendas_journal_resume(b, NULL, RUN_A, &err), SENDAS_ERR_USAGE);
	assert_alive(b, RUN_A, true);
	assert_alive(a, RUN_A, false);
	begin(a, NULL, RUN_B);
	assert_int_equal(
	    sendas_journal_resume(b, NULL, RUN_A, &err), SENDAS_OK);
	assert_alive(a, RUN_A, true);
	sendas_journal_close(a);
	sendas_journal_close(b);
}

static void
assert_done(const char *id, size_t mailboxes)
{
	struct sendas_journal *journal = open_journal(path, true);
	struct sendas_journal_run run;
	struct sendas_error err = {0};

	assert_int_equal(
	    sendas_journal_get(journal, id, &run, &err), SENDAS_OK);
	assert_int_equal(run.mailboxes, mailboxes);
	assert_int_equal(run.outcomes[SENDAS_OUTCOME_APPLIED], 2 * mailboxes);
	assert_int_equal(run.planned, 0);
	assert_int_equal(run.open, 0);
	assert_true(run.finished > 0);
	assert_int_equal(
	    count_mailboxes(journal, id, SENDAS_JOURNAL_DONE), mailboxes);
	sendas_journal_run_clear(&run);
	sendas_journal_close(journal);
}

/* All begin at once, and the file is not there yet. */
static void
is_written_by_many(void **state)
{
	static const char *const ids[] = {RUN_A, RUN_B, RUN_C, "d"};
	struct worker workers[4];
	FILE *said[4];
	pid_t pids[4];

	(void)state;
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < 4; i++) {
			workers[i] = (struct worker){.id = ids[i],
			    .is_new = round == 0,
			    .mailboxes = 7,
			    .rounds = 10};
			pids[i] = start(&workers[i], work, &said[i]);
		}
		for (size_t i = 0; i < 4; i++) {
			assert_int_equal(wait_for(pids[i]), 0);
			fclose(said[i]);
		}
	}
	for (size_t i = 0; i < 4; i++)
		assert_done(ids[i], 210);
	assert_whole();
}

/* More than is waited for. */
static void
says_that_another_writes_too_long(void **state)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_error err = {0};
	sqlite3 *handle = NULL;

	(void)state;
	begin(journal, NULL, RUN_A);
	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL),
	    SQLITE_OK);
	add(journal, "a", 0);
	/* To read is no trouble, nor to open it. */
	assert_int_equal(
	    count_mailboxes(journal, RUN_A, SENDAS_JOURNAL_ALL), 0);
	sendas_journal_close(open_journal(path, false));
	assert_int_equal(sendas_journal_finish(journal, &err), SENDAS_ERR_FILE);
	assert_non_null(strstr(err.message, "another process"));
	sqlite3_close(handle);
	add(journal, "b", 0);
	assert_int_equal(sendas_journal_finish(journal, &err), SENDAS_OK);
	assert_int_equal(
	    count_mailboxes(journal, RUN_A, SENDAS_JOURNAL_ALL), 1);
	sendas_journal_close(journal);
}

/* ---- killed ---- */

#define KILLS 25
#define MOST_KILLS 100 /* on a machine that is slow, or busy */
#define MAILBOXES 15
#define ROUNDS 20
/* More than the changes of all processes together. */
#define MOST (2 * MOST_KILLS * ROUNDS * MAILBOXES + 1)

/* What processes were told, all of them together. */
struct ledger {
	bool added[MOST];
	bool begun[MOST], settled[MOST]; /* by the change's id */
	size_t confirmed;
};

static void
note(struct ledger *ledger, const char *line)
{
	long long number = atoll(line + 1);

	assert_true(number >= 0);
	if (line[0] == 'C')
		ledger->confirmed += (size_t)number;
	else
		assert_true(number < MOST);
	if (line[0] == 'A')
		ledger->added[number] = true;
	else if (line[0] == 'I')
		ledger->begun[number] = true;
	else if (line[0] == 'S')
		ledger->settled[number] = true;
}

/* The last line may be half of one: it is not counted then. */
static void
note_all(struct ledger *ledger, FILE *said)
{
	char line[64];

	while (fgets(line, sizeof(line), said) != NULL)
		if (strchr(line, '\n') != NULL)
			note(ledger, line);
	fclose(said);
}

/* Takes one change off the ledger. */
static void
check_change(struct ledger *ledger, const struct sendas_change *change)
{
	assert_true(change->id < MOST);
	if (ledger->begun[change->id])
		assert_true(change->was_begun);
	if (ledger->settled[change->id])
		assert_int_equal(change->outcome, SENDAS_OUTCOME_APPLIED);
	/* Nothing is settled that was not begun. */
	if (change->outcome != SENDAS_OUTCOME_PLANNED)
		assert_true(change->was_begun);
	ledger->begun[change->id] = false;
	ledger->settled[change->id] = false;
}

/* All that was told is on disk; *next is one more than the highest name. */
static void
check_ledger(const struct ledger *told, int *next_name)
{
	static struct ledger left;
	struct sendas_journal *journal = open_journal(path, true);
	struct sendas_mailbox *mailbox;
	struct sendas_journal_run run;
	struct sendas_error err = {0};
	long long after = 0;
	int name;

	left = *told;
	while ((mailbox = next(journal, RUN_A, SENDAS_JOURNAL_ALL, &after)) !=
	    NULL) {
		name = (int)strtol(mailbox->mailbox, NULL, 10);
		left.added[name] = false;
		*next_name = name >= *next_name ? name + 1 : *next_name;
		/* Whole or not at all. */
		assert_int_equal(mailbox->address_count, 1);
		assert_int_equal(mailbox->change_count, 2);
		for (size_t i = 0; i < 2; i++)
			check_change(&left, &mailbox->changes[i]);
		sendas_mailbox_free(mailbox);
	}
	for (size_t i = 0; i < MOST; i++) {
		assert_false(left.added[i]);
		assert_false(left.begun[i]);
		assert_false(left.settled[i]);
	}
	if (sendas_journal_get(journal, RUN_A, &run, &err) == SENDAS_OK) {
		assert_true(run.open + run.outcomes[SENDAS_OUTCOME_APPLIED] >=
		    told->confirmed);
		assert_int_equal(run.finished, 0);
		sendas_journal_run_clear(&run);
	}
	sendas_journal_close(journal);
}

static bool
is_there(const char *id)
{
	struct sendas_journal *journal = open_journal(path, true);
	struct sendas_journal_run run = {0};
	struct sendas_error err = {0};
	bool is = sendas_journal_get(journal, id, &run, &err) == SENDAS_OK;

	sendas_journal_run_clear(&run);
	sendas_journal_close(journal);
	return is;
}

/* At moments that nobody chose, from before the file is there. */
static void
keeps_what_it_told_when_killed(void **state)
{
	static struct ledger ledger;
	struct worker worker = {.id = RUN_A,
	    .mailboxes = MAILBOXES,
	    .rounds = ROUNDS,
	    .is_endless = true};
	unsigned seed = (unsigned)time(NULL);
	struct timespec wait = {0};
	FILE *said;
	pid_t pid;

	(void)state;
	printf("# seed %u\n", seed);
	memset(&ledger, 0, sizeof(ledger));
	for (int i = 0; i < KILLS || ledger.confirmed == 0; i++) {
		assert_true(i < MOST_KILLS);
		worker.is_new = !is_there(RUN_A);
		wait.tv_nsec = rand_r(&seed) % (i < 5 ? 5 : 80 + i) * 1000000L +
		    rand_r(&seed) % 1000000;
		pid = start(&worker, work, &said);
		nanosleep(&wait, NULL);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(wait_for(pid), -SIGKILL);
		note_all(&ledger, said);
		check_ledger(&ledger, &worker.next);
	}
	assert_whole();
	/* The last one ends it. */
	worker.is_endless = false;
	worker.is_new = !is_there(RUN_A);
	worker.rounds = 1;
	pid = start(&worker, work, &said);
	assert_int_equal(wait_for(pid), 0);
	fclose(said);
	assert_true(has_lock_file(RUN_A) == false);
	assert_whole();
	assert_done(RUN_A, (size_t)raw_int("SELECT count(*) FROM mailbox"));
}

/* A file that is being made is afterwards not there, empty, or whole. */
static void
is_made_whole_or_not_at_all(void **state)
{
	struct worker worker = {.id = RUN_A, .is_new = true};
	struct timespec wait = {0};
	FILE *said;
	pid_t pid;

	for (int i = 0; i < 40; i++) {
		wait.tv_nsec = i * 200000L;
		pid = start(&worker, hold, &said);
		nanosleep(&wait, NULL);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(wait_for(pid), -SIGKILL);
		fclose(said);
		is_there(RUN_A);
		sendas_journal_close(open_journal(path, false));
		assert_int_equal(raw_int("PRAGMA user_version"), 1);
		assert_whole();
		remove_folder(state);
		assert_int_equal(mkdir(folder, 0700), 0);
	}
}

#ifdef WITH_FAULT_POINTS

struct point {
	const char *name;
	char told; /* the last thing of the first round that was said before */
	size_t mailboxes, open, begun, applied; /* on disk afterwards */
	bool is_there, is_finished;
};

static void
work_to_point(void *ctx)
{
	struct worker *worker = ctx;

	/* Its id is RUN_A; the point's name came in its place. */
	setenv("SENDAS_FAULT_POINT", worker->id, 1);
	worker->id = RUN_A;
	work(worker);
}

static char
last_told(FILE *said)
{
	char line[64], last = 0;

	while (fgets(line, sizeof(line), said) != NULL)
		last = line[0];
	fclose(said);
	return last;
}

static void
check_point(const struct point *point)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_mailbox *mailbox;
	struct sendas_journal_run run = {0};
	struct sendas_error err = {0};
	long long after = 0;
	size_t begun = 0;

	assert_int_equal(sendas_journal_get(journal, RUN_A, &run, &err),
	    point->is_there ? SENDAS_OK : SENDAS_ERR_USAGE);
	while ((mailbox = next(journal, RUN_A, SENDAS_JOURNAL_ALL, &after)) !=
	    NULL) {
		begun += mailbox->changes[0].was_begun +
		    mailbox->changes[1].was_begun;
		sendas_mailbox_free(mailbox);
	}
	assert_int_equal(run.mailboxes, point->mailboxes);
	assert_int_equal(run.open, point->open);
	assert_int_equal(begun, point->begun);
	assert_int_equal(run.outcomes[SENDAS_OUTCOME_APPLIED], point->applied);
	assert_int_equal(run.finished != 0, point->is_finished);
	sendas_journal_run_clear(&run);
	sendas_journal_close(journal);
	assert_whole();
}

/* One mailbox of two changes, killed on either side of each commit. */
static void
is_killed_at_every_step(void **state)
{
	static const struct point points[] = {
	    {"journal.migrate.before", 0, 0, 0, 0, 0, false, false},
	    {"journal.migrate.after", 0, 0, 0, 0, 0, false, false},
	    {"journal.begin.before", 0, 0, 0, 0, 0, false, false},
	    {"journal.begin.after", 0, 0, 0, 0, 0, true, false},
	    {"journal.add.before", 'B', 0, 0, 0, 0, true, false},
	    {"journal.add.after", 'B', 1, 0, 0, 0, true, false},
	    {"journal.confirm.before", 'A', 1, 0, 0, 0, true, false},
	    {"journal.confirm.after", 'A', 1, 2, 0, 0, true, false},
	    {"journal.intend.before", 'C', 1, 2, 0, 0, true, false},
	    {"journal.intend.after", 'C', 1, 2, 2, 0, true, false},
	    {"journal.settle.before", 'I', 1, 2, 2, 0, true, false},
	    {"journal.settle.after", 'I', 1, 0, 2, 2, true, false},
	    {"journal.finish.before", 'S', 1, 0, 2, 2, true, false},
	    {"journal.finish.after", 'S', 1, 0, 2, 2, true, true},
	};
	FILE *said;
	pid_t pid;

	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		struct worker worker = {.id = points[i].name,
		    .is_new = true,
		    .mailboxes = 1,
		    .rounds = 1};

		pid = start(&worker, work_to_point, &said);
		assert_int_equal(wait_for(pid), -SIGKILL);
		assert_int_equal(last_told(said), points[i].told);
		check_point(&points[i]);
		/* The next one goes on from there, to the same end. */
		worker.id = RUN_A;
		worker.is_new = !points[i].is_there;
		worker.mailboxes = points[i].mailboxes > 0 ? 0 : 1;
		pid = start(&worker, work, &said);
		assert_int_equal(wait_for(pid), 0);
		fclose(said);
		assert_done(RUN_A, 1);
		remove_folder(state);
		assert_int_equal(mkdir(folder, 0700), 0);
	}
}

#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(has_one_process_a_run),
	    TEST(cleans_up_after_the_dead),
	    TEST(has_one_journal_a_run),
	    TEST(is_written_by_many),
	    TEST(says_that_another_writes_too_long),
	    TEST(keeps_what_it_told_when_killed),
	    TEST(is_made_whole_or_not_at_all),
#ifdef WITH_FAULT_POINTS
	    TEST(is_killed_at_every_step),
#endif
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name(
	    "journal crash", tests, set_up_group, tear_down_group);
}
