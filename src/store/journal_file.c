/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_file.c: where the journal is, who may read it, and where a damaged
 * one goes. Never opens a file that is there: to close it again would drop the
 * locks of every connection in this process (fcntl(2)).
 */
#include "journal_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/state_dir.h"

/* The write-ahead log and its index, by SQLite's names. */
static const char *const beside[] = {"-wal", "-shm"};

#define BESIDE_COUNT (sizeof(beside) / sizeof(beside[0]))

char *
sendas_journal_default_path(void)
{
	return sendas_state_dir_path("journal.db");
}

static enum sendas_status
fail_errno(struct sendas_error *err, const char *path, const char *what)
{
	return sendas_fail(
	    err, SENDAS_ERR_FILE, "%s: %s: %s", path, what, strerror(errno));
}

static enum sendas_status
check_file(const char *path, const struct stat *info, struct sendas_error *err)
{
	/* Two names for one journal would be two sets of locks, and its name,
	 * given by mistake or by malice, may stand for any file of ours. */
	if (S_ISLNK(info->st_mode))
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: it is a symbolic link. Give the journal's own name "
		      "with --journal FILE."),
		    path);
	if (!S_ISREG(info->st_mode))
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: this is not a regular file"), path);
	if (info->st_uid != geteuid())
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: the journal belongs to another user, so it is not "
		      "used. Give one of your own with --journal FILE."),
		    path);
	if ((info->st_mode & 077) != 0 && sendas_file_is_on_windows(path))
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: files on a Windows drive have no permissions here, "
		      "so others could read the journal. Give another place "
		      "with --journal FILE."),
		    path);
	if ((info->st_mode & 077) != 0)
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: other users of this machine can read the journal, "
		      "so it is not used. Run: chmod 600 %s"),
		    path, path);
	return SENDAS_OK;
}

/* Makes an empty file, 0600 whatever the umask is. That another process makes
 * it at the same moment is no failure. */
static enum sendas_status
make_file(const char *path, struct sendas_error *err)
{
	int fd = open(
	    path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0 && errno == EEXIST)
		return SENDAS_OK;
	if (fd < 0)
		return fail_errno(err, path, _("cannot be made"));
	if (fchmod(fd, 0600) != 0) {
		fail_errno(err, path, _("cannot be made"));
		close(fd);
		return SENDAS_ERR_FILE;
	}
	close(fd);
	return SENDAS_OK;
}

/* The path with its folder's links resolved; NULL and errno when there is no
 * such folder. SQLite refuses a link anywhere in it. */
static char *
resolve(const char *path, bool is_reading)
{
	char *for_dir = sendas_xstrdup(path), *for_base = sendas_xstrdup(path);
	char *dir = dirname(for_dir), *real, *resolved = NULL;

	if (!is_reading)
		sendas_state_dir_make(dir);
	real = realpath(dir, NULL);
	if (real != NULL)
		resolved = sendas_xasprintf("%s/%s",
		    strcmp(real, "/") == 0 ? "" : real, basename(for_base));
	free(real);
	free(for_dir);
	free(for_base);
	return resolved;
}

enum sendas_status
sendas_journal_file_prepare(
    struct sendas_journal *journal, const char *path, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;
	struct stat info;

	journal->path = resolve(path, journal->is_reading);
	if (journal->path == NULL && journal->is_reading && errno == ENOENT) {
		journal->path = sendas_xstrdup(path);
		journal->is_empty = true;
		return SENDAS_OK;
	}
	if (journal->path == NULL)
		return fail_errno(err, path, _("cannot be opened"));
	if (lstat(journal->path, &info) != 0 && errno == ENOENT) {
		journal->is_empty = journal->is_reading;
		if (!journal->is_reading)
			status = make_file(journal->path, err);
	}
	if (status != SENDAS_OK || journal->is_empty)
		return status;
	if (lstat(journal->path, &journal->file) != 0)
		return fail_errno(err, journal->path, _("cannot be opened"));
	return check_file(journal->path, &journal->file, err);
}

bool
sendas_journal_file_is_alone(const char *path)
{
	char *log = sendas_xasprintf("%s%s", path, beside[0]);
	struct stat info;
	bool is = lstat(log, &info) != 0 || info.st_size == 0;

	free(log);
	return is;
}

/* A name that nothing has yet. */
static char *
free_name(const char *path)
{
	time_t now = time(NULL);
	struct stat info;
	struct tm utc;
	char when[32];
	char *name;

	gmtime_r(&now, &utc);
	strftime(when, sizeof(when), "%Y%m%dT%H%M%SZ", &utc);
	name = sendas_xasprintf("%s.damaged-%s", path, when);
	for (int i = 2; lstat(name, &info) == 0; i++) {
		free(name);
		name = sendas_xasprintf("%s.damaged-%s-%d", path, when, i);
	}
	return name;
}

/* Gives the log the name that goes with the file's new one. */
static void
move_beside(const char *path, const char *name, const char *suffix)
{
	char *from = sendas_xasprintf("%s%s", path, suffix);
	char *to = sendas_xasprintf("%s%s", name, suffix);

	(void)rename(from, to);
	free(from);
	free(to);
}

char *
sendas_journal_file_set_aside(const char *path, const struct stat *file)
{
	struct stat info;
	char *name;

	/* Another process may have been faster, and another journal be
	 * there. */
	if (lstat(path, &info) != 0 || info.st_dev != file->st_dev ||
	    info.st_ino != file->st_ino)
		return NULL;
	name = free_name(path);
	/* First: a new file must not meet an old log. */
	for (size_t i = 0; i < BESIDE_COUNT; i++)
		move_beside(path, name, beside[i]);
	if (rename(path, name) != 0) {
		free(name);
		return NULL;
	}
	return name;
}
