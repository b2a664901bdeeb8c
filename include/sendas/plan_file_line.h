/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_file_line.h: one line of a plan (plan_file.h) to what it says, checked.
 * Pure: knows neither the file nor the lines around it.
 */
#ifndef SENDAS_PLAN_FILE_LINE_H
#define SENDAS_PLAN_FILE_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include "sendas/error.h"
#include "sendas/json.h"
#include "sendas/model.h"
#include "sendas/plan_file.h"

/* Errors, of each: SENDAS_ERR_INPUT, with the path of the field. */

/* What the first line says; borrowed from the document of `root`. It must
 * have been seen to be a plan's, of a version that is known. */
enum sendas_status sendas_plan_file_line_read_head(
    const struct sendas_json *root, struct sendas_plan_file_head *head,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* A mailbox with the addresses that are to be changed, and their changes,
 * planned. *out is the caller's; untouched on failure. */
enum sendas_status sendas_plan_file_line_read_mailbox(
    const struct sendas_json *root, struct sendas_mailbox **out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* Whether it is the last line, which then says how many came before it. */
enum sendas_status sendas_plan_file_line_read_end(
    const struct sendas_json *root, bool *is_end, size_t *mailboxes,
    size_t *changes, struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
