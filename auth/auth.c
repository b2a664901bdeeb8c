/* SPDX-License-Identifier: Apache-2.0 */
/*
 * auth.c: bearers by subject: kept while they are good, and fetched once
 * however many ask. It decides when a token is fetched; what is in a request
 * and an answer is token.c's, how it travels the engine's. A signature is
 * made on a thread beside the loop; all else is the loop's own.
 */
#include "sendas/auth.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>
#include "sendas/assertion.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/token.h"
#include "sendas/token_store.h"

/* A token is not used in its last minute: it could end on its way. */
#define MARGIN_SEC 60

/* Whatever also counts the time a laptop sleeps, when tokens age too. The
 * time of day would do that, but jumps when somebody sets it. */
#ifdef CLOCK_BOOTTIME
#define TOKEN_CLOCK CLOCK_BOOTTIME
#else
#define TOKEN_CLOCK CLOCK_MONOTONIC
#endif

struct waiter {
	STAILQ_ENTRY(waiter) next;
	sendas_auth_fn *fn;
	void *ctx;
};

STAILQ_HEAD(waiter_queue, waiter);

/*
 * One subject. It is idle, with a good token and nobody waiting, or busy: a
 * turn of the loop, an answer or a callback will come back to it, so that it
 * must not go away.
 */
struct account {
	struct sendas_auth *auth;
	char *subject;
	bool is_busy;
	struct sendas_secret bearer; /* not set: none */
	time_t good_until; /* by TOKEN_CLOCK */
	struct waiter_queue waiters;
	TAILQ_ENTRY(account) by_use;
	/* What the thread that signs leaves here: an assertion, or why there
	 * is none. It alone touches these from begin_fetch to signed_it. */
	struct sendas_secret assertion;
	struct sendas_error trouble;
};

TAILQ_HEAD(account_queue, account);

struct sendas_auth {
	struct sendas_auth_options options;
	struct sendas_oauth2_key *key; /* NULL without a service account */
	/* Of a sign-in that this program keeps: as it is stored now, and the
	 * lock under which it is renewed. */
	struct sendas_credentials sign_in;
	struct sendas_token_store_lock *lock;
	/* Of any other sign-in: what took its refresh token's place. */
	struct sendas_secret rotated;
	void *by_subject; /* a tree of <search.h> */
	struct account_queue by_use; /* the longest unused first */
	size_t count;
};

static time_t
now_sec(void)
{
	struct timespec now;

	clock_gettime(TOKEN_CLOCK, &now);
	return now.tv_sec;
}

static bool
is_good(const struct account *account)
{
	return sendas_secret_is_set(&account->bearer) &&
	    now_sec() < account->good_until;
}

static int
compare_subjects(const void *a, const void *b)
{
	return strcmp(((const struct account *)a)->subject,
	    ((const struct account *)b)->subject);
}

static struct account *
find_account(const struct sendas_auth *auth, const char *subject)
{
	struct account wanted = {.subject = (char *)subject}; /* only read */
	void *node = tfind(&wanted, &auth->by_subject, compare_subjects);

	return node != NULL ? *(struct account **)node : NULL;
}

/* Takes an account out and frees it, waiters and all. */
static void
free_account(struct account *account)
{
	struct sendas_auth *auth = account->auth;
	struct waiter *waiter;

	tdelete(account, &auth->by_subject, compare_subjects);
	TAILQ_REMOVE(&auth->by_use, account, by_use);
	auth->count--;
	while ((waiter = STAILQ_FIRST(&account->waiters)) != NULL) {
		STAILQ_REMOVE_HEAD(&account->waiters, next);
		free(waiter);
	}
	sendas_secret_clear(&account->bearer);
	sendas_secret_clear(&account->assertion);
	free(account->subject);
	free(account);
}

/* Makes room: the longest unused go first, busy ones never, so that there
 * can be more than the limit only while more than that wait. */
static void
evict_excess(struct sendas_auth *auth)
{
	struct account *account = TAILQ_FIRST(&auth->by_use);
	struct account *next;

	while (auth->count > SENDAS_LIMIT_CACHED_TOKENS && account != NULL) {
		next = TAILQ_NEXT(account, by_use);
		if (!account->is_busy)
			free_account(account);
		account = next;
	}
}

