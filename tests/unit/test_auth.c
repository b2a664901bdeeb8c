/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_auth.c: one request for a token however many ask, tokens kept and
 * given up at the right time, callbacks that ask again, and sign-ins whose
 * refresh token changes. The HTTP engine is one of our own here: it answers
 * what a test wants, in the order it wants.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <sys/queue.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "sendas/auth.h"
#include "sendas/limits.h"
#include "sendas/oauth2_glue.h"
#include "sendas/token_store.h"
#include "test_folder.h"
#include "test_keys.h"

#define SCOPE "https://www.googleapis.com/auth/gmail.settings.basic"
#define TOKEN_URL "https://token.example/token"

/* ---- the engine ---- */

struct timer {
	STAILQ_ENTRY(timer) next;
	void (*fn)(void *ctx);
	void *ctx;
};

struct request {
	STAILQ_ENTRY(request) next;
	struct sendas_http_request what; /* body and url: copies */
	sendas_http_fn *fn;
	void *ctx;
};

struct sendas_http {
	STAILQ_HEAD(, timer) timers;
	STAILQ_HEAD(, request) requests;
	int submitted, jobs;
	int tokens; /* given out */
	/* What to answer; a token when 0. */
	long status;
	const char *body;
	struct sendas_error *error;
	int expires_in;
	const char *refresh_token; /* that comes along; or NULL */
};

static struct sendas_http engine;

void
sendas_http_call_later(
    struct sendas_http *http, long delay_ms, void (*fn)(void *ctx), void *ctx)
{
	struct timer *timer = calloc(1, sizeof(*timer));

	assert_non_null(timer);
	assert_int_equal(delay_ms, 0);
	timer->fn = fn;
	timer->ctx = ctx;
	STAILQ_INSERT_TAIL(&http->timers, timer, next);
}

void
sendas_http_submit(struct sendas_http *http,
    const struct sendas_http_request *request, sendas_http_fn *fn, void *ctx)
{
	struct request *copy = calloc(1, sizeof(*copy));

	assert_non_null(copy);
	copy->what = *request;
	copy->what.url = strdup(request->url);
	copy->what.body = strndup(request->body, request->body_len);
	copy->fn = fn;
	copy->ctx = ctx;
	STAILQ_INSERT_TAIL(&http->requests, copy, next);
	http->submitted++;
}

/* A job as the engine's threads have it: not now, and with what it makes
 * ready before the loop hears of it. */
struct job {
	sendas_workers_fn *work, *done;
	void *ctx;
};

static void
run_job(void *ctx)
{
	struct job *job = ctx;

	job->work(job->ctx);
	job->done(job->ctx);
	free(job);
}

void
sendas_http_call_on_thread(struct sendas_http *http, sendas_workers_fn *work,
    sendas_workers_fn *done, void *ctx)
{
	struct job *job = calloc(1, sizeof(*job));

	assert_non_null(job);
	*job = (struct job){work, done, ctx};
	sendas_http_call_later(http, 0, run_job, job);
	http->jobs++;
}

static void
free_request(struct request *request)
{
	free((char *)request->what.url);
	free((char *)request->what.body);
	free(request);
}

static void
run_timers(void)
{
	struct timer *timer;

	while ((timer = STAILQ_FIRST(&engine.timers)) != NULL) {
		STAILQ_REMOVE_HEAD(&engine.timers, next);
		timer->fn(timer->ctx);
		free(timer);
	}
}

/* Answers the first request that waits; false when none does. */
static bool
answer_one(void)
{
	struct request *request = STAILQ_FIRST(&engine.requests);
	struct sendas_http_answer answer = {.retry_after_sec = -1};
	const char *given = engine.refresh_token;
	char body[256];

	if (request == NULL)
		return false;
	STAILQ_REMOVE_HEAD(&engine.requests, next);
	answer.status = engine.status != 0 ? engine.status : 200;
	answer.body = engine.body;
	if (engine.status == 0) {
		snprintf(body, sizeof(body),
		    "{\"access_token\":\"token-%d\",\"token_type\":\"Bearer\","
		    "\"expires_in\":%d%s%s%s}",
		    ++engine.tokens, engine.expires_in,
		    given != NULL ? ",\"refresh_token\":\"" : "",
		    given != NULL ? given : "", given != NULL ? "\"" : "");
		answer.body = body;
	}
	if (engine.error != NULL) {
		request->fn(request->ctx, NULL, engine.error);
	} else {
		answer.len = strlen(answer.body);
		request->fn(request->ctx, &answer, NULL);
	}
	/* The callback's argument must not be needed any more. */
	memset(body, 'x', sizeof(body));
	free_request(request);
	return true;
}

