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
	SENDAS_OPTIONS_UNDO = 1 << 4,
	SENDAS_OPTIONS_RUNS = 1 << 5,
	SENDAS_OPTIONS_LOGIN = 1 << 6,
	SENDAS_OPTIONS_LOGOUT = 1 << 7,
	SENDAS_OPTIONS_MENU = 1 << 8, /* without a command */
	SENDAS_OPTIONS_PROBE = 1 << 9,
	/* those that select mailboxes anew */
	SENDAS_OPTIONS_SELECT = SENDAS_OPTIONS_AUDIT | SENDAS_OPTIONS_FIX,
	/* those that change mailboxes */
	SENDAS_OPTIONS_CHANGE = SENDAS_OPTIONS_FIX | SENDAS_OPTIONS_UNDO,
	/* those that look at mailboxes, and are runs */
	SENDAS_OPTIONS_MAILBOX = SENDAS_OPTIONS_SELECT | SENDAS_OPTIONS_UNDO,
	/* those that have credentials for mailboxes */
	SENDAS_OPTIONS_NETWORK = SENDAS_OPTIONS_MAILBOX | SENDAS_OPTIONS_DOCTOR,
	/* those that make and end a person's sign-in */
	SENDAS_OPTIONS_SIGN = SENDAS_OPTIONS_LOGIN | SENDAS_OPTIONS_LOGOUT,
	/* those that speak to Google */
	SENDAS_OPTIONS_GOOGLE =
	    SENDAS_OPTIONS_NETWORK | SENDAS_OPTIONS_SIGN | SENDAS_OPTIONS_MENU,
	/* those that use the journal */
	SENDAS_OPTIONS_JOURNAL = SENDAS_OPTIONS_MAILBOX | SENDAS_OPTIONS_RUNS,
	SENDAS_OPTIONS_ALL = SENDAS_OPTIONS_GOOGLE | SENDAS_OPTIONS_EXPLAIN |
	    SENDAS_OPTIONS_RUNS | SENDAS_OPTIONS_PROBE,
};

/* How often --endpoint may be given. */
#define SENDAS_OPTIONS_ENDPOINTS 8

/* What a command line says; strings are borrowed from it. */
struct sendas_options {
	const char *users; /* a list of mailboxes */
	/* settings that a person gives */
	bool is_ask;
	const char *from;
	/* fix and undo */
	bool is_dry_run;
	bool is_yes;
	long max_changes; /* -1: not given */
	long canary; /* 0: not given */
	const char *run; /* to go on with */
	bool is_resume; /* the newest unfinished one, or... */
	const char *resume; /* ...this one; NULL: not named */
	const char *plan; /* the file of a plan */
	const char *sha256; /* its digest */
	const char *ticket, *approved_by;
	const char *log_format;
	/* where it is kept */
	const char *journal;
	/* runs */
	bool is_purge;
	const char *older_than;
	/* doctor */
	const char *purpose; /* what all is to be ready for */
	const char *mailbox; /* to try it with */
	/* login */
	bool has_no_browser; /* that is to be opened */
	long wait_sec; /* for the person; 0: the default */
	const char *only; /* (fix) rules; NULL: what is not on request */
	/* what needs an SMTP password */
	const char *passwords; /* the file */
	long password_fd; /* -1: not given */
	bool has_no_probe; /* passwords go to Google untried */
	long max_logins; /* 0: the default */
	const char *user; /* (probe) at the relay; NULL: the address */
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

/* The options that are set, as one would type them, for the record of a run;
 * none is a secret. The caller frees it. */
char *sendas_options_describe(
    enum sendas_options_command command, const struct sendas_options *options);

/* Writes a line or two for each option that the command knows. */
void sendas_options_write_help(
    FILE *stream, enum sendas_options_command command);

#endif
