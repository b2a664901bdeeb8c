/* SPDX-License-Identifier: Apache-2.0 */
/*
 * explain_screen.c: a bounce or a rule explained, in columns that line up in
 * Japanese too. Decides nothing; a policy's own words are made harmless here.
 */
#include "sendas/explain_screen.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/explain.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"

#define COLUMNS 78

/* The list of rules: id, severity, what it is about. */
#define ID_COLUMNS 21
#define SEVERITY_COLUMNS 9

/* What stands at the left. */
enum label {
	LABEL_MEANING,
	LABEL_CERTAINTY,
	LABEL_LOOK,
	LABEL_WHY,
	LABEL_SEVERITY,
	LABEL_REPLY,
	LABEL_SOURCE,
	LABEL_REPAIR,
	LABEL_COUNT,
};

static const char *const labels[] = {
    [LABEL_MEANING] = N_("Meaning"),
    [LABEL_CERTAINTY] = N_("Certainty"),
    [LABEL_LOOK] = N_("Look at"),
    [LABEL_WHY] = N_("Why"),
    [LABEL_SEVERITY] = N_("Severity"),
    [LABEL_REPLY] = N_("Reply"),
    [LABEL_SOURCE] = N_("Source"),
    [LABEL_REPAIR] = N_("Repair"),
};

/* Where the text right of the labels begins. */
static size_t
text_column(void)
{
	size_t widest = 0;

	for (size_t i = 0; i < LABEL_COUNT; i++) {
		size_t width = sendas_text_width(_(labels[i]));

		if (width > widest)
			widest = width;
	}
	return widest + 2;
}

/* Writes `lead`, filled up to a column, and lines of text from there on, made
 * harmless and wrapped. */
static void
write_lines(FILE *stream, const char *lead, size_t column, const char *text)
{
	size_t width = sendas_text_width(lead);
	const char *end;

	do {
		char *line, *safe, *wrapped;

		end = strchrnul(text, '\n');
		line = sendas_xstrndup(text, (size_t)(end - text));
		safe = sendas_text_safe(line, false);
		wrapped = sendas_text_wrap(safe, column, COLUMNS);
		fprintf(stream, "%s%*s%s\n", lead,
		    width < column ? (int)(column - width) : 0, "", wrapped);
		free(wrapped);
		free(safe);
		free(line);
		lead = "";
		width = 0;
		text = *end == '\0' ? end : end + 1;
	} while (*end != '\0');
}

