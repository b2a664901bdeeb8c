/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cli.h: the commands, one row each, and what they have in common.
 */
#ifndef SENDAS_CLI_H
#define SENDAS_CLI_H

#include <signal.h>
#include <stdio.h>
#include "sendas/as_json.h"
#include "sendas/as_log.h"
#include "sendas/as_text.h"
#include "sendas/credentials.h"
#include "sendas/endpoints.h"
#include "sendas/error.h"
#include "sendas/execute.h"
#include "sendas/file.h"
#include "sendas/journal.h"
#include "sendas/options.h"
#include "sendas/policy.h"
#include "sendas/run.h"
#include "sendas/select.h"
#include "sendas/sink.h"

/* One command, at the top of its file. */
struct sendas_cli_command {
	const char *name;
	enum sendas_options_command options;
	const char *summary; /* one line */
	const char *synopsis; /* what follows "sendas " */
	const char *examples; /* lines */
	/* Returns the exit status. */
	int (*run)(const struct sendas_options *options);
};

extern const struct sendas_cli_command sendas_cli_audit;
extern const struct sendas_cli_command sendas_cli_doctor;
extern const struct sendas_cli_command sendas_cli_explain;
extern const struct sendas_cli_command sendas_cli_fix;
extern const struct sendas_cli_command sendas_cli_login;
extern const struct sendas_cli_command sendas_cli_logout;
extern const struct sendas_cli_command sendas_cli_probe;
extern const struct sendas_cli_command sendas_cli_runs;
extern const struct sendas_cli_command sendas_cli_undo;

/* What a command holds while it runs: made of its options. */
struct sendas_cli_setup {
	struct sendas_policy *policy;
	struct sendas_credentials credentials;
	struct sendas_endpoints endpoints;
	struct sendas_file_out *file; /* of -o; NULL: stdout */
	struct sendas_as_text *text; /* one of these two is set */
	struct sendas_as_json *json;
	struct sendas_as_log *log; /* beside it; or NULL */
	const struct sendas_sink *sinks[5]; /* ended by NULL */
	struct sendas_sink steps;
	char *kept_steps; /* of a mailbox, when they are; else NULL */
	struct sendas_journal *journal; /* or NULL */
	bool is_journal_needed; /* nothing may be done without it */
	bool is_for_approval; /* what is planned is not to be gone on with */
	struct sendas_passwords *passwords; /* NULL: there are none */
	bool is_one_mailbox; /* that the command is about */
	struct sendas_journal_run record;
	struct sendas_run_options run_options;
	enum sendas_severity fail_on; /* NONE: not given */
};

/*
 * Loads policy and credentials, and opens the output; with `from` no
 * credentials are needed. Errors: SENDAS_ERR_USAGE and those of policy.h,
 * credentials.h and file.h. _clear it in any case.
 */
enum sendas_status sendas_cli_setup(const char *command,
    const struct sendas_options *options, struct sendas_cli_setup *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_cli_setup_clear(struct sendas_cli_setup *setup);

/*
 * Which mailboxes a command line is about: its words, or the list of --users,
 * which is read here; lines of it that repeat others are told. To be called
 * before _setup, since a mistyped mailbox needs no key to be told; whether the
 * credentials have a mailbox for a command line without any is known after
 * that (sendas_select_check). Errors: SENDAS_ERR_USAGE and those of select.h.
 */
enum sendas_status sendas_cli_select(const struct sendas_options *options,
    struct sendas_selection **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* The journal's file for a command line: --journal, or the usual place. The
 * caller frees it; NULL without a home. */
char *sendas_cli_journal_path(const struct sendas_options *options);

/*
 * Opens the journal of a run. When it must be there (`is_needed`), errors are
 * those of journal.h; else they are told as a notice, and a temporary one
 * stands for it.
 */
enum sendas_status sendas_cli_open_journal(const struct sendas_options *options,
    bool is_needed, struct sendas_cli_setup *setup,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Fills setup->record from a command line and what was made of it; the
 * selection may be NULL. */
void sendas_cli_fill_record(struct sendas_cli_setup *setup,
    enum sendas_options_command command, const struct sendas_options *options,
    struct sendas_selection *selection);

/* Opens a run that is recorded in the journal, with what setup->record says;
 * with `resume` the one of that id. Errors: those of sendas_run_open(). */
enum sendas_status sendas_cli_open_run(struct sendas_cli_setup *setup,
    const char *resume, struct sendas_run **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* A sink for a text report: the steps by hand for what Google refused, and
 * for servers that were not changed, written behind it, or kept in
 * setup->kept_steps. */
void sendas_cli_add_steps(struct sendas_cli_setup *setup, bool is_kept);

/*
 * Finds where SMTP passwords come from: --passwords, --password-fd, or, for
 * one mailbox, the person at the terminal. Without any no relay is changed. To
 * be called before the run is opened. Errors: SENDAS_ERR_USAGE and those of
 * the file.
 */
enum sendas_status sendas_cli_find_passwords(
    const struct sendas_options *options, bool is_one_mailbox,
    struct sendas_cli_setup *setup, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Tells, once all mailboxes were looked at, what of the file met no address. */
void sendas_cli_tell_unused_passwords(
    const struct sendas_cli_setup *setup, const struct sendas_options *options);

/* What --yes and its like may not go without. Errors: SENDAS_ERR_USAGE. */
enum sendas_status sendas_cli_check_consent(
    const struct sendas_options *options,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* How a command line says yes, or how much. */
struct sendas_execute_options sendas_cli_consent(
    const struct sendas_options *options);

/* Adds a sink that gets each mailbox after the report has. */
void sendas_cli_add_sink(
    struct sendas_cli_setup *setup, const struct sendas_sink *sink);

/* Where the results go. */
FILE *sendas_cli_stream(const struct sendas_cli_setup *setup);

/*
 * Ends a run that went as far as `status` and says how: results are kept, an
 * error is told on stderr. Frees `run`, which may be NULL. Returns the exit
 * status (doc/exit-status.md).
 */
int sendas_cli_finish(struct sendas_cli_setup *setup, struct sendas_run *run,
    enum sendas_status status, struct sendas_error *err);

/* The severity from which findings count: --fail-on, else error. An undo
 * brings back what was found once, and that is no failure. */
enum sendas_severity sendas_cli_fail_on(const struct sendas_cli_setup *setup);

/* The exit status of an error that ended the command. */
int sendas_cli_exit_status(enum sendas_status status);

/* Signs a person in, and says who it is; a message is the caller's. Errors:
 * those of sendas_signin_run(), SENDAS_ERR_USAGE. */
enum sendas_status sendas_cli_sign_in(const struct sendas_options *options,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Replaces what --endpoint names. Errors: SENDAS_ERR_USAGE. */
enum sendas_status sendas_cli_replace_endpoints(
    const struct sendas_options *options, struct sendas_endpoints *endpoints,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Notices which endpoints are not Google's own. */
void sendas_cli_tell_endpoints(const struct sendas_endpoints *endpoints);

/* Set by SIGINT and SIGTERM; a second one leaves at once with 130. */
extern volatile sig_atomic_t sendas_cli_stop;

/* Lets a signal end a read(2) that waits for a person's paste. Not to be
 * used together with the network (main.c tells why). */
void sendas_cli_allow_interrupt(void);

#endif