static void
run(void)
{
	do
		run_timers();
	while (answer_one());
}

/* Drops what is under way, as sendas_http_free does. */
static void
drop_all(void)
{
	struct request *request;
	struct timer *timer;

	while ((timer = STAILQ_FIRST(&engine.timers)) != NULL) {
		STAILQ_REMOVE_HEAD(&engine.timers, next);
		if (timer->fn == run_job)
			free(timer->ctx);
		free(timer);
	}
	while ((request = STAILQ_FIRST(&engine.requests)) != NULL) {
		STAILQ_REMOVE_HEAD(&engine.requests, next);
		free_request(request);
	}
}

/* ---- those who ask ---- */

struct asker {
	int calls;
	char bearer[64]; /* "" after an error */
	struct sendas_error err;
	/* What to do in the callback, that many times: */
	struct sendas_auth *auth;
	int renews, asks;
	const char *subject;
	struct asker *other; /* asks for this one; NULL: for itself */
};

static void
got_bearer(void *ctx, const struct sendas_secret *bearer,
    const struct sendas_error *err)
{
	struct asker *asker = ctx;

	assert_true((bearer == NULL) == (err != NULL));
	asker->calls++;
	if (asker->renews > 0) {
		asker->renews--;
		assert_true(sendas_auth_renew(asker->auth, asker->subject));
	}
	if (asker->asks > 0) {
		asker->asks--;
		sendas_auth_get_bearer(asker->auth, asker->subject, got_bearer,
		    asker->other != NULL ? asker->other : asker);
	}
	/* After these: what was given is good for the whole call. */
	if (bearer != NULL)
		assert_int_equal(bearer->len, strlen(bearer->data));
	snprintf(asker->bearer, sizeof(asker->bearer), "%s",
	    bearer != NULL ? bearer->data : "");
	if (err != NULL)
		asker->err = *err;
}

static EVP_PKEY *pkey;
static struct sendas_credentials account = {
    .kind = SENDAS_CREDENTIALS_SERVICE_ACCOUNT,
    .origin = "key.json",
    .client_email = "robot@p.iam.gserviceaccount.com",
    .client_id = "123",
    .key_id = "k1",
};

static char notice[1024]; /* the last one */

static void
take_notice(void *ctx, const char *text)
{
	assert_ptr_equal(ctx, notice);
	snprintf(notice, sizeof(notice), "%s", text);
}

static struct sendas_auth *
new_auth(const struct sendas_credentials *credentials)
{
	struct sendas_auth_options options = {
	    .credentials = credentials,
	    .http = &engine,
	    .token_url = TOKEN_URL,
	    .scope = SCOPE,
	    .notice = take_notice,
	    .notice_ctx = notice,
	};
	struct sendas_auth *auth = NULL;

	assert_int_equal(sendas_auth_new(&options, &auth, NULL), SENDAS_OK);
	return auth;
}

static void
test_never_within_the_call(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker asker = {0};

	(void)state;
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	assert_int_equal(asker.calls, 0);
	run();
	assert_int_equal(asker.calls, 1);
	assert_string_equal(asker.bearer, "token-1");
	/* Nor when the token is there. */
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	assert_int_equal(asker.calls, 1);
	run();
	assert_int_equal(asker.calls, 2);
	assert_string_equal(asker.bearer, "token-1");
	assert_int_equal(engine.submitted, 1);
	sendas_auth_free(auth);
}

/* The value of a form's assertion; free() it. */
static char *
assertion_in(const char *body)
{
	static const char before[] =
	    "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
	    "&assertion=";

	assert_int_equal(strncmp(body, before, sizeof(before) - 1), 0);
	return strdup(body + sizeof(before) - 1);
}

