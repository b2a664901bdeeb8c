/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials_find.c: the places where credentials are looked for, in their
 * order. What is in a file is credentials.c's business.
 */
#include "sendas/credentials_find.h"

#include <stdlib.h>
#include <unistd.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"

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
tell_places(struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("nothing to sign in with. An administrator gives the key of a "
	      "service account: --credentials FILE, or in "
	      "GOOGLE_APPLICATION_CREDENTIALS, or as "
	      "~/.config/sendas/credentials.json. Without one, settings "
	      "copied from Google can be judged: sendas audit --from FILE"));
}

enum sendas_status
sendas_credentials_find(const char *given, struct sendas_credentials *out,
    enum sendas_credentials_place *place, struct sendas_error *err)
{
	enum sendas_status status;
	char *path;

	*place = SENDAS_CREDENTIALS_GIVEN;
	if (given != NULL)
		return sendas_credentials_load(given, out, err);
	for (size_t i = 0; i < PLACES; i++) {
		path = path_of(&places[i]);
		if (path == NULL || !has_file(&places[i], path)) {
			free(path);
			continue;
		}
		*place = places[i].place;
		status = sendas_credentials_load(path, out, err);
		free(path);
		return status;
	}
	return tell_places(err);
}

const char *
sendas_credentials_place_name(enum sendas_credentials_place place)
{
	for (size_t i = 0; i < PLACES; i++) {
		if (places[i].place == place)
			return places[i].name;
	}
	return "--credentials";
}
