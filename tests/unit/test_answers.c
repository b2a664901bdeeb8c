/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_answers.c: what people type, and what is taken from it. Each table has
 * rows that must not be guessed at.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "sendas/answers.h"
#include "sendas/mem.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define UNCLEAR SENDAS_ANSWER_UNCLEAR
#define GIVEN SENDAS_ANSWER_GIVEN
#define EMPTY SENDAS_ANSWER_EMPTY
#define NONE SENDAS_ANSWER_NONE
#define SAME SENDAS_ANSWER_SAME
#define UNKNOWN SENDAS_ANSWER_UNKNOWN
#define BACK SENDAS_ANSWER_BACK
#define QUIT SENDAS_ANSWER_QUIT

/* A line, what it is, and what it gives: text of names, "yes", "465". */
struct row {
	const char *line;
	enum sendas_answer answer;
	const char *value;
};

/* Reads a line as one kind of answer; *value is the caller's, or NULL. */
typedef enum sendas_answer read_fn(const char *line, char **value);

static enum sendas_answer
read_tick(const char *line, char **value)
{
	bool is_ticked = false;
	enum sendas_answer answer = sendas_answers_tick(line, &is_ticked);

	if (answer == GIVEN)
		*value = sendas_xstrdup(is_ticked ? "yes" : "no");
	return answer;
}

static enum sendas_answer
read_right(const char *line, char **value)
{
	bool is_right = false;
	enum sendas_answer answer = sendas_answers_right(line, &is_right);

	if (answer == GIVEN)
		*value = sendas_xstrdup(is_right ? "yes" : "no");
	return answer;
}

static enum sendas_answer
read_number(const char *line, char **value)
{
	long number = -7;
	enum sendas_answer answer = sendas_answers_number(line, 0, 5, &number);

	if (answer == GIVEN)
		*value = sendas_xasprintf("%ld", number);
	else
		assert_int_equal(number, -7);
	return answer;
}

static enum sendas_answer
read_port(const char *line, char **value)
{
	long port = -7;
	enum sendas_answer answer = sendas_answers_port(line, &port);

	if (answer == GIVEN)
		*value = sendas_xasprintf("%ld", port);
	else
		assert_int_equal(port, -7);
	return answer;
}

static enum sendas_answer
read_security(const char *line, char **value)
{
	const char *mode = NULL;
	enum sendas_answer answer = sendas_answers_security(line, &mode);

	if (answer == GIVEN)
		*value = sendas_xstrdup(mode);
	else
		assert_null(mode);
	return answer;
}

static void
check(read_fn *read, const struct row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *value = NULL;
		enum sendas_answer answer = read(rows[i].line, &value);

		if (answer != rows[i].answer)
			fail_msg("\"%s\": got %d, want %d", rows[i].line,
			    (int)answer, (int)rows[i].answer);
		if (rows[i].value == NULL)
			assert_null(value);
		else
			assert_string_equal(value, rows[i].value);
		free(value);
	}
}

/* What every question understands, and what none does. */
static void
test_everywhere(void **state)
{
	static const struct row rows[] = {
	    {"", EMPTY, NULL},
	    {" \t\r\n", EMPTY, NULL},
	    {"\xe3\x80\x80", EMPTY, NULL}, /* an ideographic space */
	    {"q", QUIT, NULL},
	    {" Q ", QUIT, NULL},
	    {"ｑ", QUIT, NULL},
	    {"quit", QUIT, NULL},
	    {"やめる", QUIT, NULL},
	    {"やめます。", QUIT, NULL},
	    {"終了", QUIT, NULL},
	    {"b", BACK, NULL},
	    {"Ｂ", BACK, NULL},
	    {"back", BACK, NULL},
	    {"戻る", BACK, NULL},
	    {"もどる", BACK, NULL},
	    {"?", UNKNOWN, NULL},
	    {"？", UNKNOWN, NULL},
	    {"わからない", UNKNOWN, NULL},
	    {"分からない", UNKNOWN, NULL},
	    {"分かりません。", UNKNOWN, NULL},
	    {"わからないです", UNKNOWN, NULL},
	    {"不明", UNKNOWN, NULL},
	    {"見つからない", UNKNOWN, NULL},
	    {"見えません", UNKNOWN, NULL},
	    {"don't know", UNKNOWN, NULL},
	    {"I don’t know", UNKNOWN, NULL},
	    {"Not sure.", UNKNOWN, NULL},
	    /* nothing that could be meant */
	    {"\x1b[D", UNCLEAR, NULL},
	    {"1\x1b[D", UNCLEAR, NULL},
	    {"465\x7f", UNCLEAR, NULL},
	    {"465\xc2\x9b", UNCLEAR, NULL},
	    {"4\n65", UNCLEAR, NULL},
	    {"smtp.ocn.ne.jp\nq", UNCLEAR, NULL},
	    {"\x83\x8f", UNCLEAR, NULL}, /* Shift_JIS */
	    {"\xff", UNCLEAR, NULL},
	};
	static read_fn *const all[] = {read_tick, read_right, read_number,
	    read_port, read_security, sendas_answers_host,
	    sendas_answers_user_name, sendas_answers_address};

	(void)state;
	for (size_t i = 0; i < COUNT(all); i++)
		check(all[i], rows, COUNT(rows));
}

