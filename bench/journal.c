/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal.c: what the journal costs: `journal FOLDER ROUNDS` makes journals in
 * that folder, deletes them again, and prints ratios, the median of so many
 * rounds: of an intent alone to one in a group, of mailboxes to bare rows of
 * SQLite, and of the memory for many mailboxes to that for a tenth of them.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "sendas/journal.h"
#include "sendas/mem.h"

#define GROUP 64
#define GROUPS 16 /* and as many intents one by one, in each round */
#define MAILBOXES 10000
#define MANY 100000
#define ADDRESSES 5 /* of a mailbox, like the answers of bench/audit.sh */
#define FINDINGS 2
#define ROWS (1 + ADDRESSES + FINDINGS + 1) /* that a mailbox is */
#define MAX_ROUNDS 100

static char path[4096];

static void
die(const char *what)
{
	fprintf(stderr, "journal: %s\n", what);
	exit(1);
}

static void
must(enum sendas_status status, const struct sendas_error *err)
{
	if (status != SENDAS_OK)
		die(err->message);
}

static double
now_of(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Time that passed, and time of the CPU. */
struct span {
	double wall, cpu;
};

static struct span
begin_span(void)
{
	return (struct span){
	    now_of(CLOCK_MONOTONIC), now_of(CLOCK_PROCESS_CPUTIME_ID)};
}

static struct span
end_span(struct span begun)
{
	return (struct span){now_of(CLOCK_MONOTONIC) - begun.wall,
	    now_of(CLOCK_PROCESS_CPUTIME_ID) - begun.cpu};
}

static void
remove_journal(void)
{
	static const char *const suffixes[] = {"", "-wal", "-shm"};
	char name[sizeof(path) + 8];

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, suffixes[i]);
		(void)unlink(name);
	}
}

static struct sendas_journal *
begin_journal(void)
{
	char id[] = "20261124T021500Z-7f3a", command[] = "fix";
	struct sendas_journal_run run = {
	    .id = id, .command = command, .started = time(NULL)};
	struct sendas_journal *journal = NULL;
	struct sendas_error err;

	remove_journal();
	must(sendas_journal_open(path, false, &journal, &err), &err);
	must(sendas_journal_begin(journal, NULL, &run, &err), &err);
	return journal;
}

static void
add_address(struct sendas_mailbox *mailbox, int number)
{
	struct sendas_address *address = sendas_mailbox_add_address(mailbox);
	struct sendas_finding *finding;

	address->address = sendas_xasprintf("taro%d@ocn.ne.jp", number);
	address->display_name = sendas_xstrdup("Taro Yamada");
	address->verification = sendas_xstrdup("accepted");
	address->treat_as_alias = true;
	address->has_relay = true;
	address->relay.host = sendas_xstrdup("smtp.ocn.ne.jp");
	address->relay.port = 587;
	address->relay.security = sendas_xstrdup("starttls");
	address->provider = "ocn";
	if (number >= FINDINGS)
		return;
	finding = sendas_address_add_finding(address);
	finding->rule = "treat-as-alias";
	finding->severity = SENDAS_SEVERITY_ERROR;
	finding->observed = sendas_value_bool(true);
	finding->expected = sendas_value_bool(false);
}

static struct sendas_mailbox *
new_mailbox(void)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("user00001@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_change *change;

	for (int i = 0; i < ADDRESSES; i++)
		add_address(mailbox, i);
	change = sendas_mailbox_add_change(mailbox);
	change->address = sendas_xstrdup("taro0@ocn.ne.jp");
	change->field = SENDAS_FIELD_TREAT_AS_ALIAS;
	change->before = sendas_value_bool(true);
	change->after = sendas_value_bool(false);
	return mailbox;
}

/* As an audit does: nobody waits for one of them. */
static void
add_mailboxes(struct sendas_journal *journal, size_t count)
{
	struct sendas_mailbox *mailbox = new_mailbox();
	struct sendas_error err;

	for (; count > 0; count--)
		sendas_journal_add_mailbox(journal, mailbox, NULL, NULL);
	must(sendas_journal_flush(journal, &err), &err);
	sendas_mailbox_free(mailbox);
}

/* ---- intents ---- */

/* Intends `count` changes from *id on, `group` at a time; seconds for one. */
static double
intend(struct sendas_journal *journal, long long *id, int count, int group)
{
	struct span span = begin_span();
	struct sendas_error err;

	for (int i = 1; i <= count; i++) {
		sendas_journal_intend(journal, id, 1, NULL, NULL);
		++*id;
		if (i % group == 0)
			must(sendas_journal_flush(journal, &err), &err);
	}
	return end_span(span).wall / count;
}

static void
measure_intents(double *one, double *grouped)
{
	struct sendas_journal *journal = begin_journal();
	struct sendas_error err;
	long long id = 1; /* in a new journal they are numbered from 1 on */
	size_t count;

	add_mailboxes(journal, GROUPS + GROUPS * GROUP);
	must(sendas_journal_confirm(journal, 0, &count, &err), &err);
	*one = intend(journal, &id, GROUPS, 1);
	*grouped = intend(journal, &id, GROUPS * GROUP, GROUP);
	sendas_journal_close(journal);
}

/* ---- mailboxes ---- */

static void
run_sql(sqlite3 *handle, const char *sql)
{
	if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(handle));
}

