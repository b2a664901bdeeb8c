/* SPDX-License-Identifier: Apache-2.0 */
/*
 * as_text.c: results as text for people. What came from outside goes through
 * sendas_text_safe() here, once, on its way out. Nothing is decided here.
 */
#include "sendas/as_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"

#define COLUMNS 78
#define INDENT 5
/* Google and providers need this long until a change works. */
#define EFFECT_SEC (60 * 60)

#define RED "\033[1;31m"
#define YELLOW "\033[1;33m"
#define GREEN "\033[1;32m"
#define PLAIN "\033[0m"

struct sendas_as_text {
	struct sendas_sink sink;
	struct sendas_as_text_options options;
	struct sendas_run_info run;
};

void
sendas_as_text_write_item(
    FILE *stream, const char *lead, size_t indent, const char *format, ...)
{
	char *raw = NULL, *safe, *wrapped;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&raw, format, arguments) < 0)
		raw = sendas_xstrdup("");
	va_end(arguments);
	safe = sendas_text_safe(raw, false);
	wrapped = sendas_text_wrap(safe, indent, COLUMNS);
	fprintf(stream, "%s%s\n", lead, wrapped);
	free(raw);
	free(safe);
	free(wrapped);
}

/* Whose settings these are, and how that is known if not from Gmail. */
static void
write_name(FILE *stream, const struct sendas_mailbox *mailbox)
{
	const char *name = mailbox->mailbox;
	char *safe;

	if (mailbox->source == SENDAS_SOURCE_ANSWERS) {
		safe = sendas_text_safe(name != NULL ? name : "", false);
		fprintf(stream, "%s%s%s\n", safe, name != NULL ? "  " : "",
		    _("(by your answers)"));
	} else {
		safe = sendas_text_safe(
		    name != NULL ? name : _("(mailbox unknown)"), false);
		fprintf(stream, "%s\n", safe);
	}
	free(safe);
}

/* The mark before an address: its worst finding's. */
struct mark {
	const char *text;
	const char *color;
};

static struct mark
mark_of(enum sendas_severity severity)
{
	if (severity == SENDAS_SEVERITY_ERROR)
		return (struct mark){_("FIX"), RED};
	if (severity == SENDAS_SEVERITY_WARNING)
		return (struct mark){_("CHECK"), YELLOW};
	return (struct mark){_("OK"), GREEN};
}

static void
write_mark(
    const struct sendas_as_text *text, struct mark mark, const char *address)
{
	char *safe = sendas_text_safe(address, false);
	size_t width = sendas_text_width(mark.text);

	fprintf(text->options.stream, "%s%s%s%*s%s",
	    text->options.has_color ? mark.color : "", mark.text,
	    text->options.has_color ? PLAIN : "",
	    width < 6 ? (int)(8 - width) : 2, "", safe);
	free(safe);
}

static enum sendas_severity
worst_of(const struct sendas_address *address)
{
	enum sendas_severity worst = SENDAS_SEVERITY_NONE;

	for (size_t i = 0; i < address->finding_count; i++) {
		if (address->findings[i].severity > worst)
			worst = address->findings[i].severity;
	}
	return worst;
}

/* Findings that call for something, as against advice and info. */
static size_t
count_serious(const struct sendas_address *address)
{
	size_t count = 0;

	for (size_t i = 0; i < address->finding_count; i++) {
		if (address->findings[i].severity >= SENDAS_SEVERITY_WARNING)
			count++;
	}
	return count;
}

static void
write_findings(
    const struct sendas_as_text *text, const struct sendas_address *address)
{
	FILE *stream = text->options.stream;
	size_t number = 0;
	char lead[32];

	for (size_t i = 0; i < address->finding_count; i++) {
		const struct sendas_finding *finding = &address->findings[i];

		if (finding->severity >= SENDAS_SEVERITY_WARNING) {
			snprintf(lead, sizeof(lead), "  %zu) ", ++number);
			sendas_as_text_write_item(
			    stream, lead, INDENT, "%s", finding->message);
		}
	}
	for (size_t i = 0; i < address->finding_count; i++) {
		const struct sendas_finding *finding = &address->findings[i];

		if (finding->severity == SENDAS_SEVERITY_ADVICE ||
		    (finding->severity == SENDAS_SEVERITY_INFO &&
			text->options.is_verbose))
			sendas_as_text_write_item(
			    stream, "   - ", INDENT, "%s", finding->message);
	}
}

