/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_bounce.c: bounces whole, in part, translated, typed with an input
 * method and torn apart; and what must not be taken for one. The replies are
 * made up after those that servers send; addresses are examples.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "sendas/bounce.h"
#include "sendas/buf.h"
#include "sendas/mem.h"
#include "sendas/model.h"
#include "sendas/policy_file.h"
#include "sendas/rules.h"
#include "sendas/text.h"

#define UNKNOWN SENDAS_BOUNCE_UNKNOWN
#define RELAY SENDAS_BOUNCE_RELAY_DENIED
#define SENDER SENDAS_BOUNCE_SENDER_REFUSED
#define GOOGLE SENDAS_BOUNCE_GOOGLE_LOGIN
#define FAILED SENDAS_BOUNCE_LOGIN_FAILED
#define WANTED SENDAS_BOUNCE_LOGIN_WANTED
#define UNAUTH SENDAS_BOUNCE_UNAUTHENTICATED
#define COMMAND SENDAS_BOUNCE_COMMAND_REJECTED
#define CERT SENDAS_BOUNCE_CERTIFICATE
#define TLS SENDAS_BOUNCE_TLS_FAILED
#define CONNECT SENDAS_BOUNCE_NO_CONNECTION
#define DOMAIN SENDAS_BOUNCE_WRONG_DOMAIN
#define RECIPIENT SENDAS_BOUNCE_WRONG_RECIPIENT
#define FULL SENDAS_BOUNCE_MAILBOX_FULL
#define LARGE SENDAS_BOUNCE_TOO_LARGE
#define LIMIT SENDAS_BOUNCE_SENDING_LIMIT
#define SPAM SENDAS_BOUNCE_TAKEN_FOR_SPAM
#define TEMPORARY SENDAS_BOUNCE_TEMPORARY
#define REFUSED SENDAS_BOUNCE_REFUSED
#define SEND_AS SENDAS_BOUNCE_SEND_AS

struct row {
	const char *text;
	enum sendas_bounce want;
};

static void
check(const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *text = rows[i].text;
		enum sendas_bounce got = sendas_bounce_find(text, strlen(text));

		if (got != rows[i].want)
			fail_msg("row %zu: %d instead of %d: %s", i, (int)got,
			    (int)rows[i].want, text);
	}
}

#define CHECK(rows) check(rows, sizeof(rows) / sizeof((rows)[0]))

#define E041                                                                   \
	"553 5.7.1 <unknown[209.85.0.0]>: Client host rejected: Relay "        \
	"access denied (E041)"

/* What Gmail writes around a server's reply. */
#define GMAIL                                                                  \
	"Message not delivered\nYou're sending this from a different "         \
	"address or alias using the 'Send mail as' feature. The settings for " \
	"your 'Send mail as' account are misconfigured or out of date. Check " \
	"those settings and try resending.\n\nThe response was:\n\n"

