/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_runs.c: sendas runs: what was done, from the journal; and deleting it.
 */
#include "sendas/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "sendas/i18n.h"
#include "sendas/runs_json.h"
#include "sendas/runs_text.h"
#include "sendas/terminal.h"
#include "sendas/which_run.h"

#define SECONDS_OF_DAY (24L * 60 * 60)
/* Longer ago than anything could have been recorded. */
#define DAYS_MAX 36500

static int run_runs(const struct sendas_options *options);

const struct sendas_cli_command sendas_cli_runs = {
    .name = "runs",
    .options = SENDAS_OPTIONS_RUNS,
    .summary = N_("what was done, from the journal"),
    .synopsis = "runs [RUN] [OPTION...]\n"
		"runs --purge --older-than AGE [OPTION...]",
    .examples = "  sendas runs\n"
		"  sendas runs 20261124T021500Z-7f3a\n"
		"  sendas runs --format json\n"
		"  sendas runs --purge --older-than 400d\n",
    .run = run_runs,
};

static enum sendas_status
check_options(const struct sendas_options *options, struct sendas_error *err)
{
	if (options->format != NULL && strcmp(options->format, "jsonl") == 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--format: runs has text and json, not jsonl"));
	if (options->is_purge != (options->older_than != NULL))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--purge and --older-than AGE go together: which runs "
		      "are to be deleted?"));
	if (options->is_purge && options->word_count > 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--purge deletes by age; it takes no run"));
	if (options->is_purge &&
	    (options->format != NULL || options->output != NULL))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--purge has no results: give no --format and no "
		      "--output"));
	if (options->word_count > 1)
		return sendas_fail(
		    err, SENDAS_ERR_USAGE, _("give one run, or none"));
	return SENDAS_OK;
}

/* "400d" or "400": days. */
static enum sendas_status
read_age(const char *text, time_t *before, struct sendas_error *err)
{
	char *end;
	long days;

	errno = 0;
	days = strtol(text, &end, 10);
	/* strtol() would take a space and a sign. */
	if (text[0] < '0' || text[0] > '9' ||
	    (strcmp(end, "") != 0 && strcmp(end, "d") != 0) || errno != 0 ||
	    days < 0 || days > DAYS_MAX)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--older-than wants a number of days, as in 400d, not "
		      "\"%.100s\""),
		    text);
	/* A run that began this second is older than 0 days. */
	*before = time(NULL) - days * SECONDS_OF_DAY + (days == 0 ? 1 : 0);
	return SENDAS_OK;
}

/* A journal is not made only to delete from it. */
static bool
is_absent(const char *path)
{
	return access(path, F_OK) != 0 && errno == ENOENT;
}

static enum sendas_status
purge(const struct sendas_options *options, const char *path,
    struct sendas_error *err)
{
	struct sendas_journal *journal = NULL;
	enum sendas_status status;
	size_t count = 0;
	time_t before = 0;

	status = read_age(options->older_than, &before, err);
	if (status == SENDAS_OK && is_absent(path)) {
		sendas_runs_text_none(stdout, path);
		return SENDAS_OK;
	}
	if (status == SENDAS_OK)
		status = sendas_journal_open(path, false, &journal, err);
	if (status == SENDAS_OK)
		status = sendas_journal_purge(journal, before, &count, err);
	sendas_journal_close(journal);
	if (status == SENDAS_OK)
		printf(ngettext(
			   "%zu run was deleted. It cannot be undone any more. "
			   "Runs with confirmed changes that have no outcome "
			   "stay.\n",
			   "%zu runs were deleted. They cannot be undone any "
			   "more. Runs with confirmed changes that have no "
			   "outcome stay.\n",
			   count),
		    count);
	return status;
}

static enum sendas_status
write_runs(const struct sendas_options *options, struct sendas_journal *journal,
    FILE *stream, struct sendas_error *err)
{
	bool is_json =
	    options->format != NULL && strcmp(options->format, "json") == 0;

	if (options->word_count == 0)
		return is_json ? sendas_runs_json_list(journal, stream, err)
			       : sendas_runs_text_list(journal, stream, err);
	return is_json
	    ? sendas_runs_json_one(journal, options->words[0], stream, err)
	    : sendas_runs_text_one(journal, options->words[0], stream, err);
}

static enum sendas_status
show(const struct sendas_options *options, const char *path,
    struct sendas_error *err)
{
	struct sendas_journal *journal = NULL;
	struct sendas_file_out *file = NULL;
	enum sendas_status status;

	status = sendas_journal_open(path, true, &journal, err);
	if (status == SENDAS_OK && options->word_count > 0)
		status =
		    sendas_which_run_check(journal, options->words[0], err);
	if (status == SENDAS_OK && options->output != NULL &&
	    strcmp(options->output, "-") != 0)
		status = sendas_file_create(options->output, 0666, &file, err);
	if (status == SENDAS_OK)
		status = write_runs(options, journal,
		    file != NULL ? sendas_file_stream(file) : stdout, err);
	if (status == SENDAS_OK && file != NULL) {
		status = sendas_file_commit(file, err);
		file = NULL;
	}
	sendas_file_abandon(file);
	sendas_journal_close(journal);
	return status;
}

static int
run_runs(const struct sendas_options *options)
{
	char *path = sendas_cli_journal_path(options);
	enum sendas_status status;
	struct sendas_error err;

	status = check_options(options, &err);
	if (status == SENDAS_OK && path == NULL)
		status = sendas_fail(&err, SENDAS_ERR_FILE,
		    _("there is no home folder for the journal: give "
		      "--journal FILE"));
	if (status == SENDAS_OK)
		status = options->is_purge ? purge(options, path, &err)
					   : show(options, path, &err);
	free(path);
	if (status != SENDAS_OK)
		sendas_terminal_error("%s", err.message);
	return sendas_cli_exit_status(status);
}
