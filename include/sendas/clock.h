/* SPDX-License-Identifier: Apache-2.0 */
/*
 * clock.h: a clock for waiting, which nobody sets.
 */
#ifndef SENDAS_CLOCK_H
#define SENDAS_CLOCK_H

/* Milliseconds since some moment before this process; never goes back, and
 * stands still while the machine sleeps (CLOCK_MONOTONIC). */
long sendas_clock_now_ms(void);

#endif
