/* SPDX-License-Identifier: Apache-2.0 */
/*
 * token_store.c: sign-ins on disk, one file a mailbox, in a folder of this
 * user's own. What is not plainly ours is refused, never mended in silence.
 * It opens no connection, and no message of it holds a secret.
 */
#include "sendas/token_store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "sendas/clock.h"
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/json.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/oauth2_glue.h"
#include "sendas/state_dir.h"
#include "sendas/text.h"

#define SUFFIX ".json"
#define SUFFIX_LEN (sizeof(SUFFIX) - 1)

/* What file.c adds to the name of a file that is not whole yet. */
#define UNIQUE_LEN 6
#define UNIQUE_CHARACTERS                                                      \
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

/* Writing one takes much less, unless the process was killed. */
#define LEFTOVER_SEC (60 * 60)
#define ANY_AGE (-1L)

#define LOCK_PAUSE_MS 50

struct sendas_token_store_lock {
	int fd; /* the folder */
};

static enum sendas_status
fail_errno(struct sendas_error *err, const char *path, const char *what)
{
	return sendas_fail(
	    err, SENDAS_ERR_FILE, "%s: %s: %s", path, what, strerror(errno));
}

/* ---- names ---- */

/* A text that can be a mailbox's name in a file. */
static bool
is_mailbox(const char *text)
{
	size_t len = strlen(text);

	return len <= SENDAS_LIMIT_ADDRESS_BYTES && strchr(text, '@') != NULL &&
	    sendas_text_is_utf8(text, len);
}

/* The caller frees it. */
static char *
file_name(const char *mailbox)
{
	char *lower = sendas_xstrdup(mailbox), *encoded, *name;

	sendas_text_lower(lower);
	encoded = sendas_text_percent_encode(lower);
	name = sendas_xasprintf("%s%s", encoded, SUFFIX);
	free(encoded);
	free(lower);
	return name;
}

static bool
keep_value(void *ctx, const char *name, const char *value)
{
	char **out = ctx;

	(void)name;
	*out = sendas_xstrdup(value);
	return false;
}

/* What was percent-encoded, which the caller frees; anything else may come out
 * wrong, or as NULL. */
static char *
percent_decode(const char *text, size_t len)
{
	char *form = sendas_xasprintf("name=%.*s", (int)len, text), *out = NULL;

	(void)sendas_oauth2_form_decode(form, keep_value, &out);
	free(form);
	return out;
}

/* The mailbox whose file bears this name, which the caller frees; NULL when
 * that is no mailbox's. */
static char *
mailbox_of(const char *name)
{
	size_t len = strlen(name);
	char *mailbox, *again;
	bool is;

	if (len < SUFFIX_LEN || strcmp(name + len - SUFFIX_LEN, SUFFIX) != 0)
		return NULL;
	mailbox = percent_decode(name, len - SUFFIX_LEN);
	if (mailbox == NULL)
		return NULL;
	/* A mailbox has one name; a copy with another is not its file. */
	again = file_name(mailbox);
	is = is_mailbox(mailbox) && strcmp(again, name) == 0;
	free(again);
	if (is)
		return mailbox;
	free(mailbox);
	return NULL;
}

/* ---- the folder ---- */

static char *
folder_path(void)
{
	return sendas_state_dir_path("sign-ins");
}

/* `what` is a sentence without its end. */
static enum sendas_status
refuse_folder(struct sendas_error *err, const char *dir, const char *what)
{
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("%s: %s. Sign-ins are kept in a folder of your own only. Move "
	      "it away, then sign in again: mv %s %s.old && sendas login"),
	    dir, what, dir, dir);
}

static enum sendas_status
refuse_mode(struct sendas_error *err, const char *dir)
{
	if (sendas_file_is_on_windows(dir))
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: folders on a Windows drive have no permissions "
		      "here, so no sign-in is kept there. Run first: export "
		      "XDG_STATE_HOME=/home/$USER/.local/state"),
		    dir);
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("%s: other users of this machine can change what is in this "
	      "folder, so its sign-ins are not used. Run: chmod 700 %s"),
	    dir, dir);
}

