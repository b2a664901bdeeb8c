/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.h: what the journal says of a run: who, with what, on which machine,
 * and what was asked for.
 */
#ifndef SENDAS_RECORD_H
#define SENDAS_RECORD_H

#include "sendas/credentials.h"
#include "sendas/journal.h"
#include "sendas/policy.h"
#include "sendas/select.h"

/* What a person asked for, in their words; each may be NULL. */
struct sendas_record_asked {
	const char *users; /* the name of a list */
	const char *policy; /* its name or file; NULL: the policy's own name */
	const char *options; /* the rest of a command line; never a secret */
	const char *ticket, *approved_by;
};

/*
 * Fills *out, which sendas_journal_run_clear() frees, with what was asked for
 * and what was made of it; id, command and started are left to the run. Reads
 * the selection, which is at its beginning before and after; NULL is none.
 */
void sendas_record_fill(const struct sendas_record_asked *asked,
    const struct sendas_credentials *credentials,
    const struct sendas_policy *policy, struct sendas_selection *selection,
    struct sendas_journal_run *out);

/* The digest of a policy's file. The caller frees it. */
char *sendas_record_policy_sha256(const struct sendas_policy *policy);

/* The digest of a selection's mailboxes in their order; NULL when their names
 * are not known (the one of the credentials). The caller frees it. */
char *sendas_record_selection_sha256(struct sendas_selection *selection);

#endif
