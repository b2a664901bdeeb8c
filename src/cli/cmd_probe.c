/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd_probe.c: sendas probe: does the login at the provider's relay work? No
 * mail is sent, and the password goes nowhere else.
 */
#include "sendas/cli.h"

#include <stdlib.h>
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/policy_file.h"
#include "sendas/probe.h"
#include "sendas/terminal.h"
#include "sendas/text.h"

#define EXIT_REFUSED 1
#define EXIT_NOT_PROVED 4

static int run_probe(const struct sendas_options *options);

const struct sendas_cli_command sendas_cli_probe = {
    .name = "probe",
    .options = SENDAS_OPTIONS_PROBE,
    .summary = N_("does the provider's SMTP login work? sends no mail"),
    .synopsis = "probe ADDRESS [OPTION...]",
    .examples = "  sendas probe taro@sky.ocn.ne.jp\n"
		"  sendas probe taro@sky.ocn.ne.jp --password-fd 3 3< file\n",
    .run = run_probe,
};

static enum sendas_status
check_words(const struct sendas_options *options, struct sendas_error *err)
{
	if (options->word_count != 1)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("give one address, as in: sendas probe "
		      "taro@ocn.ne.jp"));
	return SENDAS_OK;
}

static enum sendas_status
ask_password(struct sendas_secret *out, struct sendas_error *err)
{
	const struct sendas_ui *ui = sendas_terminal_ui(&sendas_cli_stop);
	enum sendas_status status = ui->secret(
	    ui->ctx, _("Mail password (it is not shown): "), out, err);

	if (status != SENDAS_OK || out->len > 0)
		return status;
	return sendas_fail(err, SENDAS_ERR_NOBODY,
	    _("no password was given, so nothing was sent"));
}

static enum sendas_status
read_password(const struct sendas_options *options, struct sendas_secret *out,
    struct sendas_error *err)
{
	if (options->password_fd < 0)
		return ask_password(out, err);
	return sendas_file_read_password_fd(
	    (int)options->password_fd, SENDAS_LIMIT_TOKEN_BYTES, out, err);
}

static int
tell(const struct sendas_policy *policy, const char *address,
    const struct sendas_smtp_result *result)
{
	char *text = sendas_probe_explain(policy, address, result);
	char *safe = sendas_text_safe(text, true);

	if (sendas_cli_stop != 0)
		sendas_terminal_error("%s", _("interrupted"));
	else
		fputs(safe, stdout);
	free(safe);
	free(text);
	if (sendas_cli_stop != 0)
		return 130;
	if (result->verdict == SENDAS_SMTP_LOGGED_IN)
		return 0;
	return sendas_probe_is_refused(result->verdict) ? EXIT_REFUSED
							: EXIT_NOT_PROVED;
}

/* Once it is known that there is something to probe. */
static enum sendas_status
probe(const struct sendas_options *options, const struct sendas_policy *policy,
    struct sendas_smtp_result *result, struct sendas_error *err)
{
	struct sendas_secret password = {0};
	struct sendas_probe_options probe_options = {
	    .policy = policy,
	    .address = options->words[0],
	    .user = options->user,
	    .password = &password,
	    .ca_file = options->ca_file,
	    .timeout_ms = options->timeout_sec * 1000,
	    .stop = &sendas_cli_stop,
	};
	enum sendas_status status = read_password(options, &password, err);

	if (status == SENDAS_OK)
		status = sendas_probe_run(&probe_options, result, err);
	sendas_secret_clear(&password);
	return status;
}

static int
run_probe(const struct sendas_options *options)
{
	struct sendas_policy *policy = NULL;
	struct sendas_smtp_result result;
	enum sendas_status status;
	struct sendas_error err;
	int exit_status;

	status = check_words(options, &err);
	if (status == SENDAS_OK)
		status = sendas_policy_file_load(
		    options->policy != NULL ? options->policy : "ocn", &policy,
		    &err);
	if (status == SENDAS_OK)
		status = sendas_probe_check(policy, options->words[0], &err);
	if (status == SENDAS_OK)
		status = probe(options, policy, &result, &err);
	if (status == SENDAS_OK) {
		exit_status = tell(policy, options->words[0], &result);
	} else {
		if (sendas_cli_stop != 0)
			err.code = SENDAS_ERR_CANCELLED;
		sendas_terminal_error("%s",
		    sendas_cli_stop != 0 ? _("interrupted") : err.message);
		exit_status = sendas_cli_exit_status(err.code);
	}
	sendas_policy_free(policy);
	return exit_status;
}
