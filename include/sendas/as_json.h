/* SPDX-License-Identifier: Apache-2.0 */
/*
 * as_json.h: results as JSON or JSON lines, version 1 of the contract in
 * doc/report.md and doc/report.schema.json.
 */
#ifndef SENDAS_AS_JSON_H
#define SENDAS_AS_JSON_H

#include <stdbool.h>
#include <stdio.h>
#include "sendas/sink.h"

struct sendas_as_json;

/* `stream` is borrowed. With `is_lines` one mailbox a line and a summary as
 * the last one, else one object. */
struct sendas_as_json *sendas_as_json_new(FILE *stream, bool is_lines);
void sendas_as_json_free(struct sendas_as_json *json);

/* Borrowed from the object. */
const struct sendas_sink *sendas_as_json_sink(struct sendas_as_json *json);

#endif
