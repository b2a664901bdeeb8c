/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_journal_file.c: the journal's file is private, nothing that is not ours
 * is touched, a damaged one is set aside and never overwritten, and a full
 * disk costs nothing that was told as kept.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <grp.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include "test_journal.h"

/* ---- bytes ---- */

struct bytes {
	char *data;
	size_t size;
};

static struct bytes
read_bytes(const char *name)
{
	struct bytes bytes = {0};
	struct stat info;
	FILE *file = fopen(name, "rb");

	assert_non_null(file);
	assert_int_equal(fstat(fileno(file), &info), 0);
	bytes.size = (size_t)info.st_size;
	bytes.data = sendas_xmalloc(bytes.size + 1);
	assert_int_equal(fread(bytes.data, 1, bytes.size, file), bytes.size);
	fclose(file);
	return bytes;
}

/* Private, and without anything that was there. */
static void
write_bytes(const char *name, const void *data, size_t size)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, data, size), (ssize_t)size);
	close(fd);
}

static void
assert_bytes(const char *name, const struct bytes *wanted)
{
	struct bytes got = read_bytes(name);

	assert_int_equal(got.size, wanted->size);
	assert_memory_equal(got.data, wanted->data, wanted->size);
	free(got.data);
}

static void
overwrite(off_t from, size_t size)
{
	char *junk = sendas_xmalloc(size);
	int fd = open(path, O_WRONLY);

	memset(junk, 0xa5, size);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, junk, size, from), (ssize_t)size);
	close(fd);
	free(junk);
}

static size_t
count_files(const char *pattern)
{
	char all[192];
	glob_t found;
	size_t count = 0;

	snprintf(all, sizeof(all), "%s/%s", folder, pattern);
	if (glob(all, 0, NULL, &found) == 0) {
		count = found.gl_pathc;
		globfree(&found);
	}
	return count;
}

/* Gets the name of the one file. */
static int
glob_one(const char *pattern, char *name, size_t size)
{
	char all[192];
	glob_t found;

	snprintf(all, sizeof(all), "%s/%s", folder, pattern);
	if (glob(all, 0, NULL, &found) != 0)
		return -1;
	snprintf(name, size, "%s", found.gl_pathv[0]);
	globfree(&found);
	return 0;
}

static unsigned
mode_of(const char *name)
{
	char whole[192];
	struct stat info;

	snprintf(whole, sizeof(whole), "%s/%s", folder, name);
	if (lstat(whole, &info) != 0)
		fail_msg("%s: %s", whole, strerror(errno));
	return (unsigned)info.st_mode & 07777;
}

/* ---- opening what cannot be opened ---- */

/* Refused both ways, with these words; another try is of no use. */
static void
assert_refused(const char *at, const char *words)
{
	struct sendas_journal *journal = NULL;
	struct sendas_error err;

	for (int i = 0; i < 2; i++) {
		memset(&err, 0, sizeof(err));
		assert_int_equal(
		    sendas_journal_open(at, i == 0, &journal, &err),
		    SENDAS_ERR_FILE);
		assert_int_equal(err.code, SENDAS_ERR_FILE);
		assert_null(journal);
		if (strstr(err.message, words) == NULL ||
		    strstr(err.message, at) == NULL)
			fail_msg("\"%s\" has no \"%s\"", err.message, words);
	}
}

/* The same, and nothing has become of it, nor is anything beside it. */
static void
assert_left_alone(const char *words)
{
	struct bytes before = read_bytes(path);

	assert_refused(path, words);
	assert_bytes(path, &before);
	assert_int_equal(count_files("*"), 1);
	free(before.data);
}

/* A journal with a run and some mailboxes. */
static void
make_journal(size_t mailboxes)
{
	struct sendas_journal *journal = open_journal(path, false);

	begin(journal, NULL, RUN_A);
	for (size_t i = 0; i < mailboxes; i++)
		add(journal, "hanako@example.com", 1);
	flush(journal);
	sendas_journal_close(journal);
}

