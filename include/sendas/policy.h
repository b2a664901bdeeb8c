/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.h: what one mail provider wants: which addresses are its own, which
 * SMTP server they need, and how much each rule weighs. The rules themselves
 * are code (rules.h) and know no provider. The file's form stands in
 * doc/policy.md, policy_file.h reads it.
 */
#ifndef SENDAS_POLICY_H
#define SENDAS_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/error.h"
#include "sendas/model.h"

/* One domain of the provider. */
struct sendas_policy_domain {
	char *name; /* ASCII lower case, without a trailing dot */
	bool has_subdomains; /* names under it are the provider's too */
};

/* A port and the connection mode that goes with it. */
struct sendas_policy_pair {
	long port;
	char *security; /* "ssl" or "starttls", as in Google's API */
};

/* A text in the languages it is written in; each may be NULL. */
struct sendas_policy_text {
	char *en, *ja;
};

/* What the policy says of one rule. */
struct sendas_policy_rule {
	enum sendas_severity severity; /* NONE: the rule is off */
	enum sendas_evidence evidence;
	char *source; /* where the reason is from, for `explain`; or NULL */
	char *reply; /* the server's reply that users saw; or NULL */
};

struct sendas_policy {
	char *name; /* short id, as in reports: "ocn" */
	char *label; /* as people call the provider: "OCN" */
	struct sendas_policy_domain *domains;
	size_t domain_count;
	char **infrastructure; /* the provider's own, but no mail domains */
	size_t infrastructure_count;
	char **known_other; /* real providers that must not be called
	                       look-alikes; names under them too */
	size_t known_other_count;
	char *lookalike_domain; /* what look-alikes are held against; the
	                           first of `domains` unless the file says */
	char *lookalike_word; /* its telling label ("ocn"), "" for none */
	char *host; /* what N(host) must equal */
	struct sendas_policy_pair wanted;
	struct sendas_policy_pair *accepted; /* work too, not the advice */
	size_t accepted_count;
	char *help_url; /* the provider's page about bounces; or NULL */
	/* Words for the manual steps; each may have no text at all: */
	struct sendas_policy_text webmail; /* what can send meanwhile */
	struct sendas_policy_text password_note; /* which one it is not */
	struct sendas_policy_text password_lost; /* where it can be found */
	struct sendas_policy_rule *rules; /* one a rule, in rules.h's order */
	size_t rule_count;
	char *content; /* the file itself, from which a digest is made */
	size_t content_len;
};

/* What a pair of port and connection mode is to a policy. */
enum sendas_policy_match {
	SENDAS_MATCH_NONE = 0, /* not a port that the policy names */
	SENDAS_MATCH_PORT, /* such a port, but not with this mode */
	SENDAS_MATCH_ACCEPTED, /* works too */
	SENDAS_MATCH_WANTED,
};

/* NULL is allowed. */
void sendas_policy_free(struct sendas_policy *policy);

/* What this port (-1: none is set) and mode (securityMode as Google says it;
 * NULL when absent) are to the policy. */
enum sendas_policy_match sendas_policy_match_pair(
    const struct sendas_policy *policy, long port, const char *security);

/* What a report says of the provider; borrowed from the policy. */
struct sendas_provider sendas_policy_provider(
    const struct sendas_policy *policy);

/* The text in the user's language, in English when there is none in it, or
 * NULL. Borrowed. */
const char *sendas_policy_text(const struct sendas_policy_text *text);

#endif
