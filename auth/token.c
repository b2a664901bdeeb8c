/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token.c: the token endpoint's requests and answers, and what a refusal
 * means for whoever has to mend it. It sends nothing, and neither a token nor
 * an assertion gets into a message.
 */
#include "sendas/token.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "sendas/buf.h"
#include "sendas/delegation.h"
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/retry.h"
#include "sendas/text.h"

#define JWT_BEARER "urn:ietf:params:oauth:grant-type:jwt-bearer"

/* Google refuses an assertion that is off by more than some minutes. */
#define SKEW_SEC 120

#define DEFAULT_LIFETIME_SEC 3600
#define LONGEST_LIFETIME_SEC (366L * 24 * 3600)

/* Of Google's words in a message. An assertion is longer: one that is sent
 * back does not get through whole. */
#define QUOTE_BYTES 160
/* A code of Google's has 70 or so, a refresh token 100; its words are shorter. */
#define SECRET_BYTES 40

/* An answer taken apart; the strings are borrowed from the document. */
struct said {
	long http_status;
	time_t date; /* the endpoint's clock; 0: not said */
	const char *error; /* "" when there is none */
	const char *description; /* "" when there is none */
};

/* Whose name stands before a message. A mailbox's never does: a report shows
 * the message beside it. */
enum about {
	ABOUT_NOBODY = 0,
	ABOUT_ACCOUNT, /* the service account */
	ABOUT_SCOPE, /* what was asked for */
};

struct refusal;

typedef enum sendas_status refuse_fn(const struct refusal *refusal,
    const struct said *said, const struct sendas_token_context *context,
    struct sendas_error *err);

static refuse_fn refuse_plainly, refuse_client, refuse_known, refuse_times,
    refuse_sign_in;

/* One way to be refused, known by `error` and by `words` in the description
 * (NULL: any). Which it is and what it says is Google's; the words are not
 * documented, but were seen (GAM keeps such a list too). */
struct refusal {
	const char *error;
	const char *words;
	enum sendas_status code;
	enum sendas_reason reason;
	enum about about;
	refuse_fn *fn;
	const char *advice;
};

static const char no_such_mailbox[] =
    N_("Google knows no such mailbox in the domains that this service account "
       "serves. Check the spelling; a personal @gmail.com mailbox cannot be "
       "reached this way");

static const char account_gone[] =
    N_("Google does not know this service account or its key (any more): "
       "deleted, disabled, or made minutes ago. Look at it in the Google "
       "Cloud console, IAM & Admin > Service Accounts, and make a new JSON "
       "key if need be");

/* Of a person's sign-in: why it may have ended. */
static const char sign_in_ended[] =
    N_("The sign-in no longer works. The password may have been changed, the "
       "access taken back in the Google account, or the sign-in not used for "
       "6 months; and while the Google Cloud project is in \"Testing\" a "
       "sign-in ends after 7 days");

static const char code_refused[] =
    N_("Google did not take the code that came from the browser: it is good "
       "once, and for some minutes");

static const char sign_in_too_old[] =
    N_("The domain wants people to sign in again every few hours, and this "
       "sign-in is older");

static const char scope_refused[] =
    N_("Google knows no such scope, or gives it to no service account. If "
       "the domain does have Gmail, please report this");

static const char client_refused[] =
    N_("Google no longer accepts this client: deleted, disabled or "
       "restricted. Look at it in the Google Cloud console, APIs & Services "
       "> Credentials");

/* What a person with a client of their own does then. */
static const char client_again[] = N_(
    "Google no longer accepts the OAuth client: deleted or disabled, or its "
    "file is out of date. Make one anew (doc/google-cloud.md) and put its file "
    "in the old one's place");

static const char server_trouble[] =
    N_("Google's token endpoint has trouble; try again later");

static const char too_many[] =
    N_("Google's token endpoint wants fewer requests; try again later");