static void
test_too_long(void **state)
{
	char line[400];
	char *value = NULL;

	(void)state;
	memset(line, 'a', sizeof(line));
	line[200] = '.';
	line[321] = '\0';
	assert_int_equal(sendas_answers_host(line, &value), UNCLEAR);
	line[320] = '\0';
	assert_int_equal(sendas_answers_host(line, &value), GIVEN);
	free(value);
}

static void
test_tick(void **state)
{
	static const struct row rows[] = {
	    {"1", GIVEN, "yes"},
	    {"１", GIVEN, "yes"},
	    {"①", GIVEN, "yes"},
	    {"y", GIVEN, "yes"},
	    {"YES", GIVEN, "yes"},
	    {"はい", GIVEN, "yes"},
	    {"はい。", GIVEN, "yes"},
	    {"はいです", GIVEN, "yes"},
	    {"ハイ", GIVEN, "yes"},
	    {"ﾊｲ", GIVEN, "yes"},
	    {"うん", GIVEN, "yes"},
	    {"ええ", GIVEN, "yes"},
	    {"そうです", GIVEN, "yes"},
	    {"on", GIVEN, "yes"},
	    {"ＯＮ", GIVEN, "yes"},
	    {"オン", GIVEN, "yes"},
	    {"あり", GIVEN, "yes"},
	    {"有り", GIVEN, "yes"},
	    {"あります", GIVEN, "yes"},
	    {"チェックあり", GIVEN, "yes"},
	    {"チェック有り", GIVEN, "yes"},
	    {"チェックが入っています", GIVEN, "yes"},
	    {"チェックは入っています。", GIVEN, "yes"},
	    {"チェック入ってる", GIVEN, "yes"},
	    {"入っている", GIVEN, "yes"},
	    {"ついてます", GIVEN, "yes"},
	    {"付いていると思います", GIVEN, "yes"},
	    {"チェックしてある", GIVEN, "yes"},
	    {"チェックされています", GIVEN, "yes"},
	    {"はい、入っています", GIVEN, "yes"},
	    {"外れていません", GIVEN, "yes"},
	    {"✓", GIVEN, "yes"},
	    {"☑", GIVEN, "yes"},
	    {"ticked", GIVEN, "yes"},
	    {"It is ticked.", GIVEN, "yes"},
	    {"check on", GIVEN, "yes"},
	    {"2", GIVEN, "no"},
	    {"２", GIVEN, "no"},
	    {"n", GIVEN, "no"},
	    {"No", GIVEN, "no"},
	    {"いいえ", GIVEN, "no"},
	    {"イイエ", GIVEN, "no"},
	    {"いや", GIVEN, "no"},
	    {"off", GIVEN, "no"},
	    {"オフ", GIVEN, "no"},
	    {"ｵﾌ", GIVEN, "no"},
	    {"なし", GIVEN, "no"},
	    {"無し", GIVEN, "no"},
	    {"ないです", GIVEN, "no"},
	    {"ありません", GIVEN, "no"},
	    {"チェックなし", GIVEN, "no"},
	    {"チェックは入っていません", GIVEN, "no"},
	    {"入ってない", GIVEN, "no"},
	    {"入っていないよ", GIVEN, "no"},
	    {"チェックが外れています", GIVEN, "no"},
	    {"外してある", GIVEN, "no"},
	    {"いいえ、入っていません。", GIVEN, "no"},
	    {"空欄", GIVEN, "no"},
	    {"□", GIVEN, "no"},
	    {"not ticked", GIVEN, "no"},
	    {"unchecked", GIVEN, "no"},
	    /* must not be guessed at */
	    {"3", UNCLEAR, NULL},
	    {"12", UNCLEAR, NULL},
	    {"maybe", UNCLEAR, NULL},
	    {"yes no", UNCLEAR, NULL},
	    {"はい いいえ", UNCLEAR, NULL},
	    {"はい、いいえ", UNCLEAR, NULL},
	    {"はい、入っていません", UNCLEAR, NULL},
	    {"はい、たぶん", UNCLEAR, NULL},
	    {"チェック", UNCLEAR, NULL},
	    {"チェックボックスがない", UNCLEAR, NULL},
	    {"入って", UNCLEAR, NULL},
	    {"ok", UNCLEAR, NULL},
	    {"、", UNCLEAR, NULL},
	    {"smtp.ocn.ne.jp", UNCLEAR, NULL},
	};

	(void)state;
	check(read_tick, rows, COUNT(rows));
}

