/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tty.c: /dev/tty: lines, and pastes that are longer than a terminal's line.
 * Its input is read byte by byte, so that what was typed ahead is still there
 * for the next question.
 */
#include "sendas/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"

/* A line that a person types; a terminal hands over no more at once. */
#define LINE_BYTES 4096

/* After this time without a byte a paste is over. */
#define QUIET_MS 150

#define LONGEST_WAIT_MS 1000

#define END_OF_INPUT 4 /* Ctrl-D, which a raw terminal hands over */

struct sendas_tty {
	FILE *out;
	int fd;
	const volatile sig_atomic_t *stop;
};

enum sendas_status
sendas_tty_open(const volatile sig_atomic_t *stop, struct sendas_tty **out,
    struct sendas_error *err)
{
	struct sendas_tty *tty;
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	FILE *stream = fopen("/dev/tty", "we");

	if (fd < 0 || stream == NULL) {
		if (fd >= 0)
			close(fd);
		if (stream != NULL)
			fclose(stream);
		return sendas_fail(err, SENDAS_ERR_NOBODY,
		    _("there is no terminal at which to ask"));
	}
	setvbuf(stream, NULL, _IONBF, 0);
	tty = sendas_xcalloc(1, sizeof(*tty));
	tty->fd = fd;
	tty->out = stream;
	tty->stop = stop;
	*out = tty;
	return SENDAS_OK;
}

void
sendas_tty_close(struct sendas_tty *tty)
{
	if (tty == NULL)
		return;
	close(tty->fd);
	fclose(tty->out);
	free(tty);
}

FILE *
sendas_tty_stream(struct sendas_tty *tty)
{
	return tty->out;
}

/* Waits for a byte; false when interrupted or, with a limit, when none came.
 * poll(2) is never restarted after a signal, read(2) would be. */
static bool
wait_for_input(const struct sendas_tty *tty, int limit_ms)
{
	struct pollfd waiting = {.fd = tty->fd, .events = POLLIN};

	while (tty->stop == NULL || *tty->stop == 0) {
		int ready = poll(&waiting, 1, limit_ms);

		if (ready != -1 || errno != EINTR)
			return ready > 0;
	}
	return false;
}

/* The next byte, or -1. */
static int
read_byte(const struct sendas_tty *tty)
{
	unsigned char byte;

	if (!wait_for_input(tty, -1) || read(tty->fd, &byte, 1) != 1)
		return -1;
	return byte;
}

char *
sendas_tty_read_line(struct sendas_tty *tty)
{
	struct sendas_buf line;
	int byte;

	sendas_buf_init(&line, LINE_BYTES);
	while ((byte = read_byte(tty)) != -1 && byte != '\n') {
		char letter = (char)byte;

		if (letter != '\0')
			sendas_buf_add(&line, &letter, 1);
	}
	if (byte == -1) {
		/* The shell's prompt must not stand behind ours. */
		fputc('\n', tty->out);
		sendas_buf_clear(&line);
		return NULL;
	}
	return sendas_buf_take(&line);
}

bool
sendas_tty_wait(struct sendas_tty *tty, int fd, int timeout_ms,
    const volatile sig_atomic_t *stop, char **line)
{
	struct pollfd waiting[] = {
	    {.fd = fd, .events = POLLIN},
	    {.fd = tty != NULL ? tty->fd : -1, .events = POLLIN},
	};

	*line = NULL;
	/* A signal just before poll(2) does not end it. */
	if (timeout_ms < 0 || timeout_ms > LONGEST_WAIT_MS)
		timeout_ms = LONGEST_WAIT_MS;
	(void)poll(waiting, sizeof(waiting) / sizeof(waiting[0]), timeout_ms);
	if (stop != NULL && *stop != 0)
		return false;
	if (waiting[1].revents == 0)
		return true;
	*line = sendas_tty_read_line(tty);
	return *line != NULL;
}

bool
sendas_tty_read_secret(
    struct sendas_tty *tty, const char *prompt, struct sendas_secret *out)
{
	struct termios before, silent;
	bool is_terminal = tcgetattr(tty->fd, &before) == 0;
	char *line;

