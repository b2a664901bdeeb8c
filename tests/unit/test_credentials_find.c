/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_credentials_find.c: the order of the places, that a file which is
 * there and cannot be used ends the search, and which sign-in is taken where
 * a client stands.
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
#include "test_folder.h"

#define TARO "taro@example.com"
#define HANA "hana@example.com"
#define STORE "home/.local/state/sendas/sign-ins/"
#define TARO_FILE STORE "taro%40example.com.json"
#define HANA_FILE STORE "hana%40example.com.json"
#define CONFIG_FILE "home/.config/sendas/credentials.json"
#define GCLOUD_FILE "home/.config/gcloud/application_default_credentials.json"

static char folder[32]; /* of the test under way */

/* Every place, the last first: each file that is added comes before all that
 * are there. */
static const struct {
	const char *file; /* below `folder` */
	const char *variable, *value; /* NULL: the folder stands for HOME */
	enum sendas_credentials_place place;
} rows[] = {
    {GCLOUD_FILE, NULL, NULL, SENDAS_CREDENTIALS_GCLOUD},
    {"gcloud/application_default_credentials.json", "CLOUDSDK_CONFIG", "gcloud",
	SENDAS_CREDENTIALS_GCLOUD},
    {TARO_FILE, NULL, NULL, SENDAS_CREDENTIALS_STORE},
    {CONFIG_FILE, NULL, NULL, SENDAS_CREDENTIALS_CONFIG},
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

/* Makes the folders to it. */
static void
write_text(const char *name, const char *text, mode_t mode)
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
	fputs(text, file);
	fclose(file);
	assert_int_equal(chmod(path, mode), 0);
}

/* A sign-in of `mailbox` whose client is `name`. */
static void
write_sign_in(const char *name, const char *mailbox, mode_t mode)
{
	char text[1024];

	snprintf(text, sizeof(text),
	    "{\"type\":\"authorized_user\",\"client_id\":\"%s\","
	    "\"client_secret\":\"s\",\"refresh_token\":\"r\","
	    "\"account\":\"%s\"}",
	    name, mailbox);
	write_text(name, text, mode);
}

/* A client whose id is `name`. */
static void
write_client(const char *name)
{
	char text[1024];

	snprintf(
	    text, sizeof(text), "{\"installed\":{\"client_id\":\"%s\"}}", name);
	write_text(name, text, 0600);
}

static void
test_order(void **state)
{
	enum sendas_credentials_place place;
	struct sendas_credentials got;
	char path[512], origin[512];

	(void)state;
	for (size_t i = 0; i < ROWS; i++) {
		write_sign_in(rows[i].file, TARO, 0600);
		if (rows[i].variable != NULL) {
			path_below(rows[i].value, path, sizeof(path));
			setenv(rows[i].variable, path, 1);
		}
		place = SENDAS_CREDENTIALS_GIVEN;
		assert_int_equal(
		    sendas_credentials_find(NULL, NULL, &got, &place, NULL),
		    SENDAS_OK);
		assert_int_equal(place, rows[i].place);
		assert_string_equal(got.client_id, rows[i].file);
		path_below(rows[i].file, origin, sizeof(origin));
		assert_string_equal(got.origin, origin);
		assert_int_equal(
		    got.is_stored, place == SENDAS_CREDENTIALS_STORE);
		sendas_credentials_clear(&got);
	}
	/* What is given comes before all. */
	path_below(rows[0].file, path, sizeof(path));
	assert_int_equal(
	    sendas_credentials_find(path, NULL, &got, &place, NULL), SENDAS_OK);
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
	write_sign_in(GCLOUD_FILE, TARO, 0600);
	write_sign_in(TARO_FILE, TARO, 0644);
	assert_int_equal(
	    sendas_credentials_find(NULL, NULL, &got, &place, &err),
	    SENDAS_ERR_CREDENTIALS);
	assert_int_equal(place, SENDAS_CREDENTIALS_STORE);
	assert_non_null(strstr(err.message, "chmod 600"));
	write_sign_in(CONFIG_FILE, TARO, 0644);
	assert_int_equal(
	    sendas_credentials_find(NULL, NULL, &got, &place, &err),
	    SENDAS_ERR_CREDENTIALS);
	assert_int_equal(place, SENDAS_CREDENTIALS_CONFIG);
	assert_non_null(strstr(err.message, "chmod 600"));
	/* A variable that names no file is a mistake, not nothing. */
	path_below("absent.json", path, sizeof(path));
	setenv("GOOGLE_APPLICATION_CREDENTIALS", path, 1);
	assert_int_equal(
	    sendas_credentials_find(NULL, NULL, &got, &place, &err),
	    SENDAS_ERR_FILE);
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
	assert_int_equal(
	    sendas_credentials_find(NULL, NULL, &got, &place, &err),
	    SENDAS_ERR_CREDENTIALS);
	assert_non_null(strstr(err.message, "--credentials FILE"));
	assert_non_null(strstr(err.message, "sendas login"));
	assert_non_null(strstr(err.message, "sendas audit --ask"));
	unsetenv("HOME");
	assert_int_equal(
	    sendas_credentials_find(NULL, TARO, &got, &place, &err),
	    SENDAS_ERR_CREDENTIALS);
}

