/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_policy.c: the policy file: what is built in, and that nothing wrong
 * gets past the parser, with the path of what is wrong in the message. A bad
 * file is the good one below with one text replaced.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/policy_file.h"
#include "sendas/rules.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const char good[] =
    "{\"version\": 1, \"name\": \"test-1\", \"label\": \"Test\",\n"
    "\"note\": \"n\",\n"
    "\"domains\": [{\"name\": \"example.jp\", \"subdomains\": true,"
    " \"note\": \"n\"}, {\"name\": \"example.com\"}],\n"
    "\"infrastructure\": [\"example.ad.jp\"],\n"
    "\"known_other\": [{\"names\": [\"a.jp\", \"b.jp\"], \"note\": \"n\"},"
    " {\"names\": [\"c.jp\"]}],\n"
    "\"lookalike\": {\"domain\": \"example.co.jp\", \"word\": \"ex\"},\n"
    "\"relay\": {\"host\": \"smtp.example.jp\", \"port\": 465,"
    " \"security\": \"ssl\", \"source\": \"s\", \"accepted\":"
    " [{\"port\": 587, \"security\": \"starttls\", \"note\": \"n\"}]},\n"
    "\"texts\": {\"webmail\": {\"en\": \"web\", \"ja\": \"ウェブ\"},"
    " \"password_lost\": {\"en\": \"lost\"}},\n"
    "\"help_url\": \"https://example.jp/help\",\n"
    "\"rules\": {\"treat-as-alias\": {\"severity\": \"warning\","
    " \"evidence\": \"confirmed\", \"source\": \"here\", \"reply\":"
    " \"550\", \"note\": \"n\"}, \"duplicate\": {\"severity\": \"off\"}}}";

/* `good` with the first `from` replaced by `to`; the caller frees it. */
static char *
replace(const char *from, const char *to)
{
	const char *at = strstr(good, from);

	if (at == NULL)
		fail_msg("\"%s\" is not in the good policy", from);
	return sendas_xasprintf(
	    "%.*s%s%s", (int)(at - good), good, to, at + strlen(from));
}

static enum sendas_status
parse(const char *text, struct sendas_policy **out, struct sendas_error *err)
{
	return sendas_policy_file_parse(
	    text, strlen(text), "my.json", out, err);
}