static void
knows_replies_whole(void **state)
{
	static const struct row rows[] = {
	    {E041, RELAY},
	    {GMAIL E041, RELAY},
	    {"553 5.7.1 <a@example.jp>: Recipient address rejected: Relay "
	     "access denied",
		RELAY},
	    {"454 4.7.1 <a@example.jp>: Relay access denied", RELAY},
	    {"550 5.7.1 Relaying denied. Proper authentication required.",
		RELAY},
	    {"550 relay not permitted", RELAY},
	    {"550 5.7.54 SMTP; Unable to relay recipient in non-accepted "
	     "domain",
		RELAY},
	    {"553 sorry, that domain isn't in my list of allowed rcpthosts "
	     "(#5.7.1)",
		RELAY},
	    {"553 5.7.1 <t@ocn.ne.jp>: Sender address rejected: not owned by "
	     "user taro@example.jp",
		SENDER},
	    {"553 5.7.1 <t@ocn.ne.jp>: Sender address rejected: not logged in",
		SENDER},
	    {"550 5.7.60 SMTP; Client does not have permissions to send as "
	     "this sender",
		SENDER},
	    {"534-5.7.14 <https://accounts.google.com/signin/continue> Please "
	     "log in\n534-5.7.14 via your web browser and then try again.\n"
	     "534 5.7.14 Learn more at a1-2.3 - gsmtp",
		GOOGLE},
	    {"534-5.7.9 Application-specific password required. - gsmtp",
		GOOGLE},
	    {"535-5.7.8 Username and Password not accepted. Learn more at\n"
	     "535 5.7.8  https://support.google.com/mail/?p=BadCredentials "
	     "a1 - gsmtp",
		GOOGLE},
	    {"454 4.7.0 Too many login attempts, please try again later. "
	     "a1 - gsmtp",
		GOOGLE},
	    {"535 5.7.8 Error: authentication failed: authentication failure",
		FAILED},
	    {GMAIL "535 5.7.8 Error: authentication failed", FAILED},
	    {"535 Authentication credentials invalid", FAILED},
	    {"535 5.7.0 Too many authentication failures", FAILED},
	    {"Diagnostic-Code: smtp; 535 5.7.8 Authentication credentials "
	     "invalid",
		FAILED},
	    {"530 5.7.0 Must issue a STARTTLS command first", WANTED},
	    {"530 5.7.0 Authentication required", WANTED},
	    {"554 5.7.1 <a@example.jp>: Client host rejected: Access denied",
		WANTED},
	    {GMAIL "Unspecified Error (SENT_SECOND_EHLO): Smtp server does "
		   "not advertise AUTH capability",
		WANTED},
	    {"550-5.7.26 This mail has been blocked because the sender is "
	     "unauthenticated.\n550-5.7.26 Gmail requires all senders to "
	     "authenticate with either SPF or DKIM.\n550 5.7.26  a1 - gsmtp",
		UNAUTH},
	    {"550-5.7.26 Unauthenticated email from ocn.ne.jp is not accepted "
	     "due to domain's DMARC policy. - gsmtp",
		UNAUTH},
	    {"421-4.7.26 This mail has been rate limited because it is "
	     "unauthenticated.",
		UNAUTH},
	    {"550 5.7.23 The message was rejected because of SPF violation",
		UNAUTH},
	    {"550 5.7.1 Command rejected", COMMAND},
	    {GMAIL "550 5.7.1 <taro@example.jp>... Command rejected", COMMAND},
	    {"TLS Negotiation failed, the certificate doesn't match the host.",
		CERT},
	    {"TLS Negotiation failed: FAILED_PRECONDITION: starttls error (71)",
		TLS},
	    {"The recipient server did not accept our requests to connect. "
	     "[smtp.ocn.ne.jp 203.0.113.1: timed out]",
		CONNECT},
	    {"553 5.1.2 We weren't able to find the recipient domain.", DOMAIN},
	    {"DNS Error: Domain name not found", DOMAIN},
	    {"Your message wasn't delivered to a@example.jp because the "
	     "domain example.jp couldn't be found.",
		DOMAIN},
	    {"550-5.1.1 The email account that you tried to reach does not "
	     "exist.\n550 5.1.1 https://support.google.com/mail/?p=NoSuchUser "
	     "a1 - gsmtp",
		RECIPIENT},
	    {"550 5.1.1 <a@example.jp>: Recipient address rejected: User "
	     "unknown in virtual mailbox table",
		RECIPIENT},
	    {"Address not found\nYour message wasn't delivered to "
	     "a@example.jp because the address couldn't be found",
		RECIPIENT},
	    {"552 5.2.2 <a@example.jp>: Recipient address rejected: Mailbox "
	     "is full",
		FULL},
	    {"452-4.2.2 The recipient's inbox is out of storage space.", FULL},
	    {"552 5.3.4 Message size exceeds fixed limit", LARGE},
	    {"552-5.2.3 Your message exceeded Google's message size limits.",
		LARGE},
	    {"550 5.4.5 Daily user sending limit exceeded. - gsmtp", LIMIT},
	    {"You have reached a limit for sending mail. Your message was not "
	     "sent.",
		LIMIT},
	    {"550 5.7.1 Service unavailable; Client host [203.0.113.1] "
	     "blocked using zen.spamhaus.org",
		SPAM},
	    {"550-5.7.1 Our system has detected that this message is likely "
	     "unsolicited mail. - gsmtp",
		SPAM},
	    {"421 4.7.0 Temporary System Problem. Try again later.", TEMPORARY},
	    {"451 4.3.0 Mail server temporarily rejected message.", TEMPORARY},
	    {"450 4.2.0 <a@example.jp>: Recipient address rejected: Greylisted",
		TEMPORARY},
	    {"Delivery incomplete\nThere was a temporary problem delivering "
	     "your message. Gmail will retry for 46 more hours.",
		TEMPORARY},
	    {"550 5.7.1 Message rejected by policy", REFUSED},
	    {"554 5.7.0 Transaction failed", REFUSED},
	    {GMAIL "(see the details)", SEND_AS},
	    {"https://support.google.com/mail/?p=CustomFromDenied", SEND_AS},
	};

	(void)state;
	CHECK(rows);
}

