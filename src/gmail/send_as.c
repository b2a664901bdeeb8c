/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send_as.c: list and patch of users.settings.sendAs, and the only file that
 * knows this JSON. Judges nothing.
 */
#include "sendas/send_as.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/google_error.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/text.h"

/* `me` is the mailbox of the bearer. */
#define PATH "gmail/v1/users/me/settings/sendAs"

/* Signatures can be large HTML, and are nobody's business here. */
#define FIELDS                                                                 \
	"?fields=sendAs(sendAsEmail,displayName,replyToAddress,isPrimary,"     \
	"isDefault,treatAsAlias,verificationStatus,"                           \
	"smtpMsa(host,port,securityMode))"

/* An answer that is cut or garbled is asked for so often in all. */
#define READS 3

/* A call under way. */
struct call {
	struct sendas_send_as api; /* of a list */
	struct sendas_secret bearer; /* likewise */
	struct sendas_secret password; /* of a patch that has one */
	int reads;
	sendas_send_as_list_fn *list_fn;
	sendas_send_as_patch_fn *patch_fn;
	void *ctx;
};

static enum sendas_status
read_relay(const struct sendas_json *at, struct sendas_relay *relay,
    struct sendas_error *err)
{
	const char *host = NULL, *security = NULL;
	enum sendas_status status;

	status = sendas_json_want_object(at, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_string(at, "host", &host, err);
	if (status == SENDAS_OK)
		status =
		    sendas_json_read_string(at, "securityMode", &security, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_int(
		    at, "port", 0, 0x7fffffffL, &relay->port, err);
	if (status != SENDAS_OK)
		return status;
	relay->host = sendas_xstrdup(host);
	relay->security = sendas_xstrdup(security);
	return SENDAS_OK;
}

static enum sendas_status
read_texts(const struct sendas_json *at, struct sendas_address *address,
    struct sendas_error *err)
{
	const struct {
		const char *key;
		char **out;
	} texts[] = {
	    {"sendAsEmail", &address->address},
	    {"displayName", &address->display_name},
	    {"replyToAddress", &address->reply_to},
	    {"verificationStatus", &address->verification},
	};
	enum sendas_status status = SENDAS_OK;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *text = NULL;

		status = sendas_json_read_string(at, texts[i].key, &text, err);
		if (status != SENDAS_OK)
			return status;
		*texts[i].out = sendas_xstrdup(text);
	}
	if (address->address == NULL || *address->address == '\0')
		return sendas_json_fail(
		    at, err, _("\"sendAsEmail\" is missing"));
	return SENDAS_OK;
}

/* Google leaves a boolean that is false out. */
static enum sendas_status
read_booleans(const struct sendas_json *at, struct sendas_address *address,
    struct sendas_error *err)
{
	enum sendas_status status;

