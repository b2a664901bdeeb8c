/* SPDX-License-Identifier: Apache-2.0 */
/*
 * select.h: which mailboxes a command is about: a stream, so that it does not
 * matter how many there are.
 */
#ifndef SENDAS_SELECT_H
#define SENDAS_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/credentials.h"
#include "sendas/error.h"

/* Mailboxes in the order given, each once whatever the case of its letters. */
struct sendas_selection;

/*
 * From the words of a command line; none selects the mailbox that belongs to
 * the credentials. Errors: SENDAS_ERR_USAGE: a word that is no e-mail address.
 */
enum sendas_status sendas_select_from_words(char *const *words, size_t count,
    struct sendas_selection **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* From a list in a file; "-" is stdin. All of it is checked here. Errors:
 * those of users.h. */
enum sendas_status sendas_select_from_users(const char *path,
    struct sendas_selection **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * Whether these credentials have what is selected: a service account has no
 * mailbox of its own. Where none was named and they say whose they are, that
 * one is selected. Errors: SENDAS_ERR_USAGE.
 */
enum sendas_status sendas_select_check(struct sendas_selection *selection,
    const struct sendas_credentials *credentials,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * The next one: true, and *mailbox in ASCII lower case, borrowed until the
 * next call; NULL there is the mailbox that belongs to the credentials. False
 * after the last.
 */
bool sendas_selection_next(
    struct sendas_selection *selection, const char **mailbox);

/* After the last: whether none was lost on the way. Errors: SENDAS_ERR_FILE
 * of a list. */
enum sendas_status sendas_selection_end(
    const struct sendas_selection *selection,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* The next is the first one again. */
void sendas_selection_rewind(struct sendas_selection *selection);

/* How many there are in all. */
size_t sendas_selection_count(const struct sendas_selection *selection);

/* How many lines of a list repeat an earlier one; *first_line gets the first
 * of these. */
size_t sendas_selection_repeats(
    const struct sendas_selection *selection, size_t *first_line);

/* NULL is allowed. */
void sendas_selection_free(struct sendas_selection *selection);

#endif
