/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model.c: the lifetime of what all layers speak about, and the words by
 * which a report names it. Decides nothing.
 */
#include "sendas/model.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/mem.h"
#include "sendas/text.h"

/* The name at `index`, or `other` when there is none. */
#define NAME(table, index, other)                                              \
	((size_t)(index) < sizeof(table) / sizeof((table)[0]) ? (table)[index] \
							      : (other))

static const char *const severity_names[] = {
    [SENDAS_SEVERITY_NONE] = "none",
    [SENDAS_SEVERITY_INFO] = "info",
    [SENDAS_SEVERITY_ADVICE] = "advice",
    [SENDAS_SEVERITY_WARNING] = "warning",
    [SENDAS_SEVERITY_ERROR] = "error",
};

static const char *const evidence_names[] = {
    [SENDAS_EVIDENCE_CONFIRMED] = "confirmed",
    [SENDAS_EVIDENCE_REPORTED] = "reported",
};

static const char *const repair_names[] = {
    [SENDAS_REPAIR_NONE] = "none",
    [SENDAS_REPAIR_API] = "api",
    [SENDAS_REPAIR_PASSWORD] = "password",
    [SENDAS_REPAIR_MANUAL] = "manual",
};

static const char *const outcome_names[] = {
    [SENDAS_OUTCOME_PLANNED] = "planned",
    [SENDAS_OUTCOME_APPLIED] = "applied",
    [SENDAS_OUTCOME_IGNORED] = "ignored",
    [SENDAS_OUTCOME_PENDING_VERIFICATION] = "pending-verification",
    [SENDAS_OUTCOME_REFUSED] = "refused",
    [SENDAS_OUTCOME_CHANGED_MEANWHILE] = "changed-meanwhile",
    [SENDAS_OUTCOME_FAILED] = "failed",
    [SENDAS_OUTCOME_UNDONE] = "undone",
};

static const char *const field_names[] = {
    [SENDAS_FIELD_NONE] = "none",
    [SENDAS_FIELD_TREAT_AS_ALIAS] = "treatAsAlias",
    [SENDAS_FIELD_RELAY] = "smtpMsa",
};

static const char *const status_names[] = {
    [SENDAS_MAILBOX_READ] = "read",
    [SENDAS_MAILBOX_UNREADABLE] = "unreadable",
    [SENDAS_MAILBOX_WRONG] = "wrong-mailbox",
    [SENDAS_MAILBOX_SKIPPED] = "skipped",
};

static const char *const source_names[] = {
    [SENDAS_SOURCE_GMAIL] = "gmail",
    [SENDAS_SOURCE_FILE] = "file",
    [SENDAS_SOURCE_ANSWERS] = "answers",
};

/* Room for one more element, zeroed. Grows by doubling, so that a mailbox
 * with 10,000 addresses is not copied 10,000 times. */
static void *
add_element(void **array, size_t *count, size_t bytes)
{
	char *element;

	if ((*count & (*count - 1)) == 0)
		*array = sendas_xrealloc(
		    *array, *count == 0 ? 1 : *count * 2, bytes);
	element = (char *)*array + *count * bytes;
	memset(element, 0, bytes);
	(*count)++;
	return element;
}

struct sendas_mailbox *
sendas_mailbox_new(const char *mailbox, enum sendas_source source)
{
	struct sendas_mailbox *made = sendas_xcalloc(1, sizeof(*made));

	made->mailbox = sendas_xstrdup(mailbox);
	made->source = source;
	return made;
}

void
sendas_address_clear_findings(struct sendas_address *address)
{
	for (size_t i = 0; i < address->finding_count; i++) {
		free(address->findings[i].message);
		sendas_value_clear(&address->findings[i].observed);
		sendas_value_clear(&address->findings[i].expected);
	}
	free(address->findings);
	address->findings = NULL;
	address->finding_count = 0;
}

static void
clear_address(struct sendas_address *address)
{
	free(address->address);
	free(address->display_name);
	free(address->reply_to);
	free(address->verification);
	free(address->relay.host);
	free(address->relay.security);
	free(address->relay.user_name);
	sendas_address_clear_findings(address);
}