static void
test_request(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	time_t before = time(NULL);
	struct asker asker = {0};
	struct sendas_http_answer busy = {.status = 503, .body = ""};
	struct request *sent;
	char *assertion, *claims, expected[512];
	long iat = 0;

	(void)state;
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	run_timers();
	sent = STAILQ_FIRST(&engine.requests);
	assert_non_null(sent);
	assert_string_equal(sent->what.method, "POST");
	assert_string_equal(sent->what.url, TOKEN_URL);
	assert_string_equal(
	    sent->what.content_type, "application/x-www-form-urlencoded");
	assert_null(sent->what.bearer);
	assert_true(sent->what.is_repeatable);
	assert_false(sent->what.is_secret); /* over in an hour */
	assert_true(sent->what.is_transient(&busy));
	assert_int_equal(
	    sent->what.max_answer_bytes, SENDAS_LIMIT_TOKEN_ANSWER_BYTES);
	assertion = assertion_in(sent->what.body);
	assert_true(test_jws_verifies(assertion, pkey));
	claims = test_jws_part(assertion, 1);
	assert_int_equal(
	    sscanf(strstr(claims, "\"iat\":"), "\"iat\":%ld", &iat), 1);
	assert_true(iat >= before && iat <= time(NULL));
	snprintf(expected, sizeof(expected),
	    "{\"iss\":\"robot@p.iam.gserviceaccount.com\","
	    "\"sub\":\"a@example.com\",\"scope\":\"" SCOPE "\","
	    "\"aud\":\"" TOKEN_URL "\",\"iat\":%ld,\"exp\":%ld}",
	    iat, iat + 3600);
	assert_string_equal(claims, expected);
	free(claims);
	free(assertion);
	run();
	assert_int_equal(asker.calls, 1);
	sendas_auth_free(auth);
}

static void
test_single_flight(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker askers[5] = {0}, other = {0}, late = {0};

	(void)state;
	for (int i = 0; i < 5; i++)
		sendas_auth_get_bearer(
		    auth, "a@example.com", got_bearer, &askers[i]);
	sendas_auth_get_bearer(auth, "b@example.com", got_bearer, &other);
	run_timers();
	assert_int_equal(engine.submitted, 2);
	/* While the request is under way. */
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &late);
	run();
	assert_int_equal(engine.submitted, 2);
	for (int i = 0; i < 5; i++) {
		assert_int_equal(askers[i].calls, 1);
		assert_string_equal(askers[i].bearer, "token-1");
	}
	assert_string_equal(late.bearer, "token-1");
	assert_string_equal(other.bearer, "token-2");
	sendas_auth_free(auth);
}

/* A refusal reaches all who wait, and is not kept. */
static void
test_refusal(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker askers[2] = {0};

	(void)state;
	engine.status = 400;
	engine.body = "{\"error\":\"invalid_grant\",\"error_description\":"
		      "\"Invalid email or User ID\"}";
	for (int i = 0; i < 2; i++)
		sendas_auth_get_bearer(
		    auth, "a@example.com", got_bearer, &askers[i]);
	run();
	assert_int_equal(engine.submitted, 1);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(askers[i].calls, 1);
		assert_int_equal(askers[i].err.code, SENDAS_ERR_MAILBOX);
		assert_int_equal(
		    askers[i].err.reason, SENDAS_REASON_BAD_SUBJECT);
		assert_int_equal(askers[i].err.http_status, 400);
		assert_non_null(
		    strstr(askers[i].err.message, "no such mailbox"));
	}
	engine.status = 0;
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &askers[0]);
	run();
	assert_string_equal(askers[0].bearer, "token-1");
	sendas_auth_free(auth);
}

/* What the engine says is handed on as it is. */
static void
test_no_connection(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct sendas_error err;
	struct asker asker = {0};

	(void)state;
	sendas_fail_reason(
	    &err, SENDAS_ERR_CONNECTION, SENDAS_REASON_TLS, "certificate");
	engine.error = &err;
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	run();
	assert_int_equal(asker.err.code, SENDAS_ERR_CONNECTION);
	assert_int_equal(asker.err.reason, SENDAS_REASON_TLS);
	assert_string_equal(asker.err.message, "certificate");
	sendas_auth_free(auth);
}

/* A subject that cannot be asked for is not asked for. */
static void
test_bad_subject(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker asker = {0};

	(void)state;
	sendas_auth_get_bearer(auth, "", got_bearer, &asker);
	assert_int_equal(asker.calls, 0);
	run();
	assert_int_equal(asker.err.code, SENDAS_ERR_MAILBOX);
	assert_int_equal(engine.submitted, 0);
	sendas_auth_free(auth);
}

static void
test_renew(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker asker = {0};

	(void)state;
	assert_true(sendas_auth_renew(auth, "unknown@example.com"));
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	run();
	assert_true(sendas_auth_renew(auth, "a@example.com"));
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	run();
	assert_string_equal(asker.bearer, "token-2");
	assert_int_equal(engine.submitted, 2);
	sendas_auth_free(auth);
}

