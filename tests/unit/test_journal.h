/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_journal.h: a folder for each test, and journals, runs and mailboxes in
 * few words. To be included after cmocka.h.
 */
#ifndef SENDAS_TEST_JOURNAL_H
#define SENDAS_TEST_JOURNAL_H

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include "sendas/http.h"
#include "sendas/journal.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "test_folder.h"

#define RUN_A "20261124T021500Z-000a"
#define RUN_B "20261124T021500Z-000b"
#define RUN_C "20261124T021500Z-000c"

/* Of the test under way; `path` is in it, and nothing there yet. */
static char folder[64];
static char path[128];

static inline int
make_folder(void **state)
{
	(void)state;
	if (test_folder_make(folder, sizeof(folder), "journal") != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/journal.db", folder);
	return 0;
}

static inline int
remove_folder(void **state)
{
	(void)state;
	return test_folder_remove(folder);
}

static inline struct sendas_journal *
open_journal(const char *at, bool is_reading)
{
	struct sendas_journal *journal = NULL;
	struct sendas_error err = {0};

	if (sendas_journal_open(at, is_reading, &journal, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	return journal;
}

static inline struct sendas_http *
new_http(void)
{
	static const struct sendas_http_options options = {
	    .user_agent = "test"};
	struct sendas_http *http = NULL;

	assert_int_equal(sendas_http_new(&options, &http, NULL), SENDAS_OK);
	return http;
}

/* A run of `fix`, which began at `started`. */
static inline enum sendas_status
try_begin(struct sendas_journal *journal, struct sendas_http *http,
    const char *id, time_t started, struct sendas_error *err)
{
	char name[65] = "", command[] = "fix";
	struct sendas_journal_run run = {
	    .id = name, .command = command, .started = started};

	snprintf(name, sizeof(name), "%s", id);
	return sendas_journal_begin(journal, http, &run, err);
}

static inline void
begin(struct sendas_journal *journal, struct sendas_http *http, const char *id)
{
	struct sendas_error err = {0};

	if (try_begin(journal, http, id, 1000, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
}

static inline void
flush(struct sendas_journal *journal)
{
	struct sendas_error err = {0};

	if (sendas_journal_flush(journal, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
}

/* A mailbox with one address and so many planned changes of it. */
static inline struct sendas_mailbox *
new_mailbox(const char *name, size_t changes)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new(name, SENDAS_SOURCE_GMAIL);
	struct sendas_address *address = sendas_mailbox_add_address(mailbox);

	address->address = sendas_xstrdup("taro@ocn.ne.jp");
	address->verification = sendas_xstrdup("accepted");
	address->treat_as_alias = true;
	address->relay.port = -1;
	for (size_t i = 0; i < changes; i++) {
		struct sendas_change *change =
		    sendas_mailbox_add_change(mailbox);

		change->address = sendas_xasprintf("taro%zu@ocn.ne.jp", i);
		change->field = SENDAS_FIELD_TREAT_AS_ALIAS;
		change->before = sendas_value_bool(true);
		change->after = sendas_value_bool(false);
		change->is_reversible = true;
	}
	return mailbox;
}

/* Kept when somebody waits for the disk. */
static inline void
add(struct sendas_journal *journal, const char *name, size_t changes)
{
	struct sendas_mailbox *mailbox = new_mailbox(name, changes);

	sendas_journal_add_mailbox(journal, mailbox, NULL, NULL);
	sendas_mailbox_free(mailbox);
}

static inline size_t
confirm(struct sendas_journal *journal, size_t max)
{
	struct sendas_error err = {0};
	size_t count = 0;

	if (sendas_journal_confirm(journal, max, &count, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	return count;
}

/* The next mailbox; the caller frees it. */
static inline struct sendas_mailbox *
next(struct sendas_journal *journal, const char *run,
    enum sendas_journal_which which, long long *after)
{
	struct sendas_mailbox *mailbox = NULL;
	struct sendas_error err = {0};

	if (sendas_journal_next(journal, run, which, after, &mailbox, &err) !=
	    SENDAS_OK)
		fail_msg("%s", err.message);
	return mailbox;
}

/* The mailbox with this name as it was kept; the caller frees it. */
static inline struct sendas_mailbox *
kept(struct sendas_journal *journal, const char *run,
    enum sendas_journal_which which, const char *name)
{
	struct sendas_mailbox *mailbox;
	long long after = 0;

	while ((mailbox = next(journal, run, which, &after)) != NULL) {
		if (mailbox->mailbox != NULL &&
		    strcmp(mailbox->mailbox, name) == 0)
			return mailbox;
		sendas_mailbox_free(mailbox);
	}
	return NULL;
}

static inline size_t
count_mailboxes(struct sendas_journal *journal, const char *run,
    enum sendas_journal_which which)
{
	struct sendas_mailbox *mailbox;
	long long after = 0;
	size_t count = 0;

	while ((mailbox = next(journal, run, which, &after)) != NULL) {
		sendas_mailbox_free(mailbox);
		count++;
	}
	return count;
}

/* All changes of the mailbox get this outcome; flushes. */
static inline enum sendas_status
settle(struct sendas_journal *journal, const char *run, const char *name,
    enum sendas_outcome outcome, struct sendas_error *err)
{
	struct sendas_mailbox *mailbox =
	    kept(journal, run, SENDAS_JOURNAL_ALL, name);

	assert_non_null(mailbox);
	for (size_t i = 0; i < mailbox->change_count; i++)
		mailbox->changes[i].outcome = outcome;
	sendas_journal_settle(journal, mailbox, NULL, NULL);
	sendas_mailbox_free(mailbox);
	return sendas_journal_flush(journal, err);
}

/* As that, of their going to be sent. */
static inline enum sendas_status
intend(struct sendas_journal *journal, const char *run, const char *name,
    struct sendas_error *err)
{
	struct sendas_mailbox *mailbox =
	    kept(journal, run, SENDAS_JOURNAL_ALL, name);
	long long ids[16];

	assert_non_null(mailbox);
	assert_true(mailbox->change_count <= 16);
	for (size_t i = 0; i < mailbox->change_count; i++)
		ids[i] = mailbox->changes[i].id;
	sendas_journal_intend(journal, ids, mailbox->change_count, NULL, NULL);
	sendas_mailbox_free(mailbox);
	return sendas_journal_flush(journal, err);
}

/* As another program would. */
static inline void
raw(const char *sql)
{
	sqlite3 *handle = NULL;
	char *message = NULL;

	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	if (sqlite3_exec(handle, sql, NULL, NULL, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
	sqlite3_close(handle);
}

static inline int
raw_int(const char *sql)
{
	sqlite3_stmt *statement = NULL;
	sqlite3 *handle = NULL;
	int number;

	assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	number = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(handle);
	return number;
}

/* In a process of its own, where cmocka's checks are of no use: says what is
 * wrong, and ends it. */
#define MUST(condition)                                                        \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__,     \
			    #condition);                                       \
			_exit(99);                                             \
		}                                                              \
	} while (0)

/* Has `work` done in a process of its own. */
static inline pid_t
spawn(void (*work)(void *ctx), void *ctx)
{
	pid_t pid;

	/* Else what waits there would be written twice. */
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		work(ctx);
		_exit(0);
	}
	return pid;
}

/* Waits for its end: 0 when it went well, else its exit status, or -N when
 * signal N ended it. */
static inline int
wait_for(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* SQLite's own opinion of the file. */
static inline void
assert_whole(void)
{
	assert_int_equal(raw_int("SELECT count(*) FROM pragma_integrity_check "
				 "WHERE integrity_check = 'ok'"),
	    1);
	assert_int_equal(
	    raw_int("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

static inline int
set_up_group(void **state)
{
	(void)state;
	sendas_oauth2_init();
	return 0;
}

static inline int
tear_down_group(void **state)
{
	(void)state;
	sendas_oauth2_shutdown();
	return 0;
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, make_folder, remove_folder)

#endif
