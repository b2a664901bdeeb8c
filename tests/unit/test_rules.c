/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_rules.c: every rule just inside and just outside its condition, and
 * what it says. A case is an address and the list of all its findings, so
 * that a rule that fires too often fails as well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/policy_file.h"
#include "sendas/buf.h"
#include "sendas/mem.h"
#include "sendas/rules.h"
#include "test_ocn.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* Stands for "no smtpMsa at all" in a case's host. */
static const char no_relay[] = "";

/* A case says only what is other than GOOD_ADDRESS, by naming it again. */
#if defined(__clang__)
#pragma GCC diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif

/* An address; what a case leaves out is as OCN recommends it. */
struct test_case {
	const char *what;
	const char *address;
	bool is_primary, is_default, alias;
	const char *host;
	long port;
	const char *security;
	const char *user_name;
	unsigned unseen;
	const char *verification;
	const char *name;
	const char *reply_to;
	const char *want; /* ids with a space after each, in order */
};

#define GOOD_ADDRESS                                                           \
	.address = "taro@sky.ocn.ne.jp", .host = "smtp.ocn.ne.jp",             \
	.port = 465, .security = "ssl", .verification = "accepted",            \
	.name = "Taro"

static char *
dup_or_null(const char *text)
{
	return text == NULL ? NULL : sendas_xstrdup(text);
}

static void
add_address(struct sendas_mailbox *mailbox, const struct test_case *from)
{
	struct sendas_address *to = sendas_mailbox_add_address(mailbox);

	to->address = dup_or_null(from->address);
	to->is_primary = from->is_primary;
	to->is_default = from->is_default;
	to->treat_as_alias = from->alias;
	to->has_relay = from->host != no_relay;
	to->relay.port = -1;
	if (to->has_relay) {
		to->relay.host = dup_or_null(from->host);
		to->relay.port = from->port;
		to->relay.security = dup_or_null(from->security);
		to->relay.user_name = dup_or_null(from->user_name);
	}
	to->verification = dup_or_null(from->verification);
	to->display_name = dup_or_null(from->name);
	to->reply_to = dup_or_null(from->reply_to);
	to->unseen = from->unseen;
}

/* A mailbox with this one address, judged; the caller frees it. */
static struct sendas_mailbox *
judge(const struct sendas_policy *by, const struct test_case *one)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("taro@example.com", SENDAS_SOURCE_GMAIL);

	add_address(mailbox, one);
	sendas_rules_judge(by, mailbox);
	return mailbox;
}

/* "treat-as-alias credentials-unseen "; the caller frees it. */
static char *
list_rules(const struct sendas_address *address)
{
	struct sendas_buf list;
	size_t i;

	sendas_buf_init(&list, 4096);
	for (i = 0; i < address->finding_count; i++)
		sendas_buf_printf(&list, "%s ", address->findings[i].rule);
	return sendas_buf_take(&list);
}

static void
check_cases(
    const struct sendas_policy *by, const struct test_case *cases, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		struct sendas_mailbox *mailbox = judge(by, &cases[i]);
		char *got = list_rules(&mailbox->addresses[0]);

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: found \"%s\", want \"%s\"", cases[i].what,
			    got, cases[i].want);
		free(got);
		sendas_mailbox_free(mailbox);
	}
}

#define SEEN "credentials-unseen "

static void
test_table(void **state)
{
	static const char *const names[] = {"treat-as-alias", "relay-missing",
	    "relay-host", "relay-address", "relay-lookalike", "relay-google",
	    "relay-spelling", "port-587", "port-25", "port-wrong", "tls-off",
	    "tls-465-starttls", "tls-587-ssl", "tls-unknown", "setting-unseen",
	    "user-name", "credentials-unseen", "not-verified",
	    "verification-unseen", "duplicate", "default-affected",
	    "reply-to-elsewhere", "no-display-name", "domain-lookalike"};
	size_t i;

	(void)state;
	assert_int_equal(COUNT(names), SENDAS_RULE_COUNT);
	for (i = 0; i < COUNT(names); i++) {
		assert_string_equal(
		    sendas_rules_name((enum sendas_rule)i), names[i]);
		assert_int_equal(sendas_rules_find(names[i]), i);
	}
	assert_int_equal(sendas_rules_find("no-such-rule"), SENDAS_RULE_COUNT);
	assert_int_equal(sendas_rules_find(""), SENDAS_RULE_COUNT);
}

/* Severity, evidence and repair under OCN's policy. But for treat-as-alias
 * they are what every policy starts from. */