/* The first row that fits counts. */
static const struct refusal refusals[] = {
    {"unauthorized_client", NULL, SENDAS_ERR_PROJECT,
	SENDAS_REASON_SCOPE_MISSING, ABOUT_ACCOUNT, refuse_client, NULL},
    {"access_denied", "not authorized", SENDAS_ERR_PROJECT,
	SENDAS_REASON_SCOPE_MISSING, ABOUT_ACCOUNT, refuse_client, NULL},
    {"access_denied", "account restricted", SENDAS_ERR_MAILBOX,
	SENDAS_REASON_ACCOUNT_RESTRICTED, ABOUT_NOBODY, refuse_plainly,
	N_("Google has restricted this account. An administrator sees why in "
	   "the Admin console under Directory > Users")},
    {"invalid_grant", "invalid email or user id", SENDAS_ERR_MAILBOX,
	SENDAS_REASON_BAD_SUBJECT, ABOUT_NOBODY, refuse_plainly,
	no_such_mailbox},
    {"invalid_grant", "not a valid email", SENDAS_ERR_MAILBOX,
	SENDAS_REASON_BAD_SUBJECT, ABOUT_NOBODY, refuse_plainly,
	no_such_mailbox},
    {"invalid_request", "invalid impersonation", SENDAS_ERR_MAILBOX,
	SENDAS_REASON_BAD_SUBJECT, ABOUT_NOBODY, refuse_plainly,
	no_such_mailbox},
    {"invalid_grant", "has been deleted", SENDAS_ERR_MAILBOX,
	SENDAS_REASON_ACCOUNT_DELETED, ABOUT_NOBODY, refuse_plainly,
	N_("This account has been deleted. Take it off the list, or restore "
	   "it in the Admin console (possible for 20 days)")},
    {"invalid_grant", "invalid jwt signature", SENDAS_ERR_PROJECT,
	SENDAS_REASON_TOKEN_REFUSED, ABOUT_ACCOUNT, refuse_plainly,
	N_("Google does not accept the private key: it was deleted or "
	   "disabled, or the file was changed. Make a new JSON key in the "
	   "Google Cloud console, IAM & Admin > Service Accounts > Keys")},
    {"invalid_grant", "no valid verifier", SENDAS_ERR_PROJECT,
	SENDAS_REASON_TOKEN_REFUSED, ABOUT_ACCOUNT, refuse_plainly,
	account_gone},
    {"invalid_grant", "account not found", SENDAS_ERR_PROJECT,
	SENDAS_REASON_TOKEN_REFUSED, ABOUT_ACCOUNT, refuse_plainly,
	account_gone},
    {"invalid_grant", "robot is disabled", SENDAS_ERR_PROJECT,
	SENDAS_REASON_TOKEN_REFUSED, ABOUT_ACCOUNT, refuse_plainly,
	account_gone},
    {"invalid_grant", "audience", SENDAS_ERR_PROJECT,
	SENDAS_REASON_TOKEN_REFUSED, ABOUT_NOBODY, refuse_plainly,
	N_("The token endpoint says that it is not the one that was meant. "
	   "Check --endpoint token=URL: it must be the address that the "
	   "endpoint itself goes by")},
    {"invalid_grant", "invalid jwt", SENDAS_ERR_PROJECT,
	SENDAS_REASON_TOKEN_REFUSED, ABOUT_NOBODY, refuse_times, NULL},
    {"invalid_grant", "rapt", SENDAS_ERR_TOKEN, SENDAS_REASON_TOKEN_REFUSED,
	ABOUT_NOBODY, refuse_sign_in, sign_in_too_old},
    {"invalid_grant", NULL, SENDAS_ERR_TOKEN, SENDAS_REASON_TOKEN_REFUSED,
	ABOUT_NOBODY, refuse_sign_in, sign_in_ended},
    {"invalid_scope", NULL, SENDAS_ERR_PROJECT, SENDAS_REASON_SCOPE_MISSING,
	ABOUT_SCOPE, refuse_plainly, scope_refused},
    {"admin_policy_enforced", NULL, SENDAS_ERR_PROJECT,
	SENDAS_REASON_TOKEN_REFUSED, ABOUT_NOBODY, refuse_plainly,
	N_("A policy of the domain forbids it. A super admin allows the client "
	   "in the Admin console under Security > Access and data control > "
	   "API controls")},
    {"invalid_client", NULL, SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
	ABOUT_ACCOUNT, refuse_known, client_refused},
    {"deleted_client", NULL, SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
	ABOUT_ACCOUNT, refuse_known, client_refused},
    {"disabled_client", NULL, SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
	ABOUT_ACCOUNT, refuse_known, client_refused},
    {"restricted_client", NULL, SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
	ABOUT_ACCOUNT, refuse_known, client_refused},
    {"org_internal", NULL, SENDAS_ERR_PROJECT, SENDAS_REASON_TOKEN_REFUSED,
	ABOUT_ACCOUNT, refuse_known, client_refused},
    {"rate_limit_exceeded", NULL, SENDAS_ERR_TRANSIENT,
	SENDAS_REASON_RATE_LIMITED, ABOUT_NOBODY, refuse_plainly, too_many},
    {"slow_down", NULL, SENDAS_ERR_TRANSIENT, SENDAS_REASON_RATE_LIMITED,
	ABOUT_NOBODY, refuse_plainly, too_many},
    {"internal_failure", NULL, SENDAS_ERR_TRANSIENT, SENDAS_REASON_SERVER_ERROR,
	ABOUT_NOBODY, refuse_plainly, server_trouble},
    {"server_error", NULL, SENDAS_ERR_TRANSIENT, SENDAS_REASON_SERVER_ERROR,
	ABOUT_NOBODY, refuse_plainly, server_trouble},
    {"temporarily_unavailable", NULL, SENDAS_ERR_TRANSIENT,
	SENDAS_REASON_SERVER_ERROR, ABOUT_NOBODY, refuse_plainly,
	server_trouble},
};

