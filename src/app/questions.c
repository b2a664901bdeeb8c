/* SPDX-License-Identifier: Apache-2.0 */
/*
 * questions.c: the questions, a row each. What a line means is answers.c's;
 * whether a setting is right is the rules'. No input or output.
 */
#include "sendas/questions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/names.h"
#include "sendas/text.h"

#define DOMAINS_BYTES 1024

#define ADDRESS SENDAS_QUESTION_ADDRESS
#define GMAIL SENDAS_QUESTION_GMAIL
#define ALIAS SENDAS_QUESTION_ALIAS
#define HOST SENDAS_QUESTION_HOST
#define PORT SENDAS_QUESTION_PORT
#define SECURITY SENDAS_QUESTION_SECURITY
#define USER SENDAS_QUESTION_USER

struct row {
	const char *label;
	/* What is asked, as text, or made of what is known. */
	const char *text;
	char *(*format)(const struct sendas_questions *);
	/* To an answer that was not taken, likewise. */
	const char *again;
	char *(*explain)(const struct sendas_questions *, const char *line);
	const char *hint; /* to "I cannot tell" */
	bool has_unseen; /* it may be left open */
	enum sendas_answer (*take)(struct sendas_questions *, const char *line);
};

/* Puts a text in the place of another; takes it. */
static void
replace(char **at, char *takes)
{
	free(*at);
	*at = takes;
}

/* "ocn.ne.jp, dream.com"; the caller frees it. */
static char *
list_domains(const struct sendas_policy *policy)
{
	struct sendas_buf list;

	sendas_buf_init(&list, DOMAINS_BYTES);
	for (size_t i = 0; i < policy->domain_count; i++)
		sendas_buf_printf(
		    &list, "%s%s", i > 0 ? ", " : "", policy->domains[i].name);
	return sendas_buf_take(&list);
}

static char *
format_address(const struct sendas_questions *q)
{
	return sendas_xasprintf(
	    _("\nWhich %1$s address is it? Type it in full, for example "
	      "name@%2$s"),
	    q->policy->label, q->policy->domains[0].name);
}

static char *
explain_address(const struct sendas_questions *q, const char *line)
{
	char *address = NULL, *domains, *text;

	if (sendas_answers_address(line, &address) != SENDAS_ANSWER_GIVEN)
		return sendas_xasprintf(
		    _("Please type the whole address, with the @ and what "
		      "follows it: name@%1$s"),
		    q->policy->domains[0].name);
	domains = list_domains(q->policy);
	text = sendas_xasprintf(
	    _("%1$s does not belong to %2$s.\n"
	      "Only %2$s addresses can be checked here (%3$s).\n"
	      "If it was a typing error, type it again. To stop, type q."),
	    address, q->policy->label, domains);
	free(domains);
	free(address);
	return text;
}

static enum sendas_answer
take_address(struct sendas_questions *q, const char *line)
{
	char *address = NULL;
	enum sendas_answer answer = sendas_answers_address(line, &address);

	if (answer != SENDAS_ANSWER_GIVEN)
		return answer;
	if (!sendas_names_is_own_address(q->policy, address)) {
		free(address);
		return SENDAS_ANSWER_UNCLEAR;
	}
	replace(&q->address, address);
	return SENDAS_ANSWER_GIVEN;
}

static char *
explain_gmail(const struct sendas_questions *q, const char *line)
{
	char *address = NULL;
	enum sendas_answer answer = sendas_answers_address(line, &address);

	free(address);
	if (answer == SENDAS_ANSWER_GIVEN)
		return sendas_xasprintf(
		    _("That address belongs to %1$s. A Gmail address looks "
		      "like name@gmail.com.\nOr just press Enter."),
		    q->policy->label);
	return sendas_xstrdup(
	    _("Please type the whole address, such as name@gmail.com, or just "
	      "press Enter."));
}

