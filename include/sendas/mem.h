/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mem.h: allocation that does not fail. Out of memory ends the program with
 * a line on stderr (abort): nothing sensible can be done then, and what was
 * changed is known from what was read back.
 */
#ifndef SENDAS_MEM_H
#define SENDAS_MEM_H

#include <stddef.h>

/* Each returns memory that the caller frees with free(); never NULL. */
void *sendas_xmalloc(size_t bytes);
void *sendas_xcalloc(size_t count, size_t bytes); /* zeroed */
void *sendas_xrealloc(void *old, size_t count, size_t bytes);
char *sendas_xstrndup(const char *text, size_t bytes);
char *sendas_xasprintf(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

/* A copy of `text`; NULL stays NULL. */
char *sendas_xstrdup(const char *text);

/* free(3), which leaves nothing of what was there: for memory of libraries that
 * may have had a secret in it. NULL is allowed. */
void sendas_mem_wipe_free(void *memory);

/* realloc() that leaves nothing of the old behind; 0 bytes frees it. */
void *sendas_mem_wipe_realloc(void *old, size_t bytes);

#endif