	if (is_terminal) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)ECHO;
		/* What was typed ahead was shown already, and is dropped. */
		tcsetattr(tty->fd, TCSAFLUSH, &silent);
	}
	fputs(prompt, tty->out);
	line = sendas_tty_read_line(tty);
	if (is_terminal)
		tcsetattr(tty->fd, TCSAFLUSH, &before);
	if (line == NULL)
		return false;
	/* Enter was not shown either. */
	fputc('\n', tty->out);
	sendas_secret_set(out, line, strlen(line));
	sendas_secret_wipe(line);
	free(line);
	return true;
}

/* Turns off the terminal's own lines, which end after 4,095 bytes. Signals
 * and echo stay. */
static bool
set_raw(const struct sendas_tty *tty, struct termios *before)
{
	struct termios raw;

	if (tcgetattr(tty->fd, before) != 0)
		return false;
	raw = *before;
	raw.c_lflag &= ~(tcflag_t)ICANON;
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(tty->fd, TCSANOW, &raw) == 0;
}

/* Follows JSON byte by byte, as far as is needed to see where it closes. */
struct follower {
	long depth;
	bool in_string, is_escaped, has_begun;
};

/* True when this byte closes the value. */
static bool
follow(struct follower *f, char c)
{
	if (f->in_string) {
		if (f->is_escaped)
			f->is_escaped = false;
		else if (c == '\\')
			f->is_escaped = true;
		else if (c == '"')
			f->in_string = false;
		return false;
	}
	if (c == '{') {
		f->has_begun = true;
		f->depth++;
	} else if (f->has_begun && c == '[') {
		f->depth++;
	} else if (f->has_begun && c == '"') {
		f->in_string = true;
	} else if (f->has_begun && (c == '}' || c == ']')) {
		f->depth--;
	}
	return f->has_begun && f->depth <= 0;
}

/* Drops what else was pasted, so that it is no answer to the next question. */
static void
drop_rest(const struct sendas_tty *tty)
{
	char rest[512];

	while (wait_for_input(tty, QUIET_MS)) {
		if (read(tty->fd, rest, sizeof(rest)) <= 0)
			return;
	}
}

/* Reads up to the value's end; false when it did not come. */
static bool
collect(const struct sendas_tty *tty, struct sendas_buf *text)
{
	struct follower f = {0};
	int byte;

	while (!text->is_overflow) {
		byte = read_byte(tty);
		if (byte == -1 || byte == END_OF_INPUT)
			return false;
		if (f.has_begun || byte == '{') {
			char letter = (char)byte;

			sendas_buf_add(text, &letter, 1);
		}
		if (follow(&f, (char)byte))
			return true;
	}
	return false;
}

enum sendas_status
sendas_tty_read_json(struct sendas_tty *tty, const char *prompt, size_t max,
    char **out, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;
	struct termios before;
	struct sendas_buf text;
	bool is_raw = set_raw(tty, &before);
	bool is_whole;

	/* Only now: what is pasted at once must not meet the line's limit. */
	fprintf(tty->out, "%s\n", prompt);
	sendas_buf_init(&text, max);
	is_whole = collect(tty, &text);
	drop_rest(tty);
	if (is_raw)
		tcsetattr(tty->fd, TCSANOW, &before);
	fputc('\n', tty->out);
	if (text.is_overflow)
		status = sendas_fail(err, SENDAS_ERR_INPUT,
		    _("what was pasted is larger than %zu bytes"), max);
	else if (is_whole)
		*out = sendas_buf_take(&text);
	else
		*out = NULL;
	sendas_buf_clear(&text);
	return status;
}

enum sendas_status
sendas_tty_read_text(struct sendas_tty *tty, const char *prompt, size_t max,
    char **out, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;
	struct sendas_buf text;
	bool is_over = false;
	char *line;

	sendas_buf_init(&text, max);
	while (!is_over && !text.is_overflow) {
		if (!wait_for_input(tty, 0))
			fputs(prompt, tty->out);
		line = sendas_tty_read_line(tty);
		is_over = line == NULL ||
		    (*line == '\0' && !wait_for_input(tty, QUIET_MS));
		if (line != NULL)
			sendas_buf_printf(&text, "%s\n", line);
		free(line);
	}
	if (text.is_overflow) {
		drop_rest(tty);
		status = sendas_fail(err, SENDAS_ERR_INPUT,
		    _("what was pasted is larger than %zu bytes"), max);
	} else if (tty->stop == NULL || *tty->stop == 0) {
		*out = sendas_buf_take(&text);
	} else {
		*out = NULL;
	}
	sendas_buf_clear(&text);
	return status;
}
