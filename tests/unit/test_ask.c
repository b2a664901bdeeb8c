/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_ask.c: the conversation, with a face that answers by a script: every
 * answer to every question, back, giving up, corrections, what cannot be
 * told, and answers that are up to no good.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "sendas/ask.h"
#include "sendas/buf.h"
#include "sendas/mem.h"
#include "sendas/policy_file.h"
#include "sendas/rules.h"
#include "test_ocn.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define MOST_ANSWERS 40
#define OWN "taro@sky.ocn.ne.jp"

/* A face: what it will answer, and all that it was shown. */
struct face {
	const char *const *script; /* after its NULL: the end of input */
	size_t asked;
	size_t nobody_at; /* there is nobody from this question on */
	struct sendas_buf shown;
};

static void
face_show(void *ctx, const char *text)
{
	struct face *face = ctx;

	sendas_buf_printf(&face->shown, "%s\n", text);
}

static enum sendas_status
face_ask(void *ctx, const char *prompt, char **answer, struct sendas_error *err)
{
	struct face *face = ctx;
	const char *line = face->script[face->asked];

	if (face->asked == face->nobody_at)
		return sendas_fail(err, SENDAS_ERR_NOBODY, "nobody");
	sendas_buf_printf(
	    &face->shown, "%s%s\n", prompt, line != NULL ? line : "(end)");
	*answer = sendas_xstrdup(line);
	if (line != NULL)
		face->asked++;
	return SENDAS_OK;
}

/* A conversation by a script; what was shown is the caller's if asked for. */
static struct sendas_mailbox *
talk(const char *const *script, char **shown)
{
	struct face face = {.script = script, .nobody_at = SIZE_MAX};
	struct sendas_ui ui = {
	    .ctx = &face, .show = face_show, .ask = face_ask};
	struct sendas_mailbox *mailbox = NULL;
	struct sendas_error err = {0};

	sendas_buf_init(&face.shown, 1024u * 1024);
	assert_int_equal(
	    sendas_ask_mailbox(&ui, policy, &mailbox, &err), SENDAS_OK);
	assert_false(face.shown.is_overflow);
	if (mailbox != NULL && script[face.asked] != NULL)
		fail_msg("\"%s\" was not asked for", script[face.asked]);
	if (shown != NULL)
		*shown = sendas_buf_take(&face.shown);
	sendas_buf_clear(&face.shown);
	return mailbox;
}

static void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void
assert_has_not(const char *text, const char *part)
{
	if (strstr(text, part) != NULL)
		fail_msg("\"%s\" is in:\n%s", part, text);
}

static void
assert_text(const char *got, const char *want)
{
	if (want == NULL)
		assert_null(got);
	else if (got == NULL || strcmp(got, want) != 0)
		fail_msg("got \"%s\", want \"%s\"", got, want);
}

/* What came of a conversation. */
struct want {
	const char *mailbox, *address;
	bool alias;
	bool has_relay;
	const char *host;
	long port;
	const char *security, *user_name;
	unsigned unseen; /* beside the name's */
};

static void
check(const struct sendas_mailbox *mailbox, const struct want *want)
{
	const struct sendas_address *address;

	assert_non_null(mailbox);
	assert_int_equal(mailbox->status, SENDAS_MAILBOX_READ);
	assert_int_equal(mailbox->source, SENDAS_SOURCE_ANSWERS);
	assert_text(mailbox->mailbox, want->mailbox);
	assert_int_equal(mailbox->address_count, 1);
	address = &mailbox->addresses[0];
	assert_text(address->address, want->address);
	assert_int_equal(address->treat_as_alias, want->alias);
	assert_int_equal(address->has_relay, want->has_relay);
	assert_text(address->relay.host, want->host);
	assert_int_equal(address->relay.port, want->port);
	assert_text(address->relay.security, want->security);
	assert_text(address->relay.user_name, want->user_name);
	assert_int_equal(address->unseen, want->unseen | SENDAS_UNSEEN_NAME);
	assert_null(address->verification);
	assert_false(address->is_primary);
	assert_int_equal(address->finding_count, 0);
}

/* A script that is right, and what it gives. */
#define RIGHT OWN, "taro@gmail.com", "2", "smtp.ocn.ne.jp", "465", "1", "yes"
#define RIGHT_WANT                                                             \
	{                                                                      \
		"taro@gmail.com", OWN, false, true, "smtp.ocn.ne.jp", 465,     \
		    "ssl", OWN, 0                                              \
	}

