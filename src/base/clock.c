/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.c: a clock for waiting. The time of day is none: it jumps.
 */
#include "sendas/clock.h"

#include <time.h>

long
sendas_clock_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000L + now.tv_nsec / 1000000L;
}