static void
test_right(void **state)
{
	static const struct row rows[] = {
	    {"y", GIVEN, "yes"},
	    {"はい", GIVEN, "yes"},
	    {"OK", GIVEN, "yes"},
	    {"ＯＫです", GIVEN, "yes"},
	    {"合っています", GIVEN, "yes"},
	    {"そのとおりです。", GIVEN, "yes"},
	    {"はい、合っています", GIVEN, "yes"},
	    {"n", GIVEN, "no"},
	    {"いいえ", GIVEN, "no"},
	    {"違います", GIVEN, "no"},
	    {"wrong", GIVEN, "no"},
	    {"はい、違います", UNCLEAR, NULL},
	    {"あり", UNCLEAR, NULL},
	    {"7", UNCLEAR, NULL},
	};

	(void)state;
	check(read_right, rows, COUNT(rows));
}

static void
test_number(void **state)
{
	static const struct row rows[] = {
	    {"0", GIVEN, "0"},
	    {"5", GIVEN, "5"},
	    {"３", GIVEN, "3"},
	    {"3番", GIVEN, "3"},
	    {"3を直す", GIVEN, "3"},
	    {"(4)", GIVEN, "4"},
	    {"6", UNCLEAR, NULL},
	    {"-1", UNCLEAR, NULL},
	    {"1 2", UNCLEAR, NULL},
	    {"1.5", UNCLEAR, NULL},
	    {"なし", UNCLEAR, NULL},
	    {"三", UNCLEAR, NULL},
	    {"99999999999999999999", UNCLEAR, NULL},
	};

	(void)state;
	check(read_number, rows, COUNT(rows));
}

static void
test_port(void **state)
{
	static const struct row rows[] = {
	    {"465", GIVEN, "465"},
	    {" ４６５ ", GIVEN, "465"},
	    {"465番", GIVEN, "465"},
	    {"465番です。", GIVEN, "465"},
	    {"ポート 465", GIVEN, "465"},
	    {"ポート：４６５", GIVEN, "465"},
	    {"ポート番号は465です", GIVEN, "465"},
	    {"Port: 465", GIVEN, "465"},
	    {"port number 465.", GIVEN, "465"},
	    {"587 (推奨)", GIVEN, "587"},
	    {"587（推奨）", GIVEN, "587"},
	    {"587 (recommended)", GIVEN, "587"},
	    {"「25」", GIVEN, "25"},
	    {"465 ▼", GIVEN, "465"},
	    {"1", GIVEN, "1"},
	    {"65535", GIVEN, "65535"},
	    {"0465", GIVEN, "465"},
	    {"なし", NONE, NULL},
	    {"空欄です", NONE, NULL},
	    {"none", NONE, NULL},
	    /* must not be guessed at */
	    {"0", UNCLEAR, NULL},
	    {"65536", UNCLEAR, NULL},
	    {"4655555", UNCLEAR, NULL},
	    {"-465", UNCLEAR, NULL},
	    {"4.65", UNCLEAR, NULL},
	    {"46 5", UNCLEAR, NULL},
	    {"465 587", UNCLEAR, NULL},
	    {"465か587", UNCLEAR, NULL},
	    {"465ではない", UNCLEAR, NULL},
	    {"not 465", UNCLEAR, NULL},
	    {"smtp2.example.jp", UNCLEAR, NULL},
	    {"smtp.ocn.ne.jp:465", UNCLEAR, NULL},
	    {"ssl", UNCLEAR, NULL},
	    {"はい", UNCLEAR, NULL},
	    {"四六五", UNCLEAR, NULL},
	    {"ポート", UNCLEAR, NULL},
	    {"0x1d1", UNCLEAR, NULL},
	};

	(void)state;
	check(read_port, rows, COUNT(rows));
}

