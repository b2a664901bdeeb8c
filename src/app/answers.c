/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answers.c: answers to what was meant, by lists of words and by small
 * grammars of words that say nothing around one that does. What is not in a
 * list is not guessed at. No input or output.
 */
#include "sendas/answers.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/buf.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/text.h"

/* Ended by NULL; ASCII in lower case. */
typedef const char *const words[];

static words quit_words = {"q", "quit", "exit", "stop", "やめる", "やめます",
    "やめたい", "止める", "中止", "終了", "終わり", "おわり", NULL};

static words back_words = {"b", "back", "戻る", "もどる", "戻ります", "戻って",
    "前へ", "前に戻る", "ひとつ戻る", "一つ戻る", NULL};

static words unknown_words = {"?", "??", "???", "わからない", "分からない",
    "解らない", "判らない", "わかりません", "分かりません", "わからん",
    "よくわからない", "よくわかりません", "よく分からない", "よく分かりません",
    "不明", "知らない", "知りません", "見つからない", "見つかりません",
    "見えない", "見えません", "ﾜｶﾗﾅｲ", "unknown", "don't know", "dont know",
    "do not know", "i don't know", "i dont know", "i do not know", "not sure",
    "i'm not sure", "unsure", "no idea", "can't find it", "can't tell",
    "i can't tell", NULL};

/* An empty field. */
static words none_words = {"なし", "無し", "無", "ない", "無い", "ナシ", "ﾅｼ",
    "ありません", "空", "から", "空欄", "空白", "空っぽ", "からっぽ",
    "入っていない", "入っていません", "何も入っていない", "何も入っていません",
    "何もない", "何もありません", "none", "no server", "nothing", "empty",
    "it is empty", "it's empty", "blank", "-", NULL};

static words yes_words = {"1", "y", "yes", "yeah", "yep", "はい", "ハイ", "ﾊｲ",
    "うん", "ええ", "そう", "①", NULL};

static words no_words = {"2", "n", "no", "nope", "いいえ", "イイエ", "ｲｲｴ",
    "いえ", "いや", "ううん", "②", NULL};

static words ticked_words = {"on", "オン", "ｵﾝ", "おん", "あり", "有り", "有",
    "ある", "アリ", "ｱﾘ", "あります", "✓", "✔", "☑", "✅", "■", "○", "〇", "◯",
    "true", "ticked", "checked", "it is", "it is ticked", "it is checked",
    "it's ticked", "it's checked", "is ticked", "is checked", NULL};

static words clear_words = {"off", "オフ", "ｵﾌ", "おふ", "なし", "無し", "無",
    "ない", "無い", "ナシ", "ﾅｼ", "ありません", "空", "空欄", "空白", "□", "☐",
    "×", "✕", "false", "empty", "clear", "cleared", "unticked", "unchecked",
    "not ticked", "not checked", "it is not", "it isn't", "it is not ticked",
    "it isn't ticked", "it is not checked", "is not ticked", "is not checked",
    NULL};

/* "Is this right?" and "is it the same?" */
static words right_words = {"ok", "okay", "right", "correct", "same",
    "the same", "合っている", "合っています", "合ってる", "合ってます",
    "あっている", "あっています", "あってる", "あってます", "そのとおり",
    "その通り", "同じ", "おなじ", "アドレスと同じ", "メールアドレスと同じ",
    "大丈夫", NULL};

static words wrong_words = {"wrong", "not right", "different", "違う", "ちがう",
    "違います", "ちがいます", "違っています", "間違い", "まちがい", NULL};

/* What may stand before and after such a word. */
static words word_prefixes = {"チェックボックスは", "チェックマークが",
    "チェックマークは", "チェックが", "チェックは", "チェック", "ﾁｪｯｸ",
    "check ", NULL};
static words word_suffixes = {"です", "でした", "だ", "よ", "ね", "と思います",
    "と思う", "みたい", "。", ".", "!", NULL};

/* "チェックが" + "入って" + "います". */
static words verbs = {"入って", "はいって", "ついて", "付いて", "つけて",
    "付けて", "入れて", "して", "されて", NULL};
