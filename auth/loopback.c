/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loopback.c: libmicrohttpd behind plain types; no other file includes its
 * header. It checks whatever does not depend on the sign-in: method, Host,
 * path. What a query means is the caller's business.
 */
#include "sendas/loopback.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include "sendas/clock.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/secret.h"

/* Headers of a request, all in all; browsers send 2 KiB or so. */
#define MEMORY_BYTES (32 * 1024)

struct sendas_loopback {
	struct MHD_Daemon *daemon;
	sendas_loopback_fn *fn;
	void *ctx;
	unsigned port;
	char host[32]; /* "127.0.0.1:PORT" */
	int fd; /* of epoll(7) */
	struct MHD_Connection *accepted; /* suspended until it is answered */
	bool has_accepted;
	struct MHD_Response *page; /* for it; NULL before */
};

static struct MHD_Response *
new_response(const struct sendas_landing *landing)
{
	char *html = sendas_landing_format(landing);
	struct MHD_Response *response = MHD_create_response_from_buffer(
	    strlen(html), html, MHD_RESPMEM_MUST_FREE);
	const char *headers[][2] = {
	    {"Content-Type", "text/html; charset=utf-8"},
	    {"Content-Security-Policy", sendas_landing_policy()},
	    {"Cache-Control", "no-store"},
	    {"Referrer-Policy", "no-referrer"}, /* the address has the code */
	    {"X-Content-Type-Options", "nosniff"},
	    {"X-Frame-Options", "DENY"},
	    {"Cross-Origin-Resource-Policy", "same-origin"},
	    {"Connection", "close"},
	};

	if (response == NULL) /* no memory */
		abort();
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		(void)MHD_add_response_header(
		    response, headers[i][0], headers[i][1]);
	return response;
}

static enum MHD_Result
send_page(struct MHD_Connection *connection, enum sendas_landing_kind kind,
    unsigned status)
{
	struct sendas_landing landing = {.kind = kind};
	struct MHD_Response *response = new_response(&landing);
	enum MHD_Result result;

	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		(void)MHD_add_response_header(response, "Allow", "GET");
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

struct host_check {
	const char *wanted;
	size_t count, good;
};

static enum MHD_Result
check_header(
    void *ctx, enum MHD_ValueKind kind, const char *name, const char *value)
{
	struct host_check *check = ctx;

	(void)kind;
	if (strcasecmp(name, "Host") == 0) {
		check->count++;
		if (value != NULL && strcmp(value, check->wanted) == 0)
			check->good++;
	}
	return MHD_YES;
}

/* A page elsewhere whose name was made to lead here (DNS rebinding) names
 * itself in Host. */
static bool
is_for_us(
    const struct sendas_loopback *loopback, struct MHD_Connection *connection)
{
	struct host_check check = {.wanted = loopback->host};

	MHD_get_connection_values(
	    connection, MHD_HEADER_KIND, check_header, &check);
	return check.count == 1 && check.good == 1;
}

/* The request that was waited for: it waits now. */
static enum MHD_Result
accept_request(
    struct sendas_loopback *loopback, struct MHD_Connection *connection)
{
	loopback->has_accepted = true;
	loopback->accepted = connection;
	MHD_suspend_connection(connection);
	return MHD_YES;
}

/* libmicrohttpd's callback for a request whose headers are there; again for
 * the accepted one once it is resumed. *request is what note_target kept. */
static enum MHD_Result
handle(void *ctx, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *upload,
    size_t *upload_len, void **request)
{
	enum sendas_landing_kind refusal = SENDAS_LANDING_NOTHING;
	struct sendas_loopback *loopback = ctx;
	const char *target = *request;

	(void)path; /* decoded already, which would hide what was sent */
	(void)version;
	(void)upload;
	(void)upload_len;
	if (loopback->accepted == connection)
		return MHD_queue_response(
		    connection, MHD_HTTP_OK, loopback->page);
	if (!is_for_us(loopback, connection))
		return send_page(connection, refusal, MHD_HTTP_BAD_REQUEST);
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0)
		return send_page(
		    connection, refusal, MHD_HTTP_METHOD_NOT_ALLOWED);
	if (target == NULL || target[0] != '/' ||
	    (target[1] != '?' && target[1] != '\0') || loopback->has_accepted)
		return send_page(connection, refusal, MHD_HTTP_NOT_FOUND);
	if (loopback->fn(loopback->ctx, target, &refusal))
		return accept_request(loopback, connection);
	return send_page(connection, refusal,
	    refusal == SENDAS_LANDING_NOTHING ? MHD_HTTP_NOT_FOUND
					      : MHD_HTTP_BAD_REQUEST);
}

/* Keeps what was asked for as it was sent; it may hold the code. */
static void *
note_target(void *ctx, const char *uri, struct MHD_Connection *connection)
{
	(void)ctx;
	(void)connection;
	return sendas_xstrdup(uri);
}

static void
completed(void *ctx, struct MHD_Connection *connection, void **request,
    enum MHD_RequestTerminationCode code)
{
	struct sendas_loopback *loopback = ctx;

	(void)code;
	if (*request != NULL)
		sendas_secret_wipe(*request);
	free(*request);
	*request = NULL;
	if (loopback->accepted == connection)
		loopback->accepted = NULL;
}

