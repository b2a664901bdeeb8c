/* SPDX-License-Identifier: Apache-2.0 */
/*
 * paste.h: what people paste out of mails and web pages, made plain so that
 * it can be searched. Knows nothing of what is searched for.
 */
#ifndef SENDAS_PASTE_H
#define SENDAS_PASTE_H

#include <stddef.h>

/*
 * A copy in which only what carries meaning is left, for looking up and not
 * for showing: full-width forms are ASCII, letters of ASCII are small, a curly
 * apostrophe is a straight one, character references (&nbsp;, &#39;) are read,
 * tags of HTML end a line, invisible characters are gone, and a run of white
 * space is one space, or one line feed when a line ends in it. What is no
 * UTF-8, control characters, NULs and the double-byte parts of ISO-2022-JP
 * (RFC 1468) count as white space. Any bytes may be given. The caller frees
 * it.
 */
char *sendas_paste_plain(const char *text, size_t len);

/* A copy of a plain text in which every line goes on where the one before it
 * ended, quote marks (>) left out: for words that were broken in two. The
 * caller frees it. */
char *sendas_paste_join(const char *plain);

#endif
