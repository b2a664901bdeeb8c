/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fault.c: kills the process at a named point, for tests. Empty in a build
 * without --enable-fault-points.
 */
#include "sendas/fault.h"

#ifdef WITH_FAULT_POINTS

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

void
sendas_fault_point(const char *name)
{
	/* Of the one point that the environment names. */
	static atomic_long passed;
	const char *wanted = getenv("SENDAS_FAULT_POINT");
	size_t len = strlen(name);
	long at;

	if (wanted == NULL || strncmp(wanted, name, len) != 0 ||
	    (wanted[len] != '\0' && wanted[len] != ':'))
		return;
	at = wanted[len] == ':' ? strtol(wanted + len + 1, NULL, 10) : 1;
	if (atomic_fetch_add(&passed, 1) + 1 == at)
		raise(getenv("SENDAS_FAULT_STOPS") != NULL ? SIGSTOP : SIGKILL);
}

#else

/* ISO C wants something in a file. */
typedef int sendas_fault_none;

#endif
