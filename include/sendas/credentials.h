/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials.h: the files with which people sign in, recognised by what is
 * in them, not by their names.
 */
#ifndef SENDAS_CREDENTIALS_H
#define SENDAS_CREDENTIALS_H

#include <stdbool.h>
#include "sendas/error.h"
#include "sendas/secret.h"

enum sendas_credentials_kind {
	SENDAS_CREDENTIALS_NONE = 0,
	SENDAS_CREDENTIALS_SERVICE_ACCOUNT, /* a key with delegation */
	SENDAS_CREDENTIALS_ACCESS_TOKEN, /* a token from elsewhere */
	SENDAS_CREDENTIALS_AUTHORIZED_USER, /* a person's sign-in, stored */
	SENDAS_CREDENTIALS_CLIENT, /* a program with which one can sign in */
};

struct sendas_credentials {
	enum sendas_credentials_kind kind;
	char *origin; /* the path, for messages */
	/* Of a service account, the number that the super admin needs, or
	 * NULL; of a person's sign-in, the client's id: */
	char *client_id;
	/* Of a service account: */
	char *client_email;
	char *key_id; /* or NULL */
	struct sendas_secret private_key; /* PEM */
	/* Of a client (with client_id), and of a person's sign-in: */
	struct sendas_secret client_secret; /* may be unset */
	/* Of a person's sign-in: */
	struct sendas_secret refresh_token;
	char *mailbox; /* whose it is; NULL: the file does not say */
	char *scope; /* what was granted, separated by spaces; or NULL */
	bool is_stored; /* by this program, which keeps it up to date */
	/* Of an access token: */
	struct sendas_secret access_token;
};

/*
 * Loads a credentials file. Errors: SENDAS_ERR_FILE, SENDAS_ERR_CREDENTIALS:
 * others can read it, it is no JSON, a member is missing (named), or it is of
 * a kind that cannot be used here (the message says what can).
 */
enum sendas_status sendas_credentials_load(const char *path,
    struct sendas_credentials *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* The same from text. */
enum sendas_status sendas_credentials_parse(const char *text, size_t len,
    const char *origin, struct sendas_credentials *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Reads an access token from a descriptor, and closes that. */
enum sendas_status sendas_credentials_read_token(int fd,
    struct sendas_credentials *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Whether they are a person's, with one mailbox of their own; a service
 * account has none, and acts for many. */
bool sendas_credentials_is_person(const struct sendas_credentials *credentials);

/* Wipes and frees; may be called twice. */
void sendas_credentials_clear(struct sendas_credentials *credentials);

#endif
