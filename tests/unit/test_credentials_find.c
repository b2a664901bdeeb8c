/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_credentials_find.c: the order of the places, and that a file which is
 * there and cannot be used ends the search.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sendas/credentials_find.h"

static char folder[] = "/tmp/sendas-find.XXXXXX";

/* Every place, the last first: each file that is added comes before all that
 * are there. */
static const struct {
	const char *file; /* below `folder` */
	const char *variable, *value; /* NULL: the folder stands for HOME */
	enum sendas_credentials_place place;
} rows[] = {
    {"home/.config/gcloud/application_default_credentials.json", NULL, NULL,
	SENDAS_CREDENTIALS_GCLOUD},
    {"gcloud/application_default_credentials.json", "CLOUDSDK_CONFIG", "gcloud",
	SENDAS_CREDENTIALS_GCLOUD},
    {"home/.config/sendas/credentials.json", NULL, NULL,
	SENDAS_CREDENTIALS_CONFIG},
    {"xdg/sendas/credentials.json", "XDG_CONFIG_HOME", "xdg",
	SENDAS_CREDENTIALS_CONFIG},
    {"service/sendas.json", "CREDENTIALS_DIRECTORY", "service",
	SENDAS_CREDENTIALS_SERVICE},
    {"named.json", "GOOGLE_APPLICATION_CREDENTIALS", "named.json",
	SENDAS_CREDENTIALS_VARIABLE},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static void
path_below(const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", folder, name);
}

/* Writes a sign-in whose client is `name`, making the folders to it. */
static void
write_file(const char *name, mode_t mode)
{
	char path[512];
	FILE *file;

	path_below(name, path, sizeof(path));
	for (char *c = path + strlen(folder) + 1; *c != '\0'; c++) {
		if (*c != '/')
			continue;
		*c = '\0';
		mkdir(path, 0700);
		*c = '/';
	}
	file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file,
	    "{\"type\":\"authorized_user\",\"client_id\":\"%s\","
	    "\"client_secret\":\"s\",\"refresh_token\":\"r\"}",
	    name);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

static void
test_order(void **state)
{
	enum sendas_credentials_place place;
	struct sendas_credentials got;
	char path[512], origin[512];

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		write_file(rows[i].file, 0600);
		if (rows[i].variable != NULL) {
			path_below(rows[i].value, path, sizeof(path));
			setenv(rows[i].variable, path, 1);
		}
		place = SENDAS_CREDENTIALS_GIVEN;
		assert_int_equal(
		    sendas_credentials_find(NULL, &got, &place, NULL),
		    SENDAS_OK);
		assert_int_equal(place, rows[i].place);
		assert_string_equal(got.client_id, rows[i].file);
		path_below(rows[i].file, origin, sizeof(origin));
		assert_string_equal(got.origin, origin);
		sendas_credentials_clear(&got);
	}
	/* What is given comes before all. */
	path_below(rows[0].file, path, sizeof(path));
	assert_int_equal(
	    sendas_credentials_find(path, &got, &place, NULL), SENDAS_OK);
	assert_int_equal(place, SENDAS_CREDENTIALS_GIVEN);
	assert_string_equal(got.client_id, rows[0].file);
	sendas_credentials_clear(&got);
}

/* The next place might have somebody else's. */
static void
test_refused_ends_the_search(void **state)
{
	enum sendas_credentials_place place = SENDAS_CREDENTIALS_GIVEN;
	struct sendas_credentials got;
	struct sendas_error err;
	char path[512];

	(void)state;
	write_file(
	    "home/.config/gcloud/application_default_credentials.json", 0600);
	write_file("home/.config/sendas/credentials.json", 0644);
	assert_int_equal(sendas_credentials_find(NULL, &got, &place, &err),
	    SENDAS_ERR_CREDENTIALS);
	assert_int_equal(place, SENDAS_CREDENTIALS_CONFIG);
	assert_non_null(strstr(err.message, "chmod 600"));
	/* A variable that names no file is a mistake, not nothing. */
	path_below("absent.json", path, sizeof(path));
	setenv("GOOGLE_APPLICATION_CREDENTIALS", path, 1);
	assert_int_equal(
	    sendas_credentials_find(NULL, &got, &place, &err), SENDAS_ERR_FILE);
	assert_int_equal(place, SENDAS_CREDENTIALS_VARIABLE);
	assert_non_null(strstr(err.message, path));
}

static void
test_nothing_anywhere(void **state)
{
	enum sendas_credentials_place place;
	struct sendas_credentials got;
	struct sendas_error err;

	(void)state;
	/* An empty variable is one that is not set. */
	setenv("GOOGLE_APPLICATION_CREDENTIALS", "", 1);
	assert_int_equal(sendas_credentials_find(NULL, &got, &place, &err),
	    SENDAS_ERR_CREDENTIALS);
	assert_non_null(strstr(err.message, "--credentials FILE"));
	assert_non_null(strstr(err.message, "--from FILE"));
	unsetenv("HOME");
	assert_int_equal(sendas_credentials_find(NULL, &got, &place, &err),
	    SENDAS_ERR_CREDENTIALS);
}

static int
set_up(void **state)
{
	char home[512];

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		char path[512];

		path_below(rows[i].file, path, sizeof(path));
		unlink(path);
		if (rows[i].variable != NULL)
			unsetenv(rows[i].variable);
	}
	path_below("home", home, sizeof(home));
	setenv("HOME", home, 1);
	return 0;
}

static int
make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) != NULL ? 0 : -1;
}

static int
remove_folder(void **state)
{
	static const char *const folders[] = {"home/.config/gcloud", "gcloud",
	    "home/.config/sendas", "home/.config", "home", "xdg/sendas", "xdg",
	    "service"};
	char path[512];

	set_up(state);
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		path_below(folders[i], path, sizeof(path));
		rmdir(path);
	}
	return rmdir(folder);
}

#define TEST(function) cmocka_unit_test_setup(function, set_up)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_order),
	    TEST(test_refused_ends_the_search),
	    TEST(test_nothing_anywhere),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
