/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_landing.c: the page after a sign-in: each kind says what happened,
 * nothing from outside becomes markup, and nothing is fetched or run.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/landing.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/text.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define CONNECTIONS "https://myaccount.google.com/connections"
#define LINK_TEXT "https://myaccount.google.com/<wbr>connections"
#define UNCHANGED "Nothing in Gmail was changed."

static const struct {
	enum sendas_landing_kind kind;
	const char *heading, *lead, *mailbox;
	bool is_unchanged;
} kinds[] = {
    {SENDAS_LANDING_DONE, "You are signed in",
	"sendas can now look at your settings.", "Gmail account", false},
    {SENDAS_LANDING_DECLINED, "Permission was not given",
	"cannot look at your settings without it", "Gmail account", true},
    {SENDAS_LANDING_INCOMPLETE, "One permission is still missing", "tick it",
	"Gmail account", true},
    {SENDAS_LANDING_WRONG_ACCOUNT, "Another account was chosen",
	"for another account than this one", "Chosen on Google&#39;s page",
	true},
    {SENDAS_LANDING_FAILED, "The sign-in did not work", "If it happens again",
	"Gmail account", true},
    {SENDAS_LANDING_FOREIGN, "This page belongs to another sign-in",
	"waiting for a different sign-in", "Gmail account", true},
    {SENDAS_LANDING_NOTHING, "There is nothing here",
	"There is nothing to do on this page", "Gmail account", false},
};

static char *
format(enum sendas_landing_kind kind, const char *mailbox, const char *detail)
{
	const struct sendas_landing landing = {kind, mailbox, detail};

	return sendas_landing_format(&landing);
}

static size_t
count_of(const char *text, const char *part)
{
	size_t count = 0;

	while ((text = strstr(text, part)) != NULL) {
		count++;
		text += strlen(part);
	}
	return count;
}

static void
assert_has(const char *page, const char *part)
{
	if (strstr(page, part) == NULL)
		fail_msg("the page lacks \"%s\":\n%s", part, page);
}

static void
assert_lacks(const char *page, const char *part)
{
	if (strstr(page, part) != NULL)
		fail_msg("the page has \"%s\":\n%s", part, page);
}

/* What stands between two marks, the first of each. */
static char *
between(const char *page, const char *from, const char *to)
{
	const char *begin, *end;

	begin = strstr(page, from);
	assert_non_null(begin);
	begin += strlen(from);
	end = strstr(begin, to);
	assert_non_null(end);
	return sendas_xstrndup(begin, (size_t)(end - begin));
}

/* Elements that are open, the innermost last. */
struct open_elements {
	char names[16][16];
	size_t count;
};

/* Elements that have no end, by the standard. */
static bool
is_void(const char *name)
{
	return strcmp(name, "meta") == 0 || strcmp(name, "wbr") == 0;
}

/* The end of a tag, past '>', by way of its quoted values; NULL: it has
 * none. */
static const char *
tag_end(const char *at)
{
	bool is_quoted = false;

	for (; *at != '\0'; at++) {
		if (*at == '"')
			is_quoted = !is_quoted;
		else if (*at == '<' && !is_quoted)
			return NULL;
		else if (*at == '>' && !is_quoted)
			return at + 1;
	}
	return NULL;
}

/* Takes one tag, "<" first: false when it ends what is not open, or is no
 * tag. */
static bool
take_tag(struct open_elements *open, const char *tag, const char *end)
{
	bool is_end = tag[1] == '/';
	const char *name = tag + (is_end ? 2 : 1);
	char copy[16];
	size_t len = 0;

	while (isalnum((unsigned char)name[len]) && len < sizeof(copy) - 1) {
		copy[len] = name[len];
		len++;
	}
	copy[len] = '\0';
	if (len == 0)
		return false;
	if (is_end)
		return open->count > 0 &&
		    strcmp(open->names[--open->count], copy) == 0;
	if (is_void(copy) || end[-2] == '/')
		return true;
	if (open->count == COUNT(open->names))
		return false;
	memcpy(open->names[open->count++], copy, sizeof(copy));
	return true;
}

