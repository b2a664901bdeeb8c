/* SPDX-License-Identifier: Apache-2.0 */
/*
 * progress.c: the file that remembers a repair by hand. Its form is its own
 * business; a file of another version counts as none.
 */
#include "sendas/progress.h"

#include <errno.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/state_dir.h"

#define FORM 1

static const char *const way_names[] = {
    [SENDAS_PROGRESS_NONE] = "none",
    [SENDAS_PROGRESS_ASK] = "ask",
    [SENDAS_PROGRESS_PASTE] = "paste",
    [SENDAS_PROGRESS_SIGN_IN] = "sign-in",
};

/* NULL when there is no home. The caller frees it. */
static char *
file_path(void)
{
	return sendas_state_dir_path("progress.json");
}

static struct sendas_json_value *
address_value(const struct sendas_address *address)
{
	struct sendas_json_value *object = sendas_json_new_object();

	sendas_json_set_string(object, "address", address->address);
	sendas_json_set_bool(object, "alias", address->treat_as_alias);
	sendas_json_set_string(object, "verification", address->verification);
	sendas_json_set_bool(object, "relay", address->has_relay);
	sendas_json_set_string(object, "host", address->relay.host);
	if (address->relay.port >= 0)
		sendas_json_set_int(object, "port", address->relay.port);
	sendas_json_set_string(object, "security", address->relay.security);
	sendas_json_set_string(object, "userName", address->relay.user_name);
	sendas_json_set_int(object, "unseen", (long)address->unseen);
	return object;
}

static char *
format(const struct sendas_progress *progress)
{
	const struct sendas_mailbox *mailbox = progress->mailbox;
	struct sendas_json_value *object = sendas_json_new_object();
	struct sendas_json_value *list = sendas_json_new_array();
	char *text;

	sendas_json_set_int(object, "form", FORM);
	sendas_json_set_string(object, "way", way_names[progress->way]);
	sendas_json_set_int(object, "when", (long)progress->when);
	sendas_json_set_string(object, "policy", progress->policy);
	sendas_json_set_string(object, "mailbox", mailbox->mailbox);
	for (size_t i = 0; i < mailbox->address_count; i++)
		sendas_json_append(list, address_value(&mailbox->addresses[i]));
	sendas_json_set(object, "addresses", list);
	text = sendas_json_format(object);
	sendas_json_value_free(object);
	return text;
}

enum sendas_status
sendas_progress_save(
    const struct sendas_progress *progress, struct sendas_error *err)
{
	char *path = file_path(), *dir = sendas_xstrdup(path), *text = NULL;
	struct sendas_file_out *file;
	enum sendas_status status;

	if (path == NULL) {
		status = sendas_fail(err, SENDAS_ERR_FILE,
		    _("neither XDG_STATE_HOME nor HOME is set, so it cannot "
		      "be remembered where you are"));
		goto out;
	}
	sendas_state_dir_make(dirname(dir));
	status = sendas_file_create(path, 0600, &file, err);
	if (status != SENDAS_OK)
		goto out;
	text = format(progress);
	fputs(text, sendas_file_stream(file));
	status = sendas_file_commit(file, err);
out:
	free(text);
	free(path);
	free(dir);
	return status;
}

static enum sendas_status
read_text(const struct sendas_json *at, const char *key, char **out,
    struct sendas_error *err)
{
	const char *text = NULL;
	enum sendas_status status;

	status = sendas_json_read_string(at, key, &text, err);
	if (status == SENDAS_OK)
		*out = sendas_xstrdup(text);
	return status;
}

static enum sendas_status
read_relay(const struct sendas_json *at, struct sendas_relay *relay,
    struct sendas_error *err)
{
	enum sendas_status status;

	status = read_text(at, "host", &relay->host, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_int(
		    at, "port", 0, 0x7fffffffL, &relay->port, err);
	if (status == SENDAS_OK)
		status = read_text(at, "security", &relay->security, err);
	if (status == SENDAS_OK)
		status = read_text(at, "userName", &relay->user_name, err);
	return status;
}

static enum sendas_status
read_address(const struct sendas_json *at, struct sendas_mailbox *mailbox,
    struct sendas_error *err)
{
	struct sendas_address *address = sendas_mailbox_add_address(mailbox);
	enum sendas_status status;
	long unseen = 0;

