/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_names.c: which names are the provider's, which only look like it. The
 * rows that must not match matter most: a real provider called a trap would
 * send its customers to change their password.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>
#include "sendas/policy_file.h"
#include "sendas/mem.h"
#include "sendas/names.h"
#include "test_ocn.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static void
test_normalise(void **state)
{
	static const struct {
		const char *raw, *want;
	} rows[] = {
	    {NULL, ""},
	    {"", ""},
	    {" \t\r\n", ""},
	    {"\xe3\x80\x80\xc2\xa0 ", ""},
	    {"smtp.ocn.ne.jp", "smtp.ocn.ne.jp"},
	    {"  SMTP.OCN.NE.JP\n", "smtp.ocn.ne.jp"},
	    {"\xe3\x80\x80smtp.ocn.ne.jp\xe3\x80\x80", "smtp.ocn.ne.jp"},
	    {"\xc2\xa0smtp.ocn.ne.jp\xc2\xa0", "smtp.ocn.ne.jp"},
	    {"ＳＭＴＰ．ocn．ne．jp", "smtp.ocn.ne.jp"},
	    {"smtp。ocn。ne。jp。", "smtp.ocn.ne.jp"},
	    {"smtp.ocn.ne.jp.", "smtp.ocn.ne.jp"},
	    {"smtp.ocn.ne.jp..", "smtp.ocn.ne.jp."},
	    {"smtp. ocn.ne.jp", "smtp. ocn.ne.jp"},
	    {"smtp.\xd0\x9e\x63n.ne.jp", "smtp.\xd0\x9e\x63n.ne.jp"},
	    {".", ""},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *got = sendas_names_normalise(rows[i].raw);

		assert_string_equal(got, rows[i].want);
		free(got);
	}
}

static void
check_host(const char *host, enum sendas_host_class want)
{
	enum sendas_host_class got = sendas_names_classify_host(policy, host);

	if (got != want)
		fail_msg("\"%s\": class %d, want %d", host ? host : "(null)",
		    (int)got, (int)want);
}