static words verbs_of_clearing = {
    "外れて", "はずれて", "外して", "はずして", "消えて", NULL};
static words verb_yes = {
    "いる", "います", "る", "ます", "ある", "あります", "おります", NULL};
static words verb_no = {
    "いない", "いません", "ない", "ません", "おりません", "ありません", NULL};

/* Around a number. */
static words number_fillers = {"ポート番号", "ポート", "ﾎﾟｰﾄ", "番号", "番目",
    "番", "port number", "port", "number", "推奨", "recommended", "です",
    "でした", "は", "が", "を", "に", "の", "直す", "直します", "変える",
    "変更する", "変更", "なっています", "なっている", "「", "」", "、", "▼",
    "▾", NULL};

/* Around a kind of connection. */
static words security_fillers = {"を使用した", "を使用する", "を使用",
    "を使った", "セキュリティー", "セキュリティ", "で保護された", "保護された",
    "保護", "接続", "secured", "secure", "connection", "using", "with", "推奨",
    "recommended", "番目", "番", "です", "でした", "のほう", "の方", "の", "が",
    "は", "に", "なっています", "なっている", "選ばれています", "選ばれている",
    "選択", "されています", "されている", "it is", "that is", "is",
    "a connection", "chosen", "selected", "「", "」", "、", "●", "◉", "○", "*",
    NULL};

struct mode_word {
	const char *word, *mode;
};

/* A longer one before what it begins with. */
static const struct mode_word mode_words[] = {
    {"starttls", "starttls"},
    {"tls", "starttls"},
    {"ssl", "ssl"},
    {"①", "ssl"},
    {"②", "starttls"},
    {"③", "none"},
    {"保護されていません", "none"},
    {"保護されていない", "none"},
    {"保護されてない", "none"},
    {"保護なし", "none"},
    {"保護無し", "none"},
    {"暗号化されていない", "none"},
    {"暗号化なし", "none"},
    {"not secured", "none"},
    {"not secure", "none"},
    {"unsecured", "none"},
    {"insecure", "none"},
    {"no security", "none"},
};

/* What a name was copied with. */
static words host_labels = {"smtp サーバー名", "smtpサーバー名",
    "smtp サーバー", "smtpサーバー", "smtp サーバ", "smtpサーバ",
    "送信メールサーバー", "送信サーバー", "サーバー名", "サーバ名", "サーバー",
    "サーバ", "ホスト名", "ホスト", "outgoing mail server", "outgoing server",
    "smtp server", "smtp host", "server name", "server", "host name",
    "hostname", "host", NULL};
static words user_labels = {"ユーザー名", "ユーザ名", "ユーザー", "ユーザ",
    "ログイン名", "アカウント", "user name", "username", "user id", "userid",
    "user", "login", "account", "id", NULL};
static words address_labels = {"メールアドレス", "アドレス", "メール", "送信元",
    "email address", "mail address", "e-mail", "email", "address", "mail",
    "gmail", "mailto", NULL};
/* Between a label and its name; one of them must stand there. */
static words label_ends = {
    ":", "=", " ", "\t", "には", "は", "が", "is ", NULL};
/* After a name. */
static words name_suffixes = {"になっています", "となっています",
    "と入っています", "が入っています", "と書いてあります", "と書いてある",
    "でした", "です", "だ", "」", "\"", "'", "”", "▼", NULL};
static words name_prefixes = {"「", "\"", "'", "“", "mailto:", NULL};

/* Escape sequences of arrow keys, and what else no setting has in it: C0 but
 * the tabulator, DEL, and C1 (U+0080..U+009F, in UTF-8 C2 80..C2 9F). */
static bool
has_control(const char *text)
{
	const unsigned char *at;

	for (at = (const unsigned char *)text; *at != '\0'; at++) {
		if ((*at < 0x20 && *at != '\t') || *at == 0x7f)
			return true;
		if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
			return true;
	}
	return false;
}

static bool
ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/* Half width, trimmed, a straight apostrophe, without the full stop of a
 * Japanese sentence; the caller frees it. NULL: nothing that can be meant. */
