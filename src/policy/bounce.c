/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bounce.c: which bounce a pasted text is, by a table of signs. What each one
 * means is bounce_meaning.c's. Japanese words count only beside a code or
 * another word: a browser's translation of one reply reads like that of
 * another.
 */
#include "sendas/bounce.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/paste.h"

/* The terms of a sign stand no further apart, in bytes of plain text: more
 * is another reply, or another part of the mail. */
#define NEAR_BYTES 400

/* In so short a text a number alone is a reply's code. */
#define SHORT_BYTES 60

#define TERMS 3

/* How much a sign tells. */
enum tier {
	TIER_SPECIFIC = 1, /* nothing else means this */
	TIER_CODE, /* a code with its class, or common words */
	TIER_NUMBER, /* a code alone */
	TIER_AROUND, /* Gmail's words around the reply */
};

/*
 * All terms have to be there, near the first one. A term is plain text
 * (paste.h) whose letters and digits end where a word or number ends; in it
 * '#' is a number of one to three digits, a space is any white space, and '^'
 * at its beginning wants a place where a reply begins.
 */
struct sign {
	enum sendas_bounce bounce;
	enum tier tier;
	const char *terms[TERMS];
};

#define RELAY_DENIED SENDAS_BOUNCE_RELAY_DENIED
#define SENDER_REFUSED SENDAS_BOUNCE_SENDER_REFUSED
#define GOOGLE_LOGIN SENDAS_BOUNCE_GOOGLE_LOGIN
#define LOGIN_FAILED SENDAS_BOUNCE_LOGIN_FAILED
#define LOGIN_WANTED SENDAS_BOUNCE_LOGIN_WANTED
#define UNAUTHENTICATED SENDAS_BOUNCE_UNAUTHENTICATED
#define COMMAND_REJECTED SENDAS_BOUNCE_COMMAND_REJECTED
#define CERTIFICATE SENDAS_BOUNCE_CERTIFICATE
#define TLS_FAILED SENDAS_BOUNCE_TLS_FAILED
#define NO_CONNECTION SENDAS_BOUNCE_NO_CONNECTION
#define WRONG_DOMAIN SENDAS_BOUNCE_WRONG_DOMAIN
#define WRONG_RECIPIENT SENDAS_BOUNCE_WRONG_RECIPIENT
#define MAILBOX_FULL SENDAS_BOUNCE_MAILBOX_FULL
#define TOO_LARGE SENDAS_BOUNCE_TOO_LARGE
#define SENDING_LIMIT SENDAS_BOUNCE_SENDING_LIMIT
#define TAKEN_FOR_SPAM SENDAS_BOUNCE_TAKEN_FOR_SPAM
#define TEMPORARY SENDAS_BOUNCE_TEMPORARY
#define REFUSED SENDAS_BOUNCE_REFUSED
#define SEND_AS SENDAS_BOUNCE_SEND_AS
#define SPECIFIC TIER_SPECIFIC
#define CODE TIER_CODE
#define NUMBER TIER_NUMBER
#define AROUND TIER_AROUND

