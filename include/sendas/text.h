/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.h: UTF-8 text from outside: is it valid, how wide is it, and how is it
 * made harmless for a terminal or a page. Uses GNU libunistring.
 */
#ifndef SENDAS_TEXT_H
#define SENDAS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* True when the bytes are well-formed UTF-8 (RFC 3629). */
bool sendas_text_is_utf8(const char *text, size_t len);

/* True when it is one line without control characters of ASCII, in UTF-8 or
 * not: what a password may be. */
bool sendas_text_is_line(const char *text, size_t len);

/* True for a code point that must not reach a terminal raw: C0, DEL and C1
 * controls, line and paragraph separators, and the bidi controls of Unicode
 * UAX #9 and its invisible relatives (zero width, byte order mark). */
bool sendas_text_is_hostile(uint32_t code_point);

/*
 * A copy of `text` in which every hostile code point and every byte that is
 * no UTF-8 stands as <U+202E> or <0x9B>. With `keep_newlines` a line feed is
 * kept. NULL gives "". The caller frees it.
 */
char *sendas_text_safe(const char *text, bool keep_newlines);

/*
 * A copy of `text` for an HTML page, as the text of an element or within a
 * quoted attribute: made safe as by sendas_text_safe, line feeds kept, and
 * then & < > " and ' written as references, so that no markup is left. NULL
 * gives "". The caller frees it.
 */
char *sendas_text_escape_html(const char *text);

/* The columns that a harmless text takes on a terminal; wide characters of
 * East Asia count two. */
size_t sendas_text_width(const char *text);

/*
 * A copy of a harmless text in lines of at most `columns` columns, each but
 * the first with `indent` spaces before it; breaks where UAX #14 allows one,
 * so Japanese too. No line end after the last. The caller frees it.
 */
char *sendas_text_wrap(const char *text, size_t indent, size_t columns);

/*
 * A copy of `text` in which full-width ASCII forms (U+FF01..U+FF5E), the
 * ideographic space and no-break space, and the full stops U+3002 and U+FF61
 * are the ASCII that was meant: people type host names and digits with an
 * input method. The caller frees it.
 */
char *sendas_text_fold_width(const char *text);

/* A copy without ASCII white space at both ends; the caller frees it. */
char *sendas_text_trim(const char *text);

/* Copies at most `max` bytes of `text` to *to, which has a byte more: cut at a
 * character's boundary, and on one line. */
void sendas_text_copy_cut(char *to, size_t max, const char *text);

/* ASCII lower case in place; other characters stay. */
void sendas_text_lower(char *text);

/* True when both are equal but for the case of ASCII letters. */
bool sendas_text_equal_fold(const char *a, const char *b);

/* A hash (FNV-1a, 64 bits) that is the same for two texts which are equal in
 * that way. Whoever makes the texts can make others with the same hash. */
uint64_t sendas_text_hash_fold(const char *text);

/* `text` percent-encoded for one path segment (RFC 3986: all but unreserved
 * characters); the caller frees it. */
char *sendas_text_percent_encode(const char *text);

/* "2026-11-24 11:15", local time, into *out of at least 32 bytes; with its
 * offset (" +0900") where it may be read on another machine. */
void sendas_text_format_time(
    time_t when, bool has_offset, char *out, size_t bytes);

#endif
