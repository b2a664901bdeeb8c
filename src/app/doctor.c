/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor.c: looks at each part of a set-up alone, in the order of `checks`,
 * and tells what it finds. What is in the way of a later check makes that one
 * "not checked", so that each trouble is told once. It changes nothing.
 */
#include "sendas/doctor.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "config.h"
#include "sendas/auth.h"
#include "sendas/credentials_find.h"
#include "sendas/delegation.h"
#include "sendas/http.h"
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/model.h"
#include "sendas/send_as.h"
#include "sendas/session.h"

/* Who waits at a terminal wants to know soon. */
#define TIMEOUT_MS 10000

/* How wrong a clock may be: Google takes assertions that are some minutes
 * off. */
#define CLOCK_NOTE_SEC 60
#define CLOCK_PROBLEM_SEC 300

#define EXIT_ACCESS 3
#define EXIT_WAY 4

/* How far the mailbox's settings could be followed; the later, the better. */
enum reach {
	REACH_NOWHERE = 0, /* it was not tried */
	REACH_TOKEN, /* there it ended */
	REACH_SCOPE,
	REACH_MAILBOX,
	REACH_END, /* they were read */
};

struct doctor {
	const struct sendas_doctor_options *options;
	sendas_doctor_fn *fn;
	void *ctx;
	/* What went wrong so far. */
	size_t problem_count;
	bool has_access_problem, has_way_problem;
	/* The engine, or why there is none. */
	struct sendas_http *http;
	struct sendas_error http_trouble;
	struct sendas_credentials credentials;
	struct sendas_auth *auth; /* NULL: no credentials that can be used */
	/* A first answer, or why there was none. */
	bool has_answer;
	long answer_status;
	time_t before, after, date;
	struct sendas_error way_trouble;
	/* What came of asking for the mailbox. */
	enum reach reach;
	bool has_bearer;
	size_t address_count, relay_count;
	char *mailbox; /* the one that answered */
	struct sendas_error trouble;
	/* What came of asking for the other scope alone. */
	bool has_sharing;
	struct sendas_error sharing_trouble;
};

static void
tell(struct doctor *doctor, enum sendas_doctor_part part,
    enum sendas_doctor_state state, const char *text, const char *way_out)
{
	struct sendas_doctor_check check = {part, state, text, way_out};

	doctor->fn(doctor->ctx, &check);
}

