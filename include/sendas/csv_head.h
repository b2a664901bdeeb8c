/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv_head.h: what a list from a spreadsheet begins with, whatever is listed:
 * a mark of its encoding, and a row that names the columns.
 */
#ifndef SENDAS_CSV_HEAD_H
#define SENDAS_CSV_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/csv.h"
#include "sendas/error.h"

/*
 * Looks for a byte order mark at the beginning of a list; `name` stands in
 * messages. *bytes gets its length: 3 for UTF-8's, 0 for none. Errors:
 * SENDAS_ERR_INPUT: this is UTF-16.
 */
enum sendas_status sendas_csv_head_read_mark(const char *text, size_t len,
    const char *name, size_t *bytes,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Whether a field of the header is the name of this column, whatever the case
 * of its letters and the spaces around it. */
bool sendas_csv_head_is_column(const char *field, const char *column);

/* Errors: SENDAS_ERR_INPUT: a column's name is not UTF-8. */
enum sendas_status sendas_csv_head_check_utf8(
    const struct sendas_csv_record *header, const char *name,
    struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
