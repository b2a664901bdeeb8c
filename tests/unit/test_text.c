/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_text.c: what is hostile, what is wide, and what people type.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "sendas/error.h"
#include "sendas/text.h"

static void
shows_what_is_hostile(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"plain", "plain"},
	    {"\x1b[2J", "<U+001B>[2J"},
	    {"a\r\nb", "a<U+000D>\nb"},
	    {"\x7f", "<U+007F>"},
	    {"\xc2\x9b", "<U+009B>"},
	    {"\x9b", "<0x9B>"},
	    {"\xc2\xa0", "\xc2\xa0"},
	    {"\xe2\x80\xae"
	     "gpj",
		"<U+202E>gpj"},
	    {"\xe2\x81\xa6\xe2\x80\x8b\xef\xbb\xbf",
		"<U+2066><U+200B><U+FEFF>"},
	    {"\xe5\xb1\xb1\xe7\x94\xb0", "\xe5\xb1\xb1\xe7\x94\xb0"},
	    {"\xc3", "<0xC3>"},
	    {"\xf3\xa0\x81\x81", "<U+E0041>"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *safe = sendas_text_safe(rows[i].text, true);

		assert_string_equal(safe, rows[i].want);
		free(safe);
	}
}

static void
keeps_newlines_only_when_told(void **state)
{
	char *safe = sendas_text_safe("a\nb", false);

	(void)state;
	assert_string_equal(safe, "a<U+000A>b");
	free(safe);
	safe = sendas_text_safe(NULL, false);
	assert_string_equal(safe, "");
	free(safe);
}

/* Nothing is left that a browser would take for markup, or that would turn
 * the text around. */
static void
escapes_for_a_page(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"plain", "plain"},
	    {"", ""},
	    {NULL, ""},
	    {"<script>alert(1)</script>",
		"&lt;script&gt;alert(1)&lt;/script&gt;"},
	    {"\" onload='x'", "&quot; onload=&#39;x&#39;"},
	    {"a & b &amp; c", "a &amp; b &amp;amp; c"},
	    {"a\nb\tc", "a\nb&lt;U+0009&gt;c"},
	    {"\x1b[2J\x7f", "&lt;U+001B&gt;[2J&lt;U+007F&gt;"},
	    {"\xe2\x80\xaegpj", "&lt;U+202E&gt;gpj"},
	    {"\xc0\xbcscript", "&lt;0xC0&gt;&lt;0xBC&gt;script"},
	    {"\"\"\"\"", "&quot;&quot;&quot;&quot;"},
	    {"\xe5\xb1\xb1<\xe7\x94\xb0", "\xe5\xb1\xb1&lt;\xe7\x94\xb0"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *escaped = sendas_text_escape_html(rows[i].text);

		assert_string_equal(escaped, rows[i].want);
		free(escaped);
	}
}

static void
counts_columns(void **state)
{
	(void)state;
	assert_int_equal(sendas_text_width("ab"), 2);
	assert_int_equal(sendas_text_width("\xe5\xb1\xb1\xe7\x94\xb0"), 4);
	assert_int_equal(sendas_text_width(""), 0);
}

static void
folds_what_an_input_method_types(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"\xef\xbc\x94\xef\xbc\x96\xef\xbc\x95", "465"},
	    {"\xef\xbd\x93\xef\xbd\x8d\xef\xbd\x94\xef\xbd\x90\xef\xbc\x8e"
	     "ocn\xe3\x80\x82ne\xef\xbd\xa1jp",
		"smtp.ocn.ne.jp"},
	    {"\xe3\x80\x80x\xc2\xa0", " x "},
	    {"\xe5\xb1\xb1", "\xe5\xb1\xb1"},
	    {"\xff", "\xff"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *folded = sendas_text_fold_width(rows[i].text);

		assert_string_equal(folded, rows[i].want);
		free(folded);
	}
}

static void
wraps_between_words_and_within_japanese(void **state)
{
	static const struct {
		const char *text;
		size_t indent, columns;
		const char *want;
	} rows[] = {
	    {"one two three", 2, 10, "one two\n  three"},
	    {"one two", 0, 7, "one two"},
	    {"see smtp.ocn.ne.jp there", 0, 12, "see\nsmtp.ocn.ne.jp\nthere"},
	    {"\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e", 0, 4,
		"\xe5\xb1\xb1\xe7\x94\xb0\n\xe5\xa4\xaa\xe9\x83\x8e"},
	    {"", 3, 10, ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *wrapped = sendas_text_wrap(
		    rows[i].text, rows[i].indent, rows[i].columns);

		assert_string_equal(wrapped, rows[i].want);
		free(wrapped);
	}
}

static void
compares_and_encodes(void **state)
{
	char *text = sendas_text_trim(" \t x y\r\n");

	(void)state;
	assert_string_equal(text, "x y");
	free(text);
	assert_true(sendas_text_equal_fold("Taro@Ocn.ne.jp", "taro@ocn.NE.jp"));
	assert_false(sendas_text_equal_fold("taro", "tarou"));
	assert_false(sendas_text_equal_fold("tarou", "taro"));
	text = sendas_text_percent_encode("a+b@x.jp/../\xe5");
	assert_string_equal(text, "a%2Bb%40x.jp%2F..%2F%E5");
	free(text);
}

static void
copies_what_fits(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {{"", ""}, {"abcd", "abcd"}, {"abcde", "abcd"},
	    {"a\r\nb", "a  b"}, {"a\xe5\xb1\xb1", "a\xe5\xb1\xb1"},
	    {"ab\xe5\xb1\xb1", "ab"}, {"abc\xc3\xa4", "abc"}};
	char got[5];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		sendas_text_copy_cut(got, sizeof(got) - 1, rows[i].text);
		assert_string_equal(got, rows[i].want);
	}
}

/* A message that is cut ends with a whole character. */
static void
cuts_messages_between_characters(void **state)
{
	struct sendas_error err;
	char text[3 * 400 + 1];

	(void)state;
	for (size_t i = 0; i < 400; i++)
		memcpy(text + 3 * i, "\xe5\xb1\xb1", 3);
	text[sizeof(text) - 1] = '\0';
	sendas_fail(&err, SENDAS_ERR_INPUT, "%s", text);
	assert_int_equal(strlen(err.message) % 3, 0);
	assert_true(strlen(err.message) > 1000);
	assert_true(sendas_text_is_utf8(err.message, strlen(err.message)));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(shows_what_is_hostile),
	    cmocka_unit_test(keeps_newlines_only_when_told),
	    cmocka_unit_test(escapes_for_a_page),
	    cmocka_unit_test(counts_columns),
	    cmocka_unit_test(folds_what_an_input_method_types),
	    cmocka_unit_test(wraps_between_words_and_within_japanese),
	    cmocka_unit_test(compares_and_encodes),
	    cmocka_unit_test(copies_what_fits),
	    cmocka_unit_test(cuts_messages_between_characters),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
