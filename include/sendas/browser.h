/* SPDX-License-Identifier: Apache-2.0 */
/*
 * browser.h: opens a page in the person's browser.
 */
#ifndef SENDAS_BROWSER_H
#define SENDAS_BROWSER_H

#include <stdbool.h>

/*
 * Opens `url`: with $BROWSER when it is set (names of programs, with colons
 * between them, of which the first that can be started is taken), else in
 * Windows' browser on WSL, else with xdg-open where there is a display. False
 * when none could be started; whether it shows the page is not known. The
 * program is not waited for, and goes on when this one ends.
 */
bool sendas_browser_open(const char *url);

#endif