	status = read_text(at, "address", &address->address, err);
	if (status == SENDAS_OK && address->address == NULL)
		status = sendas_json_fail(at, err, _("want a text \"...\""));
	if (status == SENDAS_OK)
		status = sendas_json_read_bool(
		    at, "alias", &address->treat_as_alias, err);
	if (status == SENDAS_OK)
		status =
		    read_text(at, "verification", &address->verification, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_bool(
		    at, "relay", &address->has_relay, err);
	if (status == SENDAS_OK)
		status = read_relay(at, &address->relay, err);
	if (status == SENDAS_OK)
		status =
		    sendas_json_read_int(at, "unseen", 0, 0xff, &unseen, err);
	address->unseen = (unsigned)unseen;
	return status;
}

static enum sendas_progress_way
find_way(const char *name)
{
	size_t count = sizeof(way_names) / sizeof(way_names[0]);

	for (size_t i = 0; name != NULL && i < count; i++) {
		if (strcmp(way_names[i], name) == 0)
			return (enum sendas_progress_way)i;
	}
	return SENDAS_PROGRESS_NONE;
}

static enum sendas_status
read_progress(const struct sendas_json *root, struct sendas_progress *out,
    struct sendas_error *err)
{
	struct sendas_json list = sendas_json_member(root, "addresses");
	struct sendas_json entry;
	const char *way = NULL;
	long form = 0, when = 0;
	enum sendas_status status;

	status = sendas_json_read_int(root, "form", 0, 1000000, &form, err);
	if (status != SENDAS_OK || form != FORM)
		return status;
	out->mailbox = sendas_mailbox_new(NULL, SENDAS_SOURCE_FILE);
	status = read_text(root, "mailbox", &out->mailbox->mailbox, err);
	if (status == SENDAS_OK)
		status = read_text(root, "policy", &out->policy, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_string(root, "way", &way, err);
	if (status == SENDAS_OK)
		status = sendas_json_read_int(
		    root, "when", 0, 999999999999999L, &when, err);
	for (entry = sendas_json_first(&list);
	     status == SENDAS_OK && entry.node != NULL;
	     sendas_json_next(&entry))
		status = read_address(&entry, out->mailbox, err);
	out->when = (time_t)when;
	if (status == SENDAS_OK)
		out->way = find_way(way);
	return status;
}

enum sendas_status
sendas_progress_load(struct sendas_progress *out, struct sendas_error *err)
{
	struct sendas_progress progress = {0};
	struct sendas_json_doc *doc = NULL;
	char *path = file_path();
	enum sendas_status status = SENDAS_OK;
	struct sendas_json root;
	struct sendas_buf text;

	*out = progress;
	if (path == NULL || (access(path, F_OK) != 0 && errno == ENOENT)) {
		free(path);
		return SENDAS_OK;
	}
	status = sendas_file_read_private(
	    path, SENDAS_LIMIT_PROGRESS_BYTES, &text, err);
	free(path);
	if (status != SENDAS_OK)
		return status;
	status = sendas_json_parse(text.data, text.len, &doc, err);
	sendas_buf_clear(&text);
	if (status != SENDAS_OK)
		return status;
	root = sendas_json_root(doc);
	status = read_progress(&root, &progress, err);
	sendas_json_doc_free(doc);
	if (status == SENDAS_OK && progress.way != SENDAS_PROGRESS_NONE)
		*out = progress;
	else
		sendas_progress_clear(&progress);
	return status;
}

void
sendas_progress_forget(void)
{
	char *path = file_path();

	if (path != NULL)
		(void)unlink(path);
	free(path);
}

void
sendas_progress_clear(struct sendas_progress *progress)
{
	sendas_mailbox_free(progress->mailbox);
	free(progress->policy);
	memset(progress, 0, sizeof(*progress));
}
