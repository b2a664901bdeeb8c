/* SPDX-License-Identifier: Apache-2.0 */
/*
 * from.c: what --from reads, a file or a paste, to mailboxes that are judged
 * like any other. No network. The forms stand in doc/from.md.
 */
#include "sendas/audit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/rules.h"
#include "sendas/text.h"

/* The input, read line by line: JSON lines can be longer than memory. */
struct from {
	const struct sendas_policy *policy;
	sendas_audit_take_fn *take; /* gets each mailbox, judged */
	void *take_ctx;
	FILE *input;
	const char *name; /* for messages */
	const char *mailbox; /* whose settings, if the text does not say */
	char *line;
	size_t capacity;
	size_t len;
	long line_number; /* of `line`, from 1 */
	bool is_lines; /* each line is a value */
};

/* Puts the name before what is wrong with one of its values, and the line
 * when each line is a value. */
static enum sendas_status
fail_value(const struct from *from, struct sendas_error *err,
    const struct sendas_error *inner)
{
	if (from->is_lines)
		return sendas_fail(err, SENDAS_ERR_INPUT, _("%s, line %ld: %s"),
		    from->name, from->line_number, inner->message);
	return sendas_fail(
	    err, SENDAS_ERR_INPUT, "%s: %s", from->name, inner->message);
}

/* The next line without its end; *is_end when there is none. */
static enum sendas_status
read_line(struct from *from, bool *is_end, struct sendas_error *err)
{
	ssize_t got = getline(&from->line, &from->capacity, from->input);

	*is_end = got < 0;
	if (got < 0 && ferror(from->input))
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%s: cannot be read: %s"), from->name, strerror(errno));
	if (got < 0)
		return SENDAS_OK;
	from->line_number++;
	from->len = (size_t)got;
	if (from->len > SENDAS_LIMIT_ANSWER_BYTES)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%s, line %ld: longer than %u bytes; is it the right "
		      "file?"),
		    from->name, from->line_number, SENDAS_LIMIT_ANSWER_BYTES);
	while (from->len > 0 && strchr("\r\n", from->line[from->len - 1]))
		from->line[--from->len] = '\0';
	return SENDAS_OK;
}

/* A paste from a browser has no-break spaces where it shows white space, and
 * a file from Windows begins with a byte order mark. In a JSON string a
 * no-break space stays what it is. */
static void
clean_line(struct from *from)
{
	static const char nbsp[] = "\xc2\xa0", bom[] = "\xef\xbb\xbf";
	bool in_string = false;
	char *to = from->line;
	const char *at = from->line, *end = from->line + from->len;

	if (from->line_number == 1 && from->len >= 3 && memcmp(at, bom, 3) == 0)
		at += 3;
	while (at < end) {
		if (!in_string && end - at >= 2 && memcmp(at, nbsp, 2) == 0) {
			*to++ = ' ';
			at += 2;
			continue;
		}
		if (in_string && *at == '\\' && end - at >= 2)
			*to++ = *at++;
		else if (*at == '"')
			in_string = !in_string;
		*to++ = *at++;
	}
	*to = '\0';
	from->len = (size_t)(to - from->line);
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r\n\f\v")] == '\0';
}

/* "200", "200 OK" or "HTTP/1.1 200 OK", as Google's API explorer shows it
 * above an answer. */
static bool
is_status_line(const char *line)
{
	line += strspn(line, " \t");
	if (strncmp(line, "HTTP/", 5) == 0) {
		line += strcspn(line, " ");
		line += strspn(line, " ");
	}
	return strspn(line, "0123456789") == 3 &&
	    (line[3] == '\0' || line[3] == ' ');
}