static void
test_right(void **state)
{
	static const char *const script[] = {RIGHT, "", NULL};
	static const struct want want = RIGHT_WANT;
	char *shown = NULL;
	struct sendas_mailbox *mailbox = talk(script, &shown);

	(void)state;
	check(mailbox, &want);
	/* the way to the window, and where in it */
	assert_has(shown, "\"See all settings\"");
	assert_has(shown, "\"Accounts and Import\"");
	assert_has(shown, "beside your OCN address, click \"edit info\"");
	assert_has(shown, "for example name@ocn.ne.jp\n");
	assert_has(shown, "The first page of the small window\n");
	assert_has(shown, "\"Next Step\": the second page opens\n");
	for (char number = '1'; number <= '5'; number++) {
		char text[] = "Question 0 of 5";

		text[9] = number;
		assert_has(shown, text);
	}
	assert_has(shown,
	    "Your answers:\n"
	    "  0  Address            " OWN "\n"
	    "     Gmail              taro@gmail.com\n"
	    "  1  Treat as an alias  not ticked\n"
	    "  2  SMTP server        smtp.ocn.ne.jp\n"
	    "  3  Port               465\n"
	    "  4  Connection         SSL\n"
	    "  5  User name          " OWN "\n");
	assert_has(shown, "Close the small window now, without saving.");
	free(shown);
	/* as OCN recommends it, it is nothing to speak of */
	sendas_rules_judge(policy, mailbox);
	assert_int_equal(sendas_mailbox_worst(mailbox), SENDAS_SEVERITY_INFO);
	sendas_mailbox_free(mailbox);
}

/* Every kind of answer to every question, in the words of people. */
static void
test_answers(void **state)
{
	static const struct {
		const char *script[MOST_ANSWERS];
		struct want want;
	} rows[] = {
	    {{OWN, "", "はい", "なし", "", NULL},
		{NULL, OWN, true, false, NULL, -1, NULL, NULL, 0}},
	    {{OWN, "なし", "オフ", "空欄", "はい", NULL},
		{NULL, OWN, false, false, NULL, -1, NULL, NULL, 0}},
	    {{"メールアドレス：ｔａｒｏ＠ｏｃｎ．ｎｅ．ｊｐ", "?",
		 "チェックあり", "SMTPサーバー: smtp.ocn.ne.jp", "ポート 465",
		 "TLSを使用したセキュリティで保護された接続", "taro", "ok",
		 NULL},
		{NULL, "taro@ocn.ne.jp", true, true, "smtp.ocn.ne.jp", 465,
		    "starttls", "taro", 0}},
	    {{OWN, "Taro.Yamada@Gmail.com", "1", "smtp.gmail.com", "587 (推奨)",
		 "2", "taro.yamada@gmail.com", "", NULL},
		{"taro.yamada@gmail.com", OWN, true, true, "smtp.gmail.com",
		    587, "starttls", "taro.yamada@gmail.com", 0}},
	    {{OWN, "", "2", "SMTP.OCN.ne.jp", "25", "保護されていない接続",
		 "none", "y", NULL},
		{NULL, OWN, false, true, "SMTP.OCN.ne.jp", 25, "none", "", 0}},
	    {{OWN, "", "2", "192.0.2.1", "none", "3", "1", "", NULL},
		{NULL, OWN, false, true, "192.0.2.1", -1, "none", OWN, 0}},
	    {{"taro@dream.com", "", "2", "smtp.ocn.ne.jp", "465", "1", "同じ",
		 "", NULL},
		{NULL, "taro@dream.com", false, true, "smtp.ocn.ne.jp", 465,
		    "ssl", "taro@dream.com", 0}},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct sendas_mailbox *mailbox = talk(rows[i].script, NULL);

		check(mailbox, &rows[i].want);
		sendas_mailbox_free(mailbox);
	}
}