/* What the status alone says; an answer of 5xx may have any body. */
static const struct refusal rate_limited = {NULL, NULL, SENDAS_ERR_TRANSIENT,
    SENDAS_REASON_RATE_LIMITED, ABOUT_NOBODY, refuse_plainly, too_many};
static const struct refusal server_failed = {NULL, NULL, SENDAS_ERR_TRANSIENT,
    SENDAS_REASON_SERVER_ERROR, ABOUT_NOBODY, refuse_plainly, server_trouble};
static const struct refusal refused_somehow = {NULL, NULL, SENDAS_ERR_TOKEN,
    SENDAS_REASON_TOKEN_REFUSED, ABOUT_NOBODY, refuse_plainly,
    N_("Google gives no access token for this mailbox")};
static const struct refusal refused_silently = {NULL, NULL, SENDAS_ERR_TOKEN,
    SENDAS_REASON_TOKEN_REFUSED, ABOUT_NOBODY, refuse_plainly,
    N_("The token endpoint refuses without a reason. Check --endpoint "
       "token=URL, and whether a proxy or filter stands in between")};
static const struct refusal not_a_token = {NULL, NULL, SENDAS_ERR_ANSWER,
    SENDAS_REASON_BAD_ANSWER, ABOUT_NOBODY, refuse_plainly,
    N_("The answer of the token endpoint is no token. Does a proxy or the "
       "network's own sign-in page stand in between?")};

void
sendas_token_jwt_bearer_body(
    const struct sendas_secret *assertion, struct sendas_secret *out)
{
	const char *pairs[] = {
	    "grant_type", JWT_BEARER, "assertion", assertion->data};

	sendas_oauth2_form_encode(pairs, 2, out);
}

/* A client need not have one. */
static bool
has_secret(const struct sendas_credentials *credentials)
{
	return sendas_secret_is_set(&credentials->client_secret);
}

void
sendas_token_refresh_body(
    const struct sendas_credentials *credentials, struct sendas_secret *out)
{
	const char *pairs[] = {"grant_type", "refresh_token", "client_id",
	    credentials->client_id, "refresh_token",
	    credentials->refresh_token.data, "client_secret",
	    credentials->client_secret.data};

	sendas_oauth2_form_encode(pairs, has_secret(credentials) ? 4 : 3, out);
}

