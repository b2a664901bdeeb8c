/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_passwords_file.c: a file of passwords is checked whole, hands out each
 * as it stands there, tells no part of one in a message, and leaves none in
 * memory.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "sendas/buf.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/passwords_file.h"
#include "test_folder.h"

#define TEXT(text) text, sizeof(text) - 1

#define HEADER "mailbox,address,user name,password\n"
#define MAILBOX "taro@example.com"
#define ADDRESS "taro@ocn.ne.jp"
#define PAIR MAILBOX "," ADDRESS ","

/* What no message may have: the password of each bad file. */
#define HIDDEN "S3cr3t"

/* Shift_JIS, as Excel saves "CSV" in Japan. */
#define SHIFT_JIS "\x83\x81\x81[\x83\x8b"

/* Of the test under way: its folder, and the file there. */
static char folder[64], path[80];

static int
set_up(void **state)
{
	(void)state;
	if (test_folder_make(folder, sizeof(folder), "passwords") != 0)
		return -1;
	snprintf(path, sizeof(path), "%s/list.csv", folder);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return test_folder_remove(folder);
}

/* Without stdio, whose buffers would keep what was written. */
static void
write_file(const char *text, size_t len)
{
	int fd;

	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	close(fd);
}

static struct sendas_passwords_file *
open_good(const char *text, size_t len)
{
	struct sendas_passwords_file *file = NULL;
	struct sendas_error err = {0};

	write_file(text, len);
	if (sendas_passwords_file_open(path, &file, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	return file;
}

/* The password of MAILBOX and ADDRESS is this one. */
static void
wants_password(
    struct sendas_passwords_file *file, const char *user, const char *want)
{
	struct sendas_secret password = {0};
	struct sendas_error err = {0};
	char *got;

	if (sendas_passwords_file_get(
		file, MAILBOX, ADDRESS, &got, &password, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	assert_string_equal(got, user);
	assert_string_equal(password.data, want);
	assert_int_equal(password.len, strlen(want));
	sendas_secret_clear(&password);
	free(got);
}

static void
reads_each_form(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *user, *password;
	} rows[] = {
	    {TEXT(HEADER PAIR ",a\n"), ADDRESS, "a"},
	    {TEXT(HEADER PAIR "t,a"), "t", "a"},
	    {TEXT("\xef\xbb\xbf" HEADER PAIR "t,a\n"), "t", "a"},
	    {TEXT("\xef\xbb\xbf\"mailbox\",address,password\r\n" PAIR "a\r\n"),
		ADDRESS, "a"},
	    {TEXT("\n\r\n" HEADER "\n\n" PAIR "t,a\n\n\n"), "t", "a"},
	    {TEXT("mailbox,address,password\n" PAIR "a\n"), ADDRESS, "a"},
	    {TEXT("password,user name,address,mailbox\n"
		  "a,t," ADDRESS "," MAILBOX "\n"),
		"t", "a"},
	    {TEXT("address,password,mailbox\n" ADDRESS ",a," MAILBOX "\n"),
		ADDRESS, "a"},
	    {TEXT(" Mailbox ,ADDRESS,User Name,PassWord\n" PAIR "t,a\n"), "t",
		"a"},
	    {TEXT("mailbox,address,username,password\n" PAIR "t,a\n"), "t",
		"a"},
	    {TEXT("mailbox,address,User,password\n" PAIR "t,a\n"), "t", "a"},
	    {TEXT("mailbox,address,user_name,password\n" PAIR "t,a\n"), "t",
		"a"},
	    /* Spaces around an address and a name are nobody's intent. */
	    {TEXT(HEADER " taro@example.com\t, taro@ocn.ne.jp ,  ,a\n"),
		ADDRESS, "a"},
	    {TEXT(HEADER PAIR " t ,a\n"), "t", "a"},
	    {TEXT(HEADER PAIR "太郎,a\n"), "太郎", "a"},
	    /* The address is the name as it stands there. */
	    {TEXT(HEADER "TARO@example.com,Taro@Ocn.ne.jp,,a\n"),
		"Taro@Ocn.ne.jp", "a"},
	    /* It need not be the only one, nor the first. */
	    {TEXT(HEADER "a@example.com," ADDRESS ",,b\n" PAIR "t,a\n" MAILBOX
			 ",taro@ocn.ne.jp.x,,c\n"),
		"t", "a"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_passwords_file *file =
		    open_good(rows[i].text, rows[i].len);

		wants_password(file, rows[i].user, rows[i].password);
		sendas_passwords_file_free(file);
	}
}

/* However a line ends, and whichever line it is. */
static void
reads_each_password(void **state)
{
	static const struct {
		const char *field, *password;
	} rows[] = {
	    {"a", "a"},
	    {"\"a\"", "a"},
	    {"\"a,b\"", "a,b"},
	    {"\"a\"\"b\"", "a\"b"},
	    {"\"\"\"\"", "\""},
	    {"\"\"\"a\"\"\"", "\"a\""},
	    {"  a", "  a"},
	    {"a  ", "a  "},
	    {" ", " "},
	    {"\" a, \"\"b \"", " a, \"b "},
	    {"a'b;c\\d", "a'b;c\\d"},
	    {"=1+1", "=1+1"},
	    {"#a", "#a"},
	    {"%s%n", "%s%n"},
	    {"p\xc3\xa4ss", "p\xc3\xa4ss"},
	    {"ひみつ", "ひみつ"},
	};
	static const char *const ends[] = {
	    "", "\n", "\r\n", "\nx@x.jp,y@y.jp,z,b\n"};
	struct sendas_passwords_file *file;
	char text[256];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t j = 0; j < sizeof(ends) / sizeof(ends[0]); j++) {
			snprintf(text, sizeof(text),
			    HEADER "v@x.jp,w@y.jp,\"q,\"\"\",b\n" PAIR "t,%s%s",
			    rows[i].field, ends[j]);
			file = open_good(text, strlen(text));
			wants_password(file, "t", rows[i].password);
			sendas_passwords_file_free(file);
		}
	}
}

static size_t
count_descriptors(void)
{
	size_t count = 0;

	for (int fd = 0; fd < 256; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

/* The message names the file, then says this, and nothing that is hidden. */
static void
wants_refused(const char *text, enum sendas_status code, const char *want)
{
	struct sendas_passwords_file *file = NULL;
	size_t len = strlen(path), before = count_descriptors();
	struct sendas_error err = {0};

	if (sendas_passwords_file_open(path, &file, &err) != code)
		fail_msg("%s\n%s", text, err.message);
	assert_int_equal(err.code, code);
	assert_null(file);
	assert_int_equal(count_descriptors(), before);
	if (strncmp(err.message, path, len) != 0 ||
	    strncmp(err.message + len, ": ", 2) != 0 ||
	    strncmp(err.message + len + 2, want, strlen(want)) != 0)
		fail_msg("%s\nwanted: %s", err.message, want);
	assert_null(strstr(err.message, HIDDEN));
	/* Nobody has to ask why. */
	assert_int_equal(sendas_passwords_file_open(path, &file, NULL), code);
}

static void
refuses_bad_headers(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *want;
	} rows[] = {
	    {TEXT(""),
		"there is nothing in it. The first line has to name the "
		"columns: mailbox,address,user name,password"},
	    {TEXT("\xef\xbb\xbf"), "there is nothing in it."},
	    {TEXT("\n\r\n\n"), "there is nothing in it."},
	    {TEXT(HEADER), "it has no entries."},
	    {TEXT(HEADER "\n\r\n"), "it has no entries."},
	    {TEXT("mailbox,address,user name\n" PAIR HIDDEN "\n"),
		"line 1: the column \"password\" is missing. The first line "
		"has to name the columns: mailbox,address,user name,password"},
	    {TEXT("mailbox,password\n"),
		"line 1: the column \"address\" is missing."},
	    {TEXT("password,address\n"),
		"line 1: the column \"mailbox\" is missing."},
	    {TEXT("\n\nmailbox,address\n"),
		"line 3: the column \"password\" is missing."},
	    {TEXT("mailbox,address,password,note\n" PAIR HIDDEN ",\n"),
		"line 1: column 4 (\"note\") is none of those that may be "
		"there. Delete it, or give it its right name: "
		"mailbox,address,user name,password"},
	    {TEXT("mailbox,adress,password,\n"),
		"line 1: column 2 (\"adress\") is none"},
	    {TEXT("mailbox,address,password,\n"),
		"line 1: column 4 (\"\") is none"},
	    {TEXT("mailbox,address,password,\"a\nb\"\n"),
		"line 1: column 4 (\"a b\") is none"},
	    {TEXT("mailbox,address,password,"
		  "あいうえおかきくけこさしすせそ\n"),
		"line 1: column 4 (\"あいうえおかきくけこ\") is none"},
	    {TEXT("mailbox,address,password, Address\n"),
		"line 1: the column \"address\" is there twice. Keep the one"},
	    {TEXT("mailbox,MAILBOX,address,password\n"),
		"line 1: the column \"mailbox\" is there twice."},
	    {TEXT("mailbox,address,user,username,password\n"),
		"line 1: the column \"user name\" is there twice."},
	    {TEXT("password,mailbox,address,password\n"),
		"line 1: the column \"password\" is there twice."},
	    /* No header: then what stands there is not shown. */
	    {TEXT(PAIR "," HIDDEN "\n"),
		"line 1: the column \"mailbox\" is missing."},
	    {TEXT(HIDDEN "," PAIR "\n"),
		"line 1: the column \"mailbox\" is missing."},
	    {TEXT(PAIR HIDDEN ",password\n"),
		"line 1: the column \"mailbox\" is missing."},
	    {TEXT(HIDDEN "\n"), "line 1: the column \"mailbox\" is missing."},
	    {TEXT("mailbox," HIDDEN "\n"),
		"line 1: the column \"address\" is missing."},
	    /* Other separators. */
	    {TEXT("mailbox;address;user name;password\n"),
		"line 1: semicolons or tabs stand between the columns. Save "
		"it with commas"},
	    {TEXT("mailbox\taddress\tpassword\n"),
		"line 1: semicolons or tabs"},
	    /* Other encodings. */
	    {TEXT(SHIFT_JIS ",address,password\n"),
		"line 1: the header is not UTF-8. Save it as UTF-8 (in Excel: "
		"\"CSV UTF-8\")."},
	    {TEXT("mailbox,address,password," SHIFT_JIS "\n"),
		"line 1: the header is not UTF-8."},
	    {TEXT("\xff\xfem\0a\0i\0"),
		"this is UTF-16. Save it as UTF-8 (in Excel: \"CSV UTF-8\")."},
	    {TEXT("\xfe\xff\0m\0a\0i"), "this is UTF-16."},
	    {TEXT("m\0a\0i\0"), "line 1: a NUL character. If this is UTF-16"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		write_file(rows[i].text, rows[i].len);
		wants_refused(rows[i].text, SENDAS_ERR_INPUT, rows[i].want);
	}
}

static void
refuses_bad_rows(void **state)
{
	static const struct {
		const char *text; /* below the header */
		const char *want;
	} rows[] = {
	    {PAIR HIDDEN "\n",
		"line 2: the number of fields is 3, in the first line it is "
		"4. A field with a comma"},
	    {PAIR ",x," HIDDEN "\n", "line 2: the number of fields is 5"},
	    {HIDDEN "\n", "line 2: the number of fields is 1"},
	    {"\"\"\n", "line 2: the number of fields is 1"},
	    {PAIR ",a\n\n" PAIR HIDDEN "\n",
		"line 4: the number of fields is 3"},
	    {"," ADDRESS ",," HIDDEN "\n",
		"line 2: the column \"mailbox\" is empty. Give an e-mail "
		"address there"},
	    {MAILBOX ", ,," HIDDEN "\n",
		"line 2: the column \"address\" is empty."},
	    {",,,\n", "line 2: the column \"mailbox\" is empty."},
	    {HIDDEN "," ADDRESS ",,x\n",
		"line 2: what the column \"mailbox\" has is not an e-mail "
		"address. Give the address alone"},
	    {MAILBOX "," HIDDEN ",,x\n",
		"line 2: what the column \"address\" has is not"},
	    {MAILBOX ",Taro <" ADDRESS ">,," HIDDEN "\n",
		"line 2: what the column \"address\" has is not"},
	    {MAILBOX ",\"a@x.jp,b@x.jp\",," HIDDEN "\n",
		"line 2: what the column \"address\" has is not"},
	    {"taro\xe2\x80\x8b@example.com," ADDRESS ",," HIDDEN "\n",
		"line 2: what the column \"mailbox\" has is not"},
	    {PAIR "ta\x01ro," HIDDEN "\n",
		"line 2: the column \"user name\" has a line break or "
		"characters that cannot be seen. Type it anew."},
	    {PAIR "\"ta\nro\"," HIDDEN "\n",
		"line 2: the column \"user name\" has a line break"},
	    {PAIR "ta\xe2\x80\x8bro," HIDDEN "\n",
		"line 2: the column \"user name\" has a line break"},
	    {PAIR ",\n",
		"line 2: there is no password. Give it, or delete the line."},
	    {PAIR HIDDEN ",\"\"\n", "line 2: there is no password."},
	    {PAIR ",a\nb@x.jp,b@x.jp,,\n", "line 3: there is no password."},
	    {PAIR "," HIDDEN "\t\n",
		"line 2: the password has a line break, a tab or another "
		"control character. Type it anew."},
	    {PAIR "," HIDDEN "\x7f\n", "line 2: the password has a line"},
	    {PAIR ",\x1b" HIDDEN "\n", "line 2: the password has a line"},
	    {PAIR ",\"" HIDDEN "\n\"\n", "line 2: the password has a line"},
	    {PAIR ",\"" HIDDEN "\r\nx\"\r\n",
		"line 2: the password has a line"},
	    /* What Excel saves as "CSV" in Japan. */
	    {"\x91\xbe@x.jp," ADDRESS ",," HIDDEN "\n",
		"line 2: the column \"mailbox\" is not UTF-8. Save the file "
		"as UTF-8 (in Excel: \"CSV UTF-8\")."},
	    {MAILBOX ",\x91\xbe@x.jp,," HIDDEN "\n",
		"line 2: the column \"address\" is not UTF-8."},
	    {PAIR SHIFT_JIS "," HIDDEN "\n",
		"line 2: the column \"user name\" is not UTF-8."},
	    {PAIR "," HIDDEN SHIFT_JIS "\n",
		"line 2: the column \"password\" is not UTF-8."},
	    /* What is no CSV. */
	    {PAIR "," HIDDEN "\"x\n",
		"line 2: a quotation mark inside a field that does not begin "
		"with one. Put the whole field in quotation marks"},
	    {PAIR ",\"" HIDDEN "\"x\n",
		"line 2: text after a closing quotation mark. Write each one "
		"inside the field twice"},
	    {PAIR ",\"" HIDDEN "\n" PAIR ",a\n",
		"line 2: a quotation mark is opened here and never closed."},
	    {PAIR "," HIDDEN "\r" PAIR ",a\n",
		"line 2: a carriage return that ends no line."},
	    /* Twice. */
	    {PAIR "," HIDDEN "\nb@x.jp,b@x.jp,,x\nTARO@Example.com,"
		  "taro@OCN.ne.jp,t," HIDDEN "\n",
		"lines 2 and 4 are about the same address of the same "
		"mailbox. Delete the one that is wrong."},
	    /* Of several the one that comes first. */
	    {"z@x.jp,z@x.jp,,a\na@x.jp,a@x.jp,,a\nz@x.jp,z@x.jp,,b\n"
	     "a@x.jp,a@x.jp,,b\nz@x.jp,z@x.jp,,c\n",
		"lines 2 and 4 are about"},
	    {"a@x.jp,a@x.jp,,a\nz@x.jp,z@x.jp,,a\na@x.jp,a@x.jp,,b\n"
	     "a@x.jp,a@x.jp,,b\nz@x.jp,z@x.jp,,c\n",
		"lines 2 and 4 are about"},
	};
	char text[512];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), HEADER "%s", rows[i].text);
		write_file(text, strlen(text));
		wants_refused(text, SENDAS_ERR_INPUT, rows[i].want);
	}
}

static void
wants_nobody_else_to_read_it(void **state)
{
	static const mode_t bad[] = {
	    0640, 0604, 0620, 0602, 0610, 0601, 0644, 0660, 0777};
	static const mode_t good[] = {0600, 0400, 0700};
	struct sendas_passwords_file *file;
	char want[256];

	(void)state;
	write_file(TEXT(HEADER PAIR "," HIDDEN "\n"));
	snprintf(want, sizeof(want),
	    "other users of this machine can read it, so it is not used. Run: "
	    "chmod 600 %s",
	    path);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(chmod(path, bad[i]), 0);
		wants_refused("mode", SENDAS_ERR_CREDENTIALS, want);
	}
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(chmod(path, good[i]), 0);
		assert_int_equal(
		    sendas_passwords_file_open(path, &file, NULL), SENDAS_OK);
		sendas_passwords_file_free(file);
	}
}