static void
knows_replies_in_part(void **state)
{
	static const struct row rows[] = {
	    {"(E041)", RELAY},
	    {"e041", RELAY},
	    {"エラーE041が出ます", RELAY},
	    {"553 5.7.1", RELAY},
	    {"553", REFUSED},
	    {"535", FAILED},
	    {"535 5.7.8", FAILED},
	    {"5.7.8", FAILED},
	    {"エラー535です", FAILED},
	    {"534 5.7.14", GOOGLE},
	    {"534", GOOGLE},
	    {"5.7.14", GOOGLE},
	    {"530", WANTED},
	    {"550 5.7.26", UNAUTH},
	    {"5.7.26", UNAUTH},
	    {"Command rejected 5.7.1", COMMAND},
	    {"certificate doesn't match the host", CERT},
	    {"550 5.1.1", RECIPIENT},
	    {"552", FULL},
	    {"452", FULL},
	    {"421", TEMPORARY},
	    {"421 4.7.0", TEMPORARY},
	    {"450", TEMPORARY},
	    {"550", REFUSED},
	    {"5.7.1", REFUSED},
	    {"554", REFUSED},
	};

	(void)state;
	CHECK(rows);
}

static void
knows_translations(void **state)
{
	static const struct row rows[] = {
	    {"リモートサーバーからの応答:\n553 5.7.1 : クライアントホストが拒否"
	     "されました: リレーアクセスが拒否されました(E041)",
		RELAY},
	    /* the code is not copied */
	    {"553 5.7.1 <不明[209.85.0.0]>: クライアントホストが拒否されました:"
	     " リレー アクセスが拒否されました",
		RELAY},
	    {"５５３　５．７．１：クライアントホストが拒否されました："
	     "リレーアクセスが拒否されました（Ｅ０４１）",
		RELAY},
	    {"５５３\xc2\xa0"
	     "5。7。1 リレーアクセスが拒否",
		RELAY},
	    {"550 5.7.1 中継が拒否されました", RELAY},
	    {"553 5.7.1 送信者アドレスが拒否されました: ユーザーが所有していま"
	     "せん",
		SENDER},
	    {"535 5.7.8 エラー: 認証に失敗しました", FAILED},
	    {"応答：５３５　認証に失敗しました。", FAILED},
	    {"530 5.7.0 認証が必要です", WANTED},
	    {"554 5.7.1 クライアントホストが拒否されました: アクセスが拒否され"
	     "ました",
		WANTED},
	    {"５５０－５．７．２６ 送信者が認証されていません", UNAUTH},
	    {"550 5.7.1 コマンドが拒否されました", COMMAND},
	    {"TLS ネゴシエーションに失敗しました。証明書がホストと一致しません"
	     "。",
		CERT},
	    {"ＴＬＳのネゴシエーションに失敗しました", TLS},
	    {"アドレス不明\na@example.jp にメールは配信されませんでした",
		RECIPIENT},
	    {"受信者の受信トレイがいっぱいです", FULL},
	    {"一時的な問題が発生しました。あと 46 時間再試行します", TEMPORARY},
	    /* Japanese words alone could be anybody's. */
	    {"クライアントホストが拒否されました: リレーアクセスが拒否されまし"
	     "た",
		UNKNOWN},
	    {"認証に失敗しました", UNKNOWN},
	    {"コマンドが拒否されました", UNKNOWN},
	};

	(void)state;
	CHECK(rows);
}

