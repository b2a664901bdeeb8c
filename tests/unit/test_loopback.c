/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_loopback.c: raw requests to the listener: the one that is waited for
 * gets its page once there is one, and nobody else gets in, holds it up, or
 * learns anything.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <stdlib.h>
#include "sendas/limits.h"
#include "sendas/loopback.h"
#include "sendas/mem.h"
#include "test_browser.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Long enough for a slow machine; only a failure takes so long. */
#define PATIENCE_MS 10000

/* "@" stands for the address of the listener, port and all. */
#define HOST "Host: @\r\n"
#define GET(target) "GET " target " HTTP/1.1\r\n" HOST "\r\n"
#define WANTED GET("/?good=1%2F0")

/* Of the test under way. */
static struct sendas_loopback *loopback;
static struct sendas_error trouble;
static int calls; /* of the callback */
static char target[512]; /* that it got last */

static bool
look_at(void *ctx, const char *text, enum sendas_landing_kind *refusal)
{
	assert_ptr_equal(ctx, target);
	assert_int_equal(*refusal, SENDAS_LANDING_NOTHING);
	calls++;
	snprintf(target, sizeof(target), "%s", text);
	if (strncmp(text, "/?foreign", 9) == 0)
		*refusal = SENDAS_LANDING_FOREIGN;
	if (strncmp(text, "/?failed", 8) == 0)
		*refusal = SENDAS_LANDING_FAILED;
	return strncmp(text, "/?good", 6) == 0;
}

static int
set_up(void **state)
{
	(void)state;
	calls = 0;
	target[0] = '\0';
	return sendas_loopback_open(look_at, target, &loopback, &trouble) ==
		SENDAS_OK
	    ? 0
	    : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	sendas_loopback_close(loopback);
	loopback = NULL;
	return 0;
}

/* ---- few words for requests ---- */

/* What is to be sent; the caller frees it. */
static char *
fill_in(const char *form)
{
	char *text = sendas_xcalloc(1, strlen(form) * 24 + 1), *out = text;

	for (; *form != '\0'; form++) {
		if (*form == '@')
			out += snprintf(out, 24, "127.0.0.1:%u",
			    sendas_loopback_port(loopback));
		else
			*out++ = *form;
	}
	return text;
}

/* A turn when there is something to do, or after a moment. */
static void
turn(void)
{
	struct pollfd waiting = {
	    .fd = sendas_loopback_fd(loopback), .events = POLLIN};
	int timeout = sendas_loopback_timeout_ms(loopback);

	if (timeout < 0 || timeout > 20)
		timeout = 20;
	(void)poll(&waiting, 1, timeout);
	sendas_loopback_turn(loopback);
}

static void
open_browser(struct test_browser *browser)
{
	test_browser_connect(browser, sendas_loopback_port(loopback));
	assert_true(browser->fd >= 0);
}

/* All of it, or until the listener has had enough. */
static void
send_bytes(struct test_browser *browser, const char *text, size_t len)
{
	long end = test_now_ms() + PATIENCE_MS;
	size_t sent = 0;

	while (sent < len && !browser->is_closed) {
		assert_true(test_now_ms() < end);
		sent += test_browser_send(browser, text + sent, len - sent);
		turn();
		test_browser_take(browser);
	}
}

static void
send_form(struct test_browser *browser, const char *form)
{
	char *text = fill_in(form);

	send_bytes(browser, text, strlen(text));
	free(text);
}

/* Until the listener has closed the connection. */
static void
take_all(struct test_browser *browser)
{
	long end = test_now_ms() + PATIENCE_MS;

	while (!browser->is_closed) {
		if (test_now_ms() >= end)
			fail_msg("not closed: %s", browser->got);
		turn();
		test_browser_take(browser);
	}
}

/* One request from beginning to end. */
static int
ask(const char *form, struct test_browser *browser)
{
	open_browser(browser);
	send_form(browser, form);
	take_all(browser);
	test_browser_close(browser);
	return test_browser_status(browser);
}

/* Until the callback has taken one. */
static void
wait_for_call(int wanted)
{
	long end = test_now_ms() + PATIENCE_MS;

	while (calls < wanted) {
		assert_true(test_now_ms() < end);
		turn();
	}
}