void
sendas_token_code_body(const struct sendas_credentials *client,
    const struct sendas_token_code *code, struct sendas_secret *out)
{
	const char *pairs[] = {"grant_type", "authorization_code", "client_id",
	    client->client_id, "code", code->code->data, "redirect_uri",
	    code->redirect_uri, "code_verifier", code->verifier->data,
	    "client_secret", client->client_secret.data};

	sendas_oauth2_form_encode(pairs, has_secret(client) ? 6 : 5, out);
}

void
sendas_token_revoke_body(
    const struct sendas_credentials *sign_in, struct sendas_secret *out)
{
	const char *pairs[] = {"token", sign_in->refresh_token.data};

	sendas_oauth2_form_encode(pairs, 1, out);
}

struct sendas_http_request
sendas_token_request(
    const char *url, const struct sendas_secret *body, bool is_repeatable)
{
	return (struct sendas_http_request){
	    .method = "POST",
	    .url = url,
	    .content_type = "application/x-www-form-urlencoded",
	    .body = body->data,
	    .body_len = body->len,
	    .max_answer_bytes = SENDAS_LIMIT_TOKEN_ANSWER_BYTES,
	    .is_repeatable = is_repeatable,
	    .is_transient = sendas_token_is_transient,
	};
}

/* A long word of ASCII, as codes and tokens are; Japanese has no spaces. */
static bool
is_secret_like(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)word[i] >= 0x80)
			return false;
	}
	return len >= SECRET_BYTES;
}

/* Adds a text without what may be a secret that is sent back: a long word, and
 * what follows "?" in an address. */
static void
add_words(struct sendas_buf *text, const char *words, size_t len)
{
	size_t word, shown;

	for (size_t at = 0; at < len; at += word) {
		word = strcspn(words + at, " ");
		if (word > len - at)
			word = len - at;
		shown = word;
		if (strncmp(words + at, "http", 4) == 0)
			shown = strcspn(words + at, "? ");
		else if (is_secret_like(words + at, word))
			shown = 0;
		if (shown > word)
			shown = word;
		sendas_buf_add(text, words + at, shown);
		if (shown < word)
			sendas_buf_add_text(text, "...");
		for (; at + word < len && words[at + word] == ' '; word++)
			sendas_buf_add_text(text, " ");
	}
}

/* Adds Google's own words, so that they can be searched for: " [HTTP 400
 * invalid_grant: Bad Request]". */
static void
quote(const struct said *said, struct sendas_buf *text)
{
	size_t len = strlen(said->description);

	sendas_buf_printf(text, " [HTTP %ld", said->http_status);
	if (said->error[0] != '\0')
		sendas_buf_printf(text, " %.64s", said->error);
	if (len > QUOTE_BYTES) {
		len = QUOTE_BYTES;
		/* Not in the middle of a character. */
		while (len > 0 && (said->description[len] & 0xc0) == 0x80)
			len--;
	}
	if (len > 0) {
		sendas_buf_add_text(text, ": ");
		add_words(text, said->description, len);
	}
	sendas_buf_add_text(text, "]");
}

/* Ends a refusal: `text` and Google's words become the message. */
static enum sendas_status
refuse(const struct refusal *refusal, const struct said *said,
    struct sendas_buf *text, struct sendas_error *err)
{
	quote(said, text);
	sendas_fail_reason(
	    err, refusal->code, refusal->reason, "%s", text->data);
	sendas_buf_clear(text);
	return refusal->code;
}

static const char *
account_name(const struct sendas_token_context *context)
{
	const struct sendas_credentials *credentials = context->credentials;

	return credentials->client_email != NULL ? credentials->client_email
						 : credentials->origin;
}

/* The name that stands before a message, or NULL. */
static const char *
name_of(enum about about, const struct sendas_token_context *context)
{
	switch (about) {
	case ABOUT_ACCOUNT:
		return account_name(context);
	case ABOUT_SCOPE:
		return context->scope;
	case ABOUT_NOBODY:
		break;
	}
	return NULL;
}

static enum sendas_status refuse_person(const struct refusal *refusal,
    const struct said *said, const struct sendas_credentials *credentials,
    const char *advice, struct sendas_error *err);

