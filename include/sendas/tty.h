/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tty.h: the terminal at which a person answers: /dev/tty, whatever stdin
 * and stdout are. Knows no question.
 */
#ifndef SENDAS_TTY_H
#define SENDAS_TTY_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "sendas/error.h"
#include "sendas/secret.h"

struct sendas_tty;

/*
 * Opens it. While *stop is not zero nothing is waited for. Errors:
 * SENDAS_ERR_NOBODY: this process has no terminal. *out is closed with
 * _close; NULL is allowed there.
 */
enum sendas_status sendas_tty_open(const volatile sig_atomic_t *stop,
    struct sendas_tty **out, struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_tty_close(struct sendas_tty *tty);

/* Where to write to the person; unbuffered. Borrowed. */
FILE *sendas_tty_stream(struct sendas_tty *tty);

/* The next line that is typed, without its end; NULL at the end of input or
 * when interrupted. The caller frees it. Blocks. */
char *sendas_tty_read_line(struct sendas_tty *tty);

/*
 * Shows `prompt` and reads a line that is not shown while it is typed. False
 * when the person gave up: end of input, or an interruption; the terminal is as
 * before in any case. Blocks.
 */
bool sendas_tty_read_secret(
    struct sendas_tty *tty, const char *prompt, struct sendas_secret *out);

/*
 * Waits until a line was typed, `fd` can be read, or `timeout_ms` (or a second,
 * so that an interruption is never missed) have passed. *line is the caller's,
 * or NULL. Returns false when the person gave up: end of input, or an
 * interruption. `tty` may be NULL: there is nobody to type.
 */
bool sendas_tty_wait(struct sendas_tty *tty, int fd, int timeout_ms,
    const volatile sig_atomic_t *stop, char **line);

/*
 * Shows `prompt` and reads JSON that is pasted: past the 4,096 bytes that a terminal takes as
 * one line, and up to where the JSON closes; what stands around it is dropped.
 * At most `max` bytes. *out is the caller's; NULL when the input ended or was
 * interrupted before. Errors: SENDAS_ERR_INPUT: too much. Blocks.
 */
enum sendas_status sendas_tty_read_json(struct sendas_tty *tty,
    const char *prompt, size_t max, char **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * Reads text that is typed or pasted, with `prompt` before each line that is
 * waited for, up to an empty line after which nothing more comes at once: a
 * paste has empty lines in it. At most `max` bytes. *out is the caller's, ""
 * when nothing was typed; NULL when interrupted. Errors: SENDAS_ERR_INPUT:
 * too much. Blocks.
 */
enum sendas_status sendas_tty_read_text(struct sendas_tty *tty,
    const char *prompt, size_t max, char **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
