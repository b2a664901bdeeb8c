/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_csv.c: what RFC 4180 allows is read, record by record with its line,
 * and nothing else is.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "sendas/buf.h"
#include "sendas/csv.h"
#include "sendas/limits.h"
#include "sendas/mem.h"

#define TEXT(text) text, sizeof(text) - 1

/* "1[a|b] 2[]": line and fields; "_" for a blank line. */
static void
add_record(struct sendas_buf *out, const struct sendas_csv_record *record)
{
	sendas_buf_printf(out, "%s%zu%s[", out->len > 0 ? " " : "",
	    record->line, record->is_blank ? "_" : "");
	for (size_t i = 0; i < record->count; i++)
		sendas_buf_printf(
		    out, "%s%s", i > 0 ? "|" : "", record->fields[i]);
	sendas_buf_add_text(out, "]");
}

/* Reads all of it, the first `head` bytes as already read. */
static enum sendas_status
read_all(const char *text, size_t len, size_t head, struct sendas_buf *out,
    struct sendas_error *err)
{
	FILE *stream = tmpfile();
	const struct sendas_csv_record *record = NULL;
	enum sendas_status status = SENDAS_OK;
	struct sendas_csv *csv;

	assert_non_null(stream);
	assert_int_equal(
	    fwrite(text + head, 1, len - head, stream), len - head);
	rewind(stream);
	sendas_buf_init(out, 65536);
	csv = sendas_csv_new(stream, text, head, 1);
	do {
		status = sendas_csv_next(csv, &record, err);
		if (status == SENDAS_OK && record != NULL)
			add_record(out, record);
	} while (status == SENDAS_OK && record != NULL);
	sendas_csv_free(csv);
	fclose(stream);
	return status;
}

static void
reads_records(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *want;
	} rows[] = {
	    {TEXT(""), ""},
	    {TEXT("a"), "1[a]"},
	    {TEXT("a\n"), "1[a]"},
	    {TEXT("a\r\n"), "1[a]"},
	    {TEXT("a,b\r\nc,d"), "1[a|b] 2[c|d]"},
	    {TEXT("\n\r\na"), "1_[] 2_[] 3[a]"},
	    {TEXT(",\n"), "1[|]"},
	    {TEXT("a,"), "1[a|]"},
	    {TEXT("\"\"\n"), "1[]"},
	    {TEXT("\"a\"\r\n"), "1[a]"},
	    {TEXT("\"a,b\",c\n"), "1[a,b|c]"},
	    {TEXT("\"a\"\"b\"\n"), "1[a\"b]"},
	    {TEXT("\"\"\"\"\n"), "1[\"]"},
	    {TEXT("\"a\r\nb\",c\nd\n"), "1[a\r\nb|c] 3[d]"},
	    {TEXT("\"\n\n\n\"\nx"), "1[\n\n\n] 5[x]"},
	    {TEXT("\"a\rb\""), "1[a\rb]"},
	    /* Spaces are part of a field. */
	    {TEXT(" a , b \n"), "1[ a | b ]"},
	    {TEXT("#a\n;\t\n"), "1[#a] 2[;\t]"},
	    /* Any bytes: Shift_JIS. */
	    {TEXT("\x83\x5c\x94\x5c,x\n"), "1[\x83\x5c\x94\x5c|x]"},
	};
	struct sendas_buf got;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		/* Whatever was read before makes no difference. */
		for (size_t head = 0; head <= rows[i].len; head++) {
			assert_int_equal(read_all(rows[i].text, rows[i].len,
					     head, &got, NULL),
			    SENDAS_OK);
			assert_string_equal(got.data, rows[i].want);
			sendas_buf_clear(&got);
		}
	}
}

/* Each record is read again from its own bytes alone, without a stream. */
static void
tells_where_records_are(void **state)
{
	static const char text[] =
	    "a,b\r\n\n\"x\r\n\"\"y\"\"\",\"z\"\r\n\"\",\nlast";
	static const struct {
		size_t offset, bytes;
	} want[] = {{0, 5}, {5, 1}, {6, 16}, {22, 4}, {26, 4}};
	const struct sendas_csv_record *record, *again;
	struct sendas_buf whole, part;
	struct sendas_csv *csv, *alone;

	(void)state;
	csv = sendas_csv_new(NULL, text, sizeof(text) - 1, 1);
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
		assert_int_equal(
		    sendas_csv_next(csv, &record, NULL), SENDAS_OK);
		assert_non_null(record);
		assert_int_equal(record->offset, want[i].offset);
		assert_int_equal(record->bytes, want[i].bytes);
		alone = sendas_csv_new(
		    NULL, text + record->offset, record->bytes, record->line);
		assert_int_equal(
		    sendas_csv_next(alone, &again, NULL), SENDAS_OK);
		sendas_buf_init(&whole, 4096);
		sendas_buf_init(&part, 4096);
		add_record(&whole, record);
		add_record(&part, again);
		assert_string_equal(part.data, whole.data);
		sendas_buf_clear(&whole);
		sendas_buf_clear(&part);
		assert_int_equal(
		    sendas_csv_next(alone, &again, NULL), SENDAS_OK);
		assert_null(again);
		sendas_csv_free(alone);
	}
	assert_int_equal(sendas_csv_next(csv, &record, NULL), SENDAS_OK);
	assert_null(record);
	sendas_csv_free(csv);
}

