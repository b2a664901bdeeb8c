/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paste.c: what people paste, made plain. One pass that reads the bytes as
 * what they most likely are; it cannot fail, since whatever is not understood
 * is white space.
 */
#include "sendas/paste.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/buf.h"
#include "sendas/text.h"

/* The longest tag that is looked at: one with a style in it. */
#define TAG_BYTES 400

/* The longest character reference that is read: &#x0000a0; */
#define REFERENCE_BYTES 10

struct reader {
	const char *at, *end;
	bool is_jis; /* between ESC $ and ESC ( */
	struct sendas_buf out;
};

/* White space never stands twice, nor at the beginning; a line feed wins over
 * a space. */
static void
add_space(struct reader *reader, char space)
{
	struct sendas_buf *out = &reader->out;

	if (out->len == 0)
		return;
	if (out->data[out->len - 1] == ' ')
		out->data[out->len - 1] = space == '\n' ? '\n' : ' ';
	else if (out->data[out->len - 1] != '\n')
		sendas_buf_add(out, &space, 1);
}

static void
add_ascii(struct reader *reader, char letter)
{
	if (letter == '\n' || letter == '\r')
		add_space(reader, '\n');
	else if ((unsigned char)letter <= ' ' || letter == 0x7f)
		add_space(reader, ' ');
	else
		sendas_buf_add(&reader->out, &letter, 1);
}

/* How many bytes a UTF-8 character beyond ASCII takes; 0: it is none. */
static size_t
character_bytes(const struct reader *reader)
{
	size_t left = (size_t)(reader->end - reader->at);

	for (size_t bytes = 2; bytes <= 4 && bytes <= left; bytes++)
		if (sendas_text_is_utf8(reader->at, bytes))
			return bytes;
	return 0;
}

/* The code point of a well-formed character of so many bytes. */
static uint32_t
decode(const char *at, size_t bytes)
{
	uint32_t point = (unsigned char)at[0] & (0xffu >> (bytes + 1));

	for (size_t i = 1; i < bytes; i++)
		point = point << 6 | ((unsigned char)at[i] & 0x3f);
	return point;
}

static bool
is_wide_space(uint32_t point)
{
	return point == 0xa0 || (point >= 0x2000 && point <= 0x200a) ||
	    point == 0x202f || point == 0x205f || point == 0x3000;
}

/* A character beyond ASCII, or a byte that is none. */
static void
read_character(struct reader *reader)
{
	size_t bytes = character_bytes(reader);
	uint32_t point = bytes > 0 ? decode(reader->at, bytes) : 0;

	if (point < 0xa0 || is_wide_space(point))
		add_space(reader, ' ');
	else if (point == 0x2028 || point == 0x2029)
		add_space(reader, '\n');
	else if (point == 0x2018 || point == 0x2019)
		add_ascii(reader, '\'');
	else if (point != 0xad && !sendas_text_is_hostile(point))
		sendas_buf_add(&reader->out, reader->at, bytes);
	reader->at += bytes > 0 ? bytes : 1;
}

/* True when the tag's name is one that stands in mails and pages: what else
 * stands in angle brackets is an address or a host. */
static bool
is_tag_name(const char *name, size_t len)
{
	static const char *const names[] = {"a", "b", "blockquote", "body",
	    "br", "code", "div", "em", "font", "h1", "h2", "h3", "hr", "html",
	    "i", "img", "li", "ol", "p", "pre", "span", "strong", "table",
	    "tbody", "td", "th", "tr", "tt", "u", "ul", "wbr"};
	char lowered[12];

	if (len == 0 || len >= sizeof(lowered))
		return false;
	memcpy(lowered, name, len);
	lowered[len] = '\0';
	sendas_text_lower(lowered);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(lowered, names[i]) == 0)
			return true;
	return false;
}

/* The length of the tag at `at`; 0: there is none. */
static size_t
tag_bytes(const char *at, const char *end)
{
	const char *name = at + 1, *close;
	size_t limit = (size_t)(end - at), len = 0;

	close = memchr(at, '>', limit < TAG_BYTES ? limit : TAG_BYTES);
	if (close == NULL)
		return 0;
	if (*name == '/')
		name++;
	while (name + len < close && name[len] != ' ' && name[len] != '/' &&
	    name[len] != '\n' && name[len] != '\t' && name[len] != '\r')
		len++;
	return is_tag_name(name, len) ? (size_t)(close - at) + 1 : 0;
}