static void
test_ocn_weights(void **state)
{
	enum { ONLY = 16 };
	static const struct {
		enum sendas_severity severity;
		int repair; /* plus ONLY when it is on request */
	} want[] = {
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_API},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_PASSWORD},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_PASSWORD},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_PASSWORD},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_PASSWORD},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_PASSWORD},
	    {SENDAS_SEVERITY_ADVICE, SENDAS_REPAIR_PASSWORD + ONLY},
	    {SENDAS_SEVERITY_WARNING, SENDAS_REPAIR_PASSWORD + ONLY},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_PASSWORD},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_PASSWORD},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_PASSWORD},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_PASSWORD},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_PASSWORD},
	    {SENDAS_SEVERITY_WARNING, SENDAS_REPAIR_PASSWORD + ONLY},
	    {SENDAS_SEVERITY_WARNING, SENDAS_REPAIR_MANUAL},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_PASSWORD},
	    {SENDAS_SEVERITY_INFO, SENDAS_REPAIR_NONE},
	    {SENDAS_SEVERITY_ERROR, SENDAS_REPAIR_MANUAL},
	    {SENDAS_SEVERITY_INFO, SENDAS_REPAIR_NONE},
	    {SENDAS_SEVERITY_WARNING, SENDAS_REPAIR_MANUAL},
	    {SENDAS_SEVERITY_WARNING, SENDAS_REPAIR_NONE},
	    {SENDAS_SEVERITY_ADVICE, SENDAS_REPAIR_NONE},
	    {SENDAS_SEVERITY_ADVICE, SENDAS_REPAIR_NONE},
	    {SENDAS_SEVERITY_ADVICE, SENDAS_REPAIR_NONE},
	};
	int i;

	(void)state;
	assert_int_equal(COUNT(want), SENDAS_RULE_COUNT);
	for (i = 0; i < SENDAS_RULE_COUNT; i++) {
		bool is_on_request = false;
		int repair = (int)sendas_rules_repair(
		    (enum sendas_rule)i, &is_on_request);
		bool is_reported = i == SENDAS_RULE_TREAT_AS_ALIAS ||
		    i == SENDAS_RULE_PORT_587;

		assert_int_equal(
		    repair + (is_on_request ? ONLY : 0), want[i].repair);
		assert_int_equal(policy->rules[i].severity, want[i].severity);
		assert_int_equal(policy->rules[i].evidence,
		    is_reported ? SENDAS_EVIDENCE_REPORTED
				: SENDAS_EVIDENCE_CONFIRMED);
		assert_non_null(policy->rules[i].source);
		assert_int_equal(
		    sendas_rules_default_severity((enum sendas_rule)i),
		    i == SENDAS_RULE_TREAT_AS_ALIAS ? SENDAS_SEVERITY_NONE
						    : want[i].severity);
		assert_int_equal(
		    sendas_rules_default_evidence((enum sendas_rule)i),
		    policy->rules[i].evidence);
	}
}

/* A set-up as OCN recommends it is nothing to speak of. */
static void
test_recommended(void **state)
{
	static const struct test_case good = {GOOD_ADDRESS};
	struct sendas_mailbox *mailbox = judge(policy, &good);
	char *got = list_rules(&mailbox->addresses[0]);

	(void)state;
	assert_string_equal(got, SEEN);
	assert_int_equal(sendas_mailbox_worst(mailbox), SENDAS_SEVERITY_INFO);
	assert_string_equal(mailbox->addresses[0].provider, "ocn");
	free(got);
	sendas_mailbox_free(mailbox);
}

static void
test_who_is_judged(void **state)
{
	static const struct test_case cases[] = {
	    {.what = "alias",
		GOOD_ADDRESS,
		.alias = true,
		.want = "treat-as-alias " SEEN},
	    {.what = "dream.com",
		GOOD_ADDRESS,
		.alias = true,
		.address = "taro@dream.com",
		.want = "treat-as-alias " SEEN},
	    {.what = "primary",
		GOOD_ADDRESS,
		.alias = true,
		.is_primary = true,
		.want = ""},
	    {.what = "another provider's",
		GOOD_ADDRESS,
		.alias = true,
		.address = "taro@example.com",
		.want = ""},
	    {.what = "no address", .host = "smtp.ocn.ne.jp", .want = ""},
	    {.what = "a look-alike domain",
		.host = no_relay,
		.alias = true,
		.address = "taro@ocn.co.jp",
		.want = "domain-lookalike "},
	    {.what = "a primary one with such a domain",
		.host = no_relay,
		.is_primary = true,
		.address = "taro@ocn.co.jp",
		.want = ""},
	    {.what = "a real domain at distance 1",
		.host = no_relay,
		.address = "taro@odn.ne.jp",
		.want = ""},
	};

	(void)state;
	check_cases(policy, cases, COUNT(cases));
}

static void
test_provider(void **state)
{
	static const struct test_case cases[] = {
	    {GOOD_ADDRESS},
	    {GOOD_ADDRESS, .is_primary = true},
	    {GOOD_ADDRESS, .address = "taro@example.com"},
	};
	static const char *const want[] = {"ocn", "ocn", NULL};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(cases); i++) {
		struct sendas_mailbox *mailbox = judge(policy, &cases[i]);
		const char *got = mailbox->addresses[0].provider;

		if (want[i] == NULL)
			assert_null(got);
		else
			assert_string_equal(got, want[i]);
		sendas_mailbox_free(mailbox);
	}
}

