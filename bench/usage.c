/* SPDX-License-Identifier: Apache-2.0 */
/*
 * usage.c: `usage FILE COMMAND...` runs a command and writes what it took to
 * FILE: microseconds of wall time, microseconds of CPU (user and system, with
 * its threads), KiB of memory at its peak. Ends as the command ends. As
 * time(1), whose hundredths of a second are too coarse here.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CANNOT_RUN 127

static long
wall_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static long
us_of(const struct timeval *time)
{
	return (long)time->tv_sec * 1000000 + (long)time->tv_usec;
}

static int
fail(const char *what)
{
	fprintf(stderr, "usage: %s: %s\n", what, strerror(errno));
	return CANNOT_RUN;
}

static int
write_usage(const char *path, long wall, const struct rusage *used)
{
	FILE *file = fopen(path, "w");

	if (file == NULL)
		return fail(path);
	fprintf(file, "%ld %ld %ld\n", wall,
	    us_of(&used->ru_utime) + us_of(&used->ru_stime), used->ru_maxrss);
	return fclose(file) == 0 ? 0 : fail(path);
}

int
main(int argc, char **argv)
{
	long before = wall_us();
	struct rusage used;
	int status, trouble;
	pid_t pid;

	if (argc < 3) {
		fputs("usage: usage FILE COMMAND...\n", stderr);
		return 2;
	}
	pid = fork();
	if (pid == 0) {
		/* Whoever ends this one ends the command with it. */
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		execvp(argv[2], argv + 2);
		_exit(fail(argv[2]));
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid)
		return fail(argv[2]);
	trouble = write_usage(argv[1], wall_us() - before, &used);
	if (trouble != 0)
		return trouble;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