/* Its messages are about single connections, and go to stderr otherwise. */
static void
ignore_message(void *ctx, const char *format, va_list arguments)
{
	(void)ctx;
	(void)format;
	(void)arguments;
}

static bool
start(struct sendas_loopback *loopback)
{
	struct sockaddr_in address = {
	    .sin_family = AF_INET,
	    .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)},
	};
	const union MHD_DaemonInfo *info;

	loopback->daemon = MHD_start_daemon(
	    MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0,
	    NULL, NULL, handle, loopback, MHD_OPTION_EXTERNAL_LOGGER,
	    ignore_message, NULL, MHD_OPTION_SOCK_ADDR,
	    (struct sockaddr *)&address, MHD_OPTION_URI_LOG_CALLBACK,
	    note_target, NULL, MHD_OPTION_NOTIFY_COMPLETED, completed, loopback,
	    MHD_OPTION_CONNECTION_LIMIT,
	    (unsigned)SENDAS_LIMIT_LOOPBACK_CONNECTIONS,
	    MHD_OPTION_CONNECTION_TIMEOUT,
	    (unsigned)SENDAS_LIMIT_LOOPBACK_IDLE_SEC,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_BYTES,
	    MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_END);
	if (loopback->daemon == NULL)
		return false;
	info = MHD_get_daemon_info(loopback->daemon, MHD_DAEMON_INFO_BIND_PORT);
	if (info == NULL || info->port == 0)
		return false;
	loopback->port = info->port;
	info = MHD_get_daemon_info(loopback->daemon, MHD_DAEMON_INFO_EPOLL_FD);
	if (info == NULL)
		return false;
	loopback->fd = info->epoll_fd;
	return true;
}

enum sendas_status
sendas_loopback_open(sendas_loopback_fn *fn, void *ctx,
    struct sendas_loopback **out, struct sendas_error *err)
{
	struct sendas_loopback *loopback = sendas_xcalloc(1, sizeof(*loopback));

	loopback->fn = fn;
	loopback->ctx = ctx;
	if (!start(loopback)) {
		sendas_fail(err, SENDAS_ERR_FILE,
		    _("no port of this machine can be listened on for the "
		      "browser: %s"),
		    strerror(errno));
		sendas_loopback_close(loopback);
		return SENDAS_ERR_FILE;
	}
	snprintf(loopback->host, sizeof(loopback->host), "127.0.0.1:%u",
	    loopback->port);
	*out = loopback;
	return SENDAS_OK;
}

unsigned
sendas_loopback_port(const struct sendas_loopback *loopback)
{
	return loopback->port;
}

int
sendas_loopback_fd(const struct sendas_loopback *loopback)
{
	return loopback->fd;
}

int
sendas_loopback_timeout_ms(const struct sendas_loopback *loopback)
{
	MHD_UNSIGNED_LONG_LONG timeout;

	if (MHD_get_timeout(loopback->daemon, &timeout) != MHD_YES)
		return -1;
	return timeout < 60000 ? (int)timeout : 60000;
}

void
sendas_loopback_turn(struct sendas_loopback *loopback)
{
	bool had_accepted = loopback->has_accepted;

	(void)MHD_run(loopback->daemon);
	/* It is done: nobody else shall come in. */
	if (!had_accepted && loopback->has_accepted)
		sendas_loopback_stop(loopback);
}

void
sendas_loopback_stop(struct sendas_loopback *loopback)
{
	MHD_socket listener = MHD_quiesce_daemon(loopback->daemon);

	if (listener != MHD_INVALID_SOCKET)
		close(listener);
}

void
sendas_loopback_answer(
    struct sendas_loopback *loopback, const struct sendas_landing *landing)
{
	struct pollfd waiting = {.fd = loopback->fd, .events = POLLIN};
	long end = sendas_clock_now_ms() + SENDAS_LIMIT_LANDING_MS, left;
	int timeout;

	if (loopback->accepted == NULL || loopback->page != NULL)
		return;
	loopback->page = new_response(landing);
	MHD_resume_connection(loopback->accepted);
	/* What was resumed does not show at the descriptor. */
	(void)MHD_run(loopback->daemon);
	while (loopback->accepted != NULL &&
	    (left = end - sendas_clock_now_ms()) > 0) {
		timeout = sendas_loopback_timeout_ms(loopback);
		if (timeout < 0 || timeout > left)
			timeout = (int)left;
		(void)poll(&waiting, 1, timeout);
		(void)MHD_run(loopback->daemon);
	}
}

void
sendas_loopback_close(struct sendas_loopback *loopback)
{
	if (loopback == NULL)
		return;
	if (loopback->daemon != NULL) {
		/* A suspended connection must not be there when it stops. */
		if (loopback->accepted != NULL && loopback->page == NULL) {
			struct sendas_landing landing = {
			    .kind = SENDAS_LANDING_FAILED};

			sendas_loopback_answer(loopback, &landing);
		}
		MHD_stop_daemon(loopback->daemon);
	}
	if (loopback->page != NULL)
		MHD_destroy_response(loopback->page);
	free(loopback);
}

const char *
sendas_loopback_version(void)
{
	static char text[64];

	snprintf(text, sizeof(text), "libmicrohttpd %s", MHD_get_version());
	return text;
}
