/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_explain.c: sendas explain: what a rule, or a bounce, means. A bounce is
 * read and looked up, and never shown: it is text from outside.
 */
#include "sendas/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sendas/answers.h"
#include "sendas/bounce.h"
#include "sendas/buf.h"
#include "sendas/explain_screen.h"
#include "sendas/given.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/policy_file.h"
#include "sendas/rules.h"
#include "sendas/suggest.h"
#include "sendas/terminal.h"
#include "sendas/text.h"
#include "sendas/tty.h"

#define COLUMNS 78
#define CHUNK_BYTES 16384

static int run_explain(const struct sendas_options *options);

const struct sendas_cli_command sendas_cli_explain = {
    .name = "explain",
    .options = SENDAS_OPTIONS_EXPLAIN,
    .summary = N_("what a rule, or an error that came back, means"),
    .synopsis = "explain [OPTION...]\n"
		"explain RULE [OPTION...]\n"
		"explain - [OPTION...]",
    .examples = "  sendas explain\n"
		"  sendas explain treat-as-alias\n"
		"  sendas explain -\n"
		"  sendas explain - < bounce.txt\n"
		"  sendas explain E041\n",
    .run = run_explain,
};

/* Whether the person wants to go on to the questions: Enter or yes. */
static bool
wants_audit(void)
{
	const struct sendas_ui *ui = sendas_terminal_ui(&sendas_cli_stop);
	char *line = NULL;
	struct sendas_error err;
	bool is_yes;

	if (ui->ask(ui->ctx, _("Look at the settings? [Enter = yes / n] "),
		&line, &err) != SENDAS_OK)
		return false;
	is_yes = sendas_answers_is_yes(line);
	free(line);
	return is_yes;
}

/* Returns the exit status. */
static int
explain_bounce(const struct sendas_policy *policy,
    const struct sendas_options *options, enum sendas_bounce bounce)
{
	bool is_about_settings =
	    sendas_explain_screen_bounce(stdout, policy, bounce);
	struct sendas_options ask = *options;

	fflush(stdout); /* what to do next stands below, on a terminal */
	if (is_about_settings && isatty(STDIN_FILENO) &&
	    isatty(STDOUT_FILENO)) {
		ask.is_ask = true;
		ask.word_count = 0;
		if (wants_audit())
			return sendas_given_run("audit", &ask);
	} else if (is_about_settings) {
		sendas_terminal_notice(
		    _("to look at the settings: sendas audit --ask"));
	}
	return bounce != SENDAS_BOUNCE_UNKNOWN ? 0 : 1;
}

/* Reads stdin up to its end. */
static enum sendas_status
read_stdin(struct sendas_buf *text, struct sendas_error *err)
{
	char chunk[CHUNK_BYTES];
	ssize_t got;

	sendas_cli_allow_interrupt();
	while ((got = read(STDIN_FILENO, chunk, sizeof(chunk))) != 0) {
		if (got < 0 && errno == EINTR && sendas_cli_stop == 0)
			continue;
		if (got < 0 && errno == EINTR)
			return sendas_fail(
			    err, SENDAS_ERR_CANCELLED, _("interrupted"));
		if (got < 0)
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("%s: cannot be read: %s"), _("standard input"),
			    strerror(errno));
		sendas_buf_add(text, chunk, (size_t)got);
		if (text->is_overflow)
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("%s: larger than %u bytes; the lines of the "
			      "error are enough"),
			    _("standard input"), SENDAS_LIMIT_BOUNCE_BYTES);
	}
	return SENDAS_OK;
}

/* Lets a person paste. */
static enum sendas_status
read_terminal(struct sendas_buf *text, struct sendas_error *err)
{
	enum sendas_status status;
	struct sendas_tty *tty;
	char *pasted = NULL;

	status = sendas_tty_open(&sendas_cli_stop, &tty, err);
	if (status != SENDAS_OK)
		return status;
	fprintf(sendas_tty_stream(tty), "%s\n",
	    _("Paste the error from the mail that came back, the English lines "
	      "of it; end with an\nempty line. Your own message is not "
	      "needed."));
	status = sendas_tty_read_text(
	    tty, "> ", SENDAS_LIMIT_BOUNCE_BYTES, &pasted, err);
	sendas_tty_close(tty);
	if (status != SENDAS_OK)
		return status;
	if (pasted == NULL)
		return sendas_fail(err, SENDAS_ERR_CANCELLED, _("interrupted"));
	sendas_buf_add_text(text, pasted);
	free(pasted);
	return SENDAS_OK;
}

static bool
is_blank(const struct sendas_buf *text)
{
	for (size_t i = 0; i < text->len; i++) {
		if (text->data[i] != '\0' &&
		    strchr(" \t\r\n", text->data[i]) == NULL)
			return false;
	}
	return true;
}

