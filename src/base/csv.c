/* SPDX-License-Identifier: Apache-2.0 */
/*
 * csv.c: RFC 4180, and no more: no other separator, no comments, no guessing.
 * It passes bytes on as they are, whatever their encoding.
 */
#include "sendas/csv.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"

struct sendas_csv {
	FILE *stream; /* NULL: nothing but the head */
	const char *head; /* read before the stream */
	size_t head_left;
	size_t offset; /* of the next byte, the head's first being 0 */
	size_t line; /* of the next byte */
	struct sendas_buf bytes; /* the record's fields, a NUL after each */
	size_t offsets[SENDAS_LIMIT_CSV_FIELDS]; /* where they begin there */
	const char *fields[SENDAS_LIMIT_CSV_FIELDS];
	struct sendas_csv_record record;
};

struct sendas_csv *
sendas_csv_new(FILE *stream, const char *head, size_t head_len, size_t line)
{
	struct sendas_csv *csv = sendas_xcalloc(1, sizeof(*csv));

	csv->stream = stream;
	csv->head = head;
	csv->head_left = head_len;
	csv->line = line;
	sendas_buf_init(&csv->bytes, SENDAS_LIMIT_CSV_RECORD_BYTES);
	return csv;
}

void
sendas_csv_free(struct sendas_csv *csv)
{
	if (csv == NULL)
		return;
	sendas_buf_clear(&csv->bytes);
	free(csv);
}

static int
next_byte(struct sendas_csv *csv)
{
	int byte;

	if (csv->head_left > 0) {
		csv->head_left--;
		byte = (unsigned char)*csv->head++;
	} else {
		byte = csv->stream != NULL ? getc_unlocked(csv->stream) : EOF;
	}
	if (byte != EOF)
		csv->offset++;
	if (byte == '\n')
		csv->line++;
	return byte;
}

static enum sendas_status
fail_length(const struct sendas_csv *csv, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_INPUT,
	    _("line %zu: longer than %u bytes a field or %u a row; is a "
	      "quotation mark missing?"),
	    csv->record.line, SENDAS_LIMIT_CSV_FIELD_BYTES,
	    SENDAS_LIMIT_CSV_RECORD_BYTES);
}

/* Adds a byte to the field that begins at `from`. */
static enum sendas_status
add_byte(
    struct sendas_csv *csv, size_t from, int byte, struct sendas_error *err)
{
	char letter = (char)byte;

	if (byte == '\0')
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("line %zu: a NUL character. If this is UTF-16, save it "
		      "as UTF-8 (\"CSV UTF-8\")."),
		    csv->line);
	if (csv->bytes.len - from >= SENDAS_LIMIT_CSV_FIELD_BYTES)
		return fail_length(csv, err);
	sendas_buf_add(&csv->bytes, &letter, 1);
	return csv->bytes.is_overflow ? fail_length(csv, err) : SENDAS_OK;
}

/* A field from after its opening quotation mark; *end gets the byte after the
 * closing one. */
static enum sendas_status
read_quoted(struct sendas_csv *csv, int *end, struct sendas_error *err)
{
	size_t from = csv->bytes.len, opened = csv->line;
	enum sendas_status status = SENDAS_OK;
	int byte;

	while (status == SENDAS_OK) {
		byte = next_byte(csv);
		if (byte == EOF)
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("line %zu: a quotation mark is opened here and "
			      "never closed. Close it after the field, and "
			      "write each one inside the field twice."),
			    opened);
		if (byte == '"') {
			*end = next_byte(csv);
			if (*end != '"')
				return SENDAS_OK;
		}
		status = add_byte(csv, from, byte, err);
	}
	return status;
}

/* A field without quotation marks, of which `byte` is the first; *end gets
 * the byte after it. */
static enum sendas_status
read_plain(struct sendas_csv *csv, int byte, int *end, struct sendas_error *err)
{
	size_t from = csv->bytes.len;
	enum sendas_status status = SENDAS_OK;

	while (byte != ',' && byte != '\n' && byte != '\r' && byte != EOF &&
	    status == SENDAS_OK) {
		if (byte == '"')
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("line %zu: a quotation mark inside a field that "
			      "does not begin with one. Put the whole field in "
			      "quotation marks, and write each one inside it "
			      "twice."),
			    csv->line);
		status = add_byte(csv, from, byte, err);
		byte = next_byte(csv);
	}
	*end = byte;
	return status;
}

/* One field, of which `byte` is the first; *end gets the comma after it, '\n'
 * or EOF. */
static enum sendas_status
read_field(struct sendas_csv *csv, int byte, int *end, struct sendas_error *err)
{
	enum sendas_status status = byte == '"'
	    ? read_quoted(csv, end, err)
	    : read_plain(csv, byte, end, err);

	if (status != SENDAS_OK)
		return status;
	if (*end == '\r') {
		*end = next_byte(csv);
		if (*end != '\n')
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("line %zu: a carriage return that ends no line. "
			      "Save the file with line ends of Windows (CRLF) "
			      "or Unix (LF)."),
			    csv->line);
	}
	if (*end != ',' && *end != '\n' && *end != EOF)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("line %zu: text after a closing quotation mark. Write "
		      "each one inside the field twice, and leave nothing "
		      "between the last one and the comma."),
		    csv->line);
	return SENDAS_OK;
}

/* The fields of a record, of which `byte` is the first. */
static enum sendas_status
read_fields(struct sendas_csv *csv, int byte, struct sendas_error *err)
{
	enum sendas_status status;
	int end = ',';

	while (end == ',') {
		if (csv->record.count == SENDAS_LIMIT_CSV_FIELDS)
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("line %zu: more than %d columns; is it the right "
			      "file?"),
			    csv->record.line, SENDAS_LIMIT_CSV_FIELDS);
		csv->offsets[csv->record.count++] = csv->bytes.len;
		status = read_field(csv, byte, &end, err);
		if (status != SENDAS_OK)
			return status;
		sendas_buf_add(&csv->bytes, "", 1);
		if (csv->bytes.is_overflow)
			return fail_length(csv, err);
		if (end == ',')
			byte = next_byte(csv);
	}
	return SENDAS_OK;
}

enum sendas_status
sendas_csv_next(struct sendas_csv *csv, const struct sendas_csv_record **record,
    struct sendas_error *err)
{
	enum sendas_status status;
	int byte;

	csv->record = (struct sendas_csv_record){
	    .line = csv->line, .fields = csv->fields, .offset = csv->offset};
	csv->bytes.len = 0;
	byte = next_byte(csv);
	if (byte == EOF) {
		*record = NULL;
		return SENDAS_OK;
	}
	status = read_fields(csv, byte, err);
	if (status != SENDAS_OK)
		return status;
	for (size_t i = 0; i < csv->record.count; i++)
		csv->fields[i] = csv->bytes.data + csv->offsets[i];
	csv->record.is_blank = byte == '\n' || byte == '\r';
	csv->record.bytes = csv->offset - csv->record.offset;
	*record = &csv->record;
	return SENDAS_OK;
}
