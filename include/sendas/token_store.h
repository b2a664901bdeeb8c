/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token_store.h: the sign-ins of this user, one file a mailbox, that nobody
 * else can read: $STATE_DIRECTORY, $XDG_STATE_HOME/sendas or
 * ~/.local/state/sendas, folder sign-ins.
 */
#ifndef SENDAS_TOKEN_STORE_H
#define SENDAS_TOKEN_STORE_H

#include <signal.h>
#include <stddef.h>
#include "sendas/credentials.h"
#include "sendas/error.h"

/* Mailboxes that are signed in, in the order of their names. */
struct sendas_token_store_list {
	char **mailboxes; /* lower case */
	size_t count;
};

/*
 * Which mailboxes are signed in; none when there is no folder. Files that
 * bear no mailbox's name are passed over. Errors: SENDAS_ERR_FILE: the folder
 * cannot be read, is no folder, belongs to another user, or others can write
 * to it. _clear the list.
 */
enum sendas_status sendas_token_store_list(struct sendas_token_store_list *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_token_store_list_clear(struct sendas_token_store_list *list);

/*
 * Loads the sign-in of a mailbox (whatever its case): credentials of the kind
 * AUTHORIZED_USER with `mailbox`, `scope` and `is_stored` set. Errors:
 * SENDAS_ERR_CREDENTIALS: there is none, others can read it, it belongs to
 * another user, it is no regular file (a link, a FIFO), it is damaged, or it
 * is another mailbox's: each with the command that mends it.
 */
enum sendas_status sendas_token_store_load(const char *mailbox,
    struct sendas_credentials *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* The same to take it back, which wants doing all the more when others could
 * read it. */
enum sendas_status sendas_token_store_load_to_revoke(const char *mailbox,
    struct sendas_credentials *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * Keeps a sign-in under its `mailbox`: 0600, whole or not at all, durable,
 * in place of what was there. Uses client_id, client_secret (may be unset),
 * refresh_token, mailbox and scope. Errors: SENDAS_ERR_FILE: nothing has
 * changed then.
 */
enum sendas_status sendas_token_store_save(
    const struct sendas_credentials *sign_in,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Deletes it; there being none is no error. Errors: SENDAS_ERR_FILE. */
enum sendas_status sendas_token_store_delete(
    const char *mailbox, struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * While one process renews a sign-in others must wait: where refresh tokens
 * are rotated (RFC 6749 section 6, RFC 9700 section 4.14), two that use the
 * same one end the sign-in. Waits `limit_ms` at most, by turns, and no longer when
 * *stop becomes non-zero (NULL: never); so it may be called on a thread beside
 * the loop. Errors: SENDAS_ERR_FILE; SENDAS_ERR_TRANSIENT: another process still
 * has it; SENDAS_ERR_CANCELLED: stopped, even if it could be had. _unlock frees it; NULL
 * is allowed. The end of the process ends it too.
 */
struct sendas_token_store_lock;
enum sendas_status sendas_token_store_lock(long limit_ms,
    const volatile sig_atomic_t *stop, struct sendas_token_store_lock **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;
void sendas_token_store_unlock(struct sendas_token_store_lock *lock);

#endif