/* The same for a text of printf's, which needs no way out. */
static void say(struct doctor *doctor, enum sendas_doctor_part part,
    enum sendas_doctor_state state, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void
say(struct doctor *doctor, enum sendas_doctor_part part,
    enum sendas_doctor_state state, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = sendas_xstrdup("");
	va_end(arguments);
	tell(doctor, part, state, text, NULL);
	free(text);
}

static void
tell_problem(struct doctor *doctor, enum sendas_doctor_part part,
    int exit_status, const char *text, const char *way_out)
{
	doctor->problem_count++;
	if (exit_status == EXIT_ACCESS)
		doctor->has_access_problem = true;
	else
		doctor->has_way_problem = true;
	tell(doctor, part, SENDAS_DOCTOR_PROBLEM, text, way_out);
}

/* As a run ends that meets this error. */
static int
exit_status_of(const struct sendas_error *err)
{
	switch (err->code) {
	case SENDAS_ERR_CREDENTIALS:
	case SENDAS_ERR_TOKEN:
	case SENDAS_ERR_SCOPE:
	case SENDAS_ERR_PROJECT:
	case SENDAS_ERR_UNAUTHORIZED:
		return EXIT_ACCESS;
	default:
		return EXIT_WAY;
	}
}

static bool
is_service_account(const struct doctor *doctor)
{
	return doctor->credentials.kind == SENDAS_CREDENTIALS_SERVICE_ACCOUNT;
}

static bool
is_stopped(const struct doctor *doctor)
{
	return doctor->http != NULL && sendas_http_is_stopped(doctor->http);
}

/* Credentials */

static enum sendas_status
load_credentials(struct doctor *doctor, enum sendas_credentials_place *place,
    struct sendas_error *err)
{
	const struct sendas_doctor_options *options = doctor->options;

	*place = SENDAS_CREDENTIALS_GIVEN;
	if (options->access_token_fd >= 0)
		return sendas_credentials_read_token(
		    options->access_token_fd, &doctor->credentials, err);
	return sendas_credentials_find(options->credentials, options->mailbox,
	    &doctor->credentials, place, err);
}

static void
tell_notice(void *ctx, const char *text)
{
	tell(ctx, SENDAS_DOCTOR_CREDENTIALS, SENDAS_DOCTOR_NOTE, text, NULL);
}

/* A key that cannot be read shows here, without any network. */
static enum sendas_status
open_auth(struct doctor *doctor, const char *scope, struct sendas_auth **out,
    struct sendas_error *err)
{
	struct sendas_auth_options options = {
	    .credentials = &doctor->credentials,
	    .http = doctor->http,
	    .token_url = doctor->options->endpoints->token,
	    .scope = scope,
	    .stop = doctor->options->stop,
	    .notice = tell_notice,
	    .notice_ctx = doctor,
	};

	return sendas_auth_new(&options, out, err);
}

static void
say_credentials(struct doctor *doctor, const char *place)
{
	const struct sendas_credentials *credentials = &doctor->credentials;
	const char *client_id = credentials->client_id;

	if (client_id == NULL)
		client_id = _("not in the file");
	if (is_service_account(doctor))
		say(doctor, SENDAS_DOCTOR_CREDENTIALS, SENDAS_DOCTOR_OK,
		    _("%s (found by %s): the key of service account %s, client "
		      "ID %s; others cannot read it"),
		    credentials->origin, place, credentials->client_email,
		    client_id);
	else if (credentials->is_stored)
		say(doctor, SENDAS_DOCTOR_CREDENTIALS, SENDAS_DOCTOR_OK,
		    _("%s is signed in (by sendas login), client ID %s; others "
		      "cannot read it"),
		    credentials->mailbox, client_id);
	else if (credentials->kind == SENDAS_CREDENTIALS_AUTHORIZED_USER)
		say(doctor, SENDAS_DOCTOR_CREDENTIALS, SENDAS_DOCTOR_OK,
		    _("%s (found by %s): a person's stored sign-in, client ID "
		      "%s; others cannot read it"),
		    credentials->origin, place, client_id);
	else
		say(doctor, SENDAS_DOCTOR_CREDENTIALS, SENDAS_DOCTOR_OK,
		    _("%s: an access token"), credentials->origin);
}

static void
check_credentials(struct doctor *doctor)
{
	enum sendas_credentials_place place;
	enum sendas_status status;
	struct sendas_error err;
	char *way_out = NULL;
	const char *name;

	status = load_credentials(doctor, &place, &err);
	name = sendas_credentials_place_name(place);
	if (status == SENDAS_OK)
		status = open_auth(
		    doctor, SENDAS_SEND_AS_SCOPE, &doctor->auth, &err);
	if (status == SENDAS_OK) {
		say_credentials(doctor, name);
		return;
	}
	if (place != SENDAS_CREDENTIALS_GIVEN &&
	    place != SENDAS_CREDENTIALS_STORE)
		way_out = sendas_xasprintf(
		    _("This file was found by %s; --credentials FILE names "
		      "another."),
		    name);
	tell_problem(doctor, SENDAS_DOCTOR_CREDENTIALS, EXIT_ACCESS,
	    err.message, way_out);
	free(way_out);
}

/* The way to Google */

static void
knocked(void *ctx, const struct sendas_http_answer *answer,
    const struct sendas_error *err)
{
	struct doctor *doctor = ctx;

	doctor->after = time(NULL);
	if (answer == NULL) {
		doctor->way_trouble = *err;
		return;
	}
	doctor->has_answer = true;
	doctor->answer_status = answer->status;
	doctor->date = answer->date;
}

/* The first request, from which all is learned about the way. */
static void
knock(struct doctor *doctor)
{
	struct sendas_send_as api = {
	    doctor->http, doctor->options->endpoints->gmail};

	if (doctor->http == NULL) {
		doctor->way_trouble = doctor->http_trouble;
		return;
	}
	doctor->before = time(NULL);
	sendas_send_as_knock(&api, knocked, doctor);
	sendas_http_run(doctor->http);
}

/* Whether a proxy was used is known after an answer only. */
static void
check_proxy(struct doctor *doctor)
{
	const char *variable = NULL;
	char *proxy = sendas_http_named_proxy(&variable);

	knock(doctor);
	if (variable == NULL)
		say(doctor, SENDAS_DOCTOR_PROXY, SENDAS_DOCTOR_OK, "%s",
		    _("none; the environment names none"));
	else if (proxy == NULL)
		say(doctor, SENDAS_DOCTOR_PROXY, SENDAS_DOCTOR_NOTE,
		    _("%s is set, but not to the address of a proxy"),
		    variable);
	else if (!doctor->has_answer)
		say(doctor, SENDAS_DOCTOR_PROXY, SENDAS_DOCTOR_OK,
		    _("%s, by %s"), proxy, variable);
	else if (sendas_http_is_proxied(doctor->http))
		say(doctor, SENDAS_DOCTOR_PROXY, SENDAS_DOCTOR_OK,
		    _("%s, by %s; it is used"), proxy, variable);
	else
		say(doctor, SENDAS_DOCTOR_PROXY, SENDAS_DOCTOR_OK,
		    _("%s, by %s; not used here, since no_proxy says so"),
		    proxy, variable);
	free(proxy);
}

static void
check_endpoints(struct doctor *doctor)
{
	const struct sendas_endpoints *endpoints = doctor->options->endpoints;
	char *text = sendas_endpoints_tell(endpoints, 0);

	if (text == NULL)
		say(doctor, SENDAS_DOCTOR_ENDPOINTS, SENDAS_DOCTOR_OK, "%s",
		    _("Google's own"));
	for (size_t i = 1; text != NULL; i++) {
		say(doctor, SENDAS_DOCTOR_ENDPOINTS, SENDAS_DOCTOR_NOTE, "%s",
		    text);
		free(text);
		text = sendas_endpoints_tell(endpoints, i);
	}
}

/* What a certificate is judged by besides: to a wrong clock it is over, or
 * not yet valid. NULL where that is not the question; the caller frees it. */
static char *
suspect_clock(const struct sendas_error *err)
{
	time_t now = time(NULL);
	struct tm utc;
	char here[32];

	if (strstr(err->message, "expired") == NULL &&
	    strstr(err->message, "not yet valid") == NULL)
		return NULL;
	gmtime_r(&now, &utc);
	strftime(here, sizeof(here), "%Y-%m-%d %H:%M:%S UTC", &utc);
	return sendas_xasprintf(_("Is the clock of this machine right? It "
				  "says %s."),
	    here);
}

static void
say_no_way(struct doctor *doctor)
{
	char *way_out = suspect_clock(&doctor->way_trouble);

	tell_problem(doctor, SENDAS_DOCTOR_CONNECTION, EXIT_WAY,
	    doctor->way_trouble.message, way_out);
	free(way_out);
}

bool
sendas_doctor_is_google(const char *issuer)
{
	static const char wanted[] = "O=Google Trust Services";
	const char *at = strstr(issuer, wanted);
	char next;

	if (at == NULL)
		return false;
	next = at[sizeof(wanted) - 1];
	/* Its beginning and end: a comma within a value is escaped. */
	if (at != issuer &&
	    (at[-1] != ',' || (at > issuer + 1 && at[-2] == '\\')))
		return false;
	return next == '\0' || next == ',' || next == ' ';
}

/* The issuer is noteworthy where it should be Google. */
static bool
is_inspected(const struct doctor *doctor, const char *issuer)
{
	return !doctor->options->endpoints->is_gmail_replaced &&
	    issuer[0] != '\0' && !sendas_doctor_is_google(issuer);
}

/* "connected; ...": who vouches for the other side, and by which list. The
 * caller frees it. */
static char *
describe_connection(const struct doctor *doctor, const char *issuer)
{
	const char *ca_file = doctor->options->ca_file;

	if (issuer[0] == '\0')
		issuer = "?";
	if (ca_file != NULL)
		return sendas_xasprintf(
		    _("connected; certificate issued by %s (trusted by: the "
		      "system's CAs and --ca-file %s)"),
		    issuer, ca_file);
	return sendas_xasprintf(
	    _("connected; certificate issued by %s (trusted by: the system's "
	      "CAs)"),
	    issuer);
}

static void
check_connection(struct doctor *doctor)
{
	enum sendas_doctor_state state = SENDAS_DOCTOR_OK;
	char *text, *note = NULL;
	const char *issuer;

	if (!doctor->has_answer) {
		say_no_way(doctor);
		return;
	}
	issuer = sendas_http_issuer(doctor->http);
	text = describe_connection(doctor, issuer);
	if (doctor->answer_status != 401)
		note = sendas_xasprintf(
		    _("The answer was HTTP %ld, where Google says 401. Does "
		      "something else answer in its place?"),
		    doctor->answer_status);
	else if (is_inspected(doctor, issuer))
		note = sendas_xstrdup(
		    _("That is not Google's own: something on the way, such "
		      "as a company's filter, looks into TLS, and sees tokens "
		      "and settings."));
	if (note != NULL)
		state = SENDAS_DOCTOR_NOTE;
	tell(doctor, SENDAS_DOCTOR_CONNECTION, state, text, note);
	free(note);
	free(text);
}

long
sendas_doctor_clock_error(time_t before, time_t after, time_t date)
{
	if (date > after)
		return (long)(after - date);
	if (date < before)
		return (long)(before - date);
	return 0;
}

/* The caller frees it. */
static char *
describe_clock(long error)
{
	unsigned long seconds = (unsigned long)labs(error);

	if (error == 0)
		return sendas_xstrdup(_("agrees with Google's"));
	if (error < 0)
		return sendas_xasprintf(
		    ngettext("%lu second behind Google's",
			"%lu seconds behind Google's", seconds),
		    seconds);
	return sendas_xasprintf(ngettext("%lu second ahead of Google's",
				    "%lu seconds ahead of Google's", seconds),
	    seconds);
}

static void
check_clock(struct doctor *doctor)
{
	enum sendas_doctor_state state = SENDAS_DOCTOR_OK;
	long error, seconds;
	char *text;

	if (!doctor->has_answer || doctor->date == 0) {
		say(doctor, SENDAS_DOCTOR_CLOCK, SENDAS_DOCTOR_NOT_CHECKED,
		    "%s",
		    doctor->has_answer
			? _("the answer does not say what time it is")
			: _("no connection"));
		return;
	}
	error = sendas_doctor_clock_error(
	    doctor->before, doctor->after, doctor->date);
	seconds = labs(error);
	if (seconds > CLOCK_NOTE_SEC)
		state = SENDAS_DOCTOR_NOTE;
	text = describe_clock(error);
	if (seconds > CLOCK_PROBLEM_SEC)
		tell_problem(doctor, SENDAS_DOCTOR_CLOCK, EXIT_WAY, text,
		    _("Google gives no token to a clock that is so wrong. Set "
		      "it, for example with: timedatectl set-ntp true"));
	else
		tell(doctor, SENDAS_DOCTOR_CLOCK, state, text, NULL);
	free(text);
}

/* Token, scope, mailbox */

/* Why the mailbox is not asked for, or NULL. */
static const char *
reason_not_to_ask(const struct doctor *doctor)
{
	if (doctor->auth == NULL)
		return _("no credentials that can be used");
	if (!doctor->has_answer)
		return _("no connection");
	if (is_service_account(doctor) && doctor->options->mailbox == NULL)
		return _("give --mailbox with any mailbox of the domain");
	return NULL;
}

/* Where an error belongs, however far the calls came. */
static enum reach
reach_of(const struct sendas_error *err, bool has_bearer)
{
	if (err->reason == SENDAS_REASON_SCOPE_MISSING)
		return REACH_SCOPE;
	if (err->code == SENDAS_ERR_UNAUTHORIZED)
		return REACH_TOKEN;
	if (err->code == SENDAS_ERR_MAILBOX || has_bearer)
		return REACH_MAILBOX;
	return REACH_TOKEN;
}

static void
listed(
    void *ctx, struct sendas_mailbox *mailbox, const struct sendas_error *err)
{
	struct doctor *doctor = ctx;

	if (mailbox == NULL) {
		doctor->trouble = *err;
		return;
	}
	doctor->reach = REACH_END;
	doctor->mailbox = sendas_xstrdup(mailbox->mailbox);
	doctor->address_count = mailbox->address_count;
	doctor->relay_count = sendas_mailbox_count_relays(mailbox);
	sendas_mailbox_free(mailbox);
}

/* Goes the way of an audit, as far as it leads. */
static void
ask_for_mailbox(struct doctor *doctor)
{
	/* What a session needs of a run. */
	struct sendas_run run = {
	    .http = doctor->http,
	    .auth = doctor->auth,
	    .api = {doctor->http, doctor->options->endpoints->gmail},
	};

	sendas_session_list(&run, doctor->options->mailbox, listed, doctor);
	sendas_http_run(doctor->http);
	doctor->has_bearer = run.has_bearer;
	if (doctor->reach != REACH_END)
		doctor->reach = reach_of(&doctor->trouble, run.has_bearer);
}

static void
say_token(struct doctor *doctor)
{
	switch (doctor->credentials.kind) {
	case SENDAS_CREDENTIALS_SERVICE_ACCOUNT:
		say(doctor, SENDAS_DOCTOR_TOKEN, SENDAS_DOCTOR_OK,
		    _("Google gives one in the name of %s"),
		    doctor->options->mailbox);
		break;
	case SENDAS_CREDENTIALS_AUTHORIZED_USER:
		say(doctor, SENDAS_DOCTOR_TOKEN, SENDAS_DOCTOR_OK, "%s",
		    _("Google gives one for this sign-in"));
		break;
	case SENDAS_CREDENTIALS_ACCESS_TOKEN:
	case SENDAS_CREDENTIALS_CLIENT: /* neither was asked with */
	case SENDAS_CREDENTIALS_NONE:
		say(doctor, SENDAS_DOCTOR_TOKEN, SENDAS_DOCTOR_OK, "%s",
		    doctor->reach == REACH_MAILBOX ? _("as given")
						   : _("Google takes it"));
		break;
	}
}

static void
check_token(struct doctor *doctor)
{
	const char *reason = reason_not_to_ask(doctor);

	if (reason == NULL)
		ask_for_mailbox(doctor);
	if (reason != NULL)
		say(doctor, SENDAS_DOCTOR_TOKEN, SENDAS_DOCTOR_NOT_CHECKED,
		    "%s", reason);
	else if (doctor->reach == REACH_TOKEN)
		tell_problem(doctor, SENDAS_DOCTOR_TOKEN,
		    exit_status_of(&doctor->trouble), doctor->trouble.message,
		    NULL);
	else if (doctor->has_bearer)
		say_token(doctor);
	else if (doctor->reach == REACH_SCOPE)
		say(doctor, SENDAS_DOCTOR_TOKEN, SENDAS_DOCTOR_NOT_CHECKED,
		    "%s",
		    is_service_account(doctor)
			? _("Google gives none without the scope below")
			: _("Google gives one, but without the permission "
			    "below"));
	else
		say(doctor, SENDAS_DOCTOR_TOKEN, SENDAS_DOCTOR_NOT_CHECKED,
		    "%s", _("Google gives none for this mailbox: see below"));
}

/* The domain has to grant it: told in short, for a text to hand on follows. */
static void
tell_not_granted(struct doctor *doctor)
{
	char *text = sendas_xasprintf(
	    _("%s: the domain has not granted it to this service account"),
	    SENDAS_SEND_AS_SCOPE);

	tell_problem(doctor, SENDAS_DOCTOR_SCOPE, EXIT_ACCESS,
	    doctor->options->is_verbose ? doctor->trouble.message : text,
	    _("Hand the lines at the end to a super admin of the domain."));
	free(text);
}

/* The scope that audit and fix need; a person's cannot be asked for alone. */
static void
check_basic_scope(struct doctor *doctor)
{
	if (doctor->reach == REACH_SCOPE && !doctor->has_bearer &&
	    is_service_account(doctor))
		tell_not_granted(doctor);
	else if (doctor->reach == REACH_SCOPE)
		tell_problem(doctor, SENDAS_DOCTOR_SCOPE, EXIT_ACCESS,
		    doctor->trouble.message, NULL);
	else if (is_service_account(doctor) && doctor->has_bearer)
		say(doctor, SENDAS_DOCTOR_SCOPE, SENDAS_DOCTOR_OK,
		    _("%s: granted"), SENDAS_SEND_AS_SCOPE);
	else if (doctor->reach == REACH_END)
		say(doctor, SENDAS_DOCTOR_SCOPE, SENDAS_DOCTOR_OK, "%s",
		    _("enough to read the settings"));
	else
		say(doctor, SENDAS_DOCTOR_SCOPE, SENDAS_DOCTOR_NOT_CHECKED,
		    "%s", _("it did not come to that"));
}

static void
got_sharing(void *ctx, const struct sendas_secret *bearer,
    const struct sendas_error *err)
{
	struct doctor *doctor = ctx;

	doctor->has_sharing = bearer != NULL;
	if (bearer == NULL)
		doctor->sharing_trouble = *err;
}

/* Asks for the other scope alone: together, one that is not granted would
 * refuse both. Without it nothing is missing yet. */
static void
check_sharing_scope(struct doctor *doctor)
{
	struct sendas_auth *auth;

	if (open_auth(doctor, SENDAS_SEND_AS_SHARING_SCOPE, &auth,
		&doctor->sharing_trouble) != SENDAS_OK)
		return; /* never: the same key was fine */
	sendas_auth_get_bearer(
	    auth, doctor->options->mailbox, got_sharing, doctor);
	sendas_http_run(doctor->http);
	if (doctor->has_sharing)
		say(doctor, SENDAS_DOCTOR_SCOPE, SENDAS_DOCTOR_OK,
		    _("%s: granted"), SENDAS_SEND_AS_SHARING_SCOPE);
	else if (doctor->sharing_trouble.reason == SENDAS_REASON_SCOPE_MISSING)
		say(doctor, SENDAS_DOCTOR_SCOPE, SENDAS_DOCTOR_NOTE,
		    _("%s: not granted; wanted only if Google asks for it at a "
		      "change"),
		    SENDAS_SEND_AS_SHARING_SCOPE);
	else
		say(doctor, SENDAS_DOCTOR_SCOPE, SENDAS_DOCTOR_NOT_CHECKED,
		    "%s: %s", SENDAS_SEND_AS_SHARING_SCOPE,
		    doctor->sharing_trouble.message);
	sendas_auth_free(auth);
}

static void
check_scopes(struct doctor *doctor)
{
	const char *reason = reason_not_to_ask(doctor);

	if (reason != NULL) {
		say(doctor, SENDAS_DOCTOR_SCOPE, SENDAS_DOCTOR_NOT_CHECKED,
		    "%s", reason);
		return;
	}
	check_basic_scope(doctor);
	if (is_service_account(doctor) && doctor->options->is_for_fix &&
	    (doctor->has_bearer || doctor->reach == REACH_SCOPE))
		check_sharing_scope(doctor);
}

static void
check_mailbox(struct doctor *doctor)
{
	const char *reason = reason_not_to_ask(doctor);

	if (reason != NULL)
		say(doctor, SENDAS_DOCTOR_MAILBOX, SENDAS_DOCTOR_NOT_CHECKED,
		    "%s", reason);
	else if (doctor->reach == REACH_END)
		say(doctor, SENDAS_DOCTOR_MAILBOX, SENDAS_DOCTOR_OK,
		    ngettext("%s answers, with %zu address",
			"%s answers, with %zu addresses",
			doctor->address_count),
		    doctor->mailbox, doctor->address_count);
	else if (doctor->reach == REACH_MAILBOX)
		tell_problem(doctor, SENDAS_DOCTOR_MAILBOX,
		    exit_status_of(&doctor->trouble), doctor->trouble.message,
		    NULL);
	else
		say(doctor, SENDAS_DOCTOR_MAILBOX, SENDAS_DOCTOR_NOT_CHECKED,
		    "%s", _("it did not come to that"));
}

/* Whether relays may be used at all */

/* Why it is not checked, and whether that matters to the mailbox that was read.
 * The caller frees it. */
static char *
describe_gateway(const struct doctor *doctor)
{
	const char *unseen =
	    _("the domain's setting \"Allow per-user outbound gateways\" "
	      "cannot be seen with this scope");
	size_t relays = doctor->relay_count;

	if (doctor->reach != REACH_END)
		return sendas_xstrdup(unseen);
	if (relays == 0)
		return sendas_xasprintf(
		    _("%s; for %s it does not matter: none of its addresses "
		      "has an SMTP server"),
		    unseen, doctor->mailbox);
	return sendas_xasprintf(
	    ngettext("%s; for %s it matters: %zu of its addresses has an SMTP "
		     "server",
		"%s; for %s it matters: %zu of its addresses have an SMTP "
		"server",
		relays),
	    unseen, doctor->mailbox, relays);
}

/* An administrator's to decide, and so no concern of persons. No scope that is
 * asked for here shows it: it can only be told where to look. */
static void
tell_gateway(struct doctor *doctor)
{
	char *text;

	if (doctor->auth == NULL || !is_service_account(doctor))
		return;
	text = describe_gateway(doctor);
	tell(doctor, SENDAS_DOCTOR_GATEWAY, SENDAS_DOCTOR_NOT_CHECKED, text,
	    _("Look in the Admin console: Apps > Google Workspace > Gmail > "
	      "End User Access. If it is off, mail does not go through an SMTP "
	      "server set in \"Send mail as\"; if it is on, that is against "
	      "CISA's control GWS.GMAIL.12.1."));
	free(text);
}

/* What that allows */

/* Settings were read. A problem beside that, such as a wrong clock, can still
 * end a run. */
static void
say_able(struct doctor *doctor)
{
	bool is_person = !is_service_account(doctor);
	enum sendas_doctor_state state = SENDAS_DOCTOR_OK;
	char *note = NULL;

	if (doctor->problem_count > 0 ||
	    (is_person && doctor->options->is_for_fix))
		state = SENDAS_DOCTOR_NOTE;
	if (doctor->problem_count > 0)
		note = sendas_xasprintf(
		    ngettext("%zu problem above can still get in the way.",
			"%zu problems above can still get in the way.",
			doctor->problem_count),
		    doctor->problem_count);
	tell(doctor, SENDAS_DOCTOR_RESULT, state,
	    is_person
		? _("audit: yes; fix: by hand. Google lets a personal account "
		    "be read, not changed, by a program; sendas shows the "
		    "steps and looks again")
		: _("audit: yes; fix: yes, by the API"),
	    note);
	free(note);
}

static void
check_result(struct doctor *doctor)
{
	if (doctor->reach == REACH_END)
		say_able(doctor);
	else if (doctor->problem_count > 0)
		say(doctor, SENDAS_DOCTOR_RESULT, SENDAS_DOCTOR_PROBLEM,
		    ngettext("audit: no; fix: no; %zu problem above",
			"audit: no; fix: no; %zu problems above",
			doctor->problem_count),
		    doctor->problem_count);
	else
		say(doctor, SENDAS_DOCTOR_RESULT, SENDAS_DOCTOR_NOT_CHECKED,
		    "%s",
		    _("audit and fix: not known before a mailbox was asked "
		      "for"));
}

/* The text for whoever has to grant what is missing, or was not seen. The
 * page takes away what is not named again. */
static void
tell_delegation(struct doctor *doctor)
{
	bool is_missing = doctor->reach == REACH_SCOPE && !doctor->has_bearer;
	char *text;

	if (doctor->auth == NULL || !is_service_account(doctor) ||
	    (!is_missing && doctor->options->mailbox != NULL))
		return;
	text = sendas_delegation_request(&doctor->credentials,
	    doctor->has_sharing ? SENDAS_SEND_AS_SCOPE
		" " SENDAS_SEND_AS_SHARING_SCOPE
				: SENDAS_SEND_AS_SCOPE);
	tell(doctor, SENDAS_DOCTOR_DELEGATION,
	    is_missing ? SENDAS_DOCTOR_PROBLEM : SENDAS_DOCTOR_NOT_CHECKED,
	    text, NULL);
	free(text);
}

/* The order matters: each may use what those before it have found. */
static void (*const checks[])(struct doctor *doctor) = {
    check_credentials,
    check_proxy,
    check_endpoints,
    check_connection,
    check_clock,
    check_token,
    check_scopes,
    check_mailbox,
    tell_gateway,
    check_result,
    tell_delegation,
};

static void
open_http(struct doctor *doctor)
{
	const struct sendas_doctor_options *options = doctor->options;
	struct sendas_http_options http = {
	    .user_agent = PACKAGE "/" VERSION,
	    .ca_file = options->ca_file,
	    .timeout_ms =
		options->timeout_ms > 0 ? options->timeout_ms : TIMEOUT_MS,
	    .max_tries = 1,
	    .stop = options->stop,
	};

	if (sendas_http_new(&http, &doctor->http, &doctor->http_trouble) !=
	    SENDAS_OK)
		doctor->http = NULL;
}

static int
exit_status(const struct doctor *doctor)
{
	if (is_stopped(doctor))
		return 130;
	if (doctor->has_access_problem)
		return EXIT_ACCESS;
	return doctor->has_way_problem ? EXIT_WAY : 0;
}

int
sendas_doctor_run(const struct sendas_doctor_options *options,
    sendas_doctor_fn *fn, void *ctx)
{
	struct doctor doctor = {.options = options, .fn = fn, .ctx = ctx};
	int status;

	open_http(&doctor);
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (is_stopped(&doctor))
			break;
		checks[i](&doctor);
	}
	status = exit_status(&doctor);
	sendas_http_free(doctor.http);
	sendas_auth_free(doctor.auth);
	sendas_credentials_clear(&doctor.credentials);
	free(doctor.mailbox);
	return status;
}
