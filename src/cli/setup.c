/* SPDX-License-Identifier: Apache-2.0 */
/*
 * setup.c: from a command's options to what its use case needs, and back to
 * an exit status. Calls no use case.
 */
#include "sendas/policy_file.h"
#include "sendas/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/credentials_find.h"
#include "sendas/given.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/record.h"
#include "sendas/terminal.h"

/* Whatever is wrong with credentials, what follows is the same: no token. But
 * which of several are meant is the command line's to say. */
static enum sendas_status
as_credentials_error(enum sendas_status status, struct sendas_error *err)
{
	if (status == SENDAS_OK || status == SENDAS_ERR_USAGE)
		return status;
	err->code = SENDAS_ERR_CREDENTIALS;
	return SENDAS_ERR_CREDENTIALS;
}

/* In whose name a run was made; the caller frees it. NULL when the journal does
 * not say: then it is told once the run is looked for. */
static char *
identity_of_run(const struct sendas_options *options, const char *id)
{
	struct sendas_journal *journal = NULL;
	struct sendas_journal_run record;
	char *path = sendas_cli_journal_path(options), *identity = NULL;

	if (path != NULL &&
	    sendas_journal_open(path, true, &journal, NULL) == SENDAS_OK &&
	    sendas_journal_get(journal, id, &record, NULL) == SENDAS_OK) {
		/* Of another program's sign-in it is a client's id. */
		if (record.identity != NULL &&
		    strchr(record.identity, '@') != NULL)
			identity = sendas_xstrdup(record.identity);
		sendas_journal_run_clear(&record);
	}
	sendas_journal_close(journal);
	free(path);
	return identity;
}

/* The mailbox whose sign-in is looked for, which the caller frees; NULL: the
 * only one. */
static char *
mailbox_of(const char *command, const struct sendas_options *options)
{
	const char *word = options->word_count > 0 ? options->words[0] : NULL;

	if (options->run != NULL)
		return identity_of_run(options, options->run);
	if (options->resume != NULL)
		return identity_of_run(options, options->resume);
	if (strcmp(command, "undo") == 0 && word != NULL)
		return identity_of_run(options, word);
	return sendas_xstrdup(word);
}

static enum sendas_status
load_credentials(const char *command, const struct sendas_options *options,
    struct sendas_credentials *out, struct sendas_error *err)
{
	enum sendas_credentials_place place;
	enum sendas_status status;
	char *mailbox;

	if (options->credentials != NULL && options->access_token_fd >= 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("give --credentials or --access-token-fd, not both"));
	if (options->access_token_fd >= 0)
		return as_credentials_error(
		    sendas_credentials_read_token(
			(int)options->access_token_fd, out, err),
		    err);
	mailbox = mailbox_of(command, options);
	status =
	    as_credentials_error(sendas_credentials_find(options->credentials,
				     mailbox, out, &place, err),
		err);
	free(mailbox);
	/* A report names the mailbox of a person's own sign-in. */
	if (status == SENDAS_OK && place != SENDAS_CREDENTIALS_GIVEN &&
	    place != SENDAS_CREDENTIALS_STORE)
		sendas_terminal_notice(_("signing in with %s (found by %s)"),
		    out->origin, sendas_credentials_place_name(place));
	return status;
}

enum sendas_status
sendas_cli_replace_endpoints(const struct sendas_options *options,
    struct sendas_endpoints *endpoints, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;

	for (size_t i = 0; i < options->endpoint_count && status == SENDAS_OK;
	     i++)
		status = sendas_endpoints_replace(
		    endpoints, options->endpoints[i], err);
	return status;
}

void
sendas_cli_tell_endpoints(const struct sendas_endpoints *endpoints)
{
	char *text;

	for (size_t i = 0; (text = sendas_endpoints_tell(endpoints, i)) != NULL;
	     i++) {
		sendas_terminal_notice("%s", text);
		free(text);
	}
}