static enum sendas_status
explain_pasted(const struct sendas_policy *policy,
    const struct sendas_options *options, int *exit_status,
    struct sendas_error *err)
{
	enum sendas_status status;
	struct sendas_buf text;

	sendas_buf_init(&text, SENDAS_LIMIT_BOUNCE_BYTES);
	status = isatty(STDIN_FILENO) ? read_terminal(&text, err)
				      : read_stdin(&text, err);
	if (status == SENDAS_OK && is_blank(&text))
		status = sendas_fail(err, SENDAS_ERR_INPUT,
		    _("nothing was pasted; copy the lines of the error from "
		      "the mail that came back"));
	if (status == SENDAS_OK)
		*exit_status = explain_bounce(
		    policy, options, sendas_bounce_find(text.data, text.len));
	sendas_buf_clear(&text);
	return status;
}

/* The list of rules, wrapped; the caller frees it. */
static char *
name_rules(const char *const *names)
{
	struct sendas_buf list;
	char *wrapped;

	sendas_buf_init(&list, SENDAS_LIMIT_BOUNCE_BYTES);
	for (size_t i = 0; i < SENDAS_RULE_COUNT; i++)
		sendas_buf_printf(&list, "%s%s", i > 0 ? ", " : "", names[i]);
	wrapped = sendas_text_wrap(list.data, 2, COLUMNS);
	sendas_buf_clear(&list);
	return wrapped;
}

static enum sendas_status
fail_unknown(const char *word, struct sendas_error *err)
{
	const char *names[SENDAS_RULE_COUNT], *closest;
	char *list;

	for (int i = 0; i < SENDAS_RULE_COUNT; i++)
		names[i] = sendas_rules_name((enum sendas_rule)i);
	closest = sendas_suggest_closest(word, names, SENDAS_RULE_COUNT);
	list = name_rules(names);
	if (closest != NULL)
		sendas_fail(err, SENDAS_ERR_USAGE,
		    _("\"%.100s\" is not a rule; %s, perhaps? There are:\n"
		      "  %s"),
		    word, closest, list);
	else
		sendas_fail(err, SENDAS_ERR_USAGE,
		    _("\"%.100s\" is neither a rule nor an error that sendas "
		      "knows. The rules are:\n  %s"),
		    word, list);
	free(list);
	return SENDAS_ERR_USAGE;
}

/* The words as one text; the caller frees it. */
static char *
join_words(const struct sendas_options *options)
{
	struct sendas_buf text;

	sendas_buf_init(&text, SENDAS_LIMIT_BOUNCE_BYTES);
	for (size_t i = 0; i < options->word_count; i++)
		sendas_buf_printf(
		    &text, "%s%s", i > 0 ? " " : "", options->words[i]);
	return sendas_buf_take(&text);
}

/* A rule, or else a bounce that someone typed instead of pasting it. */
static enum sendas_status
explain_words(const struct sendas_policy *policy,
    const struct sendas_options *options, int *exit_status,
    struct sendas_error *err)
{
	char *text = join_words(options);
	enum sendas_rule rule = sendas_rules_find(text);
	enum sendas_status status = SENDAS_OK;
	enum sendas_bounce bounce;

	if (rule != SENDAS_RULE_COUNT) {
		sendas_explain_screen_rule(stdout, policy, rule);
		*exit_status = 0;
	} else {
		bounce = sendas_bounce_find(text, strlen(text));
		if (bounce != SENDAS_BOUNCE_UNKNOWN)
			*exit_status = explain_bounce(policy, options, bounce);
		else
			status = fail_unknown(text, err);
	}
	free(text);
	return status;
}

static enum sendas_status
explain(const struct sendas_policy *policy,
    const struct sendas_options *options, int *exit_status,
    struct sendas_error *err)
{
	if (options->word_count == 1 && strcmp(options->words[0], "-") == 0)
		return explain_pasted(policy, options, exit_status, err);
	if (options->word_count > 0)
		return explain_words(policy, options, exit_status, err);
	sendas_explain_screen_list(stdout, policy);
	*exit_status = 0;
	return SENDAS_OK;
}

static int
run_explain(const struct sendas_options *options)
{
	struct sendas_policy *policy = NULL;
	enum sendas_status status;
	struct sendas_error err;
	int exit_status = 0;

	status = sendas_policy_file_load(
	    options->policy != NULL ? options->policy : "ocn", &policy, &err);
	if (status == SENDAS_OK)
		status = explain(policy, options, &exit_status, &err);
	sendas_policy_free(policy);
	if (status == SENDAS_OK)
		return exit_status;
	sendas_terminal_error("%s", err.message);
	return sendas_cli_exit_status(status);
}
