/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answers.h: what a person typed or pasted, to what was meant: yes or no, a
 * port, a kind of connection, a name. Pure. Forgiving in form (full-width
 * letters, labels that were copied too, Japanese and English), never in
 * substance: what could mean two things is unclear.
 */
#ifndef SENDAS_ANSWERS_H
#define SENDAS_ANSWERS_H

#include <stdbool.h>

enum sendas_answer {
	SENDAS_ANSWER_UNCLEAR = 0, /* to be asked again */
	SENDAS_ANSWER_GIVEN, /* the output is set; in no other case */
	SENDAS_ANSWER_EMPTY, /* nothing but Enter */
	SENDAS_ANSWER_NONE, /* the field has nothing in it */
	SENDAS_ANSWER_SAME, /* as it was shown */
	SENDAS_ANSWER_UNKNOWN, /* the person cannot tell */
	SENDAS_ANSWER_BACK,
	SENDAS_ANSWER_QUIT,
};

/*
 * Each takes a line as it was typed. EMPTY, UNKNOWN, BACK and QUIT are
 * possible everywhere. A line with control characters in it (arrow keys), of
 * more than 320 bytes, or that is no UTF-8, is unclear.
 */

/* "Is it ticked?": yes and no, on and off, 1 and 2, and how people say it. */
enum sendas_answer sendas_answers_tick(const char *line, bool *is_ticked);

/* "Is this right?" */
enum sendas_answer sendas_answers_right(const char *line, bool *is_right);

/* The same where only Enter and yes go on: NULL, no answer, is no. */
bool sendas_answers_is_yes(const char *line);

/* A number from `min` to `max`, and nothing else that means something:
 * "3", "3番". */
enum sendas_answer sendas_answers_number(
    const char *line, long min, long max, long *number);

/* 1 to 65535; NONE for an empty field. */
enum sendas_answer sendas_answers_port(const char *line, long *port);

/* A securityMode: 1 or "SSL" is ssl, 2 or "TLS" is starttls, 3 or "not
 * secured" is none; whole labels of Gmail's window too. *mode is static. */
enum sendas_answer sendas_answers_security(const char *line, const char **mode);

/* These give text that the caller frees: of half width, in its own case. */

/* The server's name; NONE for an empty field. */
enum sendas_answer sendas_answers_host(const char *line, char **host);

/* NONE for an empty field, SAME for "as the address that was shown". */
enum sendas_answer sendas_answers_user_name(const char *line, char **user_name);

/* One e-mail address, also out of "Taro <taro@ocn.ne.jp>"; NONE for words
 * that say that there is none. */
enum sendas_answer sendas_answers_address(const char *line, char **address);

#endif
