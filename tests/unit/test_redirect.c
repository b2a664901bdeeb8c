/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_redirect.c: what may come back from the sign-in page is taken in any
 * shape that the RFC allows; without the right state nothing is, and with it
 * nothing that stands twice, is missing or could not be sent on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/redirect.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define STATE "0123456789abcdef"
#define OURS "state=" STATE
#define PORT 43210
#define HERE "127.0.0.1:43210"

/* Short, for the tables. */
#define GOOD SENDAS_REDIRECT_GOOD
#define NOTHING SENDAS_REDIRECT_NOTHING
#define FOREIGN SENDAS_REDIRECT_FOREIGN
#define BROKEN SENDAS_REDIRECT_BROKEN

/* What *out holds before; only a good one may change it. */
static char untouched[] = "untouched";

struct row {
	const char *text;
	enum sendas_redirect_verdict want;
	const char *code; /* of a good one; or NULL */
	const char *error;
};

static void
check_good(const struct row *row, struct sendas_redirect *got)
{
	if (row->code != NULL) {
		assert_true(sendas_secret_is_set(&got->code));
		assert_string_equal(got->code.data, row->code);
		assert_int_equal(got->code.len, strlen(row->code));
		assert_null(got->error);
	} else {
		assert_false(sendas_secret_is_set(&got->code));
		assert_non_null(got->error);
		assert_string_equal(got->error, row->error);
	}
	sendas_redirect_clear(got);
	sendas_redirect_clear(got);
	assert_false(sendas_secret_is_set(&got->code));
	assert_null(got->error);
}

static void
check_verdict(const struct row *row, enum sendas_redirect_verdict verdict,
    struct sendas_redirect *got)
{
	if (verdict != row->want)
		fail_msg("%.200s\n-> %d instead of %d", row->text, verdict,
		    row->want);
	if (verdict == SENDAS_REDIRECT_GOOD) {
		check_good(row, got);
		return;
	}
	assert_ptr_equal(got->error, untouched);
	assert_false(sendas_secret_is_set(&got->code));
}

static void
check(const struct row *row)
{
	struct sendas_redirect got = {.error = untouched};

	check_verdict(row, sendas_redirect_parse(row->text, STATE, &got), &got);
}

static void
check_pasted(const struct row *row)
{
	struct sendas_redirect got = {.error = untouched};

	check_verdict(row,
	    sendas_redirect_parse_pasted(row->text, PORT, STATE, &got), &got);
}

static void
test_good(void **state)
{
	static const struct row rows[] = {
	    {"/?" OURS "&code=4%2F0Ab-_x", GOOD, "4/0Ab-_x", NULL},
	    {"/?code=4%2F0Ab-_x&" OURS, GOOD, "4/0Ab-_x", NULL},
	    {"/?" OURS "&code=4/0A", GOOD, "4/0A", NULL},
	    {"/?" OURS "&error=access_denied", GOOD, NULL, "access_denied"},
	    {"/?error=access_denied&" OURS, GOOD, NULL, "access_denied"},
	    /* As Google sends it. */
	    {"/?" OURS "&iss=https://accounts.google.com&code=4/0A&scope="
	     "https://www.googleapis.com/auth/gmail.settings.basic"
	     "&authuser=0&prompt=consent",
		GOOD, "4/0A", NULL},
	    {"/?" OURS "&session_state=abc..x&code=c&hd=example.com", GOOD, "c",
		NULL},
	    {"/?" OURS "&session_state=abc=&code=c", GOOD, "c", NULL},
	    {"/?" OURS "&session_state=abc==&code=c", GOOD, "c", NULL},
	    {"/?" OURS "&error=server_error&error_description=Try+later%21"
	     "&error_uri=https://x.example/",
		GOOD, NULL, "server_error"},
	    /* A name is what it decodes to. */
	    {"/?%73tate=" STATE "&%63%6f%64%65=%34%2F%30A", GOOD, "4/0A", NULL},
	    {"/?state=%30123456789abcde%66&code=c", GOOD, "c", NULL},
	    {"/?" OURS "&code=c%2B%25%26%3D", GOOD, "c+%&=", NULL},
	    {"/?" OURS "&Code=x&CODE=y&State=z&code=c", GOOD, "c", NULL},
	    {"/?" OURS "&xstate=1&codes=2&errors=3&code=c", GOOD, "c", NULL},
	    {"/?" OURS "&x=&y&code=c", GOOD, "c", NULL},
	    {"/?" OURS "&x=1&x=2&code=c", GOOD, "c", NULL},
	    {"/?&" OURS "&&code=c&", GOOD, "c", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i]);
}

