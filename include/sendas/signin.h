/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signin.h: signing in as a person, and out again: the browser, the mailbox
 * that it is for, and what is kept of it.
 */
#ifndef SENDAS_SIGNIN_H
#define SENDAS_SIGNIN_H

#include <signal.h>
#include "sendas/endpoints.h"
#include "sendas/error.h"
#include "sendas/token_store.h"
#include "sendas/ui.h"

/* All borrowed. */
struct sendas_signin_options {
	const char *client; /* the file of the OAuth client to sign in with;
	                       NULL: it is looked for */
	const struct sendas_endpoints *endpoints;
	const char *mailbox; /* the one that is meant; NULL: whichever */
	const char *ca_file; /* or NULL */
	long timeout_ms; /* of one request; 0: the default */
	long wait_sec; /* for the person; 0: SENDAS_LIMIT_SIGN_IN_SEC */
	const volatile sig_atomic_t *stop;
	const struct sendas_signin_ui *ui; /* not needed to sign out */
};

/* Who is signed in: sendas_token_store_list(). */
enum sendas_status sendas_signin_list(struct sendas_token_store_list *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_signin_list_clear(struct sendas_token_store_list *list);

/*
 * Signs in: shows the page, waits for the browser or a paste, learns from
 * sendAs.list whose mailbox it is, and keeps the sign-in. *mailbox is the
 * caller's. The browser's page says what came of it, as does the error:
 * SENDAS_ERR_NOBODY (not allowed, or nobody came in time), SENDAS_ERR_SCOPE (a
 * box without its tick), SENDAS_ERR_WRONG_MAILBOX, SENDAS_ERR_CANCELLED,
 * SENDAS_ERR_FILE (it could not be kept), SENDAS_ERR_CREDENTIALS (the client:
 * sendas_credentials_find_client()), and those of token.h, http.h and
 * send_as.h. Then nothing is kept.
 */
enum sendas_status sendas_signin_run(
    const struct sendas_signin_options *options, char **mailbox,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * Signs options->mailbox out, or the only one: has Google take the sign-in back
 * (RFC 7009), and deletes it here in any case. *mailbox is whose it was, the
 * caller's, or NULL: nobody is signed in. When Google could not be told, *left
 * holds why; else its code is SENDAS_OK. Errors: SENDAS_ERR_USAGE: which one, or
 * there is none of that name; SENDAS_ERR_FILE: it is still here.
 */
enum sendas_status sendas_signin_out(
    const struct sendas_signin_options *options, char **mailbox,
    struct sendas_error *left, struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
