/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.c: one table of options, parsed by getopt_long(3). Does nothing
 * with what it finds.
 */
#include "sendas/options.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/suggest.h"
#include "sendas/text.h"

/* Below the codes of short options, which are characters. */
#define FIRST_CODE 256

enum kind {
	KIND_FLAG, /* bool */
	KIND_TEXT, /* const char * */
	KIND_COUNT, /* long, from `min` */
	KIND_DESCRIPTOR, /* the same; a secret comes from there */
	KIND_ENDPOINT,
	KIND_RESUME, /* its value may be left out; only with "=" */
};

struct row {
	const char *name;
	int letter; /* 0: none */
	const char *argument; /* NULL: a flag */
	enum kind kind;
	size_t offset;
	long min;
	int commands;
	const char *help;
};

#define FIELD(name) offsetof(struct sendas_options, name)

static const struct row rows[] = {
    {"users", 0, N_("FILE"), KIND_TEXT, FIELD(users), 0, SENDAS_OPTIONS_SELECT,
	N_("the mailboxes that FILE lists: one a line, or CSV with a header; "
	   "- reads stdin")},
    {"ask", 0, NULL, KIND_FLAG, FIELD(is_ask), 0, SENDAS_OPTIONS_SELECT,
	N_("ask five questions about Gmail's own window instead of signing "
	   "in")},
    {"from", 0, N_("FILE"), KIND_TEXT, FIELD(from), 0, SENDAS_OPTIONS_SELECT,
	N_("judge settings copied from Google instead of signing in; - reads "
	   "stdin")},
    {"dry-run", 0, NULL, KIND_FLAG, FIELD(is_dry_run), 0, SENDAS_OPTIONS_CHANGE,
	N_("show what would be changed, write nothing")},
    {"yes", 0, NULL, KIND_FLAG, FIELD(is_yes), 0, SENDAS_OPTIONS_CHANGE,
	N_("do not ask; needs --max-changes")},
    {"max-changes", 0, N_("N"), KIND_COUNT, FIELD(max_changes), 0,
	SENDAS_OPTIONS_CHANGE,
	N_("write nothing at all if there are more than N changes")},
    {"canary", 0, N_("N"), KIND_COUNT, FIELD(canary), 1, SENDAS_OPTIONS_CHANGE,
	N_("make the changes of the first mailboxes only, about N, and end")},
    {"run", 0, N_("RUN"), KIND_TEXT, FIELD(run), 0, SENDAS_OPTIONS_FIX,
	N_("go on with this run: what it planned, or what was confirmed and is "
	   "not finished")},
    {"resume", 0, N_("=RUN"), KIND_RESUME, FIELD(resume), 0, SENDAS_OPTIONS_FIX,
	N_("go on with the newest unfinished run, if mailboxes and policy are "
	   "the same")},
    {"plan", 0, N_("FILE"), KIND_TEXT, FIELD(plan), 0, SENDAS_OPTIONS_FIX,
	N_("with --dry-run: write the plan to FILE for approval; with "
	   "--sha256: make exactly its changes")},
    {"sha256", 0, N_("HEX"), KIND_TEXT, FIELD(sha256), 0, SENDAS_OPTIONS_FIX,
	N_("the digest of the plan that was approved")},
    {"ticket", 0, N_("TEXT"), KIND_TEXT, FIELD(ticket), 0,
	SENDAS_OPTIONS_CHANGE,
	N_("recorded and reported with the run: where it was asked for")},
    {"approved-by", 0, N_("TEXT"), KIND_TEXT, FIELD(approved_by), 0,
	SENDAS_OPTIONS_CHANGE,
	N_("recorded and reported with the run: who approved it")},
    {"purge", 0, NULL, KIND_FLAG, FIELD(is_purge), 0, SENDAS_OPTIONS_RUNS,
	N_("delete old runs; they cannot be undone any more; needs "
	   "--older-than")},
    {"older-than", 0, N_("AGE"), KIND_TEXT, FIELD(older_than), 0,
	SENDAS_OPTIONS_RUNS,
	N_("with --purge: runs older than so many days (400d)")},
    {"for", 0, "audit|fix", KIND_TEXT, FIELD(purpose), 0, SENDAS_OPTIONS_DOCTOR,
	N_("what all is to be ready for (default: audit)")},
    {"mailbox", 0, N_("ADDRESS"), KIND_TEXT, FIELD(mailbox), 0,
	SENDAS_OPTIONS_DOCTOR,
	N_("a mailbox to try it with; it is read, not changed")},
    {"no-browser", 0, NULL, KIND_FLAG, FIELD(has_no_browser), 0,
	SENDAS_OPTIONS_LOGIN,
	N_("only show the address of the page, for a browser elsewhere")},
    {"wait", 0, N_("SECONDS"), KIND_COUNT, FIELD(wait_sec), 1,
	SENDAS_OPTIONS_LOGIN,
	N_("how long the sign-in may take (default: 600)")},
    {"only", 0, N_("RULE,..."), KIND_TEXT, FIELD(only), 0, SENDAS_OPTIONS_FIX,
	N_("repair only what these rules find, even what is else left alone")},
    {"passwords", 0, N_("FILE"), KIND_TEXT, FIELD(passwords), 0,
	SENDAS_OPTIONS_CHANGE,
	N_("change SMTP servers too, with the passwords in FILE (CSV)")},
    {"no-probe", 0, NULL, KIND_FLAG, FIELD(has_no_probe), 0,
	SENDAS_OPTIONS_CHANGE,
	N_("give passwords to Google without trying them first")},
    {"max-logins", 0, N_("N"), KIND_COUNT, FIELD(max_logins), 1,
	SENDAS_OPTIONS_CHANGE,
	N_("try at most N passwords at SMTP servers (default: 50)")},
    {"user", 0, N_("NAME"), KIND_TEXT, FIELD(user), 0, SENDAS_OPTIONS_PROBE,
	N_("the user name at the server (default: the whole address)")},
    {"password-fd", 0, N_("N"), KIND_DESCRIPTOR, FIELD(password_fd), 0,
	SENDAS_OPTIONS_PROBE | SENDAS_OPTIONS_CHANGE,
	N_("read the SMTP password from file descriptor N instead of asking")},
    {"credentials", 0, N_("FILE"), KIND_TEXT, FIELD(credentials), 0,
	SENDAS_OPTIONS_NETWORK,
	N_("key file of a service account with domain-wide delegation")},
    {"credentials", 0, N_("FILE"), KIND_TEXT, FIELD(credentials), 0,
	SENDAS_OPTIONS_LOGIN | SENDAS_OPTIONS_MENU,
	N_("file of an OAuth client of the type \"Desktop app\"")},
    {"access-token-fd", 0, N_("N"), KIND_DESCRIPTOR, FIELD(access_token_fd), 0,
	SENDAS_OPTIONS_NETWORK,
	N_("read an access token from file descriptor N instead")},
    {"journal", 0, N_("FILE"), KIND_TEXT, FIELD(journal), 0,
	SENDAS_OPTIONS_JOURNAL,
	N_("the journal of runs (default: in the user's state folder)")},
    {"policy", 0, N_("NAME|FILE"), KIND_TEXT, FIELD(policy), 0,
	SENDAS_OPTIONS_SELECT | SENDAS_OPTIONS_UNDO | SENDAS_OPTIONS_EXPLAIN |
	    SENDAS_OPTIONS_PROBE,
	N_("the provider's rules (default: ocn)")},
    {"format", 0, N_("FORMAT"), KIND_TEXT, FIELD(format), 0,
	SENDAS_OPTIONS_MAILBOX, N_("text (default), json, or jsonl")},
    {"format", 0, N_("FORMAT"), KIND_TEXT, FIELD(format), 0,
	SENDAS_OPTIONS_RUNS, N_("text (default), or json")},
    {"output", 'o', N_("FILE"), KIND_TEXT, FIELD(output), 0,
	SENDAS_OPTIONS_JOURNAL,
	N_("write the results to FILE, whole or not at "
	   "all")},
    {"fail-on", 0, N_("SEVERITY"), KIND_TEXT, FIELD(fail_on), 0,
	SENDAS_OPTIONS_MAILBOX,
	N_("exit with 1 from this severity on: error (default), warning, "
	   "advice")},
    {"log-format", 0, "text|json", KIND_TEXT, FIELD(log_format), 0,
	SENDAS_OPTIONS_CHANGE,
	N_("json: each change also as a line of JSON on stderr")},
    {"lang", 0, N_("LANG"), KIND_TEXT, FIELD(lang), 0, SENDAS_OPTIONS_ALL,
	N_("en or ja (default: by the environment)")},
    {"color", 0, N_("WHEN"), KIND_TEXT, FIELD(color), 0, SENDAS_OPTIONS_NETWORK,
	N_("auto (default), always, never")},
    {"quiet", 'q', NULL, KIND_FLAG, FIELD(is_quiet), 0, SENDAS_OPTIONS_ALL,
	N_("no notices, only results and errors")},
    {"verbose", 'v', NULL, KIND_FLAG, FIELD(is_verbose), 0,
	SENDAS_OPTIONS_NETWORK,
	N_("also what is only for information, and other providers' "
	   "addresses")},
    {"ca-file", 0, N_("FILE"), KIND_TEXT, FIELD(ca_file), 0,
	SENDAS_OPTIONS_GOOGLE | SENDAS_OPTIONS_PROBE,
	N_("trust the certificates in FILE (PEM) beside the system's")},
    {"timeout", 0, N_("SECONDS"), KIND_COUNT, FIELD(timeout_sec), 1,
	SENDAS_OPTIONS_GOOGLE | SENDAS_OPTIONS_PROBE,
	N_("for one request (default: 30; doctor: 10)")},
    {"endpoint", 0, N_("NAME=URL"), KIND_ENDPOINT, 0, 0, SENDAS_OPTIONS_GOOGLE,
	N_("for tests and proxies: use URL in place of Google's gmail, token, "
	   "authorize or revoke address")},
    {"help", 'h', NULL, KIND_FLAG, FIELD(is_help), 0, SENDAS_OPTIONS_ALL,
	N_("show this help")},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static int
has_argument(const struct row *row)
{
	if (row->kind == KIND_RESUME)
		return optional_argument;
	return row->argument != NULL ? required_argument : no_argument;
}

/* Builds getopt_long's own tables for a command. */
static void
make_tables(
    enum sendas_options_command command, struct option *longs, char *shorts)
{
	/* '+' is not there: words and options may be mixed. ':' reports a
	 * missing argument apart. */
	*shorts++ = ':';
	for (size_t i = 0; i < ROWS; i++) {
		const struct row *row = &rows[i];

		if ((row->commands & (int)command) == 0)
			continue;
		*longs++ = (struct option){
		    row->name, has_argument(row), NULL, FIRST_CODE + (int)i};
		if (row->letter != 0) {
			*shorts++ = (char)row->letter;
			if (row->argument != NULL)
				*shorts++ = ':';
		}
	}
	*longs = (struct option){0};
	*shorts = '\0';
}

static const struct row *
find_row(int code)
{
	if (code >= FIRST_CODE)
		return &rows[code - FIRST_CODE];
	for (size_t i = 0; i < ROWS; i++) {
		if (rows[i].letter == code)
			return &rows[i];
	}
	return NULL;
}

/* What was given in place of a descriptor may be the secret itself: it is not
 * said again. */
static enum sendas_status
fail_count(const struct row *row, const char *text, struct sendas_error *err)
{
	if (row->kind == KIND_DESCRIPTOR)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--%s wants the number of a file descriptor, as in: "
		      "--%s 3 3< FILE"),
		    row->name, row->name);
	return sendas_fail(err, SENDAS_ERR_USAGE,
	    _("--%s wants a whole number from %ld on, not \"%.100s\""),
	    row->name, row->min, text);
}