static void
knows_what_is_torn(void **state)
{
	static const struct row rows[] = {
	    {"553\n5.7.1\n<unknown>: Client host rejected:\nRelay access\n"
	     "denied (E041)",
		RELAY},
	    {"Relay acc\ness den\nied (E0\n41)", RELAY},
	    {"> Relay access denied (E0\r\n> 41)", RELAY},
	    {"553 5.7.\n1 x", RELAY},
	    {"(E\xe2\x80\x8b"
	     "041)",
		RELAY},
	    {"553\xc2\xa0"
	     "5.7.1\xe3\x80\x80\xef\xbc\x88"
	     "E041",
		RELAY},
	    {"55\n3 5.7.1 ク\nライアントホストが拒\n否されました: リレ\nーアク"
	     "セス",
		RELAY},
	    {"<p>The response was:</p><pre>553&nbsp;5.7.1 &lt;unknown&gt;: "
	     "Relay access denied (E041)</pre>",
		RELAY},
	    {"<b>E0</b><wbr>41", RELAY},
	    {"&#53;&#51;&#53;&nbsp;5.7.8", FAILED},
	    {"TLS Negotiation failed, the certificate doesn&#39;t match the "
	     "host",
		CERT},
	    {"the certificate doesn\xe2\x80\x99t\nmatch the host", CERT},
	    {"Diagnostic-Code: smtp; 535=\r\n 5.7.8 x", FAILED},
	    /* ISO-2022-JP and Shift_JIS around it */
	    {"\x1b$B%j%b!<%H\x1b(B: 553 5.7.1 \x1b$B5qH]\x1b(B (E041)", RELAY},
	    {"\x83\x8a\x83\x82\x81[\x83g: 535 5.7.8 \x8b\x91\x94\xdb", FAILED},
	};

	(void)state;
	CHECK(rows);
}

static void
is_not_misled(void **state)
{
	static const struct row rows[] = {
	    {"", UNKNOWN},
	    {" \n\t", UNKNOWN},
	    {"こんにちは。お元気ですか。", UNKNOWN},
	    /* numbers that only contain one */
	    {"15533 E0410 XE041 E041x 5.7.14x", UNKNOWN},
	    {"order 15535, 5357, x535 and 1,535 or 535,000 or 535.25 yen were "
	     "paid last week by the customer",
		UNKNOWN},
	    {"Received: from [10.5.7.1] by [192.0.2.5]; host 5.7.14.2 and also "
	     "5.7.26.1 and 15.7.8",
		UNKNOWN},
	    {"5.7.140", UNKNOWN},
	    {"15.7.1", UNKNOWN},
	    {"5.7.10", UNKNOWN},
	    /* a number in the middle of a longer text is no reply */
	    {"My train leaves at track 421, and the ticket is for the hotel "
	     "room 535 in the building",
		UNKNOWN},
	    {"The message body talks about 550 people and 553 dogs that were "
	     "at the party on Sunday",
		UNKNOWN},
	    /* 5.7.1 is not 5.7.14, and the other way round */
	    {"550 5.7.1 4 messages", REFUSED},
	    {"550 5.7.1\n4 messages refused", REFUSED},
	    {"534 5.7.14", GOOGLE},
	    {"550-5.7.1\n", REFUSED},
	    /* terms far apart are two things */
	    {"553 a line of some other kind, and then a great deal of text "
	     "................................................................."
	     ".."
	     "................................................................."
	     ".."
	     "................................................................."
	     ".."
	     "................................................................."
	     ".."
	     "................................................................."
	     ".."
	     "................................................................."
	     ".."
	     " 5.7.1",
		REFUSED},
	    {"spam and spamming", UNKNOWN},
	    {"Authentication-Results: mx; spf=pass dmarc=pass\n550 5.1.1 no",
		RECIPIENT},
	};

	(void)state;
	CHECK(rows);
}