static void
check_sign_in(const char *given, const char *mailbox, const char *file)
{
	enum sendas_credentials_place place = SENDAS_CREDENTIALS_GIVEN;
	struct sendas_credentials got;
	struct sendas_error err = {0};

	if (sendas_credentials_find(given, mailbox, &got, &place, &err) !=
	    SENDAS_OK)
		fail_msg("%s: %s", mailbox, err.message);
	assert_int_equal(place, SENDAS_CREDENTIALS_STORE);
	assert_int_equal(got.kind, SENDAS_CREDENTIALS_AUTHORIZED_USER);
	assert_true(got.is_stored);
	assert_string_equal(got.client_id, file);
	sendas_credentials_clear(&got);
}

static void
check_refused_at(enum sendas_credentials_place want_place, const char *given,
    const char *mailbox, enum sendas_status want, const char *said)
{
	enum sendas_credentials_place place = SENDAS_CREDENTIALS_GCLOUD;
	struct sendas_credentials got;
	struct sendas_error err = {0};

	assert_int_equal(
	    sendas_credentials_find(given, mailbox, &got, &place, &err), want);
	assert_int_equal(err.code, want);
	assert_int_equal(place, want_place);
	if (strstr(err.message, said) == NULL)
		fail_msg("%s\n-> %s", said, err.message);
}

static void
check_refused(const char *given, const char *mailbox, enum sendas_status want,
    const char *said)
{
	check_refused_at(SENDAS_CREDENTIALS_STORE, given, mailbox, want, said);
}

/* A client that nobody has signed in with: the file is where it was found. */
static void
check_client_alone(const char *given, const char *mailbox, const char *said)
{
	check_refused_at(given != NULL ? SENDAS_CREDENTIALS_GIVEN
				       : SENDAS_CREDENTIALS_CONFIG,
	    given, mailbox, SENDAS_ERR_CREDENTIALS, said);
}

static void
test_which_sign_in(void **state)
{
	(void)state;
	write_sign_in(GCLOUD_FILE, TARO, 0600);
	write_sign_in(TARO_FILE, TARO, 0600);
	check_sign_in(NULL, NULL, TARO_FILE);
	check_sign_in(NULL, "Taro@Example.COM", TARO_FILE);
	/* gcloud's may be anybody's. */
	check_refused(NULL, HANA, SENDAS_ERR_CREDENTIALS,
	    HANA " is not signed in; signed in: " TARO " (sendas login");
	write_sign_in(HANA_FILE, HANA, 0600);
	check_sign_in(NULL, TARO, TARO_FILE);
	check_sign_in(NULL, HANA, HANA_FILE);
	check_refused(NULL, NULL, SENDAS_ERR_USAGE,
	    "Several are signed in: " HANA ", " TARO ". Give one");
	check_refused(NULL, "a@example.com", SENDAS_ERR_CREDENTIALS,
	    "a@example.com is not signed in");
}

/* Whoever puts a client there signs in with it. */
static void
test_client_leads_to_the_sign_ins(void **state)
{
	char path[512];

	(void)state;
	write_sign_in(GCLOUD_FILE, TARO, 0600);
	write_client(CONFIG_FILE);
	path_below(CONFIG_FILE, path, sizeof(path));
	check_client_alone(NULL, NULL,
	    "is an OAuth client, with which one signs in: sendas login");
	check_client_alone(NULL, NULL, path);
	check_client_alone(NULL, TARO, "sendas login " TARO);
	check_client_alone(path, TARO, "sendas login " TARO);
	write_sign_in(TARO_FILE, TARO, 0600);
	check_sign_in(NULL, NULL, TARO_FILE);
	check_sign_in(path, NULL, TARO_FILE);
	check_sign_in(path, TARO, TARO_FILE);
	check_refused(path, HANA, SENDAS_ERR_CREDENTIALS,
	    HANA " is not signed in; signed in: " TARO);
}