/* Whoever does not name it leaves it out. */
static enum sendas_answer
take_gmail(struct sendas_questions *q, const char *line)
{
	char *address = NULL;
	enum sendas_answer answer = sendas_answers_address(line, &address);

	if (answer == SENDAS_ANSWER_EMPTY || answer == SENDAS_ANSWER_NONE ||
	    answer == SENDAS_ANSWER_UNKNOWN) {
		replace(&q->gmail, NULL);
		return SENDAS_ANSWER_GIVEN;
	}
	if (answer != SENDAS_ANSWER_GIVEN)
		return answer;
	if (sendas_names_is_own_address(q->policy, address)) {
		free(address);
		return SENDAS_ANSWER_UNCLEAR;
	}
	sendas_text_lower(address);
	replace(&q->gmail, address);
	return SENDAS_ANSWER_GIVEN;
}

static enum sendas_answer
take_alias(struct sendas_questions *q, const char *line)
{
	return sendas_answers_tick(line, &q->is_ticked);
}

static enum sendas_answer
take_host(struct sendas_questions *q, const char *line)
{
	char *host = NULL;
	enum sendas_answer answer = sendas_answers_host(line, &host);

	if (answer != SENDAS_ANSWER_GIVEN && answer != SENDAS_ANSWER_NONE)
		return answer;
	replace(&q->host, host);
	return SENDAS_ANSWER_GIVEN;
}

static enum sendas_answer
take_port(struct sendas_questions *q, const char *line)
{
	enum sendas_answer answer = sendas_answers_port(line, &q->port);

	if (answer != SENDAS_ANSWER_NONE)
		return answer;
	q->port = -1;
	return SENDAS_ANSWER_GIVEN;
}

static enum sendas_answer
take_security(struct sendas_questions *q, const char *line)
{
	return sendas_answers_security(line, &q->mode);
}

static char *
format_user(const struct sendas_questions *q)
{
	return sendas_xasprintf(
	    _("\nQuestion 5 of 5   The same page, the field \"Username\"\n"
	      "Is exactly this written there, with the @ and all that "
	      "follows?\n"
	      "     %1$s\n"
	      "If so, type: yes   If not, type what is written there."),
	    q->address);
}

static enum sendas_answer
take_user(struct sendas_questions *q, const char *line)
{
	char *user_name = NULL;
	enum sendas_answer answer = sendas_answers_user_name(line, &user_name);

	if (answer == SENDAS_ANSWER_NONE)
		user_name = sendas_xstrdup("");
	else if (answer != SENDAS_ANSWER_GIVEN && answer != SENDAS_ANSWER_SAME)
		return answer;
	replace(&q->user_name, user_name);
	return SENDAS_ANSWER_GIVEN;
}

