/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials_find.h: where credentials are when nobody says it: the places
 * that Google's own tools use, and the two of this program.
 */
#ifndef SENDAS_CREDENTIALS_FIND_H
#define SENDAS_CREDENTIALS_FIND_H

#include "sendas/credentials.h"
#include "sendas/error.h"
#include "sendas/token_store.h"

/* Where credentials came from. */
enum sendas_credentials_place {
	SENDAS_CREDENTIALS_GIVEN = 0, /* --credentials */
	SENDAS_CREDENTIALS_VARIABLE, /* GOOGLE_APPLICATION_CREDENTIALS */
	SENDAS_CREDENTIALS_SERVICE, /* systemd's $CREDENTIALS_DIRECTORY */
	SENDAS_CREDENTIALS_CONFIG, /* $XDG_CONFIG_HOME/sendas */
	SENDAS_CREDENTIALS_STORE, /* signed in with sendas login */
	SENDAS_CREDENTIALS_GCLOUD, /* application default credentials */
};

/*
 * Loads the credentials of the first place that has some:
 *   1. `given` (or NULL);
 *   2. the file that GOOGLE_APPLICATION_CREDENTIALS names;
 *   3. $CREDENTIALS_DIRECTORY/sendas.json (systemd.exec(5), LoadCredential=);
 *   4. $XDG_CONFIG_HOME/sendas/credentials.json (~/.config when not set);
 *   5. a sign-in of token_store.h: that of `mailbox`, or the only one when
 *      that is NULL;
 *   6. $CLOUDSDK_CONFIG/application_default_credentials.json
 *      (~/.config/gcloud when not set;
 *      https://cloud.google.com/docs/authentication/application-default-credentials).
 * An OAuth client in one of the first four says that a person signs in, so the
 * sign-ins come next. A file that is there and cannot be used is an error, not
 * a reason to look further: another one might be somebody else's. *place is
 * set when a file was found, also when it is refused. Errors: those of
 * sendas_credentials_load() and token_store.h; SENDAS_ERR_CREDENTIALS when no
 * place has any, with the places, or when `mailbox` is not signed in;
 * SENDAS_ERR_USAGE when several are and `mailbox` does not say which.
 */
enum sendas_status sendas_credentials_find(const char *given,
    const char *mailbox, struct sendas_credentials *out,
    enum sendas_credentials_place *place,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * Loads the OAuth client for a sign-in: `given`, or the first of places 2 to 4
 * that has one; what else stands there is for other commands. Errors: those of
 * sendas_credentials_load(); SENDAS_ERR_CREDENTIALS when `given` is something
 * else, or there is none, with what to do.
 */
enum sendas_status sendas_credentials_find_client(const char *given,
    struct sendas_credentials *out, enum sendas_credentials_place *place,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * Which sign-in of a list is meant, borrowed from it: that of `mailbox`, or the
 * only one when that is NULL. The list is not empty. Errors: SENDAS_ERR_USAGE:
 * which of several; SENDAS_ERR_CREDENTIALS: `mailbox` is not among them.
 */
enum sendas_status sendas_credentials_choose(
    const struct sendas_token_store_list *list, const char *mailbox,
    const char **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* What led to a place: "--credentials", the name of a variable (also where
 * its folder in the home folder was taken), "sendas login" or "gcloud";
 * static. */
const char *sendas_credentials_place_name(enum sendas_credentials_place place);

#endif
