/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials_find.c: the places where credentials are looked for, in their
 * order. What is in a file is credentials.c's business.
 */
#include "sendas/credentials_find.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sendas/buf.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/text.h"

/* A place is a file below the folder that a variable names, or else below
 * one in the home folder. */
struct place {
	enum sendas_credentials_place place;
	const char *variable;
	const char *in_home; /* in its stead; NULL: nowhere */
	const char *file; /* NULL: the variable names the file itself */
	const char *name; /* for people */
};

static const struct place places[] = {
    {SENDAS_CREDENTIALS_VARIABLE, "GOOGLE_APPLICATION_CREDENTIALS", NULL, NULL,
	"GOOGLE_APPLICATION_CREDENTIALS"},
    {SENDAS_CREDENTIALS_SERVICE, "CREDENTIALS_DIRECTORY", NULL, "sendas.json",
	"CREDENTIALS_DIRECTORY"},
    {SENDAS_CREDENTIALS_CONFIG, "XDG_CONFIG_HOME", ".config",
	"sendas/credentials.json", "XDG_CONFIG_HOME"},
    {SENDAS_CREDENTIALS_STORE, NULL, NULL, NULL, "sendas login"},
    {SENDAS_CREDENTIALS_GCLOUD, "CLOUDSDK_CONFIG", ".config/gcloud",
	"application_default_credentials.json", "gcloud"},
};

#define PLACES (sizeof(places) / sizeof(places[0]))

static const char *
variable_value(const char *name)
{
	const char *value = getenv(name);

	return value != NULL && value[0] != '\0' ? value : NULL;
}

/* The path of a place, which the caller frees; NULL when the environment
 * leads nowhere. */
static char *
path_of(const struct place *place)
{
	const char *value = variable_value(place->variable);
	const char *home = variable_value("HOME");

	if (value != NULL && place->file == NULL)
		return sendas_xstrdup(value);
	if (value != NULL)
		return sendas_xasprintf("%s/%s", value, place->file);
	if (place->in_home == NULL || home == NULL)
		return NULL;
	return sendas_xasprintf("%s/%s/%s", home, place->in_home, place->file);
}

/* A variable that names a file means it; in a folder it may be absent. */
static bool
has_file(const struct place *place, const char *path)
{
	return place->file == NULL || access(path, F_OK) == 0;
}

static enum sendas_status
tell_places(const char *mailbox, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("nothing to sign in with. An administrator gives the key of a "
	      "service account: --credentials FILE, or in "
	      "GOOGLE_APPLICATION_CREDENTIALS, or as "
	      "~/.config/sendas/credentials.json. A person signs in with: "
	      "sendas login%s%s. Without either: sendas audit --ask"),
	    mailbox != NULL ? " " : "", mailbox != NULL ? mailbox : "");
}

/* What the file of a place holds; *is_there tells whether it has one. */
static enum sendas_status
load_place(const struct place *place, struct sendas_credentials *out,
    bool *is_there, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;
	char *path = path_of(place);

	*is_there = path != NULL && has_file(place, path);
	if (*is_there)
		status = sendas_credentials_load(path, out, err);
	free(path);
	return status;
}

/* "a@example.com, b@example.com"; the caller frees it. */
static char *
join(const struct sendas_token_store_list *list)
{
	struct sendas_buf names;

	sendas_buf_init(
	    &names, list->count * (SENDAS_LIMIT_ADDRESS_BYTES + 2) + 1);
	for (size_t i = 0; i < list->count; i++)
		sendas_buf_printf(
		    &names, "%s%s", i > 0 ? ", " : "", list->mailboxes[i]);
	return sendas_buf_take(&names);
}

enum sendas_status
sendas_credentials_choose(const struct sendas_token_store_list *list,
    const char *mailbox, const char **out, struct sendas_error *err)
{
	enum sendas_status status;
	char *names;

	for (size_t i = 0; i < list->count; i++) {
		*out = list->mailboxes[i];
		if (mailbox == NULL ? list->count == 1
				    : sendas_text_equal_fold(*out, mailbox))
			return SENDAS_OK;
	}
	names = join(list);
	if (mailbox == NULL)
		status = sendas_fail(err, SENDAS_ERR_USAGE,
		    _("which mailbox? Several are signed in: %.600s. Give one "
		      "of them after the command (doctor: with --mailbox)."),
		    names);
	else
		status = sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("%s is not signed in; signed in: %.500s (sendas login "
		      "adds one)"),
		    mailbox, names);
	free(names);
	return status;
}

/* The sign-in that is meant; *is_there tells whether there is any at all. */
static enum sendas_status
load_sign_in(const char *mailbox, struct sendas_credentials *out,
    bool *is_there, struct sendas_error *err)
{
	struct sendas_token_store_list list;
	enum sendas_status status = sendas_token_store_list(&list, err);
	const char *chosen;

	*is_there = true;
	if (status != SENDAS_OK)
		return status;
	*is_there = list.count > 0;
	if (list.count > 0)
		status =
		    sendas_credentials_choose(&list, mailbox, &chosen, err);
	if (list.count > 0 && status == SENDAS_OK)
		status = sendas_token_store_load(chosen, out, err);
	sendas_token_store_list_clear(&list);
	return status;
}

