/* SPDX-License-Identifier: Apache-2.0 */
/*
 * model_json.h: the model as JSON: the words and types of the report's
 * contract (doc/report.md), for all that writes them.
 */
#ifndef SENDAS_MODEL_JSON_H
#define SENDAS_MODEL_JSON_H

#include <time.h>
#include "sendas/json.h"
#include "sendas/model.h"

/* "2026-11-24T02:15:00Z" (RFC 3339). */
void sendas_model_json_set_time(
    struct sendas_json_value *object, const char *key, time_t when);

/* A setting, as the type that it is. */
void sendas_model_json_set_value(struct sendas_json_value *object,
    const char *key, const struct sendas_value *value);

/* Reads {"host", "port", "security"} as _set_value writes a relay, or null for
 * none. *out owns what it holds. Errors: SENDAS_ERR_INPUT with the path. */
enum sendas_status sendas_model_json_read_relay(const struct sendas_json *at,
    struct sendas_value *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* The same for one that stands alone, as text; _format's is the caller's. */
char *sendas_model_json_format_relay(const struct sendas_value *value);
enum sendas_status sendas_model_json_parse_relay(const char *text,
    struct sendas_value *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Each is the caller's; the mailbox has its addresses, and those their
 * findings. */
struct sendas_json_value *sendas_model_json_address(
    const struct sendas_address *address);
struct sendas_json_value *sendas_model_json_change(
    const struct sendas_change *change);
struct sendas_json_value *sendas_model_json_mailbox(
    const struct sendas_mailbox *mailbox);

#endif
