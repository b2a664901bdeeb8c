/* SPDX-License-Identifier: Apache-2.0 */
/*
 * select.h: which mailboxes a command is about.
 */
#ifndef SENDAS_SELECT_H
#define SENDAS_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/error.h"

/* Mailboxes in the order given, each once. */
struct sendas_selection {
	char **mailboxes; /* ASCII lower case; an element is NULL for "the
	                     mailbox of the access token" */
	size_t count;
};

/*
 * From the words of the command line. None is allowed only when
 * `is_self_allowed`, and selects the signed-in mailbox. Errors:
 * SENDAS_ERR_USAGE: none, or a word that is no e-mail address.
 */
enum sendas_status sendas_select_from_words(char *const *words, size_t count,
    bool is_self_allowed, struct sendas_selection *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

void sendas_selection_clear(struct sendas_selection *selection);

#endif