static void
test_security(void **state)
{
	static const struct row rows[] = {
	    {"1", GIVEN, "ssl"},
	    {"２", GIVEN, "starttls"},
	    {"3", GIVEN, "none"},
	    {"1番", GIVEN, "ssl"},
	    {"②", GIVEN, "starttls"},
	    {"SSL", GIVEN, "ssl"},
	    {"ｓｓｌ", GIVEN, "ssl"},
	    {"SSLです", GIVEN, "ssl"},
	    {"SSLのほう", GIVEN, "ssl"},
	    {"1 SSL", GIVEN, "ssl"},
	    {"1. SSL", GIVEN, "ssl"},
	    {"tls", GIVEN, "starttls"},
	    {"STARTTLS", GIVEN, "starttls"},
	    {"TLSが選ばれています", GIVEN, "starttls"},
	    {"SSLを使用したセキュリティで保護された接続", GIVEN, "ssl"},
	    {"SSL を使用したセキュリティで保護された接続", GIVEN, "ssl"},
	    {"「SSLを使用したセキュリティで保護された接続」", GIVEN, "ssl"},
	    {"TLSを使用したセキュリティで保護された接続", GIVEN, "starttls"},
	    {"● TLS を使用したセキュリティで保護された接続（推奨）", GIVEN,
		"starttls"},
	    {"保護されていない接続", GIVEN, "none"},
	    {"保護されていない接続です。", GIVEN, "none"},
	    {"3 保護されていない接続", GIVEN, "none"},
	    {"保護なし", GIVEN, "none"},
	    {"Secured connection using SSL", GIVEN, "ssl"},
	    {"secured connection using TLS (recommended)", GIVEN, "starttls"},
	    {"  1  Secured connection using SSL", GIVEN, "ssl"},
	    {"not secured", GIVEN, "none"},
	    {"Unsecured connection", GIVEN, "none"},
	    {"A connection that is not secured", GIVEN, "none"},
	    /* must not be guessed at */
	    {"4", UNCLEAR, NULL},
	    {"465", UNCLEAR, NULL},
	    {"12", UNCLEAR, NULL},
	    {"1 2", UNCLEAR, NULL},
	    {"2 SSL", UNCLEAR, NULL},
	    {"SSL/TLS", UNCLEAR, NULL},
	    {"SSL TLS", UNCLEAR, NULL},
	    {"SSL or TLS", UNCLEAR, NULL},
	    {"TLS 1.2", UNCLEAR, NULL},
	    {"SSLではない", UNCLEAR, NULL},
	    {"SSLではなくTLS", UNCLEAR, NULL},
	    {"no SSL", UNCLEAR, NULL},
	    {"not SSL", UNCLEAR, NULL},
	    {"SSLは選ばれていません", UNCLEAR, NULL},
	    {"none", UNCLEAR, NULL},
	    {"なし", UNCLEAR, NULL},
	    {"どれも選ばれていない", UNCLEAR, NULL},
	    {"Secured connection", UNCLEAR, NULL},
	    {"保護された接続", UNCLEAR, NULL},
	    {"SSL?", UNCLEAR, NULL},
	    {"はい", UNCLEAR, NULL},
	};

	(void)state;
	check(read_security, rows, COUNT(rows));
}