static void
wants_it_to_be_ours(void **state)
{
	char other[96];

	(void)state;
	if (geteuid() != 0)
		skip();
	write_file(TEXT(HEADER PAIR "," HIDDEN "\n"));
	assert_int_equal(chown(path, 65534, (gid_t)-1), 0);
	wants_refused("owner", SENDAS_ERR_CREDENTIALS,
	    "it belongs to another user, so it is not used.");
	/* By a link too. */
	snprintf(other, sizeof(other), "%s/other", folder);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink("other", path), 0);
	wants_refused("owner", SENDAS_ERR_CREDENTIALS,
	    "it belongs to another user, so it is not used.");
}

static void
wants_a_file(void **state)
{
	struct sendas_passwords_file *file;
	char other[96];

	(void)state;
	wants_refused("absent", SENDAS_ERR_FILE, "cannot be opened: ");
	assert_int_equal(mkdir(path, 0700), 0);
	wants_refused("a folder", SENDAS_ERR_FILE, "this is not a regular");
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	wants_refused("a FIFO", SENDAS_ERR_FILE, "this is not a regular");
	write_file(TEXT(HEADER PAIR ",a\n"));
	snprintf(other, sizeof(other), "%s/other", folder);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink("other", path), 0);
	assert_int_equal(
	    sendas_passwords_file_open(path, &file, NULL), SENDAS_OK);
	sendas_passwords_file_free(file);
}

