/* SPDX-License-Identifier: Apache-2.0 */
/*
 * endpoints.c: where Google's services are. Nothing else in the program
 * holds one of these addresses.
 */
#include "sendas/endpoints.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"

#define GMAIL_URL "https://gmail.googleapis.com/"
#define TOKEN_URL "https://oauth2.googleapis.com/token"

void
sendas_endpoints_init(struct sendas_endpoints *endpoints)
{
	memset(endpoints, 0, sizeof(*endpoints));
	endpoints->gmail = sendas_xstrdup(GMAIL_URL);
	endpoints->token = sendas_xstrdup(TOKEN_URL);
}

void
sendas_endpoints_clear(struct sendas_endpoints *endpoints)
{
	free(endpoints->gmail);
	free(endpoints->token);
	memset(endpoints, 0, sizeof(*endpoints));
}

/* https, a host, and nothing that would change what is appended to it or
 * send a name and password along. */
static bool
is_plain_https(const char *url)
{
	static const char scheme[] = "https://";
	const char *host = url + sizeof(scheme) - 1;

	if (strncasecmp(url, scheme, sizeof(scheme) - 1) != 0)
		return false;
	if (*host == '\0' || *host == '/')
		return false;
	for (const char *c = host; *c != '\0'; c++) {
		if (*c <= ' ' || *c >= 0x7f || strchr("?#@\\", *c) != NULL)
			return false;
	}
	return true;
}

enum sendas_status
sendas_endpoints_replace(struct sendas_endpoints *endpoints,
    const char *name_and_url, struct sendas_error *err)
{
	const char *url = strchr(name_and_url, '=');
	size_t name_len;

	if (url == NULL)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--endpoint wants NAME=URL, not \"%s\""), name_and_url);
	name_len = (size_t)(url - name_and_url);
	url++;
	if (!is_plain_https(url))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("--endpoint: \"%s\" is not a plain https address"), url);
	if (name_len == 5 && memcmp(name_and_url, "gmail", 5) == 0) {
		free(endpoints->gmail);
		endpoints->gmail = sendas_xasprintf(
		    "%s%s", url, url[strlen(url) - 1] == '/' ? "" : "/");
		endpoints->is_gmail_replaced = true;
		return SENDAS_OK;
	}
	if (name_len == 5 && memcmp(name_and_url, "token", 5) == 0) {
		free(endpoints->token);
		endpoints->token = sendas_xstrdup(url);
		endpoints->is_token_replaced = true;
		return SENDAS_OK;
	}
	return sendas_fail(err, SENDAS_ERR_USAGE,
	    _("--endpoint: \"%.*s\" is not one of gmail, token"), (int)name_len,
	    name_and_url);
}
