/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h: files, read whole with a limit, written whole or not at all.
 */
#ifndef SENDAS_FILE_H
#define SENDAS_FILE_H

#include <stdbool.h>
#include <stdio.h>
#include "sendas/buf.h"
#include "sendas/error.h"
#include "sendas/secret.h"

/*
 * Reads a regular file of at most `max` bytes into *out (initialised by this
 * call, cleared by the caller; untouched on failure). Errors: SENDAS_ERR_FILE
 * names the path and why (absent, no file, too large).
 */
enum sendas_status sendas_file_read(const char *path, size_t max,
    struct sendas_buf *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * The same for a file with a secret in it. It is refused with
 * SENDAS_ERR_CREDENTIALS, and the command that mends it, when others than
 * its owner can read it, or when its owner is neither this user nor root. A
 * root-owned file that its group may read is taken when this user is not the
 * owner: so do orchestrators mount secrets. Checked on the open file.
 */
enum sendas_status sendas_file_read_private(const char *path, size_t max,
    struct sendas_buf *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * Opens such a file only, for reading; *fd is the caller's. It stays the file
 * that was checked, whatever its name means later. `home` is what a copy of it
 * is called in ~/.config/sendas, where a message has to propose one.
 */
enum sendas_status sendas_file_open_private(const char *path, const char *home,
    int *fd, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Reads what is open as sendas_file_read() does, from where it is read next;
 * `path` stands in messages. The descriptor stays open. */
enum sendas_status sendas_file_read_open(int fd, const char *path, size_t max,
    struct sendas_buf *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/*
 * Reads a file with a secret in it that this program made for itself:
 * nothing but this user's own will do, no symbolic link, no file of root's.
 * Without `is_private` it is no matter that others can read it. Errors:
 * SENDAS_ERR_CREDENTIALS: others can read it, with the command that mends it;
 * SENDAS_ERR_FILE: all else, without one.
 */
enum sendas_status sendas_file_read_own(const char *path, bool is_private,
    size_t max, struct sendas_buf *out,
    struct sendas_error *err) SENDAS_MUST_CHECK;

/* True where WSL shows the drives of Windows, whose files have no permissions
 * of their own: chmod does nothing there. */
bool sendas_file_is_on_windows(const char *path);

/* Reads a secret from an open descriptor up to its end, drops one line end
 * after it, and closes the descriptor. Errors: SENDAS_ERR_INPUT when it is
 * empty, too large, or has a character that no token has. */
enum sendas_status sendas_file_read_secret_fd(int fd, size_t max,
    struct sendas_secret *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* The same for a password: one line of any visible text, spaces too. */
enum sendas_status sendas_file_read_password_fd(int fd, size_t max,
    struct sendas_secret *out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* A file that appears whole under its name or not at all. */
struct sendas_file_out;

/* Opens a new file beside `path`; nothing is at `path` yet. `mode` is the
 * permission, 0600 for what others must not read. */
enum sendas_status sendas_file_create(const char *path, unsigned mode,
    struct sendas_file_out **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* The same in place of whatever is at `path`: a link or a FIFO goes, and is
 * never written through. `mode` holds whatever the umask is. */
enum sendas_status sendas_file_replace(const char *path, unsigned mode,
    struct sendas_file_out **out, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Where to write; owned by the object. */
FILE *sendas_file_stream(struct sendas_file_out *file);

/* Writes all to disk and moves the file to its name; frees `file` whether
 * that went well or not. Errors: SENDAS_ERR_FILE (disk full, ...), and then
 * nothing has changed at its name. */
enum sendas_status sendas_file_commit(
    struct sendas_file_out *file, struct sendas_error *err) SENDAS_MUST_CHECK;

/* Gives the file up; nothing is left. NULL is allowed. */
void sendas_file_abandon(struct sendas_file_out *file);

/* Puts on disk which files are in the folder of `path`: until then a new name
 * in it may be lost with the power. A file system that cannot is let off. */
void sendas_file_sync_folder(const char *path);

/* Opens an empty file without a name for writing and reading, 0600, in the
 * folder that TMPDIR names; it is gone when it is closed. Errors:
 * SENDAS_ERR_FILE names the folder. */
enum sendas_status sendas_file_open_temporary(
    FILE **out, struct sendas_error *err) SENDAS_MUST_CHECK;

#endif
