/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal.h: the face of the program on a terminal: the only writer to
 * stderr and /dev/tty.
 */
#ifndef SENDAS_TERMINAL_H
#define SENDAS_TERMINAL_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include "sendas/ui.h"

/* Silences notices, but not errors. */
void sendas_terminal_set_quiet(bool is_quiet);

/* Where the results go: on a terminal they show themselves how far things
 * are, and progress would stand in between. Without this call
 * there is no progress. */
void sendas_terminal_set_results(FILE *stream);

/* A line on stderr that begins with "sendas: ". What came from outside is
 * made harmless. */
void sendas_terminal_error(const char *format, ...)
    __attribute__((format(printf, 1, 2)));
void sendas_terminal_notice(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/*
 * The callbacks of ui.h. Questions are asked and answered on /dev/tty, never
 * on stdin. An interruption, which sets *stop, is an answer of no. Static.
 */
const struct sendas_ui *sendas_terminal_ui(const volatile sig_atomic_t *stop);

/* Whether a stream gets colour: `choice` is "always", "never", or "auto" or
 * NULL: a terminal, unless NO_COLOR is set (https://no-color.org) or TERM is
 * dumb. */
bool sendas_terminal_has_color(FILE *stream, const char *choice);

#endif