/* Between the question and the answer, at each point. */
static void
test_renew_under_way(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker asker = {0};

	(void)state;
	/* Before the request: nothing to forget. */
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	assert_true(sendas_auth_renew(auth, "a@example.com"));
	run_timers();
	/* During it: what comes is new. */
	assert_true(sendas_auth_renew(auth, "a@example.com"));
	run();
	assert_string_equal(asker.bearer, "token-1");
	assert_int_equal(engine.submitted, 1);
	/* With a kept token on its way to somebody. */
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	assert_true(sendas_auth_renew(auth, "a@example.com"));
	run();
	assert_string_equal(asker.bearer, "token-2");
	assert_int_equal(asker.calls, 2);
	sendas_auth_free(auth);
}

/* Kept until a minute before the end; used once even if shorter. */
static void
test_lifetime(void **state)
{
	static const struct {
		int expires_in;
		int requests; /* for two questions one after the other */
	} rows[] = {{1, 2}, {59, 2}, {60, 2}, {90, 1}, {3600, 1}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sendas_auth *auth = new_auth(&account);
		struct asker asker = {0};

		engine.submitted = 0;
		engine.expires_in = rows[i].expires_in;
		for (int ask = 0; ask < 2; ask++) {
			sendas_auth_get_bearer(
			    auth, "a@example.com", got_bearer, &asker);
			run();
		}
		assert_int_equal(asker.calls, 2);
		assert_int_equal(asker.err.code, SENDAS_OK);
		assert_int_equal(engine.submitted, rows[i].requests);
		sendas_auth_free(auth);
	}
}

/* A callback that forgets the token and asks again, while others wait. */
static void
test_callback_asks_again(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker first = {
	    .auth = auth, .subject = "a@example.com", .renews = 1, .asks = 1};
	struct asker second = {0};

	(void)state;
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &first);
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &second);
	run();
	assert_int_equal(first.calls, 2);
	assert_string_equal(first.bearer, "token-2");
	assert_int_equal(second.calls, 1);
	assert_string_equal(second.bearer, "token-1");
	assert_int_equal(engine.submitted, 2);
	sendas_auth_free(auth);
}

/* The same after an error, and without forgetting anything. */
static void
test_callback_asks_after_error(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker asker = {
	    .auth = auth, .subject = "a@example.com", .renews = 1, .asks = 3};

	(void)state;
	engine.status = 401;
	engine.body = "";
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	run();
	assert_int_equal(asker.calls, 4);
	assert_int_equal(engine.submitted, 4);
	sendas_auth_free(auth);
}

static void
test_callback_renews_alone(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker asker = {
	    .auth = auth, .subject = "a@example.com", .renews = 1};

	(void)state;
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	run();
	assert_string_equal(asker.bearer, "token-1");
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	run();
	assert_string_equal(asker.bearer, "token-2");
	sendas_auth_free(auth);
}

/* Each callback asks for the next mailbox, as a fleet does: past the limit,
 * so that the one that is being served is the longest unused but must stay. */
static void
test_callbacks_in_a_chain(void **state)
{
	enum { COUNT = SENDAS_LIMIT_CACHED_TOKENS + 20 };
	static struct asker askers[COUNT];
	static char names[COUNT][32];
	struct sendas_auth *auth = new_auth(&account);

	(void)state;
	memset(askers, 0, sizeof(askers));
	for (int i = 0; i < COUNT; i++) {
		snprintf(names[i], sizeof(names[i]), "u%d@example.com", i);
		if (i + 1 < COUNT) {
			snprintf(names[i + 1], sizeof(names[i + 1]),
			    "u%d@example.com", i + 1);
			askers[i] = (struct asker){.auth = auth,
			    .asks = 1,
			    .subject = names[i + 1],
			    .other = &askers[i + 1]};
		}
	}
	sendas_auth_get_bearer(auth, names[0], got_bearer, &askers[0]);
	run();
	for (int i = 0; i < COUNT; i++)
		assert_int_equal(askers[i].calls, 1);
	assert_int_equal(engine.submitted, COUNT);
	sendas_auth_free(auth);
}

static void
ask_and_run(struct sendas_auth *auth, int number, struct asker *asker)
{
	char subject[64];

	snprintf(subject, sizeof(subject), "u%d@example.com", number);
	sendas_auth_get_bearer(auth, subject, got_bearer, asker);
	memset(subject, 'x', sizeof(subject)); /* it made a copy */
	run();
}

