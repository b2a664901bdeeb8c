/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy_file.h: policies from files and from those built into the program.
 * The form stands in doc/policy.md and doc/policy.schema.json; an unknown key
 * is an error with its path.
 */
#ifndef SENDAS_POLICY_FILE_H
#define SENDAS_POLICY_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/error.h"
#include "sendas/policy.h"

/*
 * Loads a policy by its built-in name ("ocn") or, when `name_or_file` has a
 * slash or ends in .json, from a file. *out is the caller's. Errors:
 * SENDAS_ERR_USAGE (no such policy: the message lists those there are),
 * SENDAS_ERR_FILE (unreadable), SENDAS_ERR_INPUT (the path of what is wrong).
 */
enum sendas_status sendas_policy_file_load(const char *name_or_file,
    struct sendas_policy **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* The same from text; `origin` names it in messages. */
enum sendas_status sendas_policy_file_parse(const char *text, size_t len,
    const char *origin, struct sendas_policy **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Whether this names a file, and no built-in policy: it has a slash, or ends
 * in .json. */
bool sendas_policy_file_is_path(const char *name);

/* The built-in policy at `index`, counted from 0; NULL after the last. */
const char *sendas_policy_file_builtin_name(size_t index);

#endif
