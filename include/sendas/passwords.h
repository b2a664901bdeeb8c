/* SPDX-License-Identifier: Apache-2.0 */
/*
 * passwords.h: where the SMTP passwords of a run come from: a person at the
 * terminal, a descriptor, or a file. Each is got when it is needed, and kept
 * nowhere here.
 */
#ifndef SENDAS_PASSWORDS_H
#define SENDAS_PASSWORDS_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/error.h"
#include "sendas/secret.h"
#include "sendas/ui.h"

struct sendas_passwords;

/* Each is freed with _free; NULL is allowed there. Of a person, who is asked
 * once for each address; `ui` is borrowed. */
struct sendas_passwords *sendas_passwords_from_person(
    const struct sendas_ui *ui);
/* One password, for one address. */
struct sendas_passwords *sendas_passwords_from_fd(int fd);
/* Errors: those of sendas_passwords_file_open(). */
enum sendas_status sendas_passwords_from_file(const char *path,
    struct sendas_passwords **out, struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_passwords_free(struct sendas_passwords *passwords);

/* Whether there may be one for this address of this mailbox. NULL has none. */
bool sendas_passwords_has(const struct sendas_passwords *passwords,
    const char *mailbox, const char *address);

/* Whether a person is asked, who may make a typing error, and who can be asked
 * about one thing at a time. */
bool sendas_passwords_is_person(const struct sendas_passwords *passwords);

/* Entries of a file that no _has() was about, and the line of the first. */
size_t sendas_passwords_unused(
    const struct sendas_passwords *passwords, size_t *line);

/* Of whom, and for which server. All borrowed. */
struct sendas_passwords_wanted {
	const char *mailbox, *address, *host;
};

/*
 * Gets the user name (the caller's) and the password. Blocks while a person
 * types. Errors: SENDAS_ERR_NOBODY: none was given, or the only one was used
 * before; SENDAS_ERR_CANCELLED: interrupted; SENDAS_ERR_INPUT: it is no line of
 * UTF-8; and those of the file.
 */
enum sendas_status sendas_passwords_get(struct sendas_passwords *passwords,
    const struct sendas_passwords_wanted *wanted, char **user,
    struct sendas_secret *password, struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