/* The most telling one wins wherever it stands; else the first. */
static void
chooses_among_several(void **state)
{
	static const struct row rows[] = {
	    {"421 4.7.0 Try again later\n\n" E041, RELAY},
	    {E041 "\n\n421 4.7.0 Try again later", RELAY},
	    {"550 5.7.1 no\n535 5.7.8 x", FAILED},
	    {"535 5.7.8 x\n550 5.1.1 y", FAILED},
	    {"550 5.1.1 y\n535 5.7.8 x", RECIPIENT},
	    {"552 5.2.2 a\n550 5.7.26 b", FULL},
	    {"misconfigured or out of date\n421", TEMPORARY},
	};

	(void)state;
	CHECK(rows);
}

/* A mail as it lies in the mailbox. */
static void
reads_a_whole_mail(void **state)
{
	static const char mail[] =
	    "Delivered-To: taro@gmail.com\r\n"
	    "Received: by 2002:a05:6a10:5351:0:0:0:0 with SMTP id x5;\r\n"
	    "        Mon, 23 Nov 2026 18:53:55 -0800 (PST)\r\n"
	    "X-Received: by 10.5.7.1 with SMTP id e41mr5350421wpq.26;\r\n"
	    "Authentication-Results: mx.google.com; dkim=pass; spf=pass;\r\n"
	    "       dmarc=pass (p=QUARANTINE) header.from=googlemail.com\r\n"
	    "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\r\n"
	    "Content-Type: multipart/report; boundary=\"0000000553\"\r\n"
	    "\r\n"
	    "--0000000553\r\n"
	    "Content-Type: text/plain; charset=\"UTF-8\"\r\n"
	    "\r\n"
	    "** メールは配信されていません **\r\n"
	    "\r\n"
	    "リモート サーバーからの応答:\r\n"
	    "\r\n"
	    "553 5.7.1 <unknown[209.85.0.0]>: Client host rejected: Relay\r\n"
	    " access denied (E041)\r\n"
	    "\r\n"
	    "--0000000553\r\n"
	    "Content-Type: message/delivery-status\r\n"
	    "\r\n"
	    "Action: failed\r\n"
	    "Status: 5.7.1\r\n"
	    "Diagnostic-Code: smtp; 553 5.7.1 x (E041)\r\n"
	    "\r\n"
	    "--0000000553--\r\n";

	(void)state;
	assert_int_equal(sendas_bounce_find(mail, sizeof(mail) - 1), RELAY);
}

static void
takes_any_bytes(void **state)
{
	static const char with_nul[] = "\0E041\0",
			  split[] = "E0\0"
				    "41";
	char *huge = sendas_xmalloc(200000);

	(void)state;
	assert_int_equal(sendas_bounce_find(NULL, 0), UNKNOWN);
	assert_int_equal(
	    sendas_bounce_find(with_nul, sizeof(with_nul) - 1), RELAY);
	assert_int_equal(sendas_bounce_find(split, sizeof(split) - 1), UNKNOWN);
	/* The worst there is for the search must not take long either. */
	for (size_t i = 0; i + 4 <= 200000; i += 4)
		memcpy(huge + i, "553 ", 4);
	assert_int_equal(sendas_bounce_find(huge, 200000), REFUSED);
	memset(huge, '5', 200000);
	assert_int_equal(sendas_bounce_find(huge, 200000), UNKNOWN);
	memset(huge, '<', 200000);
	assert_int_equal(sendas_bounce_find(huge, 200000), UNKNOWN);
	free(huge);
}

/* What is said of each */

static struct sendas_policy *
load(const char *name)
{
	struct sendas_policy *policy = NULL;
	struct sendas_error err;

	assert_int_equal(
	    sendas_policy_file_load(name, &policy, &err), SENDAS_OK);
	return policy;
}

static bool
has_step(const struct sendas_bounce_meaning *meaning, const char *part)
{
	for (size_t i = 0; meaning->steps[i] != NULL; i++)
		if (strstr(meaning->steps[i], part) != NULL)
			return true;
	return false;
}

