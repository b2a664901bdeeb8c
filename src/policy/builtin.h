/* SPDX-License-Identifier: Apache-2.0 */
/*
 * builtin.h: the policy files that are built into the program. The table is
 * in builtin.c, which tools/embed.sh makes of policies/ when the program is
 * built; nobody but policy.c reads it.
 */
#ifndef SENDAS_POLICY_BUILTIN_H
#define SENDAS_POLICY_BUILTIN_H

#include <stddef.h>

struct sendas_builtin_policy {
	const char *name; /* as in --policy; NULL ends the table */
	const char *text; /* the JSON file as it is, with a NUL after it */
	size_t size; /* bytes, without the NUL */
};

extern const struct sendas_builtin_policy sendas_builtin_policies[];

#endif