/* clang-format off */
static const struct row rows[] = {
    [ADDRESS] = {
	.label = N_("Address"),
	.format = format_address,
	.explain = explain_address,
	.hint = N_("It is the address that you send from in Gmail, and that "
		   "stands there under\n\"Send mail as\". Type it in full. To "
		   "stop, type q."),
	.take = take_address},
    [GMAIL] = {
	.label = N_("Gmail"),
	.text = N_("\nAnd your Gmail address? It only makes a link that opens "
		   "the right page.\nTo leave it out, just press Enter."),
	.explain = explain_gmail,
	.hint = "", /* never asked for: it is left out then */
	.take = take_gmail},
    [ALIAS] = {
	.label = N_("Treat as an alias"),
	.text = N_("\nQuestion 1 of 5   The first page of the small window\n"
		   "Below the name and the address there is a small box, "
		   "\"Treat as an alias\".\n"
		   "Is there a tick in it?\n"
		   "  1  Yes, it is ticked\n"
		   "  2  No, it is empty"),
	.again = N_("Please type 1 if it is ticked, 2 if it is empty.   "
		    "(? = I cannot tell)"),
	.hint = N_("The small window opens with \"edit info\" beside the "
		   "address. On its first page,\nnear the bottom, there is a "
		   "small square before the words \"Treat as an alias\".\nA "
		   "mark in the square means that it is ticked.\nIf you still "
		   "cannot tell, type ? once more, and we go on."),
	.has_unseen = true,
	.take = take_alias},
    [HOST] = {
	.label = N_("SMTP server"),
	.text = N_("\nQuestion 2 of 5   Now click \"Next Step\": the second "
		   "page opens\n"
		   "What is written in the field \"SMTP Server\"? Type it just "
		   "as it is there.\n"
		   "If the field is empty, or there is no such field, type: "
		   "none"),
	.again = N_("Please type only what is in that field: words with dots "
		    "between them, like\nsmtp.example.jp   If it is empty: "
		    "none   (? = I cannot tell)"),
	.hint = N_("At the bottom of the first page there is a button \"Next "
		   "Step\". It opens the\nsecond page; that changes nothing. "
		   "The first field there is \"SMTP Server\".\nIf you still "
		   "cannot tell, type ? once more, and we go on."),
	.has_unseen = true,
	.take = take_host},
    [PORT] = {
	.label = N_("Port"),
	.text = N_("\nQuestion 3 of 5   The same page, beside the server\n"
		   "Which number is chosen at \"Port\"?"),
	.again = N_("Please type the number alone, for example 465 or 587.   "
		    "(? = I cannot tell)"),
	.hint = N_("At the right of the field \"SMTP Server\" there is a small "
		   "field \"Port\" with a\nnumber in it: 25, 465 or 587.\nIf "
		   "you still cannot tell, type ? once more, and we go on."),
	.has_unseen = true,
	.take = take_port},
    [SECURITY] = {
	.label = N_("Connection"),
	.text = N_("\nQuestion 4 of 5   The same page, further down\n"
		   "One of three kinds of connection is chosen. Which one? "
		   "(The order may differ.)\n"
		   "  1  Secured connection using SSL\n"
		   "  2  Secured connection using TLS\n"
		   "  3  A connection that is not secured"),
	.again = N_("Please type 1 for SSL, 2 for TLS, 3 for not secured.   "
		    "(? = I cannot tell)"),
	.hint = N_("Below the password there are lines with a small circle "
		   "before each. The one\nwith a dot in its circle is "
		   "chosen.\nIf you still cannot tell, type ? once more, and "
		   "we go on."),
	.has_unseen = true,
	.take = take_security},
    [USER] = {
	.label = N_("User name"),
	.format = format_user,
	.again = N_("If it is just as above, type: yes   If not, type what is "
		    "written there.\nIf it is empty: none   (? = I cannot "
		    "tell)"),
	.hint = N_("It is the field between \"SMTP Server\" and the "
		   "password.\nIf you still cannot tell, type ? once more, "
		   "and we go on."),
	.has_unseen = true,
	.take = take_user},
};
/* clang-format on */

_Static_assert(sizeof(rows) / sizeof(rows[0]) == SENDAS_QUESTION_COUNT,
    "one row a question");

void
sendas_questions_init(
    struct sendas_questions *questions, const struct sendas_policy *policy)
{
	memset(questions, 0, sizeof(*questions));
	questions->policy = policy;
	questions->port = -1;
}

void
sendas_questions_clear(struct sendas_questions *questions)
{
	free(questions->address);
	free(questions->gmail);
	free(questions->host);
	free(questions->user_name);
	sendas_questions_init(questions, questions->policy);
}

bool
sendas_questions_is_relevant(
    const struct sendas_questions *questions, enum sendas_question question)
{
	return question <= HOST || questions->host != NULL ||
	    questions->is_unseen[HOST];
}

char *
sendas_questions_format(
    const struct sendas_questions *questions, enum sendas_question question)
{
	const struct row *row = &rows[question];

	return row->format != NULL ? row->format(questions)
				   : sendas_xstrdup(_(row->text));
}

const char *
sendas_questions_hint(enum sendas_question question)
{
	const char *hint = rows[question].hint;

	/* gettext("") is the catalogue's header. */
	return *hint != '\0' ? _(hint) : hint;
}