static enum sendas_status
open_output(const struct sendas_options *options,
    struct sendas_cli_setup *setup, struct sendas_error *err)
{
	struct sendas_as_text_options text = {
	    .is_verbose = options->is_verbose};
	enum sendas_status status;

	if (options->output != NULL && strcmp(options->output, "-") != 0) {
		status = sendas_file_create(
		    options->output, 0666, &setup->file, err);
		if (status != SENDAS_OK)
			return status;
	}
	text.stream = sendas_cli_stream(setup);
	sendas_terminal_set_results(text.stream);
	text.has_color = sendas_terminal_has_color(text.stream, options->color);
	if (options->format == NULL || strcmp(options->format, "text") == 0)
		setup->text = sendas_as_text_new(&text);
	else
		setup->json = sendas_as_json_new(
		    text.stream, strcmp(options->format, "jsonl") == 0);
	sendas_cli_add_sink(setup,
	    setup->text != NULL ? sendas_as_text_sink(setup->text)
				: sendas_as_json_sink(setup->json));
	if (options->log_format != NULL &&
	    strcmp(options->log_format, "json") == 0) {
		setup->log = sendas_as_log_new(stderr);
		sendas_cli_add_sink(setup, sendas_as_log_sink(setup->log));
	}
	return SENDAS_OK;
}

char *
sendas_cli_journal_path(const struct sendas_options *options)
{
	if (options->journal != NULL)
		return sendas_xstrdup(options->journal);
	return sendas_journal_default_path();
}

enum sendas_status
sendas_cli_open_journal(const struct sendas_options *options, bool is_needed,
    struct sendas_cli_setup *setup, struct sendas_error *err)
{
	char *path = sendas_cli_journal_path(options);
	enum sendas_status status;

	setup->is_journal_needed = is_needed;
	if (path == NULL)
		status = sendas_fail(err, SENDAS_ERR_FILE,
		    _("there is no home folder for the journal: give "
		      "--journal FILE"));
	else
		status = sendas_journal_open(path, false, &setup->journal, err);
	free(path);
	if (status == SENDAS_OK || is_needed)
		return status;
	sendas_terminal_notice(
	    _("%s This run is not recorded; the results are the same."),
	    err->message);
	return sendas_journal_open(NULL, false, &setup->journal, err);
}

void
sendas_cli_fill_record(struct sendas_cli_setup *setup,
    enum sendas_options_command command, const struct sendas_options *options,
    struct sendas_selection *selection)
{
	char *text = sendas_options_describe(command, options);
	struct sendas_record_asked asked = {.users = options->users,
	    .policy = options->policy,
	    .options = text,
	    .ticket = options->ticket,
	    .approved_by = options->approved_by};

	sendas_record_fill(&asked, &setup->credentials, setup->policy,
	    selection, &setup->record);
	free(text);
}

enum sendas_status
sendas_cli_open_run(struct sendas_cli_setup *setup, const char *resume,
    struct sendas_run **out, struct sendas_error *err)
{
	setup->run_options.journal = setup->journal;
	setup->run_options.record = &setup->record;
	setup->run_options.resume = resume;
	setup->run_options.is_record_optional = !setup->is_journal_needed;
	return sendas_run_open(&setup->run_options, out, err);
}

void
sendas_cli_add_sink(
    struct sendas_cli_setup *setup, const struct sendas_sink *sink)
{
	size_t i = 0;

	while (setup->sinks[i] != NULL)
		i++;
	setup->sinks[i] = sink;
}

FILE *
sendas_cli_stream(const struct sendas_cli_setup *setup)
{
	return setup->file != NULL ? sendas_file_stream(setup->file) : stdout;
}

enum sendas_status
sendas_cli_setup(const char *command, const struct sendas_options *options,
    struct sendas_cli_setup *setup, struct sendas_error *err)
{
	enum sendas_status status;

