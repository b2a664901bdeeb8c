/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c: the command table, the language, the signals, and the way out.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>
#include "config.h"
#include "sendas/cli.h"
#include "sendas/http.h"
#include "sendas/i18n.h"
#include "sendas/loopback.h"
#include "sendas/mem.h"
#include "sendas/menu.h"
#include "sendas/oauth2_glue.h"
#include "sendas/suggest.h"
#include "sendas/terminal.h"

volatile sig_atomic_t sendas_cli_stop;

static const struct sendas_cli_command *const commands[] = {&sendas_cli_audit,
    &sendas_cli_fix, &sendas_cli_undo, &sendas_cli_runs, &sendas_cli_explain,
    &sendas_cli_login, &sendas_cli_logout, &sendas_cli_probe,
    &sendas_cli_doctor};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void
handle_signal(int number)
{
	(void)number;
	if (sendas_cli_stop != 0)
		_exit(130);
	sendas_cli_stop = 1;
}

static void
handle_stop_signals(int flags)
{
	struct sigaction action = {
	    .sa_handler = handle_signal, .sa_flags = flags};

	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

/* SA_RESTART, since a lock in liboauth2 does not survive EINTR; questions
 * wait with poll(2), which is never restarted. */
static void
install_signals(void)
{
	handle_stop_signals(SA_RESTART);
	/* A closed pipe, or a file that may grow no further, is an error to be
	 * told, not a death in the middle of a change. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

void
sendas_cli_allow_interrupt(void)
{
	handle_stop_signals(0);
}

/* Private keys and tokens must not be left in a core file, nor be read by
 * another process of this user through a debugger. */
static void
forbid_core_dumps(void)
{
	struct rlimit none = {0, 0};

	setrlimit(RLIMIT_CORE, &none);
#ifndef WITH_SANITIZER /* it looks for leaks as a debugger would */
	prctl(PR_SET_DUMPABLE, 0);
#endif
}

/* Where the catalogues are: installed, or, when this program stands in the
 * folder where it was built, the ones made there. The caller frees it. */
static char *
find_locale_dir(void)
{
	char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash, *marker;
	bool is_built_here;

	if (len <= 0)
		return sendas_xstrdup(LOCALEDIR);
	path[len] = '\0';
	slash = strrchr(path, '/');
	if (slash == NULL)
		return sendas_xstrdup(LOCALEDIR);
	*slash = '\0';
	marker = sendas_xasprintf("%s/config.status", path);
	is_built_here = access(marker, F_OK) == 0;
	free(marker);
	if (!is_built_here)
		return sendas_xstrdup(LOCALEDIR);
	return sendas_xasprintf("%s/locale", path);
}

static void
write_version(void)
{
	printf("sendas %s\n%s, %s, %s\n", VERSION, sendas_http_version(),
	    sendas_oauth2_version(), sendas_loopback_version());
}

static void
write_help(void)
{
	printf("%s\n\n%s\n\n",
	    _("sendas finds out why mail sent from Gmail with another "
	      "provider's address\n(here OCN) comes back, and repairs the "
	      "\"Send mail as\" settings behind it."),
	    _("Usage: sendas COMMAND [MAILBOX...] [OPTION...]"));
	for (size_t i = 0; i < COMMANDS; i++)
		printf("  sendas %-7s %s\n", commands[i]->name,
		    _(commands[i]->summary));
	printf("\n%s\n%s\n%s\n%s\n",
	    _("Without a command, at a terminal: a short menu."),
	    _("Options and examples of a command: sendas COMMAND --help"),
	    _("In Japanese: sendas --help --lang ja"),
	    _("Google lets a personal account be read, not changed, by a "
	      "program: there sendas\nshows the steps to do by hand."));
}

static void
write_command_help(const struct sendas_cli_command *command)
{
	const char *line = command->synopsis;
	const char *end;

	printf("%s\n\n", _(command->summary));
	while (*line != '\0') {
		end = strchrnul(line, '\n');
		printf("  sendas %.*s\n", (int)(end - line), line);
		line = *end == '\0' ? end : end + 1;
	}
	printf("\n%s\n", _("Options:"));
	sendas_options_write_help(stdout, command->options);
	printf("\n%s\n%s", _("Examples:"), command->examples);
}

static const struct sendas_cli_command *
find_command(const char *name)
{
	for (size_t i = 0; i < COMMANDS; i++) {
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	}
	return NULL;
}

static int
run_command(const struct sendas_cli_command *command, int argc, char **argv)
{
	struct sendas_options options;
	struct sendas_error err;

	if (sendas_options_parse(
		command->options, argc, argv, &options, &err) != SENDAS_OK) {
		sendas_terminal_error("%s", err.message);
		sendas_terminal_error(_("sendas %s --help shows what there "
					"is"),
		    command->name);
		return sendas_cli_exit_status(err.code);
	}
	sendas_terminal_set_quiet(options.is_quiet);
	if (options.is_help) {
		write_command_help(command);
		return 0;
	}
	install_signals();
	return command->run(&options);
}

/* Tells that there is no such command; returns the exit status. */
static int
refuse_command(const char *word)
{
	const char *names[COMMANDS], *closest;
	char *list = sendas_xstrdup(""), *longer;

	for (size_t i = 0; i < COMMANDS; i++) {
		names[i] = commands[i]->name;
		longer = sendas_xasprintf(
		    "%s%s%s", list, i > 0 ? ", " : "", names[i]);
		free(list);
		list = longer;
	}
	closest = sendas_suggest_closest(word, names, COMMANDS);
	if (closest != NULL)
		sendas_terminal_error(
		    _("\"%.100s\" is not a command; %s, perhaps? There are: "
		      "%s. sendas --help tells more."),
		    word, closest, list);
	else
		sendas_terminal_error(
		    _("\"%.100s\" is not a command; there are: %s. sendas "
		      "--help tells more."),
		    word, list);
	free(list);
	return sendas_cli_exit_status(SENDAS_ERR_USAGE);
}

/* Nothing was asked for: a person gets the menu, anything else the help. */
static int
run_bare(int argc, char **argv)
{
	struct sendas_options options;
	struct sendas_error err;

	if (sendas_options_parse(
		SENDAS_OPTIONS_MENU, argc, argv, &options, &err) != SENDAS_OK) {
		sendas_terminal_error("%s", err.message);
		return sendas_cli_exit_status(err.code);
	}
	if (options.word_count > 0)
		return refuse_command(options.words[0]);
	if (!sendas_menu_is_possible() || options.is_help) {
		write_help();
		return 0;
	}
	install_signals();
	return sendas_menu_run(&options);
}

/* What is asked of the program itself, not of a command: its version, its
 * help, or the menu. */
static int
run_without_command(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--version") == 0) {
			write_version();
			return 0;
		}
	}
	if (argc == 2 && strcmp(argv[1], "help") == 0) {
		write_help();
		return 0;
	}
	if (argc > 1 && argv[1][0] != '-')
		return refuse_command(argv[1]);
	return run_bare(argc, argv);
}

int
main(int argc, char **argv)
{
	const struct sendas_cli_command *command = NULL;
	char *locale_dir = find_locale_dir();
	int exit_status;

	sendas_i18n_init(sendas_options_find_lang(argc, argv), locale_dir);
	free(locale_dir);
	forbid_core_dumps();
	sendas_http_init();
	sendas_oauth2_init();
	if (argc > 1)
		command = find_command(argv[1]);
	exit_status = command != NULL ? run_command(command, argc - 1, argv + 1)
				      : run_without_command(argc, argv);
	sendas_oauth2_shutdown();
	if ((fflush(stdout) != 0 || ferror(stdout)) && exit_status <= 1) {
		sendas_terminal_error(
		    "%s", _("the results could not be written"));
		exit_status = sendas_cli_exit_status(SENDAS_ERR_FILE);
	}
	return exit_status;
}