static void
check_client(const char *given, enum sendas_credentials_place want_place,
    const char *want_file)
{
	enum sendas_credentials_place place;
	struct sendas_credentials got;
	struct sendas_error err = {0};

	if (sendas_credentials_find_client(given, &got, &place, &err) !=
	    SENDAS_OK)
		fail_msg("%s: %s", want_file, err.message);
	assert_int_equal(place, want_place);
	assert_int_equal(got.kind, SENDAS_CREDENTIALS_CLIENT);
	assert_string_equal(got.client_id, want_file);
	sendas_credentials_clear(&got);
}

static void
check_no_client(const char *given, enum sendas_status want, const char *said)
{
	enum sendas_credentials_place place;
	struct sendas_credentials got;
	struct sendas_error err = {0};

	assert_int_equal(
	    sendas_credentials_find_client(given, &got, &place, &err), want);
	if (strstr(err.message, said) == NULL)
		fail_msg("%s\n-> %s", said, err.message);
}

/* What is not a client is for other commands, unless it was given. */
static void
test_find_client(void **state)
{
	char path[512];

	(void)state;
	check_no_client(NULL, SENDAS_ERR_CREDENTIALS, "\"Desktop app\"");
	check_no_client(NULL, SENDAS_ERR_CREDENTIALS, "doc/google-cloud.md");
	/* Neither gcloud's nor a sign-in's place is looked at. */
	write_client(GCLOUD_FILE);
	write_client(TARO_FILE);
	check_no_client(NULL, SENDAS_ERR_CREDENTIALS, "\"Desktop app\"");
	write_client(CONFIG_FILE);
	check_client(NULL, SENDAS_CREDENTIALS_CONFIG, CONFIG_FILE);
	write_sign_in("named.json", TARO, 0600);
	path_below("named.json", path, sizeof(path));
	setenv("GOOGLE_APPLICATION_CREDENTIALS", path, 1);
	check_client(NULL, SENDAS_CREDENTIALS_CONFIG, CONFIG_FILE);
	check_no_client(path, SENDAS_ERR_CREDENTIALS, path);
	check_no_client(path, SENDAS_ERR_CREDENTIALS, "nobody signs in");
	write_client("service/sendas.json");
	path_below("service", path, sizeof(path));
	setenv("CREDENTIALS_DIRECTORY", path, 1);
	check_client(NULL, SENDAS_CREDENTIALS_SERVICE, "service/sendas.json");
	path_below(CONFIG_FILE, path, sizeof(path));
	check_client(path, SENDAS_CREDENTIALS_GIVEN, CONFIG_FILE);
	/* Others can read it: that ends the search here, too. */
	path_below("service/sendas.json", path, sizeof(path));
	assert_int_equal(chmod(path, 0644), 0);
	check_no_client(NULL, SENDAS_ERR_CREDENTIALS, "chmod 600");
	check_no_client("/absent.json", SENDAS_ERR_FILE, "/absent.json");
}

static void
test_names_of_places(void **state)
{
	(void)state;
	assert_string_equal(
	    sendas_credentials_place_name(SENDAS_CREDENTIALS_GIVEN),
	    "--credentials");
	assert_string_equal(
	    sendas_credentials_place_name(SENDAS_CREDENTIALS_CONFIG),
	    getenv("XDG_CONFIG_HOME") != NULL ? "XDG_CONFIG_HOME"
					      : "~/.config");
	assert_string_equal(
	    sendas_credentials_place_name(SENDAS_CREDENTIALS_STORE),
	    "sendas login");
	assert_string_equal(
	    sendas_credentials_place_name(SENDAS_CREDENTIALS_GCLOUD), "gcloud");
}

static int
set_up(void **state)
{
	char home[512];

	(void)state;
	if (test_folder_make(folder, sizeof(folder), "find") != 0)
		return -1;
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i].variable != NULL)
			unsetenv(rows[i].variable);
	unsetenv("STATE_DIRECTORY");
	unsetenv("XDG_STATE_HOME");
	path_below("home", home, sizeof(home));
	setenv("HOME", home, 1);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return test_folder_remove(folder);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(test_order),
	    TEST(test_refused_ends_the_search),
	    TEST(test_nothing_anywhere),
	    TEST(test_which_sign_in),
	    TEST(test_client_leads_to_the_sign_ins),
	    TEST(test_find_client),
	    TEST(test_names_of_places),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