	memset(setup, 0, sizeof(*setup));
	sendas_endpoints_init(&setup->endpoints);
	if (options->fail_on != NULL)
		setup->fail_on = sendas_severity_parse(options->fail_on);
	status = sendas_policy_file_load(
	    options->policy != NULL ? options->policy : "ocn", &setup->policy,
	    err);
	if (status == SENDAS_OK && !sendas_given_is_wanted(options))
		status = load_credentials(
		    command, options, &setup->credentials, err);
	if (status == SENDAS_OK)
		status = sendas_cli_replace_endpoints(
		    options, &setup->endpoints, err);
	if (status == SENDAS_OK) {
		sendas_cli_tell_endpoints(&setup->endpoints);
		status = open_output(options, setup, err);
	}
	setup->run_options = (struct sendas_run_options){
	    .command = command,
	    .policy = setup->policy,
	    .credentials =
		!sendas_given_is_wanted(options) ? &setup->credentials : NULL,
	    .endpoints = &setup->endpoints,
	    .ca_file = options->ca_file,
	    .timeout_ms = options->timeout_sec * 1000,
	    .is_dry_run = options->is_dry_run,
	    .stop = &sendas_cli_stop,
	    .ui = sendas_terminal_ui(&sendas_cli_stop),
	    .sinks = setup->sinks,
	};
	return status;
}

/* What stands twice in a list is most likely a mistake in it. */
static void
tell_repeats(const struct sendas_selection *selection)
{
	size_t line, count = sendas_selection_repeats(selection, &line);

	if (count > 0)
		sendas_terminal_notice(
		    ngettext("%zu line of the list repeats an earlier one "
			     "(line %zu); that mailbox is read once",
			"%zu lines of the list repeat earlier ones (the first "
			"is line %zu); each mailbox is read once",
			count),
		    count, line);
}

enum sendas_status
sendas_cli_select(const struct sendas_options *options,
    struct sendas_selection **out, struct sendas_error *err)
{
	enum sendas_status status;

	if (options->users == NULL)
		return sendas_select_from_words(
		    options->words, options->word_count, out, err);
	if (options->word_count > 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("give mailboxes or --users, not both"));
	if (strcmp(options->users, "-") == 0 && options->access_token_fd == 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--users - and --access-token-fd 0 cannot both read "
		      "standard input"));
	status = sendas_select_from_users(options->users, out, err);
	if (status == SENDAS_OK)
		tell_repeats(*out);
	return status;
}

void
sendas_cli_setup_clear(struct sendas_cli_setup *setup)
{
	sendas_as_text_free(setup->text);
	sendas_as_json_free(setup->json);
	sendas_as_log_free(setup->log);
	sendas_journal_close(setup->journal);
	sendas_journal_run_clear(&setup->record);
	sendas_file_abandon(setup->file);
	sendas_credentials_clear(&setup->credentials);
	sendas_endpoints_clear(&setup->endpoints);
	sendas_policy_free(setup->policy);
	sendas_passwords_free(setup->passwords);
	free(setup->kept_steps);
}

int
sendas_cli_exit_status(enum sendas_status status)
{
	switch (status) {
	case SENDAS_OK:
		return 0;
	case SENDAS_ERR_USAGE:
		return 2;
	case SENDAS_ERR_NOBODY:
		return 1;
	case SENDAS_ERR_CREDENTIALS:
	case SENDAS_ERR_TOKEN:
	case SENDAS_ERR_SCOPE:
	case SENDAS_ERR_PROJECT:
	case SENDAS_ERR_UNAUTHORIZED:
		return 3;
	case SENDAS_ERR_CONNECTION:
	case SENDAS_ERR_TRANSIENT:
	case SENDAS_ERR_ANSWER:
	case SENDAS_ERR_MAILBOX:
	case SENDAS_ERR_WRONG_MAILBOX:
		return 4;
	case SENDAS_ERR_CANCELLED:
		return 130;
	default:
		return 5;
	}
}

