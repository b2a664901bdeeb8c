/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.c: files, read whole with a limit, written whole or not at all.
 * Knows nothing of what is in them.
 */
#include "sendas/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sendas/i18n.h"
#include "sendas/mem.h"
#include "sendas/text.h"

#define CHUNK_BYTES 16384

/* What a secret is called at home, unless the caller knows better. */
#define CREDENTIALS "credentials.json"

struct sendas_file_out {
	FILE *stream;
	char *path; /* where it will be */
	char *temporary; /* where it is now; NULL for a device or a pipe */
};

static enum sendas_status
fail_errno(struct sendas_error *err, const char *path, const char *what)
{
	return sendas_fail(
	    err, SENDAS_ERR_FILE, "%s: %s: %s", path, what, strerror(errno));
}

/* Reads up to the end or `max` bytes; the file descriptor stays open. */
static enum sendas_status
read_all(int fd, const char *path, size_t max, struct sendas_buf *out,
    struct sendas_error *err)
{
	char chunk[CHUNK_BYTES];
	ssize_t got;

	for (;;) {
		got = read(fd, chunk, sizeof(chunk));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		sendas_buf_add(out, chunk, (size_t)got);
		if (out->is_overflow)
			break;
	}
	explicit_bzero(chunk, sizeof(chunk));
	if (got < 0)
		return fail_errno(err, path, _("cannot be read"));
	if (out->is_overflow)
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: larger than %zu bytes; is it the right file?"), path,
		    max);
	return SENDAS_OK;
}

/* Opens a regular file, with `flags` besides; *info tells about the file that
 * is open, whatever its name means a moment later. */
static enum sendas_status
open_regular(const char *path, int flags, int *out, struct stat *info,
    struct sendas_error *err)
{
	/* O_NONBLOCK: a FIFO in its place must not make us wait. */
	int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags);

	if (fd < 0)
		return fail_errno(err, path, _("cannot be opened"));
	if (fstat(fd, info) != 0) {
		fail_errno(err, path, _("cannot be read"));
		close(fd);
		return SENDAS_ERR_FILE;
	}
	if (!S_ISREG(info->st_mode)) {
		close(fd);
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: this is not a regular file"), path);
	}
	*out = fd;
	return SENDAS_OK;
}

enum sendas_status
sendas_file_read_open(int fd, const char *path, size_t max,
    struct sendas_buf *out, struct sendas_error *err)
{
	struct sendas_buf content;
	enum sendas_status status;

	sendas_buf_init(&content, max);
	status = read_all(fd, path, max, &content, err);
	if (status == SENDAS_OK)
		*out = content;
	else
		sendas_buf_clear(&content);
	return status;
}

static enum sendas_status
read_and_close(int fd, const char *path, size_t max, struct sendas_buf *out,
    struct sendas_error *err)
{
	enum sendas_status status =
	    sendas_file_read_open(fd, path, max, out, err);

	close(fd);
	return status;
}

enum sendas_status
sendas_file_read(const char *path, size_t max, struct sendas_buf *out,
    struct sendas_error *err)
{
	enum sendas_status status;
	struct stat info;
	int fd;

	status = open_regular(path, 0, &fd, &info, err);
	if (status != SENDAS_OK)
		return status;
	return read_and_close(fd, path, max, out, err);
}

bool
sendas_file_is_on_windows(const char *path)
{
	char *real = realpath(path, NULL);
	bool is = real != NULL && strncmp(real, "/mnt/", 5) == 0 &&
	    real[5] >= 'a' && real[5] <= 'z' && real[6] == '/';

	free(real);
	return is;
}

/* `open_to` is what others may do with it; `home` what a copy of it is called
 * at home. */
static enum sendas_status
check_mode(const char *path, mode_t open_to, const char *home,
    struct sendas_error *err)
{
	if (open_to != 0 && sendas_file_is_on_windows(path))
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("%s: files on a Windows drive have no permissions here, "
		      "so others could read it. Copy it home: install -D -m "
		      "600 %s ~/.config/sendas/%s"),
		    path, path, home);
	if (open_to != 0)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("%s: other users of this machine can read it, so it is "
		      "not used. Run: chmod 600 %s"),
		    path, path);
	return SENDAS_OK;
}

static enum sendas_status
check_private(const char *path, const struct stat *info, const char *home,
    struct sendas_error *err)
{
	mode_t open_to = info->st_mode & 077;
	uid_t me = geteuid();