static void
is_private(void **state)
{
	static const char *const folders[] = {"new", "new/deeper"};
	static const char *const files[] = {"new/deeper/journal.db",
	    "new/deeper/journal.db-wal", "new/deeper/journal.db-shm",
	    "new/deeper/journal.db.run-" RUN_A ".lock"};
	static const mode_t masks[] = {0, 077, 0277, 0777};
	struct sendas_journal *journal;
	char deep[160];
	mode_t mask;

	snprintf(deep, sizeof(deep), "%s/new/deeper/journal.db", folder);
	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		mask = umask(masks[i]);
		journal = open_journal(deep, false);
		begin(journal, NULL, RUN_A);
		add(journal, "a", 1);
		flush(journal);
		umask(mask);
		for (size_t j = 0; j < 2; j++)
			assert_int_equal(mode_of(folders[j]), 0700);
		for (size_t j = 0; j < 4; j++)
			assert_int_equal(mode_of(files[j]), 0600);
		sendas_journal_close(journal);
		assert_int_equal(count_files("new/deeper/*"), 1);
		remove_folder(state);
		assert_int_equal(mkdir(folder, 0700), 0);
	}
}

static void
refuses_what_others_can_read(void **state)
{
	static const mode_t modes[] = {
	    0644, 0640, 0604, 0620, 0602, 0610, 0601};
	char advice[160];

	(void)state;
	make_journal(1);
	snprintf(advice, sizeof(advice), "chmod 600 %s", path);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(path, modes[i]), 0);
		assert_left_alone(advice);
		assert_int_equal(mode_of("journal.db"), modes[i]);
	}
	/* What it advises helps. */
	assert_int_equal(chmod(path, 0600), 0);
	sendas_journal_close(open_journal(path, false));
}

static void
refuses_what_is_no_file(void **state)
{
	char other[160];

	(void)state;
	snprintf(other, sizeof(other), "%s/other.db", folder);
	assert_int_equal(symlink(other, path), 0);
	assert_refused(path, "symbolic link"); /* to nothing */
	assert_int_equal(access(other, F_OK), -1);
	assert_int_equal(unlink(path), 0);
	make_journal(1);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	assert_refused(path, "symbolic link");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_refused(path, "not a regular file");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_refused(path, "not a regular file");
}

/* Of the folder that it is in, links are followed. */
static void
has_one_name(void **state)
{
	struct sendas_journal *journal;
	char link[160], by_link[192];

	(void)state;
	snprintf(link, sizeof(link), "%s/link", folder);
	snprintf(by_link, sizeof(by_link), "%s/./journal.db", link);
	assert_int_equal(symlink(folder, link), 0);
	journal = open_journal(by_link, false);
	assert_string_equal(sendas_journal_path(journal), path);
	sendas_journal_close(journal);
	assert_int_equal(access(path, F_OK), 0);
}

static void
refuses_another_users(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		assert_refused("/etc/passwd", "another user");
		return;
	}
	make_journal(1);
	assert_int_equal(chown(path, 65534, 65534), 0);
	assert_left_alone("another user");
}

static void
leaves_other_files_alone(void **state)
{
	char long_text[20000];

	(void)state;
	/* Somebody's database, with and without an application's number. */
	raw("PRAGMA application_id = 4711");
	assert_int_equal(chmod(path, 0600), 0);
	assert_left_alone("another program's database");
	raw("CREATE TABLE word (id, text); PRAGMA user_version = 1");
	assert_left_alone("another program's database");
	raw("PRAGMA application_id = 0");
	assert_left_alone("another program's database");
	memset(long_text, 'x', sizeof(long_text));
	write_bytes(path, "buy milk\n", 9);
	assert_left_alone("no journal");
	write_bytes(path, "x\n", 2);
	assert_left_alone("no journal");
	write_bytes(path, long_text, sizeof(long_text));
	assert_left_alone("no journal");
	/* The name of the form, and nothing behind it. */
	memcpy(long_text, "SQLite format 3", 16);
	write_bytes(path, long_text, sizeof(long_text));
	assert_left_alone("no journal");
}

