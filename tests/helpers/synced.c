/* SPDX-License-Identifier: Apache-2.0 */
/*
 * synced.c: to be preloaded: what a disk has after a power cut. Whenever the
 * program has a file in the folder $SYNCED_OF made durable, the file as it is
 * then is copied to the folder $SYNCED_TO. What is written and not made
 * durable never gets there.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The file's name below $SYNCED_OF; NULL for other files. */
static const char *
name_of(int fd, char *path, size_t size)
{
	const char *folder = getenv("SYNCED_OF");
	size_t len = folder != NULL ? strlen(folder) : 0;
	char link[64];
	ssize_t got;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	got = readlink(link, path, size - 1);
	if (len == 0 || got < 0)
		return NULL;
	path[got] = '\0';
	if (strncmp(path, folder, len) != 0 || path[len] != '/')
		return NULL;
	return path + len + 1;
}

/* By its own descriptor: to close another one of the same file would drop the
 * program's locks (fcntl(2)). */
static int
copy(int from, int to)
{
	char part[65536];
	off_t at = 0;
	ssize_t got;

	while ((got = pread(from, part, sizeof(part), at)) > 0) {
		if (write(to, part, (size_t)got) != got)
			return -1;
		at += got;
	}
	return (int)got;
}

/* A copy is there whole, or the one before is, whenever this is killed. */
static void
keep(int fd)
{
	char path[PATH_MAX], target[PATH_MAX + 64], part[PATH_MAX + 128];
	const char *name = name_of(fd, path, sizeof(path));
	struct stat info;
	int to;

	if (name == NULL || fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))
		return;
	snprintf(target, sizeof(target), "%s/%s", getenv("SYNCED_TO"), name);
	snprintf(part, sizeof(part), "%s.part", target);
	to = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (to < 0 || copy(fd, to) != 0 || close(to) != 0 ||
	    rename(part, target) != 0)
		abort();
}

int
fsync(int fd)
{
	int result = (int)syscall(SYS_fsync, fd);

	if (result == 0)
		keep(fd);
	return result;
}

int
fdatasync(int fd)
{
	int result = (int)syscall(SYS_fdatasync, fd);

	if (result == 0)
		keep(fd);
	return result;
}
