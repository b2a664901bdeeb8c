/* SPDX-License-Identifier: Apache-2.0 */
/*
 * smtp.h: one login at an SMTP relay, and nothing after it: no mail is begun.
 * TLS is always on and always verified. The other door to libcurl, beside
 * http.h.
 */
#ifndef SENDAS_SMTP_H
#define SENDAS_SMTP_H

#include <signal.h>
#include "sendas/secret.h"

/* What became of it. Only the first one proves that the login works. */
enum sendas_smtp_verdict {
	SENDAS_SMTP_LOGGED_IN = 0, /* 235 (RFC 4954 section 6) */
	SENDAS_SMTP_WRONG_PASSWORD, /* 535: user name or password */
	SENDAS_SMTP_LOCKED_OUT, /* 535 and the like after too many tries */
	SENDAS_SMTP_NOT_ALLOWED, /* another refusal of this account, for good */
	SENDAS_SMTP_LATER, /* 4xx: refused for now */
	SENDAS_SMTP_TURNED_AWAY, /* refused for good, before any login */
	SENDAS_SMTP_NO_AUTH, /* none is offered: nothing was proved */
	SENDAS_SMTP_CERTIFICATE, /* not to be trusted, or another name's */
	SENDAS_SMTP_NOT_THIS_MODE, /* no TLS, or no STARTTLS, on this port */
	SENDAS_SMTP_CLOSED, /* the port refuses connections */
	SENDAS_SMTP_NO_ROUTE, /* no such name, or no network */
	SENDAS_SMTP_SILENT, /* no answer in time: often a blocked port */
	SENDAS_SMTP_BROKEN, /* anything else */
	SENDAS_SMTP_STOPPED, /* interrupted */
	SENDAS_SMTP_VERDICTS, /* how many there are */
};

/* All borrowed. */
struct sendas_smtp_login {
	const char *host;
	long port;
	const char
	    *security; /* "ssl" (TLS from the first byte) or "starttls" */
	const char *user;
	const struct sendas_secret *password;
	const char *ca_path; /* PEM, instead of the system's; or NULL */
	long timeout_ms; /* of all of it */
	const volatile sig_atomic_t *stop; /* or NULL */
};

struct sendas_smtp_result {
	enum sendas_smtp_verdict verdict;
	long code; /* of the last reply (RFC 5321 section 4.2); 0: none came */
	char reply[256]; /* that reply; hostile text. Of one that has some of
			  * the password in it the code alone */
	char detail[256]; /* libcurl's words when it did not come to a reply */
};

/* Logs in, and closes the connection. Blocks. May be called on any thread. */
void sendas_smtp_try_login(
    const struct sendas_smtp_login *login, struct sendas_smtp_result *out);

#endif
