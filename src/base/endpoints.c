/* SPDX-License-Identifier: Apache-2.0 */
/*
 * endpoints.c: where Google's services are. Nothing else in the program
 * holds one of these addresses.
 */
#include "sendas/endpoints.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"

/* One endpoint: its name for --endpoint, and where it stands in the struct. */
struct row {
	const char *name;
	const char *url;
	size_t offset; /* of the URL */
	size_t flag_offset; /* of whether it was replaced */
	bool is_base; /* other paths are appended to it */
	const char *telling; /* printf's format */
};

#define FIELD(name) offsetof(struct sendas_endpoints, name)

static const struct row rows[] = {
    {"gmail", "https://gmail.googleapis.com/", FIELD(gmail),
	FIELD(is_gmail_replaced), true,
	N_("instead of Google's Gmail API: %s")},
    {"token", "https://oauth2.googleapis.com/token", FIELD(token),
	FIELD(is_token_replaced), false,
	N_("instead of Google's token endpoint: %s")},
    {"authorize", "https://accounts.google.com/o/oauth2/v2/auth",
	FIELD(authorize), FIELD(is_authorize_replaced), false,
	N_("instead of Google's sign-in page: %s")},
    {"revoke", "https://oauth2.googleapis.com/revoke", FIELD(revoke),
	FIELD(is_revoke_replaced), false,
	N_("instead of Google's address for taking a sign-in back: %s")},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static char **
url_of(struct sendas_endpoints *endpoints, const struct row *row)
{
	return (char **)(void *)((char *)endpoints + row->offset);
}

static bool *
flag_of(struct sendas_endpoints *endpoints, const struct row *row)
{
	return (bool *)(void *)((char *)endpoints + row->flag_offset);
}

void
sendas_endpoints_init(struct sendas_endpoints *endpoints)
{
	memset(endpoints, 0, sizeof(*endpoints));
	for (size_t i = 0; i < ROWS; i++)
		*url_of(endpoints, &rows[i]) = sendas_xstrdup(rows[i].url);
}

void
sendas_endpoints_clear(struct sendas_endpoints *endpoints)
{
	for (size_t i = 0; i < ROWS; i++)
		free(*url_of(endpoints, &rows[i]));
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

static void
replace(
    struct sendas_endpoints *endpoints, const struct row *row, const char *url)
{
	bool has_slash = url[strlen(url) - 1] == '/';
	char **field = url_of(endpoints, row);

	free(*field);
	*field = sendas_xasprintf(
	    "%s%s", url, row->is_base && !has_slash ? "/" : "");
	*flag_of(endpoints, row) = true;
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
	for (size_t i = 0; i < ROWS; i++) {
		if (strlen(rows[i].name) == name_len &&
		    memcmp(name_and_url, rows[i].name, name_len) == 0) {
			replace(endpoints, &rows[i], url);
			return SENDAS_OK;
		}
	}
	return sendas_fail(err, SENDAS_ERR_USAGE,
	    _("--endpoint: \"%.*s\" is not one of gmail, token, authorize, "
	      "revoke"),
	    (int)name_len, name_and_url);
}

char *
sendas_endpoints_tell(const struct sendas_endpoints *endpoints, size_t index)
{
	struct sendas_endpoints copy = *endpoints; /* only read */

	for (size_t i = 0; i < ROWS; i++) {
		if (!*flag_of(&copy, &rows[i]))
			continue;
		if (index == 0)
			return sendas_xasprintf(
			    gettext(rows[i].telling), *url_of(&copy, &rows[i]));
		index--;
	}
	return NULL;
}
