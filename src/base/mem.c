/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mem.c: allocation that aborts instead of failing. The one place below cli
 * that writes to stderr, since nothing else can be done then.
 */
#include "sendas/mem.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static _Noreturn void
out_of_memory(void)
{
	static const char line[] = "sendas: out of memory\n";

	if (write(STDERR_FILENO, line, sizeof(line) - 1) < 0)
		abort();
	abort();
}

void *
sendas_xmalloc(size_t bytes)
{
	void *memory = malloc(bytes > 0 ? bytes : 1);

	if (memory == NULL)
		out_of_memory();
	return memory;
}

void *
sendas_xcalloc(size_t count, size_t bytes)
{
	void *memory = calloc(count > 0 ? count : 1, bytes > 0 ? bytes : 1);

	if (memory == NULL)
		out_of_memory();
	return memory;
}

void *
sendas_xrealloc(void *old, size_t count, size_t bytes)
{
	void *memory;

	if (bytes > 0 && count > SIZE_MAX / bytes)
		out_of_memory();
	memory = realloc(old, count * bytes > 0 ? count * bytes : 1);
	if (memory == NULL)
		out_of_memory();
	return memory;
}

char *
sendas_xstrdup(const char *text)
{
	return text == NULL ? NULL : sendas_xstrndup(text, strlen(text));
}

char *
sendas_xstrndup(const char *text, size_t bytes)
{
	char *copy = sendas_xmalloc(bytes + 1);

	memcpy(copy, text, bytes);
	copy[bytes] = '\0';
	return copy;
}

char *
sendas_xasprintf(const char *format, ...)
{
	va_list arguments;
	char *text;
	int len;

	va_start(arguments, format);
	len = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (len < 0)
		out_of_memory();
	return text;
}

/* By malloc's own size, not by one kept in front, so that memory from elsewhere
 * may be freed here too. */
void
sendas_mem_wipe_free(void *memory)
{
	if (memory != NULL)
		explicit_bzero(memory, malloc_usable_size(memory));
	free(memory);
}

void *
sendas_mem_wipe_realloc(void *old, size_t bytes)
{
	size_t had = old != NULL ? malloc_usable_size(old) : 0;
	void *memory = NULL;

	if (bytes > 0)
		memory = sendas_xmalloc(bytes);
	if (old != NULL && memory != NULL)
		memcpy(memory, old, had < bytes ? had : bytes);
	sendas_mem_wipe_free(old);
	return memory;
}
