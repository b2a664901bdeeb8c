/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_steps.c: the steps of a manual repair: a star on what this address
 * needs and on nothing else, and always the way through to "Save Changes".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "sendas/policy_file.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/rules.h"
#include "sendas/steps.h"
#include "test_ocn.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define OWN "taro@sky.ocn.ne.jp"

/* A case leaves out what only a person's answers have. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

struct setting {
	bool alias;
	const char *host; /* NULL: no server at all */
	long port;
	const char *security;
	const char *verification;
	int entries; /* how often the address stands there */
	const char *user_name; /* NULL: unseen, as from the API */
	unsigned unseen;
};

static char *
dup_or_null(const char *text)
{
	return text == NULL ? NULL : sendas_xstrdup(text);
}

/* The last address of a mailbox with this setting, judged. */
static const struct sendas_address *
judge(const struct sendas_policy *by, struct sendas_mailbox *mailbox,
    const char *address, const struct setting *setting)
{
	int i;

	for (i = 0; i < (setting->entries > 0 ? setting->entries : 1); i++) {
		struct sendas_address *to = sendas_mailbox_add_address(mailbox);

		to->address = sendas_xstrdup(address);
		to->display_name = sendas_xstrdup("Taro");
		to->treat_as_alias = setting->alias;
		to->has_relay = setting->host != NULL;
		to->relay.host = dup_or_null(setting->host);
		to->relay.port = setting->port;
		to->relay.security = dup_or_null(setting->security);
		to->relay.user_name = dup_or_null(setting->user_name);
		to->unseen = setting->unseen;
		to->verification = sendas_xstrdup(setting->verification != NULL
			? setting->verification
			: "accepted");
	}
	sendas_rules_judge(by, mailbox);
	return &mailbox->addresses[mailbox->address_count - 1];
}

/* The steps under OCN's policy; the caller frees them. */
static char *
steps(const char *mailbox_name, const char *address,
    const struct setting *setting)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new(mailbox_name, SENDAS_SOURCE_GMAIL);
	const struct sendas_address *judged =
	    judge(policy, mailbox, address, setting);
	char *text = sendas_steps_format(policy, mailbox_name, judged);

	sendas_mailbox_free(mailbox);
	return text;
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

/* The whole of the model case, to the letter. */
static void
test_model(void **state)
{
	static const struct setting setting = {
	    true, "smtp.ocn.ne.jp", 465, "starttls", NULL, 1};
	char *text = steps("taro.yamada@gmail.com", OWN, &setting);

	(void)state;
	assert_string_equal(text,
	    "How to fix it (in a computer's browser, about 5 minutes; the "
	    "phone app cannot do it)\n"
	    "Have ready: your OCN mail password (not Google's, not the "
	    "d-account's)\n"
	    "  If you do not know it: it is on the OCN membership sheet "
	    "(OCN会員登録証), or see OCN My Page\n"
	    "\n"
	    " 1. Open  https://mail.google.com/mail/?authuser="
	    "taro.yamada%40gmail.com#settings/accounts\n"
	    "    If it does not open: the gear at the top right, \"See all "
	    "settings\", \"Accounts and Import\"\n"
	    "    (at work or school: \"Accounts\")\n"
	    " 2. Under \"Send mail as\", beside taro@sky.ocn.ne.jp, \"edit "
	    "info\" (a small window opens)\n"
	    " 3. * Clear \"Treat as an alias\", then \"Next Step\"\n"
	    "    Once it is cleared, mail you send to this OCN address will "
	    "not show in this Gmail inbox.\n"
	    " 4. * Choose \"Secured connection using SSL\"\n"
	    "    Only look whether the rest is so: smtp.ocn.ne.jp / 465 / "
	    "taro@sky.ocn.ne.jp\n"
	    "    If the password field is empty, type your OCN mail password\n"
	    " 5. \"Save Changes\"  If a code is asked for, it is in the OCN "
	    "mailbox\n"
	    "* marks what to change this time. Until \"Save Changes\", "
	    "closing the small window changes nothing.\n");
	free(text);
}

