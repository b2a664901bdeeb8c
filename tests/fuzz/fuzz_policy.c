/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_policy.c: any bytes as a policy file; one that is taken must judge.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include "sendas/mem.h"
#include "sendas/model.h"
#include "sendas/policy_file.h"
#include "sendas/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sendas_policy *policy = NULL;
	struct sendas_mailbox *mailbox;
	struct sendas_address *address;
	struct sendas_error err = {0};

	if (sendas_policy_file_parse(
		(const char *)data, size, "fuzz", &policy, &err) != SENDAS_OK) {
		/* A refusal says why. */
		if (err.message[0] == '\0')
			abort();
		return 0;
	}
	mailbox = sendas_mailbox_new(NULL, SENDAS_SOURCE_FILE);
	address = sendas_mailbox_add_address(mailbox);
	address->address = sendas_xasprintf("a@%s", policy->domains[0].name);
	address->treat_as_alias = true;
	sendas_rules_judge(policy, mailbox);
	sendas_mailbox_free(mailbox);
	sendas_policy_free(policy);
	return 0;
}