static enum sendas_status
refuse_plainly(const struct refusal *refusal, const struct said *said,
    const struct sendas_token_context *context, struct sendas_error *err)
{
	const char *name = name_of(refusal->about, context);
	struct sendas_buf text;

	/* In the midst of a sign-in there is one way to go on. */
	if (context->credentials->kind == SENDAS_CREDENTIALS_CLIENT)
		return refuse_person(
		    refusal, said, context->credentials, refusal->advice, err);
	sendas_buf_init(&text, sizeof(err->message) * 2);
	if (name != NULL)
		sendas_buf_printf(&text, "%s: ", name);
	sendas_buf_add_text(&text, gettext(refusal->advice));
	return refuse(refusal, said, &text, err);
}

/* A moment as people and logs write it; `text` has room for 32. */
static void
format_moment(time_t moment, char *text, size_t size)
{
	struct tm utc;

	snprintf(text, size, "?");
	if (gmtime_r(&moment, &utc) != NULL)
		strftime(text, size, "%Y-%m-%d %H:%M:%S UTC", &utc);
}

/* The request's times are refused: they come from this machine's clock. What
 * the endpoint's own clock says shows how wrong that is. */
static enum sendas_status
refuse_times(const struct refusal *refusal, const struct said *said,
    const struct sendas_token_context *context, struct sendas_error *err)
{
	char here[32], there[32];
	time_t now = time(NULL);
	struct sendas_buf text;

	(void)context;
	format_moment(now, here, sizeof(here));
	format_moment(said->date, there, sizeof(there));
	sendas_buf_init(&text, sizeof(err->message) * 2);
	if (said->date == 0)
		sendas_buf_printf(&text,
		    _("Google does not accept the time of the request: the "
		      "clock of this machine is probably wrong. It says %s. "
		      "Set it (for example with: timedatectl set-ntp true) "
		      "and try again"),
		    here);
	else if (labs((long)(now - said->date)) > SKEW_SEC)
		sendas_buf_printf(&text,
		    _("Google does not accept the time of the request: the "
		      "clock of this machine is wrong. It says %s, Google's "
		      "says %s. Set it (for example with: timedatectl set-ntp "
		      "true) and try again"),
		    here, there);
	else
		sendas_buf_printf(&text,
		    _("Google does not accept the time of the request, though "
		      "this machine's clock agrees with Google's (%s). If that "
		      "stays so, please report it"),
		    here);
	return refuse(refusal, said, &text, err);
}

/* The domain has not granted all scopes to the client; one that is missing
 * refuses the whole request. */
static enum sendas_status
refuse_delegation(const struct refusal *refusal, const struct said *said,
    const struct sendas_token_context *context, struct sendas_error *err)
{
	const char *client_id = context->credentials->client_id;
	char *scopes = sendas_delegation_scopes(context->scope);
	char *link = sendas_delegation_link(client_id, context->scope);
	struct sendas_buf text;

	sendas_buf_init(&text, sizeof(err->message) * 2);
	if (client_id != NULL)
		sendas_buf_printf(&text,
		    _("The domain has not granted service account %s (client "
		      "ID %s) the scopes %s. A super admin does it here; it "
		      "takes up to 24 hours; scopes that this client already "
		      "has must be added again: "),
		    account_name(context), client_id, scopes);
	else
		sendas_buf_printf(&text,
		    _("The domain has not granted service account %s (its "
		      "client ID is the \"Unique ID\" in the Cloud console) "
		      "the scopes %s. A super admin does it here; it takes up "
		      "to 24 hours; scopes that this client already has must "
		      "be added again: "),
		    account_name(context), scopes);
	sendas_buf_add_text(&text, link);
	free(link);
	free(scopes);
	return refuse(refusal, said, &text, err);
}

/* `advice`, and the way back to a sign-in: with the program that made it. */
static enum sendas_status
refuse_person(const struct refusal *refusal, const struct said *said,
    const struct sendas_credentials *credentials, const char *advice,
    struct sendas_error *err)
{
	const char *mailbox = credentials->mailbox;
	struct sendas_buf text;

