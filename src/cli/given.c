/* SPDX-License-Identifier: Apache-2.0 */
/*
 * given.c: settings from a person, to a report, or with them to a repair by
 * hand. Which of the two depends on whether somebody is there.
 */
#include "sendas/given.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sendas/after.h"
#include "sendas/ask.h"
#include "sendas/audit.h"
#include "sendas/by_hand.h"
#include "sendas/cli.h"
#include "sendas/guide.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/rules.h"
#include "sendas/select.h"
#include "sendas/terminal.h"
#include "sendas/tty.h"

/* What a person gives, and gives again for a second look. */
struct given {
	const struct sendas_options *options;
	const struct sendas_policy *policy;
	const struct sendas_ui *ui;
	const char *mailbox; /* of the command line; or NULL */
	enum sendas_progress_way way;
};

bool
sendas_given_is_wanted(const struct sendas_options *options)
{
	return options->is_ask || options->from != NULL;
}

/* A person pastes: what comes goes past a terminal's line, and ends when its
 * JSON closes. *text is NULL when they gave up. */
static enum sendas_status
read_paste(char **text, struct sendas_error *err)
{
	struct sendas_tty *tty;
	enum sendas_status status;

	*text = NULL;
	status = sendas_tty_open(&sendas_cli_stop, &tty, err);
	if (status != SENDAS_OK)
		return status;
	status = sendas_tty_read_json(tty,
	    _("Paste the settings here ({ ... }); it goes on by itself when "
	      "they are complete. Ctrl-D stops."),
	    SENDAS_LIMIT_ANSWER_BYTES, text, err);
	sendas_tty_close(tty);
	return status;
}

static bool
is_stdin(const struct sendas_options *options)
{
	return options->from != NULL && strcmp(options->from, "-") == 0;
}

/* Opens what --from names. NULL, and the error, when there is nothing. */
static FILE *
open_input(const struct sendas_options *options, char **paste,
    struct sendas_error *err)
{
	FILE *input;

	if (is_stdin(options) && !isatty(STDIN_FILENO))
		return stdin;
	if (is_stdin(options)) {
		if (read_paste(paste, err) != SENDAS_OK)
			return NULL;
		if (*paste != NULL)
			return fmemopen(*paste, strlen(*paste), "r");
		sendas_fail(err, SENDAS_ERR_INPUT,
		    _("the settings did not come to an end (the last } is "
		      "missing)"));
		return NULL;
	}
	input = fopen(options->from, "re");
	if (input == NULL)
		sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%s: cannot be opened: %s"), options->from,
		    strerror(errno));
	return input;
}

static const char *
input_name(const struct sendas_options *options)
{
	return is_stdin(options) ? _("standard input") : options->from;
}

/* One look at what --from names. */
static enum sendas_status
look_from(
    struct given *given, struct sendas_mailbox **out, struct sendas_error *err)
{
	enum sendas_status status;
	char *paste = NULL;
	FILE *input = open_input(given->options, &paste, err);

	if (input == NULL)
		return err->code;
	status = sendas_audit_from_one(given->policy, input,
	    input_name(given->options), given->mailbox, out, err);
	if (input != stdin)
		fclose(input);
	free(paste);
	return status;
}

/* A sendas_guide_look: the first, or another the same way. */
static enum sendas_status
look(void *ctx, const struct sendas_mailbox *before,
    struct sendas_mailbox **out, struct sendas_error *err)
{
	struct given *given = ctx;
	enum sendas_status status;

	*out = NULL;
	if (!given->options->is_ask)
		return look_from(given, out, err);
	status = before == NULL
	    ? sendas_ask_mailbox(given->ui, given->policy, out, err)
	    : sendas_ask_again(given->ui, given->policy, before, out, err);
	if (status == SENDAS_OK && *out != NULL)
		sendas_rules_judge(given->policy, *out);
	return status;
}

