/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retry.h: whether and when a request is sent again; pure.
 * Google's advice: exponential backoff with jitter
 * (https://developers.google.com/workspace/gmail/api/guides/handle-errors).
 */
#ifndef SENDAS_RETRY_H
#define SENDAS_RETRY_H

#include <stdbool.h>

/* True for an HTTP status that asks for another try whatever the body says:
 * 429, 500, 502, 503, 504. */
bool sendas_retry_is_transient_status(long http_status);

/*
 * Milliseconds to wait before try number `next_try` (2 is the first repeat):
 * a random part, `random` from 0 to 1, of 1 s doubled for each further try
 * and capped at SENDAS_LIMIT_BACKOFF_MS ("full jitter"), but never less than
 * `retry_after_sec` when the server named one (-1: it did not).
 */
long sendas_retry_delay_ms(int next_try, double random, long retry_after_sec);

#endif
