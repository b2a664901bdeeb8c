/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ask.c: the conversation of the five questions: which comes next, going
 * back, giving up, and the summary. What is asked stands in questions.c, and
 * what is wrong with a setting is the rules'. It speaks through the ui's
 * callbacks alone.
 */
#include "sendas/ask.h"

#include <stdlib.h>
#include "sendas/answers.h"
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/questions.h"
#include "sendas/text.h"

/* Far more than a summary with the longest names takes. */
#define SUMMARY_BYTES (32u * 1024)

struct talk {
	const struct sendas_ui *ui;
	struct sendas_questions questions;
};

/* What comes after a question. */
enum turn {
	TURN_FORWARD,
	TURN_BACK,
	TURN_QUIT,
};

static void
show(const struct talk *talk, const char *text)
{
	talk->ui->show(talk->ui->ctx, text);
}

static void
show_and_free(const struct talk *talk, char *takes)
{
	show(talk, takes);
	free(takes);
}

/* The first question that is open; SENDAS_QUESTION_COUNT when none is. */
static int
next_question(const struct sendas_questions *questions)
{
	int next;

	for (next = 0; next < SENDAS_QUESTION_COUNT; next++)
		if (sendas_questions_is_relevant(questions, next) &&
		    !questions->is_answered[next])
			break;
	return next;
}

/* Opens the question before this one again; false when it is the first. */
static bool
step_back(struct sendas_questions *questions, int question)
{
	while (--question >= 0) {
		if (sendas_questions_is_relevant(questions, question)) {
			questions->is_answered[question] = false;
			return true;
		}
	}
	return false;
}

/* The first "I cannot tell" brings a hint, the second leaves it at that. */
static bool
hear_unknown(struct talk *talk, int question, int *unknowns)
{
	if (++*unknowns > 1 &&
	    sendas_questions_leave(&talk->questions, question)) {
		show(talk, _("That is all right. We go on without it."));
		return true;
	}
	show(talk, sendas_questions_hint(question));
	return false;
}

/* What one line does. True when the question is done with: *turn says how. */
static bool
hear(struct talk *talk, int question, const char *line, int *unknowns,
    enum turn *turn)
{
	struct sendas_questions *questions = &talk->questions;

	*turn = TURN_FORWARD;
	switch (sendas_questions_take(questions, question, line)) {
	case SENDAS_ANSWER_GIVEN:
		return true;
	case SENDAS_ANSWER_BACK:
		*turn = TURN_BACK;
		return true;
	case SENDAS_ANSWER_QUIT:
		*turn = TURN_QUIT;
		return true;
	case SENDAS_ANSWER_UNKNOWN:
		return hear_unknown(talk, question, unknowns);
	default:
		show_and_free(
		    talk, sendas_questions_explain(questions, question, line));
		return false;
	}
}

/* Asks one question until it is answered, in one way or another. */
static enum sendas_status
ask_question(
    struct talk *talk, int question, enum turn *turn, struct sendas_error *err)
{
	enum sendas_status status;
	bool is_done = false;
	int unknowns = 0;
	char *line;

	show_and_free(
	    talk, sendas_questions_format(&talk->questions, question));
	while (!is_done) {
		line = NULL;
		status = talk->ui->ask(
		    talk->ui->ctx, _("Your answer: "), &line, err);
		if (status != SENDAS_OK)
			return status;
		*turn = TURN_QUIT;
		is_done =
		    line == NULL || hear(talk, question, line, &unknowns, turn);
		free(line);
	}
	return SENDAS_OK;
}

/* The number of a question in the summary: the five are 1 to 5. */
static int
number_of(int question)
{
	return question < SENDAS_QUESTION_ALIAS
	    ? 0
	    : question - SENDAS_QUESTION_ALIAS + 1;
}

static void
add_answer(const struct sendas_questions *questions, int question,
    size_t columns, struct sendas_buf *out)
{
	const char *label = sendas_questions_label(question);
	char *answer = sendas_questions_repeat(questions, question);

	if (question == SENDAS_QUESTION_GMAIL)
		sendas_buf_add_text(out, "   ");
	else
		sendas_buf_printf(out, "  %d", number_of(question));
	sendas_buf_printf(out, "  %s%*s%s\n", label,
	    (int)(columns - sendas_text_width(label)), "", answer);
	free(answer);
}

/* The caller frees it. */
static char *
format_summary(const struct sendas_questions *questions)
{
	struct sendas_buf out;
	size_t columns = 0, width;
	int i;

	for (i = 0; i < SENDAS_QUESTION_COUNT; i++) {
		width = sendas_text_width(sendas_questions_label(i)) + 2;
		if (width > columns)
			columns = width;
	}
	sendas_buf_init(&out, SUMMARY_BYTES);
	sendas_buf_add_text(&out, _("\nYour answers:\n"));
	for (i = 0; i < SENDAS_QUESTION_COUNT; i++)
		if (sendas_questions_is_relevant(questions, i))
			add_answer(questions, i, columns, &out);
	return sendas_buf_take(&out);
}

/* Opens the answer with this number again; 0 is the address, and with it the
 * mailbox. */
static void
reopen(struct sendas_questions *questions, long number)
{
	if (number > 0) {
		questions->is_answered[SENDAS_QUESTION_ALIAS + number - 1] =
		    false;
		return;
	}
	questions->is_answered[SENDAS_QUESTION_ADDRESS] = false;
	questions->is_answered[SENDAS_QUESTION_GMAIL] = false;
}

/* What a line below the summary means; what it opens again is asked next.
 * False: not understood. */
