/* SPDX-License-Identifier: Apache-2.0 */
/*
 * assertion.c: the claims of a service account's assertion, and their
 * signature through oauth2_glue. It asks no clock and sends nothing.
 */
#include "sendas/assertion.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/text.h"

/* The longest that Google accepts. */
#define LIFETIME_SEC 3600

/* The claims as JSON; the caller frees it. */
static char *
format_claims(const struct sendas_assertion *what)
{
	struct sendas_json_value *claims = sendas_json_new_object();
	char *text;

	sendas_json_set_string(claims, "iss", what->issuer);
	sendas_json_set_string(claims, "sub", what->subject);
	sendas_json_set_string(claims, "scope", what->scope);
	sendas_json_set_string(claims, "aud", what->audience);
	sendas_json_set_int(claims, "iat", (long)what->issued_at);
	sendas_json_set_int(
	    claims, "exp", (long)what->issued_at + LIFETIME_SEC);
	text = sendas_json_format(claims);
	sendas_json_value_free(claims);
	return text;
}

enum sendas_status
sendas_assertion_sign(const struct sendas_assertion *what,
    const struct sendas_oauth2_key *key, struct sendas_secret *out,
    struct sendas_error *err)
{
	enum sendas_status status;
	char *claims;

	/* Without `sub` Google hands out a token for the service account
	 * itself, which has no mailbox: the Gmail API would then fail with
	 * a riddle ("Precondition check failed"). */
	if (what->subject == NULL || what->subject[0] == '\0')
		return sendas_fail_reason(err, SENDAS_ERR_MAILBOX,
		    SENDAS_REASON_BAD_SUBJECT,
		    _("The mailbox has no name; give its whole address"));
	if (!sendas_text_is_utf8(what->subject, strlen(what->subject)))
		return sendas_fail_reason(err, SENDAS_ERR_MAILBOX,
		    SENDAS_REASON_BAD_SUBJECT,
		    _("The mailbox's name is not UTF-8 text; save the list of "
		      "mailboxes as UTF-8"));
	claims = format_claims(what);
	status = sendas_oauth2_sign_jwt(key, what->key_id, claims, out, err);
	free(claims);
	return status;
}
