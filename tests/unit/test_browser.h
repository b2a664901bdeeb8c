/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_browser.h: a browser as the listener sees it, good or bad: sockets that
 * send any bytes. It waits for nothing; the listener gets its turns between.
 * Include it after cmocka.h.
 */
#ifndef SENDAS_TEST_BROWSER_H
#define SENDAS_TEST_BROWSER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct test_browser {
	int fd; /* -1: the connection was refused */
	char got[32768];
	size_t len;
	bool is_closed; /* by the other side */
};

/* The kernel completes it, whether the listener has a turn or not. */
static inline void
test_browser_connect(struct test_browser *browser, unsigned port)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_port = htons((in_port_t)port),
	    .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
	};

	browser->len = 0;
	browser->got[0] = '\0';
	browser->is_closed = false;
	browser->fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_true(browser->fd >= 0);
	if (connect(
		browser->fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return;
	assert_int_equal(errno, ECONNREFUSED);
	close(browser->fd);
	browser->fd = -1;
}

/* How much of it was taken now; the rest is for after the next turn. */
static inline size_t
test_browser_send(struct test_browser *browser, const char *text, size_t len)
{
	ssize_t sent =
	    send(browser->fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);

	if (sent >= 0)
		return (size_t)sent;
	if (errno != EAGAIN)
		browser->is_closed = true;
	return 0;
}

/* Takes what has come by now. */
static inline void
test_browser_take(struct test_browser *browser)
{
	ssize_t got;

	while (!browser->is_closed) {
		assert_true(browser->len + 1 < sizeof(browser->got));
		got = recv(browser->fd, browser->got + browser->len,
		    sizeof(browser->got) - 1 - browser->len, MSG_DONTWAIT);
		if (got < 0 && errno == EAGAIN)
			return;
		if (got <= 0)
			browser->is_closed = true;
		else
			browser->len += (size_t)got;
		browser->got[browser->len] = '\0';
	}
}

static inline void
test_browser_close(struct test_browser *browser)
{
	if (browser->fd >= 0)
		close(browser->fd);
	browser->fd = -1;
}

/* The status of what has come; 0: nothing has. */
static inline int
test_browser_status(const struct test_browser *browser)
{
	int status = 0;

	if (browser->len == 0)
		return 0;
	assert_int_equal(sscanf(browser->got, "HTTP/1.1 %d ", &status), 1);
	return status;
}

static inline long
test_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}

#endif