/* The head and the stream are one text. */
static void
counts_over_the_head(void **state)
{
	static const char text[] = "ab,c\nd\n";
	const struct sendas_csv_record *record;
	struct sendas_csv *csv;
	FILE *stream;

	(void)state;
	for (size_t head = 0; head < sizeof(text); head++) {
		stream = tmpfile();
		assert_non_null(stream);
		fputs(text + head, stream);
		rewind(stream);
		csv = sendas_csv_new(stream, text, head, 1);
		assert_int_equal(
		    sendas_csv_next(csv, &record, NULL), SENDAS_OK);
		assert_int_equal(record->bytes, 5);
		assert_int_equal(
		    sendas_csv_next(csv, &record, NULL), SENDAS_OK);
		assert_int_equal(record->offset, 5);
		assert_int_equal(record->bytes, 2);
		sendas_csv_free(csv);
		fclose(stream);
	}
}

static void
refuses_what_is_none(void **state)
{
	static const struct {
		const char *text;
		size_t len;
		const char *want; /* what the message begins with */
		const char *before; /* records that were good */
	} rows[] = {
	    {TEXT("a\n\"b\nc\n"), "line 2: a quotation mark is opened", "1[a]"},
	    {TEXT("\""), "line 1: a quotation mark is opened", ""},
	    {TEXT("a,\"b\"\""), "line 1: a quotation mark is opened", ""},
	    {TEXT("\"a\nb\"c\n"), "line 2: text after a closing", ""},
	    {TEXT("\"a\" ,b\n"), "line 1: text after a closing", ""},
	    {TEXT("a\n b\"c\"\n"), "line 2: a quotation mark inside", "1[a]"},
	    {TEXT("a, \"b\"\n"), "line 1: a quotation mark inside", ""},
	    {TEXT("a\rb\n"), "line 1: a carriage return", ""},
	    {TEXT("a\n\"b\"\rc"), "line 2: a carriage return", "1[a]"},
	    {TEXT("a\r"), "line 1: a carriage return", ""},
	    {TEXT("a\nb\0c\n"), "line 2: a NUL", "1[a]"},
	    {TEXT("\"a\n\0\"\n"), "line 2: a NUL", ""},
	};
	struct sendas_error err;
	struct sendas_buf got;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    read_all(rows[i].text, rows[i].len, 0, &got, &err),
		    SENDAS_ERR_INPUT);
		assert_int_equal(err.code, SENDAS_ERR_INPUT);
		assert_memory_equal(
		    err.message, rows[i].want, strlen(rows[i].want));
		assert_string_equal(got.data, rows[i].before);
		sendas_buf_clear(&got);
	}
}

/* So many bytes of one letter after `before`. */
static void
wants_of_length(const char *before, char letter, size_t count,
    enum sendas_status want, const char *message)
{
	size_t len = strlen(before) + count;
	char *text = sendas_xmalloc(len);
	struct sendas_error err = {0};
	struct sendas_buf got;

	memset(text, letter, len);
	memcpy(text, before, strlen(before));
	assert_int_equal(read_all(text, len, 0, &got, &err), want);
	if (want != SENDAS_OK)
		assert_non_null(strstr(err.message, message));
	sendas_buf_clear(&got);
	free(text);
}

static void
is_bounded(void **state)
{
	(void)state;
	wants_of_length("", 'a', SENDAS_LIMIT_CSV_FIELD_BYTES, SENDAS_OK, NULL);
	wants_of_length("", 'a', SENDAS_LIMIT_CSV_FIELD_BYTES + 1,
	    SENDAS_ERR_INPUT, "line 1: longer than");
	wants_of_length("x\n\"", '\n', SENDAS_LIMIT_CSV_FIELD_BYTES + 1,
	    SENDAS_ERR_INPUT, "line 2: longer than");
	wants_of_length("", ',', SENDAS_LIMIT_CSV_FIELDS - 1, SENDAS_OK, NULL);
	wants_of_length("", ',', SENDAS_LIMIT_CSV_FIELDS, SENDAS_ERR_INPUT,
	    "line 1: more than 16384 columns");
}

/* Many fields that are each short enough. */
static void
bounds_a_record(void **state)
{
	size_t len = SENDAS_LIMIT_CSV_RECORD_BYTES + 1;
	char *text = sendas_xmalloc(len);
	struct sendas_error err;
	struct sendas_buf got;

	(void)state;
	memset(text, 'a', len);
	for (size_t i = 0; i < len; i += 1000)
		text[i] = ',';
	assert_int_equal(read_all(text, len, 0, &got, &err), SENDAS_ERR_INPUT);
	assert_non_null(strstr(err.message, "line 1: longer than"));
	sendas_buf_clear(&got);
	/* Line ends in place of commas: records of their own. */
	for (size_t i = 0; i < len; i += 1000)
		text[i] = '\n';
	assert_int_equal(read_all(text, len, 0, &got, &err), SENDAS_OK);
	sendas_buf_clear(&got);
	free(text);
	sendas_csv_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_records),
	    cmocka_unit_test(tells_where_records_are),
	    cmocka_unit_test(counts_over_the_head),
	    cmocka_unit_test(refuses_what_is_none),
	    cmocka_unit_test(is_bounded),
	    cmocka_unit_test(bounds_a_record),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
