/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_login.c: a sign-in from its address to what comes of it: the address
 * has what Google and the RFCs want, no two sign-ins share a secret, only what
 * belongs to this one is taken, and each refusal is told as what it is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <poll.h>
#include <stdlib.h>
#include "sendas/http.h"
#include "sendas/login.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "test_browser.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define AUTHORIZE "https://accounts.example/o/oauth2/v2/auth"
#define SCOPE "https://scope.example/a https://scope.example/b+c"
#define CLIENT_ID "1-a.apps.example"

/* Nothing listens there. */
#define TOKEN_URL "https://127.0.0.1:1/token"

static struct sendas_http *http;
static const struct sendas_credentials client = {
    .kind = SENDAS_CREDENTIALS_CLIENT,
    .origin = "client.json",
    .client_id = CLIENT_ID,
    .client_secret = {"client-secret", 13},
};

static struct sendas_login *
open_login(const char *mailbox)
{
	struct sendas_login_options options = {
	    .client = &client,
	    .http = http,
	    .authorize_url = AUTHORIZE,
	    .token_url = TOKEN_URL,
	    .scope = SCOPE,
	    .mailbox = mailbox,
	};
	struct sendas_login *login = NULL;
	struct sendas_error err;

	assert_int_equal(sendas_login_open(&options, &login, &err), SENDAS_OK);
	assert_false(sendas_login_has_come(login));
	return login;
}

/* ---- the address ---- */

/* The value of a parameter that stands there once, as it was sent; free() it.
 * NULL: it does not stand there. */
static char *
parameter(const struct sendas_login *login, const char *name)
{
	const char *at = strchr(sendas_login_url(login), '?');
	size_t len = strlen(name);
	char *value = NULL;

	assert_non_null(at);
	for (at++; *at != '\0'; at += strspn(at, "&")) {
		if (strncmp(at, name, len) == 0 && at[len] == '=') {
			assert_null(value);
			value = sendas_xstrndup(
			    at + len + 1, strcspn(at + len + 1, "&"));
		}
		at += strcspn(at, "&");
	}
	return value;
}

static void
check_parameter(
    const struct sendas_login *login, const char *name, const char *want)
{
	char *value = parameter(login, name);

	if (value == NULL || strcmp(value, want) != 0)
		fail_msg("%s: %s instead of %s", name, value, want);
	free(value);
}

static unsigned
port_of(const struct sendas_login *login)
{
	char *uri = parameter(login, "redirect_uri");
	unsigned port = 0;
	int end = 0;

	assert_non_null(uri);
	assert_int_equal(
	    sscanf(uri, "http%%3A%%2F%%2F127.0.0.1%%3A%u%%2F%n", &port, &end),
	    1);
	assert_int_equal(uri[end], '\0');
	assert_true(port > 0 && port < 65536);
	free(uri);
	return port;
}

/* The state is there for all to see, so the verifier is not made of it. */
static void
check_challenge(const struct sendas_login *login)
{
	char *seen = parameter(login, "state");
	char *of_seen = sendas_oauth2_code_challenge(seen);
	char *challenge = parameter(login, "code_challenge");

	/* 256 bits in base64url. */
	assert_int_equal(strlen(challenge), 43);
	assert_string_not_equal(challenge, of_seen);
	free(seen);
	free(of_seen);
	free(challenge);
}

static void
check_url(const struct sendas_login *login, size_t parameters)
{
	const char *url = sendas_login_url(login);
	char *value;
	size_t count = 1;

	assert_int_equal(
	    strncmp(url, AUTHORIZE "?", sizeof(AUTHORIZE "?") - 1), 0);
	for (const char *c = url; *c != '\0'; c++) {
		assert_true(*c > ' ' && *c < 0x7f);
		count += *c == '&';
	}
	assert_int_equal(count, parameters);
	check_parameter(login, "response_type", "code");
	check_parameter(login, "client_id", CLIENT_ID);
	check_parameter(login, "scope",
	    "https%3A%2F%2Fscope.example%2Fa%20"
	    "https%3A%2F%2Fscope.example%2Fb%2Bc");
	check_parameter(login, "code_challenge_method", "S256");
	check_parameter(login, "access_type", "offline");
	check_parameter(login, "prompt", "consent");
	(void)port_of(login);
	value = parameter(login, "state");
	assert_int_equal(strlen(value), 64);
	assert_int_equal(strspn(value, "0123456789abcdef"), 64);
	free(value);
	check_challenge(login);
	assert_null(strstr(url, "secret"));
}