	sendas_buf_init(&text, sizeof(err->message) * 2);
	if (credentials->kind == SENDAS_CREDENTIALS_CLIENT ||
	    credentials->is_stored)
		sendas_buf_printf(&text,
		    _("%s. Sign in again: sendas login%s%s"), gettext(advice),
		    mailbox != NULL ? " " : "", mailbox != NULL ? mailbox : "");
	else
		sendas_buf_printf(&text,
		    _("%s. Sign in again with the program that stored it "
		      "(%s)"),
		    gettext(advice), credentials->origin);
	return refuse(refusal, said, &text, err);
}

static bool
is_persons(const struct sendas_credentials *credentials)
{
	return credentials->kind == SENDAS_CREDENTIALS_AUTHORIZED_USER ||
	    credentials->kind == SENDAS_CREDENTIALS_CLIENT;
}

/* A grant that is not taken. With a person's sign-in, it is over; with a code
 * that has just come from the browser, that was no longer good. */
static enum sendas_status
refuse_sign_in(const struct refusal *refusal, const struct said *said,
    const struct sendas_token_context *context, struct sendas_error *err)
{
	const struct sendas_credentials *credentials = context->credentials;
	const char *advice = refusal->advice;

	if (!is_persons(credentials))
		return refuse_plainly(&refused_somehow, said, context, err);
	if (credentials->kind == SENDAS_CREDENTIALS_CLIENT)
		advice = code_refused;
	return refuse_person(refusal, said, credentials, advice, err);
}

/* The client itself is refused; a person's was made for sendas login. */
static enum sendas_status
refuse_known(const struct refusal *refusal, const struct said *said,
    const struct sendas_token_context *context, struct sendas_error *err)
{
	const struct sendas_credentials *credentials = context->credentials;

	if (credentials->is_stored ||
	    credentials->kind == SENDAS_CREDENTIALS_CLIENT)
		return refuse_person(
		    refusal, said, credentials, client_again, err);
	return refuse_plainly(refusal, said, context, err);
}

/* A client that may not have what it asks for. A person's sign-in needs no
 * delegation: there, client and sign-in do not belong together. */
static enum sendas_status
refuse_client(const struct refusal *refusal, const struct said *said,
    const struct sendas_token_context *context, struct sendas_error *err)
{
	struct refusal personal = *refusal;

	if (context->credentials->kind == SENDAS_CREDENTIALS_SERVICE_ACCOUNT)
		return refuse_delegation(refusal, said, context, err);
	personal.reason = SENDAS_REASON_TOKEN_REFUSED;
	personal.advice = sign_in_ended;
	return refuse_sign_in(&personal, said, context, err);
}

/* The first row that fits, or NULL. */
static const struct refusal *
find_refusal(const struct said *said)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *row = &refusals[i];

		if (strcmp(row->error, said->error) == 0 &&
		    (row->words == NULL ||
			strcasestr(said->description, row->words) != NULL))
			return row;
	}
	return NULL;
}

/* The status decides where it is clear, then the words, and where there are
 * none the status again. */
static const struct refusal *
classify(const struct said *said)
{
	const struct refusal *row;

	if (said->http_status == 429)
		return &rate_limited;
	if (said->http_status == 408 || said->http_status >= 500)
		return &server_failed;
	row = find_refusal(said);
	if (row != NULL)
		return row;
	/* 403 with "Rate Limit Exceeded" as HTML or as an API's error. */
	if (strcasestr(said->description, "rate limit") != NULL)
		return &rate_limited;
	if (said->error[0] != '\0')
		return &refused_somehow;
	return said->http_status >= 400 ? &refused_silently : &not_a_token;
}

/* Takes apart what may be RFC 6749's form, an API's error object, a page of
 * HTML or nothing. */
