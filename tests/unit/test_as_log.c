/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_as_log.c: a line for each change, with all that is known of it, at
 * once on the stream, and harmless whatever came from outside.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/as_log.h"
#include "sendas/json.h"
#include "sendas/mem.h"

#define RUN "20261124T021500Z-7f3a"

static const struct sendas_run_info whole_run = {
    .id = RUN,
    .command = "undo",
    .is_dry_run = true,
    .actor = "hanako",
    .identity = "sendas@example.iam.gserviceaccount.com",
    .ticket = "T-17 \"x\"",
    .approved_by = "jiro",
    .undo_of = "20261123T021500Z-0001",
};

static const struct sendas_run_info bare_run = {.id = RUN, .command = "fix"};

/* What is on the stream, which is still open. */
struct log {
	FILE *stream;
	char *text;
	size_t len;
	struct sendas_as_log *log;
};

static void
open_log(struct log *log, const struct sendas_run_info *run)
{
	const struct sendas_sink *sink;
	struct sendas_error err;

	log->stream = open_memstream(&log->text, &log->len);
	assert_non_null(log->stream);
	log->log = sendas_as_log_new(log->stream);
	sink = sendas_as_log_sink(log->log);
	assert_int_equal(sink->begin(sink->ctx, run, &err), SENDAS_OK);
}

static void
close_log(struct log *log)
{
	sendas_as_log_free(log->log);
	fclose(log->stream);
	free(log->text);
}