/* Whose settings these are, or the reason why they are not judged. */
static void
name_mailbox(struct sendas_mailbox *mailbox, const char *said)
{
	const char *primary = sendas_mailbox_primary(mailbox);
	struct sendas_error err;

	mailbox->mailbox = sendas_xstrdup(said != NULL ? said : primary);
	if (mailbox->address_count == 0) {
		sendas_fail_reason(&err, SENDAS_ERR_ANSWER,
		    SENDAS_REASON_BAD_ANSWER,
		    _("There is no address in it. Every Gmail account has at "
		      "least its own, so this is not all of the answer."));
		sendas_mailbox_set_unread(mailbox, &err);
		return;
	}
	if (said == NULL || primary == NULL ||
	    sendas_text_equal_fold(said, primary))
		return;
	sendas_fail(&err, SENDAS_ERR_WRONG_MAILBOX,
	    _("These are said to be the settings of %s, but they are those of "
	      "%s, so they were not judged."),
	    said, primary);
	sendas_mailbox_set_unread(mailbox, &err);
}

/* Google's error instead of an answer: say so, not "sendAs is missing". */
static enum sendas_status
check_not_error(const struct sendas_json *value, struct sendas_error *err)
{
	struct sendas_json error = sendas_json_member(value, "error");
	const char *message = "";

	if (error.node == NULL)
		return SENDAS_OK;
	if (sendas_json_read_string(&error, "message", &message, err) !=
	    SENDAS_OK)
		message = "";
	return sendas_fail(err, SENDAS_ERR_INPUT,
	    _("this is an error from Google, not the settings: \"%.200s\""),
	    message);
}

/* Reads one value into a mailbox, and whose it is said to be. */
static enum sendas_status
read_value(const struct sendas_json *value, struct sendas_mailbox *mailbox,
    const char **said, struct sendas_error *err)
{
	enum sendas_status status;

	status = check_not_error(value, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_string(value, "mailbox", said, err);
	if (status == SENDAS_OK)
		status = sendas_send_as_read(value, mailbox, err);
	return status;
}

/* Parses, judges and hands over one text that begins on line `line`. */
static enum sendas_status
judge_text(struct from *from, const char *text, size_t len, long line,
    struct sendas_error *err)
{
	struct sendas_mailbox *mailbox;
	struct sendas_json_doc *doc = NULL;
	const char *said = from->mailbox;
	struct sendas_error inner;
	enum sendas_status status;
	struct sendas_json root;

	status = sendas_json_parse_line(text, len, line, &doc, &inner);
	if (status != SENDAS_OK)
		return sendas_fail(
		    err, status, "%s: %s", from->name, inner.message);
	root = sendas_json_root(doc);
	mailbox = sendas_mailbox_new(NULL, SENDAS_SOURCE_FILE);
	status = read_value(&root, mailbox, &said, &inner);
	if (status == SENDAS_OK) {
		name_mailbox(mailbox, said);
		if (mailbox->status == SENDAS_MAILBOX_READ)
			sendas_rules_judge(from->policy, mailbox);
		status = from->take(from->take_ctx, mailbox, err);
	} else {
		sendas_mailbox_free(mailbox);
		status = fail_value(from, err, &inner);
	}
	sendas_json_doc_free(doc);
	return status;
}

/* True when the line alone is a whole JSON object. */
static bool
is_whole_object(const char *text, size_t len)
{
	struct sendas_json_doc *doc = NULL;
	struct sendas_json root;
	bool is_object;

	if (sendas_json_parse(text, len, &doc, NULL) != SENDAS_OK)
		return false;
	root = sendas_json_root(doc);
	is_object = sendas_json_is_object(&root);
	sendas_json_doc_free(doc);
	return is_object;
}

/* The first line with something in it, after a status line if there is
 * one. */
static enum sendas_status
read_first(struct from *from, struct sendas_error *err)
{
	enum sendas_status status;
	bool is_end;

	do {
		status = read_line(from, &is_end, err);
		if (status != SENDAS_OK)
			return status;
		if (is_end)
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("%s: there is nothing in it"), from->name);
		clean_line(from);
	} while (is_blank(from->line) || is_status_line(from->line));
	return SENDAS_OK;
}

/* Judges the line that was read first, then the current one and each further
 * one. */
