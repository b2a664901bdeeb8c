/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv.h: comma-separated values as RFC 4180 has them, record by record from a
 * stream or memory, and no more than that. What a field means is the caller's
 * matter.
 */
#ifndef SENDAS_CSV_H
#define SENDAS_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include "sendas/error.h"

struct sendas_csv;

struct sendas_csv_record {
	size_t line; /* where it begins, as an editor counts */
	const char *const *fields; /* any bytes but NUL */
	size_t count; /* at least 1 */
	bool is_blank; /* nothing stands on the line, not even quotes */
	/* Where it begins and how long it is in what was given, its line end
	 * included: what to read again to have it once more. */
	size_t offset, bytes;
};

/*
 * Reads `stream`, from `line` on. `head` (of `head_len` bytes) is what was
 * already read of it, from the beginning of that line on; without a stream
 * (NULL) it is all there is. Both are borrowed until _free; NULL is allowed
 * there. A byte order mark is the caller's matter. What was in the fields is
 * wiped by _free.
 */
struct sendas_csv *sendas_csv_new(
    FILE *stream, const char *head, size_t head_len, size_t line);
void sendas_csv_free(struct sendas_csv *csv);

/*
 * The next record, borrowed until the next call; *record is NULL after the
 * last one. A line ends with CRLF or LF, the last one also with the end of the
 * stream. Errors: SENDAS_ERR_INPUT, whose message begins with the line: a
 * quotation mark where none may be or that is never closed, a NUL, a carriage
 * return alone, or more than limits.h allows. There is no going on after
 * that. That the stream could not be read is for the caller to ask: ferror().
 */
enum sendas_status sendas_csv_next(struct sendas_csv *csv,
    const struct sendas_csv_record **record,
    struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