static void
test_host_rules(void **state)
{
	static const struct test_case cases[] = {
	    {.what = "no smtpMsa",
		GOOD_ADDRESS,
		.host = no_relay,
		.want = "relay-missing "},
	    {.what = "no host",
		GOOD_ADDRESS,
		.host = NULL,
		.want = "relay-missing "},
	    {.what = "white space",
		GOOD_ADDRESS,
		.host = " \xe3\x80\x80",
		.port = 25,
		.security = "none",
		.want = "relay-missing "},
	    {.what = "spelling",
		GOOD_ADDRESS,
		.host = "SMTP.ocn.ne.jp ",
		.want = "relay-spelling " SEEN},
	    {.what = "spelling, 587",
		GOOD_ADDRESS,
		.host = "SMTP.ocn.ne.jp",
		.port = 587,
		.security = "starttls",
		.want = "relay-spelling port-587 " SEEN},
	    {.what = "IP address",
		GOOD_ADDRESS,
		.host = "[2001:db8::1]",
		.want = "relay-address " SEEN},
	    {.what = "Google",
		GOOD_ADDRESS,
		.host = "smtp.gmail.com",
		.want = "relay-google " SEEN},
	    {.what = "look-alike",
		GOOD_ADDRESS,
		.host = "smtp.0cn.ne.jp",
		.want = "relay-lookalike "},
	    {.what = "look-alike silences",
		GOOD_ADDRESS,
		.host = "smtp.0cn.ne.jp",
		.port = 25,
		.security = "none",
		.want = "relay-lookalike "},
	    {.what = "another",
		GOOD_ADDRESS,
		.host = "mail.ocn.ne.jp",
		.want = "relay-host " SEEN},
	    {.what = "another, 587 starttls",
		GOOD_ADDRESS,
		.host = "smtp.odn.ne.jp",
		.port = 587,
		.security = "starttls",
		.want = "relay-host " SEEN},
	    {.what = "another, 25",
		GOOD_ADDRESS,
		.host = "smtp.example.jp",
		.port = 25,
		.security = "none",
		.want = "relay-host port-25 tls-off " SEEN},
	    {.what = "Google, 587 starttls",
		GOOD_ADDRESS,
		.host = "smtp.gmail.com",
		.port = 587,
		.security = "starttls",
		.want = "relay-google " SEEN},
	    {.what = "IP address, 465 starttls",
		GOOD_ADDRESS,
		.host = "192.0.2.1",
		.security = "starttls",
		.want = "relay-address tls-465-starttls " SEEN},
	};

	(void)state;
	check_cases(policy, cases, COUNT(cases));
}

/* Ports 465, 587, 25, another, none; modes ssl, starttls, none, not said,
 * unknown: each pair, on the wanted host. */
static void
test_all_pairs(void **state)
{
	static const long ports[] = {465, 587, 25, 2525, -1};
	static const char *const modes[] = {
	    "ssl", "starttls", "none", NULL, "securityModeUnspecified"};
	static const char *const want[5][5] = {
	    {"", "tls-465-starttls ", "tls-off ", "tls-unknown ",
		"tls-unknown "},
	    {"tls-587-ssl ", "port-587 ", "tls-off ", "tls-unknown ",
		"tls-unknown "},
	    {"port-25 ", "port-25 ", "port-25 tls-off ", "port-25 tls-unknown ",
		"port-25 tls-unknown "},
	    {"port-wrong ", "port-wrong ", "port-wrong tls-off ",
		"port-wrong tls-unknown ", "port-wrong tls-unknown "},
	    {"port-wrong ", "port-wrong ", "port-wrong tls-off ",
		"port-wrong tls-unknown ", "port-wrong tls-unknown "},
	};
	char what[64], rules[128];
	size_t i, j;

	(void)state;
	for (i = 0; i < COUNT(ports); i++) {
		for (j = 0; j < COUNT(modes); j++) {
			struct test_case one = {GOOD_ADDRESS};

			snprintf(what, sizeof(what), "%ld %s", ports[i],
			    modes[j] == NULL ? "absent" : modes[j]);
			snprintf(rules, sizeof(rules), "%s" SEEN, want[i][j]);
			one.what = what;
			one.port = ports[i];
			one.security = modes[j];
			one.want = rules;
			check_cases(policy, &one, 1);
		}
	}
}

static void
test_odd_modes(void **state)
{
	static const struct test_case cases[] = {
	    {.what = "capitals",
		GOOD_ADDRESS,
		.security = "SSL",
		.want = "tls-unknown " SEEN},
	    {.what = "empty",
		GOOD_ADDRESS,
		.security = "",
		.want = "tls-unknown " SEEN},
	    {.what = "port 0",
		GOOD_ADDRESS,
		.port = 0,
		.want = "port-wrong " SEEN},
	    {.what = "port 466",
		GOOD_ADDRESS,
		.port = 466,
		.want = "port-wrong " SEEN},
	    {.what = "port 26",
		GOOD_ADDRESS,
		.port = 26,
		.want = "port-wrong " SEEN},
	};

	(void)state;
	check_cases(policy, cases, COUNT(cases));
}

/* The user name, which only a person who looks at the window can tell. */
static void
test_user_names(void **state)
{
	static const struct test_case cases[] = {
	    {.what = "unseen", GOOD_ADDRESS, .want = SEEN},
	    {.what = "right",
		GOOD_ADDRESS,
		.user_name = "taro@sky.ocn.ne.jp",
		.want = SEEN},
	    {.what = "right but for case, width and spaces",
		GOOD_ADDRESS,
		.user_name = " ＴＡＲＯ＠sky．OCN.ne.jp\xe3\x80\x80",
		.want = SEEN},
	    {.what = "the part before the @",
		GOOD_ADDRESS,
		.user_name = "taro",
		.want = "user-name " SEEN},
	    {.what = "another domain",
		GOOD_ADDRESS,
		.user_name = "taro@ocn.ne.jp",
		.want = "user-name " SEEN},
	    {.what = "a dot too many",
		GOOD_ADDRESS,
		.user_name = "taro@sky.ocn.ne.jp.",
		.want = "user-name " SEEN},
	    {.what = "empty",
		GOOD_ADDRESS,
		.user_name = "",
		.want = "user-name " SEEN},
	    {.what = "on a wrong server too",
		GOOD_ADDRESS,
		.host = "smtp.gmail.com",
		.user_name = "taro@gmail.com",
		.want = "relay-google user-name " SEEN},
	    {.what = "not on a look-alike",
		GOOD_ADDRESS,
		.host = "smtp.0cn.ne.jp",
		.user_name = "taro",
		.want = "relay-lookalike "},
	    {.what = "not without a server",
		GOOD_ADDRESS,
		.host = NULL,
		.user_name = "taro",
		.want = "relay-missing "},
	    {.what = "another provider's address",
		GOOD_ADDRESS,
		.address = "taro@example.com",
		.user_name = "taro",
		.want = ""},
	};

	(void)state;
	check_cases(policy, cases, COUNT(cases));
}

