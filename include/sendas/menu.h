/* SPDX-License-Identifier: Apache-2.0 */
/*
 * menu.h: what a person gets who types "sendas" and nothing else.
 */
#ifndef SENDAS_MENU_H
#define SENDAS_MENU_H

#include <stdbool.h>
#include "sendas/options.h"

/* True when somebody sits at a terminal who can choose. */
bool sendas_menu_is_possible(void);

/* Shows the choices, or a repair to go on with, and does what is chosen, with
 * those options that have to do with signing in and the network. Returns the
 * exit status. */
int sendas_menu_run(const struct sendas_options *options);

#endif