/* What is right, and what nobody can see; only beside errors. */
static void
write_wanted(
    const struct sendas_as_text *text, const struct sendas_address *address)
{
	const struct sendas_provider *provider = &text->run.provider;

	if (address->provider == NULL ||
	    worst_of(address) < SENDAS_SEVERITY_ERROR)
		return;
	sendas_as_text_write_item(text->options.stream, "  ", INDENT,
	    _("Correct: SMTP server %s, port %ld, %s, user name %s"),
	    provider->host, provider->port,
	    sendas_security_label(provider->security), address->address);
	if (address->has_relay)
		sendas_as_text_write_item(text->options.stream, "  ", INDENT,
		    "%s",
		    address->relay.user_name != NULL
			? _("Cannot be checked: the password")
			: _("Cannot be checked: user name and password (Google "
			    "never shows them)"));
}

static void
write_address(
    const struct sendas_as_text *text, const struct sendas_address *address)
{
	FILE *stream = text->options.stream;
	enum sendas_severity worst = worst_of(address);
	size_t serious = count_serious(address);
	bool is_judged = address->provider != NULL && !address->is_primary;

	if (!is_judged && worst == SENDAS_SEVERITY_NONE) {
		if (text->options.is_verbose)
			sendas_as_text_write_item(stream, "-       ", 8,
			    _("%s (not an address of %s: not checked)"),
			    address->address, text->run.provider.label);
		return;
	}
	write_mark(text, is_judged ? mark_of(worst) : (struct mark){"-", ""},
	    address->address);
	if (serious > 0)
		fprintf(stream,
		    ngettext("   %zu thing to look at",
			"   %zu things to look at", serious),
		    serious);
	fputc('\n', stream);
	write_findings(text, address);
	write_wanted(text, address);
}

static const char *
outcome_label(enum sendas_outcome outcome)
{
	switch (outcome) {
	case SENDAS_OUTCOME_APPLIED:
		return _("changed, and read back from Gmail");
	case SENDAS_OUTCOME_IGNORED:
		return _("not changed: Google ignored it");
	case SENDAS_OUTCOME_PENDING_VERIFICATION:
		return _("changed, but must be confirmed again");
	case SENDAS_OUTCOME_REFUSED:
		return _("not changed: Google allows it by hand only");
	case SENDAS_OUTCOME_CHANGED_MEANWHILE:
		return _("left alone: it was changed meanwhile");
	case SENDAS_OUTCOME_UNDONE:
		return _("was changed, and put back since");
	case SENDAS_OUTCOME_PLANNED:
		return _("planned, and not made");
	case SENDAS_OUTCOME_FAILED:
	case SENDAS_OUTCOME_COUNT:
		break;
	}
	return _("not known to be changed");
}

static const char *
on_off(const struct sendas_value *value)
{
	return value->is_true ? _("on") : _("off");
}

/* As Gmail's window names it: "smtp.ocn.ne.jp, port 465, SSL". The caller
 * frees it. */
static char *
format_relay(const struct sendas_value *relay)
{
	const char *host = relay->text != NULL && *relay->text != '\0'
	    ? relay->text
	    : _("no server name");
	const char *security = relay->security == NULL ? _("not known how")
	    : strcmp(relay->security, "none") == 0
	    ? _("not secured")
	    : sendas_security_label(relay->security);

	if (relay->kind != SENDAS_VALUE_RELAY)
		return sendas_xstrdup(_("none"));
	if (relay->number < 0)
		return sendas_xasprintf(_("%s, no port, %s"), host, security);
	return sendas_xasprintf(
	    _("%s, port %ld, %s"), host, relay->number, security);
}

/* "SMTP server smtp.ocn.ne.jp, port 587, TLS -> ..."; the caller frees it. */
static char *
format_change(const struct sendas_change *change)
{
	char *before, *after, *text;

	if (change->field != SENDAS_FIELD_RELAY)
		return sendas_xasprintf(_("\"Treat as an alias\" %s -> %s"),
		    on_off(&change->before), on_off(&change->after));
	before = format_relay(&change->before);
	after = format_relay(&change->after);
	text = sendas_xasprintf(_("SMTP server %s -> %s"), before, after);
	free(before);
	free(after);
	return text;
}

