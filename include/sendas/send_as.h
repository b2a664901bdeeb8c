/* SPDX-License-Identifier: Apache-2.0 */
/*
 * send_as.h: users.settings.sendAs of the Gmail API v1: list and patch.
 * https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.settings.sendAs
 * It is handed a bearer and never asks where that came from.
 */
#ifndef SENDAS_SEND_AS_H
#define SENDAS_SEND_AS_H

#include <stdbool.h>
#include "sendas/error.h"
#include "sendas/http.h"
#include "sendas/json.h"
#include "sendas/model.h"
#include "sendas/secret.h"

/* The one scope that list and patch need. It cannot read mail; it can
 * change settings: Google has no read-only scope for them. */
#define SENDAS_SEND_AS_SCOPE                                                   \
	"https://www.googleapis.com/auth/gmail.settings.basic"

/* Beside it, for what Google may one day not take with that one. */
#define SENDAS_SEND_AS_SHARING_SCOPE                                           \
	"https://www.googleapis.com/auth/gmail.settings.sharing"

/* Where to send; borrowed. */
struct sendas_send_as {
	struct sendas_http *http;
	const char *base_url; /* ends in a slash */
};

/* Gets the mailbox with its addresses, which it takes, or NULL and the
 * error (google_error.h and http.h list them). A list without a primary
 * address is SENDAS_ERR_ANSWER. The mailbox's name is the primary address:
 * whether it is the one that was meant is the caller's to compare. */
typedef void sendas_send_as_list_fn(
    void *ctx, struct sendas_mailbox *takes, const struct sendas_error *err);

/* Reads all send-as addresses of the bearer's mailbox; one quota unit. */
void sendas_send_as_list(const struct sendas_send_as *api,
    const struct sendas_secret *bearer, sendas_send_as_list_fn *fn, void *ctx);

/* Asks once without a bearer, to see whether the way there is open: any
 * answer says so, and it should be 401. */
void sendas_send_as_knock(
    const struct sendas_send_as *api, sendas_http_fn *fn, void *ctx);

/* smtpMsa, always whole: what Google makes of a part of it is not known. */
struct sendas_send_as_relay {
	const char *host; /* NULL: the relay is not written */
	long port;
	const char *security; /* "ssl" or "starttls" */
	const char *user;
	const struct sendas_secret *password;
};

/* The fields to write; what is not set here is not sent. */
struct sendas_send_as_patch {
	bool has_treat_as_alias, treat_as_alias;
	struct sendas_send_as_relay relay;
};

/* Gets NULL when Google took it, which does not mean that it was done. */
typedef void sendas_send_as_patch_fn(void *ctx, const struct sendas_error *err);

/* Writes to one address; 100 quota units. Never sent twice: whether a lost
 * one was done must be read. */
void sendas_send_as_patch(const struct sendas_send_as *api,
    const struct sendas_secret *bearer, const char *address,
    const struct sendas_send_as_patch *patch, sendas_send_as_patch_fn *fn,
    void *ctx);

/*
 * Reads {"sendAs":[...]} (a list's answer, {} is an empty one) or one SendAs
 * object, and adds the addresses to `mailbox`. Errors: SENDAS_ERR_INPUT with
 * the path.
 */
enum sendas_status sendas_send_as_read(const struct sendas_json *at,
    struct sendas_mailbox *mailbox, struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
