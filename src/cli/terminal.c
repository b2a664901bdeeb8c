/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal.c: messages on stderr, questions on /dev/tty. Knows no command.
 */
#include "sendas/terminal.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sendas/as_text.h"
#include "sendas/buf.h"
#include "sendas/clock.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"
#include "sendas/tty.h"

/* A line that is drawn more often flickers, and costs a mailbox's time. */
#define REDRAW_MS 200

static bool quiet;
static bool has_progress; /* progress may be drawn */
static size_t progress_columns; /* what stands there now */
static long progress_drawn_ms;
static const volatile sig_atomic_t *stop_flag;

void
sendas_terminal_set_quiet(bool is_quiet)
{
	quiet = is_quiet;
}

void
sendas_terminal_set_results(FILE *stream)
{
	has_progress =
	    isatty(STDERR_FILENO) == 1 && isatty(fileno(stream)) != 1;
}

/* Takes the line of progress away, so that something else can stand there.
 * Spaces do it on every terminal. */
static void
clear_progress(void)
{
	if (progress_columns > 0)
		fprintf(stderr, "\r%*s\r", (int)progress_columns, "");
	progress_columns = 0;
}

static void
write_line(const char *format, va_list arguments)
{
	char *raw = NULL, *safe;

	if (vasprintf(&raw, format, arguments) < 0)
		return;
	safe = sendas_text_safe(raw, true);
	clear_progress();
	fprintf(stderr, "sendas: %s\n", safe);
	free(safe);
	free(raw);
}

void
sendas_terminal_error(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	write_line(format, arguments);
	va_end(arguments);
}

void
sendas_terminal_notice(const char *format, ...)
{
	va_list arguments;

	if (quiet)
		return;
	va_start(arguments, format);
	write_line(format, arguments);
	va_end(arguments);
}

/* An answer, folded and trimmed, in lower case; the caller frees both. */
static char *
tidy(const char *line)
{
	char *folded = sendas_text_fold_width(line);
	char *answer = sendas_text_trim(folded);

	sendas_text_lower(answer);
	free(folded);
	return answer;
}

static bool
is_yes_word(const char *answer)
{
	return strcmp(answer, "y") == 0 || strcmp(answer, "yes") == 0 ||
	    strcmp(answer, "はい") == 0;
}

/* One mailbox: y. Several: the number of changes, so that a habit of the
 * fingers does not change a hundred mailboxes. */
static bool
is_agreed(const struct sendas_plan *plan, const char *answer)
{
	char number[32];

	if (plan->mailbox_count == 1)
		return is_yes_word(answer);
	snprintf(number, sizeof(number), "%zu", plan->change_count);
	return strcmp(answer, number) == 0;
}

/* So that a refusal is no surprise. */
static void
show_personal(FILE *tty)
{
	fputc('\n', tty);
	sendas_as_text_write_item(tty, "", 0, "%s",
	    _("Google lets a program look at a personal account's settings, "
	      "but as far as is known not change them. It is tried once; where "
	      "Google does not take it, you make the change yourself in Gmail, "
	      "step by step. That is no fault of yours or of your account."));
}

static void
show_plan(FILE *tty, const struct sendas_plan *plan)
{
	size_t more = plan->mailbox_count - plan->shown_count;

	for (size_t i = 0; i < plan->shown_count; i++)
		sendas_as_text_write_plan(
		    tty, plan->provider, plan->mailboxes[i]);
	if (more > 0)
		fprintf(tty,
		    ngettext("\n... and %zu more mailbox. --dry-run shows all "
			     "of them.\n",
			"\n... and %zu more mailboxes. --dry-run shows all of "
			"them.\n",
			more),
		    more);
	if (plan->is_personal)
		show_personal(tty);
	if (plan->mailbox_count == 1)
		fprintf(tty,
		    ngettext("\nMake this %zu change in Gmail now? [y/N] ",
			"\nMake these %zu changes in Gmail now? [y/N] ",
			plan->change_count),
		    plan->change_count);
	else
		fprintf(tty,
		    _("\nThese are %zu changes in %zu mailboxes. To make "
		      "them, type the number of changes: "),
		    plan->change_count, plan->mailbox_count);
}

static enum sendas_status
confirm(void *ctx, const struct sendas_plan *plan, bool *is_yes,
    struct sendas_error *err)
{
	struct sendas_tty *tty;
	char *line, *answer;

