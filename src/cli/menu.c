/* SPDX-License-Identifier: Apache-2.0 */
/*
 * menu.c: the short menu. Each choice is a command that can also be typed;
 * nothing can be done here that cannot be done there.
 */
#include "sendas/menu.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "sendas/cli.h"
#include "sendas/given.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/progress.h"
#include "sendas/signed_in.h"
#include "sendas/signin.h"
#include "sendas/terminal.h"
#include "sendas/text.h"

#define ENTER '\n'

/* That one key can name. */
#define CHOICES 9

bool
sendas_menu_is_possible(void)
{
	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
}

/* "taro@sky.ocn.ne.jp (11/24 14:02)"; the caller frees it. */
static char *
name_progress(const struct sendas_progress *progress)
{
	const struct sendas_mailbox *mailbox = progress->mailbox;
	const char *name = mailbox->mailbox;
	char when[32];
	struct tm local;

	if (mailbox->address_count == 1)
		name = mailbox->addresses[0].address;
	localtime_r(&progress->when, &local);
	strftime(when, sizeof(when), "%m/%d %H:%M", &local);
	return sendas_xasprintf(
	    "%s (%s)", name != NULL ? name : _("(mailbox unknown)"), when);
}

static void
show(const struct sendas_ui *ui, const struct sendas_progress *progress)
{
	char *name, *line;

	ui->show(ui->ctx,
	    _("Finds out why OCN mail sent from Gmail comes back, and shows "
	      "how to put it right.\n"
	      "Looking changes nothing, and your mail is not read.\n"));
	if (progress->way != SENDAS_PROGRESS_NONE) {
		name = name_progress(progress);
		line = sendas_xasprintf(
		    _("  0  Go on where you left off: %s  <- Enter"), name);
		ui->show(ui->ctx, line);
		free(line);
		free(name);
	}
	ui->show(ui->ctx,
	    _("  1  Answer questions while looking at Gmail's settings (no "
	      "sign-up, 5 minutes)  <- start here\n"
	      "  2  Paste the settings copied from a Google page (no "
	      "sign-up; that page is in English)\n"
	      "  3  Explain an error mail that came back\n"
	      "  4  Sign in to Google and look (needs a Google Cloud project; "
	      "for administrators: sendas doctor)\n"
	      "  q  Quit"));
}

/* A choice as one character, folded: 0 when the person gave up, ENTER for an
 * empty line, '?' when it is none. */
static char
read_choice(const struct sendas_ui *ui, const char *prompt)
{
	char *line = NULL, *folded, *answer, choice = 0;
	struct sendas_error err;

	if (ui->ask(ui->ctx, prompt, &line, &err) != SENDAS_OK || line == NULL)
		return 0;
	folded = sendas_text_fold_width(line);
	answer = sendas_text_trim(folded);
	sendas_text_lower(answer);
	if (*answer == '\0')
		choice = ENTER;
	else if (strlen(answer) == 1)
		choice = *answer;
	else
		choice = '?';
	free(answer);
	free(folded);
	free(line);
	return choice;
}

/* A menu of sign-ins; *out is borrowed from the list, or NULL. */
static void
choose_sign_in(const struct sendas_ui *ui,
    const struct sendas_token_store_list *list, const char **out)
{
	size_t number = 0;
	char *line;

	*out = NULL;
	ui->show(ui->ctx, _("Which account?"));
	for (size_t i = 0; i < list->count && i < CHOICES; i++) {
		line = sendas_xasprintf("  %zu  %s", i + 1, list->mailboxes[i]);
		ui->show(ui->ctx, line);
		free(line);
	}
	if (list->count > CHOICES)
		ui->show(ui->ctx, _("     Others: sendas audit MAILBOX"));
	do {
		char choice =
		    read_choice(ui, _("Number, then Enter (q: quit): "));

		if (choice == 0 || choice == 'q')
			return;
		number =
		    choice >= '1' && choice <= '9' ? (size_t)(choice - '0') : 0;
	} while (number == 0 || number > list->count);
	*out = list->mailboxes[number - 1];
}