/* NULs, of which the disk has none: it is refused for them, or before. */
static void
bounds_the_file(void **state)
{
	(void)state;
	write_file("", 0);
	assert_int_equal(truncate(path, SENDAS_LIMIT_PASSWORDS_BYTES), 0);
	wants_refused("all", SENDAS_ERR_INPUT, "line 1: a NUL");
	assert_int_equal(truncate(path, SENDAS_LIMIT_PASSWORDS_BYTES + 1), 0);
	wants_refused("more", SENDAS_ERR_FILE, "larger than 33554432 bytes");
}

/* In a process of its own, which sees a drive of Windows. Its exit status is
 * 99 where that cannot be made. */
static int
try_on_windows(void)
{
	struct sendas_passwords_file *file = NULL;
	struct sendas_error err = {0};
	uid_t me = geteuid();
	char map[32];
	int fd;

	if (unshare(CLONE_NEWNS | (me != 0 ? CLONE_NEWUSER : 0)) != 0)
		return 99;
	if (me != 0) {
		snprintf(map, sizeof(map), "%u %u 1", me, me);
		fd = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, map, strlen(map)) < 0)
			return 99;
		close(fd);
	}
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
	    mount("none", "/mnt", "tmpfs", 0, NULL) != 0 ||
	    mkdir("/mnt/c", 0777) != 0)
		return 99;
	fd = open("/mnt/c/a.csv", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || fchmod(fd, 0777) != 0)
		return 99;
	close(fd);
	return sendas_passwords_file_open("/mnt/c/a.csv", &file, &err) ==
		    SENDAS_ERR_CREDENTIALS &&
		strstr(err.message,
		    "install -D -m 600 /mnt/c/a.csv "
		    "~/.config/sendas/passwords.csv") != NULL &&
		strstr(err.message, "chmod") == NULL
	    ? 0
	    : 1;
}

