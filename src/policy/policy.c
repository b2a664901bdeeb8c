/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.c: what a policy answers when the rules ask it, and its end. How it
 * comes from a file is policy_file.c's.
 */
#include "sendas/policy.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"

enum sendas_policy_match
sendas_policy_match_pair(
    const struct sendas_policy *policy, long port, const char *security)
{
	enum sendas_policy_match match = SENDAS_MATCH_NONE;
	const struct sendas_policy_pair *pair;
	size_t i;

	if (port == policy->wanted.port) {
		if (security != NULL &&
		    strcmp(security, policy->wanted.security) == 0)
			return SENDAS_MATCH_WANTED;
		match = SENDAS_MATCH_PORT;
	}
	for (i = 0; i < policy->accepted_count; i++) {
		pair = &policy->accepted[i];
		if (port != pair->port)
			continue;
		if (security != NULL && strcmp(security, pair->security) == 0)
			return SENDAS_MATCH_ACCEPTED;
		match = SENDAS_MATCH_PORT;
	}
	return match;
}

struct sendas_provider
sendas_policy_provider(const struct sendas_policy *policy)
{
	return (struct sendas_provider){
	    .name = policy->name,
	    .label = policy->label,
	    .host = policy->host,
	    .port = policy->wanted.port,
	    .security = policy->wanted.security,
	};
}

const char *
sendas_policy_text(const struct sendas_policy_text *text)
{
	bool is_japanese = strcmp(sendas_i18n_language(), "ja") == 0;

	return is_japanese && text->ja != NULL ? text->ja : text->en;
}

static void
free_list(char **list, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		free(list[i]);
	free(list);
}

static void
clear_text(struct sendas_policy_text *text)
{
	free(text->en);
	free(text->ja);
}

static void
free_rules(struct sendas_policy_rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		free(rules[i].source);
		free(rules[i].reply);
	}
	free(rules);
}

void
sendas_policy_free(struct sendas_policy *policy)
{
	size_t i;

	if (policy == NULL)
		return;
	for (i = 0; i < policy->domain_count; i++)
		free(policy->domains[i].name);
	free(policy->domains);
	for (i = 0; i < policy->accepted_count; i++)
		free(policy->accepted[i].security);
	free(policy->accepted);
	free_list(policy->infrastructure, policy->infrastructure_count);
	free_list(policy->known_other, policy->known_other_count);
	free_rules(policy->rules, policy->rule_count);
	clear_text(&policy->webmail);
	clear_text(&policy->password_note);
	clear_text(&policy->password_lost);
	free(policy->name);
	free(policy->label);
	free(policy->lookalike_domain);
	free(policy->lookalike_word);
	free(policy->host);
	free(policy->wanted.security);
	free(policy->help_url);
	free(policy->content);
	free(policy);
}