static void
test_host_classes(void **state)
{
	static const struct {
		const char *host;
		enum sendas_host_class want;
	} rows[] = {
	    /* 1: nothing there */
	    {NULL, SENDAS_HOST_MISSING},
	    {"", SENDAS_HOST_MISSING},
	    {" \t ", SENDAS_HOST_MISSING},
	    {"\xe3\x80\x80", SENDAS_HOST_MISSING},
	    {"\xc2\xa0", SENDAS_HOST_MISSING},
	    {".", SENDAS_HOST_MISSING},
	    /* 2: the wanted one */
	    {"smtp.ocn.ne.jp", SENDAS_HOST_WANTED},
	    {"SMTP.ocn.ne.jp", SENDAS_HOST_SPELLING},
	    {"smtp.ocn.ne.jp ", SENDAS_HOST_SPELLING},
	    {"smtp.ocn.ne.jp.", SENDAS_HOST_SPELLING},
	    {"smtp.ocn.ne.jp。", SENDAS_HOST_SPELLING},
	    {"\xe3\x80\x80smtp.ocn.ne.jp", SENDAS_HOST_SPELLING},
	    {"ＳＭＴＰ．ocn．ne．jp", SENDAS_HOST_SPELLING},
	    {"smtp.ocn.ne.jp..", SENDAS_HOST_OTHER},
	    {"smtp.ocn.ne.jp:465", SENDAS_HOST_OTHER},
	    {"smtp.ocn.ne.jp:", SENDAS_HOST_LOOKALIKE},
	    /* 3: literals */
	    {"192.0.2.1", SENDAS_HOST_ADDRESS},
	    {"[192.0.2.1]", SENDAS_HOST_ADDRESS},
	    {"１９２．０．２．１", SENDAS_HOST_ADDRESS},
	    {"2001:db8::1", SENDAS_HOST_ADDRESS},
	    {"[2001:db8::1]", SENDAS_HOST_ADDRESS},
	    {"::1", SENDAS_HOST_ADDRESS},
	    {"192.0.2.256", SENDAS_HOST_OTHER},
	    {"192.0.2", SENDAS_HOST_OTHER},
	    {"[192.0.2.1", SENDAS_HOST_OTHER},
	    {"[]", SENDAS_HOST_OTHER},
	    {"2001:db8::1::2", SENDAS_HOST_OTHER},
	    /* 4: Google */
	    {"smtp.gmail.com", SENDAS_HOST_GOOGLE},
	    {"SMTP.Gmail.com.", SENDAS_HOST_GOOGLE},
	    {"smtp-relay.gmail.com", SENDAS_HOST_GOOGLE},
	    {"google.com", SENDAS_HOST_GOOGLE},
	    {"aspmx.l.google.com", SENDAS_HOST_GOOGLE},
	    {"smtp.googlemail.com", SENDAS_HOST_GOOGLE},
	    {"notgoogle.com", SENDAS_HOST_OTHER},
	    {"smtp.google.com.example", SENDAS_HOST_OTHER},
	    /* 5: look-alikes */
	    {"smtp.0cn.ne.jp", SENDAS_HOST_LOOKALIKE},
	    {"smtp.ocn.ne.jp.evil.example", SENDAS_HOST_LOOKALIKE},
	    {"smtp.ocn.ne.jp.evil.example:465", SENDAS_HOST_LOOKALIKE},
	    {"xocn.ne.jp", SENDAS_HOST_LOOKALIKE},
	    {"smtp-ocn.example", SENDAS_HOST_LOOKALIKE},
	    {"ocn-smtp.example", SENDAS_HOST_LOOKALIKE},
	    {"ocn.example", SENDAS_HOST_LOOKALIKE},
	    {"smtp.ocn.co.jp", SENDAS_HOST_LOOKALIKE},
	    {"xn--80ak6aa92e.example", SENDAS_HOST_LOOKALIKE},
	    {"smtp.xn--cn-jmc.ne.jp", SENDAS_HOST_LOOKALIKE},
	    {"smtp.\xd0\xbe\x63n.ne.jp", SENDAS_HOST_LOOKALIKE},
	    {"smtp.o\xe2\x80\x8b\x63n.ne.jp", SENDAS_HOST_LOOKALIKE},
	    {"\xff", SENDAS_HOST_LOOKALIKE},
	    /* 6: the rest */
	    {"smtp.odn.ne.jp", SENDAS_HOST_OTHER},
	    {"mail.ocn.ne.jp", SENDAS_HOST_OTHER},
	    {"mail.ocn.ne.jp:465", SENDAS_HOST_OTHER},
	    {"pop.ocn.ne.jp", SENDAS_HOST_OTHER},
	    {"smtp.0cn.ocn.ne.jp", SENDAS_HOST_OTHER},
	    {"xn--x.ocn.ne.jp", SENDAS_HOST_OTHER},
	    {"vcmx.ocn.ad.jp", SENDAS_HOST_OTHER},
	    {"smtp.dream.com", SENDAS_HOST_OTHER},
	    {"smpt.example.jp", SENDAS_HOST_OTHER},
	    {"smtp.ocnet.example", SENDAS_HOST_OTHER},
	    {"smtpocn.example", SENDAS_HOST_OTHER},
	    {"smtp.example.xn", SENDAS_HOST_OTHER},
	    {"a-xn--b.example", SENDAS_HOST_OTHER},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		check_host(rows[i].host, rows[i].want);
}

/* Hosts that real providers publish. None may be called a look-alike, nor a
 * typing error of OCN's. */
static void
test_real_providers(void **state)
{
	static const char *const hosts[] = {"smtp.odn.ne.jp", "smtp.kcn.ne.jp",
	    "smtp.mcn.ne.jp", "smtp.ocv.ne.jp", "smtp.omn.ne.jp",
	    "smtp.rcn.ne.jp", "smtp.tcn.ne.jp", "smtp.kct.ne.jp",
	    "smtp.lcv.ne.jp", "mail.so-net.ne.jp", "mail.biglobe.ne.jp",
	    "smtp.mail.yahoo.co.jp", "ybbsmtp.mail.yahoo.co.jp",
	    "secure.plala.or.jp", "smtp.docomo.ne.jp", "mail.goo.ne.jp",
	    "hi-ho.mail.hi-ho.ne.jp", "smtpauth.eonet.ne.jp",
	    "mail.asahi-net.or.jp", "mail.dion.ne.jp", "smtp.au.com",
	    "smtp.nifty.com", "smtp.softbank.jp", "smtps.cty-net.ne.jp",
	    "mbox.iij4u.or.jp", "www1234.sakura.ne.jp", "sv123.xserver.jp",
	    "smtp.mail.me.com", "smtp.office365.com", "smtp-mail.outlook.com",
	    "smtp.mail.yahoo.com"};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(hosts); i++) {
		check_host(hosts[i], SENDAS_HOST_OTHER);
		if (sendas_names_is_typing_error(policy, hosts[i]))
			fail_msg("%s is called a typing error", hosts[i]);
	}
}

static void
test_huge_host(void **state)
{
	char *host = sendas_xmalloc(1000001);

	(void)state;
	memset(host, 'o', 1000000);
	host[1000000] = '\0';
	check_host(host, SENDAS_HOST_OTHER);
	assert_false(sendas_names_is_typing_error(policy, host));
	free(host);
}

