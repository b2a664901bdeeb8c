/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h: reading and writing JSON (RFC 8259), the only door to cJSON.
 *
 * Reading goes through cursors that know their path, so that a message names
 * the place: "sendAs[2].smtpMsa.port: want a number". What cJSON passes over
 * in silence is refused before it: NUL and \u0000, invalid UTF-8, duplicate
 * keys, text after the value, and more than SENDAS_LIMIT_JSON_DEPTH levels.
 * A member that is null counts as absent.
 */
#ifndef SENDAS_JSON_H
#define SENDAS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/error.h"

struct sendas_json_doc; /* a parsed text, owned */
struct sendas_json_value; /* a value being built, owned */

/* A place in a document. Cursors are made on the stack, point to the one
 * they were reached from, and are good while that one and the document are. */
struct sendas_json {
	const void *node; /* NULL: nothing is there */
	const struct sendas_json *parent;
	const char *key; /* NULL in an array */
	size_t index;
};

/*
 * Parses `len` bytes. Errors (SENDAS_ERR_INPUT) say the line and column.
 * *out is the caller's, freed with _free; untouched on failure. It may hold
 * secrets: _free wipes every string in it.
 */
enum sendas_status sendas_json_parse(const char *text, size_t len,
    struct sendas_json_doc **out, struct sendas_error *err) SENDAS_MUST_CHECK;
/* The same for text that is line `line` of something longer. */
enum sendas_status sendas_json_parse_line(const char *text, size_t len,
    long line, struct sendas_json_doc **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

void sendas_json_doc_free(struct sendas_json_doc *doc);

/* The top value of a document. */
struct sendas_json sendas_json_root(const struct sendas_json_doc *doc);

bool sendas_json_is_object(const struct sendas_json *at);
bool sendas_json_is_array(const struct sendas_json *at);

/* Fails unless the value is an object (an array): "sendAs: want an array". */
enum sendas_status sendas_json_want_object(
    const struct sendas_json *at, struct sendas_error *err) SENDAS_MUST_CHECK;
enum sendas_status sendas_json_want_array(
    const struct sendas_json *at, struct sendas_error *err) SENDAS_MUST_CHECK;

/* A member of an object; its node is NULL when it is absent, null, or `at`
 * is no object. */
struct sendas_json sendas_json_member(
    const struct sendas_json *at, const char *key);

/* The number of elements of an array (members of an object), and the one at
 * `index`, counted from 0. Iterating is linear with _first and _next. */
size_t sendas_json_count(const struct sendas_json *at);
struct sendas_json sendas_json_first(const struct sendas_json *at);
void sendas_json_next(struct sendas_json *at);

/*
 * Typed members. Absent or null leaves *out as it is and succeeds, so that a
 * caller sets the default first; a wrong type fails with SENDAS_ERR_INPUT
 * and the path. Strings are borrowed from the document.
 */
enum sendas_status sendas_json_read_string(const struct sendas_json *at,
    const char *key, const char **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;
enum sendas_status sendas_json_read_bool(const struct sendas_json *at,
    const char *key, bool *out, struct sendas_error *err) SENDAS_MUST_CHECK;
/* A whole number from `min` to `max`. */
enum sendas_status sendas_json_read_int(const struct sendas_json *at,
    const char *key, long min, long max, long *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* The string at a cursor itself, as an element of an array; borrowed. */
enum sendas_status sendas_json_as_string(const struct sendas_json *at,
    const char **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Fails when an object has a member that is not in `keys` (ended by NULL),
 * naming its path: for files in which a mistyped key must not be lost. */
enum sendas_status sendas_json_only_keys(const struct sendas_json *at,
    const char *const *keys, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Fails with SENDAS_ERR_INPUT and the path of `at` before the message. */
enum sendas_status sendas_json_fail(const struct sendas_json *at,
    struct sendas_error *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/*
 * Building. Every function that adds takes the child it is given. A NULL
 * string is written as null.
 */
struct sendas_json_value *sendas_json_new_object(void);
struct sendas_json_value *sendas_json_new_array(void);
void sendas_json_value_free(struct sendas_json_value *value);
void sendas_json_set_string(
    struct sendas_json_value *object, const char *key, const char *text);
void sendas_json_set_bool(
    struct sendas_json_value *object, const char *key, bool is_true);
void sendas_json_set_int(
    struct sendas_json_value *object, const char *key, long number);
void sendas_json_set_null(struct sendas_json_value *object, const char *key);
void sendas_json_set(struct sendas_json_value *object, const char *key,
    struct sendas_json_value *takes);
void sendas_json_append(
    struct sendas_json_value *array, struct sendas_json_value *takes);

/*
 * The value as text, on one line; the caller frees it. Control characters
 * that JSON allows in a string (DEL, C1) and bidi controls are escaped
 * (\u202e), so that the text is harmless on a terminal.
 */
char *sendas_json_format(const struct sendas_json_value *value);

#endif