static void
test_eviction(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker asker = {0};

	(void)state;
	for (int i = 0; i < SENDAS_LIMIT_CACHED_TOKENS; i++)
		ask_and_run(auth, i, &asker);
	assert_int_equal(engine.submitted, SENDAS_LIMIT_CACHED_TOKENS);
	/* Used again, so that number 1 is now the longest unused. */
	ask_and_run(auth, 0, &asker);
	assert_int_equal(engine.submitted, SENDAS_LIMIT_CACHED_TOKENS);
	ask_and_run(auth, SENDAS_LIMIT_CACHED_TOKENS, &asker);
	assert_int_equal(engine.submitted, SENDAS_LIMIT_CACHED_TOKENS + 1);
	ask_and_run(auth, 0, &asker);
	ask_and_run(auth, 2, &asker);
	ask_and_run(auth, SENDAS_LIMIT_CACHED_TOKENS, &asker);
	assert_int_equal(engine.submitted, SENDAS_LIMIT_CACHED_TOKENS + 1);
	ask_and_run(auth, 1, &asker); /* it was evicted */
	assert_int_equal(engine.submitted, SENDAS_LIMIT_CACHED_TOKENS + 2);
	sendas_auth_free(auth);
}

/* Refusals are not kept: a thousand of them push no good token out. */
static void
test_refusals_take_no_room(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker asker = {0};

	(void)state;
	ask_and_run(auth, 0, &asker);
	engine.status = 400;
	engine.body = "";
	for (int i = 1; i <= SENDAS_LIMIT_CACHED_TOKENS; i++)
		ask_and_run(auth, i, &asker);
	assert_int_equal(engine.submitted, SENDAS_LIMIT_CACHED_TOKENS + 1);
	ask_and_run(auth, 0, &asker);
	assert_int_equal(engine.submitted, SENDAS_LIMIT_CACHED_TOKENS + 1);
	assert_string_equal(asker.bearer, "token-1");
	sendas_auth_free(auth);
}

/* More at once than are kept: nobody is dropped. */
static void
test_more_waiting_than_kept(void **state)
{
	enum { COUNT = SENDAS_LIMIT_CACHED_TOKENS + 5 };
	static struct asker askers[COUNT];
	struct sendas_auth *auth = new_auth(&account);
	char subject[64];

	(void)state;
	memset(askers, 0, sizeof(askers));
	for (int i = 0; i < COUNT; i++) {
		snprintf(subject, sizeof(subject), "u%d@example.com", i);
		sendas_auth_get_bearer(auth, subject, got_bearer, &askers[i]);
	}
	run();
	for (int i = 0; i < COUNT; i++)
		assert_int_equal(askers[i].calls, 1);
	assert_int_equal(engine.submitted, COUNT);
	sendas_auth_free(auth);
}

static void
test_access_token(void **state)
{
	struct sendas_credentials given = {
	    .kind = SENDAS_CREDENTIALS_ACCESS_TOKEN,
	    .origin = "--access-token-fd 3",
	    .access_token = {"ya29.given", 10},
	};
	struct sendas_auth *auth = new_auth(&given);
	struct asker asker = {0}, other = {0};

	(void)state;
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	sendas_auth_get_bearer(auth, "b@example.com", got_bearer, &other);
	assert_int_equal(asker.calls, 0);
	run();
	assert_string_equal(asker.bearer, "ya29.given");
	assert_string_equal(other.bearer, "ya29.given");
	assert_int_equal(engine.submitted, 0);
	assert_false(sendas_auth_renew(auth, "a@example.com"));
	sendas_auth_free(auth);
}

static void
test_refused_credentials(void **state)
{
	struct sendas_credentials none = {.kind = SENDAS_CREDENTIALS_NONE};
	struct sendas_credentials bad = account;
	struct sendas_credentials client = {
	    .kind = SENDAS_CREDENTIALS_CLIENT, .origin = "client.json"};
	struct sendas_auth_options options = {
	    .http = &engine, .token_url = TOKEN_URL, .scope = SCOPE};
	struct sendas_auth *auth = NULL;
	struct sendas_error err;

	(void)state;
	bad.private_key = (struct sendas_secret){"secret-key", 10};
	options.credentials = &bad;
	assert_int_equal(
	    sendas_auth_new(&options, &auth, &err), SENDAS_ERR_CREDENTIALS);
	assert_int_equal(strncmp(err.message, "key.json: ", 10), 0);
	assert_null(strstr(err.message, "secret-key"));
	options.credentials = &none;
	assert_int_equal(
	    sendas_auth_new(&options, &auth, &err), SENDAS_ERR_CREDENTIALS);
	options.credentials = &client;
	assert_int_equal(
	    sendas_auth_new(&options, &auth, &err), SENDAS_ERR_CREDENTIALS);
	assert_non_null(strstr(err.message,
	    "client.json: nobody has signed "
	    "in with this OAuth client"));
	assert_null(auth);
	sendas_auth_free(NULL);
}