static void
leads_away_from_windows(void **state)
{
	int status;
	pid_t child;

	(void)state;
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(try_on_windows());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 99)
		skip();
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* No program that is started later inherits it. */
static void
is_closed_for_other_programs(void **state)
{
	struct sendas_passwords_file *file =
	    open_good(TEXT(HEADER PAIR ",a\n"));
	size_t before = count_descriptors(), found = 0;
	struct stat wanted, info;

	(void)state;
	assert_int_equal(stat(path, &wanted), 0);
	for (int fd = 0; fd < 256; fd++) {
		if (fstat(fd, &info) != 0 || info.st_ino != wanted.st_ino ||
		    info.st_dev != wanted.st_dev)
			continue;
		found++;
		assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
		assert_int_equal(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	}
	assert_int_equal(found, 1);
	sendas_passwords_file_free(file);
	assert_int_equal(count_descriptors(), before - 1);
}

/* The first line is neither the first nor the last by its addresses. */
#define THREE                                                                  \
	HEADER "\na@example.com,y@ocn.ne.jp,,1\n"                              \
	       "a@example.com,x@ocn.ne.jp,,2\n"                                \
	       "b@example.com,x@ocn.ne.jp,,3\n"

static void
tells_what_it_has(void **state)
{
	struct sendas_passwords_file *file = open_good(TEXT(THREE));

	(void)state;
	assert_int_equal(sendas_passwords_file_count(file), 3);
	assert_true(
	    sendas_passwords_file_has(file, "a@example.com", "x@ocn.ne.jp"));
	assert_true(
	    sendas_passwords_file_has(file, "A@EXAMPLE.com", "Y@Ocn.Ne.Jp"));
	assert_false(
	    sendas_passwords_file_has(file, "b@example.com", "y@ocn.ne.jp"));
	assert_false(
	    sendas_passwords_file_has(file, "x@ocn.ne.jp", "a@example.com"));
	assert_false(sendas_passwords_file_has(file, "a@example.com", ""));
	assert_false(sendas_passwords_file_has(file, "", "x@ocn.ne.jp"));
	sendas_passwords_file_free(file);
	sendas_passwords_file_free(NULL);
}

static void
tells_what_nobody_asked_for(void **state)
{
	struct sendas_passwords_file *file = open_good(TEXT(THREE));
	struct sendas_secret password = {0};
	size_t line = 7;
	char *user;

	(void)state;
	assert_int_equal(sendas_passwords_file_unused(file, &line), 3);
	assert_int_equal(line, 3);
	/* To miss one, or to get one, is not to have found it. */
	assert_false(
	    sendas_passwords_file_has(file, "b@example.com", "z@ocn.ne.jp"));
	assert_int_equal(sendas_passwords_file_get(file, "b@example.com",
			     "x@ocn.ne.jp", &user, &password, NULL),
	    SENDAS_OK);
	sendas_secret_clear(&password);
	free(user);
	assert_int_equal(sendas_passwords_file_unused(file, &line), 3);
	assert_true(
	    sendas_passwords_file_has(file, "B@example.com", "x@ocn.ne.jp"));
	assert_true(
	    sendas_passwords_file_has(file, "B@example.com", "x@ocn.ne.jp"));
	assert_int_equal(sendas_passwords_file_unused(file, &line), 2);
	assert_int_equal(line, 3);
	assert_true(
	    sendas_passwords_file_has(file, "a@example.com", "y@ocn.ne.jp"));
	assert_int_equal(sendas_passwords_file_unused(file, &line), 1);
	assert_int_equal(line, 4);
	assert_true(
	    sendas_passwords_file_has(file, "a@example.com", "x@ocn.ne.jp"));
	assert_int_equal(sendas_passwords_file_unused(file, &line), 0);
	assert_int_equal(line, 0);
	sendas_passwords_file_free(file);
}

/* Neither is touched. */
static void
wants_no_password(struct sendas_passwords_file *file, const char *mailbox,
    enum sendas_status code, const char *want)
{
	struct sendas_secret password = {0};
	struct sendas_error err = {0};
	char untouched[] = "", *user = untouched;

	sendas_secret_set(&password, "before", 6);
	assert_int_equal(sendas_passwords_file_get(
			     file, mailbox, ADDRESS, &user, &password, &err),
	    code);
	if (strncmp(err.message, path, strlen(path)) != 0 ||
	    strstr(err.message, want) == NULL)
		fail_msg("%s\nwanted: %s", err.message, want);
	assert_null(strstr(err.message, HIDDEN));
	assert_ptr_equal(user, untouched);
	assert_string_equal(password.data, "before");
	sendas_secret_clear(&password);
	assert_int_equal(sendas_passwords_file_get(
			     file, mailbox, ADDRESS, &user, &password, NULL),
	    code);
}

static void
has_no_other_password(void **state)
{
	struct sendas_passwords_file *file =
	    open_good(TEXT(HEADER PAIR "," HIDDEN "\n"));

	(void)state;
	wants_no_password(file, "jiro@example.com", SENDAS_ERR_INPUT,
	    ": there is no password for the address taro@ocn.ne.jp of the "
	    "mailbox jiro@example.com. Give it a line of its own.");
	sendas_passwords_file_free(file);
}

/* Writes into the file that is open; its time becomes what it was, and so many
 * nanoseconds more. */
static void
change_file(const char *text, long later)
{
	struct timespec times[2];
	struct stat info;
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &info), 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	assert_int_equal(ftruncate(fd, (off_t)strlen(text)), 0);
	times[0] = info.st_atim;
	times[1] = info.st_mtim;
	times[1].tv_nsec += later;
	if (times[1].tv_nsec >= 1000000000L)
		times[1].tv_nsec -= 2 * later;
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
}