static enum sendas_status
check_folder(const char *dir, const struct stat *info, struct sendas_error *err)
{
	if (S_ISLNK(info->st_mode))
		return refuse_folder(err, dir, _("this is a symbolic link"));
	if (!S_ISDIR(info->st_mode))
		return refuse_folder(err, dir, _("this is not a folder"));
	/* So it is under sudo, where to move it away would be wrong. */
	if (info->st_uid != geteuid() && geteuid() == 0)
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: this folder belongs to another user. Run the same "
		      "command without sudo, as that user"),
		    dir);
	if (info->st_uid != geteuid())
		return refuse_folder(
		    err, dir, _("this folder belongs to another user"));
	if ((info->st_mode & 022) != 0)
		return refuse_mode(err, dir);
	return SENDAS_OK;
}

static enum sendas_status
fail_to_open(struct sendas_error *err, const char *dir)
{
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("%s: this folder cannot be opened: %s. Run: chmod 700 %s"), dir,
	    strerror(errno), dir);
}

/* Opens the folder and checks it; *out becomes -1 when there is none. `dir`
 * may be NULL: there is no home. */
static enum sendas_status
open_folder(const char *dir, int *out, struct sendas_error *err)
{
	enum sendas_status status;
	struct stat info;
	int fd;

	*out = -1;
	if (dir == NULL)
		return SENDAS_OK;
	if (lstat(dir, &info) != 0)
		return errno == ENOENT ? SENDAS_OK : fail_to_open(err, dir);
	status = check_folder(dir, &info, err);
	if (status != SENDAS_OK)
		return status;
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? SENDAS_OK : fail_to_open(err, dir);
	/* Once more, what is open now. */
	if (fstat(fd, &info) != 0)
		status = fail_to_open(err, dir);
	else
		status = check_folder(dir, &info, err);
	if (status == SENDAS_OK)
		*out = fd;
	else
		close(fd);
	return status;
}

/* Makes it first where there is none. */
static enum sendas_status
make_folder(const char *dir, int *out, struct sendas_error *err)
{
	enum sendas_status status;

	*out = -1;
	if (dir == NULL)
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("there is no place for a sign-in: HOME is not set. Run "
		      "first: export HOME=~"));
	sendas_state_dir_make(dir);
	status = open_folder(dir, out, err);
	if (status != SENDAS_OK || *out >= 0)
		return status;
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("%s: this folder cannot be made. To see why, run: mkdir -p -m "
	      "700 %s"),
	    dir, dir);
}

/* ---- the list ---- */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Takes the descriptor. */
static enum sendas_status
read_folder(int fd, const char *dir, struct sendas_token_store_list *list,
    struct sendas_error *err)
{
	DIR *stream = fdopendir(fd);
	const struct dirent *entry;
	char *mailbox;

	if (stream == NULL) {
		fail_errno(err, dir, _("cannot be read"));
		close(fd);
		return SENDAS_ERR_FILE;
	}
	for (;;) {
		errno = 0;
		/* No other thread has this stream. */
		/* cppcheck-suppress readdirCalled */
		entry = readdir(stream);
		if (entry == NULL)
			break;
		mailbox = mailbox_of(entry->d_name);
		if (mailbox == NULL)
			continue;
		list->mailboxes = sendas_xrealloc(
		    list->mailboxes, list->count + 1, sizeof(*list->mailboxes));
		list->mailboxes[list->count++] = mailbox;
	}
	if (errno != 0) {
		fail_errno(err, dir, _("cannot be read"));
		closedir(stream);
		return SENDAS_ERR_FILE;
	}
	closedir(stream);
	return SENDAS_OK;
}

enum sendas_status
sendas_token_store_list(
    struct sendas_token_store_list *out, struct sendas_error *err)
{
	struct sendas_token_store_list list = {0};
	char *dir = folder_path();
	enum sendas_status status;
	int fd;