static void
explains_every_one(void **state)
{
	struct sendas_policy *policy = load("ocn");
	struct sendas_bounce_meaning meaning;

	(void)state;
	for (int i = 0; i < SENDAS_BOUNCE_COUNT; i++) {
		sendas_bounce_explain(policy, (enum sendas_bounce)i, &meaning);
		assert_non_null(meaning.id);
		assert_true(strlen(meaning.meaning) > 10);
		assert_true(strlen(meaning.why) > 10);
		assert_non_null(meaning.steps[0]);
		for (size_t j = 0; meaning.steps[j] != NULL; j++) {
			assert_true(strlen(meaning.steps[j]) > 10);
			assert_null(strchr(meaning.steps[j], '\n'));
		}
		sendas_bounce_meaning_clear(&meaning);
	}
	sendas_policy_free(policy);
}

/* Reported is not known: never "the cause", never "the known". */
static void
words_a_report_as_one(void **state)
{
	struct sendas_policy *policy = load("ocn");
	struct sendas_bounce_meaning meaning;

	(void)state;
	sendas_bounce_explain(policy, RELAY, &meaning);
	assert_string_equal(meaning.id, "relay-denied");
	assert_int_equal(meaning.certainty, SENDAS_CERTAINTY_MEDIUM);
	assert_true(meaning.is_about_settings);
	assert_non_null(strstr(meaning.why, "reported to cure"));
	assert_non_null(strstr(meaning.meaning,
	    "Not Gmail's fault, nor a "
	    "wrong recipient address"));
	assert_non_null(strstr(meaning.steps[0], "Treat as an alias"));
	assert_true(has_step(&meaning, "smtp.ocn.ne.jp, port 465, SSL"));
	assert_true(has_step(&meaning, "OCN mail password"));
	sendas_bounce_meaning_clear(&meaning);
	sendas_policy_free(policy);
}

/* What the policy does not ask for is not advised. */
static void
follows_the_policy(void **state)
{
	static const char text[] =
	    "{\"version\": 1, \"name\": \"example\", \"label\": \"Example\","
	    " \"domains\": [{\"name\": \"example.jp\"}],"
	    " \"relay\": {\"host\": \"mail.example.jp\", \"port\": 587,"
	    " \"security\": \"starttls\"}}";
	struct sendas_policy *policy = NULL;
	struct sendas_bounce_meaning meaning;
	struct sendas_error err;

	(void)state;
	assert_int_equal(sendas_policy_file_parse(
			     text, sizeof(text) - 1, "test", &policy, &err),
	    SENDAS_OK);
	for (int i = 0; i < SENDAS_BOUNCE_COUNT; i++) {
		sendas_bounce_explain(policy, (enum sendas_bounce)i, &meaning);
		assert_false(has_step(&meaning, "alias"));
		assert_false(has_step(&meaning, "OCN"));
		assert_non_null(meaning.steps[0]);
		sendas_bounce_meaning_clear(&meaning);
	}
	sendas_bounce_explain(policy, RELAY, &meaning);
	assert_int_equal(meaning.certainty, SENDAS_CERTAINTY_LOW);
	assert_true(has_step(&meaning, "mail.example.jp, port 587, TLS"));
	sendas_bounce_meaning_clear(&meaning);
	policy->rules[SENDAS_RULE_TREAT_AS_ALIAS].severity =
	    SENDAS_SEVERITY_ERROR;
	policy->rules[SENDAS_RULE_TREAT_AS_ALIAS].evidence =
	    SENDAS_EVIDENCE_CONFIRMED;
	sendas_bounce_explain(policy, RELAY, &meaning);
	assert_int_equal(meaning.certainty, SENDAS_CERTAINTY_HIGH);
	assert_true(has_step(&meaning, "alias"));
	sendas_bounce_meaning_clear(&meaning);
	sendas_policy_free(policy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(knows_replies_whole),
	    cmocka_unit_test(knows_replies_in_part),
	    cmocka_unit_test(knows_translations),
	    cmocka_unit_test(knows_what_is_torn),
	    cmocka_unit_test(is_not_misled),
	    cmocka_unit_test(chooses_among_several),
	    cmocka_unit_test(reads_a_whole_mail),
	    cmocka_unit_test(takes_any_bytes),
	    cmocka_unit_test(explains_every_one),
	    cmocka_unit_test(words_a_report_as_one),
	    cmocka_unit_test(follows_the_policy),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("bounce", tests, NULL, NULL);
}
