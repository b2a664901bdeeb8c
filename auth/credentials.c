/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials.c: what a credentials file is, told by its content, and what
 * can be used of it. Whatever cannot be used is refused with the way out. It
 * opens no connection, and no message of it holds a secret.
 */
#include "sendas/credentials.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/text.h"

#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* Where Google's key files send assertions, now and formerly. The endpoint
 * in use does not come from the file; but a file that names another one was
 * made for something else, or by somebody else. */
static const char *const token_uris[] = {
    "https://oauth2.googleapis.com/token",
    "https://accounts.google.com/o/oauth2/token",
    "https://www.googleapis.com/oauth2/v4/token",
};

/* Where the file of a client sends a browser. */
static const char *const auth_uris[] = {
    "https://accounts.google.com/o/oauth2/auth",
    "https://accounts.google.com/o/oauth2/v2/auth",
};

/* A value of "type" that is not used, and what to do instead. */
struct refused_type {
	const char *type;
	const char *advice;
};

static const char stored_token[] = N_(
    "this is a personal sign-in that another program stored in a form of its "
    "own. Have that program print an access token (gcloud auth "
    "application-default print-access-token) and pipe it into: sendas audit "
    "--access-token-fd 0. Without any sign-in, settings copied from Google can "
    "be judged: sendas audit --from FILE");

static const char web_client[] =
    N_("this is an OAuth client of the type \"Web application\", with which "
       "nobody can sign in here. In the Google Cloud console make one of the "
       "type \"Desktop app\", and use its JSON file (doc/google-cloud.md)");

static const char federation[] =
    N_("this is a workload or workforce identity federation, which gives no "
       "token in a user's name. Use a key file (JSON) of a service account "
       "with domain-wide delegation");

static const struct refused_type refused_types[] = {
    {"impersonated_service_account",
	N_("this impersonates a service account, and Google gives no token in "
	   "a user's name that way. Use a key file (JSON) of that service "
	   "account itself")},
    {"external_account", federation},
    {"external_account_authorized_user", federation},
    {"gdch_service_account",
	N_("this is for Google Distributed Cloud, which has no Gmail. Use a "
	   "key file (JSON) of a service account in Google Cloud")},
};

/* A member by which a JSON file without "type" is known. */
static const struct refused_type refused_members[] = {
    {"web", web_client},
    {"refresh_token", stored_token},
    {"access_token", stored_token},
    {"sendAs",
	N_("this is an answer of the Gmail API, not credentials. Read it "
	   "with: sendas audit --from FILE")},
};

static const char download_json[] =
    N_("this is a key alone, which does not say whose it is. In Google "
       "Cloud open IAM & Admin > Service Accounts, choose the account, Keys "
       "> Add key > Create new key > JSON, and use that file");

static enum sendas_status
refuse(struct sendas_error *err, const char *origin, const char *advice)
{
	return sendas_fail(
	    err, SENDAS_ERR_CREDENTIALS, "%s: %s", origin, gettext(advice));
}

/* The advice for a word, or NULL. */
static const char *
find_advice(const struct refused_type *table, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(table[i].type, word) == 0)
			return table[i].advice;
	}
	return NULL;
}

/* Says what a JSON file without "type" seems to be. */
static enum sendas_status
refuse_untyped(const struct sendas_json *root, const char *origin,
    struct sendas_error *err)
{
	size_t count = sizeof(refused_members) / sizeof(refused_members[0]);

	for (size_t i = 0; i < count; i++) {
		struct sendas_json member =
		    sendas_json_member(root, refused_members[i].type);

		if (member.node != NULL)
			return refuse(err, origin, refused_members[i].advice);
	}
	return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("%s: this is JSON, but no credentials: \"type\" is missing. Use "
	      "a service account's key file as it was downloaded"),
	    origin);
}

static enum sendas_status
refuse_type(const char *type, const char *origin, struct sendas_error *err)
{
	const char *advice = find_advice(refused_types,
	    sizeof(refused_types) / sizeof(refused_types[0]), type);

	if (advice != NULL)
		return refuse(err, origin, advice);
	return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("%s: credentials of the type \"%.64s\" are not known here. Use "
	      "a service account's key file (JSON)"),
	    origin, type);
}