static enum sendas_status
read_count(const struct row *row, const char *text, long *out,
    struct sendas_error *err)
{
	char *end;
	long number;

	errno = 0;
	number = strtol(text, &end, 10);
	if (*text == '\0' || *end != '\0' || errno != 0 || number < row->min ||
	    number > 1000000000L)
		return fail_count(row, text, err);
	/* While nothing else was opened: later the number may be one of our
	 * own files, which would be read as a secret. */
	if (row->kind == KIND_DESCRIPTOR &&
	    (number > INT_MAX || fcntl((int)number, F_GETFD) < 0))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--%s %ld: that file descriptor is not open; add %ld< "
		      "FILE to the command"),
		    row->name, number, number);
	*out = number;
	return SENDAS_OK;
}

static enum sendas_status
store(const struct row *row, const char *argument,
    struct sendas_options *options, struct sendas_error *err)
{
	char *field = (char *)options + row->offset;

	switch (row->kind) {
	case KIND_FLAG:
		*(bool *)(void *)field = true;
		return SENDAS_OK;
	case KIND_TEXT:
		if (*argument == '\0')
			return sendas_fail(err, SENDAS_ERR_USAGE,
			    _("--%s wants a value, not an empty one"),
			    row->name);
		*(const char **)(void *)field = argument;
		return SENDAS_OK;
	case KIND_COUNT:
	case KIND_DESCRIPTOR:
		return read_count(row, argument, (long *)(void *)field, err);
	case KIND_RESUME:
		options->is_resume = true;
		options->resume = argument;
		return argument != NULL && *argument == '\0'
		    ? sendas_fail(err, SENDAS_ERR_USAGE,
			  _("--%s wants a value, not an empty one"), row->name)
		    : SENDAS_OK;
	case KIND_ENDPOINT:
		break;
	}
	if (options->endpoint_count == SENDAS_OPTIONS_ENDPOINTS)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--%s is given too often"), row->name);
	options->endpoints[options->endpoint_count++] = argument;
	return SENDAS_OK;
}

