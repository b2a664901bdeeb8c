/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.c: UTF-8 text from outside, by GNU libunistring. Knows nothing of
 * mail or of Google.
 */
#include "sendas/text.h"

#include <stdlib.h>
#include <string.h>
#include <unilbrk.h>
#include <unistr.h>
#include <uniwidth.h>
#include "sendas/buf.h"
#include "sendas/mem.h"

/* Written out, the longest replacement is "<U+10FFFF>". */
#define LONGEST_REPLACEMENT 10
/* "&quot;" */
#define LONGEST_REFERENCE 6

bool
sendas_text_is_utf8(const char *text, size_t len)
{
	return u8_check((const uint8_t *)text, len) == NULL;
}

bool
sendas_text_is_line(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	}
	return true;
}

bool
sendas_text_is_hostile(uint32_t code_point)
{
	if (code_point < 0x20 || (code_point >= 0x7f && code_point < 0xa0))
		return true;
	if (code_point == 0x061c || code_point == 0xfeff)
		return true;
	/* U+200B..U+200F zero width and marks, U+2028..U+202E separators and
	 * embeddings, U+2060..U+2064 invisible, U+2066..U+206F isolates. */
	if ((code_point >= 0x200b && code_point <= 0x200f) ||
	    (code_point >= 0x2028 && code_point <= 0x202e) ||
	    (code_point >= 0x2060 && code_point <= 0x206f))
		return true;
	/* Tag characters spell text that nobody sees. */
	return code_point >= 0xe0000 && code_point <= 0xe007f;
}

char *
sendas_text_safe(const char *text, bool keep_newlines)
{
	const uint8_t *at = (const uint8_t *)(text == NULL ? "" : text);
	size_t left = strlen((const char *)at);
	struct sendas_buf out;
	ucs4_t point;
	int used;

	sendas_buf_init(&out, left * LONGEST_REPLACEMENT + 1);
	while (left > 0) {
		used = u8_mbtoucr(&point, at, left);
		if (used < 0) {
			sendas_buf_printf(&out, "<0x%02X>", *at);
			used = 1;
		} else if (sendas_text_is_hostile(point) &&
		    !(keep_newlines && point == '\n')) {
			sendas_buf_printf(&out, "<U+%04X>", (unsigned)point);
		} else {
			sendas_buf_add(&out, at, (size_t)used);
		}
		at += used;
		left -= (size_t)used;
	}
	return sendas_buf_take(&out);
}

