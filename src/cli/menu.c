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
#include "sendas/terminal.h"
#include "sendas/text.h"

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
		    _("  0  Go on where you left off: %s"), name);
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
	      "  4  Sign in to Google (needs a Google Cloud project; for "
	      "administrators)\n"
	      "  q  Quit"));
}

/* A choice as one character, folded: 0 when the person gave up, '?' when it
 * is none. */
static char
read_choice(const struct sendas_ui *ui)
{
	char *line = NULL, *folded, *answer, choice = 0;
	struct sendas_error err;

	if (ui->ask(ui->ctx,
		_("Number, then Enter:                               "
		  "Japanese: sendas --lang ja\n> "),
		&line, &err) != SENDAS_OK ||
	    line == NULL)
		return 0;
	folded = sendas_text_fold_width(line);
	answer = sendas_text_trim(folded);
	sendas_text_lower(answer);
	if (strlen(answer) == 1)
		choice = *answer;
	else
		choice = '?';
	free(answer);
	free(folded);
	free(line);
	return choice;
}

static int
sign_in_help(const struct sendas_ui *ui)
{
	ui->show(ui->ctx,
	    _("This version signs in with the key of a service account, which "
	      "the administrator of a\n"
	      "Google Workspace domain makes:\n"
	      "  sendas audit taro@example.com --credentials key.json\n"
	      "For an account of your own, choose 1: it needs no sign-in."));
	return 0;
}

static int
run_choice(
    char choice, const struct sendas_ui *ui, struct sendas_progress *progress)
{
	struct sendas_options options = {
	    .max_changes = -1, .access_token_fd = -1};
	char dash[] = "-";
	char *words[] = {dash, NULL};

	switch (choice) {
	case '0':
		return sendas_given_resume(&options, progress);
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
		return sign_in_help(ui);
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
sendas_menu_run(void)
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
		choice = read_choice(ui);
	} while (choice != 0 && choice != 'q' && !is_choice(choice, &progress));
	if (is_choice(choice, &progress))
		exit_status = run_choice(choice, ui, &progress);
	if (sendas_cli_stop != 0)
		exit_status = 130;
	sendas_progress_clear(&progress);
	return exit_status;
}
