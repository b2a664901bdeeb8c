/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_json.c: what json.c refuses that cJSON would let pass, the paths in
 * its messages, and that what it writes is harmless.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "sendas/json.h"
#include "sendas/limits.h"
#include "sendas/mem.h"

/* Parses text that must fail with a message that has `want` in it. */
static void
assert_refused(const char *text, size_t len, const char *want)
{
	struct sendas_json_doc *doc = NULL;
	struct sendas_error err = {0};

	assert_int_equal(
	    sendas_json_parse(text, len, &doc, &err), SENDAS_ERR_INPUT);
	assert_null(doc);
	if (strstr(err.message, want) == NULL)
		fail_msg("\"%s\" not in \"%s\"", want, err.message);
}

static struct sendas_json_doc *
parse(const char *text)
{
	struct sendas_json_doc *doc = NULL;
	struct sendas_error err;

	if (sendas_json_parse(text, strlen(text), &doc, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	return doc;
}

static void
refuses_what_cjson_lets_pass(void **state)
{
	static const struct {
		const char *text;
		size_t len; /* 0: strlen */
		const char *want;
	} rows[] = {
	    {"", 0, "line 1, column 1"},
	    {"{", 0, "not JSON"},
	    {"{\"a\":1,}", 0, "not JSON"},
	    {"{\"a\":1} {", 0, "line 1, column 9: something follows"},
	    {"{\n\"a\":\n tru}", 0, "line 3, column 2"},
	    {"{\"host\":\"smtp\\u0000.evil\"}", 0, "column 14: a NUL"},
	    {"{\"a\":\"x\0y\"}", 11, "column 8: a NUL"},
	    {"{\"a\":\"\xff\"}", 0, "not UTF-8"},
	    {"{\"a\":\"\xc0\xaf\"}", 0, "not UTF-8"},
	    {"{\"a\":\"\xed\xa0\x80\"}", 0, "not UTF-8"},
	    {"{\"a\":1,\"b\":2,\"a\":3}", 0, "\"a\" stands here twice"},
	    {"{\"x\":[{},{\"k\":1,\"k\":1}]}", 0, "x[1]: \"k\" stands"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_refused(rows[i].text,
		    rows[i].len > 0 ? rows[i].len : strlen(rows[i].text),
		    rows[i].want);
}

/* A backslash before a backslash is no escape of what follows. */
static void
takes_an_escaped_backslash(void **state)
{
	struct sendas_json_doc *doc = parse("{\"a\":\"\\\\u0000\"}");
	struct sendas_json root = sendas_json_root(doc);
	const char *text = NULL;

	(void)state;
	assert_int_equal(
	    sendas_json_read_string(&root, "a", &text, NULL), SENDAS_OK);
	assert_string_equal(text, "\\u0000");
	sendas_json_doc_free(doc);
}

static char *
nested(int levels)
{
	char *text = sendas_xmalloc((size_t)levels * 2 + 1);

	memset(text, '[', (size_t)levels);
	memset(text + levels, ']', (size_t)levels);
	text[levels * 2] = '\0';
	return text;
}

static void
takes_the_deepest_and_refuses_one_more(void **state)
{
	char *text = nested(SENDAS_LIMIT_JSON_DEPTH);

	(void)state;
	sendas_json_doc_free(parse(text));
	free(text);
	text = nested(SENDAS_LIMIT_JSON_DEPTH + 1);
	assert_refused(text, strlen(text), "nested too deeply");
	free(text);
	text = nested(1000);
	assert_refused(text, strlen(text), "nested too deeply");
	free(text);
}

/* Brackets in a string are no nesting. */
static void
counts_no_brackets_in_strings(void **state)
{
	char *text = sendas_xmalloc(200);

	(void)state;
	memset(text, '[', 199);
	text[0] = text[198] = '"';
	text[199] = '\0';
	sendas_json_doc_free(parse(text));
	free(text);
}

static void
names_the_path(void **state)
{
	struct sendas_json_doc *doc =
	    parse("{\"sendAs\":[{},{},{\"smtpMsa\":{\"port\":\"465\",\"p\":1.5,"
		  "\"big\":1e999,\"host\":7,\"on\":1}}]}");
	struct sendas_json root = sendas_json_root(doc);
	struct sendas_json list = sendas_json_member(&root, "sendAs");
	struct sendas_json entry = sendas_json_first(&list);
	struct sendas_error err;
	struct sendas_json relay;
	const char *text = NULL;
	bool is_true = false;
	long number = 7;

	(void)state;
	sendas_json_next(&entry);
	sendas_json_next(&entry);
	relay = sendas_json_member(&entry, "smtpMsa");
	assert_int_equal(
	    sendas_json_read_int(&relay, "port", 0, 9, &number, &err),
	    SENDAS_ERR_INPUT);
	assert_string_equal(
	    err.message, "sendAs[2].smtpMsa.port: want a number");
	assert_int_not_equal(
	    sendas_json_read_int(&relay, "p", 0, 9, &number, &err), SENDAS_OK);
	assert_int_not_equal(
	    sendas_json_read_int(&relay, "big", 0, 9, &number, &err),
	    SENDAS_OK);
	assert_int_not_equal(
	    sendas_json_read_string(&relay, "host", &text, &err), SENDAS_OK);
	assert_int_not_equal(
	    sendas_json_read_bool(&relay, "on", &is_true, &err), SENDAS_OK);
	assert_int_equal(number, 7);
	assert_null(text);
	sendas_json_doc_free(doc);
}

static void
tells_absent_from_present(void **state)
{
	struct sendas_json_doc *doc =
	    parse("{\"null\":null,\"A\":true,\"n\":-3}");
	struct sendas_json root = sendas_json_root(doc);
	bool is_true = false;
	long number = 7;

	(void)state;
	assert_int_equal(
	    sendas_json_read_bool(&root, "null", &is_true, NULL), SENDAS_OK);
	/* The case of a key matters. */
	assert_int_equal(
	    sendas_json_read_bool(&root, "a", &is_true, NULL), SENDAS_OK);
	assert_false(is_true);
	assert_int_equal(
	    sendas_json_read_int(&root, "n", -3, 0, &number, NULL), SENDAS_OK);
	assert_int_equal(number, -3);
	assert_int_not_equal(
	    sendas_json_read_int(&root, "n", -2, 0, &number, NULL), SENDAS_OK);
	assert_int_equal(sendas_json_count(&root), 3);
	sendas_json_doc_free(doc);
}

static void
refuses_unknown_keys(void **state)
{
	static const char *const keys[] = {"host", "port", NULL};
	struct sendas_json_doc *doc =
	    parse("{\"relay\":{\"host\":\"h\",\"prot\":1}}");
	struct sendas_json root = sendas_json_root(doc);
	struct sendas_json relay = sendas_json_member(&root, "relay");
	struct sendas_error err;

	(void)state;
	assert_int_equal(
	    sendas_json_only_keys(&relay, keys, &err), SENDAS_ERR_INPUT);
	assert_ptr_equal(strstr(err.message, "relay.prot: "), err.message);
	sendas_json_doc_free(doc);
}

static void
writes_what_is_harmless(void **state)
{
	struct sendas_json_value *object = sendas_json_new_object();
	struct sendas_json_value *list = sendas_json_new_array();
	char *text;

	(void)state;
	sendas_json_set_string(object, "t",
	    "\x1b[31m\x7f\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\x81 \xe5\xb1\xb1");
	sendas_json_set_string(object, "none", NULL);
	sendas_json_set_int(object, "i", 465);
	sendas_json_append(list, sendas_json_new_object());
	sendas_json_set(object, "list", list);
	text = sendas_json_format(object);
	assert_string_equal(text,
	    "{\"t\":\"\\u001b[31m\\u007f\\u009b\\u202e\\udb40\\udc41 "
	    "\xe5\xb1\xb1\",\"none\":null,\"i\":465,\"list\":[{}]}");
	free(text);
	sendas_json_value_free(object);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(refuses_what_cjson_lets_pass),
	    cmocka_unit_test(takes_an_escaped_backslash),
	    cmocka_unit_test(takes_the_deepest_and_refuses_one_more),
	    cmocka_unit_test(counts_no_brackets_in_strings),
	    cmocka_unit_test(names_the_path),
	    cmocka_unit_test(tells_absent_from_present),
	    cmocka_unit_test(refuses_unknown_keys),
	    cmocka_unit_test(writes_what_is_harmless),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