/* Goes on from a look that was shown; *mailbox becomes the last one. */
static enum sendas_status
guide(struct given *given, bool is_agreed, struct sendas_mailbox **mailbox,
    struct sendas_error *err)
{
	struct sendas_by_hand by_hand = {
	    .policy = given->policy,
	    .policy_name = given->options->policy,
	    .ui = given->ui,
	    /* A file is where it was; there is nothing to remember. */
	    .way = given->way,
	    .look = {.ctx = given, .fn = look},
	};

	return sendas_by_hand_run(&by_hand,
	    is_agreed ? SENDAS_GUIDE_STEPS : SENDAS_GUIDE_OFFER, mailbox, err);
}

static void
set_way(struct given *given)
{
	if (given->options->is_ask)
		given->way = SENDAS_PROGRESS_ASK;
	else if (is_stdin(given->options))
		given->way = SENDAS_PROGRESS_PASTE;
}

/* With a person: a look (unless *mailbox is one from before), the verdict,
 * and the repair. */
static enum sendas_status
go_with_person(struct sendas_run *run, struct given *given, bool is_agreed,
    struct sendas_mailbox **mailbox, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;

	set_way(given);
	if (*mailbox == NULL)
		status = look(given, NULL, mailbox, err);
	if (status != SENDAS_OK || *mailbox == NULL)
		return status;
	status = sendas_run_show(run, *mailbox, err);
	if (status == SENDAS_OK)
		status = guide(given, is_agreed, mailbox, err);
	return status;
}

/* A sink behind the report of fix: the steps, and what comes after. */
static enum sendas_status
write_steps(
    void *ctx, const struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	const struct sendas_cli_setup *setup = ctx;
	FILE *stream = sendas_cli_stream(setup);
	char *text;

	(void)err; /* what cannot be written is found when all is kept */
	if (!sendas_mailbox_has_judged(mailbox))
		return SENDAS_OK;
	if (sendas_guide_is_needed(mailbox)) {
		text = sendas_guide_format_steps(setup->policy, mailbox);
		fprintf(stream, "%s\n", text);
		free(text);
		text = sendas_after_next(setup->policy, time(NULL));
		fprintf(stream, "%s\n", text);
		free(text);
	}
	text = sendas_after_ladder(setup->policy);
	fprintf(stream, "%s\n", text);
	free(text);
	return SENDAS_OK;
}

/* Without a person: everything that the input holds, to the report. */
static enum sendas_status
report(
    struct sendas_run *run, const struct given *given, struct sendas_error *err)
{
	enum sendas_status status;
	char *paste = NULL;
	FILE *input;

	if (given->options->is_ask)
		return sendas_fail(err, SENDAS_ERR_NOBODY,
		    _("--ask needs a terminal at which somebody answers"));
	input = open_input(given->options, &paste, err);
	if (input == NULL)
		return err->code;
	status = sendas_audit_from(
	    run, input, input_name(given->options), given->mailbox, err);
	if (input != stdin)
		fclose(input);
	free(paste);
	return status;
}

/* Somebody reads the text as it comes, and can be asked. */
static bool
is_person_here(const struct sendas_options *options)
{
	if (!options->is_ask && is_stdin(options) && !isatty(STDIN_FILENO))
		return false;
	return sendas_by_hand_is_possible(options);
}

static enum sendas_status
check_options(const char *command, const struct sendas_options *options,
    struct sendas_error *err)
{
	if (options->is_ask && options->from != NULL)
		return sendas_fail(
		    err, SENDAS_ERR_USAGE, _("give --ask or --from, not both"));
	if (options->users != NULL)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--ask and --from are about one mailbox, so --users "
		      "cannot be given with them"));
	if (options->word_count > 1)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--from takes one MAILBOX at most"));
	if (options->is_ask && options->word_count > 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--ask takes no MAILBOX: it asks for it"));
	if (strcmp(command, "fix") == 0 &&
	    (options->is_yes || options->max_changes >= 0))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("with --ask and --from nothing is changed by the "
		      "program, so --yes and --max-changes say nothing"));
	return SENDAS_OK;
}

