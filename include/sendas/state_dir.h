/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state_dir.h: the folder for what is kept from one run to the next.
 */
#ifndef SENDAS_STATE_DIR_H
#define SENDAS_STATE_DIR_H

/*
 * The path of `name` in that folder: the first one in $STATE_DIRECTORY, which
 * systemd made; else $XDG_STATE_HOME/sendas; else ~/.local/state/sendas.
 * NULL when none of them is an absolute path. Makes nothing. The caller frees
 * it.
 */
char *sendas_state_dir_path(const char *name);

/* Makes the folder `path` and those above it, as far as they are not there:
 * 0700 whatever the umask is, and durably. That it failed shows when
 * something is to be put there. */
void sendas_state_dir_make(const char *path);

#endif