/* What nobody could tell is neither right nor wrong. */
static void
test_unseen(void **state)
{
	static const struct test_case cases[] = {
	    {.what = "alias",
		GOOD_ADDRESS,
		.unseen = SENDAS_UNSEEN_ALIAS,
		.want = "setting-unseen " SEEN},
	    {.what = "host",
		GOOD_ADDRESS,
		.host = NULL,
		.unseen = SENDAS_UNSEEN_HOST,
		.want = "setting-unseen " SEEN},
	    {.what = "host, and the rest is judged",
		GOOD_ADDRESS,
		.host = NULL,
		.port = 25,
		.security = "none",
		.user_name = "taro",
		.unseen = SENDAS_UNSEEN_HOST,
		.want = "port-25 tls-off setting-unseen user-name " SEEN},
	    {.what = "host, 587: not the place for port-587",
		GOOD_ADDRESS,
		.host = NULL,
		.port = 587,
		.security = "starttls",
		.unseen = SENDAS_UNSEEN_HOST,
		.want = "setting-unseen " SEEN},
	    {.what = "port",
		GOOD_ADDRESS,
		.port = -1,
		.unseen = SENDAS_UNSEEN_PORT,
		.want = "setting-unseen " SEEN},
	    {.what = "port, not secured",
		GOOD_ADDRESS,
		.port = -1,
		.security = "none",
		.unseen = SENDAS_UNSEEN_PORT,
		.want = "tls-off setting-unseen " SEEN},
	    {.what = "connection",
		GOOD_ADDRESS,
		.security = NULL,
		.unseen = SENDAS_UNSEEN_SECURITY,
		.want = "setting-unseen " SEEN},
	    {.what = "name",
		GOOD_ADDRESS,
		.name = NULL,
		.unseen = SENDAS_UNSEEN_NAME,
		.want = SEEN},
	    {.what = "no server: nothing of its port",
		GOOD_ADDRESS,
		.host = no_relay,
		.unseen = SENDAS_UNSEEN_PORT,
		.want = "relay-missing "},
	    {.what = "a look-alike: nothing of its port",
		GOOD_ADDRESS,
		.host = "smtp.0cn.ne.jp",
		.port = -1,
		.unseen = SENDAS_UNSEEN_PORT,
		.want = "relay-lookalike "},
	};
	static const char text[] =
	    "{\"version\":1,\"name\":\"x\",\"label\":\"X\",\"domains\":"
	    "[{\"name\":\"ocn.ne.jp\",\"subdomains\":true}],\"relay\":{"
	    "\"host\":\"smtp.ocn.ne.jp\",\"port\":465,\"security\":"
	    "\"ssl\"}}";
	static const struct test_case alias_is_off = {.what = "rule is off",
	    GOOD_ADDRESS,
	    .unseen = SENDAS_UNSEEN_ALIAS,
	    .want = SEEN};
	struct sendas_policy *other = NULL;
	struct sendas_error err = {0};

	(void)state;
	check_cases(policy, cases, COUNT(cases));
	assert_int_equal(sendas_policy_file_parse(
			     text, sizeof(text) - 1, "test", &other, &err),
	    SENDAS_OK);
	check_cases(other, &alias_is_off, 1);
	sendas_policy_free(other);
}

static void
test_other_fields(void **state)
{
	static const struct test_case cases[] = {
	    {.what = "pending",
		GOOD_ADDRESS,
		.verification = "pending",
		.want = SEEN "not-verified "},
	    {.what = "not said",
		GOOD_ADDRESS,
		.verification = NULL,
		.want = SEEN "verification-unseen "},
	    {.what = "unspecified",
		GOOD_ADDRESS,
		.verification = "verificationStatusUnspecified",
		.want = SEEN "verification-unseen "},
	    {.what = "unknown",
		GOOD_ADDRESS,
		.verification = "Pending",
		.want = SEEN "verification-unseen "},
	    {.what = "default, no error",
		GOOD_ADDRESS,
		.is_default = true,
		.want = SEEN},
	    {.what = "default, a warning",
		GOOD_ADDRESS,
		.is_default = true,
		.port = 587,
		.security = "starttls",
		.want = "port-587 " SEEN},
	    {.what = "default, an error",
		GOOD_ADDRESS,
		.is_default = true,
		.alias = true,
		.want = "treat-as-alias " SEEN "default-affected "},
	    {.what = "an error, not default",
		GOOD_ADDRESS,
		.alias = true,
		.want = "treat-as-alias " SEEN},
	    {.what = "reply-to itself",
		GOOD_ADDRESS,
		.reply_to = "TARO@sky.OCN.ne.jp",
		.want = SEEN},
	    {.what = "reply-to elsewhere",
		GOOD_ADDRESS,
		.reply_to = "taro@ocn.ne.jp",
		.want = SEEN "reply-to-elsewhere "},
	    {.what = "reply-to empty",
		GOOD_ADDRESS,
		.reply_to = " ",
		.want = SEEN},
	    {.what = "no name",
		GOOD_ADDRESS,
		.name = NULL,
		.want = SEEN "no-display-name "},
	    {.what = "blank name",
		GOOD_ADDRESS,
		.name = " \xe3\x80\x80\t",
		.want = SEEN "no-display-name "},
	    {.what = "short name", GOOD_ADDRESS, .name = ".", .want = SEEN},
	};

	(void)state;
	check_cases(policy, cases, COUNT(cases));
}