/* What the run leaves when a person was led: its status by the last look. */
static int
finish_with_person(struct sendas_cli_setup *setup, struct sendas_run *run,
    struct sendas_mailbox *mailbox, enum sendas_status status,
    struct sendas_error *err)
{
	int exit_status;

	if (mailbox != NULL)
		sendas_run_count(run, mailbox);
	exit_status = sendas_run_exit_status(run, sendas_cli_fail_on(setup));
	/* They gave up before there was a look. */
	if (mailbox == NULL && status == SENDAS_OK)
		exit_status = 1;
	if (status != SENDAS_OK) {
		sendas_terminal_error("%s", err->message);
		exit_status = sendas_cli_exit_status(status);
	}
	if (sendas_cli_stop != 0)
		exit_status = 130;
	sendas_run_close(run);
	return exit_status;
}

/* Both ways, once the options are known to be right. */
static int
run_given(const char *command, const struct sendas_options *options,
    const char *mailbox_name, struct sendas_mailbox *takes)
{
	struct sendas_sink steps = {.mailbox = write_steps};
	struct sendas_cli_setup setup = {0};
	struct sendas_mailbox *mailbox = takes;
	struct given given = {.options = options, .mailbox = mailbox_name};
	bool is_fix = strcmp(command, "fix") == 0;
	bool is_guided = is_person_here(options);
	struct sendas_run *run = NULL;
	enum sendas_status status;
	struct sendas_error err;
	int exit_status;

	sendas_cli_allow_interrupt();
	status = sendas_cli_setup(command, options, &setup, &err);
	if (status == SENDAS_OK && is_fix && !is_guided && setup.text != NULL) {
		steps.ctx = &setup;
		sendas_cli_add_sink(&setup, &steps);
	}
	if (status == SENDAS_OK)
		status = sendas_run_open(&setup.run_options, &run, &err);
	given.policy = setup.policy;
	given.ui = setup.run_options.ui;
	if (status == SENDAS_OK && is_guided) {
		if (takes != NULL)
			sendas_rules_judge(given.policy, takes);
		status = go_with_person(run, &given, is_fix, &mailbox, &err);
	} else if (status == SENDAS_OK) {
		status = report(run, &given, &err);
	}
	exit_status = is_guided && run != NULL
	    ? finish_with_person(&setup, run, mailbox, status, &err)
	    : sendas_cli_finish(&setup, run, status, &err);
	sendas_mailbox_free(mailbox);
	sendas_cli_setup_clear(&setup);
	return exit_status;
}

int
sendas_given_run(const char *command, const struct sendas_options *options)
{
	struct sendas_selection *selection = NULL;
	const char *mailbox = NULL; /* without a word it stays so */
	enum sendas_status status;
	struct sendas_error err;
	int exit_status;

	status = check_options(command, options, &err);
	if (status == SENDAS_OK)
		status = sendas_select_from_words(
		    options->words, options->word_count, &selection, &err);
	if (status != SENDAS_OK) {
		sendas_terminal_error("%s", err.message);
		return sendas_cli_exit_status(status);
	}
	sendas_selection_next(selection, &mailbox);
	exit_status = run_given(command, options, mailbox, NULL);
	sendas_selection_free(selection);
	return exit_status;
}

int
sendas_given_resume(
    const struct sendas_options *options, struct sendas_progress *progress)
{
	struct sendas_options again = *options;
	struct sendas_mailbox *mailbox = progress->mailbox;

	again.is_ask = progress->way == SENDAS_PROGRESS_ASK;
	again.from = again.is_ask ? NULL : "-";
	again.policy = progress->policy;
	progress->mailbox = NULL;
	return run_given("fix", &again, NULL, mailbox);
}