static char *
tidy(const char *line)
{
	static const char stop[] = "。", apostrophe[] = "’";
	char *trimmed, *folded, *text, *at;
	size_t len = strlen(line);

	if (len > SENDAS_LIMIT_ADDRESS_BYTES || !sendas_text_is_utf8(line, len))
		return NULL;
	trimmed = sendas_text_trim(line);
	if (has_control(trimmed)) {
		free(trimmed);
		return NULL;
	}
	if (ends_with(trimmed, stop))
		trimmed[strlen(trimmed) - strlen(stop)] = '\0';
	while ((at = strstr(trimmed, apostrophe)) != NULL) {
		*at = '\'';
		memmove(at + 1, at + strlen(apostrophe),
		    strlen(at + strlen(apostrophe)) + 1);
	}
	folded = sendas_text_fold_width(trimmed);
	text = sendas_text_trim(folded);
	free(trimmed);
	free(folded);
	return text;
}

static bool
is_among(const char *text, const char *const *list)
{
	for (; *list != NULL; list++)
		if (sendas_text_equal_fold(text, *list))
			return true;
	return false;
}

/* True when `text` begins with `start`, but for the case of ASCII letters. */
static bool
begins_with(const char *text, const char *start)
{
	size_t len = strlen(start);
	char *head;
	bool is_equal;

	if (strlen(text) < len)
		return false;
	head = sendas_xstrndup(text, len);
	is_equal = sendas_text_equal_fold(head, start);
	free(head);
	return is_equal;
}

/* The length of the word of the list with which `text` begins; 0: none. */
static size_t
leading_word(const char *text, const char *const *list)
{
	for (; *list != NULL; list++)
		if (begins_with(text, *list))
			return strlen(*list);
	return 0;
}

/* Cuts one of the endings off, and white space before it. */
static bool
cut_ending(char *text, const char *const *endings)
{
	size_t len = strlen(text);

	for (; *endings != NULL; endings++) {
		if (!ends_with(text, *endings))
			continue;
		len -= strlen(*endings);
		while (len > 0 && strchr(" \t", text[len - 1]) != NULL)
			len--;
		text[len] = '\0';
		return true;
	}
	return false;
}

/* True when the text is a word of the list, or one with a politeness after
 * it. */
static bool
says(const char *text, const char *const *list)
{
	char *rest = sendas_xstrdup(text);
	bool is_said;

	while (!(is_said = is_among(rest, list)) &&
	    cut_ending(rest, word_suffixes))
		;
	free(rest);
	return is_said;
}

/* The answers that are possible everywhere; UNCLEAR when it is none. */
static enum sendas_answer
general_answer(const char *text)
{
	if (*text == '\0')
		return SENDAS_ANSWER_EMPTY;
	if (says(text, quit_words))
		return SENDAS_ANSWER_QUIT;
	if (says(text, back_words))
		return SENDAS_ANSWER_BACK;
	if (says(text, unknown_words))
		return SENDAS_ANSWER_UNKNOWN;
	return SENDAS_ANSWER_UNCLEAR;
}

/* "入っています", without what stands before: 1 for ticked, -1 for not, 0
 * for something else. */
static int
verb_says(const char *text)
{
	size_t len = leading_word(text, verbs);
	int sense = 1;

	if (len == 0) {
		len = leading_word(text, verbs_of_clearing);
		sense = -1;
	}
	if (len == 0)
		return 0;
	if (says(text + len, verb_yes))
		return sense;
	return says(text + len, verb_no) ? -sense : 0;
}

/* The same with all words. */
static int
tick_word_says(const char *text)
{
	if (says(text, yes_words) || says(text, ticked_words))
		return 1;
	if (says(text, no_words) || says(text, clear_words))
		return -1;
	return verb_says(text);
}

static int
tick_says(const char *text)
{
	int sense = tick_word_says(text);
	size_t prefix = leading_word(text, word_prefixes);

	if (sense != 0 || prefix == 0)
		return sense;
	return tick_word_says(text + prefix + strspn(text + prefix, " :"));
}

static int
right_says(const char *text)
{
	if (says(text, yes_words) || says(text, right_words))
		return 1;
	return says(text, no_words) || says(text, wrong_words) ? -1 : 0;
}

