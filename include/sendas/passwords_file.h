/* SPDX-License-Identifier: Apache-2.0 */
/*
 * passwords_file.h: the SMTP passwords of many addresses in a file, CSV with a
 * header (doc/passwords.md). It is checked whole before the first is handed
 * out. Only where each password stands is kept, and the file open: nothing has
 * a password in memory but the secret that the caller asked for.
 */
#ifndef SENDAS_PASSWORDS_FILE_H
#define SENDAS_PASSWORDS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/error.h"
#include "sendas/secret.h"

struct sendas_passwords_file;

/*
 * Opens and checks it; a pipe will not do. No message has a part of a row in
 * it. Errors: SENDAS_ERR_CREDENTIALS when others can read it or it is somebody
 * else's, as sendas_file_read_private() has it, with the command that mends
 * it; SENDAS_ERR_FILE when it cannot be read, is no regular file or is too
 * large; SENDAS_ERR_INPUT when anything in it is wrong (the message names the
 * line) or it has no entry.
 */
enum sendas_status sendas_passwords_file_open(const char *path,
    struct sendas_passwords_file **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Whether it has the password of this address of this mailbox, whatever the
 * case of their letters. What was asked for is remembered for _unused. */
bool sendas_passwords_file_has(const struct sendas_passwords_file *file,
    const char *mailbox, const char *address);

/*
 * Reads that password again. *user, which the caller frees, is the name to log
 * in with: the address as it stands in the file where no other one does. On
 * failure neither *user nor *password is touched. Errors: SENDAS_ERR_INPUT:
 * there is none, or the file was changed after it had been checked (one that
 * was only replaced or deleted is still read); SENDAS_ERR_FILE: it cannot be
 * read.
 */
enum sendas_status sendas_passwords_file_get(struct sendas_passwords_file *file,
    const char *mailbox, const char *address, char **user,
    struct sendas_secret *password, struct sendas_error *err) SENDAS_MUST_CHECK;

/* How many passwords it has; 1 at least. */
size_t sendas_passwords_file_count(const struct sendas_passwords_file *file);

/* How many of them no _has found: of addresses that are not there or were
 * mistyped. *line gets the first one's line, 0 if there is none. */
size_t sendas_passwords_file_unused(
    const struct sendas_passwords_file *file, size_t *line);

/* NULL is allowed. */
void sendas_passwords_file_free(struct sendas_passwords_file *file);

#endif
