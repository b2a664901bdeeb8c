/* SPDX-License-Identifier: Apache-2.0 */
/*
 * as_text.h: results as text for people: a sink, and a plan for a question.
 * All that came from outside is made harmless for a terminal here.
 */
#ifndef SENDAS_AS_TEXT_H
#define SENDAS_AS_TEXT_H

#include <stdbool.h>
#include <stdio.h>
#include "sendas/model.h"
#include "sendas/sink.h"

struct sendas_as_text;

struct sendas_as_text_options {
	FILE *stream; /* borrowed */
	bool is_verbose; /* info findings and other providers' too */
	bool has_color; /* ECMA-48 sequences */
};

struct sendas_as_text *sendas_as_text_new(
    const struct sendas_as_text_options *options);
void sendas_as_text_free(struct sendas_as_text *text);

/* Borrowed from the object. */
const struct sendas_sink *sendas_as_text_sink(struct sendas_as_text *text);

/* Writes for each planned change of a mailbox what is and what will be, why,
 * how sure that is, what its holder will notice, and whether it can be put
 * back. */
void sendas_as_text_write_plan(FILE *stream,
    const struct sendas_provider *provider,
    const struct sendas_mailbox *mailbox);

/* Writes what a change was and what became of it. */
void sendas_as_text_write_change(
    FILE *stream, const struct sendas_change *change);

/* "3 made and read back, 197 planned and not made", of counts by outcome; the
 * caller frees it. NULL when all are 0. */
char *sendas_as_text_count_changes(const size_t *counts);

/* Writes printf's text made harmless, and wrapped to a page; the first line
 * begins with `lead`, the others are indented. */
void sendas_as_text_write_item(FILE *stream, const char *lead, size_t indent,
    const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
