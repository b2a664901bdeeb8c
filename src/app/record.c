/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.c: who runs this, with what, and for which mailboxes, as the journal
 * keeps it.
 */
#include "sendas/record.h"

#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "config.h"
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/send_as.h"

/* Mailboxes that are named in words; of more, their number is told. */
#define NAMED_MAILBOXES 5

static char *
get_user(void)
{
	struct passwd entry, *found = NULL;
	char strings[4096];

	if (getpwuid_r(getuid(), &entry, strings, sizeof(strings), &found) ==
		0 &&
	    found != NULL)
		return sendas_xstrdup(entry.pw_name);
	return sendas_xasprintf("uid %ld", (long)getuid());
}

static char *
get_host(void)
{
	char name[HOST_NAME_MAX + 1] = "";

	if (gethostname(name, sizeof(name) - 1) != 0)
		return NULL;
	return sendas_xstrdup(name);
}

/* As whom the requests are signed; a bare token does not say. */
static const char *
identity_of(const struct sendas_credentials *credentials)
{
	if (credentials->client_email != NULL)
		return credentials->client_email;
	return credentials->mailbox != NULL ? credentials->mailbox
					    : credentials->client_id;
}

char *
sendas_record_policy_sha256(const struct sendas_policy *policy)
{
	struct sendas_oauth2_digest *digest = sendas_oauth2_digest_new();

	sendas_oauth2_digest_add(digest, policy->content, policy->content_len);
	return sendas_oauth2_digest_finish(digest);
}

char *
sendas_record_selection_sha256(struct sendas_selection *selection)
{
	struct sendas_oauth2_digest *digest = sendas_oauth2_digest_new();
	bool is_known = true;
	const char *mailbox;
	char *hex;

	while (sendas_selection_next(selection, &mailbox)) {
		is_known = is_known && mailbox != NULL;
		if (mailbox == NULL)
			continue;
		sendas_oauth2_digest_add(digest, mailbox, strlen(mailbox));
		sendas_oauth2_digest_add(digest, "\n", 1);
	}
	sendas_selection_rewind(selection);
	hex = sendas_oauth2_digest_finish(digest);
	if (is_known)
		return hex;
	free(hex);
	return NULL;
}

/* "taro@example.com hanako@example.com", or "list.csv: 120 mailboxes". */
static char *
describe_selection(
    const struct sendas_record_asked *asked, struct sendas_selection *selection)
{
	size_t count = sendas_selection_count(selection);
	struct sendas_buf text;
	const char *mailbox;

	if (asked->users != NULL)
		return sendas_xasprintf(
		    ngettext("%s: %zu mailbox", "%s: %zu mailboxes", count),
		    asked->users, count);
	if (count > NAMED_MAILBOXES)
		return sendas_xasprintf(
		    ngettext("%zu mailbox", "%zu mailboxes", count), count);
	sendas_buf_init(&text, SENDAS_LIMIT_RECORD_BYTES);
	while (sendas_selection_next(selection, &mailbox)) {
		if (text.len > 0)
			sendas_buf_add_text(&text, " ");
		sendas_buf_add_text(&text,
		    mailbox != NULL ? mailbox
				    : _("the mailbox of the sign-in"));
	}
	sendas_selection_rewind(selection);
	return sendas_buf_take(&text);
}

void
sendas_record_fill(const struct sendas_record_asked *asked,
    const struct sendas_credentials *credentials,
    const struct sendas_policy *policy, struct sendas_selection *selection,
    struct sendas_journal_run *out)
{
	memset(out, 0, sizeof(*out));
	out->os_user = get_user();
	out->host = get_host();
	out->version = sendas_xstrdup(VERSION);
	out->identity = sendas_xstrdup(identity_of(credentials));
	out->scopes = sendas_xstrdup(SENDAS_SEND_AS_SCOPE);
	if (selection != NULL) {
		out->selection = describe_selection(asked, selection);
		out->selection_sha256 =
		    sendas_record_selection_sha256(selection);
	}
	out->policy = sendas_xstrdup(
	    asked->policy != NULL ? asked->policy : policy->name);
	out->policy_sha256 = sendas_record_policy_sha256(policy);
	out->options = sendas_xstrdup(asked->options);
	out->ticket = sendas_xstrdup(asked->ticket);
	out->approved_by = sendas_xstrdup(asked->approved_by);
}