static void
test_url(void **state)
{
	struct sendas_login *login = open_login(NULL);

	(void)state;
	check_url(login, 9);
	assert_null(strstr(sendas_login_url(login), "login_hint"));
	sendas_login_close(login);
	login = open_login("a+b&prompt=none@example.com");
	check_url(login, 10);
	check_parameter(
	    login, "login_hint", "a%2Bb%26prompt%3Dnone%40example.com");
	sendas_login_close(login);
	sendas_login_close(NULL);
}

static void
test_nothing_is_shared(void **state)
{
	static const char *const names[] = {
	    "state", "code_challenge", "redirect_uri"};
	struct sendas_login *a = open_login(NULL), *b = open_login(NULL);

	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		char *of_a = parameter(a, names[i]);
		char *of_b = parameter(b, names[i]);

		assert_string_not_equal(of_a, of_b);
		free(of_a);
		free(of_b);
	}
	sendas_login_close(a);
	sendas_login_close(b);
}

/* ---- what comes back ---- */

/* The address to which Google's page would send the browser; the caller frees
 * it. */
static char *
address(const struct sendas_login *login, const char *rest)
{
	char *value = parameter(login, "state");
	char *text = sendas_xasprintf(
	    "http://127.0.0.1:%u/?state=%s%s", port_of(login), value, rest);

	free(value);
	return text;
}

static void
paste(struct sendas_login *login, const char *rest)
{
	char *text = address(login, rest);

	assert_int_equal(sendas_login_paste(login, text, NULL), SENDAS_OK);
	assert_true(sendas_login_has_come(login));
	free(text);
}

static void
check_refused(struct sendas_login *login, const char *text, const char *said)
{
	struct sendas_error err = {0};

	assert_int_equal(
	    sendas_login_paste(login, text, &err), SENDAS_ERR_INPUT);
	assert_int_equal(err.code, SENDAS_ERR_INPUT);
	if (strstr(err.message, said) == NULL)
		fail_msg("%s\n-> %s", text, err.message);
	assert_null(strstr(err.message, "4/0A"));
	assert_false(sendas_login_has_come(login));
}

static void
test_paste_refused(void **state)
{
	struct sendas_login *login = open_login(NULL);
	struct sendas_login *other = open_login(NULL);
	char *text = address(other, "&code=4/0A"), *here;

	(void)state;
	check_refused(login, text, "belongs to another sign-in");
	free(text);
	/* With the right port, too. */
	here = sendas_xasprintf(
	    "http://127.0.0.1:%u/?state=x&code=4/0A", port_of(login));
	check_refused(login, here, "belongs to another sign-in");
	free(here);
	text = address(login, "&code=4/0A&code=4/0A");
	check_refused(login, text, "is damaged");
	free(text);
	text = address(login, "");
	check_refused(login, text, "is damaged");
	free(text);
	here = sendas_xasprintf(
	    "begins with http://127.0.0.1:%u/ and stands", port_of(login));
	check_refused(login, "4/0A", here);
	check_refused(login, "", here);
	check_refused(login, sendas_login_url(login), here);
	free(here);
	/* None of that ends it, and what comes late changes nothing. */
	paste(login, "&code=4/0A");
	assert_int_equal(sendas_login_paste(login, "4/0B", NULL), SENDAS_OK);
	paste(login, "&error=access_denied");
	sendas_login_close(login);
	sendas_login_close(other);
}

/* ---- the exchange ---- */

struct outcome {
	int calls;
	struct sendas_error err;
};

static void
got_token(
    void *ctx, const struct sendas_token *token, const struct sendas_error *err)
{
	struct outcome *outcome = ctx;

	assert_null(token); /* there is no Google here */
	assert_non_null(err);
	outcome->calls++;
	outcome->err = *err;
}