static void
answer(void)
{
	struct sendas_landing landing = {
	    .kind = SENDAS_LANDING_DONE, .mailbox = "taro@example.com"};

	sendas_loopback_answer(loopback, &landing);
}

static void
check_headers(const struct test_browser *browser)
{
	static const char *const headers[] = {
	    "\r\nContent-Type: text/html; charset=utf-8\r\n",
	    "\r\nCache-Control: no-store\r\n",
	    "\r\nReferrer-Policy: no-referrer\r\n",
	    "\r\nX-Content-Type-Options: nosniff\r\n",
	    "\r\nX-Frame-Options: DENY\r\n",
	    "\r\nCross-Origin-Resource-Policy: same-origin\r\n",
	    "\r\nConnection: close\r\n",
	    "\r\nContent-Security-Policy: default-src 'none'",
	};
	const char *policy = strstr(browser->got, sendas_landing_policy());
	const char *body = strstr(browser->got, "\r\n\r\n");

	assert_non_null(body);
	for (size_t i = 0; i < COUNT(headers); i++)
		if (strstr(browser->got, headers[i]) == NULL)
			fail_msg("lacks %s: %s", headers[i], browser->got);
	assert_non_null(policy);
	assert_true(policy < body);
	/* For no page elsewhere to read. */
	assert_null(strcasestr(browser->got, "\nAccess-Control-"));
	assert_null(strcasestr(browser->got, "\nSet-Cookie"));
}

/* ---- the tests ---- */

static void
test_page_comes_with_the_answer(void **state)
{
	struct test_browser browser;

	(void)state;
	open_browser(&browser);
	send_form(&browser, WANTED);
	wait_for_call(1);
	assert_string_equal(target, "/?good=1%2F0"); /* as it was sent */
	for (int i = 0; i < 10; i++) {
		turn();
		test_browser_take(&browser);
	}
	assert_int_equal(browser.len, 0);
	assert_false(browser.is_closed);
	answer();
	/* It is sent by now, without another turn. */
	test_browser_take(&browser);
	assert_int_equal(test_browser_status(&browser), 200);
	check_headers(&browser);
	assert_non_null(strstr(browser.got, "taro@example.com"));
	assert_non_null(strstr(browser.got, "</html>"));
	take_all(&browser);
	assert_int_equal(calls, 1);
	answer(); /* once more does nothing */
	test_browser_close(&browser);
}

/* The callback's own refusals. */
static void
test_refused_by_callback(void **state)
{
	static const struct {
		const char *form;
		int status;
		enum sendas_landing_kind kind;
	} rows[] = {
	    {GET("/"), 404, SENDAS_LANDING_NOTHING},
	    {GET("/?"), 404, SENDAS_LANDING_NOTHING},
	    {GET("/?other=1"), 404, SENDAS_LANDING_NOTHING},
	    {GET("/?foreign"), 400, SENDAS_LANDING_FOREIGN},
	    {GET("/?failed"), 400, SENDAS_LANDING_FAILED},
	};
	struct test_browser browser;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sendas_landing landing = {.kind = rows[i].kind};
		char *page = sendas_landing_format(&landing);

		assert_int_equal(ask(rows[i].form, &browser), rows[i].status);
		check_headers(&browser);
		assert_non_null(strstr(browser.got, page));
		assert_int_equal(calls, i + 1);
		free(page);
	}
	/* It still waits for the right one. */
	open_browser(&browser);
	send_form(&browser, WANTED);
	wait_for_call((int)COUNT(rows) + 1);
	answer();
	take_all(&browser);
	assert_int_equal(test_browser_status(&browser), 200);
	test_browser_close(&browser);
}

/* Some of these a browser sends by itself, others only a program does that
 * means ill; the callback is never asked. */