	if (info->st_uid != me && info->st_uid != 0)
		return sendas_fail(err, SENDAS_ERR_CREDENTIALS,
		    _("%s: it belongs to another user, so it is not used. "
		      "Make a copy of your own, readable by you alone."),
		    path);
	/* An orchestrator mounts it as root's, readable by our group. */
	if (info->st_uid == 0 && me != 0)
		open_to &= ~(mode_t)040;
	return check_mode(path, open_to, home, err);
}

enum sendas_status
sendas_file_open_private(
    const char *path, const char *home, int *out, struct sendas_error *err)
{
	enum sendas_status status;
	struct stat info;
	int fd;

	status = open_regular(path, 0, &fd, &info, err);
	if (status != SENDAS_OK)
		return status;
	status = check_private(path, &info, home, err);
	if (status != SENDAS_OK) {
		close(fd);
		return status;
	}
	*out = fd;
	return SENDAS_OK;
}

enum sendas_status
sendas_file_read_private(const char *path, size_t max, struct sendas_buf *out,
    struct sendas_error *err)
{
	enum sendas_status status;
	int fd;

	status = sendas_file_open_private(path, CREDENTIALS, &fd, err);
	if (status != SENDAS_OK)
		return status;
	return read_and_close(fd, path, max, out, err);
}

static enum sendas_status
check_own(const char *path, bool is_private, const struct stat *info,
    struct sendas_error *err)
{
	if (S_ISLNK(info->st_mode))
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: this is a symbolic link"), path);
	if (!S_ISREG(info->st_mode))
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: this is not a regular file"), path);
	if (info->st_uid != geteuid())
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: this file belongs to another user"), path);
	return check_mode(
	    path, is_private ? info->st_mode & 077 : 0, CREDENTIALS, err);
}

enum sendas_status
sendas_file_read_own(const char *path, bool is_private, size_t max,
    struct sendas_buf *out, struct sendas_error *err)
{
	enum sendas_status status;
	struct stat info;
	int fd = -1;

	/* First by its name: to open a device may do something already. */
	if (lstat(path, &info) != 0)
		return fail_errno(err, path, _("cannot be opened"));
	status = check_own(path, is_private, &info, err);
	if (status == SENDAS_OK)
		status = open_regular(path, O_NOFOLLOW, &fd, &info, err);
	if (status != SENDAS_OK)
		return status;
	status = check_own(path, is_private, &info, err);
	if (status != SENDAS_OK) {
		close(fd);
		return status;
	}
	return read_and_close(fd, path, max, out, err);
}

/* True for what a token is made of (RFC 6750 section 2.1, b64token, and the
 * other visible ASCII characters). */
static bool
is_token_text(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] >= 0x7f)
			return false;
	}
	return true;
}

/* Whether a text may stand where a secret is wanted, and what to say else. */
struct secret_form {
	bool (*is_good)(const char *text, size_t len);
	const char *complaint; /* printf's format, of the descriptor's name */
};

static enum sendas_status
read_secret(int fd, size_t max, const struct secret_form *form,
    struct sendas_secret *out, struct sendas_error *err)
{
	struct sendas_buf content;
	enum sendas_status status;
	char name[32];

	snprintf(name, sizeof(name), _("descriptor %d"), fd);
	sendas_buf_init(&content, max);
	status = read_all(fd, name, max, &content, err);
	close(fd);
	if (status != SENDAS_OK) {
		/* What was given is at fault, not this machine. */
		status = SENDAS_ERR_INPUT;
		if (err != NULL)
			err->code = status;
		goto out;
	}
	if (content.len > 0 && content.data[content.len - 1] == '\n')
		content.len--;
	if (content.len > 0 && content.data[content.len - 1] == '\r')
		content.len--;
	if (content.len == 0)
		status = sendas_fail(
		    err, SENDAS_ERR_INPUT, _("%s: nothing came"), name);
	else if (!form->is_good(content.data, content.len))
		status = sendas_fail(
		    err, SENDAS_ERR_INPUT, gettext(form->complaint), name);
	else
		sendas_secret_set(out, content.data, content.len);
out:
	sendas_buf_clear(&content);
	return status;
}

enum sendas_status
sendas_file_read_secret_fd(
    int fd, size_t max, struct sendas_secret *out, struct sendas_error *err)
{
	static const struct secret_form token = {is_token_text,
	    N_("%s: it has spaces or other characters that no token has; give "
	       "the token alone, on one line")};

	return read_secret(fd, max, &token, out, err);
}

enum sendas_status
sendas_file_read_password_fd(
    int fd, size_t max, struct sendas_secret *out, struct sendas_error *err)
{
	static const struct secret_form password = {sendas_text_is_line,
	    N_("%s: it has more than one line, or control characters; give the "
	       "password alone, on one line")};

	return read_secret(fd, max, &password, out, err);
}