	(void)ctx;
	if (sendas_tty_open(stop_flag, &tty, err) != SENDAS_OK)
		return sendas_fail(err, SENDAS_ERR_NOBODY,
		    _("There is nobody to ask, so none of the planned changes "
		      "was made. Run it "
		      "in a terminal, or give --yes --max-changes %zu."),
		    plan->change_count);
	show_plan(sendas_tty_stream(tty), plan);
	line = sendas_tty_read_line(tty);
	answer = tidy(line != NULL ? line : "");
	*is_yes = is_agreed(plan, answer);
	if (!*is_yes)
		fprintf(sendas_tty_stream(tty), "%s\n",
		    _("None of these changes was made."));
	free(answer);
	free(line);
	sendas_tty_close(tty);
	return SENDAS_OK;
}

static void
show(void *ctx, const char *text)
{
	char *safe = sendas_text_safe(text, true);
	struct sendas_tty *tty;

	(void)ctx;
	if (sendas_tty_open(stop_flag, &tty, NULL) == SENDAS_OK) {
		fprintf(sendas_tty_stream(tty), "%s\n", safe);
		sendas_tty_close(tty);
	}
	free(safe);
}

static enum sendas_status
ask(void *ctx, const char *prompt, char **answer, struct sendas_error *err)
{
	char *safe = sendas_text_safe(prompt, true);
	enum sendas_status status;
	struct sendas_tty *tty;

	(void)ctx;
	status = sendas_tty_open(stop_flag, &tty, err);
	if (status == SENDAS_OK) {
		fputs(safe, sendas_tty_stream(tty));
		*answer = sendas_tty_read_line(tty);
		sendas_tty_close(tty);
	}
	free(safe);
	return status;
}

static enum sendas_status
secret(void *ctx, const char *prompt, struct sendas_secret *answer,
    struct sendas_error *err)
{
	char *safe = sendas_text_safe(prompt, true);
	struct sendas_tty *tty;
	bool is_given;

	(void)ctx;
	if (sendas_tty_open(stop_flag, &tty, NULL) != SENDAS_OK) {
		free(safe);
		return sendas_fail(err, SENDAS_ERR_NOBODY,
		    _("there is nobody to ask for the password; give it with "
		      "--password-fd N"));
	}
	is_given = sendas_tty_read_secret(tty, safe, answer);
	sendas_tty_close(tty);
	free(safe);
	if (is_given)
		return SENDAS_OK;
	return sendas_fail(err,
	    *stop_flag != 0 ? SENDAS_ERR_CANCELLED : SENDAS_ERR_NOBODY,
	    _("no password was given, so nothing was sent"));
}

static void
notice(void *ctx, const char *text)
{
	(void)ctx;
	sendas_terminal_error("%s", text);
}

/* "12,345"; the caller frees it. */
static char *
group_digits(size_t number)
{
	char *plain = sendas_xasprintf("%zu", number);
	size_t len = strlen(plain);
	struct sendas_buf grouped;

	sendas_buf_init(&grouped, 2 * len);
	for (size_t i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			sendas_buf_add_text(&grouped, ",");
		sendas_buf_add(&grouped, plain + i, 1);
	}
	free(plain);
	return sendas_buf_take(&grouped);
}

static void
draw_progress(size_t done, size_t total)
{
	char *part = group_digits(done), *whole = group_digits(total);
	char *line =
	    sendas_xasprintf(_("%s of %s mailboxes read"), part, whole);

	/* It never becomes shorter. */
	fprintf(stderr, "\r%s", line);
	progress_columns = sendas_text_width(line);
	free(line);
	free(whole);
	free(part);
}

static void
progress(void *ctx, size_t done, size_t total)
{
	long now;

	(void)ctx;
	if (total == 0)
		clear_progress();
	if (total <= 1 || quiet || !has_progress)
		return;
	/* What is over in a moment needs no progress. */
	now = sendas_clock_now_ms();
	if (done == 0)
		progress_drawn_ms = now;
	if (now - progress_drawn_ms < REDRAW_MS)
		return;
	progress_drawn_ms = now;
	draw_progress(done, total);
}

const struct sendas_ui *
sendas_terminal_ui(const volatile sig_atomic_t *stop)
{
	static const struct sendas_ui ui = {
	    .confirm = confirm,
	    .show = show,
	    .ask = ask,
	    .secret = secret,
	    .notice = notice,
	    .progress = progress,
	};

	stop_flag = stop;
	return &ui;
}

bool
sendas_terminal_has_color(FILE *stream, const char *choice)
{
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	if (choice != NULL && strcmp(choice, "always") == 0)
		return true;
	if (choice != NULL && strcmp(choice, "never") == 0)
		return false;
	if (no_color != NULL && *no_color != '\0')
		return false;
	if (term != NULL && strcmp(term, "dumb") == 0)
		return false;
	return isatty(fileno(stream)) == 1;
}
