/* SPDX-License-Identifier: Apache-2.0 */
/*
 * users.h: a list of mailboxes in a file: one address a line, or CSV whose
 * header names the column (doc/users.md). It is read and checked whole before
 * the first address is handed out, and then streamed: what it costs in memory
 * does not grow with the list.
 */
#ifndef SENDAS_USERS_H
#define SENDAS_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "sendas/error.h"

/* A checked list. It is a copy: what happens to the file later is no
 * matter. */
struct sendas_users;

/*
 * Reads what `path` names; "-" is stdin. A pipe will do. Errors:
 * SENDAS_ERR_INPUT when anything in it is wrong (the message names the lines)
 * or there is no address; SENDAS_ERR_FILE when it cannot be read, or not be
 * copied to a temporary file.
 */
enum sendas_status sendas_users_load(const char *path,
    struct sendas_users **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* The same from a stream; `name` stands in messages. */
enum sendas_status sendas_users_read(FILE *input, const char *name,
    struct sendas_users **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* How many addresses there are, each counted once. */
size_t sendas_users_count(const struct sendas_users *users);

/* How many lines repeat an address of an earlier one (whatever the case of
 * its letters); *first_line gets the first of these lines. */
size_t sendas_users_repeats(
    const struct sendas_users *users, size_t *first_line);

/* The next address, in ASCII lower case and the order of the list, each once;
 * NULL after the last. Borrowed until the next call. */
const char *sendas_users_next(struct sendas_users *users);

/* The next is the first one again. */
void sendas_users_rewind(struct sendas_users *users);

/* After the last: whether that was all of them. Errors: SENDAS_ERR_FILE: the
 * copy could not be read. */
enum sendas_status sendas_users_check(const struct sendas_users *users,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* NULL is allowed. */
void sendas_users_free(struct sendas_users *users);

/* Whether a word looks like an e-mail address: enough to tell one from a
 * mistyped option, a name or two addresses; Google is the judge of the
 * rest. */
bool sendas_users_is_address(const char *word);

#endif