static void
check_rules(const struct sendas_address *address, const char *want)
{
	char *got = list_rules(address);

	assert_string_equal(got, want);
	free(got);
}

static void
test_duplicates(void **state)
{
	static const struct test_case entries[] = {
	    {GOOD_ADDRESS},
	    {GOOD_ADDRESS, .address = "hanako@sky.ocn.ne.jp"},
	    {GOOD_ADDRESS, .address = "TARO@Sky.ocn.ne.jp"},
	    {GOOD_ADDRESS, .address = "taro@ocn.ne.jp"},
	    {GOOD_ADDRESS},
	};
	static const char *const want[] = {
	    SEEN, SEEN, SEEN "duplicate ", SEEN, SEEN "duplicate "};
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new(NULL, SENDAS_SOURCE_FILE);
	const struct sendas_finding *last;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(entries); i++)
		add_address(mailbox, &entries[i]);
	sendas_rules_judge(policy, mailbox);
	for (i = 0; i < COUNT(entries); i++)
		check_rules(&mailbox->addresses[i], want[i]);
	last = &mailbox->addresses[2].findings[1];
	assert_string_equal(last->message,
	    "TARO@Sky.ocn.ne.jp is registered twice; check on the page which "
	    "one you use.");
	assert_int_equal(last->observed.number, 2);
	last = &mailbox->addresses[4].findings[1];
	assert_string_equal(last->message,
	    "taro@sky.ocn.ne.jp is registered 3 times; check on the page which "
	    "one you use.");
	assert_int_equal(last->observed.number, 3);
	sendas_mailbox_free(mailbox);
}

/* Judging again replaces the findings. */
static void
test_judge_twice(void **state)
{
	static const struct test_case one = {GOOD_ADDRESS, .alias = true};
	struct sendas_mailbox *mailbox = judge(policy, &one);

	(void)state;
	mailbox->addresses[0].treat_as_alias = false;
	sendas_rules_judge(policy, mailbox);
	check_rules(&mailbox->addresses[0], SEEN);
	sendas_mailbox_free(mailbox);
}

static void
test_empty_mailbox(void **state)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new(NULL, SENDAS_SOURCE_FILE);

	(void)state;
	sendas_rules_judge(policy, mailbox);
	assert_int_equal(sendas_mailbox_worst(mailbox), SENDAS_SEVERITY_NONE);
	sendas_mailbox_free(mailbox);
}

/* A value as text, for comparing; the caller frees it. */
static char *
show_value(const struct sendas_value *value)
{
	switch (value->kind) {
	case SENDAS_VALUE_BOOL:
		return sendas_xstrdup(value->is_true ? "true" : "false");
	case SENDAS_VALUE_INT:
		return sendas_xasprintf("%ld", value->number);
	case SENDAS_VALUE_TEXT:
		return sendas_xasprintf("'%s'", value->text);
	case SENDAS_VALUE_RELAY: /* of changes only */
	case SENDAS_VALUE_NULL:
		break;
	}
	return sendas_xstrdup("null");
}

static const struct sendas_finding *
find(const struct sendas_mailbox *mailbox, const char *rule)
{
	const struct sendas_address *address = &mailbox->addresses[0];
	size_t i;

	for (i = 0; i < address->finding_count; i++)
		if (strcmp(address->findings[i].rule, rule) == 0)
			return &address->findings[i];
	fail_msg("%s was not found", rule);
	return NULL;
}

struct said {
	struct test_case one;
	const char *rule, *message, *observed, *expected;
};

static void
check_said(const struct sendas_policy *by, const struct said *said)
{
	struct sendas_mailbox *mailbox = judge(by, &said->one);
	const struct sendas_finding *finding = find(mailbox, said->rule);
	char *observed = show_value(&finding->observed);
	char *expected = show_value(&finding->expected);

	assert_string_equal(finding->message, said->message);
	assert_string_equal(observed, said->observed);
	assert_string_equal(expected, said->expected);
	free(observed);
	free(expected);
	sendas_mailbox_free(mailbox);
}

#define WANT "'smtp.ocn.ne.jp'"