static enum sendas_status
judge_lines(struct from *from, const char *first, size_t first_len,
    long first_number, struct sendas_error *err)
{
	enum sendas_status status;
	long second = from->line_number;
	bool is_end = false;

	from->line_number = first_number;
	status = judge_text(from, first, first_len, first_number, err);
	from->line_number = second;
	while (status == SENDAS_OK && !is_end) {
		if (!is_blank(from->line))
			status = judge_text(from, from->line, from->len,
			    from->line_number, err);
		if (status == SENDAS_OK)
			status = read_line(from, &is_end, err);
		if (status == SENDAS_OK && !is_end)
			clean_line(from);
	}
	return status;
}

/* The rest of the input as one value that began with the current line. */
static enum sendas_status
judge_whole(struct from *from, struct sendas_error *err)
{
	long first_number = from->line_number;
	enum sendas_status status;
	struct sendas_buf whole;
	bool is_end = false;

	sendas_buf_init(&whole, SENDAS_LIMIT_ANSWER_BYTES);
	do {
		sendas_buf_add(&whole, from->line, from->len);
		sendas_buf_add_text(&whole, "\n");
		status = read_line(from, &is_end, err);
		if (status == SENDAS_OK && !is_end)
			clean_line(from);
	} while (status == SENDAS_OK && !is_end && !whole.is_overflow);
	if (status == SENDAS_OK && whole.is_overflow)
		status = sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%s: larger than %zu bytes; is it the right file?"),
		    from->name, whole.max);
	if (status == SENDAS_OK)
		status =
		    judge_text(from, whole.data, whole.len, first_number, err);
	sendas_buf_clear(&whole);
	return status;
}

/* If the first line is a whole object and more follows it is JSON lines,
 * else the whole input is one value. */
static enum sendas_status
judge_input(struct from *from, struct sendas_error *err)
{
	enum sendas_status status;
	bool is_end = false;
	long first_number;
	size_t first_len;
	char *first;

	status = read_first(from, err);
	if (status != SENDAS_OK)
		return status;
	if (strspn(from->line, " \t<") > strspn(from->line, " \t"))
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%s, line %ld: this is a web page (HTML), not the "
		      "settings. Copy the text between { and } alone."),
		    from->name, from->line_number);
	if (!is_whole_object(from->line, from->len))
		return judge_whole(from, err);
	first_number = from->line_number;
	first_len = from->len;
	first = sendas_xstrdup(from->line);
	do {
		status = read_line(from, &is_end, err);
		if (status == SENDAS_OK && !is_end)
			clean_line(from);
	} while (status == SENDAS_OK && !is_end && is_blank(from->line));
	if (status == SENDAS_OK && is_end)
		from->line[0] = '\0';
	if (status == SENDAS_OK)
		status = judge_lines(from, first, first_len, first_number, err);
	free(first);
	return status;
}

static enum sendas_status
emit(void *ctx, struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	return sendas_run_emit(ctx, mailbox, err);
}

enum sendas_status
sendas_audit_from(struct sendas_run *run, FILE *input, const char *name,
    const char *mailbox, struct sendas_error *err)
{
	struct from from = {
	    .policy = run->options->policy,
	    .take = emit,
	    .take_ctx = run,
	    .input = input,
	    .name = name,
	    .mailbox = mailbox,
	};
	enum sendas_status status = judge_input(&from, err);

	free(from.line);
	return status;
}

/* Keeps the only one. */
static enum sendas_status
keep_one(void *ctx, struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	struct sendas_mailbox **kept = ctx;

	if (*kept != NULL) {
		sendas_mailbox_free(mailbox);
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("there is more than one mailbox in it; with -o FILE or "
		      "into a pipe all are shown"));
	}
	*kept = mailbox;
	return SENDAS_OK;
}

enum sendas_status
sendas_audit_from_one(const struct sendas_policy *policy, FILE *input,
    const char *name, const char *mailbox, struct sendas_mailbox **out,
    struct sendas_error *err)
{
	struct sendas_mailbox *kept = NULL;
	struct from from = {
	    .policy = policy,
	    .take = keep_one,
	    .take_ctx = &kept,
	    .input = input,
	    .name = name,
	    .mailbox = mailbox,
	};
	enum sendas_status status = judge_input(&from, err);

	free(from.line);
	if (status == SENDAS_OK)
		*out = kept;
	else
		sendas_mailbox_free(kept);
	return status;
}
