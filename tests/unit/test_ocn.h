/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_ocn.h: the built-in policy for a group of tests. To be included after
 * cmocka.h.
 */
#ifndef SENDAS_TEST_OCN_H
#define SENDAS_TEST_OCN_H

#include "sendas/policy_file.h"

static struct sendas_policy *policy;

static int
setup(void **state)
{
	struct sendas_error err = {0};

	(void)state;
	return sendas_policy_file_load("ocn", &policy, &err) == SENDAS_OK ? 0
									  : -1;
}

static int
teardown(void **state)
{
	(void)state;
	sendas_policy_free(policy);
	return 0;
}

#endif