/* The option that was meant, or NULL. */
static const char *
suggest(enum sendas_options_command command, const char *word)
{
	const char *names[ROWS];
	size_t count = 0;
	char name[32];

	for (size_t i = 0; i < ROWS; i++) {
		if ((rows[i].commands & (int)command) != 0)
			names[count++] = rows[i].name;
	}
	word += strspn(word, "-");
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	return sendas_suggest_closest(name, names, count);
}

/* `word` is what getopt read last; of a cluster like -qx it is all. A value
 * behind a "=" is not said again: it may be a secret. */
static enum sendas_status
fail_option(enum sendas_options_command command, int code, const char *word,
    struct sendas_error *err)
{
	int len = (int)strnlen(word, 100);
	const char *closest;

	if (memchr(word, '=', (size_t)len) != NULL)
		len = (int)strcspn(word, "=");
	if (code == '?' && optopt > 0 && optopt < FIRST_CODE)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("-%c: there is no such option"), optopt);
	if (code == ':')
		return sendas_fail(
		    err, SENDAS_ERR_USAGE, _("%.*s wants a value"), len, word);
	if (optopt >= FIRST_CODE)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("%.*s: this option takes no value"), len, word);
	closest = suggest(command, word);
	if (closest != NULL)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("%.*s: there is no such option; --%s, perhaps?"), len,
		    word, closest);
	return sendas_fail(err, SENDAS_ERR_USAGE,
	    _("%.*s: there is no such option"), len, word);
}

