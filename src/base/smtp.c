/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smtp.c: a login by libcurl that stops after AUTH (CURLOPT_CONNECT_ONLY).
 * What it means for anybody is the caller's business.
 */
#include "sendas/smtp.h"

#include <ctype.h>
#include <curl/curl.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/mem.h"

/* Replies of RFC 4954 and RFC 5321. */
#define LOGGED_IN 235
#define BAD_CREDENTIALS 535
#define REFUSALS 400 /* from here on */
#define NOT_UNDERSTOOD 500 /* to 504: the command or the way to log in */
#define NOT_UNDERSTOOD_END 505

/* Of a password of 8 bytes, or of an address and any password. */
#define BASE64_LETTERS 11

/* A login under way. */
struct attempt {
	CURL *easy;
	const struct sendas_smtp_login *login;
	struct sendas_smtp_result *out;
};

/* libcurl's callback for each line of a reply; the last one is kept. */
static size_t
note_reply(char *line, size_t size, size_t count, void *ctx)
{
	struct sendas_smtp_result *out = ctx;
	size_t len = size * count;

	snprintf(out->reply, sizeof(out->reply), "%.*s",
	    (int)strnlen(line, len), line);
	out->reply[strcspn(out->reply, "\r\n")] = '\0';
	return len;
}

/* True for a long word of letters that base64 is made of, unless it could be a
 * word of a language. */
static bool
is_like_base64(const char *word, size_t len)
{
	bool is_mixed = false;

	for (size_t i = 1; i < len; i++)
		is_mixed = is_mixed || !isalpha((unsigned char)word[i]) ||
		    (isupper((unsigned char)word[i]) &&
			islower((unsigned char)word[i - 1]));
	return is_mixed && len >= BASE64_LETTERS;
}

/* A server that is confused sends back what it was sent: "500 unknown command"
 * and then the line, which is the password in base64. */
static void
hide_password(
    const struct sendas_secret *password, struct sendas_smtp_result *out)
{
	static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/=";
	char *reply = out->reply;
	size_t len;

	if (sendas_secret_is_in(password, reply))
		snprintf(reply, sizeof(out->reply), "%ld ***", out->code);
	while (*reply != '\0') {
		len = strspn(reply, base64);
		if (is_like_base64(reply, len))
			memset(reply, '*', len);
		reply += len > 0 ? len : 1;
	}
}

/* libcurl's callback several times a second; not 0 ends the transfer. */
static int
look_for_stop(void *ctx, curl_off_t down_total, curl_off_t down,
    curl_off_t up_total, curl_off_t up)
{
	const struct sendas_smtp_login *login = ctx;

	(void)down_total;
	(void)down;
	(void)up_total;
	(void)up;
	return login->stop != NULL && *login->stop != 0;
}

static void
set_options(const struct attempt *attempt)
{
	const struct sendas_smtp_login *login = attempt->login;
	bool is_implicit = strcmp(login->security, "ssl") == 0;
	CURL *easy = attempt->easy;
	char *url = sendas_xasprintf("%s://%s:%ld",
	    is_implicit ? "smtps" : "smtp", login->host, login->port);

	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(
	    easy, CURLOPT_PROTOCOLS_STR, is_implicit ? "smtps" : "smtp");
	curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	curl_easy_setopt(
	    easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (login->ca_path != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, login->ca_path);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	curl_easy_setopt(easy, CURLOPT_USERNAME, login->user);
	curl_easy_setopt(easy, CURLOPT_PASSWORD, login->password->data);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, login->timeout_ms);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, note_reply);
	curl_easy_setopt(easy, CURLOPT_HEADERDATA, attempt->out);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, attempt->out->detail);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, look_for_stop);
	/* libcurl does not change it. */
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, (void *)login);
	free(url);
}

/* "Too many" is in no standard; providers say it in such words. */
static bool
says_too_many(const char *reply)
{
	static const char *const words[] = {
	    "too many", "locked", "blocked", "attempts"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasestr(reply, words[i]) != NULL)
			return true;
	}
	return false;
}

/* A server did not come to a login: its reply is about where it comes from,
 * whatever it says. */
static enum sendas_smtp_verdict
judge_welcome(const struct sendas_smtp_result *out)
{
	if (out->code < REFUSALS)
		return SENDAS_SMTP_BROKEN;
	return out->code < NOT_UNDERSTOOD ? SENDAS_SMTP_LATER
					  : SENDAS_SMTP_TURNED_AWAY;
}

/* A server answered, and not with a login. */
static enum sendas_smtp_verdict
judge_reply(const struct sendas_smtp_result *out)
{
	if (out->code < NOT_UNDERSTOOD)
		return judge_welcome(out);
	if (out->code < NOT_UNDERSTOOD_END)
		return SENDAS_SMTP_NO_AUTH;
	if (says_too_many(out->reply))
		return SENDAS_SMTP_LOCKED_OUT;
	return out->code == BAD_CREDENTIALS ? SENDAS_SMTP_WRONG_PASSWORD
					    : SENDAS_SMTP_NOT_ALLOWED;
}

static enum sendas_smtp_verdict
judge(CURLcode code, long os_errno, const struct sendas_smtp_result *out)
{
	switch (code) {
	case CURLE_OK:
		/* Without AUTH libcurl has nothing to do, and is content. */
		return out->code == LOGGED_IN ? SENDAS_SMTP_LOGGED_IN
					      : SENDAS_SMTP_NO_AUTH;
	case CURLE_ABORTED_BY_CALLBACK:
		return SENDAS_SMTP_STOPPED;
	case CURLE_PEER_FAILED_VERIFICATION:
		return SENDAS_SMTP_CERTIFICATE;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_USE_SSL_FAILED:
		return SENDAS_SMTP_NOT_THIS_MODE;
	case CURLE_COULDNT_CONNECT:
		return os_errno == ECONNREFUSED ? SENDAS_SMTP_CLOSED
						: SENDAS_SMTP_NO_ROUTE;
	case CURLE_COULDNT_RESOLVE_HOST:
		return SENDAS_SMTP_NO_ROUTE;
	case CURLE_OPERATION_TIMEDOUT:
		return SENDAS_SMTP_SILENT;
	case CURLE_WEIRD_SERVER_REPLY: /* to the connection */
	case CURLE_REMOTE_ACCESS_DENIED: /* to EHLO and HELO */
		return judge_welcome(out);
	case CURLE_LOGIN_DENIED:
		return judge_reply(out);
	default:
		return SENDAS_SMTP_BROKEN;
	}
}

void
sendas_smtp_try_login(
    const struct sendas_smtp_login *login, struct sendas_smtp_result *out)
{
	struct attempt attempt = {
	    .easy = curl_easy_init(), .login = login, .out = out};
	long os_errno = 0;
	CURLcode code;

	if (attempt.easy == NULL) /* no memory */
		abort();
	memset(out, 0, sizeof(*out));
	set_options(&attempt);
	code = curl_easy_perform(attempt.easy);
	curl_easy_getinfo(attempt.easy, CURLINFO_RESPONSE_CODE, &out->code);
	curl_easy_getinfo(attempt.easy, CURLINFO_OS_ERRNO, &os_errno);
	if (code != CURLE_OK && out->detail[0] == '\0')
		snprintf(out->detail, sizeof(out->detail), "%s",
		    curl_easy_strerror(code));
	out->verdict = judge(code, os_errno, out);
	/* One that refuses nothing is left over from before. */
	if (out->code < REFUSALS)
		out->reply[0] = '\0';
	hide_password(login->password, out);
	curl_easy_cleanup(attempt.easy);
}
