/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_login.c: sendas login: sign in as a person, in the browser.
 */
#include "sendas/cli.h"

#include <stdlib.h>
#include "sendas/i18n.h"
#include "sendas/signin.h"
#include "sendas/signin_screen.h"
#include "sendas/terminal.h"
#include "sendas/users.h"

static int run_login(const struct sendas_options *options);

const struct sendas_cli_command sendas_cli_login = {
    .name = "login",
    .options = SENDAS_OPTIONS_LOGIN,
    .summary = N_("sign in to Google in the browser, as a person"),
    .synopsis = "login [MAILBOX] [OPTION...]",
    .examples = "  sendas login --credentials client_secret.json\n"
		"  sendas login taro@gmail.com\n"
		"  sendas login --no-browser\n",
    .run = run_login,
};

static enum sendas_status
check_words(const struct sendas_options *options, struct sendas_error *err)
{
	if (options->word_count > 1)
		return sendas_fail(
		    err, SENDAS_ERR_USAGE, _("one mailbox signs in at a time"));
	if (options->word_count == 1 &&
	    !sendas_users_is_address(options->words[0]))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("\"%.100s\" is not an e-mail address"),
		    options->words[0]);
	return SENDAS_OK;
}

static enum sendas_status
sign_in(const struct sendas_options *options,
    const struct sendas_endpoints *endpoints, char **mailbox,
    struct sendas_error *err)
{
	struct sendas_signin_screen *screen = sendas_signin_screen_new(
	    !options->has_no_browser, &sendas_cli_stop);
	struct sendas_signin_options signin = {
	    .client = options->credentials,
	    .endpoints = endpoints,
	    .mailbox = options->word_count == 1 ? options->words[0] : NULL,
	    .ca_file = options->ca_file,
	    .timeout_ms = options->timeout_sec * 1000,
	    .wait_sec = options->wait_sec,
	    .stop = &sendas_cli_stop,
	    .ui = sendas_signin_screen_ui(screen),
	};
	enum sendas_status status = sendas_signin_run(&signin, mailbox, err);

	sendas_signin_screen_free(screen);
	return status;
}

enum sendas_status
sendas_cli_sign_in(
    const struct sendas_options *options, struct sendas_error *err)
{
	struct sendas_endpoints endpoints;
	enum sendas_status status;
	char *mailbox = NULL;

	sendas_endpoints_init(&endpoints);
	status = check_words(options, err);
	if (status == SENDAS_OK)
		status = sendas_cli_replace_endpoints(options, &endpoints, err);
	if (status == SENDAS_OK) {
		sendas_cli_tell_endpoints(&endpoints);
		status = sign_in(options, &endpoints, &mailbox, err);
	}
	if (status == SENDAS_OK)
		printf(_("Signed in: %s\n"), mailbox);
	free(mailbox);
	sendas_endpoints_clear(&endpoints);
	return status;
}

static int
run_login(const struct sendas_options *options)
{
	struct sendas_error err;
	enum sendas_status status = sendas_cli_sign_in(options, &err);

	if (status == SENDAS_OK)
		sendas_terminal_notice(
		    _("to look at the settings: sendas audit; to repair them: "
		      "sendas fix; to sign out: sendas logout"));
	else
		sendas_terminal_error("%s", err.message);
	return sendas_cli_exit_status(status);
}