static void
leaves_a_newer_version_alone(void **state)
{
	(void)state;
	make_journal(1);
	raw("PRAGMA user_version = 2");
	assert_left_alone("newer version");
	raw("PRAGMA user_version = 1");
	sendas_journal_close(open_journal(path, false));
}

static void
assert_version_1(void)
{
	assert_int_equal(raw_int("PRAGMA application_id"), 0x73646173);
	assert_int_equal(raw_int("PRAGMA user_version"), 1);
	assert_int_equal(raw_int("PRAGMA auto_vacuum"), 2);
	assert_int_equal(raw_int("SELECT count(*) FROM sqlite_schema "
				 "WHERE type = 'table'"),
	    6);
	assert_int_equal(raw_int("SELECT count(*) FROM pragma_journal_mode "
				 "WHERE journal_mode = 'wal'"),
	    1);
}

/* As another process left it, which made it and got no further. */
static void
fills_an_empty_file(void **state)
{
	struct sendas_journal *journal;

	(void)state;
	write_bytes(path, "", 0);
	journal = open_journal(path, true);
	assert_int_equal(
	    count_mailboxes(journal, RUN_A, SENDAS_JOURNAL_ALL), 0);
	sendas_journal_close(journal);
	write_bytes(path, "", 0);
	journal = open_journal(path, false);
	begin(journal, NULL, RUN_A);
	sendas_journal_close(journal);
	assert_version_1();
	assert_whole();
}

/* ---- where nothing may be written ---- */

/* Becomes somebody for whom permissions mean something. */
static void
drop_privileges(void)
{
	if (geteuid() != 0)
		return;
	MUST(setgroups(0, NULL) == 0);
	MUST(setgid(65534) == 0);
	MUST(setuid(65534) == 0);
}

static void
give_away(const char *name)
{
	if (geteuid() == 0)
		assert_int_equal(chown(name, 65534, 65534), 0);
}

struct unwritable {
	mode_t folder, file; /* file 0: there is none */
	const char *words; /* of who wants to write */
	bool is_readable;
	size_t mailboxes; /* that a reader sees */
};

static void
try_unwritable(void *ctx)
{
	const struct unwritable *row = ctx;
	struct sendas_mailbox *mailbox = NULL;
	struct sendas_journal *journal = NULL;
	struct sendas_error err = {0};
	long long after = 0;
	size_t count = 0;

	drop_privileges();
	MUST(sendas_journal_open(path, false, &journal, &err) ==
	    SENDAS_ERR_FILE);
	if (strstr(err.message, row->words) == NULL)
		fprintf(stderr, "%s\n", err.message);
	MUST(strstr(err.message, row->words) != NULL);
	MUST(strstr(err.message, "journal.db") != NULL);
	if (!row->is_readable) {
		MUST(sendas_journal_open(path, true, &journal, &err) ==
		    SENDAS_ERR_FILE);
		MUST(strstr(err.message, row->words) != NULL);
		return;
	}
	MUST(sendas_journal_open(path, true, &journal, &err) == SENDAS_OK);
	do {
		sendas_mailbox_free(mailbox);
		MUST(sendas_journal_next(journal, RUN_A, SENDAS_JOURNAL_ALL,
			 &after, &mailbox, &err) == SENDAS_OK);
	} while (mailbox != NULL && ++count > 0);
	MUST(count == row->mailboxes);
	sendas_journal_close(journal);
}

static void
says_that_it_cannot_write(void **state)
{
	static const struct unwritable rows[] = {
	    {0500, 0600, "not written", true, 3},
	    {0500, 0400, "not written", true, 3},
	    {0700, 0400, "not written", true, 3},
	    {0500, 0, "Permission denied", true, 0},
	    {0000, 0600, "Permission denied", false, 0},
	    {0700, 0200, "Permission denied", false, 0},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].file != 0) {
			make_journal(3);
			give_away(path);
			assert_int_equal(chmod(path, rows[i].file), 0);
		}
		give_away(folder);
		assert_int_equal(chmod(folder, rows[i].folder), 0);
		assert_int_equal(
		    wait_for(spawn(try_unwritable, (void *)&rows[i])), 0);
		assert_int_equal(chmod(folder, 0700), 0);
		remove_folder(state);
		assert_int_equal(mkdir(folder, 0700), 0);
	}
}

