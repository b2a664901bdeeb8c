/* SPDX-License-Identifier: Apache-2.0 */
/*
 * i18n.c: chooses the language. A fresh Debian or WSL has only C.UTF-8, so
 * the wish is read as text, and gettext is told by LANGUAGE, which works in
 * any locale but plain "C".
 */
#include "sendas/i18n.h"

#include <locale.h>
#include <stdlib.h>
#include <stdbool.h>
#include <string.h>
#include "config.h"

static const char *language = "en";

/* "ja", "ja_JP.UTF-8" and so on, but not "jav". */
static bool
is_language(const char *text, const char *code)
{
	size_t len = strlen(code);

	return strncmp(text, code, len) == 0 &&
	    (text[len] == '\0' || strchr("_.@:-", text[len]) != NULL);
}

/* The first language of a list like LANGUAGE's ("fr:ja:en") that we have. */
static const char *
first_known(const char *list)
{
	while (list != NULL && *list != '\0') {
		if (is_language(list, "ja"))
			return "ja";
		if (is_language(list, "en") || is_language(list, "C") ||
		    is_language(list, "POSIX"))
			return "en";
		list = strchr(list, ':');
		if (list != NULL)
			list++;
	}
	return "en";
}

static const char *
from_environment(void)
{
	static const char *const names[] = {
	    "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && *value != '\0')
			return first_known(value);
	}
	return "en";
}

void
sendas_i18n_init(const char *lang, const char *localedir)
{
	language = lang != NULL ? first_known(lang) : from_environment();
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		setlocale(LC_CTYPE, "");
	if (setlocale(LC_MESSAGES, "C.UTF-8") == NULL)
		setlocale(LC_MESSAGES, "");
	setenv("LANGUAGE", language, 1);
	bindtextdomain(PACKAGE, localedir);
	bind_textdomain_codeset(PACKAGE, "UTF-8");
	textdomain(PACKAGE);
}

const char *
sendas_i18n_language(void)
{
	return language;
}