/* A client was found, but nobody has signed in with it. */
static enum sendas_status
refuse_client(struct sendas_credentials *client, const char *mailbox,
    struct sendas_error *err)
{
	sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("nobody is signed in. %s is an OAuth client, with which one "
	      "signs in: sendas login%s%s"),
	    client->origin, mailbox != NULL ? " " : "",
	    mailbox != NULL ? mailbox : "");
	sendas_credentials_clear(client);
	return SENDAS_ERR_CREDENTIALS;
}

static enum sendas_status
find_sign_in(const char *mailbox, struct sendas_credentials *out,
    enum sendas_credentials_place *place, struct sendas_error *err)
{
	struct sendas_credentials client = *out;
	enum sendas_status status;
	bool is_there;

	memset(out, 0, sizeof(*out));
	status = load_sign_in(mailbox, out, &is_there, err);
	if (!is_there)
		return refuse_client(&client, mailbox, err);
	*place = SENDAS_CREDENTIALS_STORE;
	sendas_credentials_clear(&client);
	return status;
}

enum sendas_status
sendas_credentials_find(const char *given, const char *mailbox,
    struct sendas_credentials *out, enum sendas_credentials_place *place,
    struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;
	bool is_there = given != NULL;

	*place = SENDAS_CREDENTIALS_GIVEN;
	if (given != NULL)
		status = sendas_credentials_load(given, out, err);
	for (size_t i = 0; i < PLACES && !is_there; i++) {
		if (places[i].place == SENDAS_CREDENTIALS_STORE)
			status = load_sign_in(mailbox, out, &is_there, err);
		else
			status = load_place(&places[i], out, &is_there, err);
		if (is_there)
			*place = places[i].place;
	}
	if (!is_there)
		return tell_places(mailbox, err);
	if (status == SENDAS_OK && out->kind == SENDAS_CREDENTIALS_CLIENT)
		return find_sign_in(mailbox, out, place, err);
	return status;
}

/* `other` is a file that was found and is none, or NULL. */
static enum sendas_status
refuse_no_client(const char *given, const char *other, struct sendas_error *err)
{
	if (other != NULL)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("%.300s is no OAuth client, and nobody signs in with it. "
		      "Leave it as it is; give the client's file with "
		      "--credentials FILE. doc/google-cloud.md shows how to "
		      "make one. Without one: sendas audit --ask"),
		    other);
	if (given != NULL)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("%s: with this nobody signs in at a browser. That takes "
		      "an OAuth client of the type \"Desktop app\"; "
		      "doc/google-cloud.md shows how to make one"),
		    given);
	return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("to sign in takes an OAuth client of the type \"Desktop app\", "
	      "which somebody makes once in the Google Cloud console "
	      "(doc/google-cloud.md shows how): --credentials FILE, or as "
	      "~/.config/sendas/credentials.json. Without one: sendas audit "
	      "--ask"));
}

enum sendas_status
sendas_credentials_find_client(const char *given,
    struct sendas_credentials *out, enum sendas_credentials_place *place,
    struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;
	bool is_there = given != NULL;
	char *other = NULL;

	*place = SENDAS_CREDENTIALS_GIVEN;
	if (given != NULL)
		status = sendas_credentials_load(given, out, err);
	for (size_t i = 0; i < PLACES && !is_there &&
	     places[i].place != SENDAS_CREDENTIALS_STORE;
	     i++) {
		status = load_place(&places[i], out, &is_there, err);
		if (is_there)
			*place = places[i].place;
		if (is_there && status == SENDAS_OK &&
		    out->kind != SENDAS_CREDENTIALS_CLIENT) {
			free(other);
			other = sendas_xstrdup(out->origin);
			sendas_credentials_clear(out);
			is_there = false;
		}
	}
	if (status == SENDAS_OK &&
	    (!is_there || out->kind != SENDAS_CREDENTIALS_CLIENT)) {
		if (is_there)
			sendas_credentials_clear(out);
		status = refuse_no_client(given, other, err);
	}
	free(other);
	return status;
}

/* A variable that is not set has led nowhere. */
static const char *
name_of(const struct place *place)
{
	if (place->place == SENDAS_CREDENTIALS_CONFIG &&
	    variable_value(place->variable) == NULL)
		return "~/.config";
	return place->name;
}

const char *
sendas_credentials_place_name(enum sendas_credentials_place place)
{
	for (size_t i = 0; i < PLACES; i++) {
		if (places[i].place == place)
			return name_of(&places[i]);
	}
	return "--credentials";
}