static void
test_good(void **state)
{
	struct sendas_policy *policy = NULL;
	struct sendas_error err = {0};
	const struct sendas_policy_rule *rule;

	(void)state;
	if (parse(good, &policy, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	assert_string_equal(policy->name, "test-1");
	assert_string_equal(policy->label, "Test");
	assert_int_equal(policy->domain_count, 2);
	assert_string_equal(policy->domains[0].name, "example.jp");
	assert_true(policy->domains[0].has_subdomains);
	assert_false(policy->domains[1].has_subdomains);
	assert_int_equal(policy->infrastructure_count, 1);
	assert_int_equal(policy->known_other_count, 3);
	assert_string_equal(policy->known_other[0], "a.jp");
	assert_string_equal(policy->known_other[2], "c.jp");
	assert_string_equal(policy->lookalike_domain, "example.co.jp");
	assert_string_equal(policy->lookalike_word, "ex");
	assert_string_equal(policy->host, "smtp.example.jp");
	assert_int_equal(policy->wanted.port, 465);
	assert_int_equal(policy->accepted_count, 1);
	assert_string_equal(policy->accepted[0].security, "starttls");
	assert_string_equal(policy->help_url, "https://example.jp/help");
	rule = &policy->rules[SENDAS_RULE_TREAT_AS_ALIAS];
	assert_int_equal(rule->severity, SENDAS_SEVERITY_WARNING);
	assert_int_equal(rule->evidence, SENDAS_EVIDENCE_CONFIRMED);
	assert_string_equal(rule->source, "here");
	assert_string_equal(rule->reply, "550");
	assert_int_equal(policy->rules[SENDAS_RULE_DUPLICATE].severity,
	    SENDAS_SEVERITY_NONE);
	sendas_policy_free(policy);
}

/* What a file may leave out, and what then holds. */
static void
test_smallest(void **state)
{
	static const char text[] =
	    "{\"version\":1,\"name\":\"x\",\"label\":\"X\",\"domains\":"
	    "[{\"name\":\"example.jp\"}],\"relay\":{\"host\":"
	    "\"smtp.example.jp\",\"port\":65535,\"security\":\"starttls\"}}";
	struct sendas_policy *policy = NULL;
	struct sendas_error err = {0};
	int i;

	(void)state;
	if (parse(text, &policy, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	assert_string_equal(policy->lookalike_domain, "example.jp");
	assert_string_equal(policy->lookalike_word, "example");
	assert_null(policy->help_url);
	assert_null(sendas_policy_text(&policy->webmail));
	assert_int_equal(policy->accepted_count, 0);
	for (i = 0; i < SENDAS_RULE_COUNT; i++)
		assert_int_equal(policy->rules[i].severity,
		    sendas_rules_default_severity((enum sendas_rule)i));
	assert_int_equal(policy->rules[SENDAS_RULE_TREAT_AS_ALIAS].severity,
	    SENDAS_SEVERITY_NONE);
	assert_int_equal(policy->rules[SENDAS_RULE_RELAY_HOST].severity,
	    SENDAS_SEVERITY_ERROR);
	sendas_policy_free(policy);
}

/* Variants that are right. */
static void
test_good_variants(void **state)
{
	static const struct {
		const char *from, *to;
	} rows[] = {
	    {"\"note\": \"n\",", ""},
	    {"\"note\": \"n\",", "\"note\": null,"},
	    {"\"word\": \"ex\"", "\"word\": \"\""},
	    {"\"domain\": \"example.co.jp\", ", ""},
	    {"465", "1"},
	    {"465", "65535"},
	    {"465, \"security\": \"ssl\"", "587, \"security\": \"ssl\""},
	    {"\"warning\"", "\"error\""},
	    {"\"warning\"", "\"advice\""},
	    {"\"warning\"", "\"info\""},
	    {"\"confirmed\"", "\"reported\""},
	    {"[\"example.ad.jp\"]", "[]"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *text = replace(rows[i].from, rows[i].to);
		struct sendas_policy *policy = NULL;
		struct sendas_error err = {0};

		if (parse(text, &policy, &err) != SENDAS_OK)
			fail_msg("%s: %s", rows[i].to, err.message);
		sendas_policy_free(policy);
		free(text);
	}
}

struct bad {
	const char *from, *to, *message; /* a part of it */
};

static void
check_bad(const struct bad *bad)
{
	char *text = replace(bad->from, bad->to);
	struct sendas_policy *policy = NULL;
	struct sendas_error err = {0};

	if (parse(text, &policy, &err) != SENDAS_ERR_INPUT)
		fail_msg("%s: was taken", bad->to);
	if (strncmp(err.message, "my.json: ", 9) != 0 ||
	    strstr(err.message, bad->message) == NULL)
		fail_msg("%s: \"%s\" does not say \"%s\"", bad->to, err.message,
		    bad->message);
	assert_int_equal(err.code, SENDAS_ERR_INPUT);
	assert_null(policy);
	free(text);
}

/* A key that is not known, at each place that has keys. */
static void
test_unknown_keys(void **state)
{
	static const struct bad rows[] = {
	    {"\"name\": \"test-1\"", "\"nmae\": 1, \"name\": \"test-1\"",
		"nmae"},
	    {"\"subdomains\"", "\"sub_domains\"", "domains[0].sub_domains"},
	    {"\"names\": [\"c.jp\"]", "\"name\": [\"c.jp\"]",
		"known_other[1].name"},
	    {"\"word\"", "\"words\"", "lookalike.words"},
	    {"\"source\": \"s\"", "\"sauce\": \"s\"", "relay.sauce"},
	    {"587, ", "587, \"x\": 1, ", "relay.accepted[0].x"},
	    {"\"webmail\"", "\"web_mail\"", "texts.web_mail"},
	    {"\"en\": \"web\"", "\"fr\": \"web\"", "texts.webmail.fr"},
	    {"\"duplicate\"", "\"duplicates\"", "rules.duplicates"},
	    {"\"evidence\"", "\"evidences\"", "rules.treat-as-alias.evidences"},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check_bad(&rows[i]);
}

static void
test_wrong_types(void **state)
{
	static const struct bad rows[] = {
	    {"\"test-1\"", "1", "name: "},
	    {"\"Test\"", "[]", "label: "},
	    {"\"note\": \"n\"", "\"note\": 1", "note: "},
	    {"[{\"name\": \"example.jp\"", "[7, {\"name\": \"example.jp\"",
		"domains[0]: "},
	    {"true", "\"yes\"", "domains[0].subdomains: "},
	    {"[\"example.ad.jp\"]", "\"example.ad.jp\"", "infrastructure: "},
	    {"[\"example.ad.jp\"]", "[1]", "infrastructure[0]: "},
	    {"[\"a.jp\", \"b.jp\"]", "\"a.jp\"", "known_other[0].names: "},
	    {"{\"names\": [\"c.jp\"]}", "\"c.jp\"", "known_other[1]: "},
	    {"{\"domain\": \"example.co.jp\", \"word\": \"ex\"}", "\"ex\"",
		"lookalike: "},
	    {"\"ex\"", "1", "lookalike.word: "},
	    {"465", "\"465\"", "relay.port: "},
	    {"465", "465.5", "relay.port: "},
	    {"\"ssl\"", "true", "relay.security: "},
	    {"\"source\": \"s\"", "\"source\": 1", "relay.source: "},
	    {"{\"port\": 587, \"security\": \"starttls\", \"note\": \"n\"}",
		"587", "relay.accepted[0]: "},
	    {"\"lost\"", "1", "texts.password_lost.en: "},
	    {"{\"en\": \"lost\"}", "\"lost\"", "texts.password_lost: "},
	    {"\"https://example.jp/help\"", "{}", "help_url: "},
	    {"{\"severity\": \"off\"}", "\"off\"", "rules.duplicate: "},
	    {"\"off\"", "0", "rules.duplicate.severity: "},
	    {"\"confirmed\"", "true", "rules.treat-as-alias.evidence: "},
	    {"\"here\"", "1", "rules.treat-as-alias.source: "},
	    {"\"550\"", "550", "rules.treat-as-alias.reply: "},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check_bad(&rows[i]);
}

static void
test_missing(void **state)
{
	static const struct bad rows[] = {
	    {"\"version\": 1, ", "", "\"version\" is missing"},
	    {"\"version\": 1", "\"version\": null", "\"version\" is missing"},
	    {"\"name\": \"test-1\", ", "", "\"name\" is missing"},
	    {"\"label\": \"Test\",", "", "\"label\" is missing"},
	    {"{\"name\": \"example.com\"}", "{}",
		"domains[1]: \"name\" is missing"},
	    {"\"names\": [\"a.jp\", \"b.jp\"], ", "",
		"known_other[0]: \"names\" is missing"},
	    {"\"host\": \"smtp.example.jp\", ", "",
		"relay: \"host\" is missing"},
	    {"\"port\": 465,", "", "relay: \"port\" is missing"},
	    {" \"security\": \"ssl\",", "", "relay: \"security\" is missing"},
	    {"\"port\": 587, ", "", "relay.accepted[0]: \"port\" is missing"},
	};
	static const char empty[] = "{}";
	struct sendas_policy *policy = NULL;
	struct sendas_error err = {0};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check_bad(&rows[i]);
	assert_int_equal(parse(empty, &policy, &err), SENDAS_ERR_INPUT);
}

static void
test_wrong_values(void **state)
{
	static const struct bad rows[] = {
	    {"\"version\": 1", "\"version\": 2", "version: "},
	    {"\"version\": 1", "\"version\": 0", "version: "},
	    {"\"test-1\"", "\"Test\"", "name: "},
	    {"\"test-1\"", "\"a/b\"", "name: "},
	    {"\"test-1\"", "\"\"", "name: "},
	    {"\"test-1\"", "\"abcdefghijklmnopqrstuvwxyz0123456\"", "name: "},
	    {"\"Test\"", "\"\"", "label: "},
	    {"\"example.jp\"", "\"Example.jp\"", "domains[0].name: "},
	    {"\"example.jp\"", "\"example.jp.\"", "domains[0].name: "},
	    {"\"example.jp\"", "\".example.jp\"", "domains[0].name: "},
	    {"\"example.jp\"", "\"example..jp\"", "domains[0].name: "},
	    {"\"example.jp\"", "\"example\"", "domains[0].name: "},
	    {"\"example.jp\"", "\" example.jp\"", "domains[0].name: "},
	    {"\"example.jp\"", "\"*.example.jp\"", "domains[0].name: "},
	    {"\"example.jp\"", "\"例.jp\"", "domains[0].name: "},
	    {"\"a.jp\"", "\"A.jp\"", "known_other[0].names[0]: "},
	    {"\"example.co.jp\"", "\"\"", "lookalike.domain: "},
	    {"\"ex\"", "\"e.x\"", "lookalike.word: "},
	    {"\"smtp.example.jp\"", "\"smtp.example.jp:465\"", "relay.host: "},
	    {"465", "0", "relay.port: "},
	    {"465", "65536", "relay.port: "},
	    {"465", "-1", "relay.port: "},
	    {"\"ssl\"", "\"none\"", "relay.security: "},
	    {"\"ssl\"", "\"SSL\"", "relay.security: "},
	    {"\"ssl\"", "\"tls\"", "relay.security: "},
	    {"587, \"security\": \"starttls\"", "465, \"security\": \"ssl\"",
		"relay.accepted[0]: "},
	    {"[{\"port\": 587,",
		"[{\"port\": 587, \"security\": \"starttls\"}, {\"port\": 587,",
		"relay.accepted[1]: "},
	    {"\"web\"", "\"\"", "texts.webmail.en: "},
	    {"\"https://", "\"http://", "help_url: "},
	    {"\"off\"", "\"none\"", "rules.duplicate.severity: "},
	    {"\"off\"", "\"Error\"", "rules.duplicate.severity: "},
	    {"\"confirmed\"", "\"likely\"", "rules.treat-as-alias.evidence: "},
	    {"\"550\"", "\"\"", "rules.treat-as-alias.reply: "},
	    {"\"name\": \"test-1\"",
		"\"name\": \"test-1\", \"name\": \"test-2\"", "name"},
	    {"{\"version\"", "[{\"version\"", "my.json: "},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check_bad(&rows[i]);
}

/* `domains` may not be empty: then no address would ever be judged. */
static void
test_no_domains(void **state)
{
	static const char text[] =
	    "{\"version\":1,\"name\":\"x\",\"label\":\"X\",\"domains\":[],"
	    "\"relay\":{\"host\":\"smtp.example.jp\",\"port\":465,"
	    "\"security\":\"ssl\"}}";
	struct sendas_policy *policy = NULL;
	struct sendas_error err = {0};

	(void)state;
	assert_int_equal(parse(text, &policy, &err), SENDAS_ERR_INPUT);
	assert_non_null(strstr(err.message, "domains: "));
	assert_null(policy);
}

/* The whole of a huge wrong name does not come back in the message. */
static void
test_huge_name(void **state)
{
	char name[2001];
	char *quoted, *text;
	struct sendas_policy *policy = NULL;
	struct sendas_error err = {0};

	(void)state;
	memset(name, 'A', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	quoted = sendas_xasprintf("\"%s\"", name);
	text = replace("\"example.jp\"", quoted);
	assert_int_equal(parse(text, &policy, &err), SENDAS_ERR_INPUT);
	assert_in_range(strlen(err.message), 1, 400);
	free(text);
	free(quoted);
}

static void
test_builtin(void **state)
{
	struct sendas_policy *policy = NULL;
	struct sendas_error err = {0};

	(void)state;
	assert_string_equal(sendas_policy_file_builtin_name(0), "ocn");
	assert_null(sendas_policy_file_builtin_name(1));
	assert_null(sendas_policy_file_builtin_name(100));
	if (sendas_policy_file_load("ocn", &policy, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	assert_string_equal(policy->name, "ocn");
	assert_string_equal(policy->label, "OCN");
	assert_string_equal(policy->host, "smtp.ocn.ne.jp");
	assert_int_equal(policy->wanted.port, 465);
	assert_string_equal(policy->wanted.security, "ssl");
	assert_int_equal(policy->accepted_count, 1);
	assert_int_equal(policy->accepted[0].port, 587);
	assert_string_equal(
	    policy->rules[SENDAS_RULE_TREAT_AS_ALIAS].reply, "553 ... E041");
	assert_non_null(policy->webmail.ja);
	sendas_policy_free(policy);
}

static void
test_no_such_policy(void **state)
{
	static const char *const names[] = {"", "OCN", "ocn2", "oc", "json"};
	struct sendas_policy *policy = NULL;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(names); i++) {
		struct sendas_error err = {0};

		assert_int_equal(
		    sendas_policy_file_load(names[i], &policy, &err),
		    SENDAS_ERR_USAGE);
		assert_non_null(strstr(err.message, "Built in: ocn."));
		assert_null(policy);
	}
}

static void
test_file(void **state)
{
	char path[] = "/tmp/sendas-test-policy-XXXXXX";
	struct sendas_policy *policy = NULL;
	struct sendas_error err = {0};
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(write(fd, good, strlen(good)), (ssize_t)strlen(good));
	assert_int_equal(close(fd), 0);
	if (sendas_policy_file_load(path, &policy, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	assert_string_equal(policy->name, "test-1");
	sendas_policy_free(policy);
	policy = NULL;
	assert_int_equal(unlink(path), 0);
	assert_int_equal(
	    sendas_policy_file_load(path, &policy, &err), SENDAS_ERR_FILE);
	assert_non_null(strstr(err.message, path));
	/* By its ending alone it is a file too. */
	assert_int_equal(
	    sendas_policy_file_load("no-such-policy.json", &policy, &err),
	    SENDAS_ERR_FILE);
	assert_null(policy);
}

static void
test_match_pair(void **state)
{
	static const struct {
		long port;
		const char *security;
		enum sendas_policy_match want;
	} rows[] = {
	    {465, "ssl", SENDAS_MATCH_WANTED},
	    {587, "starttls", SENDAS_MATCH_ACCEPTED},
	    {465, "starttls", SENDAS_MATCH_PORT},
	    {587, "ssl", SENDAS_MATCH_PORT},
	    {465, NULL, SENDAS_MATCH_PORT},
	    {465, "none", SENDAS_MATCH_PORT},
	    {25, "ssl", SENDAS_MATCH_NONE},
	    {-1, "ssl", SENDAS_MATCH_NONE},
	    {466, "ssl", SENDAS_MATCH_NONE},
	};
	struct sendas_policy *policy = NULL;
	struct sendas_error err = {0};
	size_t i;

	(void)state;
	assert_int_equal(parse(good, &policy, &err), SENDAS_OK);
	for (i = 0; i < COUNT(rows); i++)
		assert_int_equal(sendas_policy_match_pair(
				     policy, rows[i].port, rows[i].security),
		    rows[i].want);
	sendas_policy_free(policy);
}

/* The user's language, English when it is not there. */
static void
test_text_language(void **state)
{
	struct sendas_policy *policy = NULL;
	struct sendas_error err = {0};

	(void)state;
	assert_int_equal(parse(good, &policy, &err), SENDAS_OK);
	sendas_i18n_init("en", "/nonexistent");
	assert_string_equal(sendas_policy_text(&policy->webmail), "web");
	sendas_i18n_init("ja", "/nonexistent");
	assert_string_equal(sendas_policy_text(&policy->webmail), "ウェブ");
	assert_string_equal(sendas_policy_text(&policy->password_lost), "lost");
	sendas_i18n_init("en", "/nonexistent");
	sendas_policy_free(policy);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_good),
	    cmocka_unit_test(test_smallest),
	    cmocka_unit_test(test_good_variants),
	    cmocka_unit_test(test_unknown_keys),
	    cmocka_unit_test(test_wrong_types),
	    cmocka_unit_test(test_missing),
	    cmocka_unit_test(test_wrong_values),
	    cmocka_unit_test(test_no_domains),
	    cmocka_unit_test(test_huge_name),
	    cmocka_unit_test(test_builtin),
	    cmocka_unit_test(test_no_such_policy),
	    cmocka_unit_test(test_file),
	    cmocka_unit_test(test_match_pair),
	    cmocka_unit_test(test_text_language),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
