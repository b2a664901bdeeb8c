/* SPDX-License-Identifier: Apache-2.0 */
/*
 * as_log.h: the log of --log-format json: a line of JSON for each change,
 * for whoever collects logs. Its form stands in doc/log.md and
 * doc/log.schema.json.
 */
#ifndef SENDAS_AS_LOG_H
#define SENDAS_AS_LOG_H

#include <stdio.h>
#include "sendas/sink.h"

struct sendas_as_log;

/* The stream is borrowed. */
struct sendas_as_log *sendas_as_log_new(FILE *stream);

/* NULL is allowed. */
void sendas_as_log_free(struct sendas_as_log *log);

/* Borrowed from the object. */
const struct sendas_sink *sendas_as_log_sink(struct sendas_as_log *log);

#endif