static struct account *
add_account(struct sendas_auth *auth, const char *subject)
{
	struct account *account = sendas_xcalloc(1, sizeof(*account));

	account->auth = auth;
	account->subject = sendas_xstrdup(subject);
	STAILQ_INIT(&account->waiters);
	TAILQ_INSERT_TAIL(&auth->by_use, account, by_use);
	auth->count++;
	/* No memory for its node. */
	if (tsearch(account, &auth->by_subject, compare_subjects) == NULL)
		abort();
	return account;
}

static void take_turn(void *ctx);

/* After everybody was served: those who came meanwhile get a turn of their
 * own, and an account without a token goes. */
static void
settle(struct account *account)
{
	struct sendas_auth *auth = account->auth;

	if (!STAILQ_EMPTY(&account->waiters)) {
		sendas_http_call_later(
		    auth->options.http, 0, take_turn, account);
		return;
	}
	account->is_busy = false;
	if (!is_good(account))
		free_account(account);
	evict_excess(auth);
}

/* Calls back all who wait now, with a bearer or an error. They may ask again
 * and renew, so this works on a list and a token of its own. */
static void
serve(struct account *account, const struct sendas_secret *bearer,
    const struct sendas_error *err)
{
	struct waiter_queue served = STAILQ_HEAD_INITIALIZER(served);
	struct sendas_secret copy = {0};
	struct waiter *waiter;

	if (bearer != NULL)
		sendas_secret_set(&copy, bearer->data, bearer->len);
	STAILQ_CONCAT(&served, &account->waiters);
	while ((waiter = STAILQ_FIRST(&served)) != NULL) {
		STAILQ_REMOVE_HEAD(&served, next);
		waiter->fn(waiter->ctx, bearer != NULL ? &copy : NULL, err);
		free(waiter);
	}
	sendas_secret_clear(&copy);
	settle(account);
}

/* Keeps the refresh token that takes the old one's place (RFC 6749 section
 * 6). Where that fails this run goes on, but the next one will not. */
static void
keep_rotated(struct sendas_auth *auth, struct sendas_token *token)
{
	const struct sendas_auth_options *options = &auth->options;
	struct sendas_error err;
	char *text;

	if (!sendas_secret_is_set(&token->refresh_token))
		return;
	if (!options->credentials->is_stored) {
		sendas_secret_clear(&auth->rotated);
		auth->rotated = token->refresh_token; /* taken over */
		token->refresh_token = (struct sendas_secret){0};
		return;
	}
	if (sendas_oauth2_is_equal(
		auth->sign_in.refresh_token.data, token->refresh_token.data))
		return;
	sendas_secret_set(&auth->sign_in.refresh_token,
	    token->refresh_token.data, token->refresh_token.len);
	if (sendas_token_store_save(&auth->sign_in, &err) == SENDAS_OK ||
	    options->notice == NULL)
		return;
	text = sendas_xasprintf(
	    _("Google renewed the sign-in of %s, and that could not be kept: "
	      "%s. This run goes on; before the next one: sendas login %s"),
	    auth->sign_in.mailbox, err.message, auth->sign_in.mailbox);
	options->notice(options->notice_ctx, text);
	free(text);
}

static enum sendas_status
keep_token(struct account *account, const struct sendas_http_answer *answer,
    struct sendas_error *err)
{
	const struct sendas_auth_options *options = &account->auth->options;
	struct sendas_token_context context = {
	    .credentials = options->credentials,
	    /* No scope is named in a refresh; but our own sign-ins were asked
	     * for with just these. */
	    .scope =
		account->auth->key != NULL || options->credentials->is_stored
		? options->scope
		: NULL,
	};
	struct sendas_token token;
	enum sendas_status status;

	status = sendas_token_parse_answer(answer, &context, &token, err);
	if (status != SENDAS_OK)
		return status;
	keep_rotated(account->auth, &token);
	sendas_secret_clear(&account->bearer);
	account->bearer = token.bearer; /* taken over */
	token.bearer = (struct sendas_secret){0};
	account->good_until = now_sec() + token.expires_in_sec - MARGIN_SEC;
	sendas_token_clear(&token);
	return SENDAS_OK;
}

