/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_users.c: a list of mailboxes in each form, each mailbox once, and what
 * is wrong is told before any is handed out.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <dirent.h>
#include <malloc.h>
#include <unistd.h>
#include <cmocka.h>
#include "sendas/buf.h"
#include "sendas/mem.h"
#include "sendas/text.h"
#include "sendas/users.h"

#define TEXT(text) text, sizeof(text) - 1

/* The column's name in Japanese. */
#define JAPANESE "メールアドレス"

static enum sendas_status
read_list(const char *text, size_t len, struct sendas_users **users,
    struct sendas_error *err)
{
	enum sendas_status status;
	FILE *stream = tmpfile();

	assert_non_null(stream);
	assert_int_equal(fwrite(text, 1, len, stream), len);
	rewind(stream);
	status = sendas_users_read(stream, "list", users, err);
	fclose(stream);
	return status;
}

/* All that are handed out, with a space between; the caller frees it. */
static char *
take_all(struct sendas_users *users)
{
	struct sendas_buf all;
	const char *address;

	sendas_buf_init(&all, 1024 * 1024);
	while ((address = sendas_users_next(users)) != NULL)
		sendas_buf_printf(
		    &all, "%s%s", all.len > 0 ? " " : "", address);
	return sendas_buf_take(&all);
}

static void
reads_each_form(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *want;
		size_t repeats, first_line;
	} rows[] = {
	    {TEXT("a@x.jp"), "a@x.jp", 0, 0},
	    {TEXT("a@x.jp\nb@x.jp\n"), "a@x.jp b@x.jp", 0, 0},
	    {TEXT("\xef\xbb\xbf"
		  "a@x.jp\r\nb@x.jp\r\n"),
		"a@x.jp b@x.jp", 0, 0},
	    {TEXT("\n # first\n\t a@x.jp \t\r\n\n#b@x.jp\nc@x.jp\n\n"),
		"a@x.jp c@x.jp", 0, 0},
	    {TEXT("A@X.jp\nb@x.jp\na@x.JP\n\nB@x.jp\nc@x.jp"),
		"a@x.jp b@x.jp c@x.jp", 2, 3},
	    /* Names that only begin alike. */
	    {TEXT("a@x.jp\na@x.jpx\naa@x.jp\n"), "a@x.jp a@x.jpx aa@x.jp", 0,
		0},
	    {TEXT("o'hara+x@x.jp\n"), "o'hara+x@x.jp", 0, 0},
	    /* CSV. */
	    {TEXT("email\na@x.jp\n"), "a@x.jp", 0, 0},
	    {TEXT("EMAIL\r\na@x.jp\r\n"), "a@x.jp", 0, 0},
	    {TEXT("\xef\xbb\xbf\"Email\",Name\r\na@x.jp,A\r\n"), "a@x.jp", 0,
		0},
	    {TEXT("\n# exported\nName, email \nA, a@x.jp \n"), "a@x.jp", 0, 0},
	    {TEXT("First Name [Required],Email Address [Required]\n"
		  "A,a@x.jp\n"),
		"a@x.jp", 0, 0},
	    {TEXT("Name,Email Address\nA,a@x.jp\n"), "a@x.jp", 0, 0},
	    {TEXT("Name," JAPANESE "\nA,a@x.jp\n"), "a@x.jp", 0, 0},
	    {TEXT("user,x\na@x.jp,\n"), "a@x.jp", 0, 0},
	    {TEXT("mailbox\n\"a@x.jp\"\n"), "a@x.jp", 0, 0},
	    /* Several that are known: by their rank, not their place. */
	    {TEXT("user,email,primaryEmail\nc@x.jp,b@x.jp,a@x.jp\n"), "a@x.jp",
		0, 0},
	    {TEXT(JAPANESE ",Email Address,user\nc@x.jp,b@x.jp,a@x.jp\n"),
		"a@x.jp", 0, 0},
	    {TEXT("email,email\na@x.jp,b@x.jp\n"), "a@x.jp", 0, 0},
	    /* Only that column matters. */
	    {TEXT("email,Name\na@x.jp,\x83\x5c\x94\x5c\n"), "a@x.jp", 0, 0},
	    {TEXT("Name,email\n\"Suzuki,\r\n\"\"T\"\"\",a@x.jp\n\n"
		  "#,A@x.jp\n"),
		"a@x.jp", 1, 5},
	    /* Excel leaves out what is empty at the end. */
	    {TEXT("email,a,b\na@x.jp\nb@x.jp,x,y\n"), "a@x.jp b@x.jp", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_users *users;
		struct sendas_error err = {0};
		size_t line, count;
		char *got;

		if (read_list(rows[i].text, rows[i].len, &users, &err) !=
		    SENDAS_OK)
			fail_msg("%s", err.message);
		assert_int_equal(
		    sendas_users_repeats(users, &line), rows[i].repeats);
		assert_int_equal(line, rows[i].first_line);
		count = sendas_users_count(users);
		got = take_all(users);
		assert_string_equal(got, rows[i].want);
		for (const char *c = got; *c != '\0'; c++)
			count -= *c == '@';
		assert_int_equal(count, 0);
		assert_int_equal(sendas_users_check(users, NULL), SENDAS_OK);
		free(got);
		sendas_users_free(users);
	}
}