/* What is not understood is asked again, with what would be. */
static void
test_asked_again(void **state)
{
	static const char *const script[] = {"taro", "taro@example.com",
	    "taro@ocn.co.jp", "", "b", OWN, "taro", "hanako@ocn.ne.jp",
	    "taro@gmail.com", "maybe", "", "2", "smtp", "taro@ocn.ne.jp",
	    "smtp.ocn.ne.jp", "ssl", "465", "465", "1", "no", "山田", "yes",
	    "no", "9", "perhaps", "", NULL};
	static const struct want want = RIGHT_WANT;
	char *shown = NULL;
	struct sendas_mailbox *mailbox = talk(script, &shown);

	(void)state;
	check(mailbox, &want);
	assert_has(shown, "with the @ and what follows it: name@ocn.ne.jp\n");
	assert_has(shown,
	    "taro@example.com does not belong to OCN.\n"
	    "Only OCN addresses can be checked here (ocn.ne.jp, dream.com)."
	    "\n");
	assert_has(shown, "To stop, type q.");
	assert_has(shown, "This is the first question.\n");
	assert_has(shown, "such as name@gmail.com, or just press Enter.\n");
	assert_has(shown, "That address belongs to OCN.");
	assert_has(shown, "Please type 1 if it is ticked, 2 if it is empty.");
	assert_has(shown, "Please type only what is in that field");
	assert_has(shown, "Please type the number alone");
	assert_has(shown, "Please type 1 for SSL, 2 for TLS, 3 for not");
	assert_has(shown, "If it is just as above, type: yes");
	assert_has(shown, "To change an answer, type the number at its left.");
	free(shown);
	sendas_mailbox_free(mailbox);
}

/* "?" brings a hint, and a second one goes on without it. */
static void
test_unseen(void **state)
{
	static const struct {
		const char *script[MOST_ANSWERS];
		struct want want;
		const char *rules;
	} rows[] = {
	    {{OWN, "", "?", "わからない", "smtp.ocn.ne.jp", "465", "1", "yes",
		 "", NULL},
		{NULL, OWN, false, true, "smtp.ocn.ne.jp", 465, "ssl", OWN,
		    SENDAS_UNSEEN_ALIAS},
		"setting-unseen credentials-unseen verification-unseen "},
	    {{OWN, "", "2", "?", "?", "465", "1", "yes", "", NULL},
		{NULL, OWN, false, true, NULL, 465, "ssl", OWN,
		    SENDAS_UNSEEN_HOST},
		"setting-unseen credentials-unseen verification-unseen "},
	    {{OWN, "", "2", "smtp.ocn.ne.jp", "?", "?", "1", "yes", "", NULL},
		{NULL, OWN, false, true, "smtp.ocn.ne.jp", -1, "ssl", OWN,
		    SENDAS_UNSEEN_PORT},
		"setting-unseen credentials-unseen verification-unseen "},
	    {{OWN, "", "2", "smtp.ocn.ne.jp", "465", "?", "?", "yes", "", NULL},
		{NULL, OWN, false, true, "smtp.ocn.ne.jp", 465, NULL, OWN,
		    SENDAS_UNSEEN_SECURITY},
		"setting-unseen credentials-unseen verification-unseen "},
	    {{OWN, "", "2", "smtp.ocn.ne.jp", "465", "1", "?", "?", "", NULL},
		{NULL, OWN, false, true, "smtp.ocn.ne.jp", 465, "ssl", NULL, 0},
		"credentials-unseen verification-unseen "},
	    /* once, and then it was found */
	    {{OWN, "", "2", "smtp.ocn.ne.jp", "?", "465", "1", "yes", "", NULL},
		{NULL, OWN, false, true, "smtp.ocn.ne.jp", 465, "ssl", OWN, 0},
		"credentials-unseen verification-unseen "},
	    /* after all */
	    {{OWN, "", "2", "?", "?", "?", "?", "1", "yes", "2", "none", "",
		 NULL},
		{NULL, OWN, false, false, NULL, -1, NULL, NULL, 0},
		"relay-missing verification-unseen "},
	    {{OWN, "", "?", "?", "?", "?", "?", "?", "?", "?", "?", "?", "",
		 NULL},
		{NULL, OWN, false, true, NULL, -1, NULL, NULL,
		    SENDAS_UNSEEN_ALIAS | SENDAS_UNSEEN_HOST |
			SENDAS_UNSEEN_PORT | SENDAS_UNSEEN_SECURITY},
		"setting-unseen credentials-unseen verification-unseen "},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char *shown = NULL;
		struct sendas_mailbox *mailbox = talk(rows[i].script, &shown);
		struct sendas_buf rules;

		check(mailbox, &rows[i].want);
		assert_has(shown, "type ? once more, and we go on.\n");
		sendas_rules_judge(policy, mailbox);
		sendas_buf_init(&rules, 1024);
		for (size_t j = 0; j < mailbox->addresses[0].finding_count; j++)
			sendas_buf_printf(&rules, "%s ",
			    mailbox->addresses[0].findings[j].rule);
		assert_string_equal(rules.data, rows[i].rules);
		sendas_buf_clear(&rules);
		free(shown);
		sendas_mailbox_free(mailbox);
	}
}