/* For those who cannot sign in. */
static void
tell_other_ways(const struct sendas_ui *ui)
{
	ui->show(ui->ctx,
	    _("\nFor a look at your own settings choose 1: it needs no "
	      "sign-in.\n"
	      "An administrator of a Google Workspace domain uses the key of a "
	      "service account:\n"
	      "  sendas doctor --credentials key.json"));
}

/* Audits the mailbox, which offers the repair. */
static int
audit_signed_in(const struct sendas_options *options, const char *mailbox)
{
	struct sendas_options audit = *options;
	char *name = sendas_xstrdup(mailbox);
	char *words[] = {name, NULL};
	int exit_status;

	audit.words = words;
	audit.word_count = 1;
	exit_status = sendas_cli_audit.run(&audit);
	free(name);
	return exit_status;
}

/* Signs in, unless somebody is; *list is who is signed in then. */
static enum sendas_status
ensure_sign_in(const struct sendas_options *options,
    struct sendas_token_store_list *list, struct sendas_error *err)
{
	enum sendas_status status = sendas_signin_list(list, err);

	if (status != SENDAS_OK || list->count > 0)
		return status;
	sendas_signin_list_clear(list);
	status = sendas_cli_sign_in(options, err);
	return status == SENDAS_OK ? sendas_signin_list(list, err) : status;
}

static int
sign_in_and_look(
    const struct sendas_ui *ui, const struct sendas_options *options)
{
	struct sendas_token_store_list list = {0};
	const char *mailbox = NULL;
	enum sendas_status status;
	struct sendas_error err;
	int exit_status = 0;

	status = ensure_sign_in(options, &list, &err);
	if (status != SENDAS_OK) {
		sendas_terminal_error("%s", err.message);
		/* Mostly there is no client. */
		if (status == SENDAS_ERR_CREDENTIALS)
			tell_other_ways(ui);
		return sendas_cli_exit_status(status);
	}
	if (list.count == 1)
		mailbox = list.mailboxes[0];
	else
		choose_sign_in(ui, &list, &mailbox);
	if (mailbox != NULL)
		exit_status = audit_signed_in(options, mailbox);
	sendas_signin_list_clear(&list);
	return exit_status;
}

static int
go_on(const struct sendas_options *options, struct sendas_progress *progress)
{
	if (progress->way == SENDAS_PROGRESS_SIGN_IN)
		return sendas_signed_in_resume(options, progress);
	return sendas_given_resume(options, progress);
}

static int
run_choice(char choice, const struct sendas_ui *ui,
    const struct sendas_options *given, struct sendas_progress *progress)
{
	struct sendas_options options = *given;
	char dash[] = "-";
	char *words[] = {dash, NULL};

	switch (choice) {
	case '0':
		return go_on(&options, progress);
	case '1':
		options.is_ask = true;
		return sendas_given_run("audit", &options);
	case '2':
		options.from = "-";
		return sendas_given_run("audit", &options);
	case '3':
		options.words = words;
		options.word_count = 1;
		return sendas_cli_explain.run(&options);
	default:
		return sign_in_and_look(ui, &options);
	}
}

static bool
is_choice(char choice, const struct sendas_progress *progress)
{
	if (choice == '0')
		return progress->way != SENDAS_PROGRESS_NONE;
	return choice >= '1' && choice <= '4';
}

int
sendas_menu_run(const struct sendas_options *options)
{
	const struct sendas_ui *ui = sendas_terminal_ui(&sendas_cli_stop);
	struct sendas_progress progress = {0};
	struct sendas_error err;
	int exit_status = 0;
	char choice;

	if (sendas_progress_load(&progress, &err) != SENDAS_OK)
		sendas_terminal_notice("%s", err.message);
	show(ui, &progress);
	do {
		choice = read_choice(ui,
		    _("Number, then Enter:                               "
		      "Japanese: sendas --lang ja\n> "));
		if (choice == ENTER && is_choice('0', &progress))
			choice = '0';
	} while (choice != 0 && choice != 'q' && !is_choice(choice, &progress));
	if (is_choice(choice, &progress))
		exit_status = run_choice(choice, ui, options, &progress);
	if (sendas_cli_stop != 0)
		exit_status = 130;
	sendas_progress_clear(&progress);
	return exit_status;
}
