/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_answer.c: any bytes as Google's answer: what is read must be judged,
 * and what is written of it must be harmless.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "sendas/json.h"
#include "sendas/model.h"
#include "sendas/policy_file.h"
#include "sendas/rules.h"
#include "sendas/send_as.h"
#include "sendas/steps.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
judge(const struct sendas_json *root)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new(NULL, SENDAS_SOURCE_FILE);
	static struct sendas_policy *policy;
	struct sendas_error err = {0};

	if (policy == NULL &&
	    sendas_policy_file_load("ocn", &policy, &err) != SENDAS_OK)
		abort();
	if (sendas_send_as_read(root, mailbox, &err) == SENDAS_OK) {
		sendas_rules_judge(policy, mailbox);
		for (size_t i = 0; i < mailbox->address_count; i++)
			free(sendas_steps_format(
			    policy, NULL, &mailbox->addresses[i]));
	} else if (err.message[0] == '\0') {
		abort();
	}
	sendas_mailbox_free(mailbox);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sendas_json_doc *doc = NULL;
	struct sendas_error err = {0};
	struct sendas_json root;

	if (sendas_json_parse((const char *)data, size, &doc, &err) !=
	    SENDAS_OK) {
		if (err.message[0] == '\0')
			abort();
		return 0;
	}
	root = sendas_json_root(doc);
	judge(&root);
	sendas_json_doc_free(doc);
	return 0;
}
