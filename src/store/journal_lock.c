/* SPDX-License-Identifier: Apache-2.0 */
/*
 * journal_lock.c: who is at which run: a file beside the journal, locked as
 * long as its process lives, whatever ends it. The lock belongs to the open
 * file (F_OFD_SETLK, fcntl(2)), not to the process, and is tested without
 * being taken.
 */
#include "journal_inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "sendas/mem.h"

#define MAX_ID 64

/* Whoever deletes a stale file holds its lock for a moment. */
#define TRIES 5
#define PAUSE_NS 20000000

bool
sendas_journal_is_id(const char *id)
{
	size_t len = 0;

	if (id == NULL)
		return false;
	for (; id[len] != '\0'; len++) {
		char c = id[len];

		if (len == MAX_ID ||
		    !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
			(c >= 'A' && c <= 'Z') || c == '-'))
			return false;
	}
	return len > 0;
}

static char *
lock_path(const char *path, const char *id)
{
	return sendas_xasprintf("%s.run-%s.lock", path, id);
}

static bool
set_lock(int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_SETLK, &whole) == 0;
}

/* True when the open file is still the one at `path`. */
static bool
is_at(int fd, const char *path)
{
	struct stat open, named;

	return fstat(fd, &open) == 0 && lstat(path, &named) == 0 &&
	    open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

static long
read_pid(int fd)
{
	char text[32];
	ssize_t got = pread(fd, text, sizeof(text) - 1, 0);

	if (got <= 0)
		return 0;
	text[got] = '\0';
	return strtol(text, NULL, 10);
}

static void
write_pid(int fd)
{
	char text[32];
	int len = snprintf(text, sizeof(text), "%ld\n", (long)getpid());

	/* Only for a message. */
	if (ftruncate(fd, 0) != 0 || pwrite(fd, text, (size_t)len, 0) != len)
		(void)ftruncate(fd, 0);
}

/* One try; TAKEN with fd -1 when the file was deleted meanwhile. */
static enum sendas_journal_lock_result
try_lock(const char *path, int *fd, long *pid)
{
	*fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*fd < 0)
		return SENDAS_JOURNAL_LOCK_FAILED;
	if (!set_lock(*fd)) {
		*pid = read_pid(*fd);
		close(*fd);
		*fd = -1;
		return SENDAS_JOURNAL_LOCK_HELD;
	}
	if (!is_at(*fd, path)) {
		close(*fd);
		*fd = -1;
	}
	return SENDAS_JOURNAL_LOCK_TAKEN;
}

enum sendas_journal_lock_result
sendas_journal_lock_take(const char *path, const char *id,
    struct sendas_journal_lock *lock, long *pid)
{
	const struct timespec pause = {.tv_nsec = PAUSE_NS};
	enum sendas_journal_lock_result result = SENDAS_JOURNAL_LOCK_TAKEN;
	char *name;
	int fd = -1;

	if (path == NULL)
		return SENDAS_JOURNAL_LOCK_TAKEN;
	name = lock_path(path, id);
	for (int i = 0; i < TRIES && fd < 0; i++) {
		if (i > 0)
			nanosleep(&pause, NULL);
		result = try_lock(name, &fd, pid);
		if (result == SENDAS_JOURNAL_LOCK_FAILED)
			break;
	}
	if (fd < 0) {
		free(name);
		return result == SENDAS_JOURNAL_LOCK_FAILED
		    ? result
		    : SENDAS_JOURNAL_LOCK_HELD;
	}
	(void)fchmod(fd, 0600);
	write_pid(fd);
	lock->path = name;
	lock->fd = fd;
	return SENDAS_JOURNAL_LOCK_TAKEN;
}

void
sendas_journal_lock_release(struct sendas_journal_lock *lock)
{
	if (lock->path == NULL)
		return;
	/* While it is still locked: afterwards it may be another's. */
	if (is_at(lock->fd, lock->path))
		(void)unlink(lock->path);
	close(lock->fd);
	free(lock->path);
	lock->path = NULL;
}

/* Whether a process holds the lock of an open file. */
static bool
is_locked(int fd)
{
	struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	return fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
}

bool
sendas_journal_lock_is_held(const char *path, const char *id)
{
	char *name;
	bool is = false;
	int fd;

	if (path == NULL || !sendas_journal_is_id(id))
		return false;
	name = lock_path(path, id);
	fd = open(name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd >= 0) {
		is = is_locked(fd);
		close(fd);
	}
	free(name);
	return is;
}

static void
clean_one(const char *name)
{
	int fd = open(name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		return;
	if (!is_locked(fd) && set_lock(fd) && is_at(fd, name))
		(void)unlink(name);
	close(fd);
}

/* True for BASE.run-ID.lock. */
static bool
is_lock_name(const char *name, const char *base)
{
	size_t len = strlen(base), all = strlen(name);

	return all > len + 10 && strncmp(name, base, len) == 0 &&
	    strncmp(name + len, ".run-", 5) == 0 &&
	    strcmp(name + all - 5, ".lock") == 0;
}

void
sendas_journal_lock_clean(const char *path)
{
	char *for_dir, *for_base, *dir_name, *base, *name;
	struct dirent **entries = NULL;
	int count;

	if (path == NULL)
		return;
	for_dir = sendas_xstrdup(path);
	for_base = sendas_xstrdup(path);
	dir_name = dirname(for_dir);
	base = basename(for_base);
	count = scandir(dir_name, &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (is_lock_name(entries[i]->d_name, base)) {
			name = sendas_xasprintf(
			    "%s/%s", dir_name, entries[i]->d_name);
			clean_one(name);
			free(name);
		}
		free(entries[i]);
	}
	free(entries);
	free(for_dir);
	free(for_base);
}