static bool
hear_verdict(
    struct sendas_questions *questions, const char *line, enum turn *turn)
{
	bool has_user =
	    sendas_questions_is_relevant(questions, SENDAS_QUESTION_USER);
	long last = number_of(
		 has_user ? SENDAS_QUESTION_USER : SENDAS_QUESTION_HOST),
	     number;
	bool is_right = false;

	*turn = TURN_FORWARD;
	if (sendas_answers_number(line, 0, last, &number) ==
	    SENDAS_ANSWER_GIVEN) {
		reopen(questions, number);
		return true;
	}
	switch (sendas_answers_right(line, &is_right)) {
	case SENDAS_ANSWER_EMPTY:
		return true;
	case SENDAS_ANSWER_GIVEN:
		return is_right;
	case SENDAS_ANSWER_BACK:
		return step_back(questions, SENDAS_QUESTION_COUNT);
	case SENDAS_ANSWER_QUIT:
		*turn = TURN_QUIT;
		return true;
	default:
		return false;
	}
}

static enum sendas_status
confirm(struct talk *talk, enum turn *turn, struct sendas_error *err)
{
	enum sendas_status status;
	bool is_done = false;
	char *line;

	show_and_free(talk, format_summary(&talk->questions));
	while (!is_done) {
		line = NULL;
		status = talk->ui->ask(talk->ui->ctx,
		    _("Is this right? [Enter = yes / number to change it / q = "
		      "stop] "),
		    &line, err);
		if (status != SENDAS_OK)
			return status;
		*turn = TURN_QUIT;
		is_done =
		    line == NULL || hear_verdict(&talk->questions, line, turn);
		if (!is_done)
			show(talk,
			    _("To change an answer, type the number at its "
			      "left. If all is right, press Enter."));
		free(line);
	}
	return SENDAS_OK;
}

/* Asks all that is open, and goes on until the answers are confirmed or the
 * person gives up. */
static enum sendas_status
converse(struct talk *talk, bool *is_confirmed, struct sendas_error *err)
{
	struct sendas_questions *questions = &talk->questions;
	enum turn turn = TURN_FORWARD;
	enum sendas_status status;
	int question;

	*is_confirmed = false;
	while (turn != TURN_QUIT && !*is_confirmed) {
		question = next_question(questions);
		status = question == SENDAS_QUESTION_COUNT
		    ? confirm(talk, &turn, err)
		    : ask_question(talk, question, &turn, err);
		if (status != SENDAS_OK)
			return status;
		if (turn == TURN_BACK && !step_back(questions, question))
			show(talk, _("This is the first question."));
		*is_confirmed = turn == TURN_FORWARD &&
		    question == SENDAS_QUESTION_COUNT &&
		    next_question(questions) == SENDAS_QUESTION_COUNT;
	}
	return SENDAS_OK;
}

/* The conversation and its end; clears the talk. */
static enum sendas_status
finish(struct talk *talk, struct sendas_mailbox **out, struct sendas_error *err)
{
	bool is_confirmed;
	enum sendas_status status = converse(talk, &is_confirmed, err);

	if (status == SENDAS_OK) {
		show(talk,
		    is_confirmed
			? _("Thank you. Close the small window now, without "
			    "saving.")
			: _("Stopped. Nothing was changed. Close the small "
			    "window without saving."));
		*out = is_confirmed
		    ? sendas_questions_make_mailbox(&talk->questions)
		    : NULL;
	}
	sendas_questions_clear(&talk->questions);
	return status;
}

enum sendas_status
sendas_ask_mailbox(const struct sendas_ui *ui,
    const struct sendas_policy *policy, struct sendas_mailbox **out,
    struct sendas_error *err)
{
	struct talk talk = {.ui = ui};

	sendas_questions_init(&talk.questions, policy);
	show_and_free(&talk,
	    sendas_xasprintf(
		_("Let us look at the settings together. Looking changes "
		  "nothing.\n"
		  "Please use a computer's browser; the phone app does not "
		  "show these settings.\n"
		  "\n"
		  " 1. Open Gmail, click the gear at the top right, then \"See "
		  "all settings\"\n"
		  " 2. Open \"Accounts and Import\" (at work or school: "
		  "\"Accounts\")\n"
		  " 3. Under \"Send mail as\", beside your %1$s address, click "
		  "\"edit info\"\n"
		  "    A small window opens. Leave it open while you answer, "
		  "and in the end\n"
		  "    close it without saving.\n"
		  "\n"
		  "At any question:  ? = I cannot tell   b = one back   q = "
		  "stop"),
		policy->label));
	return finish(&talk, out, err);
}

enum sendas_status
sendas_ask_again(const struct sendas_ui *ui, const struct sendas_policy *policy,
    const struct sendas_mailbox *before, struct sendas_mailbox **out,
    struct sendas_error *err)
{
	struct talk talk = {.ui = ui};
	struct sendas_questions *questions = &talk.questions;

	sendas_questions_init(questions, policy);
	questions->address = sendas_xstrdup(before->addresses[0].address);
	questions->gmail = sendas_xstrdup(before->mailbox);
	questions->is_answered[SENDAS_QUESTION_ADDRESS] = true;
	questions->is_answered[SENDAS_QUESTION_GMAIL] = true;
	show_and_free(&talk,
	    sendas_xasprintf(
		_("Please open the small window once more: \"edit info\" "
		  "beside\n"
		  "%1$s\n"
		  "\n"
		  "At any question:  ? = I cannot tell   b = one back   q = "
		  "stop"),
		questions->address));
	return finish(&talk, out, err);
}
