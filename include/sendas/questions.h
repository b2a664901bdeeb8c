/* SPDX-License-Identifier: Apache-2.0 */
/*
 * questions.h: the questions to a person who looks at Gmail's window, one by
 * one: what is asked, what helps, and what is kept of an answer. In which
 * order they come, and what follows an answer, is ask.h's.
 */
#ifndef SENDAS_QUESTIONS_H
#define SENDAS_QUESTIONS_H

#include <stdbool.h>
#include "sendas/answers.h"
#include "sendas/model.h"
#include "sendas/policy.h"

/* In the order in which they are asked. */
enum sendas_question {
	SENDAS_QUESTION_ADDRESS = 0, /* whose window it is */
	SENDAS_QUESTION_GMAIL, /* for the link; may be left out */
	SENDAS_QUESTION_ALIAS, /* the first of the five */
	SENDAS_QUESTION_HOST,
	SENDAS_QUESTION_PORT,
	SENDAS_QUESTION_SECURITY,
	SENDAS_QUESTION_USER,
	SENDAS_QUESTION_COUNT,
};

/* What is known so far. */
struct sendas_questions {
	const struct sendas_policy *policy; /* borrowed */
	bool is_answered[SENDAS_QUESTION_COUNT];
	bool is_unseen[SENDAS_QUESTION_COUNT]; /* "I cannot tell" */
	char *address;
	char *gmail; /* NULL: left out */
	bool is_ticked;
	char *host; /* NULL: the field is empty, or it is unseen */
	long port; /* -1: none */
	const char *mode; /* a securityMode */
	char *user_name; /* NULL: the same as the address */
};

void sendas_questions_init(
    struct sendas_questions *questions, const struct sendas_policy *policy);
void sendas_questions_clear(struct sendas_questions *questions);

/* Those after the server's are none when there is no server. */
bool sendas_questions_is_relevant(
    const struct sendas_questions *questions, enum sendas_question question);

/* What is asked and where to look, as lines; the caller frees it. */
char *sendas_questions_format(
    const struct sendas_questions *questions, enum sendas_question question);

/* What helps whoever cannot tell; static. */
const char *sendas_questions_hint(enum sendas_question question);

/* What is said to an answer that was not taken; the caller frees it. */
char *sendas_questions_explain(const struct sendas_questions *questions,
    enum sendas_question question, const char *line);

/* Keeps an answer: then it is GIVEN. Else nothing is changed, and it is what
 * answers.h says. */
enum sendas_answer sendas_questions_take(struct sendas_questions *questions,
    enum sendas_question question, const char *line);

/* Keeps that the person cannot tell. False when the question must be
 * answered. */
bool sendas_questions_leave(
    struct sendas_questions *questions, enum sendas_question question);

/* For a summary: what was asked, in a word or two, static; and the answer,
 * made harmless, which the caller frees. */
const char *sendas_questions_label(enum sendas_question question);
char *sendas_questions_repeat(
    const struct sendas_questions *questions, enum sendas_question question);

/* A mailbox of all that was answered; the caller frees it. */
struct sendas_mailbox *sendas_questions_make_mailbox(
    const struct sendas_questions *questions);

#endif
