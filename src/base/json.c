/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.c: reading and writing JSON through cJSON, the only file that knows
 * it. cJSON passes over much in silence (NUL ends a string, duplicate keys
 * stay, any bytes count as text), so what is hostile is looked for here.
 */
#include "sendas/json.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistr.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/secret.h"
#include "sendas/text.h"

#define PATH_BYTES 256

struct sendas_json_doc {
	cJSON *root;
};

/* cJSON's own type under our name: a value is never looked into. */
struct sendas_json_value {
	cJSON item;
};

/* Out of memory ends the program here as everywhere; without this cJSON
 * would drop what does not fit and go on. */
static void
use_own_memory(void)
{
	/* A sign-in is read and written as JSON, too. */
	static cJSON_Hooks hooks = {sendas_xmalloc, sendas_mem_wipe_free};

	cJSON_InitHooks(&hooks);
}

/* A text to be parsed, and the line on which it begins. */
struct raw {
	const char *text;
	size_t len;
	long line;
};

/* "line 3, column 14", counted from 1, in bytes. */
static enum sendas_status
fail_at(struct sendas_error *err, const struct raw *raw, const char *at,
    const char *what)
{
	long line = raw->line, column = 1;

	for (const char *text = raw->text; text < at; text++) {
		column++;
		if (*text == '\n') {
			line++;
			column = 1;
		}
	}
	return sendas_fail(err, SENDAS_ERR_INPUT, _("line %ld, column %ld: %s"),
	    line, column, what);
}

/* One pass over the raw text: \u0000, which would cut a string short, and
 * nesting, before cJSON spends memory on it. */
static enum sendas_status
check_raw(const struct raw *raw, struct sendas_error *err)
{
	const char *text = raw->text;
	size_t len = raw->len;
	bool in_string = false;
	int depth = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (in_string && c == '\\') {
			if (len - i >= 6 && memcmp(text + i, "\\u0000", 6) == 0)
				return fail_at(err, raw, text + i,
				    _("a NUL character (\\u0000) is not "
				      "allowed here"));
			i++;
		} else if (c == '"') {
			in_string = !in_string;
		} else if (!in_string && (c == '{' || c == '[')) {
			if (++depth > SENDAS_LIMIT_JSON_DEPTH)
				return fail_at(
				    err, raw, text + i, _("nested too deeply"));
		} else if (!in_string && (c == '}' || c == ']')) {
			depth--;
		}
	}
	return SENDAS_OK;
}

static enum sendas_status
check_bytes(const struct raw *raw, struct sendas_error *err)
{
	const char *text = raw->text;
	size_t len = raw->len;
	const char *nul = memchr(text, '\0', len);
	const uint8_t *bad;

	if (nul != NULL)
		return fail_at(
		    err, raw, nul, _("a NUL character is not allowed here"));
	bad = u8_check((const uint8_t *)text, len);
	if (bad != NULL)
		return fail_at(
		    err, raw, (const char *)bad, _("this is not UTF-8 text"));
	return check_raw(raw, err);
}

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Fails when an object has a key twice; sorted, so that a hostile object
 * with a million keys costs no n^2. */
static enum sendas_status
check_keys(const struct sendas_json *at, struct sendas_error *err)
{
	const cJSON *object = at->node;
	size_t count = (size_t)cJSON_GetArraySize(object);
	enum sendas_status status = SENDAS_OK;
	const char **keys;
	size_t n = 0;

	if (count < 2)
		return SENDAS_OK;
	keys = sendas_xcalloc(count, sizeof(*keys));
	for (const cJSON *c = object->child; c != NULL; c = c->next)
		keys[n++] = c->string;
	qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < n && status == SENDAS_OK; i++) {
		if (strcmp(keys[i - 1], keys[i]) == 0)
			status = sendas_json_fail(
			    at, err, _("\"%.40s\" stands here twice"), keys[i]);
	}
	free(keys);
	return status;
}

/* Looks through the whole tree; its depth was checked before. */
static enum sendas_status
check_tree(const struct sendas_json *at, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;
	struct sendas_json child;

	if (cJSON_IsObject(at->node))
		status = check_keys(at, err);
	for (child = sendas_json_first(at);
	     status == SENDAS_OK && child.node != NULL;
	     sendas_json_next(&child))
		status = check_tree(&child, err);
	return status;
}

static enum sendas_status
parse(const struct raw *raw, struct sendas_json_doc **out,
    struct sendas_error *err)
{
	struct sendas_json_doc *doc;
	struct sendas_json root;
	const char *end = raw->text;
	enum sendas_status status;

	use_own_memory();
	status = check_bytes(raw, err);
	if (status != SENDAS_OK)
		return status;
	doc = sendas_xcalloc(1, sizeof(*doc));
	doc->root = cJSON_ParseWithLengthOpts(raw->text, raw->len, &end, false);
	if (doc->root == NULL) {
		status = fail_at(err, raw, end, _("this is not JSON"));
		goto fail;
	}
	/* The text need not end with a NUL: no strspn(3). */
	while (end < raw->text + raw->len && strchr(" \t\r\n", *end) != NULL)
		end++;
	if (end < raw->text + raw->len) {
		status = fail_at(
		    err, raw, end, _("something follows the end of the JSON"));
		goto fail;
	}
	root = sendas_json_root(doc);
	status = check_tree(&root, err);
	if (status != SENDAS_OK)
		goto fail;
	*out = doc;
	return SENDAS_OK;
fail:
	sendas_json_doc_free(doc);
	return status;
}

