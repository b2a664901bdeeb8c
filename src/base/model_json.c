/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model_json.c: the model as JSON: the words and types of the report's
 * contract (doc/report.md), for all that writes them.
 */
#include "sendas/model_json.h"

#include <string.h>

void
sendas_model_json_set_time(
    struct sendas_json_value *object, const char *key, time_t when)
{
	char text[32];
	struct tm utc;

	gmtime_r(&when, &utc);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc);
	sendas_json_set_string(object, key, text);
}

static struct sendas_json_value *
relay_value(const char *host, long port, const char *security)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "host", host);
	if (port < 0)
		sendas_json_set_null(object, "port");
	else
		sendas_json_set_int(object, "port", port);
	sendas_json_set_string(object, "security", security);
	return object;
}

void
sendas_model_json_set_value(struct sendas_json_value *object, const char *key,
    const struct sendas_value *value)
{
	switch (value->kind) {
	case SENDAS_VALUE_NULL:
		sendas_json_set_null(object, key);
		break;
	case SENDAS_VALUE_BOOL:
		sendas_json_set_bool(object, key, value->is_true);
		break;
	case SENDAS_VALUE_INT:
		sendas_json_set_int(object, key, value->number);
		break;
	case SENDAS_VALUE_TEXT:
		sendas_json_set_string(object, key, value->text);
		break;
	case SENDAS_VALUE_RELAY:
		sendas_json_set(object, key,
		    relay_value(value->text, value->number, value->security));
		break;
	}
}

enum sendas_status
sendas_model_json_read_relay(const struct sendas_json *at,
    struct sendas_value *out, struct sendas_error *err)
{
	const char *host = NULL, *security = NULL;
	enum sendas_status status;
	long port = -1;

	*out = (struct sendas_value){.kind = SENDAS_VALUE_NULL};
	if (at->node == NULL)
		return SENDAS_OK;
	status = sendas_json_want_object(at, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_string(at, "host", &host, err);
	/* As wide as what Google's answer may hold: it is only shown. */
	if (status == SENDAS_OK)
		status = sendas_json_read_int(
		    at, "port", 0, 0x7fffffffL, &port, err);
	if (status == SENDAS_OK)
		status =
		    sendas_json_read_string(at, "security", &security, err);
	if (status == SENDAS_OK)
		*out = sendas_value_relay(host, port, security);
	return status;
}

char *
sendas_model_json_format_relay(const struct sendas_value *value)
{
	struct sendas_json_value *object =
	    relay_value(value->text, value->number, value->security);
	char *text = sendas_json_format(object);

	sendas_json_value_free(object);
	return text;
}

enum sendas_status
sendas_model_json_parse_relay(
    const char *text, struct sendas_value *out, struct sendas_error *err)
{
	struct sendas_json_doc *doc = NULL;
	enum sendas_status status;
	struct sendas_json root;

	status = sendas_json_parse(text, strlen(text), &doc, err);
	if (status != SENDAS_OK)
		return status;
	root = sendas_json_root(doc);
	status = sendas_model_json_read_relay(&root, out, err);
	sendas_json_doc_free(doc);
	return status;
}

static struct sendas_json_value *
finding_value(const struct sendas_finding *finding)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "rule", finding->rule);
	sendas_json_set_string(
	    object, "severity", sendas_severity_name(finding->severity));
	sendas_json_set_string(
	    object, "evidence", sendas_evidence_name(finding->evidence));
	sendas_json_set_string(object, "source", finding->source);
	sendas_json_set_string(object, "message", finding->message);
	sendas_model_json_set_value(object, "observed", &finding->observed);
	sendas_model_json_set_value(object, "expected", &finding->expected);
	sendas_json_set_string(
	    object, "repair", sendas_repair_name(finding->repair));
	sendas_json_set_bool(object, "onRequest", finding->is_on_request);
	return object;
}

struct sendas_json_value *
sendas_model_json_address(const struct sendas_address *address)
{
	struct sendas_json_value *object = sendas_json_new_object();
	struct sendas_json_value *findings = sendas_json_new_array();

	sendas_json_set_string(object, "address", address->address);
	sendas_json_set_string(object, "provider", address->provider);
	sendas_json_set_bool(object, "isPrimary", address->is_primary);
	sendas_json_set_bool(object, "isDefault", address->is_default);
	if (address->unseen & SENDAS_UNSEEN_ALIAS)
		sendas_json_set_null(object, "treatAsAlias");
	else
		sendas_json_set_bool(
		    object, "treatAsAlias", address->treat_as_alias);
	sendas_json_set_string(
	    object, "verificationStatus", address->verification);
	if (address->has_relay)
		sendas_json_set(object, "relay",
		    relay_value(address->relay.host, address->relay.port,
			address->relay.security));
	else
		sendas_json_set_null(object, "relay");
	for (size_t i = 0; i < address->finding_count; i++)
		sendas_json_append(
		    findings, finding_value(&address->findings[i]));
	sendas_json_set(object, "findings", findings);
	return object;
}

struct sendas_json_value *
sendas_model_json_change(const struct sendas_change *change)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "address", change->address);
	sendas_json_set_string(
	    object, "field", sendas_field_name(change->field));
	sendas_model_json_set_value(object, "before", &change->before);
	sendas_model_json_set_value(object, "after", &change->after);
	sendas_json_set_string(
	    object, "outcome", sendas_outcome_name(change->outcome));
	sendas_json_set_bool(object, "reversible", change->is_reversible);
	if (change->message != NULL)
		sendas_json_set_string(object, "message", change->message);
	return object;
}

static void
set_addresses(
    struct sendas_json_value *object, const struct sendas_mailbox *mailbox)
{
	struct sendas_json_value *list = sendas_json_new_array();

	for (size_t i = 0; i < mailbox->address_count; i++)
		sendas_json_append(
		    list, sendas_model_json_address(&mailbox->addresses[i]));
	sendas_json_set(object, "addresses", list);
}

static void
set_changes(
    struct sendas_json_value *object, const struct sendas_mailbox *mailbox)
{
	struct sendas_json_value *list = sendas_json_new_array();

	for (size_t i = 0; i < mailbox->change_count; i++)
		sendas_json_append(
		    list, sendas_model_json_change(&mailbox->changes[i]));
	sendas_json_set(object, "changes", list);
}

struct sendas_json_value *
sendas_model_json_mailbox(const struct sendas_mailbox *mailbox)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "mailbox", mailbox->mailbox);
	sendas_json_set_string(
	    object, "status", sendas_mailbox_status_name(mailbox->status));
	sendas_json_set_string(
	    object, "source", sendas_source_name(mailbox->source));
	if (mailbox->status == SENDAS_MAILBOX_READ) {
		set_addresses(object, mailbox);
	} else {
		sendas_json_set_string(
		    object, "reason", sendas_reason_name(mailbox->reason));
		sendas_json_set_string(object, "message", mailbox->message);
	}
	if (mailbox->change_count > 0)
		set_changes(object, mailbox);
	return object;
}