static void
exchange(struct sendas_login *login, struct outcome *outcome)
{
	*outcome = (struct outcome){0};
	sendas_login_exchange(login, got_token, outcome);
	assert_int_equal(outcome->calls, 0); /* never within the call */
	sendas_http_run(http);
	assert_int_equal(outcome->calls, 1);
}

static void
test_page_refuses(void **state)
{
	static const struct {
		const char *rest;
		enum sendas_status code;
		const char *said;
	} rows[] = {
	    {"&error=access_denied", SENDAS_ERR_NOBODY, "was not allowed"},
	    {"&error=access_denied", SENDAS_ERR_NOBODY, "sendas audit --ask"},
	    {"&error=admin_policy_enforced", SENDAS_ERR_TOKEN,
		"The administrator of this account"},
	    {"&error=org_internal", SENDAS_ERR_TOKEN,
		"ended the sign-in: org_internal. doc/google-cloud.md"},
	    {"&error=access_denied_x&error_description=hello", SENDAS_ERR_TOKEN,
		"ended the sign-in: access_denied_x. "},
	    {"&error=%25s%25n", SENDAS_ERR_TOKEN, "ended the sign-in: %s%n. "},
	};
	struct outcome outcome;

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sendas_login *login = open_login(NULL);

		paste(login, rows[i].rest);
		exchange(login, &outcome);
		if (outcome.err.code != rows[i].code ||
		    strstr(outcome.err.message, rows[i].said) == NULL)
			fail_msg("%s\n-> %d %s", rows[i].rest, outcome.err.code,
			    outcome.err.message);
		assert_int_equal(
		    outcome.err.reason, SENDAS_REASON_TOKEN_REFUSED);
		sendas_login_close(login);
	}
}

/* A word of any length from the network is cut. */
static void
test_long_error(void **state)
{
	struct sendas_login *login = open_login(NULL);
	struct outcome outcome;
	char rest[2048] = "&error=";

	(void)state;
	memset(rest + 7, 'a', sizeof(rest) - 8);
	rest[sizeof(rest) - 1] = '\0';
	paste(login, rest);
	exchange(login, &outcome);
	assert_int_equal(outcome.err.code, SENDAS_ERR_TOKEN);
	assert_true(strlen(outcome.err.message) < 400);
	assert_non_null(strstr(outcome.err.message, "doc/google-cloud.md"));
	sendas_login_close(login);
}

static void
test_no_connection(void **state)
{
	struct sendas_login *login = open_login(NULL);
	struct outcome outcome;

	(void)state;
	paste(login, "&code=4/0A-secret");
	exchange(login, &outcome);
	assert_int_equal(outcome.err.code, SENDAS_ERR_CONNECTION);
	assert_null(strstr(outcome.err.message, "secret"));
	sendas_login_close(login);
}

/* ---- the browser ---- */

static void
turn(struct sendas_login *login)
{
	struct pollfd waiting = {
	    .fd = sendas_login_fd(login), .events = POLLIN};
	int timeout = sendas_login_timeout_ms(login);

	if (timeout < 0 || timeout > 20)
		timeout = 20;
	(void)poll(&waiting, 1, timeout);
	sendas_login_turn(login);
}

/* A request like a browser's for an address. */
static void
visit(struct sendas_login *login, const char *url, struct test_browser *browser)
{
	char *text;

	url = strchr(url + strlen("http://"), '/');
	text = sendas_xasprintf("GET %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n\r\n",
	    url, port_of(login));
	test_browser_connect(browser, port_of(login));
	assert_true(browser->fd >= 0);
	assert_int_equal(
	    test_browser_send(browser, text, strlen(text)), strlen(text));
	free(text);
}

/* Until it was refused or taken. */
static void
wait_for(struct sendas_login *login, struct test_browser *browser)
{
	long end = test_now_ms() + 10000;

	while (!browser->is_closed && !sendas_login_has_come(login)) {
		assert_true(test_now_ms() < end);
		turn(login);
		test_browser_take(browser);
	}
}

static void
check_page(struct sendas_login *login, const char *url,
    enum sendas_landing_kind kind, int status)
{
	struct sendas_landing landing = {.kind = kind};
	char *page = sendas_landing_format(&landing);
	struct test_browser browser;