/* The engine goes first; nobody is called back, nothing is left. */
static void
test_free_under_way(void **state)
{
	struct sendas_auth *auth = new_auth(&account);
	struct asker asker = {0};

	(void)state;
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	run_timers();
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &asker);
	sendas_auth_get_bearer(auth, "b@example.com", got_bearer, &asker);
	drop_all();
	sendas_auth_free(auth);
	assert_int_equal(asker.calls, 0);
}

static int
new_engine(void **state)
{
	(void)state;
	memset(&engine, 0, sizeof(engine));
	STAILQ_INIT(&engine.timers);
	STAILQ_INIT(&engine.requests);
	engine.expires_in = 3599;
	notice[0] = '\0';
	return 0;
}

static int
set_up(void **state)
{
	char *pem;

	(void)state;
	sendas_oauth2_init();
	pkey = test_rsa_key(2048);
	pem = test_key_pem(pkey);
	sendas_secret_set(&account.private_key, pem, strlen(pem));
	free(pem);
	return 0;
}

/* A person's stored sign-in: one token for all, by the refresh grant, with no
 * signature and no scope, and renewed when it is not taken. */
static void
test_stored_sign_in(void **state)
{
	struct sendas_credentials person = {
	    .kind = SENDAS_CREDENTIALS_AUTHORIZED_USER,
	    .origin = "adc.json",
	    .client_id = "1.apps",
	};
	struct asker askers[2] = {0};
	struct sendas_auth *auth;

	(void)state;
	sendas_secret_set(&person.client_secret, "s/1", 3);
	sendas_secret_set(&person.refresh_token, "1//r", 4);
	auth = new_auth(&person);
	sendas_auth_get_bearer(auth, "", got_bearer, &askers[0]);
	sendas_auth_get_bearer(auth, "a@example.com", got_bearer, &askers[1]);
	run_timers();
	assert_int_equal(engine.submitted, 1);
	assert_int_equal(engine.jobs, 0);
	assert_string_equal(STAILQ_FIRST(&engine.requests)->what.body,
	    "grant_type=refresh_token&client_id=1.apps"
	    "&refresh_token=1%2F%2Fr&client_secret=s%2F1");
	assert_true(STAILQ_FIRST(&engine.requests)->what.is_secret);
	run();
	assert_string_equal(askers[0].bearer, "token-1");
	assert_string_equal(askers[1].bearer, "token-1");
	assert_true(sendas_auth_renew(auth, "b@example.com"));
	sendas_auth_get_bearer(auth, "", got_bearer, &askers[0]);
	run();
	assert_string_equal(askers[0].bearer, "token-2");
	sendas_auth_free(auth);
	sendas_secret_clear(&person.client_secret);
	sendas_secret_clear(&person.refresh_token);
}

/* ---- sign-ins whose refresh tokens change ---- */

#define TARO "taro@example.com"
#define REFRESH "grant_type=refresh_token&client_id=1.apps&refresh_token="

static char store[32]; /* the folder for one test */

static int
new_store(void **state)
{
	if (test_folder_make(store, sizeof(store), "auth") != 0)
		return -1;
	unsetenv("STATE_DIRECTORY");
	setenv("XDG_STATE_HOME", store, 1);
	return new_engine(state);
}

static int
remove_store(void **state)
{
	(void)state;
	return test_folder_remove(store);
}

/* TARO's sign-in with a refresh token, as this program would have it; for the
 * store or, with `is_stored`, out of it. */
static struct sendas_credentials
sign_in(const char *refresh_token, bool is_stored)
{
	return (struct sendas_credentials){
	    .kind = SENDAS_CREDENTIALS_AUTHORIZED_USER,
	    .origin = "adc.json",
	    .client_id = "1.apps",
	    .mailbox = TARO,
	    .scope = SCOPE,
	    .is_stored = is_stored,
	    .refresh_token = {(char *)refresh_token, strlen(refresh_token)},
	};
}

