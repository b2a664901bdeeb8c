/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv_head.c: the beginning of a list from a spreadsheet. Knows no column of
 * any list.
 */
#include "sendas/csv_head.h"

#include <string.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"

static bool
begins_with(const char *text, size_t len, const char *mark)
{
	return len >= strlen(mark) && memcmp(text, mark, strlen(mark)) == 0;
}

enum sendas_status
sendas_csv_head_read_mark(const char *text, size_t len, const char *name,
    size_t *bytes, struct sendas_error *err)
{
	if (begins_with(text, len, "\xff\xfe") ||
	    begins_with(text, len, "\xfe\xff"))
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: this is UTF-16. Save it as UTF-8 (in Excel: "
		      "\"CSV UTF-8\")."),
		    name);
	*bytes = begins_with(text, len, "\xef\xbb\xbf") ? 3 : 0;
	return SENDAS_OK;
}

bool
sendas_csv_head_is_column(const char *field, const char *column)
{
	char *name = sendas_text_trim(field);
	bool is_match = sendas_text_equal_fold(name, column);

	/* Without a header this is a row, and may have a secret in it. */
	sendas_mem_wipe_free(name);
	return is_match;
}

enum sendas_status
sendas_csv_head_check_utf8(const struct sendas_csv_record *header,
    const char *name, struct sendas_error *err)
{
	for (size_t i = 0; i < header->count; i++) {
		if (!sendas_text_is_utf8(
			header->fields[i], strlen(header->fields[i])))
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("%.200s: line %zu: the header is not UTF-8. Save "
			      "it as UTF-8 (in Excel: \"CSV UTF-8\")."),
			    name, header->line);
	}
	return SENDAS_OK;
}
