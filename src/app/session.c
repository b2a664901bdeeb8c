/* SPDX-License-Identifier: Apache-2.0 */
/*
 * session.c: the calls to one mailbox, each with a bearer, a second try when
 * that is not taken, and the guard that the right mailbox answers.
 */
#include "sendas/session.h"

#include <stdlib.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"

/* One call, until its answer. */
struct session {
	struct sendas_run *run;
	char *mailbox; /* NULL: whoever the token is for */
	char *address; /* of a patch; NULL for a list */
	struct sendas_send_as_patch patch;
	sendas_send_as_list_fn *list_fn;
	sendas_send_as_patch_fn *patch_fn;
	void *ctx;
	bool is_second_try;
};

static void
finish(struct session *session, struct sendas_mailbox *mailbox,
    const struct sendas_error *err)
{
	if (session->list_fn != NULL)
		session->list_fn(session->ctx, mailbox, err);
	else
		session->patch_fn(session->ctx, err);
	free(session->mailbox);
	free(session->address);
	free(session);
}

static void send_with_bearer(void *ctx, const struct sendas_secret *bearer,
    const struct sendas_error *err);

static void
ask_for_bearer(struct session *session)
{
	sendas_auth_get_bearer(session->run->auth,
	    session->mailbox != NULL ? session->mailbox : "", send_with_bearer,
	    session);
}

/* True when the call was begun again with a new token. A PATCH that got a
 * 401 was not done, so it may be sent again. */
static bool
try_again(struct session *session, const struct sendas_error *err)
{
	if (err->code != SENDAS_ERR_UNAUTHORIZED || session->is_second_try)
		return false;
	session->is_second_try = true;
	if (!sendas_auth_renew(session->run->auth,
		session->mailbox != NULL ? session->mailbox : ""))
		return false;
	ask_for_bearer(session);
	return true;
}

static void
listed(
    void *ctx, struct sendas_mailbox *mailbox, const struct sendas_error *err)
{
	struct session *session = ctx;
	struct sendas_error own;

	if (err != NULL && try_again(session, err))
		return;
	if (mailbox != NULL && session->mailbox != NULL &&
	    !sendas_text_equal_fold(mailbox->mailbox, session->mailbox)) {
		sendas_fail(&own, SENDAS_ERR_WRONG_MAILBOX,
		    _("%s was asked for, but the mailbox of %s answered. "
		      "Nothing was judged or changed."),
		    session->mailbox, mailbox->mailbox);
		sendas_mailbox_free(mailbox);
		mailbox = NULL;
		err = &own;
	}
	finish(session, mailbox, err);
}

static void
patched(void *ctx, const struct sendas_error *err)
{
	struct session *session = ctx;

	if (err != NULL && try_again(session, err))
		return;
	finish(session, NULL, err);
}

static void
send_with_bearer(void *ctx, const struct sendas_secret *bearer,
    const struct sendas_error *err)
{
	struct session *session = ctx;

	if (bearer == NULL) {
		if (err->code != SENDAS_ERR_MAILBOX)
			session->run->has_token_trouble = true;
		finish(session, NULL, err);
		return;
	}
	session->run->has_bearer = true;
	if (session->list_fn != NULL)
		sendas_send_as_list(
		    &session->run->api, bearer, listed, session);
	else
		sendas_send_as_patch(&session->run->api, bearer,
		    session->address, &session->patch, patched, session);
}

static struct session *
new_session(struct sendas_run *run, const char *mailbox, void *ctx)
{
	struct session *session = sendas_xcalloc(1, sizeof(*session));

	session->run = run;
	session->mailbox = sendas_xstrdup(mailbox);
	session->ctx = ctx;
	return session;
}

void
sendas_session_list(struct sendas_run *run, const char *mailbox,
    sendas_send_as_list_fn *fn, void *ctx)
{
	struct session *session = new_session(run, mailbox, ctx);

	session->list_fn = fn;
	ask_for_bearer(session);
}

void
sendas_session_patch(struct sendas_run *run, const char *mailbox,
    const char *address, const struct sendas_send_as_patch *patch,
    sendas_send_as_patch_fn *fn, void *ctx)
{
	struct session *session = new_session(run, mailbox, ctx);

	session->address = sendas_xstrdup(address);
	session->patch = *patch;
	session->patch_fn = fn;
	ask_for_bearer(session);
}