	status =
	    sendas_json_read_bool(at, "isPrimary", &address->is_primary, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_bool(
		    at, "isDefault", &address->is_default, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_bool(
		    at, "treatAsAlias", &address->treat_as_alias, err);
	return status;
}

static enum sendas_status
read_address(const struct sendas_json *at, struct sendas_mailbox *mailbox,
    struct sendas_error *err)
{
	struct sendas_address *address;
	struct sendas_json relay;
	enum sendas_status status;

	status = sendas_json_want_object(at, err);
	if (status != SENDAS_OK)
		return status;
	address = sendas_mailbox_add_address(mailbox);
	status = read_texts(at, address, err);
	if (status == SENDAS_OK)
		status = read_booleans(at, address, err);
	relay = sendas_json_member(at, "smtpMsa");
	if (status != SENDAS_OK || relay.node == NULL)
		return status;
	address->has_relay = true;
	return read_relay(&relay, &address->relay, err);
}

enum sendas_status
sendas_send_as_read(const struct sendas_json *at,
    struct sendas_mailbox *mailbox, struct sendas_error *err)
{
	struct sendas_json list, entry;
	enum sendas_status status;

	status = sendas_json_want_object(at, err);
	if (status != SENDAS_OK)
		return status;
	entry = sendas_json_member(at, "sendAsEmail");
	if (entry.node != NULL)
		return read_address(at, mailbox, err);
	list = sendas_json_member(at, "sendAs");
	if (list.node == NULL && sendas_json_count(at) == 0)
		return SENDAS_OK;
	status = sendas_json_want_array(&list, err);
	for (entry = sendas_json_first(&list);
	     status == SENDAS_OK && entry.node != NULL;
	     sendas_json_next(&entry))
		status = read_address(&entry, mailbox, err);
	return status;
}

/* A 200's body to a mailbox named by its primary address. */
static enum sendas_status
parse_list(const struct sendas_http_answer *answer, struct sendas_mailbox **out,
    struct sendas_error *err)
{
	struct sendas_mailbox *mailbox = NULL;
	struct sendas_json_doc *doc = NULL;
	struct sendas_error inner;
	enum sendas_status status;
	struct sendas_json root;
	const char *primary;

	status = sendas_json_parse(answer->body, answer->len, &doc, &inner);
	if (status == SENDAS_OK) {
		root = sendas_json_root(doc);
		mailbox = sendas_mailbox_new(NULL, SENDAS_SOURCE_GMAIL);
		status = sendas_send_as_read(&root, mailbox, &inner);
	}
	if (status != SENDAS_OK) {
		status = sendas_fail_reason(err, SENDAS_ERR_ANSWER,
		    SENDAS_REASON_BAD_ANSWER,
		    _("Google's answer cannot be read: %s"), inner.message);
		goto out;
	}
	primary = sendas_mailbox_primary(mailbox);
	if (primary == NULL) {
		status = sendas_fail_reason(err, SENDAS_ERR_ANSWER,
		    SENDAS_REASON_BAD_ANSWER,
		    _("Google's answer names no primary address, so whose "
		      "settings these are is not certain"));
		goto out;
	}
	mailbox->mailbox = sendas_xstrdup(primary);
	*out = mailbox;
	mailbox = NULL;
out:
	sendas_mailbox_free(mailbox);
	sendas_json_doc_free(doc);
	return status;
}

/* The error of a call that got an answer with this status, or OK. */
static enum sendas_status
check_status(const struct sendas_http_answer *answer, struct sendas_error *err)
{
	if (answer->status == 200)
		return SENDAS_OK;
	if (answer->status >= 200 && answer->status < 400) {
		sendas_fail_reason(err, SENDAS_ERR_ANSWER,
		    SENDAS_REASON_BAD_ANSWER,
		    _("Google answered with HTTP %ld, which makes no sense "
		      "here; is there a proxy in between?"),
		    answer->status);
		err->http_status = answer->status;
		return SENDAS_ERR_ANSWER;
	}
	return sendas_google_error_read(answer, err);
}

static void send_list(struct call *call);

static void
list_answered(void *ctx, const struct sendas_http_answer *answer,
    const struct sendas_error *err)
{
	struct sendas_mailbox *mailbox = NULL;
	struct sendas_error own;
	struct call *call = ctx;

	if (answer != NULL) {
		err = &own;
		if (check_status(answer, &own) == SENDAS_OK &&
		    parse_list(answer, &mailbox, &own) == SENDAS_OK)
			err = NULL;
	}
	if (err != NULL && err->code == SENDAS_ERR_ANSWER && answer != NULL &&
	    call->reads < READS) {
		send_list(call);
		return;
	}
	call->list_fn(call->ctx, mailbox, err);
	sendas_secret_clear(&call->bearer);
	free(call);
}

static void
send_list(struct call *call)
{
	char *url = sendas_xasprintf("%s" PATH FIELDS, call->api.base_url);
	struct sendas_http_request request = {
	    .method = "GET",
	    .url = url,
	    .bearer = &call->bearer,
	    .max_answer_bytes = SENDAS_LIMIT_ANSWER_BYTES,
	    .is_repeatable = true,
	    .is_transient = sendas_google_error_is_transient,
	};

	call->reads++;
	sendas_http_submit(call->api.http, &request, list_answered, call);
	free(url);
}

void
sendas_send_as_list(const struct sendas_send_as *api,
    const struct sendas_secret *bearer, sendas_send_as_list_fn *fn, void *ctx)
{
	struct call *call = sendas_xcalloc(1, sizeof(*call));

	call->api = *api;
	sendas_secret_set(&call->bearer, bearer->data, bearer->len);
	call->list_fn = fn;
	call->ctx = ctx;
	send_list(call);
}

void
sendas_send_as_knock(
    const struct sendas_send_as *api, sendas_http_fn *fn, void *ctx)
{
	char *url = sendas_xasprintf("%s" PATH FIELDS, api->base_url);
	struct sendas_http_request request = {
	    .method = "GET",
	    .url = url,
	    .max_answer_bytes = SENDAS_LIMIT_ANSWER_BYTES,
	};

	sendas_http_submit(api->http, &request, fn, ctx);
	free(url);
}

/* Google quotes what it does not understand, and a refusal is shown, written
 * down and reported: with the password in it, it is not. */
static void
withhold(const struct call *call, struct sendas_error *err)
{
	long http_status = err->http_status;

	if (!sendas_secret_is_in(&call->password, err->message))
		return;
	sendas_fail_reason(err, err->code, err->reason,
	    _("Google refuses (HTTP %ld). What it says repeats a part of the "
	      "password, so it is not shown."),
	    http_status);
	err->http_status = http_status;
}

static void
patch_answered(void *ctx, const struct sendas_http_answer *answer,
    const struct sendas_error *err)
{
	struct sendas_error own;
	struct call *call = ctx;

	if (answer != NULL)
		err = check_status(answer, &own) == SENDAS_OK ? NULL : &own;
	if (err == &own)
		withhold(call, &own);
	sendas_secret_clear(&call->password);
	call->patch_fn(call->ctx, err);
	free(call);
}

static struct sendas_json_value *
format_relay(const struct sendas_send_as_relay *relay)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "host", relay->host);
	sendas_json_set_int(object, "port", relay->port);
	sendas_json_set_string(object, "username", relay->user);
	sendas_json_set_string(object, "password", relay->password->data);
	sendas_json_set_string(object, "securityMode", relay->security);
	return object;
}

/* The literal false must be there: what is absent is not changed. */
static char *
format_patch(const struct sendas_send_as_patch *patch)
{
	struct sendas_json_value *body = sendas_json_new_object();
	char *text;

	if (patch->has_treat_as_alias)
		sendas_json_set_bool(
		    body, "treatAsAlias", patch->treat_as_alias);
	if (patch->relay.host != NULL)
		sendas_json_set(body, "smtpMsa", format_relay(&patch->relay));
	text = sendas_json_format(body);
	sendas_json_value_free(body);
	return text;
}

void
sendas_send_as_patch(const struct sendas_send_as *api,
    const struct sendas_secret *bearer, const char *address,
    const struct sendas_send_as_patch *patch, sendas_send_as_patch_fn *fn,
    void *ctx)
{
	char *segment = sendas_text_percent_encode(address);
	char *url = sendas_xasprintf("%s" PATH "/%s", api->base_url, segment);
	char *body = format_patch(patch);
	struct sendas_http_request request = {
	    .method = "PATCH",
	    .url = url,
	    .bearer = bearer,
	    .content_type = "application/json",
	    .body = body,
	    .body_len = strlen(body),
	    .max_answer_bytes = SENDAS_LIMIT_ANSWER_BYTES,
	    .is_secret = patch->relay.password != NULL,
	};
	struct call *call = sendas_xcalloc(1, sizeof(*call));

	if (patch->relay.password != NULL)
		sendas_secret_set(&call->password, patch->relay.password->data,
		    patch->relay.password->len);
	call->patch_fn = fn;
	call->ctx = ctx;
	sendas_http_submit(api->http, &request, patch_answered, call);
	sendas_secret_wipe(body);
	free(body);
	free(url);
	free(segment);
}