/* A member that is a string; *out stays NULL when it is absent. */
static enum sendas_status
read_string(const struct sendas_json *root, const char *key, const char *origin,
    const char **out, struct sendas_error *err)
{
	struct sendas_error trouble;

	if (sendas_json_read_string(root, key, out, &trouble) == SENDAS_OK)
		return SENDAS_OK;
	return sendas_fail(
	    err, SENDAS_ERR_CREDENTIALS, "%s: %s", origin, trouble.message);
}

/* The same for one that must be there. */
static enum sendas_status
require_string(const struct sendas_json *root, const char *key,
    const char *origin, const char **out, struct sendas_error *err)
{
	enum sendas_status status = read_string(root, key, origin, out, err);

	if (status != SENDAS_OK)
		return status;
	if (*out != NULL && (*out)[0] != '\0')
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("%s: \"%s\" is missing or empty; make the file again"), origin,
	    key);
}

/* A member that names an address of Google's, if it is there at all. */
static enum sendas_status
check_uri(const struct sendas_json *root, const char *key,
    const char *const *known, size_t count, const char *origin,
    struct sendas_error *err)
{
	const char *uri = known[0];
	enum sendas_status status = read_string(root, key, origin, &uri, err);

	if (status != SENDAS_OK)
		return status;
	for (size_t i = 0; i < count; i++)
		if (strcmp(uri, known[i]) == 0)
			return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("%s: \"%s\" is \"%.200s\", which is not Google's. Nothing was "
	      "sent there. Download the file again; for another endpoint use "
	      "--endpoint NAME=URL"),
	    origin, key, uri);
}

/* Sets a secret that may be absent. */
static void
set_optional(struct sendas_secret *secret, const char *text)
{
	if (text != NULL && *text != '\0')
		sendas_secret_set(secret, text, strlen(text));
}

/* The file must be Google's own in where it would send assertions. */
static enum sendas_status
check_destination(const struct sendas_json *root, const char *origin,
    struct sendas_error *err)
{
	const char *universe = "googleapis.com";
	enum sendas_status status;

	status = check_uri(root, "token_uri", token_uris,
	    sizeof(token_uris) / sizeof(token_uris[0]), origin, err);
	if (status == SENDAS_OK)
		status = read_string(
		    root, "universe_domain", origin, &universe, err);
	if (status != SENDAS_OK)
		return status;
	if (strcmp(universe, "googleapis.com") != 0)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("%s: \"universe_domain\" is \"%.100s\"; Gmail is only at "
		      "googleapis.com. Use a key file of that"),
		    origin, universe);
	return SENDAS_OK;
}

/* An address goes into messages and the assertion: no spaces or controls. */
static enum sendas_status
check_email(const char *email, const char *origin, struct sendas_error *err)
{
	const char *at = strchr(email, '@');
	bool is_good = at != NULL && at != email && at[1] != '\0' &&
	    strlen(email) <= SENDAS_LIMIT_ADDRESS_BYTES;

	for (const char *c = email; *c != '\0' && is_good; c++)
		is_good = *c > ' ' && *c < 0x7f;
	if (is_good)
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("%s: \"client_email\" is not an address; download the key file "
	      "again"),
	    origin);
}

static enum sendas_status
parse_service_account(const struct sendas_json *root, const char *origin,
    struct sendas_credentials *out, struct sendas_error *err)
{
	const char *email = NULL, *key = NULL, *key_id = NULL, *id = NULL;
	enum sendas_status status;

	status = require_string(root, "client_email", origin, &email, err);
	if (status == SENDAS_OK)
		status = check_email(email, origin, err);
	if (status == SENDAS_OK)
		status = require_string(root, "private_key", origin, &key, err);
	if (status == SENDAS_OK)
		status =
		    read_string(root, "private_key_id", origin, &key_id, err);
	if (status == SENDAS_OK)
		status = read_string(root, "client_id", origin, &id, err);
	if (status == SENDAS_OK)
		status = check_destination(root, origin, err);
	if (status != SENDAS_OK)
		return status;
	memset(out, 0, sizeof(*out));
	out->kind = SENDAS_CREDENTIALS_SERVICE_ACCOUNT;
	out->origin = sendas_xstrdup(origin);
	out->client_email = sendas_xstrdup(email);
	out->client_id = sendas_xstrdup(id);
	out->key_id = sendas_xstrdup(key_id);
	sendas_secret_set(&out->private_key, key, strlen(key));
	return SENDAS_OK;
}