/* Puts the results where they belong; nothing of them is lost in silence. */
static enum sendas_status
keep_results(struct sendas_cli_setup *setup, struct sendas_error *err)
{
	struct sendas_file_out *file = setup->file;

	if (file != NULL) {
		setup->file = NULL;
		return sendas_file_commit(file, err);
	}
	if (fflush(stdout) != 0 || ferror(stdout))
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("the results cannot be written: %s"), strerror(errno));
	return SENDAS_OK;
}

/* How to go on with what is not done, or back from what is. */
static void
tell_next(const struct sendas_cli_setup *setup,
    const struct sendas_journal_run *record)
{
	if (record->open > 0)
		sendas_terminal_notice(
		    ngettext("%zu confirmed change has no outcome yet. To go "
			     "on: sendas fix --run %s",
			"%zu confirmed changes have no outcome yet. To go on: "
			"sendas fix --run %s",
			record->open),
		    record->open, record->id);
	else if (record->planned > 0 && !setup->is_for_approval)
		sendas_terminal_notice(
		    ngettext("%zu change is planned and not made. To make it: "
			     "sendas fix --run %s",
			"%zu changes are planned and not made. To make them: "
			"sendas fix --run %s",
			record->planned),
		    record->planned, record->id);
	if (record->outcomes[SENDAS_OUTCOME_APPLIED] > 0 ||
	    record->outcomes[SENDAS_OUTCOME_PENDING_VERIFICATION] > 0)
		sendas_terminal_notice(
		    _("to put back what was changed: sendas undo %s"),
		    record->id);
}

/* Ends the run in the journal, whatever became of it; the first trouble is
 * the one to be told. */
static enum sendas_status
keep_record(struct sendas_cli_setup *setup, struct sendas_run *run,
    enum sendas_status status, struct sendas_error *err)
{
	struct sendas_journal_run record;
	struct sendas_error why;

	if (setup->journal == NULL)
		return status;
	if (sendas_run_end_record(run, &why) != SENDAS_OK &&
	    status == SENDAS_OK) {
		status = why.code;
		*err = why;
	}
	if (sendas_journal_path(setup->journal) != NULL &&
	    sendas_journal_get(setup->journal, run->id, &record, &why) ==
		SENDAS_OK) {
		tell_next(setup, &record);
		sendas_journal_run_clear(&record);
	}
	return status;
}

enum sendas_severity
sendas_cli_fail_on(const struct sendas_cli_setup *setup)
{
	if (setup->fail_on != SENDAS_SEVERITY_NONE)
		return setup->fail_on;
	return strcmp(setup->run_options.command, "undo") == 0
	    ? SENDAS_SEVERITY_ERROR + 1
	    : SENDAS_SEVERITY_ERROR;
}

int
sendas_cli_finish(struct sendas_cli_setup *setup, struct sendas_run *run,
    enum sendas_status status, struct sendas_error *err)
{
	int exit_status;

	if (status == SENDAS_OK && run != NULL)
		status = sendas_run_end(run, err);
	if (status == SENDAS_OK)
		status = keep_results(setup, err);
	if (run != NULL)
		status = keep_record(setup, run, status, err);
	if (sendas_cli_stop != 0)
		exit_status = 130;
	else if (status != SENDAS_OK || run == NULL)
		exit_status = sendas_cli_exit_status(status);
	else
		exit_status =
		    sendas_run_exit_status(run, sendas_cli_fail_on(setup));
	if (sendas_cli_stop != 0)
		sendas_terminal_error("%s", _("interrupted"));
	else if (status != SENDAS_OK)
		sendas_terminal_error("%s", err->message);
	/* It calls back into the run's engine. */
	sendas_journal_close(setup->journal);
	setup->journal = NULL;
	sendas_run_close(run);
	return exit_status;
}