char *
sendas_questions_explain(const struct sendas_questions *questions,
    enum sendas_question question, const char *line)
{
	const struct row *row = &rows[question];

	return row->explain != NULL ? row->explain(questions, line)
				    : sendas_xstrdup(_(row->again));
}

enum sendas_answer
sendas_questions_take(struct sendas_questions *questions,
    enum sendas_question question, const char *line)
{
	enum sendas_answer answer = rows[question].take(questions, line);

	if (answer == SENDAS_ANSWER_GIVEN) {
		questions->is_answered[question] = true;
		questions->is_unseen[question] = false;
	}
	return answer;
}

bool
sendas_questions_leave(
    struct sendas_questions *questions, enum sendas_question question)
{
	if (!rows[question].has_unseen)
		return false;
	questions->is_answered[question] = true;
	questions->is_unseen[question] = true;
	if (question == HOST)
		replace(&questions->host, NULL);
	return true;
}

const char *
sendas_questions_label(enum sendas_question question)
{
	return _(rows[question].label);
}

static const char *
user_name_of(const struct sendas_questions *q)
{
	return q->user_name != NULL ? q->user_name : q->address;
}

static const char *
mode_name(const char *mode)
{
	return strcmp(mode, "none") == 0 ? _("not secured")
					 : sendas_security_label(mode);
}

/* A name, or that there is none. */
static const char *
or_none(const char *name)
{
	return name != NULL && *name != '\0' ? name : _("none");
}

char *
sendas_questions_repeat(
    const struct sendas_questions *questions, enum sendas_question question)
{
	const char *answer = NULL;
	char port[32];

	switch (question) {
	case ADDRESS:
		answer = questions->address;
		break;
	case GMAIL:
		answer = or_none(questions->gmail);
		break;
	case ALIAS:
		answer = questions->is_ticked ? _("ticked") : _("not ticked");
		break;
	case HOST:
		answer = or_none(questions->host);
		break;
	case PORT:
		snprintf(port, sizeof(port), "%ld", questions->port);
		answer = questions->port < 0 ? _("none") : port;
		break;
	case SECURITY:
		answer =
		    questions->mode == NULL ? "" : mode_name(questions->mode);
		break;
	case USER:
		answer = or_none(user_name_of(questions));
		break;
	case SENDAS_QUESTION_COUNT:
		break;
	}
	return sendas_text_safe(
	    questions->is_unseen[question] ? _("not known") : answer, false);
}

static void
fill_relay(const struct sendas_questions *q, struct sendas_address *address)
{
	struct sendas_relay *relay = &address->relay;

	address->has_relay = true;
	relay->host = sendas_xstrdup(q->host);
	if (q->is_unseen[HOST])
		address->unseen |= SENDAS_UNSEEN_HOST;
	if (q->is_unseen[PORT])
		address->unseen |= SENDAS_UNSEEN_PORT;
	else
		relay->port = q->port;
	if (q->is_unseen[SECURITY])
		address->unseen |= SENDAS_UNSEEN_SECURITY;
	else
		relay->security = sendas_xstrdup(q->mode);
	if (!q->is_unseen[USER])
		relay->user_name = sendas_xstrdup(user_name_of(q));
}

struct sendas_mailbox *
sendas_questions_make_mailbox(const struct sendas_questions *questions)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new(questions->gmail, SENDAS_SOURCE_ANSWERS);
	struct sendas_address *address = sendas_mailbox_add_address(mailbox);

	address->address = sendas_xstrdup(questions->address);
	address->unseen = SENDAS_UNSEEN_NAME;
	if (questions->is_unseen[ALIAS])
		address->unseen |= SENDAS_UNSEEN_ALIAS;
	else
		address->treat_as_alias = questions->is_ticked;
	if (sendas_questions_is_relevant(questions, PORT))
		fill_relay(questions, address);
	return mailbox;
}