/* What gcloud and Google's libraries keep of a person who signed in, and this
 * program too. A client need not have a secret (RFC 8252 section 8.5). */
static enum sendas_status
parse_authorized_user(const struct sendas_json *root, const char *origin,
    struct sendas_credentials *out, struct sendas_error *err)
{
	const char *id = NULL, *secret = NULL, *token = NULL;
	const char *mailbox = NULL, *scope = NULL;
	enum sendas_status status;

	status = require_string(root, "client_id", origin, &id, err);
	if (status == SENDAS_OK)
		status =
		    read_string(root, "client_secret", origin, &secret, err);
	if (status == SENDAS_OK)
		status =
		    require_string(root, "refresh_token", origin, &token, err);
	if (status == SENDAS_OK)
		status = read_string(root, "account", origin, &mailbox, err);
	if (status == SENDAS_OK)
		status = read_string(root, "scope", origin, &scope, err);
	if (status == SENDAS_OK)
		status = check_destination(root, origin, err);
	if (status != SENDAS_OK)
		return status;
	memset(out, 0, sizeof(*out));
	out->kind = SENDAS_CREDENTIALS_AUTHORIZED_USER;
	out->origin = sendas_xstrdup(origin);
	out->client_id = sendas_xstrdup(id);
	set_optional(&out->client_secret, secret);
	sendas_secret_set(&out->refresh_token, token, strlen(token));
	/* gcloud writes "account": "". */
	if (mailbox != NULL && *mailbox != '\0')
		out->mailbox = sendas_xstrdup(mailbox);
	out->scope = sendas_xstrdup(scope);
	return SENDAS_OK;
}

/* A client of the type "Desktop app", as Google's console hands it out. */
static enum sendas_status
parse_client(const struct sendas_json *installed, const char *origin,
    struct sendas_credentials *out, struct sendas_error *err)
{
	const char *id = NULL, *secret = NULL;
	enum sendas_status status;

	status = require_string(installed, "client_id", origin, &id, err);
	if (status == SENDAS_OK)
		status = read_string(
		    installed, "client_secret", origin, &secret, err);
	if (status == SENDAS_OK)
		status = check_uri(installed, "auth_uri", auth_uris,
		    sizeof(auth_uris) / sizeof(auth_uris[0]), origin, err);
	if (status == SENDAS_OK)
		status = check_destination(installed, origin, err);
	if (status != SENDAS_OK)
		return status;
	memset(out, 0, sizeof(*out));
	out->kind = SENDAS_CREDENTIALS_CLIENT;
	out->origin = sendas_xstrdup(origin);
	out->client_id = sendas_xstrdup(id);
	set_optional(&out->client_secret, secret);
	return SENDAS_OK;
}

/* A file without "type": of a client, or of something else. */
static enum sendas_status
parse_untyped(const struct sendas_json *root, const char *origin,
    struct sendas_credentials *out, struct sendas_error *err)
{
	struct sendas_json installed = sendas_json_member(root, "installed");

	if (sendas_json_is_object(&installed))
		return parse_client(&installed, origin, out, err);
	return refuse_untyped(root, origin, err);
}

static enum sendas_status
parse_json(const char *text, size_t len, const char *origin,
    struct sendas_credentials *out, struct sendas_error *err)
{
	struct sendas_json_doc *doc;
	struct sendas_error trouble;
	struct sendas_json root;
	const char *type = NULL;
	enum sendas_status status;

	if (sendas_json_parse(text, len, &doc, &trouble) != SENDAS_OK)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("%s: %s. Use the JSON file as it was downloaded from "
		      "Google "
		      "Cloud"),
		    origin, trouble.message);
	root = sendas_json_root(doc);
	status = read_string(&root, "type", origin, &type, err);
	if (status == SENDAS_OK) {
		if (type == NULL)
			status = parse_untyped(&root, origin, out, err);
		else if (strcmp(type, "service_account") == 0)
			status = parse_service_account(&root, origin, out, err);
		else if (strcmp(type, "authorized_user") == 0)
			status = parse_authorized_user(&root, origin, out, err);
		else
			status = refuse_type(type, origin, err);
	}
	sendas_json_doc_free(doc);
	return status;
}