/* Of two signs that tell as much at the same place, the first row wins. */
/* clang-format off */
static const struct sign signs[] = {
    /* Postfix, sendmail, Exim, qmail and Exchange, each in its words. */
    {RELAY_DENIED, SPECIFIC, {"e041"}},
    {RELAY_DENIED, SPECIFIC, {"relay access denied"}},
    {RELAY_DENIED, SPECIFIC, {"relaying denied"}},
    {RELAY_DENIED, SPECIFIC, {"relay not permitted"}},
    {RELAY_DENIED, SPECIFIC, {"relaying not allowed"}},
    {RELAY_DENIED, SPECIFIC, {"unable to relay"}},
    {RELAY_DENIED, SPECIFIC, {"allowed rcpthosts"}},
    {RELAY_DENIED, SPECIFIC, {"5.7.1", "リレー", "拒否"}},
    {RELAY_DENIED, SPECIFIC, {"553", "リレー", "拒否"}},
    {RELAY_DENIED, SPECIFIC, {"5.7.1", "中継", "拒否"}},
    {RELAY_DENIED, SPECIFIC, {"553", "中継", "拒否"}},
    {RELAY_DENIED, CODE, {"553", "5.7.1"}},

    {SENDER_REFUSED, SPECIFIC, {"sender address rejected", "not owned"}},
    {SENDER_REFUSED, SPECIFIC, {"sender address rejected", "not logged in"}},
    {SENDER_REFUSED, SPECIFIC, {"5.7.60"}},
    {SENDER_REFUSED, SPECIFIC, {"permissions to send as"}},
    {SENDER_REFUSED, SPECIFIC, {"553", "送信者アドレス", "拒否"}},

    /* https://support.google.com/a/answer/3726730; "gsmtp" stands in every
     * reply of Google's own servers. */
    {GOOGLE_LOGIN, SPECIFIC, {"534", "5.7.14"}},
    {GOOGLE_LOGIN, SPECIFIC, {"5.7.14", "gsmtp"}},
    {GOOGLE_LOGIN, SPECIFIC, {"5.7.14", "web browser"}},
    {GOOGLE_LOGIN, SPECIFIC, {"534", "5.7.9", "gsmtp"}},
    {GOOGLE_LOGIN, SPECIFIC, {"535", "gsmtp"}},
    {GOOGLE_LOGIN, SPECIFIC, {"too many login attempts", "gsmtp"}},
    {GOOGLE_LOGIN, SPECIFIC, {"application-specific password"}},
    {GOOGLE_LOGIN, SPECIFIC, {"badcredentials"}},
    {GOOGLE_LOGIN, SPECIFIC, {"webloginrequired"}},
    {GOOGLE_LOGIN, NUMBER, {"^534"}},
    {GOOGLE_LOGIN, NUMBER, {"5.7.14"}},

    /* RFC 4954 section 6 */
    {LOGIN_FAILED, SPECIFIC, {"5.7.8"}},
    {LOGIN_FAILED, SPECIFIC, {"535", "5.7.#"}},
    {LOGIN_FAILED, SPECIFIC, {"535", "authentication"}},
    {LOGIN_FAILED, SPECIFIC, {"535", "認証"}},
    {LOGIN_FAILED, SPECIFIC, {"username and password not accepted"}},
    {LOGIN_FAILED, SPECIFIC, {"authentication credentials invalid"}},
    {LOGIN_FAILED, CODE, {"authentication failed"}},
    {LOGIN_FAILED, NUMBER, {"^535"}},

    {LOGIN_WANTED, SPECIFIC, {"530", "5.7.0"}},
    {LOGIN_WANTED, SPECIFIC, {"530", "5.5.1"}},
    {LOGIN_WANTED, SPECIFIC, {"530", "authentication required"}},
    {LOGIN_WANTED, SPECIFIC, {"authentication required", "5.7.#"}},
    {LOGIN_WANTED, SPECIFIC, {"530", "認証"}},
    {LOGIN_WANTED, SPECIFIC, {"must issue a starttls"}},
    {LOGIN_WANTED, SPECIFIC, {"does not advertise auth"}},
    {LOGIN_WANTED, SPECIFIC, {"client host rejected: access denied"}},
    {LOGIN_WANTED, SPECIFIC, {"5.7.1", "クライアントホスト", "アクセスが拒否"}},
    {LOGIN_WANTED, NUMBER, {"^530"}},

    /* RFC 7372; Google has two more. */
    {UNAUTHENTICATED, SPECIFIC, {"5.7.20"}},
    {UNAUTHENTICATED, SPECIFIC, {"5.7.21"}},
    {UNAUTHENTICATED, SPECIFIC, {"5.7.22"}},
    {UNAUTHENTICATED, SPECIFIC, {"5.7.23"}},
    {UNAUTHENTICATED, SPECIFIC, {"5.7.24"}},
    {UNAUTHENTICATED, SPECIFIC, {"5.7.26"}},
    {UNAUTHENTICATED, SPECIFIC, {"4.7.26"}},
    {UNAUTHENTICATED, SPECIFIC, {"5.7.27", "spf"}},
    {UNAUTHENTICATED, SPECIFIC, {"5.7.30", "dkim"}},
    {UNAUTHENTICATED, SPECIFIC, {"unauthenticated", "spf"}},
    {UNAUTHENTICATED, SPECIFIC, {"unauthenticated", "dmarc"}},
    {UNAUTHENTICATED, SPECIFIC, {"550", "spf check"}},
    {UNAUTHENTICATED, SPECIFIC, {"550", "dmarc policy"}},
    {UNAUTHENTICATED, SPECIFIC, {"5.7.1", "dmarc policy"}},

    {COMMAND_REJECTED, SPECIFIC, {"550", "command rejected"}},
    {COMMAND_REJECTED, SPECIFIC, {"5.7.1", "command rejected"}},
    {COMMAND_REJECTED, SPECIFIC, {"550", "コマンド", "拒否"}},
    {COMMAND_REJECTED, SPECIFIC, {"5.7.1", "コマンド", "拒否"}},

    {CERTIFICATE, SPECIFIC, {"certificate doesn't match"}},
    {CERTIFICATE, SPECIFIC, {"certificate does not match"}},
    {CERTIFICATE, SPECIFIC, {"tls negotiation failed", "certificate"}},
    {CERTIFICATE, SPECIFIC, {"certificate verify failed"}},
    {CERTIFICATE, SPECIFIC, {"tls", "証明書"}},
    {CERTIFICATE, SPECIFIC, {"ssl", "証明書"}},

    {TLS_FAILED, CODE, {"tls negotiation failed"}},
    {TLS_FAILED, CODE, {"tls handshake"}},
    {TLS_FAILED, CODE, {"ssl handshake"}},
    {TLS_FAILED, CODE, {"wrong version number"}},
    {TLS_FAILED, CODE, {"tls not available"}},
    {TLS_FAILED, CODE, {"tls", "ネゴシエーション"}},

    {NO_CONNECTION, CODE, {"did not accept our requests to connect"}},
    {NO_CONNECTION, CODE, {"connection refused"}},
    {NO_CONNECTION, CODE, {"connection timed out"}},
    {NO_CONNECTION, CODE, {"could not connect"}},
    {NO_CONNECTION, CODE, {"unable to connect"}},

    /* RFC 3463 section 3.2 */
    {WRONG_DOMAIN, SPECIFIC, {"5.1.2"}},
    {WRONG_DOMAIN, SPECIFIC, {"domain name not found"}},
    {WRONG_DOMAIN, SPECIFIC, {"host unknown"}},
    {WRONG_DOMAIN, SPECIFIC, {"nxdomain"}},
    {WRONG_DOMAIN, SPECIFIC, {"domain", "couldn't be found"}},
    {WRONG_RECIPIENT, SPECIFIC, {"5.1.1"}},
    {WRONG_RECIPIENT, SPECIFIC, {"5.1.10"}},
    {WRONG_RECIPIENT, SPECIFIC, {"5.2.1"}},
    {WRONG_RECIPIENT, SPECIFIC, {"no such user"}},
    {WRONG_RECIPIENT, SPECIFIC, {"nosuchuser"}},
    {WRONG_RECIPIENT, SPECIFIC, {"user unknown"}},
    {WRONG_RECIPIENT, SPECIFIC, {"unknown user"}},
    {WRONG_RECIPIENT, SPECIFIC, {"550", "does not exist"}},
    {WRONG_RECIPIENT, CODE, {"address couldn't be found"}},
    {WRONG_RECIPIENT, CODE, {"address not found"}},
    {WRONG_RECIPIENT, CODE, {"アドレス不明"}},
    {WRONG_RECIPIENT, CODE, {"アドレスが見つか"}},

    /* RFC 3463 sections 3.3 and 3.4, RFC 5321 section 4.2.2 */
    {MAILBOX_FULL, SPECIFIC, {"5.2.2"}},
    {MAILBOX_FULL, SPECIFIC, {"4.2.2"}},
    {MAILBOX_FULL, SPECIFIC, {"mailbox full"}},
    {MAILBOX_FULL, SPECIFIC, {"mailbox is full"}},
    {MAILBOX_FULL, SPECIFIC, {"over quota"}},
    {MAILBOX_FULL, SPECIFIC, {"overquota"}},
    {MAILBOX_FULL, SPECIFIC, {"quota exceeded"}},
    {MAILBOX_FULL, CODE, {"受信トレイ", "いっぱい"}},
    {MAILBOX_FULL, CODE, {"メールボックス", "いっぱい"}},
    {MAILBOX_FULL, NUMBER, {"^552"}},
    {MAILBOX_FULL, NUMBER, {"^452"}},
    {TOO_LARGE, SPECIFIC, {"5.3.4"}},
    {TOO_LARGE, SPECIFIC, {"5.2.3"}},
    {TOO_LARGE, SPECIFIC, {"552", "message size"}},
    {TOO_LARGE, SPECIFIC, {"message size exceeds"}},
    {TOO_LARGE, SPECIFIC, {"message too large"}},

    {SENDING_LIMIT, SPECIFIC, {"5.4.5", "limit"}},
    {SENDING_LIMIT, SPECIFIC, {"5.4.5", "quota"}},
    {SENDING_LIMIT, SPECIFIC, {"reached a limit for sending"}},

    {TAKEN_FOR_SPAM, CODE, {"spamhaus"}},
    {TAKEN_FOR_SPAM, CODE, {"dnsbl"}},
    {TAKEN_FOR_SPAM, CODE, {"rbl"}},
    {TAKEN_FOR_SPAM, CODE, {"550", "blocklist"}},
    {TAKEN_FOR_SPAM, CODE, {"550", "blacklist"}},
    {TAKEN_FOR_SPAM, CODE, {"550", "blacklisted"}},
    {TAKEN_FOR_SPAM, CODE, {"550", "spam"}},
    {TAKEN_FOR_SPAM, CODE, {"554", "spam"}},
    {TAKEN_FOR_SPAM, CODE, {"5.7.1", "spam"}},
    {TAKEN_FOR_SPAM, CODE, {"5.7.1", "unsolicited"}},
    {TAKEN_FOR_SPAM, CODE, {"5.7.1", "迷惑メール"}},

    /* RFC 5321 section 4.2.1: 4yz */
    {TEMPORARY, CODE, {"421", "4.#.#"}},
    {TEMPORARY, CODE, {"450", "4.#.#"}},
    {TEMPORARY, CODE, {"451", "4.#.#"}},
    {TEMPORARY, CODE, {"452", "4.#.#"}},
    {TEMPORARY, CODE, {"454", "4.#.#"}},
    {TEMPORARY, CODE, {"421", "try again"}},
    {TEMPORARY, CODE, {"delivery incomplete"}},
    {TEMPORARY, CODE, {"will retry for"}},
    {TEMPORARY, CODE, {"try again later"}},
    {TEMPORARY, CODE, {"一時的", "再試行"}},
    {TEMPORARY, NUMBER, {"^421"}},
    {TEMPORARY, NUMBER, {"^450"}},
    {TEMPORARY, NUMBER, {"^451"}},
    {TEMPORARY, NUMBER, {"^454"}},
    {TEMPORARY, NUMBER, {"4.7.0"}},

    {REFUSED, NUMBER, {"5.7.1"}},
    {REFUSED, NUMBER, {"5.7.0"}},
    {REFUSED, NUMBER, {"550", "5.7.#"}},
    {REFUSED, NUMBER, {"554", "5.#.#"}},
    {REFUSED, NUMBER, {"^550"}},
    {REFUSED, NUMBER, {"^553"}},
    {REFUSED, NUMBER, {"^554"}},

    {SEND_AS, AROUND, {"misconfigured or out of date"}},
    {SEND_AS, AROUND, {"customfromdenied"}},
    {SEND_AS, AROUND, {"'send mail as' feature"}},
};
/* clang-format on */