static void
read_error(const struct sendas_http_answer *answer,
    const struct sendas_json *root, struct said *said)
{
	struct sendas_json inner = sendas_json_member(root, "error");
	enum sendas_status status;

	*said = (struct said){answer->status, answer->date, "", ""};
	if (sendas_json_is_object(&inner)) {
		status = sendas_json_read_string(
		    &inner, "status", &said->error, NULL);
		if (status == SENDAS_OK)
			status = sendas_json_read_string(
			    &inner, "message", &said->description, NULL);
	} else {
		status =
		    sendas_json_read_string(root, "error", &said->error, NULL);
		if (status == SENDAS_OK)
			status = sendas_json_read_string(root,
			    "error_description", &said->description, NULL);
	}
	/* Not a string: as if it were not there. */
	if (status != SENDAS_OK)
		*said = (struct said){answer->status, answer->date, "", ""};
	if (root->node == NULL && answer->status == 403 &&
	    strcasestr(answer->body, "rate limit") != NULL)
		said->description = "rate limit (HTML)";
}

/* The document of an answer; NULL when it is no JSON. */
static struct sendas_json_doc *
parse_body(const struct sendas_http_answer *answer)
{
	struct sendas_json_doc *doc = NULL;

	if (sendas_json_parse(answer->body, answer->len, &doc, NULL) !=
	    SENDAS_OK)
		return NULL;
	return doc;
}

static struct sendas_json
root_of(const struct sendas_json_doc *doc)
{
	if (doc == NULL)
		return (struct sendas_json){0};
	return sendas_json_root(doc);
}

/* True for what can stand in an Authorization header. */
static bool
is_bearer(const char *text)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] >= 0x7f)
			return false;
	}
	return len > 0 && len <= SENDAS_LIMIT_TOKEN_BYTES;
}

/* True when the word of `len` bytes stands in a list with spaces. */
static bool
has_word(const char *list, const char *word, size_t len)
{
	size_t other;

	for (; *list != '\0'; list += strspn(list, " ")) {
		other = strcspn(list, " ");
		if (other == len && memcmp(list, word, len) == 0)
			return true;
		list += other;
	}
	return false;
}

/* The scopes of `wanted` that are not in `given` (all separated by spaces),
 * which the caller frees; or NULL. */
static char *
missing_scopes(const char *wanted, const char *given)
{
	struct sendas_buf missing;
	size_t len;

	sendas_buf_init(&missing, strlen(wanted) + 1);
	for (; *wanted != '\0'; wanted += len) {
		wanted += strspn(wanted, " ");
		len = strcspn(wanted, " ");
		if (len > 0 && !has_word(given, wanted, len))
			sendas_buf_printf(&missing, "%s%.*s",
			    missing.len > 0 ? " " : "", (int)len, wanted);
	}
	if (missing.len > 0)
		return sendas_buf_take(&missing);
	sendas_buf_clear(&missing);
	return NULL;
}

/* RFC 6749 section 5.1: `scope` may be left out when it is what was asked
 * for; a person may have unticked some. */
static enum sendas_status
check_scope(const struct sendas_token_context *context, const char *given,
    struct sendas_error *err)
{
	char *missing;

	if (given == NULL || context->scope == NULL)
		return SENDAS_OK;
	missing = missing_scopes(context->scope, given);
	if (missing == NULL)
		return SENDAS_OK;
	if (context->credentials->kind == SENDAS_CREDENTIALS_CLIENT)
		sendas_fail_reason(err, SENDAS_ERR_SCOPE,
		    SENDAS_REASON_SCOPE_MISSING,
		    _("On Google's page a box was left without its tick: "
		      "%.400s. Without it the settings cannot be read. Sign in "
		      "again and tick it: sendas login"),
		    missing);
	else if (context->credentials->is_stored)
		sendas_fail_reason(err, SENDAS_ERR_SCOPE,
		    SENDAS_REASON_SCOPE_MISSING,
		    _("The sign-in lacks a permission: %.400s. Sign in again "
		      "and leave its box ticked: sendas login %.200s"),
		    missing, context->credentials->mailbox);
	else
		sendas_fail_reason(err, SENDAS_ERR_SCOPE,
		    SENDAS_REASON_SCOPE_MISSING,
		    _("Google granted less than was asked for; %.400s is "
		      "missing. Grant it and try again"),
		    missing);
	free(missing);
	return SENDAS_ERR_SCOPE;
}

/* A token as it stands in an answer; borrowed from the document. */
struct given {
	const char *bearer, *type, *scope, *refresh_token;
	long expires_in_sec;
};

