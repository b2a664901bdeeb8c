/* SPDX-License-Identifier: Apache-2.0 */
/*
 * i18n.h: marks what a person reads for translation (gettext), and chooses
 * the language once at start.
 */
#ifndef SENDAS_I18N_H
#define SENDAS_I18N_H

#include <libintl.h>

#define _(text) gettext(text)
#define N_(text) text

/*
 * Chooses the language of all messages: `lang` ("en", "ja", or NULL) or else
 * what LANGUAGE, LC_ALL, LC_MESSAGES and LANG say as text, the first that is
 * set and not empty, whether or not that locale is installed. `localedir` is
 * where the catalogues are. Call it first in main, before any thread. It
 * sets the locale (numbers stay in the C locale) and LANGUAGE in the
 * environment.
 */
void sendas_i18n_init(const char *lang, const char *localedir);

/* The language in use: "ja" or "en". */
const char *sendas_i18n_language(void);

#endif