	visit(login, url, &browser);
	wait_for(login, &browser);
	assert_false(sendas_login_has_come(login));
	assert_int_equal(test_browser_status(&browser), status);
	assert_non_null(strstr(browser.got, page));
	test_browser_close(&browser);
	free(page);
}

static void
test_browser_comes(void **state)
{
	struct sendas_landing landing = {.kind = SENDAS_LANDING_DECLINED};
	struct sendas_login *login = open_login(NULL);
	struct test_browser browser;
	struct outcome outcome;
	char *text;

	(void)state;
	check_page(login, "http://x/", SENDAS_LANDING_NOTHING, 404);
	check_page(login, "http://x/?code=4/0A", SENDAS_LANDING_NOTHING, 404);
	check_page(
	    login, "http://x/?state=x&code=4/0A", SENDAS_LANDING_FOREIGN, 400);
	text = address(login, "");
	check_page(login, text, SENDAS_LANDING_FAILED, 400);
	free(text);
	text = address(login, "&error=access_denied");
	visit(login, text, &browser);
	free(text);
	wait_for(login, &browser);
	assert_true(sendas_login_has_come(login));
	exchange(login, &outcome);
	assert_int_equal(outcome.err.code, SENDAS_ERR_NOBODY);
	assert_int_equal(browser.len, 0);
	sendas_login_tell(login, &landing);
	test_browser_take(&browser);
	assert_int_equal(test_browser_status(&browser), 200);
	test_browser_close(&browser);
	sendas_login_close(login);
}

/* Closed in between, the browser does not wait for ever. */
static void
test_closed_in_between(void **state)
{
	struct sendas_login *login = open_login(NULL);
	struct test_browser browser;
	char *text = address(login, "&code=4/0A");

	(void)state;
	visit(login, text, &browser);
	wait_for(login, &browser);
	assert_true(sendas_login_has_come(login));
	sendas_login_close(login);
	test_browser_take(&browser);
	assert_true(browser.is_closed);
	assert_int_equal(test_browser_status(&browser), 200);
	assert_null(strstr(browser.got, "4/0A"));
	test_browser_close(&browser);
	free(text);
}

/* A sign-in that has come back, whichever way, is listened for no more. */
static void
test_paste_ends_the_listening(void **state)
{
	struct sendas_login *login = open_login(NULL);
	unsigned port = port_of(login);
	struct test_browser browser;

	(void)state;
	test_browser_connect(&browser, port);
	assert_true(browser.fd >= 0);
	test_browser_close(&browser);
	paste(login, "&code=4/0A");
	test_browser_connect(&browser, port);
	assert_int_equal(browser.fd, -1);
	sendas_login_close(login);
}

/* After a paste there is no browser to tell. */
static void
test_nobody_to_tell(void **state)
{
	struct sendas_landing landing = {.kind = SENDAS_LANDING_DONE};
	struct sendas_login *login = open_login(NULL);
	long before = test_now_ms();

	(void)state;
	paste(login, "&code=4/0A");
	sendas_login_tell(login, &landing);
	assert_true(test_now_ms() - before < 1000);
	sendas_login_close(login);
}

static int
set_up(void **state)
{
	struct sendas_http_options options = {
	    .user_agent = "test_login", .timeout_ms = 5000, .max_tries = 1};

	(void)state;
	unsetenv("https_proxy");
	unsetenv("HTTPS_PROXY");
	unsetenv("all_proxy");
	unsetenv("ALL_PROXY");
	sendas_oauth2_init();
	return sendas_http_new(&options, &http, NULL) == SENDAS_OK ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	sendas_http_free(http);
	sendas_oauth2_shutdown();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_url),
	    cmocka_unit_test(test_nothing_is_shared),
	    cmocka_unit_test(test_paste_refused),
	    cmocka_unit_test(test_page_refuses),
	    cmocka_unit_test(test_long_error),
	    cmocka_unit_test(test_no_connection),
	    cmocka_unit_test(test_browser_comes),
	    cmocka_unit_test(test_closed_in_between),
	    cmocka_unit_test(test_paste_ends_the_listening),
	    cmocka_unit_test(test_nobody_to_tell),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("login", tests, set_up, tear_down);
}