/* Whatever else it has, it is the state that is looked at. */
static void
test_state(void **state)
{
	static const struct row rows[] = {
	    {"/?state=0123456789abcdeF&code=c", FOREIGN, NULL, NULL},
	    {"/?state=1123456789abcdef&code=c", FOREIGN, NULL, NULL},
	    {"/?state=0123456789abcde&code=c", FOREIGN, NULL, NULL},
	    {"/?state=0123456789abcdef0&code=c", FOREIGN, NULL, NULL},
	    {"/?state=&code=c", FOREIGN, NULL, NULL},
	    {"/?state&code=c", FOREIGN, NULL, NULL},
	    {"/?state=+" STATE "&code=c", FOREIGN, NULL, NULL},
	    {"/?state=" STATE "%20&code=c", FOREIGN, NULL, NULL},
	    {"/?state=" STATE "%0A&code=c", FOREIGN, NULL, NULL},
	    {"/?state=x&error=access_denied", FOREIGN, NULL, NULL},
	    /* Damaged as well: nothing is told of that. */
	    {"/?state=x&code=a&code=b", FOREIGN, NULL, NULL},
	    {"/?state=x", FOREIGN, NULL, NULL},
	    {"/?state=x&state=y&code=c", FOREIGN, NULL, NULL},
	    /* Absent. */
	    {"/?code=c", NOTHING, NULL, NULL},
	    {"/?error=access_denied", NOTHING, NULL, NULL},
	    {"/?State=" STATE "&code=c", NOTHING, NULL, NULL},
	    {"/?" STATE "&code=c", NOTHING, NULL, NULL},
	    {"/?", NOTHING, NULL, NULL},
	    /* Ours, twice. */
	    {"/?" OURS "&" OURS "&code=c", BROKEN, NULL, NULL},
	    {"/?state=x&" OURS "&code=c", BROKEN, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i]);
}

/* Whichever of two is ours, it is not taken. */
static void
test_two_states(void **state)
{
	struct sendas_redirect got = {.error = untouched};

	(void)state;
	assert_int_not_equal(
	    sendas_redirect_parse("/?" OURS "&state=x&code=c", STATE, &got),
	    SENDAS_REDIRECT_GOOD);
	assert_ptr_equal(got.error, untouched);
}

