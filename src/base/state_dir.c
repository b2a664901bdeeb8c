/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state_dir.c: where state is kept, and folders for it that nobody else can
 * look into. Knows nothing of what is in them.
 */
#include "sendas/state_dir.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "sendas/file.h"
#include "sendas/mem.h"

/* A path that is not absolute is to be passed over (XDG Base Directory
 * Specification). */
static const char *
absolute_value(const char *variable)
{
	const char *value = getenv(variable);

	return value != NULL && *value == '/' ? value : NULL;
}

char *
sendas_state_dir_path(const char *name)
{
	const char *list = absolute_value("STATE_DIRECTORY");
	const char *state = absolute_value("XDG_STATE_HOME");
	const char *home = absolute_value("HOME");

	if (list != NULL)
		return sendas_xasprintf(
		    "%.*s/%s", (int)strcspn(list, ":"), list, name);
	if (state != NULL)
		return sendas_xasprintf("%s/sendas/%s", state, name);
	if (home != NULL)
		return sendas_xasprintf(
		    "%s/.local/state/sendas/%s", home, name);
	return NULL;
}

/* As durable as what will be in it. */
static void
make_one(const char *path)
{
	if (mkdir(path, 0700) != 0)
		return;
	(void)chmod(path, 0700);
	sendas_file_sync_folder(path);
}

void
sendas_state_dir_make(const char *path)
{
	char *copy = sendas_xstrdup(path), *slash = copy;

	while (*slash != '\0' && (slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		make_one(copy);
		*slash = '/';
	}
	make_one(copy);
	free(copy);
}