static void
test_host(void **state)
{
	static const struct row rows[] = {
	    {"smtp.ocn.ne.jp", GIVEN, "smtp.ocn.ne.jp"},
	    {"  smtp.ocn.ne.jp\t", GIVEN, "smtp.ocn.ne.jp"},
	    {"SMTP.ocn.ne.jp", GIVEN, "SMTP.ocn.ne.jp"},
	    {"ｓｍｔｐ．ｏｃｎ．ｎｅ．ｊｐ", GIVEN, "smtp.ocn.ne.jp"},
	    {"smtp。ocn。ne。jp", GIVEN, "smtp.ocn.ne.jp"},
	    {"smtp.ocn.ne.jp。", GIVEN, "smtp.ocn.ne.jp"},
	    {"smtp.ocn.ne.jp.", GIVEN, "smtp.ocn.ne.jp."},
	    {"smtp.ocn.ne.jpです", GIVEN, "smtp.ocn.ne.jp"},
	    {"smtp.ocn.ne.jp です。", GIVEN, "smtp.ocn.ne.jp"},
	    {"smtp. ocn .ne.jp", GIVEN, "smtp.ocn.ne.jp"},
	    {"SMTPサーバー: smtp.ocn.ne.jp", GIVEN, "smtp.ocn.ne.jp"},
	    {"SMTP サーバー：smtp.ocn.ne.jp", GIVEN, "smtp.ocn.ne.jp"},
	    {"SMTPサーバーは smtp.ocn.ne.jp です", GIVEN, "smtp.ocn.ne.jp"},
	    {"SMTP Server: smtp.ocn.ne.jp", GIVEN, "smtp.ocn.ne.jp"},
	    {"smtp server is smtp.ocn.ne.jp", GIVEN, "smtp.ocn.ne.jp"},
	    {"サーバー smtp.ocn.ne.jp", GIVEN, "smtp.ocn.ne.jp"},
	    {"SMTPサーバー: smtp.ocn.ne.jp ポート: 465", GIVEN,
		"smtp.ocn.ne.jp"},
	    {"smtp.ocn.ne.jp  Port: 465", GIVEN, "smtp.ocn.ne.jp"},
	    {"「smtp.ocn.ne.jp」", GIVEN, "smtp.ocn.ne.jp"},
	    {"\"smtp.ocn.ne.jp\"", GIVEN, "smtp.ocn.ne.jp"},
	    {"server.example.jp", GIVEN, "server.example.jp"},
	    {"hostname.example.jp", GIVEN, "hostname.example.jp"},
	    {"portal.example.jp", GIVEN, "portal.example.jp"},
	    {"smtp.ocn.ne.jp:465", GIVEN, "smtp.ocn.ne.jp:465"},
	    {"192.0.2.1", GIVEN, "192.0.2.1"},
	    {"[2001:db8::1]", GIVEN, "[2001:db8::1]"},
	    {"smtp.оcn.ne.jp", GIVEN, "smtp.оcn.ne.jp"}, /* Cyrillic */
	    {"none", NONE, NULL},
	    {"None.", NONE, NULL},
	    {"なし", NONE, NULL},
	    {"なしです", NONE, NULL},
	    {"無し", NONE, NULL},
	    {"空", NONE, NULL},
	    {"空欄です。", NONE, NULL},
	    {"何も入っていません", NONE, NULL},
	    {"ありません", NONE, NULL},
	    {"-", NONE, NULL},
	    /* must not be guessed at */
	    {"smtp", UNCLEAR, NULL},
	    {"465", UNCLEAR, NULL},
	    {"はい", UNCLEAR, NULL},
	    {"smtp ocn ne jp", UNCLEAR, NULL},
	    {"smtp,ocn,ne,jp", UNCLEAR, NULL},
	    {"smtp.ocn.ne.jp 465", UNCLEAR, NULL},
	    {"smtp.ocn.ne.jp smtp.gmail.com", UNCLEAR, NULL},
	    {"smtp.ocn.ne.jp ではない", UNCLEAR, NULL},
	    {"taro@ocn.ne.jp", UNCLEAR, NULL},
	    {"https://smtp.ocn.ne.jp/", UNCLEAR, NULL},
	    {"左のほうに。たぶんあります", UNCLEAR, NULL},
	    {"SMTPサーバー:", UNCLEAR, NULL},
	    {"...", UNCLEAR, NULL},
	};

	(void)state;
	check(sendas_answers_host, rows, COUNT(rows));
}