/* ---- damage ---- */

/* Without the logs that belong to them. */
#define ASIDE "journal.db.damaged-*[Z0-9]"

/* Reads all until something fails. */
static enum sendas_status
read_until(struct sendas_journal *journal, struct sendas_error *err)
{
	enum sendas_status status;
	struct sendas_mailbox *mailbox = NULL;
	long long after = 0;

	do {
		sendas_mailbox_free(mailbox);
		mailbox = NULL;
		status = sendas_journal_next(
		    journal, RUN_A, SENDAS_JOURNAL_ALL, &after, &mailbox, err);
	} while (status == SENDAS_OK && mailbox != NULL);
	return status;
}

/* A journal whose middle is junk. */
static struct bytes
make_damaged(void)
{
	struct bytes damaged;
	off_t middle;

	make_journal(3000);
	damaged = read_bytes(path);
	middle = (off_t)damaged.size / 8192 * 4096;
	assert_true(middle > 100000);
	free(damaged.data);
	overwrite(middle, damaged.size - (size_t)middle);
	return read_bytes(path);
}

/* The message names where it is now, and there it is as it was. */
static void
assert_set_aside(const char *message, const struct bytes *damaged)
{
	const char *name = strstr(message, path);
	char aside[160];

	assert_non_null(name);
	name = strstr(name + 1, path);
	assert_non_null(name);
	snprintf(aside, sizeof(aside), "%.*s", (int)strcspn(name, ";"), name);
	assert_non_null(strstr(aside, "journal.db.damaged-"));
	assert_bytes(aside, damaged);
	assert_int_equal(access(path, F_OK), -1);
}

static void
ignore_run(void *ctx, const struct sendas_journal_run *run)
{
	(void)ctx;
	(void)run;
}

static void
assert_all_fail(struct sendas_journal *journal)
{
	struct sendas_journal_run run;
	struct sendas_error err = {0};
	size_t a, b;
	char *id;

	assert_int_equal(sendas_journal_flush(journal, &err), SENDAS_ERR_FILE);
	assert_non_null(strstr(err.message, "damaged"));
	assert_int_equal(read_until(journal, &err), SENDAS_ERR_FILE);
	assert_int_equal(
	    sendas_journal_get(journal, RUN_A, &run, &err), SENDAS_ERR_FILE);
	assert_int_equal(sendas_journal_list(journal, ignore_run, NULL, &err),
	    SENDAS_ERR_FILE);
	assert_int_equal(
	    sendas_journal_find_open(journal, "a", &id, &err), SENDAS_ERR_FILE);
	assert_int_equal(
	    sendas_journal_find_unfinished(journal, "fix", &id, &err),
	    SENDAS_ERR_FILE);
	assert_int_equal(
	    try_begin(journal, NULL, RUN_B, 1, &err), SENDAS_ERR_FILE);
	assert_int_equal(
	    sendas_journal_resume(journal, NULL, RUN_A, &err), SENDAS_ERR_FILE);
	assert_int_equal(sendas_journal_count_planned(journal, &a, &b, &err),
	    SENDAS_ERR_FILE);
	assert_int_equal(
	    sendas_journal_confirm(journal, 0, &a, &err), SENDAS_ERR_FILE);
	assert_int_equal(sendas_journal_finish(journal, &err), SENDAS_ERR_FILE);
	assert_int_equal(
	    sendas_journal_purge(journal, 1, &a, &err), SENDAS_ERR_FILE);
	assert_non_null(strstr(err.message, "damaged"));
}