static void
test_refused(void **state)
{
	static const struct {
		const char *form;
		int status; /* 0: libmicrohttpd's own refusal, if any */
	} rows[] = {
	    /* A name that leads here (DNS rebinding). */
	    {"GET /?good HTTP/1.1\r\nHost: evil.example\r\n\r\n", 400},
	    {"GET /?good HTTP/1.1\r\nHost: evil.example:80\r\n\r\n", 400},
	    {"GET /?good HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", 400},
	    {"GET /?good HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n", 400},
	    {"GET /?good HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
	    {"GET /?good HTTP/1.1\r\nHost: @0\r\n\r\n", 400},
	    {"GET /?good HTTP/1.1\r\nHost: x@\r\n\r\n", 400},
	    {"GET /?good HTTP/1.1\r\nHost: @, evil.example\r\n\r\n", 400},
	    {"GET /?good HTTP/1.1\r\nHost:\r\n\r\n", 400},
	    {"GET /?good HTTP/1.1\r\n\r\n", 0},
	    {"GET /?good HTTP/1.0\r\n\r\n", 0},
	    {"GET /?good HTTP/1.1\r\n" HOST HOST "\r\n", 400},
	    {"GET /?good HTTP/1.1\r\n" HOST "host: evil.example\r\n\r\n", 400},
	    {"GET /?good HTTP/1.1\r\nX-Forwarded-Host: @\r\n\r\n", 0},
	    {"HEAD /?good HTTP/1.1\r\n" HOST "\r\n", 405},
	    {"POST /?good HTTP/1.1\r\n" HOST "Content-Length: 6\r\n\r\n"
	     "good=1",
		405},
	    {"POST /?good HTTP/1.1\r\n" HOST
	     "Transfer-Encoding: chunked\r\n\r\n6\r\ngood=1\r\n0\r\n\r\n",
		405},
	    {"PUT /?good HTTP/1.1\r\n" HOST "\r\n", 405},
	    {"OPTIONS /?good HTTP/1.1\r\n" HOST
	     "Origin: https://evil.example\r\n"
	     "Access-Control-Request-Method: GET\r\n\r\n",
		405},
	    {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", 405},
	    {"TRACE /?good HTTP/1.1\r\n" HOST "\r\n", 405},
	    {"CONNECT @ HTTP/1.1\r\n" HOST "\r\n", 405},
	    {"get /?good HTTP/1.1\r\n" HOST "\r\n", 405},
	    {GET("http://@/?good"), 404},
	    {GET("//?good"), 404},
	    {GET("//evil.example/?good"), 404},
	    {GET("/%2e?good"), 404},
	    {GET("/.?good"), 404},
	    {GET("/%3Fgood"), 404},
	    {GET("/favicon.ico"), 404},
	    {GET("/index.html?good"), 404},
	    {GET("*"), 404},
	    {GET("?good"), 404},
	    {"\r\n\r\nhello\r\n\r\n", 0},
	    {"GET\r\n\r\n", 0},
	};
	struct test_browser browser;
	int status;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		status = ask(rows[i].form, &browser);
		if (rows[i].status == 0 ? status == 200
					: status != rows[i].status)
			fail_msg("%s\n-> %s", rows[i].form, browser.got);
		if (calls != 0)
			fail_msg("asked about: %s", rows[i].form);
		if (rows[i].status == 0)
			continue;
		check_headers(&browser);
		if (status == 405)
			assert_non_null(
			    strstr(browser.got, "\r\nAllow: GET\r\n"));
		/* Nothing of it comes back. */
		assert_null(strstr(browser.got, "?good"));
	}
}

/* More than a browser sends: it is not read to its end. */
static void
test_large_headers(void **state)
{
	enum { SIZE = 100 * 1024 };
	static const char start[] = "GET /?good HTTP/1.1\r\nX: ";
	struct test_browser browser;
	char *text = sendas_xcalloc(1, SIZE + 1);

	(void)state;
	memset(text, 'a', SIZE);
	memcpy(text, start, sizeof(start) - 1);
	open_browser(&browser);
	send_bytes(&browser, text, SIZE);
	take_all(&browser);
	assert_int_not_equal(test_browser_status(&browser), 200);
	test_browser_close(&browser);
	/* A target, too. */
	memset(text, 'a', SIZE);
	memcpy(text, "GET /?good", 10);
	open_browser(&browser);
	send_bytes(&browser, text, SIZE);
	take_all(&browser);
	assert_int_not_equal(test_browser_status(&browser), 200);
	test_browser_close(&browser);
	assert_int_equal(calls, 0);
	free(text);
}

/* A slow one is overtaken, and comes too late. */
static void
test_byte_by_byte(void **state)
{
	struct test_browser slow, fast;
	char *text = fill_in(WANTED);
	size_t half = strlen(text) / 2;

	(void)state;
	open_browser(&slow);
	open_browser(&fast);
	for (size_t i = 0; i < half; i++)
		send_bytes(&slow, text + i, 1);
	assert_int_equal(calls, 0);
	send_bytes(&fast, text, strlen(text));
	wait_for_call(1);
	for (size_t i = half; text[i] != '\0'; i++)
		send_bytes(&slow, text + i, 1);
	take_all(&slow);
	assert_int_equal(test_browser_status(&slow), 404);
	answer();
	take_all(&fast);
	assert_int_equal(test_browser_status(&fast), 200);
	assert_int_equal(calls, 1);
	test_browser_close(&slow);
	test_browser_close(&fast);
	free(text);
}

/* Slow, but alone: it is good. */
static void
test_byte_by_byte_alone(void **state)
{
	struct test_browser browser;
	char *text = fill_in(WANTED);

	(void)state;
	open_browser(&browser);
	for (size_t i = 0; text[i] != '\0'; i++)
		send_bytes(&browser, text + i, 1);
	wait_for_call(1);
	answer();
	take_all(&browser);
	assert_int_equal(test_browser_status(&browser), 200);
	test_browser_close(&browser);
	free(text);
}

/* Browsers open connections that they then do not use. */
static void
test_idle_connections(void **state)
{
	enum { IDLE = 60 };
	static struct test_browser idle[IDLE];
	struct test_browser browser;

	(void)state;
	for (size_t i = 0; i < IDLE; i++) {
		open_browser(&idle[i]);
		turn();
	}
	open_browser(&browser);
	send_form(&browser, WANTED);
	wait_for_call(1);
	answer();
	take_all(&browser);
	assert_int_equal(test_browser_status(&browser), 200);
	test_browser_close(&browser);
	for (size_t i = 0; i < IDLE; i++)
		test_browser_close(&idle[i]);
}

static void
test_only_the_first(void **state)
{
	struct test_browser first, second, waiting, late;

	(void)state;
	open_browser(&first);
	open_browser(&second);
	open_browser(&waiting);
	for (int i = 0; i < 5; i++)
		turn();
	send_form(&first, WANTED);
	wait_for_call(1);
	/* On a connection that was there. */
	send_form(&second, GET("/?good=2"));
	take_all(&second);
	assert_int_equal(test_browser_status(&second), 404);
	/* On a new one. */
	test_browser_connect(&late, sendas_loopback_port(loopback));
	assert_int_equal(late.fd, -1);
	answer();
	take_all(&first);
	assert_int_equal(test_browser_status(&first), 200);
	/* After the answer. */
	send_form(&waiting, GET("/?good=3"));
	take_all(&waiting);
	assert_int_equal(test_browser_status(&waiting), 404);
	assert_null(strstr(waiting.got, "taro@"));
	test_browser_connect(&late, sendas_loopback_port(loopback));
	assert_int_equal(late.fd, -1);
	assert_int_equal(calls, 1);
	assert_string_equal(target, "/?good=1%2F0");
	test_browser_close(&first);
	test_browser_close(&second);
	test_browser_close(&waiting);
}

/* Two in one turn, and two in one connection. */
static void
test_two_at_once(void **state)
{
	struct test_browser browsers[2];
	char *text = fill_in(WANTED WANTED);
	size_t len = strlen(text);
	int good = 0;

	(void)state;
	for (int i = 0; i < 2; i++)
		open_browser(&browsers[i]);
	for (int i = 0; i < 2; i++)
		assert_int_equal(
		    test_browser_send(&browsers[i], text, len), len);
	wait_for_call(1);
	answer();
	for (int i = 0; i < 2; i++) {
		take_all(&browsers[i]);
		good += test_browser_status(&browsers[i]) == 200;
		test_browser_close(&browsers[i]);
	}
	assert_int_equal(good, 1);
	assert_int_equal(calls, 1);
	free(text);
}

/* The person closed the page before it was there. */
static void
test_browser_goes_away(void **state)
{
	struct test_browser browser;
	long before;

	(void)state;
	open_browser(&browser);
	send_form(&browser, WANTED);
	wait_for_call(1);
	test_browser_close(&browser);
	turn();
	before = test_now_ms();
	answer();
	assert_true(test_now_ms() - before < SENDAS_LIMIT_LANDING_MS + 1000);
}

static void
test_close_answers(void **state)
{
	struct sendas_landing landing = {.kind = SENDAS_LANDING_FAILED};
	char *page = sendas_landing_format(&landing);
	struct test_browser browser;

	(void)state;
	open_browser(&browser);
	send_form(&browser, WANTED);
	wait_for_call(1);
	sendas_loopback_close(loopback);
	loopback = NULL;
	test_browser_take(&browser);
	assert_true(browser.is_closed);
	check_headers(&browser);
	assert_non_null(strstr(browser.got, page));
	test_browser_close(&browser);
	free(page);
	sendas_loopback_close(NULL);
}

/* Nobody came; somebody has just begun. */
static void
test_close_early(void **state)
{
	struct test_browser idle, half;
	unsigned port = sendas_loopback_port(loopback);

	(void)state;
	answer(); /* there is nobody to answer */
	open_browser(&idle);
	open_browser(&half);
	send_form(&half, "GET /?good HTTP/1.1\r\nHo");
	sendas_loopback_close(loopback);
	loopback = NULL;
	test_browser_take(&half);
	assert_true(half.is_closed);
	assert_int_equal(half.len, 0);
	test_browser_close(&idle);
	test_browser_close(&half);
	test_browser_connect(&idle, port);
	assert_int_equal(idle.fd, -1);
	assert_int_equal(calls, 0);
}

/* The sockets of proc(5) that listen on the port, and where: "0100007F" is
 * 127.0.0.1. */
static size_t
count_listeners(const char *path, unsigned port, const char *address)
{
	FILE *file = fopen(path, "r");
	char line[512], local[64];
	unsigned at, connected;
	size_t count = 0;

	if (file == NULL) /* there is no IPv6 here */
		return 0;
	while (fgets(line, sizeof(line), file) != NULL) {
		if (sscanf(line, " %*d: %63[0-9A-F]:%x %*[0-9A-F]:%*x %x",
			local, &at, &connected) != 3 ||
		    at != port || connected != 0x0a)
			continue;
		count++;
		assert_string_equal(local, address);
	}
	fclose(file);
	return count;
}

static void
test_listens_on_loopback_only(void **state)
{
	unsigned port = sendas_loopback_port(loopback);
	struct sendas_loopback *other;

	(void)state;
	assert_true(port > 0 && port < 65536);
	assert_int_equal(count_listeners("/proc/net/tcp", port, "0100007F"), 1);
	assert_int_equal(count_listeners("/proc/net/tcp6", port, ""), 0);
	assert_int_equal(
	    sendas_loopback_open(look_at, target, &other, &trouble), SENDAS_OK);
	assert_int_not_equal(sendas_loopback_port(other), port);
	sendas_loopback_close(other);
}

static void
test_version(void **state)
{
	(void)state;
	assert_int_equal(
	    strncmp(sendas_loopback_version(), "libmicrohttpd ", 14), 0);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_page_comes_with_the_answer),
	    TEST(test_refused_by_callback),
	    TEST(test_refused),
	    TEST(test_large_headers),
	    TEST(test_byte_by_byte),
	    TEST(test_byte_by_byte_alone),
	    TEST(test_idle_connections),
	    TEST(test_only_the_first),
	    TEST(test_two_at_once),
	    TEST(test_browser_goes_away),
	    TEST(test_close_answers),
	    TEST(test_close_early),
	    TEST(test_listens_on_loopback_only),
	    TEST(test_version),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("loopback", tests, NULL, NULL);
}