static void
test_user_name(void **state)
{
	static const struct row rows[] = {
	    {"taro@sky.ocn.ne.jp", GIVEN, "taro@sky.ocn.ne.jp"},
	    {"ｔａｒｏ＠ｓｋｙ．ｏｃｎ．ｎｅ．ｊｐ", GIVEN,
		"taro@sky.ocn.ne.jp"},
	    {"taro @ sky.ocn.ne.jp", GIVEN, "taro@sky.ocn.ne.jp"},
	    {"ユーザー名: taro", GIVEN, "taro"},
	    {"ユーザー名は taro です", GIVEN, "taro"},
	    {"Username: taro", GIVEN, "taro"},
	    {"username", GIVEN, "username"},
	    {"id123", GIVEN, "id123"},
	    {"TARO", GIVEN, "TARO"},
	    {"12345", GIVEN, "12345"},
	    {"yes", SAME, NULL},
	    {"はい", SAME, NULL},
	    {"はい、同じです", SAME, NULL},
	    {"1", SAME, NULL},
	    {"同じ", SAME, NULL},
	    {"メールアドレスと同じです", SAME, NULL},
	    {"そのとおり", SAME, NULL},
	    {"none", NONE, NULL},
	    {"空欄", NONE, NULL},
	    {"なし", NONE, NULL},
	    /* must not be guessed at */
	    {"no", UNCLEAR, NULL},
	    {"いいえ", UNCLEAR, NULL},
	    {"違います", UNCLEAR, NULL},
	    {"taro yamada", UNCLEAR, NULL},
	    {"山田太郎", UNCLEAR, NULL},
	    {"taro\xe2\x80\x8b", UNCLEAR, NULL}, /* zero width space */
	    {"<taro>", UNCLEAR, NULL},
	};

	(void)state;
	check(sendas_answers_user_name, rows, COUNT(rows));
}

static void
test_address(void **state)
{
	static const struct row rows[] = {
	    {"taro@ocn.ne.jp", GIVEN, "taro@ocn.ne.jp"},
	    {" Taro@OCN.ne.jp ", GIVEN, "Taro@OCN.ne.jp"},
	    {"ｔａｒｏ＠ｏｃｎ．ｎｅ．ｊｐ", GIVEN, "taro@ocn.ne.jp"},
	    {"taro @ocn.ne.jp", GIVEN, "taro@ocn.ne.jp"},
	    {"taro@ocn.ne.jp。", GIVEN, "taro@ocn.ne.jp"},
	    {"taro@ocn.ne.jpです", GIVEN, "taro@ocn.ne.jp"},
	    {"メールアドレス：taro@ocn.ne.jp", GIVEN, "taro@ocn.ne.jp"},
	    {"アドレスは taro@ocn.ne.jp です。", GIVEN, "taro@ocn.ne.jp"},
	    {"E-mail: taro@ocn.ne.jp", GIVEN, "taro@ocn.ne.jp"},
	    {"mailto:taro@ocn.ne.jp", GIVEN, "taro@ocn.ne.jp"},
	    {"山田太郎 <taro@ocn.ne.jp>", GIVEN, "taro@ocn.ne.jp"},
	    {"mail@example.jp", GIVEN, "mail@example.jp"},
	    {"a+b.c_d-e@x.y", GIVEN, "a+b.c_d-e@x.y"},
	    {"なし", NONE, NULL},
	    /* must not be guessed at */
	    {"taro", UNCLEAR, NULL},
	    {"@ocn.ne.jp", UNCLEAR, NULL},
	    {"taro@", UNCLEAR, NULL},
	    {"taro@ocn", UNCLEAR, NULL},
	    {"taro@.jp", UNCLEAR, NULL},
	    {"taro@ocn.", UNCLEAR, NULL},
	    {"taro@ocn.ne.jp@x.jp", UNCLEAR, NULL},
	    {"taro@ocn.ne.jp hanako@ocn.ne.jp", UNCLEAR, NULL},
	    {"taro@ocn.ne.jp,hanako@ocn.ne.jp", UNCLEAR, NULL},
	    {"太郎@ocn.ne.jp", UNCLEAR, NULL},
	    {"<taro>", UNCLEAR, NULL},
	    {"はい", UNCLEAR, NULL},
	};

	(void)state;
	check(sendas_answers_address, rows, COUNT(rows));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_everywhere),
	    cmocka_unit_test(test_too_long),
	    cmocka_unit_test(test_tick),
	    cmocka_unit_test(test_right),
	    cmocka_unit_test(test_number),
	    cmocka_unit_test(test_port),
	    cmocka_unit_test(test_security),
	    cmocka_unit_test(test_host),
	    cmocka_unit_test(test_user_name),
	    cmocka_unit_test(test_address),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
