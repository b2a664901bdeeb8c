/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retry.c: whether and when a request is sent again; pure.
 */
#include "sendas/retry.h"

#include "sendas/limits.h"

bool
sendas_retry_is_transient_status(long http_status)
{
	switch (http_status) {
	case 429:
	case 500:
	case 502:
	case 503:
	case 504:
		return true;
	default:
		return false;
	}
}

long
sendas_retry_delay_ms(int next_try, double random, long retry_after_sec)
{
	long span_ms = 1000;
	long delay_ms;

	for (int i = 2; i < next_try && span_ms < SENDAS_LIMIT_BACKOFF_MS; i++)
		span_ms *= 2;
	if (span_ms > SENDAS_LIMIT_BACKOFF_MS)
		span_ms = SENDAS_LIMIT_BACKOFF_MS;
	delay_ms = (long)(random * (double)span_ms);
	if (retry_after_sec > SENDAS_LIMIT_BACKOFF_MS / 1000)
		retry_after_sec = SENDAS_LIMIT_BACKOFF_MS / 1000;
	if (retry_after_sec >= 0 && delay_ms < retry_after_sec * 1000)
		delay_ms += retry_after_sec * 1000;
	return delay_ms;
}