static void
release_sign_in(struct sendas_auth *auth)
{
	sendas_token_store_unlock(auth->lock);
	auth->lock = NULL;
}

/* The token endpoint has answered, or could not be reached. */
static void
got_answer(void *ctx, const struct sendas_http_answer *answer,
    const struct sendas_error *err)
{
	struct account *account = ctx;
	struct sendas_error trouble;
	enum sendas_status status;

	if (answer == NULL) {
		trouble = *err;
		status = trouble.code;
	} else {
		status = keep_token(account, answer, &trouble);
	}
	release_sign_in(account->auth);
	if (status != SENDAS_OK)
		serve(account, NULL, &trouble);
	else
		serve(account, &account->bearer, NULL);
}

/* Asks for a token; `body` is wiped. The same assertion or sign-in brings
 * another token, so it is repeatable. Only where refresh tokens are rotated,
 * which Google does not do, a lost answer may end the sign-in. */
static void
ask_for_token(struct account *account, struct sendas_secret *body)
{
	struct sendas_http_request request =
	    sendas_token_request(account->auth->options.token_url, body, true);

	/* A refresh token is good for years, an assertion for an hour. */
	request.is_secret = account->auth->key == NULL;
	sendas_http_submit(
	    account->auth->options.http, &request, got_answer, account);
	sendas_secret_clear(body);
}

/* On a thread of its own: nine tenths of the work for a mailbox. Only now is
 * it dated, so that it is fresh however many wait. */
static void
sign(void *ctx)
{
	struct account *account = ctx;
	const struct sendas_auth_options *options = &account->auth->options;
	struct sendas_assertion what = {
	    .issuer = options->credentials->client_email,
	    .subject = account->subject,
	    .scope = options->scope,
	    .audience = options->token_url,
	    .key_id = options->credentials->key_id,
	    .issued_at = time(NULL),
	};

	/* An assertion that is not set is what shows the failure. */
	if (sendas_assertion_sign(&what, account->auth->key,
		&account->assertion, &account->trouble) != SENDAS_OK)
		sendas_secret_clear(&account->assertion);
}

/* Back on the loop. */
static void
signed_it(void *ctx)
{
	struct account *account = ctx;
	struct sendas_secret body = {0};

	if (!sendas_secret_is_set(&account->assertion)) {
		serve(account, NULL, &account->trouble);
		return;
	}
	sendas_token_jwt_bearer_body(&account->assertion, &body);
	sendas_secret_clear(&account->assertion);
	ask_for_token(account, &body);
}

/* On a thread: another process may be renewing the same sign-in, and what it
 * stores is what is good then. */
static void
reload_sign_in(void *ctx)
{
	struct account *account = ctx;
	struct sendas_auth *auth = account->auth;
	struct sendas_error *trouble = &account->trouble;

	/* A sign-in that is not set is what shows the failure. */
	sendas_credentials_clear(&auth->sign_in);
	if (sendas_token_store_lock(SENDAS_LIMIT_SIGN_IN_LOCK_MS,
		auth->options.stop, &auth->lock, trouble) != SENDAS_OK)
		return;
	if (sendas_token_store_load(auth->options.credentials->mailbox,
		&auth->sign_in, trouble) != SENDAS_OK)
		sendas_credentials_clear(&auth->sign_in);
}

/* Back on the loop. */
static void
reloaded(void *ctx)
{
	struct account *account = ctx;
	struct sendas_auth *auth = account->auth;
	struct sendas_secret body = {0};

	if (auth->sign_in.kind == SENDAS_CREDENTIALS_NONE) {
		release_sign_in(auth);
		serve(account, NULL, &account->trouble);
		return;
	}
	sendas_token_refresh_body(&auth->sign_in, &body);
	ask_for_token(account, &body);
}

/* With the refresh token that is good now. */
static void
refresh(struct account *account)
{
	struct sendas_auth *auth = account->auth;
	struct sendas_credentials now = *auth->options.credentials;
	struct sendas_secret body = {0};

	if (sendas_secret_is_set(&auth->rotated))
		now.refresh_token = auth->rotated; /* borrowed */
	sendas_token_refresh_body(&now, &body);
	ask_for_token(account, &body);
}