/* The address itself must be known. */
static void
test_address_needed(void **state)
{
	static const char *const script[] = {
	    "?", "?", "なし", "わからない", "q", NULL};
	char *shown = NULL;

	(void)state;
	assert_null(talk(script, &shown));
	assert_has(shown, "It is the address that you send from in Gmail");
	assert_has_not(shown, "Question 1");
	free(shown);
}

static void
test_summary_of_unseen(void **state)
{
	static const char *const script[] = {
	    OWN, "", "?", "?", "?", "?", "none", "?", "?", "none", "", NULL};
	char *shown = NULL;
	struct sendas_mailbox *mailbox = talk(script, &shown);

	(void)state;
	assert_has(shown,
	    "     Gmail              none\n"
	    "  1  Treat as an alias  not known\n"
	    "  2  SMTP server        not known\n"
	    "  3  Port               none\n"
	    "  4  Connection         not known\n"
	    "  5  User name          none\n");
	assert_has(shown, "That is all right. We go on without it.");
	free(shown);
	sendas_mailbox_free(mailbox);
}

static void
test_back(void **state)
{
	static const struct want want = RIGHT_WANT;
	static const char *const scripts[][MOST_ANSWERS] = {
	    /* from the first question, and from each other one */
	    {"b", RIGHT, "", NULL},
	    {"hanako@ocn.ne.jp", "b", RIGHT, "", NULL},
	    {OWN, "x@gmail.com", "b", "taro@gmail.com", "2", "smtp.ocn.ne.jp",
		"465", "1", "yes", "", NULL},
	    {OWN, "taro@gmail.com", "1", "戻る", "2", "smtp.ocn.ne.jp", "465",
		"1", "yes", "", NULL},
	    {OWN, "taro@gmail.com", "2", "smtp.gmail.com", "b",
		"smtp.ocn.ne.jp", "465", "1", "yes", "", NULL},
	    {OWN, "taro@gmail.com", "2", "smtp.ocn.ne.jp", "587", "b", "465",
		"1", "yes", "", NULL},
	    {OWN, "taro@gmail.com", "2", "smtp.ocn.ne.jp", "465", "2", "b", "1",
		"yes", "", NULL},
	    /* from the summary */
	    {OWN, "taro@gmail.com", "2", "smtp.ocn.ne.jp", "465", "1", "taro",
		"b", "yes", "", NULL},
	    /* all the way, and without a server on the way */
	    {OWN, "taro@gmail.com", "1", "none", "b", "b", "b", "b", RIGHT, "",
		NULL},
	    /* what could not be told can be now */
	    {OWN, "taro@gmail.com", "2", "smtp.ocn.ne.jp", "?", "?", "b", "465",
		"1", "yes", "", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(scripts); i++) {
		struct sendas_mailbox *mailbox = talk(scripts[i], NULL);

		check(mailbox, &want);
		sendas_mailbox_free(mailbox);
	}
}

static void
test_corrections(void **state)
{
	static const struct want want = RIGHT_WANT;
	static const char *const scripts[][MOST_ANSWERS] = {
	    {"hanako@ocn.ne.jp", "", "2", "smtp.ocn.ne.jp", "465", "1", "yes",
		"0", OWN, "taro@gmail.com", "", NULL},
	    {OWN, "taro@gmail.com", "1", "smtp.ocn.ne.jp", "465", "1", "yes",
		"1", "2", "", NULL},
	    {OWN, "taro@gmail.com", "2", "smtp.ocm.ne.jp", "465", "1", "yes",
		"２", "smtp.ocn.ne.jp", "", NULL},
	    {OWN, "taro@gmail.com", "2", "smtp.ocn.ne.jp", "587", "1", "yes",
		"3番", "465", "", NULL},
	    {OWN, "taro@gmail.com", "2", "smtp.ocn.ne.jp", "465", "3", "yes",
		"4", "SSL", "はい", NULL},
	    {OWN, "taro@gmail.com", "2", "smtp.ocn.ne.jp", "465", "1", "taro",
		"5", "yes", "", NULL},
	    /* a server after all: then its questions come too */
	    {OWN, "taro@gmail.com", "2", "none", "3", "2", "smtp.ocn.ne.jp",
		"465", "1", "yes", "", NULL},
	    /* one after the other, and back within one */
	    {OWN, "taro@gmail.com", "1", "smtp.ocn.ne.jp", "25", "1", "yes",
		"3", "b", "smtp.ocn.ne.jp", "465", "1", "no", "", NULL},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(scripts); i++) {
		struct sendas_mailbox *mailbox = talk(scripts[i], NULL);

		check(mailbox, &want);
		sendas_mailbox_free(mailbox);
	}
}

/* At each question by a word, and by the end of input. */
static void
test_give_up(void **state)
{
	static const char *const whole[] = {RIGHT};
	static const char *const words[] = {"q", "やめる", NULL};
	const char *script[MOST_ANSWERS];

	(void)state;
	for (size_t at = 0; at <= COUNT(whole); at++) {
		for (size_t i = 0; i < COUNT(words); i++) {
			char *shown = NULL;

			memcpy(script, whole, at * sizeof(whole[0]));
			script[at] = words[i];
			script[at + 1] = NULL;
			assert_null(talk(script, &shown));
			assert_has(shown, "Stopped. Nothing was changed.");
			free(shown);
		}
	}
}

static void
test_nobody(void **state)
{
	static const char *const script[] = {RIGHT, "", NULL};

	(void)state;
	for (size_t at = 0; at < COUNT(script) - 1; at++) {
		struct face face = {.script = script, .nobody_at = at};
		struct sendas_ui ui = {
		    .ctx = &face, .show = face_show, .ask = face_ask};
		struct sendas_mailbox *mailbox = NULL;
		struct sendas_error err = {0};

		sendas_buf_init(&face.shown, 1024u * 1024);
		assert_int_equal(
		    sendas_ask_mailbox(&ui, policy, &mailbox, &err),
		    SENDAS_ERR_NOBODY);
		assert_int_equal(err.code, SENDAS_ERR_NOBODY);
		assert_string_equal(err.message, "nobody");
		assert_null(mailbox);
		sendas_buf_clear(&face.shown);
	}
}

/* Nothing that moves a cursor is taken, or repeated raw. */
static void
test_hostile(void **state)
{
	static const char *const script[] = {"taro@ocn.ne.jp\x1b[2J",
	    "\x1b]0;x\x07@ocn.ne.jp", OWN, "x\x1b[A@gmail.com", "", "\x1b[D2",
	    "2", "smtp.ocn.ne.jp\x1b[31m", "smtp.\xe2\x80\xaeocn.ne.jp",
	    "465\x1b[C", "465", "1\x9b", "1", "taro\n9. Pay",
	    "taro\xe2\x80\xae", "%s%n%1$s", "", NULL};
	static const struct want want = {NULL, OWN, false, true,
	    "smtp.\xe2\x80\xaeocn.ne.jp", 465, "ssl", "%s%n%1$s", 0};
	char *shown = NULL;
	struct sendas_mailbox *mailbox = talk(script, &shown);
	const char *summary;

	(void)state;
	check(mailbox, &want);
	summary = strstr(shown, "Your answers:");
	assert_non_null(summary);
	assert_has(summary, "smtp.<U+202E>ocn.ne.jp\n");
	assert_has(summary, "User name          %s%n%1$s\n");
	assert_has_not(summary, "\xe2\x80\xae");
	assert_has_not(summary, "\x1b");
	free(shown);
	sendas_rules_judge(policy, mailbox);
	assert_string_equal(
	    mailbox->addresses[0].findings[0].rule, "relay-lookalike");
	sendas_mailbox_free(mailbox);
}

/* A second look asks for neither the address nor the mailbox. */
static void
test_again(void **state)
{
	static const char *const first[] = {RIGHT, "", NULL};
	static const char *const second[] = {
	    "b", "", "1", "smtp.ocn.ne.jp", "587", "2", "yes", "", NULL};
	static const struct want want = {
	    NULL, OWN, true, true, "smtp.ocn.ne.jp", 587, "starttls", OWN, 0};
	struct sendas_mailbox *before = talk(first, NULL), *now = NULL;
	struct face face = {.script = second, .nobody_at = SIZE_MAX};
	struct sendas_ui ui = {
	    .ctx = &face, .show = face_show, .ask = face_ask};
	struct sendas_error err = {0};

	(void)state;
	sendas_buf_init(&face.shown, 1024u * 1024);
	assert_int_equal(
	    sendas_ask_again(&ui, policy, before, &now, &err), SENDAS_OK);
	check(now, &want);
	assert_has(face.shown.data, "open the small window once more");
	assert_has_not(face.shown.data, "Which OCN address");
	sendas_buf_clear(&face.shown);
	sendas_mailbox_free(before);
	sendas_mailbox_free(now);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_right),
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_asked_again),
	    cmocka_unit_test(test_unseen),
	    cmocka_unit_test(test_address_needed),
	    cmocka_unit_test(test_summary_of_unseen),
	    cmocka_unit_test(test_back),
	    cmocka_unit_test(test_corrections),
	    cmocka_unit_test(test_give_up),
	    cmocka_unit_test(test_nobody),
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_again),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
