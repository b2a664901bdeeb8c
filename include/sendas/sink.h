/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sink.h: where results go as they come: a report, later the journal too.
 * Mailboxes stream through; a sink keeps none of them.
 */
#ifndef SENDAS_SINK_H
#define SENDAS_SINK_H

#include <stdbool.h>
#include <time.h>
#include "sendas/model.h"

/* What a run is, known before its first result. All borrowed for the life of
 * the run, so that a sink may keep it. */
struct sendas_run_info {
	const char *id; /* 20261124T021500Z-7f3a */
	const char *command; /* "audit", "fix", "undo" */
	struct sendas_provider provider;
	time_t started;
	bool is_dry_run;
	bool is_delegated; /* an administrator's: a service account reads the
	                      mailboxes of a Workspace domain */
	/* For the record; each may be NULL. */
	const char *actor; /* the operating system's user */
	const char *identity; /* of the credentials */
	const char *ticket, *approved_by; /* as given */
	const char *undo_of; /* the run that an undo takes back */
};

/* How often a rule was met. */
struct sendas_rule_count {
	const char *rule; /* its id, static */
	size_t count;
};

/* What came of it, known after its last result. */
struct sendas_summary {
	bool is_complete; /* false when it was interrupted or gave up */
	time_t finished;
	size_t mailboxes, read, clean, with_findings, unreadable, skipped;
	size_t with_relay; /* mailboxes that have a relay */
	size_t relays; /* addresses in them that have one */
	struct sendas_rule_count *findings; /* a rule each */
	size_t finding_kinds;
	/* By enum sendas_severity and enum sendas_outcome: */
	size_t severities[SENDAS_SEVERITY_ERROR + 1];
	size_t changes[SENDAS_OUTCOME_COUNT];
};

/*
 * A sink's functions are called in this order: begin once, mailbox for each,
 * end once. Any may be NULL. Each fails with SENDAS_ERR_FILE when its results
 * could not be kept; the run then ends.
 */
struct sendas_sink {
	void *ctx;
	enum sendas_status (*begin)(void *ctx,
	    const struct sendas_run_info *run, struct sendas_error *err);
	enum sendas_status (*mailbox)(void *ctx,
	    const struct sendas_mailbox *mailbox, struct sendas_error *err);
	enum sendas_status (*end)(void *ctx,
	    const struct sendas_summary *summary, struct sendas_error *err);
};

#endif