static void
test_relay_messages(void **state)
{
	static const struct said rows[] = {
	    {{GOOD_ADDRESS, .alias = true}, "treat-as-alias",
		"\"Treat as an alias\" is ticked. OCN users report that mail "
		"is then rejected (553 ... E041); clear it.",
		"true", "false"},
	    {{GOOD_ADDRESS, .host = no_relay}, "relay-missing",
		"No SMTP server is set. Gmail sends this mail itself, so it is "
		"not authenticated as OCN. Set smtp.ocn.ne.jp.",
		"null", WANT},
	    {{GOOD_ADDRESS, .host = " "}, "relay-missing",
		"No SMTP server is set. Gmail sends this mail itself, so it is "
		"not authenticated as OCN. Set smtp.ocn.ne.jp.",
		"' '", WANT},
	    {{GOOD_ADDRESS, .host = "mail.ocn.ne.jp"}, "relay-host",
		"The SMTP server is \"mail.ocn.ne.jp\"; it must be "
		"smtp.ocn.ne.jp.",
		"'mail.ocn.ne.jp'", WANT},
	    {{GOOD_ADDRESS, .host = "smtp.ocm.ne.jp"}, "relay-host",
		"The SMTP server is \"smtp.ocm.ne.jp\"; it must be "
		"smtp.ocn.ne.jp. A typing error?",
		"'smtp.ocm.ne.jp'", WANT},
	    {{GOOD_ADDRESS, .host = "smtp.ocn.ne.jp:465"}, "relay-host",
		"The SMTP server is \"smtp.ocn.ne.jp:465\"; it must be "
		"smtp.ocn.ne.jp. The port has its own field.",
		"'smtp.ocn.ne.jp:465'", WANT},
	    {{GOOD_ADDRESS, .host = "192.0.2.1"}, "relay-address",
		"The SMTP server is an IP address, so the certificate check "
		"will fail; use smtp.ocn.ne.jp.",
		"'192.0.2.1'", WANT},
	    {{GOOD_ADDRESS, .host = "smtp-ocn.example"}, "relay-lookalike",
		"\"smtp-ocn.example\" is not an OCN server, though it looks "
		"like one. Change it to smtp.ocn.ne.jp. If you do not know "
		"this server, change your OCN mail password to be safe.",
		"'smtp-ocn.example'", WANT},
	    {{GOOD_ADDRESS, .host = "smtp.gmail.com"}, "relay-google",
		"Google's sending server is set instead of OCN's; change it to "
		"smtp.ocn.ne.jp.",
		"'smtp.gmail.com'", WANT},
	    {{GOOD_ADDRESS, .host = "SMTP.ocn.ne.jp"}, "relay-spelling",
		"The server name \"SMTP.ocn.ne.jp\" has spaces, capitals, "
		"full-width letters or a final dot; type smtp.ocn.ne.jp again "
		"to be sure.",
		"'SMTP.ocn.ne.jp'", WANT},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check_said(policy, &rows[i]);
}

static void
test_port_messages(void **state)
{
	static const struct said rows[] = {
	    {{GOOD_ADDRESS, .port = 587, .security = "starttls"}, "port-587",
		"Port 587 with TLS can work, but OCN names 465 with SSL. "
		"Change it if mail is rejected.",
		"587", "465"},
	    {{GOOD_ADDRESS, .port = 25}, "port-25",
		"Port 25 cannot be used for sending; change it to 465 and "
		"choose SSL.",
		"25", "465"},
	    {{GOOD_ADDRESS, .port = 2525}, "port-wrong",
		"OCN does not use port 2525 for sending; change it to 465 and "
		"choose SSL.",
		"2525", "465"},
	    {{GOOD_ADDRESS, .port = -1}, "port-wrong",
		"No port is set; set 465 and choose SSL.", "null", "465"},
	    {{GOOD_ADDRESS, .security = "none"}, "tls-off",
		"The connection is not secured. Choose \"Secured connection "
		"using SSL\".",
		"'none'", "'ssl'"},
	    {{GOOD_ADDRESS, .security = "starttls"}, "tls-465-starttls",
		"With port 465 choose SSL, not TLS.", "'starttls'", "'ssl'"},
	    {{GOOD_ADDRESS, .port = 587}, "tls-587-ssl",
		"Port 587 does not work with SSL; keep SSL and change the port "
		"to 465.",
		"587", "465"},
	    {{GOOD_ADDRESS, .security = NULL}, "tls-unknown",
		"The kind of connection could not be read; check on Gmail's "
		"page that SSL is chosen.",
		"null", "'ssl'"},
	    {{GOOD_ADDRESS}, "credentials-unseen",
		"User name and password cannot be seen from outside; check on "
		"the page that the user name is taro@sky.ocn.ne.jp, in full.",
		"null", "'taro@sky.ocn.ne.jp'"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check_said(policy, &rows[i]);
}

static void
test_answer_messages(void **state)
{
	static const struct said rows[] = {
	    {{GOOD_ADDRESS, .user_name = "taro"}, "user-name",
		"The user name is \"taro\"; it must be the whole address, "
		"taro@sky.ocn.ne.jp.",
		"'taro'", "'taro@sky.ocn.ne.jp'"},
	    {{GOOD_ADDRESS, .user_name = " "}, "user-name",
		"The user name is empty; it must be the whole address, "
		"taro@sky.ocn.ne.jp.",
		"' '", "'taro@sky.ocn.ne.jp'"},
	    {{GOOD_ADDRESS, .user_name = "taro@sky.ocn.ne.jp"},
		"credentials-unseen",
		"The password cannot be seen from outside, so it was not "
		"checked.",
		"null", "null"},
	    {{GOOD_ADDRESS, .unseen = SENDAS_UNSEEN_ALIAS}, "setting-unseen",
		"It is not known whether \"Treat as an alias\" is ticked; it "
		"must not be.",
		"null", "null"},
	    {{GOOD_ADDRESS, .host = NULL,
		 .unseen = SENDAS_UNSEEN_ALIAS | SENDAS_UNSEEN_HOST |
		     SENDAS_UNSEEN_PORT | SENDAS_UNSEEN_SECURITY},
		"setting-unseen",
		"It is not known whether \"Treat as an alias\" is ticked; it "
		"must not be. The SMTP server is not known; it must be "
		"smtp.ocn.ne.jp. The port is not known; with SSL it must be "
		"465. The kind of connection is not known; with port 465 it "
		"must be SSL.",
		"null", "null"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check_said(policy, &rows[i]);
}

static void
test_other_messages(void **state)
{
	static const struct said rows[] = {
	    {{GOOD_ADDRESS, .verification = "pending"}, "not-verified",
		"This address is not confirmed yet, so it cannot send. Open "
		"the confirmation mail in the OCN mailbox.",
		"'pending'", "'accepted'"},
	    {{GOOD_ADDRESS, .verification = NULL}, "verification-unseen",
		"Gmail did not say whether this address is confirmed; if it "
		"can send, all is well.",
		"null", "'accepted'"},
	    {{GOOD_ADDRESS, .alias = true, .is_default = true},
		"default-affected",
		"It is the default sender, so all new mail is affected.",
		"true", "null"},
	    {{GOOD_ADDRESS, .reply_to = "a@example.com"}, "reply-to-elsewhere",
		"Replies go to a@example.com. Change it if that is not "
		"intended.",
		"'a@example.com'", "null"},
	    {{GOOD_ADDRESS, .name = ""}, "no-display-name",
		"The name is empty, so recipients see your Google account's "
		"name. It can stay so.",
		"''", "null"},
	    {{.host = no_relay, .address = "taro@ocn.co.jp"},
		"domain-lookalike",
		"\"taro@ocn.co.jp\" is not an OCN address, so it was not "
		"checked. If it is not a typing error, leave it.",
		"'taro@ocn.co.jp'", "null"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check_said(policy, &rows[i]);
}

/* A name of 10 kB is whole in the value, and short in the message. */
static void
test_huge_names(void **state)
{
	char host[10001];
	struct test_case one = {GOOD_ADDRESS, .host = host};
	struct sendas_mailbox *mailbox;
	const struct sendas_finding *finding;

	(void)state;
	memset(host, 'x', sizeof(host) - 1);
	host[sizeof(host) - 1] = '\0';
	mailbox = judge(policy, &one);
	finding = find(mailbox, "relay-host");
	assert_in_range(strlen(finding->message), 1, 300);
	assert_non_null(strstr(finding->message, "xxx..."));
	assert_int_equal(strlen(finding->observed.text), sizeof(host) - 1);
	sendas_mailbox_free(mailbox);
}

static struct sendas_policy *
parse(const char *text)
{
	struct sendas_policy *parsed = NULL;
	struct sendas_error err = {0};

	if (sendas_policy_file_parse(
		text, strlen(text), "test", &parsed, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	return parsed;
}

#define BIGLOBE                                                                \
	"{\"version\":1,\"name\":\"biglobe\",\"label\":\"BIGLOBE\","           \
	"\"domains\":[{\"name\":\"biglobe.ne.jp\",\"subdomains\":true}],"

#define BIGLOBE_ADDRESS                                                        \
	.address = "taro@biglobe.ne.jp", .host = "mail.biglobe.ne.jp",         \
	.verification = "accepted", .name = "Taro"

/* A provider that wants 587 with STARTTLS and nothing else: 465 is wrong. */
static void
test_policy_587_only(void **state)
{
	static const char text[] =
	    BIGLOBE "\"relay\":{\"host\":\"mail.biglobe.ne.jp\",\"port\":587,"
		    "\"security\":\"starttls\"}}";
	static const struct test_case cases[] = {
	    {.what = "587 starttls",
		BIGLOBE_ADDRESS,
		.port = 587,
		.security = "starttls",
		.want = SEEN},
	    {.what = "587 ssl",
		BIGLOBE_ADDRESS,
		.port = 587,
		.security = "ssl",
		.want = "tls-587-ssl " SEEN},
	    {.what = "465 ssl",
		BIGLOBE_ADDRESS,
		.port = 465,
		.security = "ssl",
		.want = "port-wrong " SEEN},
	    {.what = "465 starttls",
		BIGLOBE_ADDRESS,
		.port = 465,
		.security = "starttls",
		.want = "port-wrong " SEEN},
	    {.what = "25 starttls",
		BIGLOBE_ADDRESS,
		.port = 25,
		.security = "starttls",
		.want = "port-25 " SEEN},
	    {.what = "alias: not asked for by this policy",
		BIGLOBE_ADDRESS,
		.port = 587,
		.security = "starttls",
		.alias = true,
		.want = SEEN},
	};
	static const struct said rows[] = {
	    {{BIGLOBE_ADDRESS, .port = 587, .security = "ssl"}, "tls-587-ssl",
		"With port 587 choose TLS, not SSL.", "'ssl'", "'starttls'"},
	    {{BIGLOBE_ADDRESS, .port = 465, .security = "ssl"}, "port-wrong",
		"BIGLOBE does not use port 465 for sending; change it to 587 "
		"and choose TLS.",
		"465", "587"},
	    {{BIGLOBE_ADDRESS, .host = "biglobe.example"}, "relay-lookalike",
		"\"biglobe.example\" is not a BIGLOBE server, though it looks "
		"like one. Change it to mail.biglobe.ne.jp. If you do not know "
		"this server, change your BIGLOBE mail password to be safe.",
		"'biglobe.example'", "'mail.biglobe.ne.jp'"},
	    {{.address = "taro@biglobe.jp", .host = no_relay},
		"domain-lookalike",
		"\"taro@biglobe.jp\" is not a BIGLOBE address, so it was not "
		"checked. If it is not a typing error, leave it.",
		"'taro@biglobe.jp'", "null"},
	};
	struct sendas_policy *other = parse(text);
	size_t i;

	(void)state;
	check_cases(other, cases, COUNT(cases));
	for (i = 0; i < COUNT(rows); i++)
		check_said(other, &rows[i]);
	sendas_policy_free(other);
}

/* The same that takes 465 with SSL as well, and a third port. */
static void
test_policy_587_and_465(void **state)
{
	static const char text[] =
	    BIGLOBE "\"relay\":{\"host\":\"mail.biglobe.ne.jp\",\"port\":587,"
		    "\"security\":\"starttls\",\"accepted\":["
		    "{\"port\":465,\"security\":\"ssl\"},"
		    "{\"port\":25,\"security\":\"starttls\"},"
		    "{\"port\":2525,\"security\":\"starttls\"}]}}";
	static const struct test_case cases[] = {
	    {.what = "465 ssl",
		BIGLOBE_ADDRESS,
		.port = 465,
		.security = "ssl",
		.want = "port-587 " SEEN},
	    {.what = "465 starttls",
		BIGLOBE_ADDRESS,
		.port = 465,
		.security = "starttls",
		.want = "tls-465-starttls " SEEN},
	    {.what = "25 starttls",
		BIGLOBE_ADDRESS,
		.port = 25,
		.security = "starttls",
		.want = "port-587 " SEEN},
	    {.what = "2525 ssl",
		BIGLOBE_ADDRESS,
		.port = 2525,
		.security = "ssl",
		.want = "tls-587-ssl " SEEN},
	    {.what = "2526 ssl",
		BIGLOBE_ADDRESS,
		.port = 2526,
		.security = "ssl",
		.want = "port-wrong " SEEN},
	};
	static const struct said rows[] = {
	    {{BIGLOBE_ADDRESS, .port = 465, .security = "ssl"}, "port-587",
		"Port 465 with SSL can work, but BIGLOBE names 587 with TLS. "
		"Change it if mail is rejected.",
		"465", "587"},
	    {{BIGLOBE_ADDRESS, .port = 465, .security = "starttls"},
		"tls-465-starttls",
		"Port 465 does not work with TLS; keep TLS and change the port "
		"to 587.",
		"465", "587"},
	};
	struct sendas_policy *other = parse(text);
	size_t i;

	(void)state;
	check_cases(other, cases, COUNT(cases));
	for (i = 0; i < COUNT(rows); i++)
		check_said(other, &rows[i]);
	sendas_policy_free(other);
}

/* The alias rule's four wordings follow what the policy knows. */
static void
test_alias_wording(void **state)
{
#define ALIAS_POLICY(rule)                                                     \
	BIGLOBE "\"relay\":{\"host\":\"mail.biglobe.ne.jp\",\"port\":465,"     \
		"\"security\":\"ssl\"},\"rules\":{\"treat-as-alias\":{"        \
		"\"severity\":\"warning\"" rule "}}}"
	static const struct {
		const char *policy, *message;
	} rows[] = {
	    {ALIAS_POLICY(""),
		"\"Treat as an alias\" is ticked. BIGLOBE users report that "
		"mail is then rejected; clear it."},
	    {ALIAS_POLICY(",\"reply\":\"550\""),
		"\"Treat as an alias\" is ticked. BIGLOBE users report that "
		"mail is then rejected (550); clear it."},
	    {ALIAS_POLICY(",\"evidence\":\"confirmed\""),
		"\"Treat as an alias\" is ticked. BIGLOBE then rejects the "
		"mail; clear it."},
	    {ALIAS_POLICY(",\"evidence\":\"confirmed\",\"reply\":\"550\""),
		"\"Treat as an alias\" is ticked. BIGLOBE then rejects the "
		"mail (550); clear it."},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		struct sendas_policy *other = parse(rows[i].policy);
		struct said said = {{BIGLOBE_ADDRESS, .port = 465,
					.security = "ssl", .alias = true},
		    "treat-as-alias", rows[i].message, "true", "false"};

		check_said(other, &said);
		sendas_policy_free(other);
	}
}

/* The policy's severities are the findings', and "off" is silence; an error
 * that stands after default-affected in the table counts for it too. */
static void
test_policy_severities(void **state)
{
	static const char text[] =
	    BIGLOBE "\"relay\":{\"host\":\"mail.biglobe.ne.jp\",\"port\":465,"
		    "\"security\":\"ssl\"},\"rules\":{"
		    "\"credentials-unseen\":{\"severity\":\"off\"},"
		    "\"no-display-name\":{\"severity\":\"error\"}}}";
	static const struct test_case cases[] = {
	    {.what = "off",
		BIGLOBE_ADDRESS,
		.port = 465,
		.security = "ssl",
		.want = ""},
	    {.what = "a late error",
		BIGLOBE_ADDRESS,
		.port = 465,
		.security = "ssl",
		.name = NULL,
		.is_default = true,
		.want = "default-affected no-display-name "},
	};
	struct sendas_policy *other = parse(text);
	struct sendas_mailbox *mailbox;

	(void)state;
	check_cases(other, cases, COUNT(cases));
	mailbox = judge(other, &cases[1]);
	assert_int_equal(
	    find(mailbox, "no-display-name")->severity, SENDAS_SEVERITY_ERROR);
	sendas_mailbox_free(mailbox);
	sendas_policy_free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_ocn_weights),
	    cmocka_unit_test(test_recommended),
	    cmocka_unit_test(test_who_is_judged),
	    cmocka_unit_test(test_provider),
	    cmocka_unit_test(test_host_rules),
	    cmocka_unit_test(test_all_pairs),
	    cmocka_unit_test(test_odd_modes),
	    cmocka_unit_test(test_user_names),
	    cmocka_unit_test(test_unseen),
	    cmocka_unit_test(test_other_fields),
	    cmocka_unit_test(test_duplicates),
	    cmocka_unit_test(test_judge_twice),
	    cmocka_unit_test(test_empty_mailbox),
	    cmocka_unit_test(test_relay_messages),
	    cmocka_unit_test(test_port_messages),
	    cmocka_unit_test(test_answer_messages),
	    cmocka_unit_test(test_other_messages),
	    cmocka_unit_test(test_huge_names),
	    cmocka_unit_test(test_policy_587_only),
	    cmocka_unit_test(test_policy_587_and_465),
	    cmocka_unit_test(test_alias_wording),
	    cmocka_unit_test(test_policy_severities),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
