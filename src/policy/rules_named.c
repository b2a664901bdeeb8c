/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules_named.c: the rules that a command line names, and what that means for
 * a finding. Pure.
 */
#include "sendas/rules_named.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/suggest.h"

static enum sendas_status
fail_name(const char *name, struct sendas_error *err)
{
	const char *names[SENDAS_RULE_COUNT], *closest;

	for (int i = 0; i < SENDAS_RULE_COUNT; i++)
		names[i] = sendas_rules_name((enum sendas_rule)i);
	closest = sendas_suggest_closest(name, names, SENDAS_RULE_COUNT);
	if (closest != NULL)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("\"%.100s\" is no rule; %s, perhaps?"), name, closest);
	return sendas_fail(err, SENDAS_ERR_USAGE,
	    _("\"%.100s\" is no rule; sendas explain lists them"), name);
}

static enum sendas_status
add_name(
    const char *name, struct sendas_rules_named *out, struct sendas_error *err)
{
	enum sendas_rule rule = sendas_rules_find(name);
	enum sendas_repair repair;
	bool is_on_request;

	if (rule == SENDAS_RULE_COUNT)
		return fail_name(name, err);
	repair = sendas_rules_repair(rule, &is_on_request);
	if (repair != SENDAS_REPAIR_API && repair != SENDAS_REPAIR_PASSWORD)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("What %s finds no program can repair."), name);
	out->has[rule] = true;
	return SENDAS_OK;
}

enum sendas_status
sendas_rules_parse_names(
    const char *text, struct sendas_rules_named *out, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;

	memset(out, 0, sizeof(*out));
	while (status == SENDAS_OK && text != NULL) {
		size_t len = strcspn(text, ",");
		char *name = sendas_xstrndup(text, len);

		status = add_name(name, out, err);
		free(name);
		text = text[len] == ',' ? text + len + 1 : NULL;
	}
	return status;
}

bool
sendas_rules_is_wanted(const struct sendas_rules_named *named,
    const struct sendas_finding *finding)
{
	return named != NULL ? named->has[sendas_rules_find(finding->rule)]
			     : !finding->is_on_request;
}
