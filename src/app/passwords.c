/* SPDX-License-Identifier: Apache-2.0 */
/*
 * passwords.c: the one way to an SMTP password, wherever it comes from. Tries
 * none and keeps none.
 */
#include "sendas/passwords.h"

#include <stdlib.h>
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/passwords_file.h"
#include "sendas/text.h"

struct sendas_passwords {
	const struct sendas_ui *ui; /* of a person; else NULL */
	struct sendas_passwords_file *file; /* or NULL */
	int fd; /* without these two */
	bool is_used; /* what came from `fd` */
};

struct sendas_passwords *
sendas_passwords_from_person(const struct sendas_ui *ui)
{
	struct sendas_passwords *passwords =
	    sendas_xcalloc(1, sizeof(*passwords));

	passwords->ui = ui;
	return passwords;
}

struct sendas_passwords *
sendas_passwords_from_fd(int fd)
{
	struct sendas_passwords *passwords =
	    sendas_xcalloc(1, sizeof(*passwords));

	passwords->fd = fd;
	return passwords;
}

enum sendas_status
sendas_passwords_from_file(
    const char *path, struct sendas_passwords **out, struct sendas_error *err)
{
	struct sendas_passwords_file *file;
	enum sendas_status status =
	    sendas_passwords_file_open(path, &file, err);

	/* Whoever can read it: no credentials of Google's are at fault. */
	if (status == SENDAS_ERR_CREDENTIALS)
		status = err->code = SENDAS_ERR_INPUT;
	if (status != SENDAS_OK)
		return status;
	*out = sendas_xcalloc(1, sizeof(**out));
	(*out)->file = file;
	return SENDAS_OK;
}

void
sendas_passwords_free(struct sendas_passwords *passwords)
{
	if (passwords == NULL)
		return;
	sendas_passwords_file_free(passwords->file);
	free(passwords);
}

bool
sendas_passwords_has(const struct sendas_passwords *passwords,
    const char *mailbox, const char *address)
{
	if (passwords == NULL)
		return false;
	return passwords->file == NULL ||
	    sendas_passwords_file_has(passwords->file, mailbox, address);
}

bool
sendas_passwords_is_person(const struct sendas_passwords *passwords)
{
	return passwords != NULL && passwords->ui != NULL;
}

size_t
sendas_passwords_unused(const struct sendas_passwords *passwords, size_t *line)
{
	if (passwords == NULL || passwords->file == NULL)
		return 0;
	return sendas_passwords_file_unused(passwords->file, line);
}

static enum sendas_status
ask(const struct sendas_ui *ui, const struct sendas_passwords_wanted *wanted,
    struct sendas_secret *password, struct sendas_error *err)
{
	char *prompt =
	    sendas_xasprintf(_("Mail password of %s at %s (it is not shown; "
			       "Enter alone leaves the server as it is): "),
		wanted->address, wanted->host);
	enum sendas_status status = ui->secret(ui->ctx, prompt, password, err);

	free(prompt);
	if (status != SENDAS_OK || password->len > 0)
		return status;
	return sendas_fail(err, SENDAS_ERR_NOBODY,
	    _("No password was given, so the SMTP server was left as it is."));
}

static enum sendas_status
read_fd(struct sendas_passwords *passwords, struct sendas_secret *password,
    struct sendas_error *err)
{
	if (passwords->is_used)
		return sendas_fail(err, SENDAS_ERR_NOBODY,
		    _("The one password from the descriptor was used before. "
		      "Give those of several addresses with --passwords "
		      "FILE."));
	passwords->is_used = true;
	return sendas_file_read_password_fd(
	    passwords->fd, SENDAS_LIMIT_TOKEN_BYTES, password, err);
}

/* In JSON other bytes would become others, and Google would get a password
 * that nobody tried. A file was checked as a whole. */
static enum sendas_status
check_text(struct sendas_secret *password, struct sendas_error *err)
{
	if (sendas_text_is_line(password->data, password->len) &&
	    sendas_text_is_utf8(password->data, password->len))
		return SENDAS_OK;
	sendas_secret_clear(password);
	return sendas_fail(err, SENDAS_ERR_INPUT,
	    _("The password has control characters, or some that are not "
	      "UTF-8, so it was not tried. Type it anew."));
}

enum sendas_status
sendas_passwords_get(struct sendas_passwords *passwords,
    const struct sendas_passwords_wanted *wanted, char **user,
    struct sendas_secret *password, struct sendas_error *err)
{
	enum sendas_status status;

	if (passwords->file != NULL)
		return sendas_passwords_file_get(passwords->file,
		    wanted->mailbox, wanted->address, user, password, err);
	status = passwords->ui != NULL
	    ? ask(passwords->ui, wanted, password, err)
	    : read_fd(passwords, password, err);
	if (status == SENDAS_OK)
		status = check_text(password, err);
	if (status == SENDAS_OK)
		*user = sendas_xstrdup(wanted->address);
	return status;
}