/* What stands for a character that would be markup, or NULL. */
static const char *
reference_of(char letter)
{
	switch (letter) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

char *
sendas_text_escape_html(const char *text)
{
	char *safe = sendas_text_safe(text, true);
	const char *reference;
	struct sendas_buf out;

	sendas_buf_init(&out, strlen(safe) * LONGEST_REFERENCE + 1);
	for (const char *at = safe; *at != '\0'; at++) {
		reference = reference_of(*at);
		if (reference != NULL)
			sendas_buf_add_text(&out, reference);
		else
			sendas_buf_add(&out, at, 1);
	}
	free(safe);
	return sendas_buf_take(&out);
}

size_t
sendas_text_width(const char *text)
{
	int width = u8_strwidth((const uint8_t *)text, "UTF-8");

	return width > 0 ? (size_t)width : 0;
}

/* A line may end before `at`: UAX #14 allows it, and it does not tear a host
 * name or an address apart. */
static bool
is_break(const char *text, const char *breaks, size_t at)
{
	return breaks[at] == UC_BREAK_POSSIBLE && at > 0 &&
	    (text[at - 1] == ' ' || ((unsigned char)text[at - 1] & 0x80) ||
		((unsigned char)text[at] & 0x80));
}

/* The end of the piece that begins at `from`: up to the next break. */
static size_t
piece_end(const char *text, const char *breaks, size_t from, size_t len)
{
	size_t at = from + 1;

	while (at < len && !is_break(text, breaks, at))
		at++;
	return at;
}

static size_t
full_width(const char *text, size_t len)
{
	int width = u8_width((const uint8_t *)text, len, "UTF-8");

	return width > 0 ? (size_t)width : 0;
}

/* The width without the spaces at the end, which may hang over. */
static size_t
piece_width(const char *text, size_t len)
{
	while (len > 0 && text[len - 1] == ' ')
		len--;
	return full_width(text, len);
}

static void
drop_trailing_space(struct sendas_buf *out)
{
	while (out->len > 0 && out->data[out->len - 1] == ' ')
		out->data[--out->len] = '\0';
}

char *
sendas_text_wrap(const char *text, size_t indent, size_t columns)
{
	size_t len = strlen(text), column = indent, end, width;
	char *breaks = sendas_xmalloc(len);
	struct sendas_buf out;

	u8_possible_linebreaks((const uint8_t *)text, len, "UTF-8", breaks);
	sendas_buf_init(&out, len * (indent + 2) + 1);
	for (size_t at = 0; at < len; at = end) {
		end = piece_end(text, breaks, at, len);
		width = piece_width(text + at, end - at);
		if (column + width > columns && column > indent) {
			drop_trailing_space(&out);
			sendas_buf_printf(&out, "\n%*s", (int)indent, "");
			column = indent;
		}
		sendas_buf_add(&out, text + at, end - at);
		column += full_width(text + at, end - at);
	}
	free(breaks);
	return sendas_buf_take(&out);
}

/* The ASCII that a full-width form stands for, or the point itself. */
static ucs4_t
fold_point(ucs4_t point)
{
	if (point >= 0xff01 && point <= 0xff5e)
		return point - 0xff01 + '!';
	if (point == 0x3000 || point == 0x00a0)
		return ' ';
	if (point == 0x3002 || point == 0xff61)
		return '.';
	return point;
}

char *
sendas_text_fold_width(const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	size_t left = strlen(text);
	struct sendas_buf out;
	ucs4_t point, folded;
	int used;

	sendas_buf_init(&out, left + 1);
	while (left > 0) {
		used = u8_mbtoucr(&point, at, left);
		folded = used < 0 ? 0 : fold_point(point);
		if (used < 0)
			used = 1;
		if (folded != 0 && folded != point) {
			char ascii = (char)folded;
			sendas_buf_add(&out, &ascii, 1);
		} else {
			sendas_buf_add(&out, at, (size_t)used);
		}
		at += used;
		left -= (size_t)used;
	}
	return sendas_buf_take(&out);
}

char *
sendas_text_trim(const char *text)
{
	static const char white[] = " \t\r\n\v\f";
	size_t len;

	text += strspn(text, white);
	len = strlen(text);
	while (len > 0 && strchr(white, text[len - 1]) != NULL)
		len--;
	return sendas_xstrndup(text, len);
}

void
sendas_text_copy_cut(char *to, size_t max, const char *text)
{
	size_t len = strnlen(text, max + 1);

	if (len > max) {
		len = max;
		while (len > 0 && ((unsigned char)text[len] & 0xc0) == 0x80)
			len--;
	}
	for (size_t i = 0; i < len; i++)
		to[i] = text[i] == '\n' || text[i] == '\r' ? ' ' : text[i];
	to[len] = '\0';
}

static char
lower(char letter)
{
	return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a')
					      : letter;
}

void
sendas_text_lower(char *text)
{
	for (; *text != '\0'; text++)
		*text = lower(*text);
}

bool
sendas_text_equal_fold(const char *a, const char *b)
{
	while (*a != '\0' && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

uint64_t
sendas_text_hash_fold(const char *text)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (; *text != '\0'; text++) {
		hash ^= (unsigned char)lower(*text);
		hash *= 0x100000001b3u;
	}
	return hash;
}

static bool
is_unreserved(char letter)
{
	return (letter >= 'A' && letter <= 'Z') ||
	    (letter >= 'a' && letter <= 'z') ||
	    (letter >= '0' && letter <= '9') ||
	    (letter != '\0' && strchr("-._~", letter) != NULL);
}

char *
sendas_text_percent_encode(const char *text)
{
	struct sendas_buf out;

	sendas_buf_init(&out, strlen(text) * 3 + 1);
	for (; *text != '\0'; text++) {
		if (is_unreserved(*text))
			sendas_buf_add(&out, text, 1);
		else
			sendas_buf_printf(&out, "%%%02X", (unsigned char)*text);
	}
	return sendas_buf_take(&out);
}

void
sendas_text_format_time(time_t when, bool has_offset, char *out, size_t bytes)
{
	struct tm local;

	localtime_r(&when, &local);
	strftime(out, bytes,
	    has_offset ? "%Y-%m-%d %H:%M %z" : "%Y-%m-%d %H:%M", &local);
}
