/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_paste.c: what is left of a paste, and that any bytes may be given.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "sendas/mem.h"
#include "sendas/paste.h"
#include "sendas/text.h"

struct row {
	const char *text, *want;
};

static void
check_plain(const char *text, size_t len, const char *want)
{
	/* A copy without a NUL, so that a sanitizer sees a read too far. */
	char *bytes = sendas_xmalloc(len), *plain;

	memcpy(bytes, text, len);
	plain = sendas_paste_plain(bytes, len);
	assert_string_equal(plain, want);
	free(plain);
	free(bytes);
}

static void
makes_plain(void **state)
{
	static const struct row rows[] = {
	    {"", ""},
	    {" \t\r\n ", ""},
	    {"Relay  Access\tDENIED", "relay access denied"},
	    {"a \r\n \n b", "a\nb"},
	    {"５５３　５．７．１（Ｅ０４１）", "553 5.7.1(e041)"},
	    {"しました。553", "しました.553"},
	    {"doesn\xe2\x80\x99t", "doesn't"},
	    {"5\xc2\xa0"
	     "5\xe2\x80\x89"
	     "5",
		"5 5 5"},
	    {"a\xe2\x80\xa8"
	     "b",
		"a\nb"},
	    /* invisible: zero width, soft hyphen, byte order mark */
	    {"\xef\xbb\xbf"
	     "E0\xe2\x80\x8b"
	     "4\xc2\xad"
	     "1",
		"e041"},
	    /* HTML */
	    {"<b>553</b> 5.7.1<br>x", "553\n5.7.1\nx"},
	    {"a<span style=\"color: red\">b</span>", "a\nb\n"},
	    {"<taro@ocn.ne.jp> <br", "<taro@ocn.ne.jp> <br"},
	    {"<unknown[192.0.2.1]>", "<unknown[192.0.2.1]>"},
	    {"<>", "<>"},
	    {"<E041>", "<e041>"},
	    {"a&nbsp;b&lt;c&#39;d&#x45;&AMP;", "a b<c'de&amp;"},
	    {"&#160;x&#xa0;y&#8217;", "x y'"},
	    {"a&b;c&;d&#;e&#x;f&#99999999;g", "a&b;c&;d&#;e&#x;f&#99999999;g"},
	    {"AT&T; x", "at&t; x"},
	    /* quoted-printable: soft line breaks */
	    {"E0=\r\n41 a=\nb c=d", "e041 ab c=d"},
	    /* no UTF-8, controls */
	    {"a\xff"
	     "b\xc3",
		"a b "},
	    {"\xc0\x80\xed\xa0\x80x", "x"},
	    {"a\x1b[31mb\x07", "a [31mb "},
	    {"a\xc2\x9b"
	     "2J",
		"a 2j"},
	    /* ISO-2022-JP */
	    {"x \x1b$B$3E041$N\x1b(B 553", "x 553"},
	    {"\x1b$B$3E041$N\nE041", "e041"},
	    {"\x1b$", "$"},
	    {"\x1b", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		check_plain(rows[i].text, strlen(rows[i].text), rows[i].want);
	check_plain("a\0b\0", 4, "a b ");
	check_plain("\0\0", 2, "");
}

static void
joins_lines(void **state)
{
	static const struct row rows[] = {
	    {"", ""},
	    {"e0\n41", "e041"},
	    {"> e0\n> 41\nx", "> e041x"},
	    {"拒\n否", "拒否"},
	    {"\n", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char *joined = sendas_paste_join(rows[i].text);

		assert_string_equal(joined, rows[i].want);
		free(joined);
	}
}

/* Whatever comes in, UTF-8 of lower case comes out, no longer than it was. */
static void
takes_any_bytes(void **state)
{
	uint32_t seed = 1;

	(void)state;
	for (int round = 0; round < 300; round++) {
		char bytes[200], *plain;

		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (char)(seed >> 24);
			if (round % 3 == 0)
				bytes[i] =
				    "<&#;=\n\x1b$(a1\xe3"[(seed >> 20) % 12];
		}
		plain = sendas_paste_plain(bytes, sizeof(bytes));
		assert_true(strlen(plain) <= sizeof(bytes));
		assert_true(sendas_text_is_utf8(plain, strlen(plain)));
		free(plain);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(makes_plain),
	    cmocka_unit_test(joins_lines),
	    cmocka_unit_test(takes_any_bytes),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("paste", tests, NULL, NULL);
}
