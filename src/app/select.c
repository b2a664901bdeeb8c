/* SPDX-License-Identifier: Apache-2.0 */
/*
 * select.c: which mailboxes a command is about. Asks nobody.
 */
#include "sendas/select.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/text.h"

/* Enough to tell an address from a mistyped option or a name; Google is the
 * judge of the rest. */
static bool
is_address(const char *word)
{
	const char *at = strchr(word, '@');
	size_t len = strlen(word);

	if (at == NULL || at == word || at[1] == '\0' ||
	    strchr(at + 1, '@') != NULL || len > SENDAS_LIMIT_ADDRESS_BYTES)
		return false;
	for (const char *c = word; *c != '\0'; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return false;
	}
	return sendas_text_is_utf8(word, len);
}

static bool
is_selected(const struct sendas_selection *selection, const char *mailbox)
{
	for (size_t i = 0; i < selection->count; i++) {
		if (strcmp(selection->mailboxes[i], mailbox) == 0)
			return true;
	}
	return false;
}

enum sendas_status
sendas_select_from_words(char *const *words, size_t count, bool is_self_allowed,
    struct sendas_selection *out, struct sendas_error *err)
{
	struct sendas_selection made = {0};
	char *mailbox;

	if (count == 0 && !is_self_allowed)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("which mailbox? Give its address, as in: "
		      "sendas audit taro@example.com"));
	made.mailboxes = sendas_xcalloc(count + 1, sizeof(*made.mailboxes));
	for (size_t i = 0; i < count; i++) {
		if (!is_address(words[i])) {
			sendas_selection_clear(&made);
			return sendas_fail(err, SENDAS_ERR_USAGE,
			    _("\"%.100s\" is not an e-mail address"), words[i]);
		}
		mailbox = sendas_xstrdup(words[i]);
		sendas_text_lower(mailbox);
		if (is_selected(&made, mailbox))
			free(mailbox);
		else
			made.mailboxes[made.count++] = mailbox;
	}
	if (count == 0)
		made.count = 1; /* calloc left the NULL there */
	*out = made;
	return SENDAS_OK;
}

void
sendas_selection_clear(struct sendas_selection *selection)
{
	for (size_t i = 0; i < selection->count; i++)
		free(selection->mailboxes[i]);
	free(selection->mailboxes);
	memset(selection, 0, sizeof(*selection));
}