static void
sets_a_damaged_one_aside(void **state)
{
	struct sendas_journal *journal;
	struct sendas_error err = {0};
	struct bytes damaged;

	(void)state;
	/* Twice, maybe within one second. */
	for (size_t i = 1; i <= 2; i++) {
		damaged = make_damaged();
		journal = open_journal(path, false);
		assert_int_equal(read_until(journal, &err), SENDAS_ERR_FILE);
		assert_set_aside(err.message, &damaged);
		assert_all_fail(journal);
		sendas_journal_close(journal);
		free(damaged.data);
		assert_int_equal(access(path, F_OK), -1);
		assert_int_equal(count_files(ASIDE), i);
	}
	/* The next one begins anew. */
	make_journal(2);
	assert_version_1();
	assert_whole();
}

static void
leaves_a_damaged_one_when_reading(void **state)
{
	struct bytes damaged = make_damaged();
	struct sendas_journal *journal = open_journal(path, true);
	struct sendas_error err = {0};

	(void)state;
	assert_int_equal(read_until(journal, &err), SENDAS_ERR_FILE);
	assert_non_null(strstr(err.message, "left where it is"));
	assert_int_equal(read_until(journal, &err), SENDAS_ERR_FILE);
	sendas_journal_close(journal);
	assert_bytes(path, &damaged);
	assert_int_equal(count_files("*"), 1);
	free(damaged.data);
}

/* Damage that shows at once: the list of tables, a table, a version. */
static void
sees_damage_when_it_opens(void **state)
{
	struct sendas_journal *journal = NULL;
	struct sendas_error err = {0};
	struct bytes damaged;

	(void)state;
	for (int i = 0; i < 3; i++) {
		make_journal(10);
		if (i == 0)
			overwrite(100, 3996);
		else if (i == 1)
			raw("ALTER TABLE change RENAME COLUMN undoes TO undid");
		else
			raw("DROP TABLE finding");
		damaged = read_bytes(path);
		assert_int_equal(
		    sendas_journal_open(path, true, &journal, &err),
		    SENDAS_ERR_FILE);
		assert_non_null(strstr(err.message, "left where it is"));
		assert_bytes(path, &damaged);
		assert_int_equal(
		    sendas_journal_open(path, false, &journal, &err),
		    SENDAS_ERR_FILE);
		assert_set_aside(err.message, &damaged);
		free(damaged.data);
	}
}

/* What SQLite finds nothing wrong with, and no version of ours wrote. */
static void
believes_no_nonsense(void **state)
{
	static const char *const rows[] = {
	    "UPDATE change SET outcome = 99",
	    "UPDATE change SET outcome = -1",
	    "UPDATE change SET stage = 3",
	    "UPDATE change SET field = 3",
	    "UPDATE change SET field = 2",
	    "UPDATE change SET before_kind = 2",
	    "UPDATE change SET before_kind = 5",
	    "UPDATE change SET field = 2, before_kind = 4, before = '[]', "
	    "after_kind = 0",
	    "UPDATE change SET field = 2, before_kind = 4, before = "
	    "'{\"port\": "
	    "\"x\"}', after_kind = 0",
	    "UPDATE mailbox SET status = 4",
	    "UPDATE mailbox SET reason = 1000",
	    "UPDATE mailbox SET source = -1",
	    "UPDATE address SET position = 1",
	    "INSERT INTO finding VALUES (1, 7, 0, 1, 0, 0, 0, NULL, 0, 0, "
	    "NULL, 0, NULL)",
	    "INSERT INTO finding VALUES (1, 0, 0, 4711, 0, 0, 0, NULL, 0, 0, "
	    "NULL, 0, NULL)",
	    "INSERT INTO finding VALUES (1, 0, 0, 1, 5, 0, 0, NULL, 0, 0, "
	    "NULL, 0, NULL)",
	};
	struct sendas_journal *journal;
	struct sendas_error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		make_journal(1);
		journal = open_journal(path, false);
		assert_int_equal(read_until(journal, &err), SENDAS_OK);
		raw(rows[i]);
		if (read_until(journal, &err) != SENDAS_ERR_FILE)
			fail_msg("believed: %s", rows[i]);
		assert_non_null(strstr(err.message, "set aside"));
		sendas_journal_close(journal);
	}
	assert_int_equal(count_files(ASIDE), sizeof(rows) / sizeof(rows[0]));
}