enum star {
	ALIAS = 1,
	HOST = 2,
	PORT = 4,
	SECURITY = 8,
	USER = 16,
	PASSWORD = 32,
	CONFIRM = 64,
	DUPLICATE = 128,
};

static const struct {
	enum star star;
	const char *line;
} stars[] = {
    {ALIAS, "* Clear \"Treat as an alias\""},
    {HOST, "* SMTP server: type smtp.ocn.ne.jp\n"},
    {PORT, "* Port: choose 465\n"},
    {SECURITY, "* Choose \"Secured connection using SSL\"\n"},
    {USER, "* User name: type " OWN ", in full\n"},
    {PASSWORD, "* Password: type your OCN mail password\n"},
    {CONFIRM, "* Open the OCN mailbox of " OWN},
    {DUPLICATE, "* " OWN " stands under \"Send mail as\" more than once"},
};

static void
check_stars(size_t row, const char *text, int want)
{
	size_t i;

	for (i = 0; i < COUNT(stars); i++) {
		bool has = strstr(text, stars[i].line) != NULL;

		if (has != ((want & (int)stars[i].star) != 0))
			fail_msg("row %zu: \"%s\" is%s in:\n%s", row,
			    stars[i].line, has ? "" : " not", text);
	}
}

static void
test_stars(void **state)
{
	static const struct {
		struct setting setting;
		int want;
		const char *look; /* what is only looked at; NULL: nothing */
	} rows[] = {
	    {{true, "smtp.ocn.ne.jp", 465, "ssl", NULL, 1}, ALIAS,
		"it is so: smtp.ocn.ne.jp / 465 / SSL / " OWN "\n"},
	    {{true, "smtp.ocn.ne.jp", 587, "starttls", NULL, 1}, ALIAS,
		"it is so: smtp.ocn.ne.jp / 587 / TLS / " OWN "\n"},
	    {{true, "SMTP.OCN.NE.JP", 465, "ssl", NULL, 1}, ALIAS,
		"it is so: smtp.ocn.ne.jp / 465 / SSL / " OWN "\n"},
	    {{false, NULL, -1, NULL, NULL, 1},
		HOST | PORT | SECURITY | USER | PASSWORD, NULL},
	    {{false, "smtp.gmail.com", 587, "starttls", NULL, 1},
		HOST | PORT | SECURITY | USER | PASSWORD, NULL},
	    {{false, "smtp.0cn.ne.jp", 465, "ssl", NULL, 1},
		HOST | USER | PASSWORD, "the rest is so: 465 / SSL\n"},
	    {{false, "smtp.odn.ne.jp", 465, "starttls", NULL, 1},
		HOST | SECURITY | USER | PASSWORD, "the rest is so: 465\n"},
	    {{false, "smtp.ocn.ne.jp", 587, "ssl", NULL, 1}, PORT,
		"the rest is so: smtp.ocn.ne.jp / SSL / " OWN "\n"},
	    {{false, "smtp.ocn.ne.jp", -1, "ssl", NULL, 1}, PORT,
		"the rest is so: smtp.ocn.ne.jp / SSL / " OWN "\n"},
	    {{false, "smtp.ocn.ne.jp", 25, "none", NULL, 1}, PORT | SECURITY,
		"the rest is so: smtp.ocn.ne.jp / " OWN "\n"},
	    {{false, "smtp.ocn.ne.jp", 587, "none", NULL, 1}, PORT | SECURITY,
		"the rest is so: smtp.ocn.ne.jp / " OWN "\n"},
	    {{true, "smtp.ocn.ne.jp", 465, "none", "pending", 1},
		ALIAS | SECURITY | CONFIRM,
		"the rest is so: smtp.ocn.ne.jp / 465 / " OWN "\n"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *text = steps("taro@gmail.com", OWN, &rows[i].setting);

		check_stars(i, text, rows[i].want);
		if (rows[i].look != NULL)
			assert_has(text, rows[i].look);
		else
			assert_has_not(text, "Only look whether");
		assert_has(text, "edit info");
		assert_has(text, "\"Next Step\"\n");
		assert_has(text, "\"Save Changes\"  If");
		assert_has_not(text, "recommended");
		free(text);
	}
}

/* A user name alone: the server and its password stay. */
static void
test_user_name(void **state)
{
	static const struct {
		struct setting setting;
		int want;
		const char *look;
	} rows[] = {
	    {{.host = "smtp.ocn.ne.jp",
		 .port = 465,
		 .security = "ssl",
		 .user_name = "taro"},
		USER, "the rest is so: smtp.ocn.ne.jp / 465 / SSL\n"},
	    {{.host = "smtp.ocn.ne.jp",
		 .port = 587,
		 .security = "starttls",
		 .user_name = ""},
		USER | PORT | SECURITY, "the rest is so: smtp.ocn.ne.jp\n"},
	    {{.host = "smtp.gmail.com",
		 .port = 465,
		 .security = "ssl",
		 .user_name = "taro@gmail.com"},
		HOST | USER | PASSWORD, "the rest is so: 465 / SSL\n"},
	    {{.host = "smtp.ocn.ne.jp",
		 .port = 465,
		 .security = "none",
		 .user_name = OWN},
		SECURITY, "the rest is so: smtp.ocn.ne.jp / 465 / " OWN "\n"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *text = steps("taro@gmail.com", OWN, &rows[i].setting);

		check_stars(i, text, rows[i].want);
		assert_has(text, rows[i].look);
		if ((rows[i].want & PASSWORD) == 0)
			assert_has(text, "If the password field is empty");
		free(text);
	}
}

/* What nobody saw is set right, and a box is looked at before. */
static void
test_unseen(void **state)
{
	static const struct {
		struct setting setting;
		int want;
		const char *line;
	} rows[] = {
	    {{.host = "smtp.ocn.ne.jp",
		 .port = 465,
		 .security = "ssl",
		 .user_name = OWN,
		 .unseen = SENDAS_UNSEEN_ALIAS},
		0,
		" 3. * If \"Treat as an alias\" is ticked, clear it; then "
		"\"Next Step\"\n"},
	    {{.host = "",
		 .port = 465,
		 .security = "ssl",
		 .user_name = OWN,
		 .unseen = SENDAS_UNSEEN_HOST},
		HOST, "the rest is so: 465 / SSL / " OWN "\n"},
	    {{.host = "smtp.ocn.ne.jp",
		 .port = -1,
		 .security = "ssl",
		 .user_name = OWN,
		 .unseen = SENDAS_UNSEEN_PORT},
		PORT, "the rest is so: smtp.ocn.ne.jp / SSL / " OWN "\n"},
	    {{.host = "smtp.ocn.ne.jp",
		 .port = 587,
		 .security = NULL,
		 .user_name = OWN,
		 .unseen = SENDAS_UNSEEN_SECURITY},
		PORT | SECURITY, "the rest is so: smtp.ocn.ne.jp / " OWN "\n"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *text = steps("taro@gmail.com", OWN, &rows[i].setting);

		check_stars(i, text, rows[i].want);
		assert_has(text, rows[i].line);
		assert_has(text, "\"Save Changes\"  If");
		free(text);
	}
}

/* What is right already is not spoken of as a change. */
static void
test_alias_is_clear(void **state)
{
	static const struct setting setting = {
	    false, "smtp.ocn.ne.jp", 465, "none", NULL, 1};
	char *text = steps("taro@gmail.com", OWN, &setting);

	(void)state;
	assert_has(text,
	    " 3. Only look: \"Treat as an alias\" is not ticked; then \"Next "
	    "Step\"\n");
	assert_has_not(text, "will not show in this Gmail inbox");
	free(text);
}

static void
test_only_pending(void **state)
{
	static const struct setting setting = {
	    false, "smtp.ocn.ne.jp", 465, "ssl", "pending", 1};
	char *text = steps("taro@gmail.com", OWN, &setting);

	(void)state;
	check_stars(0, text, CONFIRM);
	assert_has(text, " 1. * Open the OCN mailbox of " OWN);
	assert_has(text, "(OCN's web mail shows that mailbox)\n");
	assert_has(text, " 2. * Click the link in that mail");
	assert_has_not(text, "Save Changes");
	assert_has_not(text, "Have ready");
	free(text);
}

static void
test_only_duplicate(void **state)
{
	static const struct setting setting = {
	    false, "smtp.ocn.ne.jp", 465, "ssl", NULL, 2};
	char *text = steps("taro@gmail.com", OWN, &setting);

	(void)state;
	check_stars(0, text, DUPLICATE);
	assert_has(text, " 1. Open  https://mail.google.com/");
	assert_has(text, "If you are not sure, leave both.");
	assert_has_not(text, "Save Changes");
	free(text);
}

/* Info, advice and what is left to --only need no steps. */
static void
test_not_needed(void **state)
{
	static const struct setting rows[] = {
	    {false, "smtp.ocn.ne.jp", 465, "ssl", NULL, 1},
	    {false, "smtp.ocn.ne.jp", 587, "starttls", NULL, 1},
	    {false, "SMTP.ocn.ne.jp", 465, "ssl", NULL, 1},
	    {false, "smtp.ocn.ne.jp", 465, NULL, NULL, 1},
	    {false, "smtp.ocn.ne.jp", 465, "ssl", "other", 1},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct sendas_mailbox *mailbox =
		    sendas_mailbox_new("taro@gmail.com", SENDAS_SOURCE_GMAIL);
		const struct sendas_address *judged =
		    judge(policy, mailbox, OWN, &rows[i]);
		char *text = sendas_steps_format(policy, NULL, judged);

		assert_false(sendas_steps_needed(judged));
		assert_string_equal(text, "");
		free(text);
		sendas_mailbox_free(mailbox);
	}
}

static void
test_needed(void **state)
{
	static const struct setting rows[] = {
	    {true, "smtp.ocn.ne.jp", 465, "ssl", NULL, 1},
	    {false, "smtp.ocn.ne.jp", 25, "ssl", NULL, 1},
	    {false, "smtp.ocn.ne.jp", 465, "ssl", "pending", 1},
	    {false, "smtp.ocn.ne.jp", 465, "ssl", NULL, 2},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct sendas_mailbox *mailbox =
		    sendas_mailbox_new("taro@gmail.com", SENDAS_SOURCE_GMAIL);

		assert_true(
		    sendas_steps_needed(judge(policy, mailbox, OWN, &rows[i])));
		sendas_mailbox_free(mailbox);
	}
}

static void
test_link(void **state)
{
	static const struct setting setting = {
	    true, "smtp.ocn.ne.jp", 465, "ssl", NULL, 1};
	static const struct {
		const char *mailbox, *link;
	} rows[] = {
	    {NULL, "https://mail.google.com/mail/u/0/#settings/accounts\n"},
	    {"", "https://mail.google.com/mail/u/0/#settings/accounts\n"},
	    {"a+b@x.jp",
		"https://mail.google.com/mail/?authuser=a%2Bb%40x.jp"
		"#settings/accounts\n"},
	    {"a&b=c#d\n@x.jp",
		"?authuser=a%26b%3Dc%23d%0A%40x.jp#settings/accounts\n"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *text = steps(rows[i].mailbox, OWN, &setting);

		assert_has(text, rows[i].link);
		free(text);
	}
}

/* An address cannot add a line of its own, nor move the cursor. */
static void
test_hostile_address(void **state)
{
	static const struct setting setting = {
	    true, "smtp.ocn.ne.jp", 465, "ssl", NULL, 1};
	char *text = steps(NULL, "a\n 9. Pay\x1b[2J@ocn.ne.jp", &setting);

	(void)state;
	assert_has(text, "a<U+000A> 9. Pay<U+001B>[2J@ocn.ne.jp");
	assert_has_not(text, "\n 9. Pay");
	free(text);
}

static void
test_huge_names(void **state)
{
	static const struct setting setting = {
	    true, "smtp.ocn.ne.jp", 465, "ssl", NULL, 1};
	char *name = sendas_xmalloc(100001);
	char *address, *text;

	(void)state;
	memset(name, 'x', 100000);
	name[100000] = '\0';
	address = sendas_xasprintf("%s@ocn.ne.jp", name);
	text = steps(name, address, &setting);
	assert_in_range(strlen(text), 1, 4000);
	assert_has(text, "closing the small window changes nothing.\n");
	assert_has(text, "/mail/u/0/#settings/accounts");
	free(text);
	free(address);
	free(name);
}

/* Another provider's words, and none of OCN's. */
static void
test_other_policy(void **state)
{
	static const char text_of_policy[] =
	    "{\"version\":1,\"name\":\"b\",\"label\":\"BIGLOBE\","
	    "\"domains\":[{\"name\":\"biglobe.ne.jp\"}],\"relay\":{\"host\":"
	    "\"mail.biglobe.ne.jp\",\"port\":587,\"security\":"
	    "\"starttls\"}}";
	static const struct setting setting = {
	    true, "mail.biglobe.ne.jp", 587, "none", NULL, 1};
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new(NULL, SENDAS_SOURCE_FILE);
	struct sendas_policy *other = NULL;
	struct sendas_error err = {0};
	char *text;

	(void)state;
	assert_int_equal(sendas_policy_file_parse(text_of_policy,
			     strlen(text_of_policy), "test", &other, &err),
	    SENDAS_OK);
	text = sendas_steps_format(
	    other, NULL, judge(other, mailbox, "taro@biglobe.ne.jp", &setting));
	assert_has(text, "your BIGLOBE mail password (not Google's)\n");
	assert_has(text, "* Choose \"Secured connection using TLS\"\n");
	assert_has(text, "mail.biglobe.ne.jp / 587 / taro@biglobe.ne.jp\n");
	assert_has(text, " 3. \"Next Step\"\n"); /* the rule is off here */
	assert_has_not(text, "alias");
	assert_has_not(text, "OCN");
	free(text);
	sendas_mailbox_free(mailbox);
	sendas_policy_free(other);
}

/* Without a catalogue the messages are English; the policy's words are in
 * the user's language all the same. */
static void
test_japanese_words(void **state)
{
	static const struct setting setting = {
	    true, "smtp.ocn.ne.jp", 465, "ssl", NULL, 1};
	char *text;

	(void)state;
	sendas_i18n_init("ja", "/nonexistent");
	text = steps(NULL, OWN, &setting);
	sendas_i18n_init("en", "/nonexistent");
	assert_has(text, "Googleやdアカウントのパスワードではありません");
	assert_has(text, "OCN会員登録証、またはOCNマイページ");
	assert_has_not(text, "membership sheet");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_model),
	    cmocka_unit_test(test_stars),
	    cmocka_unit_test(test_user_name),
	    cmocka_unit_test(test_unseen),
	    cmocka_unit_test(test_alias_is_clear),
	    cmocka_unit_test(test_only_pending),
	    cmocka_unit_test(test_only_duplicate),
	    cmocka_unit_test(test_not_needed),
	    cmocka_unit_test(test_needed),
	    cmocka_unit_test(test_link),
	    cmocka_unit_test(test_hostile_address),
	    cmocka_unit_test(test_huge_names),
	    cmocka_unit_test(test_other_policy),
	    cmocka_unit_test(test_japanese_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