/* Reads a token; false when this is none. */
static bool
read_token(const struct sendas_json *root, struct given *given)
{
	*given = (struct given){.expires_in_sec = DEFAULT_LIFETIME_SEC};
	if (sendas_json_read_string(
		root, "access_token", &given->bearer, NULL) != SENDAS_OK ||
	    sendas_json_read_string(root, "token_type", &given->type, NULL) !=
		SENDAS_OK ||
	    sendas_json_read_string(root, "scope", &given->scope, NULL) !=
		SENDAS_OK ||
	    sendas_json_read_string(root, "refresh_token",
		&given->refresh_token, NULL) != SENDAS_OK ||
	    sendas_json_read_int(root, "expires_in", 1, LONGEST_LIFETIME_SEC,
		&given->expires_in_sec, NULL) != SENDAS_OK)
		return false;
	if (given->refresh_token != NULL && !is_bearer(given->refresh_token))
		return false;
	return given->bearer != NULL && is_bearer(given->bearer) &&
	    given->type != NULL &&
	    sendas_text_equal_fold(given->type, "Bearer");
}

static void
take_token(const struct given *given, struct sendas_token *out)
{
	const char *refresh_token = given->refresh_token;

	*out = (struct sendas_token){
	    .expires_in_sec = given->expires_in_sec,
	    .scope = sendas_xstrdup(given->scope),
	};
	sendas_secret_set(&out->bearer, given->bearer, strlen(given->bearer));
	if (refresh_token != NULL)
		sendas_secret_set(
		    &out->refresh_token, refresh_token, strlen(refresh_token));
}

enum sendas_status
sendas_token_parse_answer(const struct sendas_http_answer *answer,
    const struct sendas_token_context *context, struct sendas_token *out,
    struct sendas_error *err)
{
	struct sendas_json_doc *doc = parse_body(answer);
	struct sendas_json root = root_of(doc);
	const struct refusal *row;
	enum sendas_status status;
	struct given given;
	struct said said;

	if (answer->status == 200 && read_token(&root, &given)) {
		status = check_scope(context, given.scope, err);
		if (status == SENDAS_OK)
			take_token(&given, out);
	} else {
		read_error(answer, &root, &said);
		row = classify(&said);
		status = row->fn(row, &said, context, err);
	}
	if (status != SENDAS_OK && err != NULL)
		err->http_status = answer->status;
	sendas_json_doc_free(doc);
	return status;
}

/* Whatever says that the token is not good (any more) will do. */
enum sendas_status
sendas_token_parse_revoked(
    const struct sendas_http_answer *answer, struct sendas_error *err)
{
	struct sendas_json_doc *doc = parse_body(answer);
	struct sendas_json root = root_of(doc);
	enum sendas_status status = SENDAS_OK;
	const struct refusal *row;
	struct said said;

	read_error(answer, &root, &said);
	if (answer->status != 200 && strcmp(said.error, "invalid_token") != 0 &&
	    strcmp(said.error, "invalid_grant") != 0) {
		row = classify(&said);
		status = sendas_fail(err,
		    row->code == SENDAS_ERR_TRANSIENT ? row->code
						      : SENDAS_ERR_ANSWER,
		    _("Google's answer was HTTP %ld %.64s"), answer->status,
		    said.error);
		if (err != NULL)
			err->http_status = answer->status;
	}
	sendas_json_doc_free(doc);
	return status;
}

bool
sendas_token_is_transient(const struct sendas_http_answer *answer)
{
	struct sendas_json_doc *doc;
	struct sendas_json root;
	bool is_transient;
	struct said said;

	if (answer->status < 400)
		return false;
	doc = parse_body(answer);
	root = root_of(doc);
	read_error(answer, &root, &said);
	is_transient = classify(&said)->code == SENDAS_ERR_TRANSIENT;
	sendas_json_doc_free(doc);
	return is_transient;
}

void
sendas_token_clear(struct sendas_token *token)
{
	sendas_secret_clear(&token->bearer);
	sendas_secret_clear(&token->refresh_token);
	free(token->scope);
	memset(token, 0, sizeof(*token));
}