static bool
is_digit(char letter)
{
	return letter >= '0' && letter <= '9';
}

/* A letter or digit of a lowered text. */
static bool
is_word(char letter)
{
	return is_digit(letter) || (letter >= 'a' && letter <= 'z');
}

/* The length of the term where it stands at `at`; 0: it does not. */
static size_t
match_term(const char *at, const char *term)
{
	const char *start = at;
	size_t digits;

	for (; *term != '\0'; term++) {
		if (*term == '#') {
			digits = strspn(at, "0123456789");
			if (digits == 0 || digits > 3)
				return 0;
			at += digits;
		} else if (*at == *term || (*term == ' ' && *at == '\n')) {
			at++;
		} else {
			return 0;
		}
	}
	return (size_t)(at - start);
}

/* A plain text; `end` is at its NUL. */
struct plain {
	const char *text, *end;
};

/* True when a word or number goes on across `at`, so that a term must not
 * begin or end there: "15533", "5.7.14", "10.5.7.1", "1,553". */
static bool
is_inside(const struct plain *plain, const char *at)
{
	if (at == plain->text || at == plain->end)
		return false;
	if (is_word(at[-1]) && is_word(*at))
		return true;
	if (is_digit(at[-1]) && (*at == '.' || *at == ','))
		return is_digit(at[1]);
	return (at[-1] == '.' || at[-1] == ',') && is_digit(*at) &&
	    at - plain->text >= 2 && is_digit(at[-2]);
}

