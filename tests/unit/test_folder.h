/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_folder.h: a folder of a test's own, with all that is in it. Include it
 * after cmocka.h.
 */
#ifndef SENDAS_TEST_FOLDER_H
#define SENDAS_TEST_FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes one and writes its path to `path`; 0, or -1. A TMPDIR that is too long
 * for what tests put below it is not used. */
static inline int
test_folder_make(char *path, size_t size, const char *name)
{
	const char *tmp = getenv("TMPDIR");

	if (tmp == NULL || strlen(tmp) > 30)
		tmp = "/tmp";
	snprintf(path, size, "%s/sendas-%s-XXXXXX", tmp, name);
	return mkdtemp(path) != NULL ? 0 : -1;
}

static inline int
test_folder_remove_one(
    const char *name, const struct stat *info, int type, struct FTW *at)
{
	(void)info;
	(void)type;
	(void)at;
	return remove(name);
}

/* Removes it, following no link out of it. */
static inline int
test_folder_remove(const char *path)
{
	return nftw(path, test_folder_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