static void
begin_fetch(struct account *account)
{
	const struct sendas_auth_options *options = &account->auth->options;

	if (account->auth->key != NULL)
		sendas_http_call_on_thread(
		    options->http, sign, signed_it, account);
	else if (options->credentials->is_stored)
		sendas_http_call_on_thread(
		    options->http, reload_sign_in, reloaded, account);
	else
		refresh(account);
}

/* Somebody waits: from the loop, never from within get_bearer. */
static void
take_turn(void *ctx)
{
	struct account *account = ctx;
	const struct sendas_credentials *credentials =
	    account->auth->options.credentials;

	if (credentials->kind == SENDAS_CREDENTIALS_ACCESS_TOKEN)
		serve(account, &credentials->access_token, NULL);
	else if (is_good(account))
		serve(account, &account->bearer, NULL);
	else
		begin_fetch(account);
}

enum sendas_status
sendas_auth_new(const struct sendas_auth_options *options,
    struct sendas_auth **out, struct sendas_error *err)
{
	const struct sendas_credentials *credentials = options->credentials;
	struct sendas_oauth2_key *key = NULL;
	struct sendas_error trouble;
	struct sendas_auth *auth;

	if (credentials->kind == SENDAS_CREDENTIALS_NONE)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("There are no credentials; give a service account's "
		      "key file with --credentials"));
	if (credentials->kind == SENDAS_CREDENTIALS_CLIENT)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("%s: nobody has signed in with this OAuth client: sendas "
		      "login"),
		    credentials->origin);
	if (credentials->kind == SENDAS_CREDENTIALS_SERVICE_ACCOUNT &&
	    sendas_oauth2_key_parse(
		&credentials->private_key, &key, &trouble) != SENDAS_OK)
		return sendas_fail(err, trouble.code, "%s: %s",
		    credentials->origin, trouble.message);
	auth = sendas_xcalloc(1, sizeof(*auth));
	auth->options = *options;
	auth->key = key;
	TAILQ_INIT(&auth->by_use);
	*out = auth;
	return SENDAS_OK;
}

void
sendas_auth_free(struct sendas_auth *auth)
{
	struct account *account;

	if (auth == NULL)
		return;
	while ((account = TAILQ_FIRST(&auth->by_use)) != NULL)
		free_account(account);
	sendas_oauth2_key_free(auth->key);
	sendas_credentials_clear(&auth->sign_in);
	sendas_secret_clear(&auth->rotated);
	release_sign_in(auth);
	free(auth);
}

/* A person's credentials bring one token, whoever is asked for. */
static const char *
key_of(const struct sendas_auth *auth, const char *subject)
{
	return sendas_credentials_is_person(auth->options.credentials)
	    ? ""
	    : subject;
}

void
sendas_auth_get_bearer(struct sendas_auth *auth, const char *subject,
    sendas_auth_fn *fn, void *ctx)
{
	struct account *account = find_account(auth, key_of(auth, subject));
	struct waiter *waiter = sendas_xcalloc(1, sizeof(*waiter));

	if (account == NULL) {
		account = add_account(auth, key_of(auth, subject));
	} else {
		TAILQ_REMOVE(&auth->by_use, account, by_use);
		TAILQ_INSERT_TAIL(&auth->by_use, account, by_use);
	}
	waiter->fn = fn;
	waiter->ctx = ctx;
	STAILQ_INSERT_TAIL(&account->waiters, waiter, next);
	if (!account->is_busy) {
		account->is_busy = true;
		sendas_http_call_later(
		    auth->options.http, 0, take_turn, account);
	}
	evict_excess(auth);
}

bool
sendas_auth_renew(struct sendas_auth *auth, const char *subject)
{
	struct account *account = find_account(auth, key_of(auth, subject));

	if (auth->options.credentials->kind == SENDAS_CREDENTIALS_ACCESS_TOKEN)
		return false;
	if (account == NULL)
		return true;
	sendas_secret_clear(&account->bearer);
	if (!account->is_busy)
		free_account(account);
	return true;
}
