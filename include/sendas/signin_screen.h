/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signin_screen.h: a sign-in as a person sees it at a terminal.
 */
#ifndef SENDAS_SIGNIN_SCREEN_H
#define SENDAS_SIGNIN_SCREEN_H

#include <signal.h>
#include <stdbool.h>
#include "sendas/ui.h"

struct sendas_signin_screen;

/* `stop` is borrowed. Without a terminal the page's address goes to stderr, and
 * only the browser can bring something back. _free it. */
struct sendas_signin_screen *sendas_signin_screen_new(
    bool has_browser, const volatile sig_atomic_t *stop);
const struct sendas_signin_ui *sendas_signin_screen_ui(
    const struct sendas_signin_screen *screen);
void sendas_signin_screen_free(struct sendas_signin_screen *screen);

#endif