static void
clear_addresses(struct sendas_mailbox *mailbox)
{
	for (size_t i = 0; i < mailbox->address_count; i++)
		clear_address(&mailbox->addresses[i]);
	free(mailbox->addresses);
	mailbox->addresses = NULL;
	mailbox->address_count = 0;
}

void
sendas_mailbox_free(struct sendas_mailbox *mailbox)
{
	if (mailbox == NULL)
		return;
	clear_addresses(mailbox);
	for (size_t i = 0; i < mailbox->change_count; i++) {
		free(mailbox->changes[i].address);
		free(mailbox->changes[i].message);
		sendas_value_clear(&mailbox->changes[i].before);
		sendas_value_clear(&mailbox->changes[i].after);
	}
	free(mailbox->changes);
	free(mailbox->mailbox);
	free(mailbox->message);
	free(mailbox);
}

size_t
sendas_mailbox_count_planned(const struct sendas_mailbox *mailbox)
{
	size_t count = 0;

	for (size_t i = 0; i < mailbox->change_count; i++) {
		if (mailbox->changes[i].outcome == SENDAS_OUTCOME_PLANNED)
			count++;
	}
	return count;
}

struct sendas_address *
sendas_mailbox_add_address(struct sendas_mailbox *mailbox)
{
	struct sendas_address *added = add_element((void **)&mailbox->addresses,
	    &mailbox->address_count, sizeof(*added));

	added->relay.port = -1;
	return added;
}

struct sendas_finding *
sendas_address_add_finding(struct sendas_address *address)
{
	return add_element((void **)&address->findings, &address->finding_count,
	    sizeof(struct sendas_finding));
}

struct sendas_change *
sendas_mailbox_add_change(struct sendas_mailbox *mailbox)
{
	return add_element((void **)&mailbox->changes, &mailbox->change_count,
	    sizeof(struct sendas_change));
}

const struct sendas_address *
sendas_mailbox_find(const struct sendas_mailbox *mailbox, const char *address)
{
	const struct sendas_address *folded = NULL;

	for (size_t i = 0; i < mailbox->address_count; i++) {
		const struct sendas_address *entry = &mailbox->addresses[i];

		if (strcmp(entry->address, address) == 0)
			return entry;
		if (folded == NULL &&
		    sendas_text_equal_fold(entry->address, address))
			folded = entry;
	}
	return folded;
}

