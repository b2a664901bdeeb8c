/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf.h: a growing string with a hard maximum. Going over it sets a sticky
 * flag and drops what came over it, so that a caller adds freely and asks
 * once. The text is always NUL-terminated, but may hold NULs.
 */
#ifndef SENDAS_BUF_H
#define SENDAS_BUF_H

#include <stdbool.h>
#include <stddef.h>

struct sendas_buf {
	char *data; /* never NULL after _init and until _take or _clear */
	size_t len; /* bytes, without the NUL */
	size_t capacity;
	size_t max; /* bytes, without the NUL */
	bool is_overflow; /* something did not fit */
};

/* Prepares *buf for at most `max` bytes. _clear wipes and frees it, and may
 * be called twice. */
void sendas_buf_init(struct sendas_buf *buf, size_t max);
void sendas_buf_clear(struct sendas_buf *buf);

void sendas_buf_add(struct sendas_buf *buf, const void *bytes, size_t count);
void sendas_buf_add_text(struct sendas_buf *buf, const char *text);
void sendas_buf_printf(struct sendas_buf *buf, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Hands the text over to the caller, who frees it; *buf is as after
 * _clear. */
char *sendas_buf_take(struct sendas_buf *buf);

#endif
