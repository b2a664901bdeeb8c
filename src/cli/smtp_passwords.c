/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smtp_passwords.c: from a command line to where its SMTP passwords come from.
 */
#include "sendas/cli.h"

#include "sendas/i18n.h"
#include "sendas/terminal.h"
#include "sendas/tty.h"

static enum sendas_status
check(const struct sendas_options *options, bool is_one_mailbox,
    struct sendas_error *err)
{
	if (options->passwords != NULL && options->password_fd >= 0)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("give --passwords or --password-fd, not both"));
	if (options->password_fd < 0)
		return SENDAS_OK;
	if (options->password_fd == options->access_token_fd)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--password-fd and --access-token-fd cannot read the "
		      "same descriptor"));
	if (!is_one_mailbox)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--password-fd has one password, for one mailbox; give "
		      "those of several with --passwords FILE"));
	return SENDAS_OK;
}

/* Whether there is somebody who is to be asked: an administrator. Of a person's
 * own account Google takes no change, as far as is known, and they are led
 * through it in Gmail, where they type the password. */
static bool
has_person(const struct sendas_options *options,
    const struct sendas_credentials *credentials)
{
	struct sendas_tty *tty;

	if (options->is_yes || sendas_credentials_is_person(credentials) ||
	    sendas_tty_open(&sendas_cli_stop, &tty, NULL) != SENDAS_OK)
		return false;
	sendas_tty_close(tty);
	return true;
}

enum sendas_status
sendas_cli_find_passwords(const struct sendas_options *options,
    bool is_one_mailbox, struct sendas_cli_setup *setup,
    struct sendas_error *err)
{
	struct sendas_run_options *run = &setup->run_options;
	enum sendas_status status = check(options, is_one_mailbox, err);

	setup->is_one_mailbox = is_one_mailbox;
	run->is_login_skipped = options->has_no_probe;
	run->max_logins = options->max_logins;
	if (status != SENDAS_OK)
		return status;
	if (options->passwords != NULL)
		status = sendas_passwords_from_file(
		    options->passwords, &setup->passwords, err);
	else if (options->password_fd >= 0)
		setup->passwords =
		    sendas_passwords_from_fd((int)options->password_fd);
	else if (is_one_mailbox && has_person(options, &setup->credentials))
		setup->passwords = sendas_passwords_from_person(run->ui);
	run->passwords = setup->passwords;
	if (status == SENDAS_OK && setup->passwords != NULL &&
	    options->has_no_probe)
		sendas_terminal_notice(
		    _("passwords are not tried before Google gets them "
		      "(--no-probe)"));
	return status;
}

void
sendas_cli_tell_unused_passwords(
    const struct sendas_cli_setup *setup, const struct sendas_options *options)
{
	size_t line, count = sendas_passwords_unused(setup->passwords, &line);

	if (count > 0)
		sendas_terminal_notice(
		    ngettext("%s: %zu entry (line %zu) is for no address that "
			     "needs another server",
			"%s: %zu entries (the first is line %zu) are for no "
			"address that needs another server",
			count),
		    options->passwords, count, line);
}