static void
keep(const char *refresh_token)
{
	struct sendas_credentials made = sign_in(refresh_token, false);

	assert_int_equal(sendas_token_store_save(&made, NULL), SENDAS_OK);
}

static void
check_kept(const char *refresh_token)
{
	struct sendas_credentials kept;

	assert_int_equal(sendas_token_store_load(TARO, &kept, NULL), SENDAS_OK);
	assert_string_equal(kept.refresh_token.data, refresh_token);
	assert_string_equal(kept.client_id, "1.apps");
	assert_string_equal(kept.scope, SCOPE);
	sendas_credentials_clear(&kept);
}

/* Whether somebody holds the lock of the store. */
static bool
is_locked(void)
{
	struct sendas_token_store_lock *lock = NULL;
	struct sendas_error err;
	enum sendas_status status =
	    sendas_token_store_lock(0, NULL, &lock, &err);

	assert_true(status == SENDAS_OK || status == SENDAS_ERR_TRANSIENT);
	sendas_token_store_unlock(lock);
	return status != SENDAS_OK;
}

/* Up to the request, which is with `refresh_token`. */
static void
begin(struct sendas_auth *auth, struct asker *asker, const char *refresh_token)
{
	char body[256];

	snprintf(body, sizeof(body), REFRESH "%s", refresh_token);
	assert_true(sendas_auth_renew(auth, TARO));
	sendas_auth_get_bearer(auth, TARO, got_bearer, asker);
	run_timers();
	assert_non_null(STAILQ_FIRST(&engine.requests));
	assert_string_equal(STAILQ_FIRST(&engine.requests)->what.body, body);
}

/* Another program's file is not written; what took its token's place is used
 * as long as this lasts. */
static void
test_rotated_elsewhere(void **state)
{
	struct sendas_credentials person = sign_in("r1", false);
	struct sendas_auth *auth = new_auth(&person);
	struct sendas_token_store_list list;
	struct asker asker = {0};

	(void)state;
	engine.refresh_token = "r2";
	begin(auth, &asker, "r1");
	run();
	engine.refresh_token = "r3";
	begin(auth, &asker, "r2");
	run();
	engine.refresh_token = NULL;
	begin(auth, &asker, "r3");
	run();
	begin(auth, &asker, "r3");
	run();
	assert_string_equal(asker.bearer, "token-4");
	assert_int_equal(engine.jobs, 0);
	assert_string_equal(person.refresh_token.data, "r1");
	assert_int_equal(sendas_token_store_list(&list, NULL), SENDAS_OK);
	assert_int_equal(list.count, 0);
	sendas_token_store_list_clear(&list);
	assert_string_equal(notice, "");
	sendas_auth_free(auth);
}

/* What is in the store is used, even if it has changed since this one was
 * read, and what takes its place is kept there; under the lock. */
static void
test_rotated_in_store(void **state)
{
	struct sendas_credentials person = sign_in("r1", true);
	struct sendas_auth *auth = new_auth(&person);
	struct asker asker = {0};

	(void)state;
	keep("r1");
	keep("r2"); /* by another process */
	engine.refresh_token = "r3";
	begin(auth, &asker, "r2");
	assert_int_equal(engine.jobs, 1); /* the disk is not for the loop */
	assert_true(is_locked());
	run();
	assert_string_equal(asker.bearer, "token-1");
	assert_false(is_locked());
	check_kept("r3");
	engine.refresh_token = NULL;
	begin(auth, &asker, "r3");
	run();
	check_kept("r3");
	/* A token that is good needs neither store nor lock. */
	engine.submitted = 0;
	sendas_auth_get_bearer(auth, TARO, got_bearer, &asker);
	run();
	assert_int_equal(engine.submitted, 0);
	assert_string_equal(asker.bearer, "token-2");
	assert_string_equal(notice, "");
	sendas_auth_free(auth);
}

/* Refused or not reached, the sign-in stays, and nobody is locked out. */
static void
test_refused_in_store(void **state)
{
	struct sendas_credentials person = sign_in("r1", true);
	struct sendas_auth *auth = new_auth(&person);
	struct sendas_error lost;
	struct asker asker = {0};

	(void)state;
	keep("r1");
	engine.status = 400;
	engine.body = "{\"error\":\"invalid_grant\"}";
	begin(auth, &asker, "r1");
	run();
	assert_int_equal(asker.err.code, SENDAS_ERR_TOKEN);
	assert_non_null(strstr(asker.err.message, "sendas login " TARO));
	assert_false(is_locked());
	check_kept("r1");
	engine.status = 0;
	sendas_fail(&lost, SENDAS_ERR_CONNECTION, "no route");
	engine.error = &lost;
	begin(auth, &asker, "r1");
	run();
	assert_int_equal(asker.err.code, SENDAS_ERR_CONNECTION);
	assert_false(is_locked());
	check_kept("r1");
	sendas_auth_free(auth);
}