static bool
is_reference(const char *at)
{
	static const char *const known[] = {
	    "&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};

	for (size_t i = 0; i < COUNT(known); i++)
		if (strncmp(at, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

/* Each tag is ended, in the right order, and no ">" or "&" stands loose. */
static bool
is_balanced(const char *page)
{
	static const char doctype[] = "<!DOCTYPE html>";
	struct open_elements open = {.count = 0};
	const char *end;

	if (strncmp(page, doctype, strlen(doctype)) != 0)
		return false;
	for (page += strlen(doctype); *page != '\0'; page++) {
		if (*page == '>')
			return false;
		if (*page == '&' && !is_reference(page))
			return false;
		if (*page != '<')
			continue;
		end = tag_end(page + 1);
		if (end == NULL || !take_tag(&open, page, end))
			return false;
		page = end - 1;
	}
	return open.count == 0;
}

/* The check itself is worth something. */
static void
finds_what_is_not_balanced(void **state)
{
	static const struct {
		const char *body;
		bool want;
	} rows[] = {
	    {"<p class=\"a>b\">x</p>", true},
	    {"<meta charset=\"utf-8\"><path d=\"M0\"/>", true},
	    {"<p>x", false},
	    {"x</p>", false},
	    {"<b><i>x</b></i>", false},
	    {"<p>x</p", false},
	    {"<p <b>x</b></p>", false},
	    {"a > b", false},
	    {"a & b", false},
	    {"a < b", false},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *page =
		    sendas_xasprintf("<!DOCTYPE html>%s", rows[i].body);

		assert_int_equal(is_balanced(page), rows[i].want);
		free(page);
	}
	assert_false(is_balanced("<p>x</p>"));
}

static void
says_what_happened(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		char *page = format(kinds[i].kind, "taro@gmail.com", NULL);
		char *h1 = between(page, "<h1>", "</h1>");
		char *title = between(page, "<title>", " - sendas</title>");

		assert_string_equal(h1, kinds[i].heading);
		assert_string_equal(title, kinds[i].heading);
		assert_has(page, kinds[i].lead);
		assert_has(page, kinds[i].mailbox);
		assert_has(page, "<bdi>taro@gmail.com</bdi>");
		assert_int_equal(
		    count_of(page, UNCHANGED), kinds[i].is_unchanged ? 1 : 0);
		assert_has(page, "You can close this page.");
		assert_has(page, "window in which you started sendas");
		assert_has(page, "(127.0.0.1), not from Google");
		assert_true(is_balanced(page));
		free(title);
		free(h1);
		free(page);
	}
}

/* What sendas may do, and how that ends, is told to whoever allowed it, and
 * to nobody else. */
static void
tells_the_way_back_when_signed_in(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		char *page = format(kinds[i].kind, NULL, NULL);
		size_t want = kinds[i].kind == SENDAS_LANDING_DONE ? 1 : 0;

		assert_int_equal(
		    count_of(page, "<code>sendas logout</code>"), want);
		assert_int_equal(count_of(page,
				     "<a href=\"" CONNECTIONS
				     "\" rel=\"noreferrer\">" LINK_TEXT "</a>"),
		    want);
		assert_int_equal(
		    count_of(page, "It does not read your mail."), want);
		assert_int_equal(
		    count_of(page, "&quot;Send mail as&quot;"), want);
		free(page);
	}
}

/* The detail is what the terminal says; the general sentence would only
 * repeat it, or say otherwise. */
static void
shows_the_detail_with_its_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		char *page = format(
		    kinds[i].kind, NULL, "It went wrong.\n  Do this:\n  that");

		assert_has(page,
		    "<div class=\"detail\">It went wrong.\n  Do this:\n  "
		    "that</div>");
		assert_lacks(page, kinds[i].lead);
		assert_has(page, kinds[i].heading);
		assert_true(is_balanced(page));
		free(page);
	}
}