/* The sense of all parts between commas, "はい、入っています", when each has
 * one and they agree; else 0. Overwrites the text. */
static int
parts_say(char *text, int (*part_says)(const char *))
{
	static words commas = {"、", ",", "､", NULL};
	int sense = 0, part;
	char *at = text, *end;

	for (;;) {
		size_t comma = 0;

		for (end = at; *end != '\0'; end++)
			if ((comma = leading_word(end, commas)) > 0)
				break;
		*end = '\0';
		part = part_says(at);
		if (part == 0 || part == -sense)
			return 0;
		sense = part;
		if (comma == 0)
			return sense;
		at = end + comma;
		at += strspn(at, " ");
	}
}

/* Yes or no, as `part_says` reads it. */
static enum sendas_answer
two_way_answer(
    const char *line, int (*part_says)(const char *), bool *is_positive)
{
	char *text = tidy(line);
	enum sendas_answer answer;
	int sense;

	if (text == NULL)
		return SENDAS_ANSWER_UNCLEAR;
	answer = general_answer(text);
	sense =
	    answer == SENDAS_ANSWER_UNCLEAR ? parts_say(text, part_says) : 0;
	if (sense != 0) {
		*is_positive = sense > 0;
		answer = SENDAS_ANSWER_GIVEN;
	}
	free(text);
	return answer;
}

enum sendas_answer
sendas_answers_tick(const char *line, bool *is_ticked)
{
	return two_way_answer(line, tick_says, is_ticked);
}

enum sendas_answer
sendas_answers_right(const char *line, bool *is_right)
{
	return two_way_answer(line, right_says, is_right);
}

bool
sendas_answers_is_yes(const char *line)
{
	bool is_right = false;

	if (line == NULL)
		return false;
	switch (sendas_answers_right(line, &is_right)) {
	case SENDAS_ANSWER_GIVEN:
		return is_right;
	case SENDAS_ANSWER_EMPTY:
		return true;
	default:
		return false;
	}
}

/* The number at *at, which is moved behind it; -1 when it is too large. */
static long
take_number(const char **at)
{
	size_t len = strspn(*at, "0123456789");
	long number = len > 6 ? -1 : strtol(*at, NULL, 10);

	*at += len;
	return number;
}

/* White space, and marks that say nothing. A sign or a decimal point would
 * say something. */
static size_t
leading_marks(const char *text)
{
	return strspn(text, " \t()[]:\"'");
}

/* True when a number from `min` to `max` stands there, once, and beside it
 * only words that say nothing. */
static bool
is_number_alone(const char *text, long min, long max, long *number)
{
	const char *at = text;
	bool is_found = false;
	size_t skip;

	while (*at != '\0') {
		skip = leading_marks(at);
		if (skip == 0)
			skip = leading_word(at, number_fillers);
		at += skip;
		if (skip > 0)
			continue;
		if (is_found || strchr("0123456789", *at) == NULL)
			return false;
		*number = take_number(&at);
		is_found = *number >= min && *number <= max;
		if (!is_found)
			return false;
	}
	return is_found;
}

/* A number, and what an empty field is called if `has_none`. */
static enum sendas_answer
number_answer(const char *line, long min, long max, bool has_none, long *number)
{
	char *text = tidy(line);
	enum sendas_answer answer;
	long found = 0;

	if (text == NULL)
		return SENDAS_ANSWER_UNCLEAR;
	/* "465." at the end of a sentence */
	if (ends_with(text, "."))
		text[strlen(text) - 1] = '\0';
	answer = general_answer(text);
	if (answer == SENDAS_ANSWER_UNCLEAR && has_none &&
	    says(text, none_words))
		answer = SENDAS_ANSWER_NONE;
	if (answer == SENDAS_ANSWER_UNCLEAR &&
	    is_number_alone(text, min, max, &found)) {
		*number = found;
		answer = SENDAS_ANSWER_GIVEN;
	}
	free(text);
	return answer;
}

enum sendas_answer
sendas_answers_number(const char *line, long min, long max, long *number)
{
	return number_answer(line, min, max, false, number);
}