/* The first finding that a change answers to. */
static const struct sendas_finding *
reason_of(
    const struct sendas_mailbox *mailbox, const struct sendas_change *change)
{
	enum sendas_repair repair = change->field == SENDAS_FIELD_RELAY
	    ? SENDAS_REPAIR_PASSWORD
	    : SENDAS_REPAIR_API;
	const struct sendas_address *address =
	    sendas_mailbox_find(mailbox, change->address);

	const struct sendas_finding *on_request = NULL;

	for (size_t i = 0; address != NULL && i < address->finding_count; i++) {
		const struct sendas_finding *finding = &address->findings[i];

		if (finding->repair != repair)
			continue;
		if (!finding->is_on_request)
			return finding;
		on_request = finding;
	}
	return on_request;
}

/* Why the box is to be cleared, what that does, and the way back. */
static void
write_off(FILE *stream, const struct sendas_provider *provider,
    const struct sendas_mailbox *mailbox, const struct sendas_change *change)
{
	const struct sendas_finding *reason = reason_of(mailbox, change);

	if (reason != NULL)
		sendas_as_text_write_item(
		    stream, "    ", 6, _("Why:     %s"), reason->message);
	if (reason != NULL && reason->evidence == SENDAS_EVIDENCE_REPORTED)
		sendas_as_text_write_item(stream, "    ", 6,
		    _("Sure?    Reported by users; neither %s nor Google has "
		      "confirmed it."),
		    provider->label);
	sendas_as_text_write_item(stream, "    ", 6,
	    _("Effect:  Once it is cleared, mail you send to this %s address "
	      "will not show in this Gmail inbox."),
	    provider->label);
	sendas_as_text_write_item(stream, "    ", 6,
	    change->is_reversible
		? _("Undo:    sendas undo RUN; sendas runs shows the run. Or "
		    "tick the box again in Gmail's settings.")
		: _("Undo:    It cannot be put back."));
}

/* An undo. */
static void
write_on(FILE *stream, const struct sendas_provider *provider)
{
	sendas_as_text_write_item(stream, "    ", 6,
	    _("Effect:  It is again as it was before the run; %s may then "
	      "return mail sent from this address."),
	    provider->label);
	sendas_as_text_write_item(stream, "    ", 6,
	    _("Undo:    sendas undo RUN; sendas runs shows the run."));
}

/* What setting the server takes, and the way back. */
static void
write_server(FILE *stream, const struct sendas_mailbox *mailbox,
    const struct sendas_change *change)
{
	const struct sendas_finding *reason = reason_of(mailbox, change);

	if (change->undoes == 0 && reason != NULL)
		sendas_as_text_write_item(
		    stream, "    ", 6, _("Why:     %s"), reason->message);
	sendas_as_text_write_item(stream, "    ", 6,
	    _("Needs:   The password of %s at this server. It goes to Google "
	      "with the user name, and is kept nowhere here."),
	    change->address);
	sendas_as_text_write_item(stream, "    ", 6,
	    _("Effect:  Gmail may want the address confirmed again."));
	sendas_as_text_write_item(stream, "    ", 6,
	    change->is_reversible
		? _("Undo:    sendas undo RUN, with the password of the "
		    "server from before: Google never shows one.")
		: _("Undo:    It cannot be put back."));
}

static void
write_planned(FILE *stream, const struct sendas_provider *provider,
    const struct sendas_mailbox *mailbox, const struct sendas_change *change)
{
	char *what = format_change(change);

	sendas_as_text_write_item(stream, "  ", 4, "%s", change->address);
	sendas_as_text_write_item(stream, "    ", 6, _("Change:  %s"), what);
	free(what);
	if (change->field == SENDAS_FIELD_RELAY)
		write_server(stream, mailbox, change);
	else if (change->after.is_true)
		write_on(stream, provider);
	else
		write_off(stream, provider, mailbox, change);
}

void
sendas_as_text_write_change(FILE *stream, const struct sendas_change *change)
{
	char *what = format_change(change);

	sendas_as_text_write_item(stream, "  * ", 4, _("%s: %s: %s"),
	    change->address, what, outcome_label(change->outcome));
	free(what);
	if (change->message != NULL)
		sendas_as_text_write_item(
		    stream, "    ", 4, "%s", change->message);
}