/* A device or a pipe is written in place: there is nothing to replace. */
static bool
is_special(const char *path)
{
	struct stat info;

	return stat(path, &info) == 0 && !S_ISREG(info.st_mode);
}

/* `mode` is what it gets, whatever the umask is. */
static enum sendas_status
open_temporary(
    struct sendas_file_out *file, mode_t mode, struct sendas_error *err)
{
	int fd;

	file->temporary = sendas_xasprintf("%s.XXXXXX", file->path);
	fd = mkostemp(file->temporary, O_CLOEXEC);
	if (fd < 0) {
		fail_errno(err, file->path, _("cannot be made"));
		free(file->temporary);
		file->temporary = NULL;
		return SENDAS_ERR_FILE;
	}
	file->stream = fdopen(fd, "w");
	if (file->stream == NULL) {
		close(fd);
		return fail_errno(err, file->path, _("cannot be made"));
	}
	if (fchmod(fd, mode) != 0)
		return fail_errno(err, file->path, _("cannot be made"));
	return SENDAS_OK;
}

enum sendas_status
sendas_file_create(const char *path, unsigned mode,
    struct sendas_file_out **out, struct sendas_error *err)
{
	struct sendas_file_out *file = sendas_xcalloc(1, sizeof(*file));
	enum sendas_status status = SENDAS_OK;
	mode_t mask = umask(0);
	char *resolved;

	umask(mask);
	/* A link is followed, so that it stays a link. */
	resolved = realpath(path, NULL);
	file->path = resolved != NULL ? resolved : sendas_xstrdup(path);
	if (is_special(path)) {
		file->stream = fopen(path, "we");
		if (file->stream == NULL)
			status = fail_errno(err, path, _("cannot be opened"));
	} else {
		status = open_temporary(file, mode & ~mask, err);
	}
	if (status != SENDAS_OK) {
		sendas_file_abandon(file);
		return status;
	}
	*out = file;
	return SENDAS_OK;
}

enum sendas_status
sendas_file_replace(const char *path, unsigned mode,
    struct sendas_file_out **out, struct sendas_error *err)
{
	struct sendas_file_out *file = sendas_xcalloc(1, sizeof(*file));
	enum sendas_status status;

	file->path = sendas_xstrdup(path);
	status = open_temporary(file, mode, err);
	if (status != SENDAS_OK) {
		sendas_file_abandon(file);
		return status;
	}
	*out = file;
	return SENDAS_OK;
}

FILE *
sendas_file_stream(struct sendas_file_out *file)
{
	return file->stream;
}

enum sendas_status
sendas_file_commit(struct sendas_file_out *file, struct sendas_error *err)
{
	enum sendas_status status = SENDAS_OK;

	if (fflush(file->stream) != 0 || ferror(file->stream))
		status = fail_errno(err, file->path, _("cannot be written"));
	if (status == SENDAS_OK && file->temporary != NULL &&
	    fsync(fileno(file->stream)) != 0)
		status = fail_errno(err, file->path, _("cannot be written"));
	if (status == SENDAS_OK && file->temporary != NULL) {
		if (rename(file->temporary, file->path) != 0) {
			status =
			    fail_errno(err, file->path, _("cannot be written"));
		} else {
			free(file->temporary);
			file->temporary = NULL;
		}
	}
	sendas_file_abandon(file);
	return status;
}

void
sendas_file_abandon(struct sendas_file_out *file)
{
	if (file == NULL)
		return;
	if (file->stream != NULL)
		fclose(file->stream);
	if (file->temporary != NULL)
		unlink(file->temporary);
	free(file->temporary);
	free(file->path);
	free(file);
}

void
sendas_file_sync_folder(const char *path)
{
	char *copy = sendas_xstrdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(copy);
	if (fd < 0)
		return;
	(void)fsync(fd);
	close(fd);
}

enum sendas_status
sendas_file_open_temporary(FILE **out, struct sendas_error *err)
{
	const char *folder = getenv("TMPDIR");
	FILE *stream = NULL;
	char *path;
	int fd;

	if (folder == NULL || *folder == '\0')
		folder = P_tmpdir;
	path = sendas_xasprintf("%s/sendas.XXXXXX", folder);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0) {
		unlink(path);
		stream = fdopen(fd, "w+");
	}
	free(path);
	if (stream == NULL) {
		sendas_fail(err, SENDAS_ERR_FILE,
		    _("no temporary file can be made in %s: %s. TMPDIR can "
		      "name another folder."),
		    folder, strerror(errno));
		if (fd >= 0)
			close(fd);
		return SENDAS_ERR_FILE;
	}
	*out = stream;
	return SENDAS_OK;
}
