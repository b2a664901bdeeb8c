/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h: the command line, by one table from which parsing and help come.
 */
#ifndef SENDAS_OPTIONS_H
#define SENDAS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "sendas/error.h"
#include "sendas/model.h"

/* Which commands know an option. */
enum sendas_options_command {
	SENDAS_OPTIONS_AUDIT = 1 << 0,
	SENDAS_OPTIONS_FIX = 1 << 1,
	SENDAS_OPTIONS_EXPLAIN = 1 << 2,
	SENDAS_OPTIONS_DOCTOR = 1 << 3,
	/* those that look at mailboxes */
	SENDAS_OPTIONS_MAILBOX = SENDAS_OPTIONS_AUDIT | SENDAS_OPTIONS_FIX,
	/* those that sign in */
	SENDAS_OPTIONS_NETWORK = SENDAS_OPTIONS_MAILBOX | SENDAS_OPTIONS_DOCTOR,
	SENDAS_OPTIONS_ALL = SENDAS_OPTIONS_NETWORK | SENDAS_OPTIONS_EXPLAIN,
};

/* How often --endpoint may be given. */
#define SENDAS_OPTIONS_ENDPOINTS 8

/* What a command line says; strings are borrowed from it. */
struct sendas_options {
	const char *users; /* a list of mailboxes */
	/* settings that a person gives */
	bool is_ask;
	const char *from;
	/* fix */
	bool is_dry_run;
	bool is_yes;
	long max_changes; /* -1: not given */
	/* doctor */
	const char *purpose; /* what all is to be ready for */
	const char *mailbox; /* to try it with */
	/* which credentials */
	const char *credentials;
	long access_token_fd; /* -1: not given */
	/* what is wanted, and how it is shown */
	const char *policy;
	const char *format;
	const char *output;
	const char *fail_on;
	const char *lang;
	const char *color;
	bool is_quiet, is_verbose;
	/* the network */
	const char *ca_file;
	long timeout_sec; /* 0: the default */
	const char *endpoints[SENDAS_OPTIONS_ENDPOINTS];
	size_t endpoint_count;
	bool is_help;
	/* the words that are no options */
	char *const *words;
	size_t word_count;
};

/*
 * Parses what follows the command's name (argv[0] is that name). Errors:
 * SENDAS_ERR_USAGE: the option, and what is wrong with it. Reorders argv.
 */
enum sendas_status sendas_options_parse(enum sendas_options_command command,
    int argc, char **argv, struct sendas_options *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* The value of --lang, looked for before all else so that a message about
 * the rest is in the right language; NULL when it is not given. */
const char *sendas_options_find_lang(int argc, char **argv);

/* Writes a line or two for each option that the command knows. */
void sendas_options_write_help(
    FILE *stream, enum sendas_options_command command);

#endif
