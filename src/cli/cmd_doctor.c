/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_doctor.c: sendas doctor: a line for each thing that was looked at, and
 * below a problem its way out. What came from outside is made harmless here.
 */
#include "sendas/cli.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/doctor.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/terminal.h"
#include "sendas/text.h"
#include "sendas/users.h"

#define COLUMNS 78

#define RED "\033[1;31m"
#define YELLOW "\033[1;33m"
#define GREEN "\033[1;32m"
#define PLAIN "\033[0m"

static int run_doctor(const struct sendas_options *options);

const struct sendas_cli_command sendas_cli_doctor = {
    .name = "doctor",
    .options = SENDAS_OPTIONS_DOCTOR,
    .summary = N_("is all set up to audit or to fix? changes nothing"),
    .synopsis = "doctor [--for audit|fix] [--mailbox ADDRESS] [OPTION...]",
    .examples =
	"  sendas doctor --credentials key.json --mailbox taro@example.com\n"
	"  sendas doctor --for fix --mailbox taro@example.com\n"
	"  sendas doctor --access-token-fd 3 3< token\n",
    .run = run_doctor,
};

static const char *const labels[] = {
    [SENDAS_DOCTOR_CREDENTIALS] = N_("Credentials"),
    [SENDAS_DOCTOR_PROXY] = N_("Proxy"),
    [SENDAS_DOCTOR_ENDPOINTS] = N_("Endpoints"),
    [SENDAS_DOCTOR_CONNECTION] = N_("Connection"),
    [SENDAS_DOCTOR_CLOCK] = N_("Clock"),
    [SENDAS_DOCTOR_TOKEN] = N_("Token"),
    [SENDAS_DOCTOR_SCOPE] = N_("Scope"),
    [SENDAS_DOCTOR_MAILBOX] = N_("Mailbox"),
    [SENDAS_DOCTOR_GATEWAY] = N_("Gateway"),
    [SENDAS_DOCTOR_RESULT] = N_("Result"),
};

struct mark {
	const char *text;
	const char *color;
};

static const struct mark marks[] = {
    [SENDAS_DOCTOR_OK] = {N_("ok"), GREEN},
    [SENDAS_DOCTOR_NOTE] = {N_("note"), YELLOW},
    [SENDAS_DOCTOR_PROBLEM] = {N_("problem"), RED},
    [SENDAS_DOCTOR_NOT_CHECKED] = {N_("not checked"), ""},
};

/* Where the lines are written to. */
struct screen {
	FILE *stream;
	bool has_color;
	size_t column; /* right of the marks */
};

static size_t
mark_columns(void)
{
	size_t widest = 0;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t width = sendas_text_width(_(marks[i].text));

		if (width > widest)
			widest = width;
	}
	return widest + 2;
}

/* Text from where the line stands now, which is at `column`, on. */
static void
write_text(const struct screen *screen, size_t column, const char *text)
{
	char *safe = sendas_text_safe(text, false);
	char *wrapped = sendas_text_wrap(safe, column, COLUMNS);

	fprintf(screen->stream, "%s\n", wrapped);
	free(wrapped);
	free(safe);
}

static void
write_mark(const struct screen *screen, enum sendas_doctor_state state)
{
	const char *text = _(marks[state].text), *color = marks[state].color;
	bool has_color = screen->has_color && color[0] != '\0';

	fprintf(screen->stream, "%s%s%s%*s", has_color ? color : "", text,
	    has_color ? PLAIN : "",
	    (int)(screen->column - sendas_text_width(text)), "");
}

/* Lines to be handed on, indented and with no mark before them. */
static void
write_request(
    const struct screen *screen, const struct sendas_doctor_check *check)
{
	const char *text = check->text, *end;
	char *line;

	fprintf(screen->stream, "\n%s\n",
	    check->state == SENDAS_DOCTOR_PROBLEM
		? _("For a super admin of the domain:")
		: _("For a super admin of the domain, if it is not done yet:"));
	do {
		end = strchrnul(text, '\n');
		line = sendas_xstrndup(text, (size_t)(end - text));
		fprintf(screen->stream, "  ");
		write_text(screen, 2, line);
		free(line);
		text = *end == '\0' ? end : end + 1;
	} while (*end != '\0');
}

static void
write_check(void *ctx, const struct sendas_doctor_check *check)
{
	const struct screen *screen = ctx;
	char *text;

	if (check->part == SENDAS_DOCTOR_DELEGATION) {
		write_request(screen, check);
	} else {
		text = sendas_xasprintf(
		    "%s: %s", _(labels[check->part]), check->text);
		write_mark(screen, check->state);
		write_text(screen, screen->column, text);
		free(text);
	}
	if (check->way_out != NULL) {
		fprintf(screen->stream, "%*s", (int)screen->column + 2, "");
		write_text(screen, screen->column + 2, check->way_out);
	}
	/* What comes next can take its time. */
	fflush(screen->stream);
}

static enum sendas_status
check_options(const struct sendas_options *options, struct sendas_error *err)
{
	if (options->word_count > 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("doctor takes no mailboxes; one to try it with is given "
		      "as: --mailbox %.100s"),
		    options->words[0]);
	if (options->mailbox != NULL &&
	    !sendas_users_is_address(options->mailbox))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("\"%.100s\" is not an e-mail address"), options->mailbox);
	if (options->credentials != NULL && options->access_token_fd >= 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("give --credentials or --access-token-fd, not both"));
	return SENDAS_OK;
}

static int
look(const struct sendas_options *options,
    const struct sendas_endpoints *endpoints)
{
	struct sendas_doctor_options doctor = {
	    .is_for_fix = options->purpose != NULL &&
		strcmp(options->purpose, "fix") == 0,
	    .is_verbose = options->is_verbose,
	    .mailbox = options->mailbox,
	    .credentials = options->credentials,
	    .access_token_fd = (int)options->access_token_fd,
	    .endpoints = endpoints,
	    .ca_file = options->ca_file,
	    .timeout_ms = options->timeout_sec * 1000,
	    .stop = &sendas_cli_stop,
	};
	struct screen screen = {
	    .stream = stdout,
	    .has_color = sendas_terminal_has_color(stdout, options->color),
	    .column = mark_columns(),
	};

	return sendas_doctor_run(&doctor, write_check, &screen);
}

static int
run_doctor(const struct sendas_options *options)
{
	struct sendas_endpoints endpoints;
	enum sendas_status status;
	struct sendas_error err;
	int exit_status;

	sendas_endpoints_init(&endpoints);
	status = check_options(options, &err);
	if (status == SENDAS_OK)
		status =
		    sendas_cli_replace_endpoints(options, &endpoints, &err);
	if (status == SENDAS_OK) {
		exit_status = look(options, &endpoints);
	} else {
		sendas_terminal_error("%s", err.message);
		exit_status = sendas_cli_exit_status(status);
	}
	if (exit_status == 130)
		sendas_terminal_error("%s", _("interrupted"));
	sendas_endpoints_clear(&endpoints);
	return exit_status;
}