enum sendas_status
sendas_json_parse(const char *text, size_t len, struct sendas_json_doc **out,
    struct sendas_error *err)
{
	return sendas_json_parse_line(text, len, 1, out, err);
}

enum sendas_status
sendas_json_parse_line(const char *text, size_t len, long line,
    struct sendas_json_doc **out, struct sendas_error *err)
{
	struct raw raw = {.text = text, .len = len, .line = line};

	return parse(&raw, out, err);
}

static void
wipe_strings(cJSON *item)
{
	for (; item != NULL; item = item->next) {
		sendas_secret_wipe(item->valuestring);
		wipe_strings(item->child);
	}
}

void
sendas_json_doc_free(struct sendas_json_doc *doc)
{
	if (doc == NULL)
		return;
	wipe_strings(doc->root);
	cJSON_Delete(doc->root);
	free(doc);
}

struct sendas_json
sendas_json_root(const struct sendas_json_doc *doc)
{
	return (struct sendas_json){.node = doc->root};
}

bool
sendas_json_is_object(const struct sendas_json *at)
{
	return cJSON_IsObject((const cJSON *)at->node);
}

bool
sendas_json_is_array(const struct sendas_json *at)
{
	return cJSON_IsArray((const cJSON *)at->node);
}

/* "sendAs[2].smtpMsa.port", or "" for the top. */
static void
add_path(const struct sendas_json *at, struct sendas_buf *path)
{
	char *key;

	if (at->parent == NULL)
		return;
	add_path(at->parent, path);
	if (at->key == NULL) {
		sendas_buf_printf(path, "[%zu]", at->index);
		return;
	}
	key = sendas_xasprintf("%s%.40s", path->len > 0 ? "." : "", at->key);
	sendas_buf_add_text(path, key);
	free(key);
}

enum sendas_status
sendas_json_fail(const struct sendas_json *at, struct sendas_error *err,
    const char *format, ...)
{
	struct sendas_buf path;
	va_list arguments;
	char *what = NULL;

	va_start(arguments, format);
	if (vasprintf(&what, format, arguments) < 0)
		what = NULL;
	va_end(arguments);
	sendas_buf_init(&path, PATH_BYTES);
	add_path(at, &path);
	if (path.len == 0)
		sendas_fail(err, SENDAS_ERR_INPUT, "%s", what ? what : "");
	else
		sendas_fail(err, SENDAS_ERR_INPUT, "%s: %s", path.data,
		    what ? what : "");
	sendas_buf_clear(&path);
	free(what);
	return SENDAS_ERR_INPUT;
}

enum sendas_status
sendas_json_want_object(const struct sendas_json *at, struct sendas_error *err)
{
	if (cJSON_IsObject((const cJSON *)at->node))
		return SENDAS_OK;
	return sendas_json_fail(at, err, _("want an object { ... }"));
}

enum sendas_status
sendas_json_want_array(const struct sendas_json *at, struct sendas_error *err)
{
	if (cJSON_IsArray((const cJSON *)at->node))
		return SENDAS_OK;
	return sendas_json_fail(at, err, _("want a list [ ... ]"));
}

struct sendas_json
sendas_json_member(const struct sendas_json *at, const char *key)
{
	const cJSON *found = NULL;

	if (cJSON_IsObject((const cJSON *)at->node))
		found = cJSON_GetObjectItemCaseSensitive(at->node, key);
	if (cJSON_IsNull(found))
		found = NULL;
	return (struct sendas_json){.node = found, .parent = at, .key = key};
}

size_t
sendas_json_count(const struct sendas_json *at)
{
	return (size_t)cJSON_GetArraySize(at->node);
}

struct sendas_json
sendas_json_first(const struct sendas_json *at)
{
	const cJSON *child = NULL;

	if (cJSON_IsArray((const cJSON *)at->node) ||
	    cJSON_IsObject((const cJSON *)at->node))
		child = ((const cJSON *)at->node)->child;
	return (struct sendas_json){.node = child,
	    .parent = at,
	    .key = child != NULL ? child->string : NULL};
}

void
sendas_json_next(struct sendas_json *at)
{
	const cJSON *next = ((const cJSON *)at->node)->next;

	at->node = next;
	at->key = next != NULL ? next->string : NULL;
	at->index++;
}

enum sendas_status
sendas_json_as_string(
    const struct sendas_json *at, const char **out, struct sendas_error *err)
{
	if (!cJSON_IsString((const cJSON *)at->node))
		return sendas_json_fail(at, err, _("want a text \"...\""));
	*out = ((const cJSON *)at->node)->valuestring;
	return SENDAS_OK;
}

