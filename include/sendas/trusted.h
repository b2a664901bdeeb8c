/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trusted.h: to which SMTP server a password may be sent.
 */
#ifndef SENDAS_TRUSTED_H
#define SENDAS_TRUSTED_H

#include <stdbool.h>
#include "sendas/model.h"
#include "sendas/policy.h"

/*
 * Whether a relay is named by a host name that does not only look like the
 * provider's, and is no Google's, with a port and TLS. One of another provider
 * may be: somebody had its password.
 */
bool sendas_trusted_is_relay(
    const struct sendas_policy *policy, const struct sendas_value *relay);

#endif
