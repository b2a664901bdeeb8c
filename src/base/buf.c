/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf.c: a growing string with a hard maximum; wiped when it goes, since
 * answers with tokens pass through it.
 */
#include "sendas/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/mem.h"
#include "sendas/secret.h"

#define FIRST_CAPACITY 64

void
sendas_buf_init(struct sendas_buf *buf, size_t max)
{
	buf->len = 0;
	buf->max = max;
	buf->is_overflow = false;
	buf->capacity = FIRST_CAPACITY;
	buf->data = sendas_xmalloc(buf->capacity);
	buf->data[0] = '\0';
}

void
sendas_buf_clear(struct sendas_buf *buf)
{
	if (buf->data != NULL)
		explicit_bzero(buf->data, buf->capacity);
	free(buf->data);
	buf->data = NULL;
	buf->len = 0;
	buf->capacity = 0;
}

/* Makes room for `wanted` bytes and a NUL. Not realloc: it would leave the
 * old bytes behind unwiped. */
static void
reserve(struct sendas_buf *buf, size_t wanted)
{
	size_t capacity = buf->capacity;
	char *grown;

	if (wanted < capacity)
		return;
	while (capacity <= wanted)
		capacity *= 2;
	grown = sendas_xmalloc(capacity);
	memcpy(grown, buf->data, buf->len + 1);
	explicit_bzero(buf->data, buf->capacity);
	free(buf->data);
	buf->data = grown;
	buf->capacity = capacity;
}

void
sendas_buf_add(struct sendas_buf *buf, const void *bytes, size_t count)
{
	if (count > buf->max - buf->len) {
		buf->is_overflow = true;
		return;
	}
	if (count == 0)
		return;
	reserve(buf, buf->len + count);
	memcpy(buf->data + buf->len, bytes, count);
	buf->len += count;
	buf->data[buf->len] = '\0';
}

void
sendas_buf_add_text(struct sendas_buf *buf, const char *text)
{
	sendas_buf_add(buf, text, strlen(text));
}

void
sendas_buf_printf(struct sendas_buf *buf, const char *format, ...)
{
	va_list arguments;
	char *text;
	int len;

	va_start(arguments, format);
	len = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (len < 0) {
		buf->is_overflow = true;
		return;
	}
	sendas_buf_add(buf, text, (size_t)len);
	sendas_secret_wipe(text);
	free(text);
}

char *
sendas_buf_take(struct sendas_buf *buf)
{
	char *text = buf->data;

	buf->data = NULL;
	buf->len = 0;
	buf->capacity = 0;
	return text;
}