/* Text is printf's. */
static void write_row(FILE *stream, enum label label, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void
write_row(FILE *stream, enum label label, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = sendas_xstrdup("");
	va_end(arguments);
	write_lines(stream, _(labels[label]), text_column(), text);
	free(text);
}

static void
write_certainty(FILE *stream, enum sendas_certainty certainty, const char *why)
{
	switch (certainty) {
	case SENDAS_CERTAINTY_HIGH:
		write_row(stream, LABEL_CERTAINTY, _("High. %s"), why);
		break;
	case SENDAS_CERTAINTY_MEDIUM:
		write_row(stream, LABEL_CERTAINTY, _("Medium. %s"), why);
		break;
	case SENDAS_CERTAINTY_LOW:
		write_row(stream, LABEL_CERTAINTY, _("Low. %s"), why);
		break;
	}
}

/* A bounce */

static void
write_steps(FILE *stream, const struct sendas_bounce_meaning *meaning)
{
	size_t column = text_column();
	char *lead;

	for (size_t i = 0; meaning->steps[i] != NULL; i++) {
		const char *label = i == 0 ? _(labels[LABEL_LOOK]) : "";
		size_t width = sendas_text_width(label);

		lead = sendas_xasprintf("%s%*s%zu ", label,
		    width < column ? (int)(column - width) : 0, "", i + 1);
		write_lines(stream, lead, column + 2, meaning->steps[i]);
		free(lead);
	}
}

bool
sendas_explain_screen_bounce(
    FILE *stream, const struct sendas_policy *policy, enum sendas_bounce bounce)
{
	struct sendas_bounce_meaning meaning;
	bool is_about_settings;
	char *help;

	sendas_bounce_explain(policy, bounce, &meaning);
	write_row(stream, LABEL_MEANING, "%s", meaning.meaning);
	if (bounce != SENDAS_BOUNCE_UNKNOWN)
		write_certainty(stream, meaning.certainty, meaning.why);
	write_steps(stream, &meaning);
	if (meaning.is_about_settings)
		write_lines(stream, "", 0,
		    _("If the settings were changed since, look at the time "
		      "of the error: an older one than the change is an old "
		      "notice."));
	if (policy->help_url != NULL) {
		help = sendas_xasprintf(
		    _("If that does not help: %s"), policy->help_url);
		write_lines(stream, "", 0, help);
		free(help);
	}
	is_about_settings = meaning.is_about_settings;
	sendas_bounce_meaning_clear(&meaning);
	return is_about_settings;
}

/* A rule */

static const char *
severity_word(enum sendas_severity severity)
{
	switch (severity) {
	case SENDAS_SEVERITY_ERROR:
		return _("error");
	case SENDAS_SEVERITY_WARNING:
		return _("warning");
	case SENDAS_SEVERITY_ADVICE:
		return _("advice");
	case SENDAS_SEVERITY_INFO:
		return _("info");
	case SENDAS_SEVERITY_NONE:
		break;
	}
	return _("off");
}

static const char *
severity_sentence(enum sendas_severity severity)
{
	switch (severity) {
	case SENDAS_SEVERITY_ERROR:
		return _("it is to be repaired");
	case SENDAS_SEVERITY_WARNING:
		return _("it is worth a look");
	case SENDAS_SEVERITY_ADVICE:
		return _("it can stay as it is");
	case SENDAS_SEVERITY_INFO:
		return _("there is nothing to do");
	case SENDAS_SEVERITY_NONE:
		break;
	}
	return _("this policy does not use the rule");
}

static void
write_evidence(FILE *stream, const struct sendas_policy *policy,
    enum sendas_evidence evidence)
{
	char *why;

	if (evidence == SENDAS_EVIDENCE_REPORTED) {
		why = sendas_xasprintf(
		    _("Reported by users; no explanation by %s or Google was "
		      "found."),
		    policy->label);
		write_certainty(stream, SENDAS_CERTAINTY_MEDIUM, why);
		free(why);
	} else {
		write_certainty(stream, SENDAS_CERTAINTY_HIGH,
		    _("By the source below: the provider, Google, or a "
		      "standard."));
	}
}

static void
write_repair(
    FILE *stream, const struct sendas_policy *policy, enum sendas_rule rule)
{
	bool is_on_request;
	enum sendas_repair repair = sendas_rules_repair(rule, &is_on_request);

	switch (repair) {
	case SENDAS_REPAIR_API:
		write_row(stream, LABEL_REPAIR,
		    _("sendas fix does it, after asking; for a personal "
		      "account it shows the steps by hand."));
		break;
	case SENDAS_REPAIR_PASSWORD:
		write_row(stream, LABEL_REPAIR,
		    is_on_request
			? _("Only if you want to: sendas fix --only %s, with "
			    "the %s mail password; for a personal account by "
			    "hand.")
			: _("sendas fix, or sendas fix --only %s, does it with "
			    "the %s mail password, after asking; for a "
			    "personal account it shows the steps by hand."),
		    sendas_rules_name(rule), policy->label);
		break;
	case SENDAS_REPAIR_MANUAL:
		write_row(stream, LABEL_REPAIR,
		    _("By hand in Gmail's settings; sendas fix shows the "
		      "steps."));
		break;
	case SENDAS_REPAIR_NONE:
		write_row(stream, LABEL_REPAIR,
		    _("Nothing to repair; to change it, use Gmail's "
		      "settings."));
		break;
	}
}

void
sendas_explain_screen_rule(
    FILE *stream, const struct sendas_policy *policy, enum sendas_rule rule)
{
	const struct sendas_policy_rule *weight = &policy->rules[rule];

	fprintf(stream, "%s (%s)\n", sendas_rules_name(rule), policy->name);
	write_row(stream, LABEL_MEANING, "%s", sendas_explain_summary(rule));
	write_row(stream, LABEL_WHY, "%s", sendas_explain_reason(rule));
	write_row(stream, LABEL_SEVERITY, "%s: %s",
	    severity_word(weight->severity),
	    severity_sentence(weight->severity));
	write_evidence(stream, policy, weight->evidence);
	if (weight->reply != NULL)
		write_row(stream, LABEL_REPLY, "%s", weight->reply);
	if (weight->source != NULL)
		write_row(stream, LABEL_SOURCE, "%s", weight->source);
	write_repair(stream, policy, rule);
}

void
sendas_explain_screen_list(FILE *stream, const struct sendas_policy *policy)
{
	printf(
	    _("The rules, as the policy \"%s\" weighs them\n"), policy->name);
	for (int i = 0; i < SENDAS_RULE_COUNT; i++) {
		const char *word = severity_word(policy->rules[i].severity);
		size_t width = sendas_text_width(word);
		char *lead = sendas_xasprintf("%-*s%s%*s", ID_COLUMNS,
		    sendas_rules_name((enum sendas_rule)i), word,
		    width < SEVERITY_COLUMNS ? (int)(SEVERITY_COLUMNS - width)
					     : 1,
		    "");

		write_lines(stream, lead, ID_COLUMNS + SEVERITY_COLUMNS,
		    sendas_explain_summary((enum sendas_rule)i));
		free(lead);
	}
	fprintf(stream, "\n%s\n%s\n", _("One of them: sendas explain RULE"),
	    _("An error that came back: sendas explain -"));
}
