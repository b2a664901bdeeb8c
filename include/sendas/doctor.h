/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor.h: whether this set-up can do what is wanted, and what is missing if
 * not. It looks at each part alone, in the order in which they are needed,
 * and changes nothing.
 */
#ifndef SENDAS_DOCTOR_H
#define SENDAS_DOCTOR_H

#include <signal.h>
#include <stdbool.h>
#include <time.h>
#include "sendas/endpoints.h"

/* What is looked at, in this order. */
enum sendas_doctor_part {
	SENDAS_DOCTOR_CREDENTIALS = 0,
	SENDAS_DOCTOR_PROXY,
	SENDAS_DOCTOR_ENDPOINTS,
	SENDAS_DOCTOR_CONNECTION,
	SENDAS_DOCTOR_CLOCK,
	SENDAS_DOCTOR_TOKEN,
	SENDAS_DOCTOR_SCOPE, /* one check for each scope */
	SENDAS_DOCTOR_MAILBOX,
	SENDAS_DOCTOR_GATEWAY, /* what the domain lets relays do; of a service
	                          account alone, and NOT_CHECKED always */
	SENDAS_DOCTOR_RESULT, /* what all of it allows */
	SENDAS_DOCTOR_DELEGATION, /* no check: a text to hand on; PROBLEM when
	                             it is what is missing */
};

enum sendas_doctor_state {
	SENDAS_DOCTOR_OK = 0,
	SENDAS_DOCTOR_NOTE, /* worth knowing, and nothing is in the way */
	SENDAS_DOCTOR_PROBLEM,
	SENDAS_DOCTOR_NOT_CHECKED,
};

/* What one check found. */
struct sendas_doctor_check {
	enum sendas_doctor_part part;
	enum sendas_doctor_state state;
	const char *text; /* of DELEGATION several lines */
	const char *way_out; /* or NULL; many a text has it already */
};

/* Gets each check as soon as it is known; all is borrowed for the call. Texts
 * hold what came from outside, and no secret. */
typedef void sendas_doctor_fn(
    void *ctx, const struct sendas_doctor_check *check);

/* All borrowed. */
struct sendas_doctor_options {
	bool is_for_fix;
	bool is_verbose; /* Google's own words, too */
	const char *mailbox; /* or NULL */
	const char *credentials; /* a path; NULL: wherever there are some */
	int access_token_fd; /* -1: none */
	const struct sendas_endpoints *endpoints;
	const char *ca_file; /* or NULL */
	long timeout_ms; /* 0: some seconds, less than a run has */
	const volatile sig_atomic_t *stop;
};

/* Looks. Returns the exit status (doc/exit-status.md): 0, 3, 4 or 130. Sends
 * every request once, so that it ends soon when nobody answers. */
int sendas_doctor_run(const struct sendas_doctor_options *options,
    sendas_doctor_fn *fn, void *ctx);

/* By how many seconds the clock of this machine is ahead of a server's
 * (negative: behind), at least: `date` is what the server said between
 * `before` and `after`. */
long sendas_doctor_clock_error(time_t before, time_t after, time_t date);

/* Whether a certificate's issuer (RFC 4514) is Google's own. */
bool sendas_doctor_is_google(const char *issuer);

#endif
