/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_send_as.c: Google's JSON to addresses, and what is wrong deep inside.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "sendas/send_as.h"

/* Reads text into a new mailbox; the caller frees both. */
static enum sendas_status
read_text(
    const char *text, struct sendas_mailbox **mailbox, struct sendas_error *err)
{
	struct sendas_json_doc *doc = NULL;
	enum sendas_status status;
	struct sendas_json root;

	*mailbox = sendas_mailbox_new(NULL, SENDAS_SOURCE_FILE);
	status = sendas_json_parse(text, strlen(text), &doc, err);
	if (status != SENDAS_OK)
		return status;
	root = sendas_json_root(doc);
	status = sendas_send_as_read(&root, *mailbox, err);
	sendas_json_doc_free(doc);
	return status;
}

static void
reads_a_list(void **state)
{
	struct sendas_mailbox *mailbox;
	const struct sendas_address *address;
	struct sendas_error err;

	(void)state;
	assert_int_equal(
	    read_text("{\"sendAs\":["
		      "{\"sendAsEmail\":\"t@example.com\",\"isPrimary\":true,"
		      "\"isDefault\":true,\"signature\":\"<b>\"},"
		      "{\"sendAsEmail\":\"t@ocn.ne.jp\",\"treatAsAlias\":true,"
		      "\"displayName\":\"T\",\"replyToAddress\":\"r@x.jp\","
		      "\"verificationStatus\":\"accepted\",\"smtpMsa\":{"
		      "\"host\":\"smtp.ocn.ne.jp\",\"port\":465,"
		      "\"securityMode\":\"ssl\"}}]}",
		&mailbox, &err),
	    SENDAS_OK);
	assert_int_equal(mailbox->address_count, 2);
	assert_string_equal(sendas_mailbox_primary(mailbox), "t@example.com");
	address = &mailbox->addresses[0];
	assert_true(address->is_primary && address->is_default);
	assert_false(address->has_relay || address->treat_as_alias);
	assert_null(address->verification);
	assert_int_equal(address->relay.port, -1);
	address = sendas_mailbox_find(mailbox, "T@OCN.ne.jp");
	assert_ptr_equal(address, &mailbox->addresses[1]);
	assert_true(address->treat_as_alias && address->has_relay);
	assert_false(address->is_primary || address->is_default);
	assert_string_equal(address->display_name, "T");
	assert_string_equal(address->reply_to, "r@x.jp");
	assert_string_equal(address->verification, "accepted");
	assert_string_equal(address->relay.host, "smtp.ocn.ne.jp");
	assert_int_equal(address->relay.port, 465);
	assert_string_equal(address->relay.security, "ssl");
	sendas_mailbox_free(mailbox);
}

static void
reads_one_object_and_an_empty_list(void **state)
{
	static const struct {
		const char *text;
		size_t count;
	} rows[] = {
	    {"{\"sendAsEmail\":\"a@ocn.ne.jp\",\"smtpMsa\":{}}", 1},
	    {"{}", 0},
	    {"{\"sendAs\":[]}", 0},
	};
	struct sendas_mailbox *mailbox;
	struct sendas_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    read_text(rows[i].text, &mailbox, &err), SENDAS_OK);
		assert_int_equal(mailbox->address_count, rows[i].count);
		assert_null(sendas_mailbox_primary(mailbox));
		sendas_mailbox_free(mailbox);
	}
}

static void
names_the_place_of_a_wrong_type(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
	    {"[]", "want an object"},
	    {"{\"sendas\":[]}", "sendAs: want a list"},
	    {"{\"sendAs\":{}}", "sendAs: want a list"},
	    {"{\"sendAs\":[7]}", "sendAs[0]: want an object"},
	    {"{\"sendAs\":[{}]}", "sendAs[0]: \"sendAsEmail\" is missing"},
	    {"{\"sendAs\":[{\"sendAsEmail\":\"\"}]}",
		"sendAs[0]: \"sendAsEmail\" is missing"},
	    {"{\"sendAsEmail\":5}", "sendAsEmail: want a text"},
	    {"{\"sendAsEmail\":\"a\",\"treatAsAlias\":\"true\"}",
		"treatAsAlias: want true or false"},
	    {"{\"sendAsEmail\":\"a\",\"isPrimary\":1}",
		"isPrimary: want true or false"},
	    {"{\"sendAs\":[{\"sendAsEmail\":\"a\"},{\"sendAsEmail\":\"b\","
	     "\"smtpMsa\":{\"port\":\"465\"}}]}",
		"sendAs[1].smtpMsa.port: want a number"},
	    {"{\"sendAsEmail\":\"a\",\"smtpMsa\":{\"port\":465.5}}",
		"smtpMsa.port: want a whole number"},
	    {"{\"sendAsEmail\":\"a\",\"smtpMsa\":{\"port\":-1}}",
		"smtpMsa.port: want a whole number"},
	    {"{\"sendAsEmail\":\"a\",\"smtpMsa\":[]}",
		"smtpMsa: want an object"},
	    {"{\"sendAsEmail\":\"a\",\"smtpMsa\":{\"host\":{}}}",
		"smtpMsa.host: want a text"},
	};
	struct sendas_mailbox *mailbox;
	struct sendas_error err;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(
		    read_text(rows[i].text, &mailbox, &err), SENDAS_ERR_INPUT);
		if (strstr(err.message, rows[i].want) == NULL)
			fail_msg("row %zu: %s", i, err.message);
		sendas_mailbox_free(mailbox);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads_a_list),
	    cmocka_unit_test(reads_one_object_and_an_empty_list),
	    cmocka_unit_test(names_the_place_of_a_wrong_type),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("send_as", tests, NULL, NULL);
}