static void
refuses_bad_lists(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *want; /* the whole message, or its beginning */
	} rows[] = {
	    {TEXT(""), "list: there is no address in it"},
	    {TEXT("\n # a@x.jp\n"), "list: there is no address in it"},
	    {TEXT("email\n"), "list: there is no address in it"},
	    {TEXT("email\n\n\n"), "list: there is no address in it"},
	    {TEXT("a@x.jp\nb\n"),
		"list: 1 line is wrong, so no mailbox was read:\n"
		"  line 2: \"b\": not an e-mail address"},
	    {TEXT("a@b@c\n"), "list: 1 line is wrong"},
	    {TEXT("a@x.jp\nb@x.jp,c@x.jp\n"), "list: 1 line is wrong"},
	    {TEXT("a@x.jp\nB <b@x.jp>\n"), "list: 1 line is wrong"},
	    {TEXT("a@x.jp\n\"b@x.jp\"\n"), "list: 1 line is wrong"},
	    {TEXT("a@x.jp\nb@x.jp;\n"), "list: 1 line is wrong"},
	    {TEXT("a@x.jp\nb@\n@x.jp\n"), "list: 2 lines are wrong"},
	    {TEXT("a@x.jp\rb@x.jp\r"), /* nothing but CR */
		"list: 1 line is wrong, so no mailbox was read:\n"
		"  line 1: \"a@x.jp b@x.jp\": not an e-mail address"},
	    {TEXT("a@x.jp\nb@x.jp\xe2\x80\x8b\n"), "list: 1 line is wrong"},
	    {TEXT("a@x.jp\nb@\xff.jp\n"), "list: 1 line is wrong"},
	    {TEXT("a@x.jp\n\xef\xbd\x82@x.jp\n"), "list: 1 line is wrong"},
	    {TEXT("email,b\na@x.jp,\n,\n"),
		"list: 1 line is wrong, so no mailbox was read:\n"
		"  line 3: no address"},
	    {TEXT("email\n\"\"\n"), "list: 1 line is wrong"},
	    {TEXT("b,email\na\n"), "list: 1 line is wrong"},
	    {TEXT("b,email,c\nS,T,d@x.jp,a@x.jp\n"),
		"list: 1 line is wrong, so no mailbox was read:\n"
		"  line 2: \"T\": more columns than the header has"},
	    /* Moved by a comma: another address stands in the column. */
	    {TEXT("b,alias,email,c\nS,T,d@x.jp,a@x.jp,\n"),
		"list: 1 line is wrong, so no mailbox was read:\n"
		"  line 2: \"d@x.jp\": more columns than the header has"},
	    {TEXT("b,email\nc,a\n\n\"\n\",b\n"),
		"list: 2 lines are wrong, so no mailbox was read:\n"
		"  line 2: \"a\": not an e-mail address\n"
		"  line 4: \"b\": not an e-mail address"},
	    {TEXT("1@\n2@\n3@\n4@\n5@\n6@\n7@\n"),
		"list: 7 lines are wrong, so no mailbox was read:\n"
		"  line 1: \"1@\": not an e-mail address\n"
		"  line 2: \"2@\": not an e-mail address\n"
		"  line 3: \"3@\": not an e-mail address\n"
		"  line 4: \"4@\": not an e-mail address\n"
		"  line 5: \"5@\": not an e-mail address\n"
		"  ..."},
	    {TEXT("a\nb@x.jp\n"),
		"list: line 1: this is neither an e-mail address nor a header "
		"that names the column with the addresses. Found: \"a\". "
		"Known: \"primaryEmail\", \"email\", \"mailbox\", \"user\", "
		"\"Email Address [Required]\", \"Email Address\", "
		"\"" JAPANESE "\"."},
	    {TEXT("\n1,2,3,4,5,6,7,8,9\n"),
		"list: line 2: this is neither an e-mail address nor a header "
		"that names the column with the addresses. Found: \"1\", "
		"\"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\", ..."},
	    {TEXT("a@x.jp,A\n"), "list: line 1: this is neither"},
	    {TEXT("emails\na@x.jp\n"), "list: line 1: this is neither"},
	    {TEXT("email;name\na@x.jp;A\n"), "list: line 1: semicolons"},
	    {TEXT("name\temail\nA\ta@x.jp\n"), "list: line 1: semicolons"},
	    {TEXT("a@x.jp;b@x.jp\n"), "list: line 1: semicolons"},
	    {TEXT("\x83\x81\x81[\x83\x8b,a\n"), /* Shift_JIS */
		"list: line 1: the header is not UTF-8."},
	    {TEXT("\xff\xfe"
		  "a\0@\0"),
		"list: this is UTF-16."},
	    {TEXT("\xfe\xff\0a\0@"), "list: this is UTF-16."},
	    {TEXT("a@x.jp\nb\0@x.jp\n"), "list: line 2: a NUL"},
	    {TEXT("a\0@\0x\0"), "list: line 1: a NUL"},
	    {TEXT("email,a\na@x.jp,\0\n"), "list: line 2: a NUL"},
	    {TEXT("email,a\nb,\na@x.jp,\"x\ny\n"),
		"list: line 3: a quotation mark is opened"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_users *users = NULL;
		struct sendas_error err;

		if (read_list(rows[i].text, rows[i].len, &users, &err) !=
		    SENDAS_ERR_INPUT)
			fail_msg("taken: %s", rows[i].text);
		assert_null(users);
		if (strncmp(err.message, rows[i].want, strlen(rows[i].want)) !=
		    0)
			fail_msg("%s\nwanted: %s", err.message, rows[i].want);
	}
}