static void
leaves_out_what_is_not_given(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		char *none = format(kinds[i].kind, NULL, NULL);
		char *empty = format(kinds[i].kind, "", "");

		assert_string_equal(none, empty);
		assert_lacks(none, "class=\"who\"");
		assert_lacks(none, "class=\"detail\"");
		assert_lacks(none, "(null)");
		assert_has(none, kinds[i].lead);
		assert_true(is_balanced(none));
		free(empty);
		free(none);
	}
}

/* Each row as mailbox and as detail; `want` is what the page has of it. */
static void
escapes_what_came_from_outside(void **state)
{
	static const struct {
		const char *text, *want, *raw;
	} rows[] = {
	    {"<script>alert(1)</script>@x",
		"&lt;script&gt;alert(1)&lt;/script&gt;@x", "<script"},
	    {"</bdi></div></main><h1>Google</h1>",
		"&lt;/bdi&gt;&lt;/div&gt;&lt;/main&gt;&lt;h1&gt;Google",
		"<h1>Google"},
	    {"a\" onmouseover=\"x", "a&quot; onmouseover=&quot;x",
		"\" onmouseover"},
	    {"a' b", "a&#39; b", "a' b"},
	    {"&lt;b&gt;", "&amp;lt;b&amp;gt;", ">&lt;b&gt;"},
	    {"<!--", "&lt;!--", "<!--"},
	    {"\x1b[2J\x07", "&lt;U+001B&gt;[2J&lt;U+0007&gt;", "\x1b"},
	    {"\xe2\x80\xaemoc.live", "&lt;U+202E&gt;moc.live", "\xe2\x80\xae"},
	    {"\xe2\x81\xa6x", "&lt;U+2066&gt;x", "\xe2\x81\xa6"},
	    {"\xff\xfe", "&lt;0xFF&gt;&lt;0xFE&gt;", "\xff"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *page = format(
		    SENDAS_LANDING_WRONG_ACCOUNT, rows[i].text, rows[i].text);

		assert_int_equal(count_of(page, rows[i].want), 2);
		assert_lacks(page, rows[i].raw);
		assert_true(is_balanced(page));
		assert_true(sendas_text_is_utf8(page, strlen(page)));
		free(page);
	}
}

/* However much came, all of it is there, and the page is whole. */
static void
is_whole_with_a_long_detail(void **state)
{
	size_t len = (size_t)1024 * 1024;
	char *detail = sendas_xmalloc(len + 1);
	char *one = format(SENDAS_LANDING_FAILED, "\"", "\""), *all;

	(void)state;
	memset(detail, '"', len);
	detail[len] = '\0';
	all = format(SENDAS_LANDING_FAILED, detail, detail);
	assert_int_equal(
	    strlen(all), strlen(one) + 2 * (len - 1) * strlen("&quot;"));
	assert_true(is_balanced(all));
	assert_has(all, "</body>\n</html>\n");
	free(all);
	free(one);
	free(detail);
}

/* Nothing runs, and the one address is the link. Lower case is enough: all
 * markup is ours. */
static void
fetches_and_runs_nothing(void **state)
{
	static const char *const parts[] = {"<script", "javascript:", "<img",
	    "<link", "<iframe", "<object", "<form", "<base", "src=", "srcset",
	    "url(", "@import", "@font-face", "http-equiv",
	    " style=", " onclick", " onload"};

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		char *page = format(kinds[i].kind, "taro@gmail.com", NULL);
		size_t links = kinds[i].kind == SENDAS_LANDING_DONE ? 2 : 0;

		/* As the target and as the text. */
		assert_int_equal(count_of(page, "http"), links);
		assert_int_equal(count_of(page, CONNECTIONS), links / 2);
		assert_int_equal(count_of(page, LINK_TEXT), links / 2);
		assert_int_equal(count_of(page, "//"), links);
		assert_int_equal(count_of(page, "href"), links / 2);
		for (size_t j = 0; j < COUNT(parts); j++)
			assert_lacks(page, parts[j]);
		free(page);
	}
}

