/* SPDX-License-Identifier: Apache-2.0 */
/*
 * select.c: which mailboxes a command is about, from the command line or a
 * list, as one stream. Asks nobody.
 */
#include "sendas/select.h"

#include <stdlib.h>
#include <string.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"
#include "sendas/users.h"

struct sendas_selection {
	struct sendas_users *users; /* of a list; NULL: words */
	char **words; /* in lower case */
	size_t count; /* of words */
	size_t next;
	bool is_self; /* the mailbox of the credentials, and no word */
};

static bool
is_selected(const struct sendas_selection *selection, const char *mailbox)
{
	for (size_t i = 0; i < selection->count; i++) {
		if (strcmp(selection->words[i], mailbox) == 0)
			return true;
	}
	return false;
}

static void
add_word(struct sendas_selection *selection, const char *word)
{
	char *mailbox = sendas_xstrdup(word);

	sendas_text_lower(mailbox);
	if (is_selected(selection, mailbox))
		free(mailbox);
	else
		selection->words[selection->count++] = mailbox;
}

enum sendas_status
sendas_select_from_words(char *const *words, size_t count,
    struct sendas_selection **out, struct sendas_error *err)
{
	struct sendas_selection *selection =
	    sendas_xcalloc(1, sizeof(*selection));

	selection->words = sendas_xcalloc(count + 1, sizeof(char *));
	selection->is_self = count == 0;
	for (size_t i = 0; i < count; i++) {
		if (!sendas_users_is_address(words[i])) {
			sendas_selection_free(selection);
			return sendas_fail(err, SENDAS_ERR_USAGE,
			    _("\"%.100s\" is not an e-mail address"), words[i]);
		}
		add_word(selection, words[i]);
	}
	*out = selection;
	return SENDAS_OK;
}

enum sendas_status
sendas_select_from_users(
    const char *path, struct sendas_selection **out, struct sendas_error *err)
{
	enum sendas_status status;
	struct sendas_users *users;

	status = sendas_users_load(path, &users, err);
	if (status != SENDAS_OK)
		return status;
	*out = sendas_xcalloc(1, sizeof(**out));
	(*out)->users = users;
	return SENDAS_OK;
}

enum sendas_status
sendas_select_check(struct sendas_selection *selection,
    const struct sendas_credentials *credentials, struct sendas_error *err)
{
	if (selection->is_self && credentials->mailbox != NULL) {
		add_word(selection, credentials->mailbox);
		selection->is_self = false;
	}
	if (credentials->mailbox != NULL &&
	    sendas_selection_count(selection) > 1)
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("a sign-in is for one mailbox (%s): name one at a time. "
		      "Many at once take the key of a service account."),
		    credentials->mailbox);
	if (selection->is_self && !sendas_credentials_is_person(credentials))
		return sendas_fail(err, SENDAS_ERR_USAGE,
		    _("which mailbox? Give its address, as in: "
		      "sendas audit taro@example.com"));
	return SENDAS_OK;
}

bool
sendas_selection_next(struct sendas_selection *selection, const char **mailbox)
{
	if (selection->users != NULL) {
		*mailbox = sendas_users_next(selection->users);
		return *mailbox != NULL;
	}
	if (selection->next >= sendas_selection_count(selection))
		return false;
	/* calloc left a NULL there for the one without a name */
	*mailbox = selection->words[selection->next++];
	return true;
}

enum sendas_status
sendas_selection_end(
    const struct sendas_selection *selection, struct sendas_error *err)
{
	if (selection->users == NULL)
		return SENDAS_OK;
	return sendas_users_check(selection->users, err);
}

void
sendas_selection_rewind(struct sendas_selection *selection)
{
	selection->next = 0;
	if (selection->users != NULL)
		sendas_users_rewind(selection->users);
}

size_t
sendas_selection_count(const struct sendas_selection *selection)
{
	if (selection->users != NULL)
		return sendas_users_count(selection->users);
	return selection->is_self ? 1 : selection->count;
}

size_t
sendas_selection_repeats(
    const struct sendas_selection *selection, size_t *first_line)
{
	*first_line = 0;
	if (selection->users == NULL)
		return 0;
	return sendas_users_repeats(selection->users, first_line);
}

void
sendas_selection_free(struct sendas_selection *selection)
{
	if (selection == NULL)
		return;
	for (size_t i = 0; i < selection->count; i++)
		free(selection->words[i]);
	free(selection->words);
	sendas_users_free(selection->users);
	free(selection);
}