	status = open_folder(dir, &fd, err);
	if (status == SENDAS_OK && fd >= 0)
		status = read_folder(fd, dir, &list, err);
	free(dir);
	if (status != SENDAS_OK) {
		sendas_token_store_list_clear(&list);
		return status;
	}
	if (list.count > 0)
		qsort(list.mailboxes, list.count, sizeof(*list.mailboxes),
		    compare_names);
	*out = list;
	return SENDAS_OK;
}

void
sendas_token_store_list_clear(struct sendas_token_store_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->mailboxes[i]);
	free(list->mailboxes);
	memset(list, 0, sizeof(*list));
}

/* ---- reading ---- */

static enum sendas_status
fail_absent(const char *mailbox, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("%s is not signed in on this computer. Run: sendas login"),
	    mailbox);
}

/* `why` names the file. */
static enum sendas_status
fail_unusable(const char *mailbox, const char *why, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
	    _("The sign-in of %s cannot be used (%s). Run: sendas logout %s, "
	      "then: sendas login"),
	    mailbox, why, mailbox);
}

static enum sendas_status
fail_damaged(const char *mailbox, const char *path, struct sendas_error *err)
{
	char *why = sendas_xasprintf(_("%s: this file is damaged"), path);

	fail_unusable(mailbox, why, err);
	free(why);
	return SENDAS_ERR_CREDENTIALS;
}

/* A file that bears one mailbox's name and is another's would change the
 * settings of the wrong one. */
static enum sendas_status
fail_another(const char *mailbox, const char *path, const char *whose,
    struct sendas_error *err)
{
	char *why =
	    sendas_xasprintf(_("%s: this is the sign-in of %s"), path, whose);

	fail_unusable(mailbox, why, err);
	free(why);
	return SENDAS_ERR_CREDENTIALS;
}

/* What credentials.c says of a file is advice for files that people bring. */
static enum sendas_status
parse(const char *mailbox, const char *path, const struct sendas_buf *text,
    struct sendas_credentials *out, struct sendas_error *err)
{
	struct sendas_credentials got = {0};
	enum sendas_status status = SENDAS_OK;

	if (sendas_credentials_parse(text->data, text->len, path, &got, NULL) !=
	    SENDAS_OK)
		return fail_damaged(mailbox, path, err);
	if (got.kind != SENDAS_CREDENTIALS_AUTHORIZED_USER ||
	    got.mailbox == NULL)
		status = fail_damaged(mailbox, path, err);
	else if (!sendas_text_equal_fold(got.mailbox, mailbox))
		status = fail_another(mailbox, path, got.mailbox, err);
	if (status != SENDAS_OK) {
		sendas_credentials_clear(&got);
		return status;
	}
	got.is_stored = true;
	*out = got;
	return SENDAS_OK;
}

static enum sendas_status
load_file(const char *mailbox, const char *path, bool is_private,
    struct sendas_credentials *out, struct sendas_error *err)
{
	struct sendas_error trouble;
	enum sendas_status status;
	struct sendas_buf text;
	struct stat info;

	if (lstat(path, &info) != 0 && errno == ENOENT)
		return fail_absent(mailbox, err);
	status = sendas_file_read_own(
	    path, is_private, SENDAS_LIMIT_CREDENTIALS_BYTES, &text, &trouble);
	/* Its message has a command already. */
	if (status == SENDAS_ERR_CREDENTIALS)
		return sendas_fail(err, status, "%s", trouble.message);
	if (status != SENDAS_OK)
		return fail_unusable(mailbox, trouble.message, err);
	status = parse(mailbox, path, &text, out, err);
	sendas_buf_clear(&text);
	return status;
}

/* `is_private`: refused when others can read it. */
static enum sendas_status
load(const char *mailbox, bool is_private, struct sendas_credentials *out,
    struct sendas_error *err)
{
	char *dir = folder_path(), *name, *path;
	struct sendas_error trouble;
	enum sendas_status status;
	int fd;