enum sendas_status
sendas_json_read_string(const struct sendas_json *at, const char *key,
    const char **out, struct sendas_error *err)
{
	struct sendas_json member = sendas_json_member(at, key);

	if (member.node == NULL)
		return SENDAS_OK;
	return sendas_json_as_string(&member, out, err);
}

enum sendas_status
sendas_json_read_bool(const struct sendas_json *at, const char *key, bool *out,
    struct sendas_error *err)
{
	struct sendas_json member = sendas_json_member(at, key);

	if (member.node == NULL)
		return SENDAS_OK;
	if (!cJSON_IsBool((const cJSON *)member.node))
		return sendas_json_fail(&member, err, _("want true or false"));
	*out = cJSON_IsTrue((const cJSON *)member.node);
	return SENDAS_OK;
}

enum sendas_status
sendas_json_read_int(const struct sendas_json *at, const char *key, long min,
    long max, long *out, struct sendas_error *err)
{
	struct sendas_json member = sendas_json_member(at, key);
	double number;

	if (member.node == NULL)
		return SENDAS_OK;
	if (!cJSON_IsNumber((const cJSON *)member.node))
		return sendas_json_fail(&member, err, _("want a number"));
	number = ((const cJSON *)member.node)->valuedouble;
	if (!(number >= (double)min && number <= (double)max) ||
	    number != floor(number))
		return sendas_json_fail(&member, err,
		    _("want a whole number from %ld to %ld"), min, max);
	*out = (long)number;
	return SENDAS_OK;
}

static bool
is_one_of(const char *key, const char *const *keys)
{
	for (; *keys != NULL; keys++) {
		if (strcmp(key, *keys) == 0)
			return true;
	}
	return false;
}

enum sendas_status
sendas_json_only_keys(const struct sendas_json *at, const char *const *keys,
    struct sendas_error *err)
{
	struct sendas_json child;

	for (child = sendas_json_first(at); child.node != NULL;
	     sendas_json_next(&child)) {
		if (!is_one_of(child.key, keys))
			return sendas_json_fail(&child, err,
			    _("this key is not known here; is it a typing "
			      "error?"));
	}
	return SENDAS_OK;
}

static struct sendas_json_value *
as_value(cJSON *item)
{
	return (struct sendas_json_value *)item;
}

struct sendas_json_value *
sendas_json_new_object(void)
{
	use_own_memory();
	return as_value(cJSON_CreateObject());
}

struct sendas_json_value *
sendas_json_new_array(void)
{
	use_own_memory();
	return as_value(cJSON_CreateArray());
}

void
sendas_json_value_free(struct sendas_json_value *value)
{
	cJSON_Delete((cJSON *)value);
}

void
sendas_json_set_string(
    struct sendas_json_value *object, const char *key, const char *text)
{
	if (text == NULL)
		cJSON_AddNullToObject(&object->item, key);
	else
		cJSON_AddStringToObject(&object->item, key, text);
}

void
sendas_json_set_bool(
    struct sendas_json_value *object, const char *key, bool is_true)
{
	cJSON_AddBoolToObject(&object->item, key, is_true);
}

void
sendas_json_set_int(
    struct sendas_json_value *object, const char *key, long number)
{
	cJSON_AddNumberToObject(&object->item, key, (double)number);
}

void
sendas_json_set_null(struct sendas_json_value *object, const char *key)
{
	cJSON_AddNullToObject(&object->item, key);
}

void
sendas_json_set(struct sendas_json_value *object, const char *key,
    struct sendas_json_value *takes)
{
	cJSON_AddItemToObject(&object->item, key, (cJSON *)takes);
}

void
sendas_json_append(
    struct sendas_json_value *array, struct sendas_json_value *takes)
{
	cJSON_AddItemToArray(&array->item, (cJSON *)takes);
}

/* Writes a code point as JSON escapes (RFC 8259 section 7). */
static void
add_escape(struct sendas_buf *out, ucs4_t point)
{
	if (point < 0x10000) {
		sendas_buf_printf(out, "\\u%04x", (unsigned)point);
		return;
	}
	point -= 0x10000;
	sendas_buf_printf(out, "\\u%04x\\u%04x",
	    (unsigned)(0xd800 + (point >> 10)),
	    (unsigned)(0xdc00 + (point & 0x3ff)));
}

char *
sendas_json_format(const struct sendas_json_value *value)
{
	char *raw = cJSON_PrintUnformatted(&value->item);
	const uint8_t *at = (const uint8_t *)raw;
	size_t left = strlen(raw);
	struct sendas_buf out;
	ucs4_t point;
	int used;

	sendas_buf_init(&out, left * 6 + 1);
	while (left > 0) {
		used = u8_mbtoucr(&point, at, left);
		if (used < 0) {
			/* Nothing that came in gets here: all was checked. */
			add_escape(&out, 0xfffd);
			used = 1;
		} else if (sendas_text_is_hostile(point)) {
			add_escape(&out, point);
		} else {
			sendas_buf_add(&out, at, (size_t)used);
		}
		at += used;
		left -= (size_t)used;
	}
	cJSON_free(raw);
	return sendas_buf_take(&out);
}
