/* SPDX-License-Identifier: Apache-2.0 */
/*
 * consent.c: how much a command line allows to be changed, and whether it says
 * so for itself.
 */
#include "sendas/cli.h"
#include "sendas/i18n.h"

/* A script must say how much it expects before it may go unasked. */
enum sendas_status
sendas_cli_check_consent(
    const struct sendas_options *options, struct sendas_error *err)
{
	if (options->is_yes && options->max_changes < 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--yes needs --max-changes N: how many changes you "
		      "expect at most"));
	if (options->is_dry_run && options->canary > 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--canary makes changes, --dry-run makes none: give one "
		      "of them"));
	return SENDAS_OK;
}

struct sendas_execute_options
sendas_cli_consent(const struct sendas_options *options)
{
	return (struct sendas_execute_options){.is_yes = options->is_yes,
	    .max_changes = options->max_changes,
	    .canary = options->canary};
}
