/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signin_screen.c: what stands on the terminal while somebody signs in, and
 * what they paste there. Knows nothing of what is in an address.
 */
#include "sendas/signin_screen.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/browser.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"
#include "sendas/tty.h"

#define COLUMNS 78

struct sendas_signin_screen {
	struct sendas_signin_ui ui;
	struct sendas_tty *tty; /* NULL: there is none */
	FILE *stream;
	bool has_browser; /* that may be opened */
	const volatile sig_atomic_t *stop;
};

static void
write_line(const struct sendas_signin_screen *screen, const char *text)
{
	char *safe = sendas_text_safe(text, true);

	fprintf(screen->stream, "%s\n", safe);
	free(safe);
}

/* The same for a sentence or more, broken to the width of a page, with an empty
 * line after it. */
static void
write_paragraph(const struct sendas_signin_screen *screen, const char *text)
{
	char *safe = sendas_text_safe(text, false);
	char *wrapped = sendas_text_wrap(safe, 0, COLUMNS);

	fprintf(screen->stream, "%s\n\n", wrapped);
	free(wrapped);
	free(safe);
}

/* How it goes on, once a person has agreed; is_open: in a browser here. */
static void
write_way_back(const struct sendas_signin_screen *screen, bool is_open)
{
	write_paragraph(screen,
	    _("If Google says that it has not verified the app, or that it is "
	      "being tested: that is the client that you, or whoever helps "
	      "you, made in Google Cloud. \"Continue\" (or \"Advanced\") "
	      "leads on. If nobody you trust made it, stop here."));
	write_paragraph(screen,
	    is_open
		? _("Afterwards it goes on here by itself. If the browser "
		    "shows an error page instead, copy the address in its "
		    "address bar (http://127.0.0.1...), paste it here and "
		    "press Enter.")
		: _("Afterwards a browser on another machine shows a page that "
		    "cannot be reached: that is as it should be. Copy the "
		    "whole address in its address bar (http://127.0.0.1...), "
		    "paste it here and press Enter."));
	write_line(screen, _("To stop: q and Enter"));
}

/* The address stands on a line of its own, unbroken, to be copied. */
static void
show_url(void *ctx, const char *url)
{
	const struct sendas_signin_screen *screen = ctx;
	bool is_open = screen->has_browser && sendas_browser_open(url);

	write_paragraph(screen,
	    _("Sign in to Google with the account whose settings are to be "
	      "looked at. Only the \"Send mail as\" settings are asked for: "
	      "mail is not read, and signing in changes nothing."));
	write_paragraph(screen,
	    is_open ? _("The page opens in your browser. If it does not, open "
			"this address:")
		    : _("Open this address in a browser:"));
	write_line(screen, url);
	write_line(screen, "");
	if (screen->tty != NULL)
		write_way_back(screen, is_open);
}

static bool
is_quit(const char *line)
{
	char *folded = sendas_text_fold_width(line);
	char *answer = sendas_text_trim(folded);
	bool is;

	sendas_text_lower(answer);
	is = strcmp(answer, "q") == 0;
	free(answer);
	free(folded);
	return is;
}

static enum sendas_status
wait_for(
    void *ctx, int fd, int timeout_ms, char **line, struct sendas_error *err)
{
	const struct sendas_signin_screen *screen = ctx;

	if (!sendas_tty_wait(screen->tty, fd, timeout_ms, screen->stop, line)) {
		if (*screen->stop != 0)
			return sendas_fail(
			    err, SENDAS_ERR_CANCELLED, "%s", _("interrupted"));
	} else if (*line == NULL || !is_quit(*line)) {
		return SENDAS_OK;
	}
	free(*line);
	*line = NULL;
	return sendas_fail(err, SENDAS_ERR_NOBODY,
	    _("Not signed in; nothing has changed. To try again: sendas "
	      "login"));
}

static void
notice(void *ctx, const char *text)
{
	write_line(ctx, text);
}

struct sendas_signin_screen *
sendas_signin_screen_new(bool has_browser, const volatile sig_atomic_t *stop)
{
	struct sendas_signin_screen *screen =
	    sendas_xcalloc(1, sizeof(*screen));

	if (sendas_tty_open(stop, &screen->tty, NULL) != SENDAS_OK)
		screen->tty = NULL;
	screen->stream =
	    screen->tty != NULL ? sendas_tty_stream(screen->tty) : stderr;
	screen->has_browser = has_browser;
	screen->stop = stop;
	screen->ui = (struct sendas_signin_ui){
	    .ctx = screen,
	    .show_url = show_url,
	    .wait = wait_for,
	    .notice = notice,
	};
	return screen;
}

const struct sendas_signin_ui *
sendas_signin_screen_ui(const struct sendas_signin_screen *screen)
{
	return &screen->ui;
}

void
sendas_signin_screen_free(struct sendas_signin_screen *screen)
{
	if (screen == NULL)
		return;
	sendas_tty_close(screen->tty);
	free(screen);
}