static void
insert_rows(sqlite3 *handle, long rows)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(handle,
		"INSERT INTO bare (a, b, c, d, e) VALUES (?, ?, ?, ?, ?)", -1,
		&statement, NULL) != SQLITE_OK)
		die(sqlite3_errmsg(handle));
	for (long i = 0; i < rows; i++) {
		sqlite3_bind_int64(statement, 1, i);
		sqlite3_bind_text(
		    statement, 2, "taro@ocn.ne.jp", -1, SQLITE_STATIC);
		sqlite3_bind_text(
		    statement, 3, "Taro Yamada", -1, SQLITE_STATIC);
		sqlite3_bind_int64(statement, 4, 1);
		sqlite3_bind_int64(statement, 5, 587);
		if (sqlite3_step(statement) != SQLITE_DONE)
			die(sqlite3_errmsg(handle));
		sqlite3_reset(statement);
	}
	sqlite3_finalize(statement);
}

/* The least that so many rows can cost: one table without an index, one
 * transaction. */
static struct span
measure_bare(long rows)
{
	sqlite3 *handle = NULL;
	struct span span;

	remove_journal();
	if (sqlite3_open(path, &handle) != SQLITE_OK)
		die(sqlite3_errmsg(handle));
	run_sql(handle,
	    "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
	    "CREATE TABLE bare (id INTEGER PRIMARY KEY, a, b, c, d, e)");
	span = begin_span();
	run_sql(handle, "BEGIN IMMEDIATE");
	insert_rows(handle, rows);
	run_sql(handle, "COMMIT");
	span = end_span(span);
	sqlite3_close(handle);
	return span;
}

static struct span
measure_mailboxes(void)
{
	struct sendas_journal *journal = begin_journal();
	struct span span = begin_span();

	add_mailboxes(journal, MAILBOXES);
	span = end_span(span);
	sendas_journal_close(journal);
	return span;
}

static double
bytes_on_disk(void)
{
	struct stat info;

	if (stat(path, &info) != 0)
		die("the journal is gone");
	return (double)info.st_size;
}

/* ---- memory ---- */

/* The peak of a process that adds so many, in MiB. */
static double
measure_memory(size_t mailboxes)
{
	struct sendas_journal *journal;
	struct rusage usage;
	int status = 0;
	pid_t pid = fork();

	if (pid < 0)
		die("no process can be made");
	if (pid == 0) {
		journal = begin_journal();
		add_mailboxes(journal, mailboxes);
		sendas_journal_close(journal);
		_exit(0);
	}
	if (wait4(pid, &status, 0, &usage) != pid || status != 0)
		die("a process failed");
	return (double)usage.ru_maxrss / 1024;
}

/* ---- all of it ---- */

enum figure {
	ONE_US,
	GROUPED_US,
	INTENT_RATIO,
	MAILBOX_US,
	WALL_RATIO,
	CPU_RATIO,
	DISK_BYTES,
	MEMORY_MIB,
	MEMORY_RATIO,
	FIGURE_COUNT,
};

static const char *const labels[FIGURE_COUNT] = {
    [ONE_US] = "an intent alone, us",
    [GROUPED_US] = "an intent in a group of 64, us",
    [INTENT_RATIO] = "alone / in a group",
    [MAILBOX_US] = "a mailbox, us",
    [WALL_RATIO] = "mailboxes / bare rows, time",
    [CPU_RATIO] = "mailboxes / bare rows, CPU",
    [DISK_BYTES] = "a mailbox on disk, bytes",
    [MEMORY_MIB] = "peak memory of 100,000 mailboxes, MiB",
    [MEMORY_RATIO] = "100,000 mailboxes / 10,000, peak memory",
};

static void
measure_round_of_memory(double figures[FIGURE_COUNT])
{
	figures[MEMORY_MIB] = measure_memory(MANY);
	figures[MEMORY_RATIO] = figures[MEMORY_MIB] / measure_memory(MAILBOXES);
}

static void
measure_round_of_time(double figures[FIGURE_COUNT])
{
	struct span bare, mailboxes;
	double one, grouped;

	measure_intents(&one, &grouped);
	figures[ONE_US] = one * 1e6;
	figures[GROUPED_US] = grouped * 1e6;
	figures[INTENT_RATIO] = one / grouped;
	bare = measure_bare((long)MAILBOXES * ROWS);
	mailboxes = measure_mailboxes();
	figures[MAILBOX_US] = mailboxes.wall * 1e6 / MAILBOXES;
	figures[WALL_RATIO] = mailboxes.wall / bare.wall;
	figures[CPU_RATIO] = mailboxes.cpu / bare.cpu;
	figures[DISK_BYTES] = bytes_on_disk() / MAILBOXES;
	remove_journal();
}

static int
compare(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int
main(int argc, char **argv)
{
	static double figures[MAX_ROUNDS][FIGURE_COUNT];
	double sorted[MAX_ROUNDS];
	long rounds = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

	if (rounds < 1 || rounds > MAX_ROUNDS)
		die("usage: journal FOLDER ROUNDS");
	snprintf(path, sizeof(path), "%s/bench-journal.db", argv[1]);
	/* As long as this process has not grown, of which the others are
	 * copies. */
	for (long i = 0; i < rounds; i++)
		measure_round_of_memory(figures[i]);
	for (long i = 0; i < rounds; i++)
		measure_round_of_time(figures[i]);
	for (int figure = 0; figure < FIGURE_COUNT; figure++) {
		for (long i = 0; i < rounds; i++)
			sorted[i] = figures[i][figure];
		qsort(sorted, (size_t)rounds, sizeof(sorted[0]), compare);
		printf("%-41s %9.2f\n", labels[figure], sorted[rounds / 2]);
	}
	return fflush(stdout) == 0 ? 0 : 1;
}
