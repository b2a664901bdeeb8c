/* SPDX-License-Identifier: Apache-2.0 */
/*
 * google_error.h: an error answer of a Google API to what the program does
 * about it. Forms and reasons:
 * https://developers.google.com/workspace/gmail/api/guides/handle-errors
 */
#ifndef SENDAS_GOOGLE_ERROR_H
#define SENDAS_GOOGLE_ERROR_H

#include <stdbool.h>
#include "sendas/error.h"
#include "sendas/http.h"

/*
 * Reads an answer whose status is not 2xx; the body may be JSON of either
 * form, HTML, or nothing: the status alone is enough. Always fills *err and
 * returns its code: SENDAS_ERR_UNAUTHORIZED (401), SENDAS_ERR_SCOPE,
 * SENDAS_ERR_PROJECT, SENDAS_ERR_RESTRICTED ("Access restricted to service
 * accounts..."), SENDAS_ERR_TRANSIENT, SENDAS_ERR_MAILBOX.
 */
enum sendas_status sendas_google_error_read(
    const struct sendas_http_answer *answer,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* True for a 403 that only asks to be slower; a sendas_http_transient_fn. */
bool sendas_google_error_is_transient(const struct sendas_http_answer *answer);

#endif