/* Signed out meanwhile: nothing is asked. */
static void
test_gone_from_store(void **state)
{
	struct sendas_credentials person = sign_in("r1", true);
	struct sendas_auth *auth = new_auth(&person);
	struct asker asker = {0};

	(void)state;
	keep("r1");
	assert_int_equal(sendas_token_store_delete(TARO, NULL), SENDAS_OK);
	sendas_auth_get_bearer(auth, TARO, got_bearer, &asker);
	run();
	assert_int_equal(asker.calls, 1);
	assert_int_equal(asker.err.code, SENDAS_ERR_CREDENTIALS);
	assert_non_null(strstr(asker.err.message, TARO " is not signed in"));
	assert_int_equal(engine.submitted, 0);
	assert_false(is_locked());
	/* And in again. */
	keep("r2");
	begin(auth, &asker, "r2");
	run();
	assert_string_equal(asker.bearer, "token-1");
	sendas_auth_free(auth);
}

/* This run goes on, with the one that could not be kept told of. */
static void
test_cannot_be_kept(void **state)
{
	struct sendas_credentials person = sign_in("r1", true);
	struct sendas_auth *auth = new_auth(&person);
	struct asker asker = {0};
	char folder[64], away[64];
	FILE *file;

	(void)state;
	keep("r1");
	engine.refresh_token = "r2";
	begin(auth, &asker, "r1");
	snprintf(folder, sizeof(folder), "%s/sendas/sign-ins", store);
	snprintf(away, sizeof(away), "%s/away", store);
	assert_int_equal(rename(folder, away), 0);
	file = fopen(folder, "w");
	assert_non_null(file);
	fclose(file);
	run();
	assert_string_equal(asker.bearer, "token-1");
	assert_int_equal(asker.err.code, SENDAS_OK);
	assert_non_null(
	    strstr(notice, "Google renewed the sign-in of " TARO ", and that"));
	assert_non_null(strstr(notice, "before the next one: sendas login"));
	assert_null(strstr(notice, "r2"));
	sendas_auth_free(auth);
}

/* With the lock held and a request under way. */
static void
test_free_under_lock(void **state)
{
	struct sendas_credentials person = sign_in("r1", true);
	struct sendas_auth *auth = new_auth(&person);
	struct asker asker = {0};

	(void)state;
	keep("r1");
	begin(auth, &asker, "r1");
	assert_true(is_locked());
	drop_all();
	sendas_auth_free(auth);
	assert_false(is_locked());
	assert_int_equal(asker.calls, 0);
}

static int
tear_down(void **state)
{
	(void)state;
	sendas_secret_clear(&account.private_key);
	EVP_PKEY_free(pkey);
	sendas_oauth2_shutdown();
	return 0;
}

#define TEST(function) cmocka_unit_test_setup(function, new_engine)
#define STORE_TEST(function)                                                   \
	cmocka_unit_test_setup_teardown(function, new_store, remove_store)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_never_within_the_call),
	    TEST(test_request),
	    TEST(test_single_flight),
	    TEST(test_refusal),
	    TEST(test_no_connection),
	    TEST(test_bad_subject),
	    TEST(test_renew),
	    TEST(test_renew_under_way),
	    TEST(test_lifetime),
	    TEST(test_callback_asks_again),
	    TEST(test_callback_asks_after_error),
	    TEST(test_callback_renews_alone),
	    TEST(test_callbacks_in_a_chain),
	    TEST(test_eviction),
	    TEST(test_refusals_take_no_room),
	    TEST(test_more_waiting_than_kept),
	    TEST(test_access_token),
	    TEST(test_stored_sign_in),
	    TEST(test_refused_credentials),
	    TEST(test_free_under_way),
	    STORE_TEST(test_rotated_elsewhere),
	    STORE_TEST(test_rotated_in_store),
	    STORE_TEST(test_refused_in_store),
	    STORE_TEST(test_gone_from_store),
	    STORE_TEST(test_cannot_be_kept),
	    STORE_TEST(test_free_under_lock),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
