/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.h: does the login at the provider's relay work that Gmail is to use?
 * No mail is sent.
 */
#ifndef SENDAS_PROBE_H
#define SENDAS_PROBE_H

#include <signal.h>
#include <stdbool.h>
#include "sendas/error.h"
#include "sendas/policy.h"
#include "sendas/secret.h"
#include "sendas/smtp.h"

/* All borrowed. */
struct sendas_probe_options {
	const struct sendas_policy *policy;
	const char *address; /* of the provider: it chooses the relay */
	const char *user; /* at the relay; NULL: the whole address */
	const struct sendas_secret *password;
	const char *ca_file; /* added to the system's; or NULL */
	long timeout_ms; /* 0: the default */
	const volatile sig_atomic_t *stop;
};

/* Whether an address may be probed at all: only at the policy's own relay,
 * never at one that looks like it. Errors: SENDAS_ERR_USAGE. To be called
 * before a password is asked for. */
enum sendas_status sendas_probe_check(const struct sendas_policy *policy,
    const char *address, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Logs in once. Errors: SENDAS_ERR_FILE for `ca_file`. Blocks. */
enum sendas_status sendas_probe_run(const struct sendas_probe_options *options,
    struct sendas_smtp_result *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* What a result means, for the person and for Gmail, and what to do: lines,
 * which the caller frees. Made of `result` too: not made harmless. */
char *sendas_probe_explain(const struct sendas_policy *policy,
    const char *address, const struct sendas_smtp_result *result);

/* The same of a failed login in one line, for a message; made of nothing that
 * the server said but its code. The caller frees it. */
char *sendas_probe_summary(const struct sendas_smtp_result *result);

/* Whether it shows that this password is not taken, rather than nothing. */
bool sendas_probe_is_refused(enum sendas_smtp_verdict verdict);

#endif