/* Before and after, and the same time: only what is read tells. */
static void
sees_what_was_changed(void **state)
{
	static const char before[] =
	    HEADER PAIR "," HIDDEN "\nb@x.jp,b@x.jp,,123\n";
	static const struct {
		const char *text;
		long later;
	} rows[] = {
	    /* A good row of its own, but not what was checked. */
	    {HEADER PAIR ",5ecr3t\nb@x.jp,b@x.jp,,123\n", 1},
	    {HEADER PAIR "," HIDDEN "\nb@x.jp,b@x.jp,,1234\n", 0},
	    {HEADER PAIR "," HIDDEN "\nb@x.jp,b@x.jp,,12\n", 0},
	    /* Cut off, within the row and before. */
	    {HEADER PAIR "," HIDDEN, 0},
	    {HEADER, 0},
	    {"", 0},
	    /* As long as it was. */
	    {HEADER "jiro@example.com," ADDRESS "," HIDDEN
		    "x\nb@x.jp,b@x.jp,,12\n",
		0},
	    {HEADER "tarO@example.coM,jiro@ocn.ne.jp,," HIDDEN
		    "\nb@x.jp,b@x.jp,,123\n",
		0},
	    {HEADER "Jaro@example.com," ADDRESS ",," HIDDEN
		    "\nb@x.jp,b@x.jp,,123\n",
		0},
	    {HEADER PAIR "," HIDDEN "x\nb@x.jp,b@x.jp,,12\n", 0},
	    {HEADER PAIR ",S3c\n3t\nb@x.jp,b@x.jp,,123\n", 0},
	    {HEADER PAIR "," HIDDEN ",b@x.jp,b@x.jp,,123\n", 0},
	    {HEADER PAIR HIDDEN ",\nb@x.jp,b@x.jp,,123\n", 0},
	    {HEADER PAIR ",S3cr\t3\nb@x.jp,b@x.jp,,123\n", 0},
	    {HEADER PAIR ",S3cr\"3\nb@x.jp,b@x.jp,,123\n", 0},
	    {HEADER PAIR ",,3cr3t\nb@x.jp,b@x.jp,,123\n", 0},
	};
	struct sendas_passwords_file *file;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		file = open_good(TEXT(before));
		change_file(rows[i].text, rows[i].later);
		wants_no_password(file, MAILBOX, SENDAS_ERR_INPUT,
		    ": line 2: the file was changed after it had been checked, "
		    "so no password is taken from it any more. Start again.");
		sendas_passwords_file_free(file);
	}
	/* Else all of that would say nothing. */
	file = open_good(TEXT(before));
	change_file(before, 0);
	wants_password(file, ADDRESS, HIDDEN);
	sendas_passwords_file_free(file);
}