/* To the letter: what differs in its spelling is another setting. */
static bool
is_same_text(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
has_relay_at(
    const struct sendas_address *address, const struct sendas_value *value)
{
	if (value->kind != SENDAS_VALUE_RELAY)
		return !address->has_relay;
	return address->has_relay &&
	    is_same_text(address->relay.host, value->text) &&
	    address->relay.port == value->number &&
	    is_same_text(address->relay.security, value->security);
}

bool
sendas_address_stands_at(const struct sendas_address *address,
    enum sendas_field field, const struct sendas_value *value)
{
	switch (field) {
	case SENDAS_FIELD_TREAT_AS_ALIAS:
		return address->treat_as_alias == value->is_true;
	case SENDAS_FIELD_RELAY:
		return has_relay_at(address, value);
	case SENDAS_FIELD_NONE:
	case SENDAS_FIELD_COUNT:
		break;
	}
	return false;
}

bool
sendas_mailbox_has_judged(const struct sendas_mailbox *mailbox)
{
	for (size_t i = 0; i < mailbox->address_count; i++) {
		if (mailbox->addresses[i].provider != NULL &&
		    !mailbox->addresses[i].is_primary)
			return true;
	}
	return false;
}

size_t
sendas_mailbox_count_relays(const struct sendas_mailbox *mailbox)
{
	size_t count = 0;

	for (size_t i = 0; i < mailbox->address_count; i++) {
		if (mailbox->addresses[i].has_relay &&
		    !mailbox->addresses[i].is_primary)
			count++;
	}
	return count;
}

const char *
sendas_mailbox_primary(const struct sendas_mailbox *mailbox)
{
	for (size_t i = 0; i < mailbox->address_count; i++) {
		if (mailbox->addresses[i].is_primary)
			return mailbox->addresses[i].address;
	}
	return NULL;
}

void
sendas_mailbox_take_addresses(
    struct sendas_mailbox *to, struct sendas_mailbox *from)
{
	clear_addresses(to);
	to->addresses = from->addresses;
	to->address_count = from->address_count;
	from->addresses = NULL;
	from->address_count = 0;
}

void
sendas_mailbox_set_unread(
    struct sendas_mailbox *mailbox, const struct sendas_error *why)
{
	mailbox->status = why->code == SENDAS_ERR_WRONG_MAILBOX
	    ? SENDAS_MAILBOX_WRONG
	    : SENDAS_MAILBOX_UNREADABLE;
	mailbox->reason = why->reason == SENDAS_REASON_NONE
	    ? SENDAS_REASON_OTHER
	    : why->reason;
	free(mailbox->message);
	mailbox->message = sendas_xstrdup(why->message);
	clear_addresses(mailbox);
}

enum sendas_severity
sendas_mailbox_worst(const struct sendas_mailbox *mailbox)
{
	enum sendas_severity worst = SENDAS_SEVERITY_NONE;

	for (size_t i = 0; i < mailbox->address_count; i++) {
		const struct sendas_address *address = &mailbox->addresses[i];

		for (size_t j = 0; j < address->finding_count; j++) {
			if (address->findings[j].severity > worst)
				worst = address->findings[j].severity;
		}
	}
	return worst;
}

struct sendas_value
sendas_value_bool(bool is_true)
{
	return (struct sendas_value){
	    .kind = SENDAS_VALUE_BOOL, .is_true = is_true};
}

struct sendas_value
sendas_value_int(long number)
{
	return (struct sendas_value){
	    .kind = SENDAS_VALUE_INT, .number = number};
}

struct sendas_value
sendas_value_copy(const struct sendas_value *value)
{
	struct sendas_value copy = *value;

	copy.text = sendas_xstrdup(value->text);
	copy.security = sendas_xstrdup(value->security);
	return copy;
}

struct sendas_value
sendas_value_text(const char *text)
{
	if (text == NULL)
		return (struct sendas_value){.kind = SENDAS_VALUE_NULL};
	return (struct sendas_value){
	    .kind = SENDAS_VALUE_TEXT, .text = sendas_xstrdup(text)};
}

struct sendas_value
sendas_value_relay(const char *host, long port, const char *security)
{
	return (struct sendas_value){.kind = SENDAS_VALUE_RELAY,
	    .text = sendas_xstrdup(host),
	    .number = port,
	    .security = sendas_xstrdup(security)};
}

struct sendas_value
sendas_address_relay(const struct sendas_address *address)
{
	if (!address->has_relay)
		return (struct sendas_value){.kind = SENDAS_VALUE_NULL};
	return sendas_value_relay(
	    address->relay.host, address->relay.port, address->relay.security);
}

void
sendas_value_clear(struct sendas_value *value)
{
	free(value->text);
	free(value->security);
	*value = (struct sendas_value){.kind = SENDAS_VALUE_NULL};
}

const char *
sendas_severity_name(enum sendas_severity severity)
{
	return NAME(severity_names, severity, "none");
}

const char *
sendas_evidence_name(enum sendas_evidence evidence)
{
	return NAME(evidence_names, evidence, "reported");
}

const char *
sendas_repair_name(enum sendas_repair repair)
{
	return NAME(repair_names, repair, "none");
}

const char *
sendas_outcome_name(enum sendas_outcome outcome)
{
	return NAME(outcome_names, outcome, "failed");
}

const char *
sendas_field_name(enum sendas_field field)
{
	return NAME(field_names, field, "none");
}

const char *
sendas_mailbox_status_name(enum sendas_mailbox_status status)
{
	return NAME(status_names, status, "unreadable");
}

const char *
sendas_source_name(enum sendas_source source)
{
	return NAME(source_names, source, "gmail");
}

const char *
sendas_security_label(const char *security)
{
	return strcmp(security, "ssl") == 0 ? "SSL" : "TLS";
}

enum sendas_severity
sendas_severity_parse(const char *name)
{
	for (int i = SENDAS_SEVERITY_INFO; i <= SENDAS_SEVERITY_ERROR; i++) {
		if (strcmp(severity_names[i], name) == 0)
			return (enum sendas_severity)i;
	}
	return SENDAS_SEVERITY_NONE;
}