/* True where a server's reply begins: a line, or what follows the mark after
 * "response:" or "smtp;". */
static bool
is_reply_start(const struct plain *plain, const char *at)
{
	if (plain->end - plain->text <= SHORT_BYTES)
		return true;
	if (at > plain->text && at[-1] == ' ')
		at--;
	return at == plain->text || strchr("\n:;>(\"'", at[-1]) != NULL;
}

/* The first place of a term between `from` and `to`, or NULL. */
static const char *
find_term(const struct plain *plain, const char *from, const char *to,
    const char *term)
{
	bool wants_start = *term == '^';
	size_t len;

	if (wants_start)
		term++;
	for (; from < to; from++) {
		from = memchr(from, *term, (size_t)(to - from));
		if (from == NULL)
			return NULL;
		len = match_term(from, term);
		if (len > 0 && !is_inside(plain, from) &&
		    !is_inside(plain, from + len) &&
		    (!wants_start || is_reply_start(plain, from)))
			return from;
	}
	return NULL;
}

/* True when the other terms of a sign are near the first one. */
static bool
has_others(
    const struct plain *plain, const char *first, const struct sign *sign)
{
	const char *from = plain->text, *to = plain->end;

	if (first - from > NEAR_BYTES)
		from = first - NEAR_BYTES;
	if (to - first > NEAR_BYTES)
		to = first + NEAR_BYTES;
	for (int i = 1; i < TERMS && sign->terms[i] != NULL; i++)
		if (find_term(plain, from, to, sign->terms[i]) == NULL)
			return false;
	return true;
}

