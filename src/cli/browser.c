/* SPDX-License-Identifier: Apache-2.0 */
/*
 * browser.c: starts the program that shows a page. No shell has a part in it:
 * the address is one argument, whatever stands in it.
 */
#include "sendas/browser.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/terminal.h"

/* What it says is not for this terminal, and it reads nothing from it. */
static void
silence(posix_spawn_file_actions_t *files)
{
	posix_spawn_file_actions_init(files);
	posix_spawn_file_actions_addopen(
	    files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(
	    files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_addopen(
	    files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	/* What a library opened is not for it either. */
	posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
}

/* A session of its own, so that Ctrl-C here is none there; and the signals
 * that are ignored here mean again what a program expects. */
static void
set_apart(posix_spawnattr_t *attributes)
{
	sigset_t defaults;

	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	sigaddset(&defaults, SIGXFSZ);
	posix_spawnattr_init(attributes);
	posix_spawnattr_setsigdefault(attributes, &defaults);
	posix_spawnattr_setflags(
	    attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF);
}

static bool
start(const char *const *words)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	pid_t pid;
	int trouble;

	silence(&files);
	set_apart(&attributes);
	/* The words are not changed; posix_spawn's type is older than const. */
	trouble = posix_spawnp(&pid, words[0], &files, &attributes,
	    (char *const *)(void *)words, environ);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return trouble == 0;
}

static bool
start_one(const char *program, const char *url)
{
	const char *words[] = {program, url, NULL};

	return start(words);
}

/* A name alone: what has options or a place for the address would have to be
 * taken apart as a shell does. */
static bool
is_name(const char *program)
{
	return *program != '\0' && strpbrk(program, " \t%\"'") == NULL;
}

static bool
start_from_list(const char *list, const char *url)
{
	char *copy = sendas_xstrdup(list), *rest = copy, *program;
	bool is_started = false;

	while (!is_started && (program = strsep(&rest, ":")) != NULL) {
		if (is_name(program))
			is_started = start_one(program, url);
		else if (*program != '\0')
			sendas_terminal_notice(
			    _("BROWSER: \"%.100s\" is passed over; it takes "
			      "the name of a program alone"),
			    program);
	}
	free(copy);
	return is_started;
}

/* WSL sets the variable; where it was lost, as under sudo, Microsoft's kernels
 * have a name of their own: 5.15.90.1-microsoft-standard-WSL2. */
static bool
is_wsl(void)
{
	FILE *file = fopen("/proc/sys/kernel/osrelease", "re");
	bool is = getenv("WSL_DISTRO_NAME") != NULL;
	char release[256];

	if (file == NULL)
		return is;
	if (fgets(release, sizeof(release), file) != NULL &&
	    strcasestr(release, "microsoft") != NULL)
		is = true;
	fclose(file);
	return is;
}

static bool
start_on_windows(const char *url)
{
	const char *words[] = {
	    "rundll32.exe", "url.dll,FileProtocolHandler", url, NULL};

	return start_one("wslview", url) || start(words);
}

static bool
has_display(void)
{
	const char *x = getenv("DISPLAY"), *wayland = getenv("WAYLAND_DISPLAY");

	return (x != NULL && *x != '\0') ||
	    (wayland != NULL && *wayland != '\0');
}

bool
sendas_browser_open(const char *url)
{
	const char *list = getenv("BROWSER");

	if (list != NULL && *list != '\0')
		return start_from_list(list, url);
	if (is_wsl())
		return start_on_windows(url);
	return has_display() && start_one("xdg-open", url);
}