/* It is the file that was checked, whatever its name means by now. */
static void
reads_what_it_has_open(void **state)
{
	struct sendas_passwords_file *file =
	    open_good(TEXT(HEADER PAIR ",a\n"));

	(void)state;
	write_file(TEXT(HEADER PAIR ",b\n"));
	wants_password(file, ADDRESS, "a");
	assert_int_equal(unlink(path), 0);
	wants_password(file, ADDRESS, "a");
	sendas_passwords_file_free(file);
}

#define MANY 100000

static double
seconds_used(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static void
is_quick_with_many(void **state)
{
	struct sendas_passwords_file *file;
	char mailbox[64], address[64];
	double before = seconds_used();
	struct sendas_buf text;
	size_t line;

	(void)state;
	sendas_buf_init(&text, 16u * 1024 * 1024);
	sendas_buf_add_text(&text, HEADER);
	/* Neither in order nor backwards. */
	for (unsigned i = 0; i < MANY; i++)
		sendas_buf_printf(&text,
		    "user%u@example.com,user%u@ocn.ne.jp,,%u\n",
		    i * 7919u % MANY, i * 7919u % MANY, i);
	assert_false(text.is_overflow);
	file = open_good(text.data, text.len);
	sendas_buf_clear(&text);
	assert_int_equal(sendas_passwords_file_count(file), MANY);
	for (unsigned i = 0; i < MANY; i++) {
		snprintf(mailbox, sizeof(mailbox), "User%u@example.com", i);
		snprintf(address, sizeof(address), "user%u@OCN.ne.jp", i);
		assert_true(sendas_passwords_file_has(file, mailbox, address));
	}
	assert_int_equal(sendas_passwords_file_unused(file, &line), 0);
	sendas_passwords_file_free(file);
	/* A second or two; half a minute if each were compared with all. */
	assert_true(seconds_used() - before < 10);
}

/*
 * What is left in memory. The password that is searched for is made letter by
 * letter, so that this test has no copy of it, and searched for in parts,
 * after what malloc writes over when memory is free.
 */
#define NOTES 32
#define PART 16
#define PARTS 4
#define LETTERS (NOTES + PARTS * PART)

/* Mappings that are larger are a sanitizer's own notes. */
#define MAPPING_BYTES (1024ul * 1024 * 1024)

static char
letter(size_t i)
{
	static volatile unsigned step = 2654435761u;
	unsigned mixed = ((unsigned)i + 11) * step;

	return (char)('a' + (mixed >> 15) % 26);
}

static void
add_letters(struct sendas_buf *text)
{
	char one;

	for (size_t i = 0; i < LETTERS; i++) {
		one = letter(i);
		sendas_buf_add(text, &one, 1);
	}
}

static char page[1024 * 1024];

static bool
is_part(const char *at, size_t part)
{
	for (size_t i = 0; i < PART; i++) {
		if (at[i] != letter(NOTES + part * PART + i))
			return false;
	}
	return true;
}

/* In the `len` bytes of `page`, which were read at `address`. */
static size_t
count_parts(uintptr_t address, size_t len)
{
	uintptr_t own = (uintptr_t)page;
	size_t found = 0;

	for (size_t part = 0; part < PARTS; part++) {
		char first = letter(NOTES + part * PART);
		const char *at = page, *end = page + len;

		while (end - at >= PART &&
		    (at = memchr(at, first, (size_t)(end - at) - PART + 1)) !=
			NULL) {
			uintptr_t there = address + (uintptr_t)(at - page);

			if (is_part(at, part) &&
			    (there < own || there >= own + sizeof(page)))
				found++;
			at++;
		}
	}
	return found;
}

static size_t
search_mapping(int memory, uintptr_t from, uintptr_t to)
{
	size_t found = 0;
	ssize_t got;

	while (from + PART <= to) {
		size_t want =
		    to - from < sizeof(page) ? to - from : sizeof(page);

		got = pread(memory, page, want, (off_t)from);
		if (got < PART)
			break;
		found += count_parts(from, (size_t)got);
		/* Not twice, and not torn. */
		from += (uintptr_t)got - (PART - 1);
	}
	explicit_bzero(page, sizeof(page));
	return found;
}

/* The parts of the password that are in whatever this process can write to:
 * PARTS for each copy, used or freed. */
static size_t
search_memory(void)
{
	int memory = open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
	FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long from, to;
	size_t found = 0;
	char line[512], rights[8];

	if (memory < 0 || maps == NULL)
		skip();
	while (fgets(line, sizeof(line), maps) != NULL) {
		if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) != 3 ||
		    strncmp(rights, "rw", 2) != 0 || to - from > MAPPING_BYTES)
			continue;
		found += search_mapping(memory, from, to);
	}
	fclose(maps);
	close(memory);
	return found;
}