/* RFC 4648, for the 32 bytes that a digest has as hexadecimal digits. */
static char *
base64_of_hex(const char *hex)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *out = sendas_xmalloc(45), nibbles[4] = {0};
	size_t bits = 0;

	/* Three hexadecimal digits are two letters; two are left over. */
	assert_int_equal(strlen(hex), 64);
	for (size_t i = 0; i < 64; i += 3) {
		memset(nibbles, '0', 3);
		memcpy(nibbles, hex + i, i + 3 <= 64 ? 3 : 64 - i);
		bits = strtoul(nibbles, NULL, 16);
		out[i / 3 * 2] = letters[bits >> 6];
		out[i / 3 * 2 + 1] = letters[bits & 63];
	}
	out[43] = '=';
	out[44] = '\0';
	return out;
}

static char *
source_of_style(const char *style)
{
	struct sendas_oauth2_digest *digest = sendas_oauth2_digest_new();
	char *hex, *base64, *source;

	sendas_oauth2_digest_add(digest, style, strlen(style));
	hex = sendas_oauth2_digest_finish(digest);
	base64 = base64_of_hex(hex);
	source = sendas_xasprintf("style-src 'sha256-%s';", base64);
	free(base64);
	free(hex);
	return source;
}

/* The well-known digest of an empty text. */
static void
knows_a_hash(void **state)
{
	char *source = source_of_style("");

	(void)state;
	assert_string_equal(source,
	    "style-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=';");
	free(source);
}

static void
allows_its_own_style_alone(void **state)
{
	static const char *const parts[] = {"default-src 'none';",
	    "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"};
	const char *policy = sendas_landing_policy();

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		char *page = format(kinds[i].kind, "taro@gmail.com", "x");
		char *style = between(page, "<style>", "</style>");
		char *source = source_of_style(style);

		assert_int_equal(count_of(page, "<style"), 1);
		assert_has(policy, source);
		free(source);
		free(style);
		free(page);
	}
	for (size_t i = 0; i < COUNT(parts); i++)
		assert_has(policy, parts[i]);
	assert_lacks(policy, "unsafe");
	assert_lacks(policy, "*");
	assert_int_equal(count_of(policy, "-src"), 2);
	assert_lacks(policy, "\n");
}

static void
is_in_the_language_of_the_person(void **state)
{
	static const char *const languages[] = {"ja", "en"};

	(void)state;
	for (size_t i = 0; i < COUNT(languages); i++) {
		char *want =
		    sendas_xasprintf("<html lang=\"%s\">", languages[i]);
		char *page;

		sendas_i18n_init(languages[i], "/nonexistent");
		page = format(SENDAS_LANDING_DONE, NULL, NULL);
		assert_has(page, want);
		free(page);
		free(want);
	}
}

/* What a screen reader or a phone needs. */
static void
suits_a_phone_and_a_screen_reader(void **state)
{
	static const char *const parts[] = {"<meta charset=\"utf-8\">",
	    "content=\"width=device-width, initial-scale=1\"",
	    "<meta name=\"robots\" content=\"noindex\">",
	    "<meta name=\"referrer\" content=\"no-referrer\">",
	    "aria-hidden=\"true\"", "prefers-color-scheme:dark", "<main ",
	    "<footer>"};

	(void)state;
	for (size_t i = 0; i < COUNT(kinds); i++) {
		char *page = format(kinds[i].kind, NULL, NULL);

		for (size_t j = 0; j < COUNT(parts); j++)
			assert_int_equal(count_of(page, parts[j]), 1);
		assert_int_equal(count_of(page, "<h1>"), 1);
		free(page);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_what_is_not_balanced),
	    cmocka_unit_test(says_what_happened),
	    cmocka_unit_test(tells_the_way_back_when_signed_in),
	    cmocka_unit_test(shows_the_detail_with_its_lines),
	    cmocka_unit_test(leaves_out_what_is_not_given),
	    cmocka_unit_test(escapes_what_came_from_outside),
	    cmocka_unit_test(is_whole_with_a_long_detail),
	    cmocka_unit_test(fetches_and_runs_nothing),
	    cmocka_unit_test(knows_a_hash),
	    cmocka_unit_test(allows_its_own_style_alone),
	    cmocka_unit_test(is_in_the_language_of_the_person),
	    cmocka_unit_test(suits_a_phone_and_a_screen_reader),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("landing", tests, NULL, NULL);
}