struct told {
	int count;
	struct sendas_error err;
};

static void
hear(void *ctx, const struct sendas_error *err)
{
	struct told *told = ctx;

	told->count++;
	assert_non_null(err);
	told->err = *err;
}

/* Damage that a write meets, on its thread. */
static void
tells_writers_of_damage(void **state)
{
	struct bytes damaged = make_damaged();
	struct sendas_mailbox *mailbox = new_mailbox("a", 1);
	struct told told[3] = {{0}};
	struct sendas_http *http = new_http();
	struct sendas_journal *journal = open_journal(path, false);

	(void)state;
	free(damaged.data);
	begin(journal, http, RUN_B);
	for (int i = 0; i < 2; i++)
		sendas_journal_add_mailbox(journal, mailbox, hear, &told[i]);
	sendas_http_run(http);
	sendas_journal_add_mailbox(journal, mailbox, hear, &told[2]);
	sendas_http_run(http);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(told[i].count, 1);
		assert_int_equal(told[i].err.code, SENDAS_ERR_FILE);
		assert_non_null(strstr(told[i].err.message, "set aside"));
	}
	assert_all_fail(journal);
	sendas_mailbox_free(mailbox);
	sendas_journal_close(journal);
	sendas_http_free(http);
	/* Its log went with it, and has the run that was begun last. */
	assert_int_equal(count_files("journal.db"), 0);
	assert_int_equal(count_files("journal.db-*"), 0);
	assert_int_equal(count_files(ASIDE), 1);
	assert_int_equal(glob_one(ASIDE, path, sizeof(path)), 0);
	assert_int_equal(
	    raw_int("SELECT count(*) FROM run WHERE name = '" RUN_B "'"), 1);
}

/* What has the name by now is not what was opened. */
static void
sets_only_its_own_aside(void **state)
{
	struct bytes damaged = make_damaged(), whole;
	struct sendas_journal *journal = open_journal(path, true), *writer;
	struct sendas_error err = {0};
	char moved[160];

	(void)state;
	free(damaged.data);
	sendas_journal_close(journal);
	writer = open_journal(path, false);
	snprintf(moved, sizeof(moved), "%s/moved", folder);
	assert_int_equal(rename(path, moved), 0);
	make_journal(1);
	whole = read_bytes(path);
	assert_int_equal(read_until(writer, &err), SENDAS_ERR_FILE);
	assert_null(strstr(err.message, "set aside"));
	sendas_journal_close(writer);
	assert_bytes(path, &whole);
	assert_int_equal(access(moved, F_OK), 0);
	free(whole.data);
	assert_whole();
}

/* ---- a full disk ---- */

#define STEPS 3 /* mailboxes of the run that meets the full disk */

struct full {
	rlim_t limit;
	int said; /* where it says what it was told: "B", "A3", "a3 MESSAGE" */
};

static void
say(const struct full *full, const char *what, int number,
    enum sendas_status status, const struct sendas_error *err)
{
	if (status == SENDAS_OK)
		dprintf(full->said, "%s%d\n", what, number);
	else
		dprintf(full->said, "!%s%d %d %s\n", what, number, (int)status,
		    err->message);
}

static enum sendas_status
add_one(struct sendas_journal *journal, int number, struct sendas_error *err)
{
	struct sendas_mailbox *mailbox;
	char name[16];

	snprintf(name, sizeof(name), "m%d", number);
	mailbox = new_mailbox(name, 2);
	sendas_journal_add_mailbox(journal, mailbox, NULL, NULL);
	sendas_mailbox_free(mailbox);
	return sendas_journal_flush(journal, err);
}