/* The number in "#39" or "#x27", or 0. */
static unsigned long
reference_number(const char *body)
{
	bool is_hex = body[1] == 'x' || body[1] == 'X';
	const char *digits = body + (is_hex ? 2 : 1);
	unsigned long number;
	char *end;

	if (body[0] != '#' || *digits == '\0' || strchr("+- ", *digits) != NULL)
		return 0;
	number = strtoul(digits, &end, is_hex ? 16 : 10);
	return *end == '\0' ? number : 0;
}

/* The ASCII that a character reference stands for; 0: another character, or
 * no reference. */
static char
reference_ascii(const char *body)
{
	static const struct {
		const char *name;
		char ascii;
	} names[] = {{"nbsp", ' '}, {"lt", '<'}, {"gt", '>'}, {"amp", '&'},
	    {"quot", '"'}, {"apos", '\''}, {"rsquo", '\''}};
	unsigned long number = reference_number(body);

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(body, names[i].name) == 0)
			return names[i].ascii;
	if (number == 0xa0)
		return ' ';
	if (number == 0x2019)
		return '\'';
	return number > 0 && number < 0x80 ? (char)number : '\0';
}

/* Reads "&nbsp;" and the like; false when there is none. */
static bool
read_reference(struct reader *reader)
{
	size_t left = (size_t)(reader->end - reader->at), len;
	char body[REFERENCE_BYTES + 1], ascii;
	const char *close = memchr(reader->at, ';',
	    left < REFERENCE_BYTES + 2 ? left : REFERENCE_BYTES + 2);

	if (close == NULL)
		return false;
	len = (size_t)(close - reader->at) - 1;
	memcpy(body, reader->at + 1, len);
	body[len] = '\0';
	ascii = reference_ascii(body);
	if (ascii == '\0')
		return false;
	add_ascii(reader, ascii);
	reader->at = close + 1;
	return true;
}

/* ESC $ begins a double-byte part of ISO-2022-JP, ESC ( ends it. Its bytes
 * are those of ASCII and must not be read so. */
static void
read_escape(struct reader *reader)
{
	size_t left = (size_t)(reader->end - reader->at);
	size_t bytes = 1;

	if (left >= 3 && (reader->at[1] == '$' || reader->at[1] == '(')) {
		reader->is_jis = reader->at[1] == '$';
		bytes = 3;
	}
	add_space(reader, ' ');
	reader->at += bytes;
}

/* The soft line break of quoted-printable (RFC 2045 6.7): its length, or 0. */
static size_t
soft_break_bytes(const char *at, const char *end)
{
	if (end - at >= 2 && at[1] == '\n')
		return 2;
	return end - at >= 3 && at[1] == '\r' && at[2] == '\n' ? 3 : 0;
}

/* One character, tag, reference or escape of ASCII. */
static void
read_ascii(struct reader *reader)
{
	char letter = *reader->at;
	size_t bytes = 0;

	if (letter == '\n')
		reader->is_jis = false; /* RFC 1468: a line ends in ASCII */
	if (letter == '\033') {
		read_escape(reader);
		return;
	}
	if (reader->is_jis) {
		reader->at++;
		return;
	}
	if (letter == '&' && read_reference(reader))
		return;
	if (letter == '<')
		bytes = tag_bytes(reader->at, reader->end);
	else if (letter == '=')
		bytes = soft_break_bytes(reader->at, reader->end);
	if (bytes == 0)
		add_ascii(reader, letter);
	else if (letter == '<')
		add_space(reader, '\n');
	reader->at += bytes > 0 ? bytes : 1;
}

char *
sendas_paste_plain(const char *text, size_t len)
{
	struct reader reader = {.at = text, .end = text + len};
	char *plain;

	sendas_buf_init(&reader.out, len + 1);
	while (reader.at < reader.end) {
		if ((unsigned char)*reader.at < 0x80)
			read_ascii(&reader);
		else
			read_character(&reader);
	}
	plain = sendas_text_fold_width(reader.out.data);
	sendas_buf_clear(&reader.out);
	sendas_text_lower(plain);
	return plain;
}

char *
sendas_paste_join(const char *plain)
{
	struct sendas_buf out;

	sendas_buf_init(&out, strlen(plain) + 1);
	while (*plain != '\0') {
		if (*plain == '\n') {
			plain += strspn(plain, "\n> ");
			continue;
		}
		sendas_buf_add(&out, plain, 1);
		plain++;
	}
	return sendas_buf_take(&out);
}