/* Writes the letters between two texts. */
static void
write_letters(const char *before, const char *after)
{
	struct sendas_buf text;

	sendas_buf_init(&text, 65536);
	sendas_buf_add_text(&text, before);
	add_letters(&text);
	sendas_buf_add_text(&text, after);
	write_file(text.data, text.len);
	sendas_buf_clear(&text);
}

/* As a debugger would: it is not ours any more. */
static void
wipe_freed(uintptr_t address)
{
	static const char zeros[LETTERS - NOTES];
	int memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	assert_int_equal(
	    pwrite(memory, zeros, sizeof(zeros), (off_t)(address + NOTES)),
	    sizeof(zeros));
	close(memory);
}

/* Else the tests after it would see nothing. */
static void
sees_what_is_left(void **state)
{
	char *volatile copy;
	uintptr_t address;

	(void)state;
	assert_int_equal(search_memory(), 0);
	copy = sendas_xmalloc(LETTERS);
	address = (uintptr_t)copy;
	for (size_t i = 0; i < LETTERS; i++)
		copy[i] = letter(i);
	assert_int_equal(search_memory(), PARTS);
	free(copy);
	assert_int_equal(search_memory(), PARTS);
	wipe_freed(address);
	assert_int_equal(search_memory(), 0);
}