/* Begins and settles all that can be got at. */
static void
work_off(struct sendas_journal *journal, const struct full *full)
{
	struct sendas_mailbox *mailbox = NULL;
	enum sendas_status status;
	struct sendas_error err = {0};
	long long after = 0;

	for (int i = 0;; i++) {
		if (sendas_journal_next(journal, RUN_B, SENDAS_JOURNAL_OPEN,
			&after, &mailbox, &err) != SENDAS_OK ||
		    mailbox == NULL)
			return;
		sendas_journal_intend(
		    journal, &mailbox->changes[0].id, 1, NULL, NULL);
		status = sendas_journal_flush(journal, &err);
		say(full, "I", (int)mailbox->changes[0].id, status, &err);
		mailbox->changes[0].outcome = SENDAS_OUTCOME_APPLIED;
		sendas_journal_settle(journal, mailbox, NULL, NULL);
		status = sendas_journal_flush(journal, &err);
		say(full, "S", (int)mailbox->changes[0].id, status, &err);
		sendas_mailbox_free(mailbox);
		mailbox = NULL;
	}
}

/* A run so large that it needs more room than SQLite's index of the log, which
 * is the first thing that is made. */
static enum sendas_status
begin_large(struct sendas_journal *journal, struct sendas_error *err)
{
	char id[] = RUN_B, command[] = "fix";
	struct sendas_journal_run run = {.id = id, .command = command};
	enum sendas_status status;

	run.options = sendas_xmalloc(40001);
	memset(run.options, 'x', 40000);
	run.options[40000] = '\0';
	status = sendas_journal_begin(journal, NULL, &run, err);
	free(run.options);
	return status;
}

static void
work_on_full_disk(void *ctx)
{
	const struct full *full = ctx;
	struct rlimit limit = {
	    .rlim_cur = full->limit, .rlim_max = full->limit};
	struct sendas_journal *journal = NULL;
	enum sendas_status status;
	struct sendas_error err = {0};
	size_t count = 0;

	signal(SIGXFSZ, SIG_IGN);
	MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	status = sendas_journal_open(path, false, &journal, &err);
	say(full, "O", 0, status, &err);
	if (status != SENDAS_OK)
		return;
	status = begin_large(journal, &err);
	say(full, "B", 0, status, &err);
	for (int i = 0; i < STEPS && status == SENDAS_OK; i++)
		say(full, "A", i, add_one(journal, i, &err), &err);
	if (status == SENDAS_OK) {
		status = sendas_journal_confirm(journal, 0, &count, &err);
		say(full, "C", (int)count, status, &err);
		work_off(journal, full);
		status = sendas_journal_finish(journal, &err);
		say(full, "F", 0, status, &err);
	}
	sendas_journal_close(journal);
}

static bool
has_mailbox(struct sendas_journal *journal, int number)
{
	struct sendas_mailbox *mailbox;
	char name[16];
	bool has;

	snprintf(name, sizeof(name), "m%d", number);
	mailbox = kept(journal, RUN_B, SENDAS_JOURNAL_ALL, name);
	has = mailbox != NULL;
	sendas_mailbox_free(mailbox);
	return has;
}

/* The change with this id, as it is on disk. */
static void
look_at_change(struct sendas_journal *journal, long long id, bool *was_begun,
    enum sendas_outcome *outcome)
{
	struct sendas_mailbox *mailbox;
	long long after = 0;

	while ((mailbox = next(journal, RUN_B, SENDAS_JOURNAL_ALL, &after)) !=
	    NULL) {
		for (size_t i = 0; i < mailbox->change_count; i++)
			if (mailbox->changes[i].id == id) {
				*was_begun = mailbox->changes[i].was_begun;
				*outcome = mailbox->changes[i].outcome;
			}
		sendas_mailbox_free(mailbox);
	}
}

/* One thing that the process was told, against what is on disk: what was told
 * as kept is there, and what was told as not kept is not. */