/* A long line is shown in part, and not torn within a character. */
static void
cuts_what_it_shows(void **state)
{
	char text[400] = "a@x.jp\n", *shown;
	struct sendas_users *users;
	struct sendas_error err;
	size_t len = strlen(text);

	(void)state;
	text[len++] = 'x';
	for (; len < 300; len += 3)
		memcpy(text + len, "あ", 3);
	assert_int_equal(read_list(text, len, &users, &err), SENDAS_ERR_INPUT);
	shown = strstr(err.message, "\"x");
	assert_non_null(shown);
	assert_int_equal(strcspn(shown + 1, "\""), 1 + 3 * 19);
	assert_true(sendas_text_is_utf8(err.message, strlen(err.message)));
}

static void
bounds_a_line(void **state)
{
	size_t len = 2u * 1024 * 1024;
	char *text = sendas_xmalloc(len);
	struct sendas_users *users;
	struct sendas_error err;

	(void)state;
	memset(text, 'a', len);
	text[1] = '@';
	assert_int_equal(read_list(text, len, &users, &err), SENDAS_ERR_INPUT);
	assert_non_null(strstr(err.message, "line 1: longer than"));
	free(text);
}

/* The same hash, and not the same address: both are read. Neither of the two
 * hides a true repetition of the other. */
static void
trusts_no_hash(void **state)
{
	static const char one[] = "v6xmvgc7y576b@example.com";
	static const char two[] = "2ut6birgysmih@example.com";
	static const char text[] = "v6xmvgc7y576b@example.com\n"
				   "2ut6birgysmih@example.com\n"
				   "a@example.com\n"
				   "V6XMVGC7Y576B@example.com\n"
				   "2ut6birgysmih@example.com\n"
				   "v6xmvgc7y576b@example.com\n";
	struct sendas_users *users;
	size_t line;
	char *got;

	(void)state;
	assert_true(sendas_text_hash_fold(one) == sendas_text_hash_fold(two));
	assert_int_equal(
	    read_list(text, sizeof(text) - 1, &users, NULL), SENDAS_OK);
	assert_int_equal(sendas_users_count(users), 3);
	assert_int_equal(sendas_users_repeats(users, &line), 3);
	assert_int_equal(line, 4);
	got = take_all(users);
	assert_string_equal(got,
	    "v6xmvgc7y576b@example.com 2ut6birgysmih@example.com "
	    "a@example.com");
	free(got);
	sendas_users_free(users);
}