static bool
is_one_of(const char *value, const char *const *choices)
{
	for (; *choices != NULL; choices++) {
		if (strcmp(value, *choices) == 0)
			return true;
	}
	return false;
}

/* Options whose value is a word of a short list. */
static enum sendas_status
check_choices(const struct sendas_options *options, struct sendas_error *err)
{
	static const char *const formats[] = {"text", "json", "jsonl", NULL};
	static const char *const severities[] = {
	    "error", "warning", "advice", NULL};
	static const char *const langs[] = {"en", "ja", NULL};
	static const char *const colors[] = {"auto", "always", "never", NULL};
	static const char *const purposes[] = {"audit", "fix", NULL};
	static const char *const logs[] = {"text", "json", NULL};
	const struct {
		const char *name, *value;
		const char *const *choices;
		const char *shown;
	} checks[] = {
	    {"format", options->format, formats, "text, json, jsonl"},
	    {"fail-on", options->fail_on, severities, "error, warning, advice"},
	    {"lang", options->lang, langs, "en, ja"},
	    {"color", options->color, colors, "auto, always, never"},
	    {"for", options->purpose, purposes, "audit, fix"},
	    {"log-format", options->log_format, logs, "text, json"},
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (checks[i].value != NULL &&
		    !is_one_of(checks[i].value, checks[i].choices))
			return sendas_fail(err, SENDAS_ERR_USAGE,
			    _("--%s: \"%.100s\" is not one of %s"),
			    checks[i].name, checks[i].value, checks[i].shown);
	}
	return SENDAS_OK;
}

/* getopt_long also takes the beginning of a name (--max for --max-changes);
 * a script must not depend on that, since a new option would break it. */
