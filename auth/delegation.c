/* SPDX-License-Identifier: Apache-2.0 */
/*
 * delegation.c: the request for domain-wide delegation, as text and as a link
 * to the Admin console.
 */
#include "sendas/delegation.h"

#include <stdlib.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"

#define PAGE "https://admin.google.com/ac/owl/domainwidedelegation"
#define MAX_BYTES (64u * 1024)

char *
sendas_delegation_scopes(const char *scope)
{
	char *list = sendas_xstrdup(scope);

	for (char *c = list; *c != '\0'; c++) {
		if (*c == ' ')
			*c = ',';
	}
	return list;
}

char *
sendas_delegation_link(const char *client_id, const char *scope)
{
	char *scopes = sendas_delegation_scopes(scope);
	char *part = sendas_text_percent_encode(scopes);
	struct sendas_buf link;

	sendas_buf_init(&link, MAX_BYTES);
	sendas_buf_printf(&link, PAGE "?clientScopeToAdd=%s", part);
	free(part);
	if (client_id != NULL) {
		part = sendas_text_percent_encode(client_id);
		sendas_buf_printf(&link, "&clientIdToAdd=%s", part);
		free(part);
	}
	sendas_buf_add_text(&link, "&overwriteClientId=true");
	free(scopes);
	return sendas_buf_take(&link);
}

char *
sendas_delegation_request(
    const struct sendas_credentials *credentials, const char *scope)
{
	const char *client_id = credentials->client_id;
	char *scopes = sendas_delegation_scopes(scope);
	char *link = sendas_delegation_link(client_id, scope);
	struct sendas_buf text;

	sendas_buf_init(&text, MAX_BYTES);
	sendas_buf_printf(
	    &text, _("Service account: %s\n"), credentials->client_email);
	sendas_buf_printf(&text, _("Client ID: %s\n"),
	    client_id != NULL
		? client_id
		: _("the \"Unique ID\" of the account in the Cloud console"));
	sendas_buf_printf(&text, _("Scopes: %s\n"), scopes);
	sendas_buf_printf(&text, _("Page, filled in: %s\n"), link);
	sendas_buf_add_text(&text,
	    _("It takes up to 24 hours. Scopes that this client already has "
	      "must be added again: the page replaces them.\n"));
	sendas_buf_add_text(&text,
	    _("It holds for the whole domain: delegation cannot be confined "
	      "to an organisational unit. gmail.settings.basic cannot read "
	      "mail, but it can write settings in every mailbox, though "
	      "sendas audit never does: Google has no scope that only reads "
	      "them."));
	free(link);
	free(scopes);
	return sendas_buf_take(&text);
}