static bool
has_outcome(const struct sendas_mailbox *mailbox, enum sendas_outcome outcome)
{
	for (size_t i = 0; i < mailbox->change_count; i++) {
		if (mailbox->changes[i].outcome == outcome)
			return true;
	}
	return false;
}

/* A repair that was read back; an undo is none. */
static bool
has_repaired(const struct sendas_mailbox *mailbox)
{
	for (size_t i = 0; i < mailbox->change_count; i++) {
		const struct sendas_change *change = &mailbox->changes[i];

		if (change->outcome == SENDAS_OUTCOME_APPLIED &&
		    (change->field == SENDAS_FIELD_RELAY
			    ? change->undoes == 0
			    : !change->after.is_true))
			return true;
	}
	return false;
}

/* "15:15": when a change made now should work. */
static void
format_effect_time(char *out, size_t bytes)
{
	time_t when = time(NULL) + EFFECT_SEC;
	struct tm local;

	localtime_r(&when, &local);
	strftime(out, bytes, "%H:%M", &local);
}

/* What the account holder does after a change that was read back. */
static void
write_after(FILE *stream)
{
	char when[16];

	format_effect_time(when, sizeof(when));
	sendas_as_text_write_item(stream, "  ", 4,
	    _("It can take 30 minutes to an hour to take effect. Test after "
	      "%s, with one message to an address at another provider. Mail "
	      "that came back before is not sent again by itself."),
	    when);
	sendas_as_text_write_item(stream, "  ", 4,
	    _("Only the settings were checked, not whether mail arrives."));
}

static void
write_changes(
    const struct sendas_as_text *text, const struct sendas_mailbox *mailbox)
{
	FILE *stream = text->options.stream;

	if (mailbox->change_count == 0)
		return;
	fprintf(stream, "%s\n",
	    has_outcome(mailbox, SENDAS_OUTCOME_PLANNED)
		? _("Planned, and not written:")
		: _("Changes:"));
	for (size_t i = 0; i < mailbox->change_count; i++) {
		const struct sendas_change *change = &mailbox->changes[i];

		if (change->outcome == SENDAS_OUTCOME_PLANNED)
			write_planned(
			    stream, &text->run.provider, mailbox, change);
		else
			sendas_as_text_write_change(stream, change);
	}
	if (has_repaired(mailbox))
		write_after(stream);
}

static enum sendas_status
check_stream(FILE *stream, struct sendas_error *err)
{
	if (!ferror(stream))
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("the results cannot be written: %s"), strerror(errno));
}

static enum sendas_status
begin(void *ctx, const struct sendas_run_info *run, struct sendas_error *err)
{
	struct sendas_as_text *text = ctx;

	(void)err;
	text->run = *run;
	return SENDAS_OK;
}

static void
write_read(
    const struct sendas_as_text *text, const struct sendas_mailbox *mailbox)
{
	FILE *stream = text->options.stream;

	for (size_t i = 0; i < mailbox->address_count; i++)
		write_address(text, &mailbox->addresses[i]);
	if (!sendas_mailbox_has_judged(mailbox))
		sendas_as_text_write_item(stream, "", 0,
		    _("No %s address is set up for sending here."),
		    text->run.provider.label);
}

static enum sendas_status
write_mailbox(
    void *ctx, const struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	struct sendas_as_text *text = ctx;
	FILE *stream = text->options.stream;

	write_name(stream, mailbox);
	if (mailbox->status == SENDAS_MAILBOX_READ) {
		write_read(text, mailbox);
	} else {
		write_mark(text, (struct mark){_("NOT READ"), RED}, "");
		sendas_as_text_write_item(
		    stream, "", 4, "%s", mailbox->message);
	}
	write_changes(text, mailbox);
	fputc('\n', stream);
	fflush(stream);
	return check_stream(stream, err);
}