static bool
is_the_letters(const char *text)
{
	for (size_t i = 0; i < LETTERS; i++) {
		if (text[i] != letter(i))
			return false;
	}
	return true;
}

/* As it stands in the file, and in quotation marks. */
static void
leaves_no_password_in_memory(void **state)
{
	static const struct {
		const char *before, *after, *head;
	} rows[] = {
	    {HEADER PAIR ",", "\nx@x.jp,x@x.jp,,a\n", ""},
	    {HEADER "x@x.jp,x@x.jp,,a\n" PAIR "t,\"\"\",", "\"\r\n", "\","},
	    {"password,address,mailbox\n", "," ADDRESS "," MAILBOX, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_passwords_file *file;
		struct sendas_secret password = {0};
		char *user;

		write_letters(rows[i].before, rows[i].after);
		assert_int_equal(search_memory(), 0);
		assert_int_equal(
		    sendas_passwords_file_open(path, &file, NULL), SENDAS_OK);
		assert_int_equal(search_memory(), 0);
		assert_int_equal(sendas_passwords_file_get(file, MAILBOX,
				     ADDRESS, &user, &password, NULL),
		    SENDAS_OK);
		/* The caller's, and no other. */
		assert_int_equal(search_memory(), PARTS);
		assert_true(
		    is_the_letters(password.data + strlen(rows[i].head)));
		sendas_secret_clear(&password);
		assert_int_equal(search_memory(), 0);
		free(user);
		sendas_passwords_file_free(file);
		assert_int_equal(search_memory(), 0);
	}
}

/* Whatever is wrong with it, and in whatever column it came to stand. */
static void
leaves_no_refused_password_in_memory(void **state)
{
	static const struct {
		const char *before, *after;
	} rows[] = {
	    {HEADER PAIR ",", "\nx@x.jp,x@x.jp,,\n"},
	    {HEADER PAIR ",", "\x01\n"},
	    {HEADER PAIR ",\"", "\"x\n"},
	    {HEADER PAIR ",\"", "\n" PAIR ",a\n"},
	    {HEADER PAIR ",", "\"\n"},
	    {HEADER PAIR ",", "\n" PAIR ",a\n"},
	    {HEADER PAIR, ",\n"},
	    {HEADER PAIR, "\xe2\x80\x8b,a\n"},
	    {HEADER, "," ADDRESS ",,a\n"},
	    {HEADER MAILBOX ",", ",,a\n"},
	    {PAIR ",", "\n"},
	    {"", "," PAIR "\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_passwords_file *file;
		struct sendas_error err;

		write_letters(rows[i].before, rows[i].after);
		assert_int_equal(sendas_passwords_file_open(path, &file, &err),
		    SENDAS_ERR_INPUT);
		assert_int_equal(search_memory(), 0);
	}
}

/* The row is read before it is seen to be another's. */
static void
leaves_no_changed_password_in_memory(void **state)
{
	struct sendas_passwords_file *file;
	struct sendas_secret password = {0};
	struct timespec times[2] = {{0}};
	struct stat info;
	char *user;
	int fd;

	(void)state;
	write_letters(HEADER PAIR ",", "\n");
	assert_int_equal(
	    sendas_passwords_file_open(path, &file, NULL), SENDAS_OK);
	assert_int_equal(stat(path, &info), 0);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_int_equal(pwrite(fd, "j", 1, strlen(HEADER)), 1);
	times[1] = info.st_mtim;
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
	assert_int_equal(sendas_passwords_file_get(
			     file, MAILBOX, ADDRESS, &user, &password, NULL),
	    SENDAS_ERR_INPUT);
	assert_int_equal(search_memory(), 0);
	sendas_passwords_file_free(file);
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    IN_FOLDER(reads_each_form),
	    IN_FOLDER(reads_each_password),
	    IN_FOLDER(refuses_bad_headers),
	    IN_FOLDER(refuses_bad_rows),
	    IN_FOLDER(wants_nobody_else_to_read_it),
	    IN_FOLDER(wants_it_to_be_ours),
	    IN_FOLDER(wants_a_file),
	    IN_FOLDER(bounds_the_file),
	    IN_FOLDER(leads_away_from_windows),
	    IN_FOLDER(is_closed_for_other_programs),
	    IN_FOLDER(tells_what_it_has),
	    IN_FOLDER(tells_what_nobody_asked_for),
	    IN_FOLDER(has_no_other_password),
	    IN_FOLDER(sees_what_was_changed),
	    IN_FOLDER(reads_what_it_has_open),
	    IN_FOLDER(is_quick_with_many),
	    IN_FOLDER(sees_what_is_left),
	    IN_FOLDER(leaves_no_password_in_memory),
	    IN_FOLDER(leaves_no_refused_password_in_memory),
	    IN_FOLDER(leaves_no_changed_password_in_memory),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("passwords file", tests, NULL, NULL);
}