	status = open_folder(dir, &fd, &trouble);
	if (status != SENDAS_OK) {
		free(dir);
		return sendas_fail(
		    err, SENDAS_ERR_CREDENTIALS, "%s", trouble.message);
	}
	if (fd < 0) {
		free(dir);
		return fail_absent(mailbox, err);
	}
	close(fd);
	name = file_name(mailbox);
	path = sendas_xasprintf("%s/%s", dir, name);
	status = load_file(mailbox, path, is_private, out, err);
	free(path);
	free(name);
	free(dir);
	return status;
}

enum sendas_status
sendas_token_store_load(const char *mailbox, struct sendas_credentials *out,
    struct sendas_error *err)
{
	return load(mailbox, true, out, err);
}

enum sendas_status
sendas_token_store_load_to_revoke(const char *mailbox,
    struct sendas_credentials *out, struct sendas_error *err)
{
	return load(mailbox, false, out, err);
}

/* ---- writing ---- */

/* NAME.XXXXXX, which a process that was killed left. */
static bool
is_leftover(const char *entry, const char *name)
{
	size_t len = strlen(name);

	return strncmp(entry, name, len) == 0 && entry[len] == '.' &&
	    strlen(entry + len + 1) == UNIQUE_LEN &&
	    strspn(entry + len + 1, UNIQUE_CHARACTERS) == UNIQUE_LEN;
}

/* Removes the leftovers of a file that are older than so many seconds; as far
 * as it goes, since they are in nobody's way. */
static void
remove_leftovers(const char *dir, const char *name, long min_age_sec)
{
	DIR *stream = opendir(dir);
	const struct dirent *entry;
	struct stat info;
	int fd;

	if (stream == NULL)
		return;
	fd = dirfd(stream);
	/* No other thread has this stream. */
	/* cppcheck-suppress readdirCalled */
	while ((entry = readdir(stream)) != NULL) {
		if (!is_leftover(entry->d_name, name) ||
		    fstatat(fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0)
			continue;
		if (min_age_sec == ANY_AGE ||
		    time(NULL) - info.st_mtime > min_age_sec)
			(void)unlinkat(fd, entry->d_name, 0);
	}
	closedir(stream);
}

/* The file's text; the caller wipes and frees it. */
static char *
format(const struct sendas_credentials *sign_in)
{
	struct sendas_json_value *object = sendas_json_new_object();
	char *text;

	sendas_json_set_string(object, "type", "authorized_user");
	sendas_json_set_string(object, "client_id", sign_in->client_id);
	sendas_json_set_string(
	    object, "client_secret", sign_in->client_secret.data);
	sendas_json_set_string(
	    object, "refresh_token", sign_in->refresh_token.data);
	sendas_json_set_string(object, "account", sign_in->mailbox);
	sendas_json_set_string(object, "scope", sign_in->scope);
	text = sendas_json_format(object);
	sendas_json_value_free(object);
	return text;
}

static enum sendas_status
write_file(const struct sendas_credentials *sign_in, const char *path,
    struct sendas_error *err)
{
	struct sendas_file_out *file;
	enum sendas_status status;
	FILE *stream;
	char *text;

	status = sendas_file_replace(path, 0600, &file, err);
	if (status != SENDAS_OK)
		return status;
	stream = sendas_file_stream(file);
	/* Else a copy of the secrets would stay in the stream's buffer. */
	setvbuf(stream, NULL, _IONBF, 0);
	text = format(sign_in);
	fputs(text, stream);
	sendas_secret_wipe(text);
	free(text);
	status = sendas_file_commit(file, err);
	if (status == SENDAS_OK)
		sendas_file_sync_folder(path);
	return status;
}

/* What could not be loaded again is not kept. */
static enum sendas_status
check_sign_in(
    const struct sendas_credentials *sign_in, struct sendas_error *err)
{
	if (sign_in->mailbox != NULL && is_mailbox(sign_in->mailbox) &&
	    sign_in->client_id != NULL && *sign_in->client_id != '\0' &&
	    sendas_secret_is_set(&sign_in->refresh_token) &&
	    sign_in->refresh_token.len > 0)
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("The sign-in is not complete, so it is not kept. Run again: "
	      "sendas login"));
}

