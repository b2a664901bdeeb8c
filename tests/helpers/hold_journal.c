/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hold_journal.c: another process that writes to a journal for long. Takes
 * its lock, says "held", and keeps it until it is ended, or for two minutes.
 * hold_journal FILE
 */
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#define AT_MOST_SEC 120

int
main(int argc, char **argv)
{
	sqlite3 *handle = NULL;

	if (argc != 2 ||
	    sqlite3_open_v2(argv[1], &handle, SQLITE_OPEN_READWRITE, NULL) !=
		SQLITE_OK ||
	    sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL) !=
		SQLITE_OK) {
		fprintf(stderr, "hold_journal: %s\n",
		    handle != NULL ? sqlite3_errmsg(handle) : "FILE");
		sqlite3_close(handle);
		return 1;
	}
	puts("held");
	fflush(stdout);
	sleep(AT_MOST_SEC);
	sqlite3_close(handle);
	return 0;
}
