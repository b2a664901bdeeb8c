/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.h: what one run of a command has in common from its first mailbox to
 * its exit status: the engine, the credentials, the policy, where results
 * go, and the reckoning.
 */
#ifndef SENDAS_RUN_H
#define SENDAS_RUN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include "sendas/auth.h"
#include "sendas/endpoints.h"
#include "sendas/error.h"
#include "sendas/http.h"
#include "sendas/journal.h"
#include "sendas/logins.h"
#include "sendas/model.h"
#include "sendas/passwords.h"
#include "sendas/plan.h"
#include "sendas/policy.h"
#include "sendas/send_as.h"
#include "sendas/sink.h"
#include "sendas/ui.h"

/* All borrowed for the life of the run. */
struct sendas_run_options {
	const char *command; /* "audit", "fix", "undo" */
	const struct sendas_policy *policy;
	const struct sendas_credentials *credentials; /* NULL: no network */
	const struct sendas_endpoints *endpoints;
	const char *ca_file; /* or NULL */
	long timeout_ms; /* 0: the default */
	bool is_dry_run;
	/* Where it is recorded, and what of it; the id, the command and when it
	 * started are the run's. NULL: nowhere. */
	struct sendas_journal *journal;
	const struct sendas_journal_run *record;
	const char *resume; /* the run in the journal to go on with, or NULL */
	bool is_record_optional; /* what cannot be recorded is told, and goes
	                            on without */
	const struct sendas_rules_named *only; /* what is repaired; or NULL */
	struct sendas_passwords *passwords; /* NULL: no relay is changed */
	bool is_login_skipped; /* passwords go to Google untried */
	long max_logins; /* at SMTP servers; 0: the default */
	const volatile sig_atomic_t *stop;
	const struct sendas_ui *ui;
	const struct sendas_sink *const *sinks; /* ended by NULL */
};

/* Open to the use cases of app; others use the functions. */
struct sendas_run {
	const struct sendas_run_options *options;
	struct sendas_run_info info;
	char id[32];
	struct sendas_journal *journal; /* NULL: it is not recorded */
	struct sendas_http *http; /* NULL without credentials */
	struct sendas_auth *auth;
	struct sendas_send_as api;
	struct sendas_logins *logins; /* NULL before the first is wanted */
	struct sendas_summary summary;
	bool has_bearer; /* at least one subject got a token */
	bool has_token_trouble; /* a subject got none, and not for itself */
	bool has_project_trouble; /* a refusal that concerns every mailbox */
	bool has_connection_trouble; /* no way to the server */
	bool has_failed_change;
	bool is_declined; /* the question was answered with no */
	struct sendas_error failure; /* of the journal, after which no more is
	                                begun; its code is SENDAS_OK for none */
};

/*
 * Opens a run, records its beginning, and begins its sinks. Errors:
 * SENDAS_ERR_CREDENTIALS, SENDAS_ERR_FILE, and those of
 * sendas_journal_begin() and _resume(). *out is closed with _close.
 */
enum sendas_status sendas_run_open(const struct sendas_run_options *options,
    struct sendas_run **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * Gives a finished mailbox to the sinks, counts it, and frees it. Errors:
 * SENDAS_ERR_FILE from a sink.
 */
enum sendas_status sendas_run_emit(struct sendas_run *run,
    struct sendas_mailbox *takes, struct sendas_error *err) SENDAS_MUST_CHECK;

/* The two halves of that, for a mailbox that is looked at more than once:
 * shown each time, counted as it was at last. */
enum sendas_status sendas_run_show(struct sendas_run *run,
    const struct sendas_mailbox *mailbox,
    struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_run_count(
    struct sendas_run *run, const struct sendas_mailbox *mailbox);

/* Has the journal, if there is one, keep a mailbox as it was read, with its
 * findings and planned changes. What fails is told by _end_record. */
void sendas_run_record(
    struct sendas_run *run, const struct sendas_mailbox *mailbox);

/* Notes that the journal could not keep something: the run ends. The first
 * one counts. */
void sendas_run_note_failure(
    struct sendas_run *run, const struct sendas_error *err);

/* Notes what an error means for the run, beyond its mailbox. */
void sendas_run_note_error(
    struct sendas_run *run, const struct sendas_error *err);

/* True when no further mailbox should be begun: a trouble that concerns all
 * of them, or an interruption. */
bool sendas_run_should_stop(const struct sendas_run *run);

/* With what its changes can be planned. */
struct sendas_plan_means sendas_run_means(const struct sendas_run *run);

/* Ends the sinks with the summary. Errors: SENDAS_ERR_FILE. */
enum sendas_status sendas_run_end(
    struct sendas_run *run, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Ends the run in the journal, unless it has changes that are yet to be made
 * or confirmed, or did not see all that was selected. Errors: SENDAS_ERR_FILE:
 * that, or anything of the run before, could not be kept. */
enum sendas_status sendas_run_end_record(
    struct sendas_run *run, struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * The exit status for how the run went (doc/exit-status.md), given the
 * severity from which findings count: 130, 3, 4, 1 or 0, the first that
 * applies.
 */
int sendas_run_exit_status(
    const struct sendas_run *run, enum sendas_severity fail_on);

/* Frees it; NULL is allowed. */
void sendas_run_close(struct sendas_run *run);

#endif