/* DER: a SEQUENCE with a length in the long form, as PKCS#12 begins. No text
 * does: "0" and then a byte that is not ASCII. */
static bool
is_der(const char *text, size_t len)
{
	return len > 2 && (unsigned char)text[0] == 0x30 &&
	    (unsigned char)text[1] > 0x80;
}

/* PEM, whatever stands before it: at the start of a line, where it cannot be
 * in a JSON string. */
static bool
is_pem(const char *text, size_t len)
{
	static const char begin[] = "\n-----BEGIN ";
	size_t begin_len = sizeof(begin) - 1;

	return (len >= begin_len &&
		   memcmp(text, begin + 1, begin_len - 1) == 0) ||
	    memmem(text, len, begin, begin_len) != NULL;
}

/* An access token of Google's, or a JWT, and nothing else. */
static bool
is_token(const char *text, size_t len)
{
	return (len > 5 && memcmp(text, "ya29.", 5) == 0) ||
	    (len > 3 && memcmp(text, "eyJ", 3) == 0);
}

enum sendas_status
sendas_credentials_parse(const char *text, size_t len, const char *origin,
    struct sendas_credentials *out, struct sendas_error *err)
{
	static const char mark[] = BYTE_ORDER_MARK;
	size_t mark_len = sizeof(mark) - 1;

	/* Editors on Windows put a byte order mark before the text. */
	if (len >= mark_len && memcmp(text, mark, mark_len) == 0) {
		text += mark_len;
		len -= mark_len;
	}
	while (len > 0 && strchr(" \t\r\n", *text) != NULL && *text != '\0') {
		text++;
		len--;
	}
	if (len == 0)
		return refuse(err, origin, N_("the file is empty"));
	if (is_der(text, len) || is_pem(text, len))
		return refuse(err, origin, download_json);
	if (is_token(text, len))
		return refuse(err, origin,
		    N_("this is an access token, which --credentials does not "
		       "take. Hand it over like this: sendas audit "
		       "--access-token-fd 3 3<FILE"));
	return parse_json(text, len, origin, out, err);
}

enum sendas_status
sendas_credentials_load(
    const char *path, struct sendas_credentials *out, struct sendas_error *err)
{
	struct sendas_buf content;
	enum sendas_status status;

	status = sendas_file_read_private(
	    path, SENDAS_LIMIT_CREDENTIALS_BYTES, &content, err);
	if (status != SENDAS_OK)
		return status;
	status =
	    sendas_credentials_parse(content.data, content.len, path, out, err);
	sendas_buf_clear(&content);
	return status;
}

enum sendas_status
sendas_credentials_read_token(
    int fd, struct sendas_credentials *out, struct sendas_error *err)
{
	struct sendas_secret token = {0};
	enum sendas_status status;

	status = sendas_file_read_secret_fd(
	    fd, SENDAS_LIMIT_TOKEN_BYTES, &token, err);
	if (status != SENDAS_OK)
		return status;
	memset(out, 0, sizeof(*out));
	out->kind = SENDAS_CREDENTIALS_ACCESS_TOKEN;
	out->origin = sendas_xasprintf("--access-token-fd %d", fd);
	out->access_token = token;
	return SENDAS_OK;
}

bool
sendas_credentials_is_person(const struct sendas_credentials *credentials)
{
	return credentials->kind == SENDAS_CREDENTIALS_ACCESS_TOKEN ||
	    credentials->kind == SENDAS_CREDENTIALS_AUTHORIZED_USER;
}

void
sendas_credentials_clear(struct sendas_credentials *credentials)
{
	free(credentials->origin);
	free(credentials->client_email);
	free(credentials->client_id);
	free(credentials->key_id);
	free(credentials->mailbox);
	free(credentials->scope);
	sendas_secret_clear(&credentials->private_key);
	sendas_secret_clear(&credentials->client_secret);
	sendas_secret_clear(&credentials->refresh_token);
	sendas_secret_clear(&credentials->access_token);
	memset(credentials, 0, sizeof(*credentials));
}
