/* SPDX-License-Identifier: Apache-2.0 */
/*
 * which_run.c: the run that a person names; and when there is none of that
 * name, which ones there are.
 */
#include "sendas/which_run.h"

#include <stdlib.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/suggest.h"

/* Runs that are named when another one is asked for. */
#define NEWEST 3
#define LIST_BYTES 200

/* The ids in the journal, the newest first. */
struct known {
	char **ids;
	size_t count;
};

static void
add_known(void *ctx, const struct sendas_journal_run *run)
{
	struct known *known = ctx;

	known->ids =
	    sendas_xrealloc(known->ids, known->count + 1, sizeof(*known->ids));
	known->ids[known->count++] = sendas_xstrdup(run->id);
}

/* Says which ones there are; in an empty journal nothing more than it did. */
static void
fail_with_known(
    const char *id, const struct known *known, struct sendas_error *err)
{
	const char *closest = sendas_suggest_closest(
	    id, (const char *const *)known->ids, known->count);
	struct sendas_buf list;

	if (closest != NULL)
		sendas_fail(err, SENDAS_ERR_USAGE,
		    _("there is no run \"%.100s\"; %s, perhaps?"), id, closest);
	if (closest != NULL || known->count == 0)
		return;
	sendas_buf_init(&list, LIST_BYTES);
	for (size_t i = 0; i < known->count && i < NEWEST; i++)
		sendas_buf_printf(&list, "\n  %s", known->ids[i]);
	sendas_fail(err, SENDAS_ERR_USAGE,
	    _("there is no run \"%.100s\"; the newest are:%s"), id, list.data);
	sendas_buf_clear(&list);
}

enum sendas_status
sendas_which_run_get(struct sendas_journal *journal, const char *id,
    struct sendas_journal_run *out, struct sendas_error *err)
{
	enum sendas_status status = sendas_journal_get(journal, id, out, err);
	struct known known = {0};
	struct sendas_error ignored;

	if (status != SENDAS_ERR_USAGE)
		return status;
	if (sendas_journal_list(journal, add_known, &known, &ignored) ==
	    SENDAS_OK)
		fail_with_known(id, &known, err);
	for (size_t i = 0; i < known.count; i++)
		free(known.ids[i]);
	free(known.ids);
	return status;
}

enum sendas_status
sendas_which_run_check(
    struct sendas_journal *journal, const char *id, struct sendas_error *err)
{
	struct sendas_journal_run run;
	enum sendas_status status =
	    sendas_which_run_get(journal, id, &run, err);

	if (status == SENDAS_OK)
		sendas_journal_run_clear(&run);
	return status;
}