static void
test_typing_errors(void **state)
{
	static const struct {
		const char *host;
		bool want;
	} rows[] = {
	    {"smtp.ocn.ne.jp", false}, /* it is the wanted one */
	    {"smtp.ocm.ne.jp", true},
	    {"smpt.ocn.ne.jp", true}, /* a swap is two */
	    {"smtp.ocn.nejp", true},
	    {"smtp.ocn.ne.jp..", true},
	    {"stp.ocn.ne.j", true},
	    {"stp.ocn.n.j", false}, /* three */
	    {"smtp.\xd0\xbe\xd1\x81n.ne.jp", true}, /* two characters */
	    {"smtp.odn.ne.jp", false}, /* a real provider */
	    {"pop.ocn.ne.jp", false},
	    {"", false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		if (sendas_names_is_typing_error(policy, rows[i].host) !=
		    rows[i].want)
			fail_msg("%s: want %d", rows[i].host, rows[i].want);
}

static void
test_port_in_host(void **state)
{
	static const struct {
		const char *host;
		bool want;
	} rows[] = {
	    {"smtp.ocn.ne.jp:465", true},
	    {"smtp.ocn.ne.jp：４６５", true},
	    {"192.0.2.1:25", true},
	    {"smtp.ocn.ne.jp", false},
	    {"smtp.ocn.ne.jp:", false},
	    {"smtp.ocn.ne.jp:4x", false},
	    {":465", false},
	    {"2001:db8::1", false},
	    {NULL, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		if (sendas_names_has_port(rows[i].host) != rows[i].want)
			fail_msg("row %zu: want %d", i, rows[i].want);
}

static void
test_own_addresses(void **state)
{
	static const struct {
		const char *address;
		bool want;
	} rows[] = {
	    {"taro@ocn.ne.jp", true},
	    {"taro@OCN.Ne.Jp", true},
	    {"taro@ocn.ne.jp.", true},
	    {"taro@mba.ocn.ne.jp", true},
	    {"taro@a.b.ocn.ne.jp", true},
	    {"taro+x@sky.ocn.ne.jp", true},
	    {"taro@dream.com", true},
	    {"taro@DREAM.COM.", true},
	    {"taro@ocn.ne.jp..", false},
	    {"taro@sub.dream.com", false},
	    {"taro@xdream.com", false},
	    {"taro@xocn.ne.jp", false}, /* no label boundary */
	    {"taro@ocn.ne.jp.evil.example", false},
	    {"taro@ocn.co.jp", false},
	    {"taro@ocn.ad.jp", false},
	    {"taro@plala.or.jp", false},
	    {"taro@xn--a.ocn.ne.jp", false},
	    {"taro@XN--A.ocn.ne.jp", false},
	    {"taro@\xd0\xbe.ocn.ne.jp", false},
	    {"taro@ｏｃｎ.ne.jp", false},
	    {"taro@.ocn.ne.jp", false},
	    {"taro@a..ocn.ne.jp", false},
	    {"taro@ ocn.ne.jp", false},
	    {"taro@ocn.ne.jp\n", false},
	    {"ocn.ne.jp", false},
	    {"@ocn.ne.jp", false},
	    {"taro@", false},
	    {"taro@.", false},
	    {"@", false},
	    {"a@b@ocn.ne.jp", false},
	    {"a@@ocn.ne.jp", false},
	    {"", false},
	    {NULL, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		if (sendas_names_is_own_address(policy, rows[i].address) !=
		    rows[i].want)
			fail_msg("row %zu, %s: want %d", i,
			    rows[i].address ? rows[i].address : "(null)",
			    rows[i].want);
}

static void
test_domain_lookalikes(void **state)
{
	static const struct {
		const char *address;
		bool want;
	} rows[] = {
	    {"taro@ocn.co.jp", true},
	    {"taro@ocn.jp", true},
	    {"taro@ocn.com", true},
	    {"taro@ocn.or.jp", true},
	    {"taro@OCN.JP.", true},
	    {"taro@ocn.ne.jp.evil.example", true},
	    {"taro@xocn.ne.jp", true},
	    {"taro@0cn.ne.jp", true},
	    {"taro@ocn.ne.jo", true},
	    {"taro@cn.ne.jp", true},
	    {"taro@\xd0\xbe\x63n.ne.jp", true}, /* one character */
	    {"taro@ｏｃｎ.ne.jp", true},
	    {"taro@xn--a.ocn.ne.jp", true},
	    {"taro@ocn.ne.jp", false}, /* OCN's own */
	    {"taro@mba.ocn.ne.jp", false},
	    {"taro@dream.com", false},
	    {"taro@ocn.ad.jp", false},
	    {"taro@x.ocn.ad.jp", false},
	    {"taro@odn.ne.jp", false}, /* real, at distance 1 */
	    {"taro@x.odn.ne.jp", false},
	    {"taro@kcn.ne.jp", false},
	    {"taro@tcn.ne.jp", false},
	    {"taro@ocn.example.com", false},
	    {"taro@ocn.", false},
	    {"taro@ocn", false},
	    {"taro@con.ne.jp", false}, /* distance 2 */
	    {"taro@example.com", false},
	    {"taro@gmail.com", false},
	    {"ocn.co.jp", false},
	    {"a@b@ocn.co.jp", false},
	    {"a@b@ocn.ne.jp", false},
	    {"@ocn.co.jp", false},
	    {NULL, false},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++)
		if (sendas_names_is_domain_lookalike(policy, rows[i].address) !=
		    rows[i].want)
			fail_msg("row %zu, %s: want %d", i,
			    rows[i].address ? rows[i].address : "(null)",
			    rows[i].want);
}

static void
test_shorten(void **state)
{
	static const struct {
		const char *name;
		size_t max;
		const char *want;
	} rows[] = {
	    {NULL, 4, ""},
	    {"abcd", 4, "abcd"},
	    {"abcde", 4, "abcd..."},
	    {"ab\xe3\x81\x82", 4, "ab..."}, /* no half character */
	    {"a\xe3\x81\x82z", 4, "a\xe3\x81\x82..."},
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *got = sendas_names_shorten(rows[i].name, rows[i].max);

		assert_string_equal(got, rows[i].want);
		free(got);
	}
}

/* Look-alikes are the policy's: another word, or none. */
static void
test_other_policy(void **state)
{
	static const char text[] =
	    "{\"version\":1,\"name\":\"au\",\"label\":\"au\","
	    "\"domains\":[{\"name\":\"au.com\"}],"
	    "\"lookalike\":{\"word\":\"\"},"
	    "\"relay\":{\"host\":\"smtp.au.com\",\"port\":465,"
	    "\"security\":\"ssl\"}}";
	struct sendas_policy *other = NULL;
	struct sendas_error err = {0};

	(void)state;
	assert_int_equal(
	    sendas_policy_file_parse(text, strlen(text), "test", &other, &err),
	    SENDAS_OK);
	assert_int_equal(
	    sendas_names_classify_host(other, "smtp.telstra.com.au"),
	    SENDAS_HOST_OTHER);
	assert_int_equal(
	    sendas_names_classify_host(other, "smtp.au.com.example"),
	    SENDAS_HOST_LOOKALIKE);
	assert_false(sendas_names_is_domain_lookalike(other, "a@au.jp"));
	sendas_policy_free(other);
}

/* A provider that is known to be real is no look-alike, whatever its name. */
static void
test_known_other(void **state)
{
	static const char text[] =
	    "{\"version\":1,\"name\":\"x\",\"label\":\"X\","
	    "\"domains\":[{\"name\":\"ocn.ne.jp\"}],"
	    "\"known_other\":[{\"names\":[\"ocn.example\",\"pcn.ne.jp\"]}],"
	    "\"relay\":{\"host\":\"smtp.ocn.ne.jp\",\"port\":465,"
	    "\"security\":\"ssl\"}}";
	struct sendas_policy *other = NULL;
	struct sendas_error err = {0};

	(void)state;
	assert_int_equal(
	    sendas_policy_file_parse(text, strlen(text), "test", &other, &err),
	    SENDAS_OK);
	assert_int_equal(sendas_names_classify_host(other, "smtp.ocn.example"),
	    SENDAS_HOST_OTHER);
	assert_int_equal(sendas_names_classify_host(other, "smtp.ocn.example2"),
	    SENDAS_HOST_LOOKALIKE);
	assert_false(sendas_names_is_typing_error(other, "smtp.pcn.ne.jp"));
	assert_true(sendas_names_is_typing_error(other, "smtp.qcn.ne.jp"));
	assert_false(sendas_names_is_domain_lookalike(other, "a@pcn.ne.jp"));
	assert_true(sendas_names_is_domain_lookalike(other, "a@qcn.ne.jp"));
	sendas_policy_free(other);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_normalise),
	    cmocka_unit_test(test_host_classes),
	    cmocka_unit_test(test_real_providers),
	    cmocka_unit_test(test_huge_host),
	    cmocka_unit_test(test_typing_errors),
	    cmocka_unit_test(test_port_in_host),
	    cmocka_unit_test(test_own_addresses),
	    cmocka_unit_test(test_domain_lookalikes),
	    cmocka_unit_test(test_shorten),
	    cmocka_unit_test(test_other_policy),
	    cmocka_unit_test(test_known_other),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