static void
put(const struct log *log, const struct sendas_mailbox *mailbox)
{
	const struct sendas_sink *sink = sendas_as_log_sink(log->log);
	struct sendas_error err = {0};

	if (sink->mailbox(sink->ctx, mailbox, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
}

static struct sendas_change *
add_change(struct sendas_mailbox *mailbox, const char *address)
{
	struct sendas_change *change = sendas_mailbox_add_change(mailbox);

	change->address = sendas_xstrdup(address);
	change->field = SENDAS_FIELD_TREAT_AS_ALIAS;
	change->before = sendas_value_bool(true);
	change->after = sendas_value_bool(false);
	change->outcome = SENDAS_OUTCOME_APPLIED;
	return change;
}

/* The lines of `text`, each of which has to be a whole JSON object. */
static size_t
count_lines(const char *text)
{
	struct sendas_json_doc *doc = NULL;
	struct sendas_error err = {0};
	struct sendas_json root;
	size_t count = 0;
	const char *end;

	for (; *text != '\0'; text = end + 1) {
		end = strchr(text, '\n');
		assert_non_null(end);
		if (sendas_json_parse(text, (size_t)(end - text), &doc, &err) !=
		    SENDAS_OK)
			fail_msg("%s", err.message);
		root = sendas_json_root(doc);
		assert_true(sendas_json_is_object(&root));
		sendas_json_doc_free(doc);
		doc = NULL;
		count++;
	}
	return count;
}

/* The text without the member "time", which is another one each second. */
static char *
without_time(const char *text)
{
	const char *from = strstr(text, "\"time\":\"");
	const char *to;

	assert_non_null(from);
	to = strchr(from, ',');
	assert_non_null(to);
	return sendas_xasprintf("%.*s%s", (int)(from - text), text, to + 1);
}

static void
assert_line(const struct log *log, const char *want)
{
	char *got = without_time(log->text);

	assert_string_equal(got, want);
	free(got);
}

static void
writes_all_that_is_known(void **state)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("taro@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_change *change = add_change(mailbox, "taro@ocn.ne.jp");
	struct log log;

	(void)state;
	change->outcome = SENDAS_OUTCOME_PENDING_VERIFICATION;
	change->message = sendas_xstrdup("a mail was sent");
	open_log(&log, &whole_run);
	put(&log, mailbox);
	assert_line(&log,
	    "{\"version\":1,\"run\":\"" RUN "\",\"command\":\"undo\","
	    "\"dryRun\":true,\"undoOf\":\"20261123T021500Z-0001\","
	    "\"actor\":\"hanako\","
	    "\"identity\":\"sendas@example.iam.gserviceaccount.com\","
	    "\"ticket\":\"T-17 \\\"x\\\"\",\"approvedBy\":\"jiro\","
	    "\"mailbox\":\"taro@example.com\",\"address\":\"taro@ocn.ne.jp\","
	    "\"field\":\"treatAsAlias\",\"before\":true,\"after\":false,"
	    "\"outcome\":\"pending-verification\","
	    "\"message\":\"a mail was sent\"}\n");
	close_log(&log);
	sendas_mailbox_free(mailbox);
}

static void
says_null_where_nothing_is_known(void **state)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("taro@example.com", SENDAS_SOURCE_GMAIL);
	struct log log;

	(void)state;
	add_change(mailbox, "taro@ocn.ne.jp");
	open_log(&log, &bare_run);
	put(&log, mailbox);
	assert_line(&log,
	    "{\"version\":1,\"run\":\"" RUN "\",\"command\":\"fix\","
	    "\"dryRun\":false,\"undoOf\":null,\"actor\":null,"
	    "\"identity\":null,\"ticket\":null,\"approvedBy\":null,"
	    "\"mailbox\":\"taro@example.com\",\"address\":\"taro@ocn.ne.jp\","
	    "\"field\":\"treatAsAlias\",\"before\":true,\"after\":false,"
	    "\"outcome\":\"applied\",\"message\":null}\n");
	close_log(&log);
	sendas_mailbox_free(mailbox);
}

static void
keeps_types(void **state)
{
	struct {
		struct sendas_value before, after;
		const char *want;
	} rows[] = {
	    {sendas_value_bool(false), sendas_value_bool(true),
		"\"before\":false,\"after\":true"},
	    {sendas_value_int(465), sendas_value_int(587),
		"\"before\":465,\"after\":587"},
	    {sendas_value_text(NULL), sendas_value_text("ssl"),
		"\"before\":null,\"after\":\"ssl\""},
	    {sendas_value_text(""), sendas_value_text("true"),
		"\"before\":\"\",\"after\":\"true\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_mailbox *mailbox =
		    sendas_mailbox_new("a@example.com", SENDAS_SOURCE_GMAIL);
		struct sendas_change *change =
		    add_change(mailbox, "a@ocn.ne.jp");
		struct log log;

		change->before = rows[i].before;
		change->after = rows[i].after;
		open_log(&log, &bare_run);
		put(&log, mailbox);
		assert_non_null(strstr(log.text, rows[i].want));
		close_log(&log);
		sendas_mailbox_free(mailbox);
	}
}

/* A line each, in their order; and a mailbox without changes has none. */
static void
writes_a_line_for_each_change(void **state)
{
	struct sendas_mailbox *two =
	    sendas_mailbox_new("two@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_mailbox *none =
	    sendas_mailbox_new("none@example.com", SENDAS_SOURCE_GMAIL);
	const char *first, *second;
	struct log log;

	(void)state;
	add_change(two, "first@ocn.ne.jp");
	add_change(two, "second@ocn.ne.jp")->outcome = SENDAS_OUTCOME_FAILED;
	none->status = SENDAS_MAILBOX_UNREADABLE;
	open_log(&log, &bare_run);
	put(&log, none);
	assert_int_equal(ftell(log.stream), 0);
	put(&log, two);
	put(&log, none);
	/* The stream is still open: the lines are not kept back. */
	assert_int_equal(count_lines(log.text), 2);
	first = strstr(log.text, "first@ocn.ne.jp");
	second = strstr(log.text, "second@ocn.ne.jp");
	assert_non_null(first);
	assert_non_null(second);
	assert_true(first < second);
	assert_null(strstr(log.text, "none@example.com"));
	close_log(&log);
	sendas_mailbox_free(two);
	sendas_mailbox_free(none);
}

static void
disarms_what_came_from_outside(void **state)
{
	static const char hostile[] =
	    "\x1b]0;x\x07\x7f\xc2\x9b"
	    "31m\n\r\t{\"a\":1}\xe2\x80\xae\xe2\x80\xa8";
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new(hostile, SENDAS_SOURCE_GMAIL);
	struct sendas_run_info run = bare_run;
	struct sendas_change *change = add_change(mailbox, hostile);
	struct log log;

	(void)state;
	run.ticket = run.approved_by = run.actor = run.identity = hostile;
	change->message = sendas_xstrdup(hostile);
	open_log(&log, &run);
	put(&log, mailbox);
	assert_int_equal(count_lines(log.text), 1);
	for (const char *at = log.text; at[1] != '\0'; at++)
		assert_true((unsigned char)*at >= 0x20 && *at != 0x7f);
	assert_null(strstr(log.text, "\xc2\x9b"));
	assert_null(strstr(log.text, "\xe2\x80\xae"));
	assert_non_null(
	    strstr(log.text, "\\u001b]0;x\\u0007\\u007f\\u009b31m"));
	assert_non_null(strstr(log.text, "\\u202e"));
	close_log(&log);
	sendas_mailbox_free(mailbox);
}

static void
set_zone(const char *zone)
{
	assert_int_equal(setenv("TZ", zone, 1), 0);
	tzset();
}

/* Local time, with the offset that makes it a moment. */
static void
tells_the_offset(void **state)
{
	static const struct {
		const char *zone, *offset;
		long seconds;
	} rows[] = {
	    {"JST-9", "+09:00", 9 * 3600},
	    {"UTC0", "+00:00", 0},
	    {"NST3:30", "-03:30", -(3 * 3600 + 30 * 60)},
	    {"NPT-5:45", "+05:45", 5 * 3600 + 45 * 60},
	};
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("a@example.com", SENDAS_SOURCE_GMAIL);

	(void)state;
	add_change(mailbox, "a@ocn.ne.jp");
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tm parts = {0};
		const char *rest;
		struct log log;
		time_t said;

		set_zone(rows[i].zone);
		open_log(&log, &bare_run);
		put(&log, mailbox);
		rest = strstr(log.text, "\"time\":\"");
		assert_non_null(rest);
		rest = strptime(rest + 8, "%Y-%m-%dT%H:%M:%S", &parts);
		assert_non_null(rest);
		assert_memory_equal(rest, rows[i].offset, 6);
		assert_int_equal(rest[6], '"');
		said = timegm(&parts) - rows[i].seconds;
		assert_in_range(time(NULL) - said, 0, 60);
		close_log(&log);
	}
	set_zone("UTC0");
	sendas_mailbox_free(mailbox);
}

static void
tells_a_stream_that_fails(void **state)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("a@example.com", SENDAS_SOURCE_GMAIL);
	FILE *full = fopen("/dev/full", "w");
	const struct sendas_sink *sink;
	struct sendas_error err = {0};
	struct sendas_as_log *log;

	(void)state;
	if (full == NULL)
		skip();
	add_change(mailbox, "a@ocn.ne.jp");
	log = sendas_as_log_new(full);
	sink = sendas_as_log_sink(log);
	assert_int_equal(sink->begin(sink->ctx, &bare_run, &err), SENDAS_OK);
	assert_int_equal(
	    sink->mailbox(sink->ctx, mailbox, &err), SENDAS_ERR_FILE);
	assert_non_null(strstr(err.message, "No space left on device"));
	sendas_as_log_free(log);
	fclose(full);
	sendas_mailbox_free(mailbox);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(writes_all_that_is_known),
	    cmocka_unit_test(says_null_where_nothing_is_known),
	    cmocka_unit_test(keeps_types),
	    cmocka_unit_test(writes_a_line_for_each_change),
	    cmocka_unit_test(disarms_what_came_from_outside),
	    cmocka_unit_test(tells_the_offset),
	    cmocka_unit_test(tells_a_stream_that_fails),
	};

	sendas_as_log_free(NULL);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("as_log", tests, NULL, NULL);
}