enum sendas_answer
sendas_answers_port(const char *line, long *port)
{
	return number_answer(line, 1, 65535, true, port);
}

/* The mode of the word or number at *at, which is moved behind it; NULL when
 * there is none. */
static const char *
take_mode(const char **at)
{
	static const char *const by_number[] = {"ssl", "starttls", "none"};
	const size_t count = sizeof(mode_words) / sizeof(mode_words[0]);
	long number;

	for (size_t i = 0; i < count; i++) {
		if (begins_with(*at, mode_words[i].word)) {
			*at += strlen(mode_words[i].word);
			return mode_words[i].mode;
		}
	}
	if (**at < '0' || **at > '9')
		return NULL;
	number = take_number(at);
	return number >= 1 && number <= 3 ? by_number[number - 1] : NULL;
}

/* The one mode that a text speaks of; NULL when there is none, or two, or a
 * word that may turn its sense around. */
static const char *
find_mode(const char *text)
{
	const char *at = text, *mode, *found = NULL;
	size_t skip;

	while (*at != '\0') {
		skip = leading_marks(at) + strspn(at, ".-");
		at += skip;
		if (skip > 0)
			continue;
		mode = take_mode(&at);
		if (mode != NULL) {
			if (found != NULL && strcmp(found, mode) != 0)
				return NULL;
			found = mode;
			continue;
		}
		skip = leading_word(at, security_fillers);
		if (skip == 0)
			return NULL;
		at += skip;
	}
	return found;
}

enum sendas_answer
sendas_answers_security(const char *line, const char **mode)
{
	char *text = tidy(line);
	enum sendas_answer answer;
	const char *found;

	if (text == NULL)
		return SENDAS_ANSWER_UNCLEAR;
	answer = general_answer(text);
	found = answer == SENDAS_ANSWER_UNCLEAR ? find_mode(text) : NULL;
	if (found != NULL) {
		*mode = found;
		answer = SENDAS_ANSWER_GIVEN;
	}
	free(text);
	return answer;
}

/* Where the name begins, after the label that was copied with it. Without
 * something between them it is no label: "server.example.jp". */
static char *
after_label(char *text, const char *const *labels)
{
	size_t label = leading_word(text, labels), end;
	char *at = text + label;

	if (label == 0 || leading_word(at, label_ends) == 0)
		return text;
	while ((end = leading_word(at, label_ends)) > 0)
		at += end;
	return at;
}

/* "smtp.ocn.ne.jp  ポート: 465" ends before the port. */
static void
cut_port(char *text)
{
	for (char *at = text; *at != '\0'; at++) {
		if (strchr(" \t", *at) == NULL)
			continue;
		if (begins_with(at + 1, "port") ||
		    begins_with(at + 1, "ポート")) {
			*at = '\0';
			return;
		}
	}
}

/*
 * Joins "smtp. ocn .ne.jp": white space beside one of `joints` is dropped in
 * place. False when other white space is left: those are two words.
 */
static bool
join(char *text, const char *joints)
{
	char *to = text;

	for (const char *from = text; *from != '\0'; from++) {
		if (strchr(" \t", *from) == NULL) {
			*to++ = *from;
			continue;
		}
		from += strspn(from, " \t");
		if (!(to > text && strchr(joints, to[-1]) != NULL) &&
		    !(*from != '\0' && strchr(joints, *from) != NULL))
			return false;
		from--;
	}
	*to = '\0';
	return true;
}

/* The name in a text, without label and ornament; NULL when there are
 * several words. The caller frees it. */
static char *
bare_name(const char *text, const char *const *labels, const char *joints)
{
	char *copy = sendas_xstrdup(text), *name = after_label(copy, labels);
	size_t prefix;

	while ((prefix = leading_word(name, name_prefixes)) > 0)
		name += prefix;
	while (cut_ending(name, name_suffixes))
		;
	cut_port(name);
	name = sendas_text_trim(name);
	free(copy);
	if (join(name, joints))
		return name;
	free(name);
	return NULL;
}

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