#define MANY 20000

/* MANY addresses, and each again in other letters. */
static struct sendas_users *
read_many(void)
{
	struct sendas_users *users;
	struct sendas_buf text;

	sendas_buf_init(&text, 4u * 1024 * 1024);
	for (int i = 0; i < MANY; i++)
		sendas_buf_printf(&text, "user%d@example.com\n", i);
	for (int i = MANY - 1; i >= 0; i--)
		sendas_buf_printf(&text, "User%d@Example.com\n", i);
	assert_int_equal(
	    read_list(text.data, text.len, &users, NULL), SENDAS_OK);
	sendas_buf_clear(&text);
	return users;
}

static void
keeps_no_list_in_memory(void **state)
{
	size_t before = mallinfo2().uordblks, line;
	struct sendas_users *users = read_many();
	char wanted[64];

	(void)state;
	/* A sanitizer's allocator counts nothing: 0 then. */
	assert_true(mallinfo2().uordblks < before + 16384);
	assert_int_equal(sendas_users_count(users), MANY);
	assert_int_equal(sendas_users_repeats(users, &line), MANY);
	assert_int_equal(line, MANY + 1);
	for (int i = 0; i < MANY; i++) {
		snprintf(wanted, sizeof(wanted), "user%d@example.com", i);
		assert_string_equal(sendas_users_next(users), wanted);
	}
	assert_null(sendas_users_next(users));
	assert_int_equal(sendas_users_check(users, NULL), SENDAS_OK);
	sendas_users_free(users);
}

/* Cuts every open file that has no name any more to one page. */
static void
cut_copies(void)
{
	DIR *folder = opendir("/proc/self/fd");
	struct dirent *entry;
	char target[256];
	ssize_t len;

	assert_non_null(folder);
	while ((entry = readdir(folder)) != NULL) {
		len = readlinkat(
		    dirfd(folder), entry->d_name, target, sizeof(target) - 1);
		if (len < 0)
			continue;
		target[len] = '\0';
		if (strstr(target, "/sendas.") != NULL &&
		    strstr(target, " (deleted)") != NULL)
			assert_int_equal(
			    ftruncate(
				(int)strtol(entry->d_name, NULL, 10), 4096),
			    0);
	}
	closedir(folder);
}

/* A copy that is lost half-way is not the end of the list. */
static void
tells_what_is_lost(void **state)
{
	struct sendas_users *users = read_many();
	struct sendas_error err;
	size_t count = 0;

	(void)state;
	cut_copies();
	while (sendas_users_next(users) != NULL)
		count++;
	assert_true(count < MANY);
	assert_int_equal(sendas_users_check(users, &err), SENDAS_ERR_FILE);
	assert_non_null(strstr(err.message, "it ends too soon"));
	sendas_users_free(users);
	sendas_users_free(NULL);
}

static void
tells_what_cannot_be_opened(void **state)
{
	struct sendas_users *users;
	struct sendas_error err;

	(void)state;
	assert_int_equal(sendas_users_load("/nonexistent/list", &users, &err),
	    SENDAS_ERR_FILE);
	assert_non_null(
	    strstr(err.message, "/nonexistent/list: cannot be opened"));
	assert_int_equal(sendas_users_load("/", &users, &err), SENDAS_ERR_FILE);
	assert_non_null(strstr(err.message, "/: cannot be read"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_each_form),
	    cmocka_unit_test(refuses_bad_lists),
	    cmocka_unit_test(cuts_what_it_shows),
	    cmocka_unit_test(bounds_a_line),
	    cmocka_unit_test(trusts_no_hash),
	    cmocka_unit_test(keeps_no_list_in_memory),
	    cmocka_unit_test(tells_what_is_lost),
	    cmocka_unit_test(tells_what_cannot_be_opened),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("users", tests, NULL, NULL);
}