enum sendas_status
sendas_token_store_save(
    const struct sendas_credentials *sign_in, struct sendas_error *err)
{
	char *dir, *name, *path;
	enum sendas_status status;
	int fd;

	status = check_sign_in(sign_in, err);
	if (status != SENDAS_OK)
		return status;
	dir = folder_path();
	status = make_folder(dir, &fd, err);
	if (status != SENDAS_OK) {
		free(dir);
		return status;
	}
	close(fd);
	name = file_name(sign_in->mailbox);
	path = sendas_xasprintf("%s/%s", dir, name);
	/* First: they may be what fills the disk. */
	remove_leftovers(dir, name, LEFTOVER_SEC);
	status = write_file(sign_in, path, err);
	free(path);
	free(name);
	free(dir);
	return status;
}

/* A folder too, if it is empty. */
static enum sendas_status
delete_file(const char *path, struct sendas_error *err)
{
	if (remove(path) == 0 || errno == ENOENT)
		return SENDAS_OK;
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("%s: this cannot be deleted: %s. Run: rm -r %s"), path,
	    strerror(errno), path);
}

enum sendas_status
sendas_token_store_delete(const char *mailbox, struct sendas_error *err)
{
	char *dir = folder_path(), *name, *path;
	enum sendas_status status;
	int fd;

	status = open_folder(dir, &fd, err);
	if (status != SENDAS_OK || fd < 0) {
		free(dir);
		return status;
	}
	close(fd);
	name = file_name(mailbox);
	path = sendas_xasprintf("%s/%s", dir, name);
	status = delete_file(path, err);
	/* They have the same secrets in them. */
	remove_leftovers(dir, name, ANY_AGE);
	sendas_file_sync_folder(path);
	free(path);
	free(name);
	free(dir);
	return status;
}

/* ---- the lock ---- */

static enum sendas_status
fail_busy(struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_TRANSIENT,
	    _("another sendas of yours is renewing a sign-in and has not come "
	      "to an end. Wait a minute, then run the same command again"));
}

static bool
is_stopped(const volatile sig_atomic_t *stop)
{
	return stop != NULL && *stop != 0;
}

/* By turns, and not with a call that waits: that one knows no limit. */
static enum sendas_status
wait_for_lock(int fd, const char *dir, long limit_ms,
    const volatile sig_atomic_t *stop, struct sendas_error *err)
{
	static const struct timespec pause = {
	    .tv_nsec = LOCK_PAUSE_MS * 1000000L};
	long end = sendas_clock_now_ms() + limit_ms;

	while (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return fail_errno(err, dir, _("cannot be locked"));
		if (is_stopped(stop))
			break;
		if (sendas_clock_now_ms() >= end)
			return fail_busy(err);
		nanosleep(&pause, NULL);
	}
	if (is_stopped(stop))
		return sendas_fail_reason(err, SENDAS_ERR_CANCELLED,
		    SENDAS_REASON_CANCELLED, _("interrupted"));
	return SENDAS_OK;
}

enum sendas_status
sendas_token_store_lock(long limit_ms, const volatile sig_atomic_t *stop,
    struct sendas_token_store_lock **out, struct sendas_error *err)
{
	char *dir = folder_path();
	enum sendas_status status;
	int fd;

	status = make_folder(dir, &fd, err);
	if (status == SENDAS_OK) {
		status = wait_for_lock(fd, dir, limit_ms, stop, err);
		if (status != SENDAS_OK)
			close(fd);
	}
	free(dir);
	if (status != SENDAS_OK)
		return status;
	*out = sendas_xcalloc(1, sizeof(**out));
	(*out)->fd = fd;
	return SENDAS_OK;
}

void
sendas_token_store_unlock(struct sendas_token_store_lock *lock)
{
	if (lock == NULL)
		return;
	close(lock->fd);
	free(lock);
}