static void
check_told(struct sendas_journal *journal, char what, int number, bool is_kept)
{
	struct sendas_journal_run run = {0};
	enum sendas_outcome outcome = SENDAS_OUTCOME_COUNT;
	struct sendas_error err = {0};
	bool was_begun = false;

	if (what == 'A') {
		assert_int_equal(has_mailbox(journal, number), is_kept);
	} else if (what == 'I' || what == 'S') {
		look_at_change(journal, number, &was_begun, &outcome);
		if (what == 'I')
			assert_int_equal(was_begun, is_kept);
		else
			assert_int_equal(
			    outcome == SENDAS_OUTCOME_APPLIED, is_kept);
	} else if (what != 'O') {
		assert_int_equal(sendas_journal_get(journal, RUN_B, &run, &err),
		    what != 'B' || is_kept ? SENDAS_OK : SENDAS_ERR_USAGE);
		if (what == 'F')
			assert_int_equal(run.finished != 0, is_kept);
		if (what == 'C' && is_kept)
			assert_int_equal(run.planned, 0);
		if (what == 'C' && !is_kept)
			assert_int_equal(run.open, 0);
		sendas_journal_run_clear(&run);
	}
}

/* Checks all that it said; *first gets what failed first, or 0. */
static void
check_said(FILE *said, char *first)
{
	struct sendas_journal *journal = open_journal(path, false);
	char line[1200], what;
	int number;
	bool is_kept;

	*first = 0;
	while (fgets(line, sizeof(line), said) != NULL) {
		is_kept = line[0] != '!';
		what = line[is_kept ? 0 : 1];
		number = (int)strtol(line + (is_kept ? 1 : 2), NULL, 10);
		check_told(journal, what, number, is_kept);
		if (is_kept)
			continue;
		if (*first == 0)
			*first = what;
		if (strstr(line, "no room left") == NULL)
			fail_msg("%s", line);
	}
	sendas_journal_close(journal);
}

/* A new run finds room again. */
static void
assert_usable(void)
{
	struct sendas_journal *journal = open_journal(path, false);
	struct sendas_error err = {0};

	begin(journal, NULL, RUN_C);
	add(journal, "later", 1);
	assert_int_equal(sendas_journal_finish(journal, &err), SENDAS_OK);
	sendas_journal_close(journal);
	assert_whole();
}

/* What failed first with files of at most so many bytes; 0: nothing. */
static char
meet_full_disk(const struct bytes *before, rlim_t limit)
{
	struct full full = {.limit = limit};
	int ends[2];
	char first;
	FILE *said;

	write_bytes(path, before->data, before->size);
	assert_int_equal(pipe(ends), 0);
	full.said = ends[1];
	assert_int_equal(wait_for(spawn(work_on_full_disk, &full)), 0);
	close(ends[1]);
	said = fdopen(ends[0], "r");
	assert_non_null(said);
	check_said(said, &first);
	fclose(said);
	assert_usable();
	return first;
}

/* The limit grows until all goes well: each write is once the one that finds
 * no room. */
static void
loses_nothing_on_a_full_disk(void **state)
{
	char seen[16] = "", first = 'x';
	struct bytes before;

	(void)state;
	make_journal(50);
	before = read_bytes(path);
	for (rlim_t limit = 0; first != 0; limit += 2500) {
		first = meet_full_disk(&before, limit);
		assert_true(limit < 1024 * 1024);
		if (first != 0 && strchr(seen, first) == NULL)
			strncat(seen, &first, 1);
	}
	free(before.data);
	assert_string_equal(seen, "OBACISF");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(is_private),
	    TEST(refuses_what_others_can_read),
	    TEST(refuses_what_is_no_file),
	    TEST(has_one_name),
	    TEST(refuses_another_users),
	    TEST(leaves_other_files_alone),
	    TEST(leaves_a_newer_version_alone),
	    TEST(fills_an_empty_file),
	    TEST(says_that_it_cannot_write),
	    TEST(sets_a_damaged_one_aside),
	    TEST(leaves_a_damaged_one_when_reading),
	    TEST(sees_damage_when_it_opens),
	    TEST(believes_no_nonsense),
	    TEST(tells_writers_of_damage),
	    TEST(sets_only_its_own_aside),
	    TEST(loses_nothing_on_a_full_disk),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name(
	    "journal file", tests, set_up_group, tear_down_group);
}