/* U+3040..U+309F, in UTF-8 E3 81 80..E3 82 9F: such a name is a sentence. */
static bool
has_hiragana(const char *text)
{
	const unsigned char *at;

	for (at = (const unsigned char *)text; *at != '\0'; at++)
		if (at[0] == 0xe3 &&
		    (at[1] == 0x81 || (at[1] == 0x82 && at[2] <= 0x9f)))
			return true;
	return false;
}

/* True for what may stand in the server's field, right or wrong: letters of
 * any script, since a look-alike is to be told. */
static bool
is_host(const char *name)
{
	static const char alnum[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

	return strpbrk(name, ".:") != NULL && strpbrk(name, alnum) != NULL &&
	    strpbrk(name, "@/\\,;\"'<>()?!=*") == NULL && !has_hiragana(name);
}

enum sendas_answer
sendas_answers_host(const char *line, char **host)
{
	char *text = tidy(line), *name;
	enum sendas_answer answer;

	if (text == NULL)
		return SENDAS_ANSWER_UNCLEAR;
	answer = general_answer(text);
	if (answer == SENDAS_ANSWER_UNCLEAR && says(text, none_words))
		answer = SENDAS_ANSWER_NONE;
	if (answer == SENDAS_ANSWER_UNCLEAR) {
		name = bare_name(text, host_labels, ".");
		if (name != NULL && is_host(name)) {
			*host = name;
			answer = SENDAS_ANSWER_GIVEN;
		} else {
			free(name);
		}
	}
	free(text);
	return answer;
}

/* A user name may be anything that can be typed into Gmail's window. */
static bool
is_user_name(const char *name)
{
	return *name != '\0' && is_ascii(name) &&
	    strpbrk(name, "<>\"?,;()") == NULL;
}

enum sendas_answer
sendas_answers_user_name(const char *line, char **user_name)
{
	bool is_same = false;
	enum sendas_answer answer = sendas_answers_right(line, &is_same);
	char *text, *name;

	if (answer == SENDAS_ANSWER_GIVEN)
		return is_same ? SENDAS_ANSWER_SAME : SENDAS_ANSWER_UNCLEAR;
	text = tidy(line);
	if (text == NULL || answer != SENDAS_ANSWER_UNCLEAR) {
		free(text);
		return answer;
	}
	name = bare_name(text, user_labels, "@.");
	if (says(text, none_words)) {
		answer = SENDAS_ANSWER_NONE;
	} else if (name != NULL && is_user_name(name)) {
		*user_name = name;
		name = NULL;
		answer = SENDAS_ANSWER_GIVEN;
	}
	free(name);
	free(text);
	return answer;
}

/* Something, one @, and something with a dot inside, as people have them. */
static bool
is_address(const char *address)
{
	const char *at = strchr(address, '@'), *dot;

	if (at == NULL || at == address || !is_ascii(address) ||
	    strpbrk(address, "<>\"?,;:()[]\\/!=") != NULL)
		return false;
	dot = strchr(at + 1, '.');
	return dot != NULL && dot != at + 1 && dot[1] != '\0' &&
	    strchr(at + 1, '@') == NULL;
}

/* "Taro <taro@ocn.ne.jp>": what stands between the brackets, in place. */
static void
cut_to_brackets(char *text)
{
	char *open = strchr(text, '<');
	char *close = open == NULL ? NULL : strchr(open, '>');

	if (close == NULL)
		return;
	*close = '\0';
	memmove(text, open + 1, strlen(open + 1) + 1);
}

enum sendas_answer
sendas_answers_address(const char *line, char **address)
{
	char *text = tidy(line), *name;
	enum sendas_answer answer;

	if (text == NULL)
		return SENDAS_ANSWER_UNCLEAR;
	answer = general_answer(text);
	if (answer == SENDAS_ANSWER_UNCLEAR && says(text, none_words))
		answer = SENDAS_ANSWER_NONE;
	if (answer == SENDAS_ANSWER_UNCLEAR) {
		cut_to_brackets(text);
		name = bare_name(text, address_labels, "@.");
		if (name != NULL && is_address(name)) {
			*address = name;
			answer = SENDAS_ANSWER_GIVEN;
		} else {
			free(name);
		}
	}
	free(text);
	return answer;
}