static bool
is_abbreviation(const struct row *row, const char *word)
{
	size_t len = strlen(row->name);

	return strncmp(word, "--", 2) == 0 &&
	    (strncmp(word + 2, row->name, len) != 0 ||
		(word[2 + len] != '\0' && word[2 + len] != '='));
}

enum sendas_status
sendas_options_parse(enum sendas_options_command command, int argc, char **argv,
    struct sendas_options *out, struct sendas_error *err)
{
	struct sendas_options options = {
	    .max_changes = -1, .access_token_fd = -1, .password_fd = -1};
	struct option longs[ROWS + 1];
	char shorts[2 * ROWS + 2];
	enum sendas_status status;
	const char *typed;
	int code;

	make_tables(command, longs, shorts);
	optind = 1;
	opterr = 0;
	for (;;) {
		code = getopt_long(argc, argv, shorts, longs, NULL);
		if (code == -1)
			break;
		if (code == '?' || code == ':')
			return fail_option(
			    command, code, argv[optind - 1], err);
		typed = argv[optind - 1];
		if (optarg == typed)
			typed = argv[optind - 2];
		if (code >= FIRST_CODE &&
		    is_abbreviation(find_row(code), typed)) {
			optopt = 0; /* what getopt took it for is no matter */
			return fail_option(command, '?', typed, err);
		}
		status = store(find_row(code), optarg, &options, err);
		if (status != SENDAS_OK)
			return status;
	}
	options.words = argv + optind;
	options.word_count = (size_t)(argc - optind);
	status = check_choices(&options, err);
	if (status == SENDAS_OK)
		*out = options;
	return status;
}

const char *
sendas_options_find_lang(int argc, char **argv)
{
	const char *value = NULL;

	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strncmp(argv[i], "--lang=", 7) == 0)
			value = argv[i] + 7;
		else if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
			value = argv[i + 1];
	}
	return value;
}

/* " --name value" when the option is set. */
static void
describe_row(const struct row *row, const struct sendas_options *options,
    struct sendas_buf *out)
{
	const char *field = (const char *)options + row->offset;
	char *text = NULL;

	switch (row->kind) {
	case KIND_FLAG:
		if (*(const bool *)(const void *)field)
			text = sendas_xasprintf(" --%s", row->name);
		break;
	case KIND_TEXT:
		if (*(const char *const *)(const void *)field != NULL)
			text = sendas_xasprintf(" --%s %s", row->name,
			    *(const char *const *)(const void *)field);
		break;
	case KIND_COUNT:
	case KIND_DESCRIPTOR:
		if (*(const long *)(const void *)field >= row->min)
			text = sendas_xasprintf(" --%s %ld", row->name,
			    *(const long *)(const void *)field);
		break;
	case KIND_ENDPOINT: /* these are told when they are in use */
	case KIND_RESUME: /* such a run has its record already */
		break;
	}
	if (text != NULL)
		sendas_buf_add_text(out, text);
	free(text);
}

char *
sendas_options_describe(
    enum sendas_options_command command, const struct sendas_options *options)
{
	struct sendas_buf text;
	char *all, *trimmed;

	sendas_buf_init(&text, SENDAS_LIMIT_RECORD_BYTES);
	for (size_t i = 0; i < ROWS; i++) {
		if ((rows[i].commands & (int)command) != 0)
			describe_row(&rows[i], options, &text);
	}
	all = sendas_buf_take(&text);
	trimmed = sendas_text_trim(all);
	free(all);
	return trimmed;
}

void
sendas_options_write_help(FILE *stream, enum sendas_options_command command)
{
	char left[64], letter[8], *help;

	for (size_t i = 0; i < ROWS; i++) {
		const struct row *row = &rows[i];
		size_t width;

		if ((row->commands & (int)command) == 0)
			continue;
		letter[0] = '\0';
		if (row->letter != 0)
			snprintf(letter, sizeof(letter), "-%c, ", row->letter);
		snprintf(left, sizeof(left),
		    row->kind == KIND_RESUME ? "  %s--%s[%s]" : "  %s--%s %s",
		    letter, row->name,
		    row->argument != NULL ? _(row->argument) : "");
		width = sendas_text_width(left);
		if (width < 26)
			fprintf(stream, "%s%*s", left, (int)(28 - width), "");
		else
			fprintf(stream, "%s\n%28s", left, "");
		help = sendas_text_wrap(_(row->help), 28, 80);
		fprintf(stream, "%s\n", help);
		free(help);
	}
}