static void
test_broken(void **state)
{
	static const struct row rows[] = {
	    {"/?" OURS, BROKEN, NULL, NULL},
	    {"/?" OURS "&iss=x", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a&code=b", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a&code=a", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a&%63ode=b", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a&code=", BROKEN, NULL, NULL},
	    {"/?" OURS "&error=a&error=b", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=c&error=access_denied", BROKEN, NULL, NULL},
	    {"/?" OURS "&error=access_denied&code=c", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=c&error=", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=&error=access_denied", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=", BROKEN, NULL, NULL},
	    {"/?" OURS "&code", BROKEN, NULL, NULL},
	    {"/?" OURS "&error=", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a+b", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a%20b", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=%20a", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a%0D%0AX:+y", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a%09", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a%01", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a%7F", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a%C3%A9", BROKEN, NULL, NULL},
	    {"/?" OURS "&code=a%FF", BROKEN, NULL, NULL},
	    {"/?" OURS "&error=a%1B%5B2J", BROKEN, NULL, NULL},
	    {"/?" OURS "&error=access+denied", BROKEN, NULL, NULL},
	    {"/?" OURS "&error=%E5%B1%B1", BROKEN, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check(&rows[i]);
}

/* No redirect at all, or text that could be read in two ways. */
static void
test_nothing(void **state)
{
	static const char *const targets[] = {
	    "",
	    "/",
	    "?" OURS "&code=c",
	    OURS "&code=c",
	    "//?" OURS "&code=c",
	    "/x?" OURS "&code=c",
	    "/./?" OURS "&code=c",
	    "/%2e?" OURS "&code=c",
	    "/%3F" OURS "&code=c",
	    "/;x?" OURS "&code=c",
	    "http://" HERE "/?" OURS "&code=c",
	    "*",
	    "/#" OURS "&code=c",
	    "/?%00&" OURS "&code=c",
	    "/?" OURS "%00&code=c",
	    "/?" OURS "%00x&code=c",
	    "/?" OURS "&code=c%00",
	    "/?" OURS "&code=c%00d",
	    "/?" OURS "&x=%00&code=c",
	    "/?state%00x=" STATE "&code=c",
	    "/?state==" STATE "&code=c",
	    "/?" OURS "&code==c",
	    "/?state==x&" OURS "&code=c",
	    "/?" OURS "&code=c d",
	    "/?" OURS "&code=c\r\n",
	    "/?" OURS "&code=c\x01",
	    "/?" OURS "&code=c\x7f",
	    "/?" OURS "&code=\xc3\xa9",
	    " /?" OURS "&code=c",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(targets); i++)
		check(&(struct row){targets[i], NOTHING, NULL, NULL});
}

/* As long as is allowed, and a byte more. */
static void
test_long(void **state)
{
	static const char start[] = "/?" OURS "&code=c&x=";
	size_t len = SENDAS_LIMIT_REDIRECT_BYTES;
	char *target = sendas_xcalloc(1, len + 2);

	(void)state;
	memset(target, 'a', len);
	memcpy(target, start, sizeof(start) - 1);
	check(&(struct row){target, GOOD, "c", NULL});
	target[len] = 'a';
	check(&(struct row){target, NOTHING, NULL, NULL});
	free(target);
}

/* What stands behind "#" belongs to no value. */
static void
test_fragment(void **state)
{
	struct sendas_redirect got = {.error = untouched};

	(void)state;
	/* A browser does not send one; what does is no browser. */
	if (sendas_redirect_parse("/?code=c&" OURS "#x", STATE, &got) ==
	    SENDAS_REDIRECT_GOOD)
		fail_msg("a state with a fragment was taken");
	assert_ptr_equal(got.error, untouched);
	check_pasted(&(struct row){
	    "http://" HERE "/?" OURS "&code=c#", GOOD, "c", NULL});
	check_pasted(&(struct row){
	    "http://" HERE "/?code=c&" OURS "#_=_", GOOD, "c", NULL});
	check_pasted(&(struct row){
	    "http://" HERE "/?" OURS "#&code=c", BROKEN, NULL, NULL});
	check_pasted(&(struct row){
	    "http://" HERE "/#?" OURS "&code=c", NOTHING, NULL, NULL});
}

static void
test_pasted(void **state)
{
	static const struct row rows[] = {
	    {"http://" HERE "/?" OURS "&code=4%2F0A", GOOD, "4/0A", NULL},
	    {HERE "/?" OURS "&code=4%2F0A", GOOD, "4/0A", NULL},
	    {" \t\r\n http://" HERE "/?" OURS "&code=c \r\n", GOOD, "c", NULL},
	    {"http://" HERE "/?error=access_denied&" OURS "\n", GOOD, NULL,
		"access_denied"},
	    {"http://" HERE "/?state=x&code=c", FOREIGN, NULL, NULL},
	    {"http://" HERE "/?" OURS, BROKEN, NULL, NULL},
	    /* Of another sign-in, the state notwithstanding. */
	    {"http://127.0.0.1:43211/?" OURS "&code=c", FOREIGN, NULL, NULL},
	    {"http://127.0.0.1:4321/?" OURS "&code=c", FOREIGN, NULL, NULL},
	    {"http://127.0.0.1:432100/?" OURS "&code=c", FOREIGN, NULL, NULL},
	    {"http://127.0.0.1:043210/?" OURS "&code=c", FOREIGN, NULL, NULL},
	    {"127.0.0.1:1/?" OURS "&code=c", FOREIGN, NULL, NULL},
	    {"127.0.0.1:99999999999999999999/?x", FOREIGN, NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++)
		check_pasted(&rows[i]);
}

static void
test_pasted_nothing(void **state)
{
	static const char *const texts[] = {
	    "",
	    " \n",
	    "c",
	    "4/0AbCdEf-_x",
	    OURS "&code=c",
	    "?" OURS "&code=c",
	    "/?" OURS "&code=c",
	    "http://",
	    "http://" HERE,
	    "http://" HERE "/",
	    "http://127.0.0.1/?" OURS "&code=c",
	    "http://127.0.0.1:/?" OURS "&code=c",
	    "http://" HERE "?" OURS "&code=c",
	    "http://" HERE "x/?" OURS "&code=c",
	    "http://" HERE "/x?" OURS "&code=c",
	    "http://127.0.0.1:-1/?" OURS "&code=c",
	    "http://127.0.0.1:+43210/?" OURS "&code=c",
	    "https://" HERE "/?" OURS "&code=c",
	    "HTTP://" HERE "/?" OURS "&code=c",
	    "http://http://" HERE "/?" OURS "&code=c",
	    "http://localhost:43210/?" OURS "&code=c",
	    "http://[::1]:43210/?" OURS "&code=c",
	    "http://127.0.0.2:43210/?" OURS "&code=c",
	    "http://a@" HERE "/?" OURS "&code=c",
	    "http://127.0.0.1.evil.example:43210/?" OURS "&code=c",
	    "https://accounts.google.com/o/oauth2/v2/auth?" OURS,
	    "\"http://" HERE "/?" OURS "&code=c\"",
	    "http://" HERE "/?" OURS "&code=c http://" HERE "/",
	    "http://" HERE "/?" OURS "&\ncode=c",
	    "This site can't be reached\n127.0.0.1 refused to connect.\n"
	    "ERR_CONNECTION_REFUSED",
	    "\xe3\x81\x93\xe3\x81\xae\xe3\x82\xb5\xe3\x82\xa4\xe3\x83\x88",
	};

	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++)
		check_pasted(&(struct row){texts[i], NOTHING, NULL, NULL});
}

static int
set_up(void **state)
{
	(void)state;
	sendas_oauth2_init();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	sendas_oauth2_shutdown();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_state),
	    cmocka_unit_test(test_two_states),
	    cmocka_unit_test(test_broken),
	    cmocka_unit_test(test_nothing),
	    cmocka_unit_test(test_long),
	    cmocka_unit_test(test_fragment),
	    cmocka_unit_test(test_pasted),
	    cmocka_unit_test(test_pasted_nothing),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name(
	    "redirect", tests, set_up, tear_down);
}