char *
sendas_as_text_count_changes(const size_t *counts)
{
	static const char *const labels[SENDAS_OUTCOME_COUNT] = {
	    [SENDAS_OUTCOME_PLANNED] = N_("planned and not made"),
	    [SENDAS_OUTCOME_APPLIED] = N_("made and read back"),
	    [SENDAS_OUTCOME_IGNORED] = N_("ignored by Google"),
	    [SENDAS_OUTCOME_PENDING_VERIFICATION] =
		N_("made, to be confirmed by the account holder"),
	    [SENDAS_OUTCOME_REFUSED] = N_("to be made by hand"),
	    [SENDAS_OUTCOME_CHANGED_MEANWHILE] =
		N_("left alone, changed meanwhile"),
	    [SENDAS_OUTCOME_FAILED] = N_("not known to be made"),
	    [SENDAS_OUTCOME_UNDONE] = N_("put back since"),
	};
	char *list = NULL, *item, *longer;

	for (int i = 0; i < SENDAS_OUTCOME_COUNT; i++) {
		if (counts[i] == 0)
			continue;
		item = sendas_xasprintf(_("%zu %s"), counts[i], _(labels[i]));
		longer = sendas_xasprintf("%s%s%s", list != NULL ? list : "",
		    list != NULL ? _(", ") : "", item);
		free(item);
		free(list);
		list = longer;
	}
	return list;
}

static void
write_change_counts(FILE *stream, const struct sendas_summary *summary)
{
	char *list = sendas_as_text_count_changes(summary->changes);

	if (list != NULL)
		sendas_as_text_write_item(
		    stream, "", 0, _("Changes: %s."), list);
	free(list);
}

/* A relay works only where the domain allows it, which nobody can see with the
 * scope of a run: for those who can look, never a finding about a mailbox. */
static void
write_gateway(FILE *stream, const struct sendas_summary *summary)
{
	char *addresses = sendas_xasprintf(
	    ngettext("%zu address", "%zu addresses", summary->relays),
	    summary->relays);
	char *mailboxes = sendas_xasprintf(
	    ngettext("%zu mailbox", "%zu mailboxes", summary->with_relay),
	    summary->with_relay);

	sendas_as_text_write_item(stream, "", 0,
	    _("Not checked: \"Allow per-user outbound gateways\" (Admin "
	      "console, Apps > Google Workspace > Gmail > End User Access). If "
	      "it is off, mail of %s in %s does not go through the SMTP server "
	      "set here; if it is on, that is against CISA's control "
	      "GWS.GMAIL.12.1. sendas cannot see it."),
	    addresses, mailboxes);
	free(addresses);
	free(mailboxes);
}

static enum sendas_status
end(void *ctx, const struct sendas_summary *summary, struct sendas_error *err)
{
	struct sendas_as_text *text = ctx;
	FILE *stream = text->options.stream;

	if (summary->mailboxes > 1)
		sendas_as_text_write_item(stream, "", 0,
		    _("%zu mailboxes: %zu with findings, %zu fine, %zu not "
		      "readable, %zu not looked at."),
		    summary->mailboxes, summary->with_findings, summary->clean,
		    summary->unreadable, summary->skipped);
	if (summary->mailboxes > 1)
		write_change_counts(stream, summary);
	if (text->run.is_delegated && summary->with_relay > 0)
		write_gateway(stream, summary);
	if (strcmp(text->run.command, "audit") == 0)
		sendas_as_text_write_item(
		    stream, "", 0, _("Nothing was changed."));
	fflush(stream);
	return check_stream(stream, err);
}

struct sendas_as_text *
sendas_as_text_new(const struct sendas_as_text_options *options)
{
	struct sendas_as_text *text = sendas_xcalloc(1, sizeof(*text));

	text->options = *options;
	text->sink = (struct sendas_sink){
	    .ctx = text, .begin = begin, .mailbox = write_mailbox, .end = end};
	return text;
}

void
sendas_as_text_free(struct sendas_as_text *text)
{
	free(text);
}

const struct sendas_sink *
sendas_as_text_sink(struct sendas_as_text *text)
{
	return &text->sink;
}

void
sendas_as_text_write_plan(FILE *stream, const struct sendas_provider *provider,
    const struct sendas_mailbox *mailbox)
{
	write_name(stream, mailbox);
	for (size_t i = 0; i < mailbox->change_count; i++) {
		if (mailbox->changes[i].outcome == SENDAS_OUTCOME_PLANNED)
			write_planned(
			    stream, provider, mailbox, &mailbox->changes[i]);
	}
}
