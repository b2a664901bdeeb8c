/* SPDX-License-Identifier: Apache-2.0 */
/*
 * replay.c: runs a fuzz target over the files of a folder, one by one, and
 * prints TAP. What a fuzzer found once stays tested, without a fuzzer.
 */
#include <dirent.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/buf.h"
#include "sendas/file.h"
#include "sendas/limits.h"
#include "sendas/mem.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* A crash ends the program, and with it the TAP: the plan says that more was
 * to come. */
static bool
replay(const char *path)
{
	struct sendas_error err;
	struct sendas_buf text;
	uint8_t *bytes;

	if (sendas_file_read(path, SENDAS_LIMIT_ANSWER_BYTES, &text, &err) !=
	    SENDAS_OK) {
		printf("# %s\n", err.message);
		return false;
	}
	/* Exactly as long as the file, so that a read too far is seen. */
	bytes = sendas_xmalloc(text.len);
	memcpy(bytes, text.data, text.len);
	LLVMFuzzerTestOneInput(bytes, text.len);
	free(bytes);
	sendas_buf_clear(&text);
	return true;
}

int
main(int argc, char **argv)
{
	struct dirent **entries;
	int count, failed = 0;

	if (argc != 2) {
		fprintf(stderr, "usage: %s FOLDER\n", argv[0]);
		return 2;
	}
	count = scandir(argv[1], &entries, is_visible, alphasort);
	if (count <= 0) {
		printf("1..1\nnot ok 1 - %s: no files\n", argv[1]);
		return 1;
	}
	printf("1..%d\n", count);
	for (int i = 0; i < count; i++) {
		char *path =
		    sendas_xasprintf("%s/%s", argv[1], entries[i]->d_name);
		bool is_ok;

		fflush(stdout);
		is_ok = replay(path);
		printf("%s %d - %s\n", is_ok ? "ok" : "not ok", i + 1,
		    entries[i]->d_name);
		failed += !is_ok;
		free(path);
		free(entries[i]);
	}
	free(entries);
	return failed > 0;
}