/* Where in the text a sign stands, or NULL. */
static const char *
find_sign(const struct plain *plain, const struct sign *sign)
{
	const char *at = plain->text;

	for (;;) {
		at = find_term(plain, at, plain->end, sign->terms[0]);
		if (at == NULL || has_others(plain, at, sign))
			return at;
		at++;
	}
}

/* The sign that tells most; NULL: there is none. */
static const struct sign *
find_best(const char *text)
{
	struct plain plain = {text, text + strlen(text)};
	const char *at, *best_at = NULL;
	const struct sign *best = NULL;

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (best != NULL && signs[i].tier > best->tier)
			continue;
		at = find_sign(&plain, &signs[i]);
		if (at == NULL)
			continue;
		if (best == NULL || signs[i].tier < best->tier ||
		    at < best_at) {
			best = &signs[i];
			best_at = at;
		}
	}
	return best;
}

/* A text whose lines are joined is only asked for what tells more: joining
 * can also make a code of two numbers. */
enum sendas_bounce
sendas_bounce_find(const char *text, size_t len)
{
	char *plain = sendas_paste_plain(text, len), *joined;
	const struct sign *best = find_best(plain), *joined_best;

	if (best == NULL || best->tier > TIER_SPECIFIC) {
		joined = sendas_paste_join(plain);
		joined_best = find_best(joined);
		if (joined_best != NULL &&
		    (best == NULL || joined_best->tier < best->tier))
			best = joined_best;
		free(joined);
	}
	free(plain);
	return best != NULL ? best->bounce : SENDAS_BOUNCE_UNKNOWN;
}
