/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_token_store.c: a sign-in comes back as it was kept, nothing but this
 * user's own private file is taken for one, a full disk or a kill leaves the
 * old one whole, and one process at a time has the lock.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "sendas/mem.h"
#include "sendas/state_dir.h"
#include "sendas/token_store.h"
#include "test_folder.h"

#define TARO "taro@example.com"
#define TARO_FILE "taro%40example.com.json"
#define SCOPE "https://www.googleapis.com/auth/gmail.settings.basic"

/* What a good file of TARO's holds, written by hand. */
#define GOOD                                                                   \
	"{\"type\":\"authorized_user\",\"client_id\":\"id\","                  \
	"\"client_secret\":\"s\",\"refresh_token\":\"1//by-hand\","            \
	"\"account\":\"" TARO "\",\"scope\":\"" SCOPE "\"}"

/* Of the test under way: its folder, the one of the sign-ins, TARO's file. */
static char base[64], dir[128], path[256];

/* In a process of its own, where cmocka's checks are of no use. */
#define MUST(condition)                                                        \
	do {                                                                   \
		if (!(condition)) {                                            \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__,     \
			    #condition);                                       \
			_exit(99);                                             \
		}                                                              \
	} while (0)

static int
set_up(void **state)
{
	(void)state;
	if (test_folder_make(base, sizeof(base), "store") != 0)
		return -1;
	snprintf(dir, sizeof(dir), "%s/sendas/sign-ins", base);
	snprintf(path, sizeof(path), "%s/%s", dir, TARO_FILE);
	unsetenv("STATE_DIRECTORY");
	setenv("XDG_STATE_HOME", base, 1);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	return test_folder_remove(base);
}

/* ---- few words for the store ---- */

/* A sign-in that the caller clears. */
static struct sendas_credentials
sign_in(const char *mailbox, const char *secret, const char *token)
{
	struct sendas_credentials made = {
	    .kind = SENDAS_CREDENTIALS_AUTHORIZED_USER};

	made.client_id = sendas_xstrdup("id.apps.example");
	made.mailbox = sendas_xstrdup(mailbox);
	made.scope = sendas_xstrdup(SCOPE);
	if (secret != NULL)
		sendas_secret_set(&made.client_secret, secret, strlen(secret));
	sendas_secret_set(&made.refresh_token, token, strlen(token));
	return made;
}

static enum sendas_status
try_save(const char *mailbox, const char *token, struct sendas_error *err)
{
	struct sendas_credentials made = sign_in(mailbox, "shh", token);
	enum sendas_status status = sendas_token_store_save(&made, err);

	sendas_credentials_clear(&made);
	return status;
}

static void
save(const char *mailbox, const char *token)
{
	struct sendas_error err = {0};

	if (try_save(mailbox, token, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
}

static struct sendas_credentials
load(const char *mailbox)
{
	struct sendas_credentials got = {0};
	struct sendas_error err = {0};

	if (sendas_token_store_load(mailbox, &got, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	assert_int_equal(got.kind, SENDAS_CREDENTIALS_AUTHORIZED_USER);
	assert_true(got.is_stored);
	assert_string_equal(got.scope, SCOPE);
	return got;
}

static void
assert_token(const char *mailbox, const char *token)
{
	struct sendas_credentials got = load(mailbox);

	assert_string_equal(got.refresh_token.data, token);
	sendas_credentials_clear(&got);
}

/* Refused, with all of these words, and without a secret. */
static void
assert_refused(const char *mailbox, const char *words, const char *more)
{
	struct sendas_credentials got = {.kind = 99};
	struct sendas_error err = {0};

	assert_int_equal(sendas_token_store_load(mailbox, &got, &err),
	    SENDAS_ERR_CREDENTIALS);
	assert_int_equal(err.code, SENDAS_ERR_CREDENTIALS);
	assert_int_equal(got.kind, 99);
	if (strstr(err.message, words) == NULL ||
	    strstr(err.message, more) == NULL ||
	    strstr(err.message, "1//") != NULL)
		fail_msg("\"%s\" has no \"%s\" or no \"%s\"", err.message,
		    words, more);
}

static void
assert_listed(const char *const *wanted, size_t count)
{
	struct sendas_token_store_list list;
	struct sendas_error err = {0};

	if (sendas_token_store_list(&list, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	assert_int_equal(list.count, count);
	for (size_t i = 0; i < count; i++)
		assert_string_equal(list.mailboxes[i], wanted[i]);
	sendas_token_store_list_clear(&list);
	sendas_token_store_list_clear(&list);
	assert_int_equal(list.count, 0);
}

static void
forget(const char *mailbox)
{
	struct sendas_error err = {0};

	if (sendas_token_store_delete(mailbox, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
}

static void
write_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	size_t len = strlen(text);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), (ssize_t)len);
	assert_int_equal(fchmod(fd, 0600), 0);
	close(fd);
}

static void
assert_mode(const char *name, unsigned mode)
{
	struct stat info;

	if (lstat(name, &info) != 0)
		fail_msg("%s: %s", name, strerror(errno));
	assert_int_equal(info.st_mode & 07777, mode);
	assert_int_equal(info.st_uid, geteuid());
}

static pid_t
spawn(void (*work)(void))
{
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		work();
		_exit(0);
	}
	return pid;
}

/* 0 when it went well, its exit status, or -N when signal N ended it. */
static int
wait_for(pid_t pid)
{
	int status = 0;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- keeping ---- */

static void
comes_back(void **state)
{
	static const char *const secrets[] = {"shh", NULL};
	struct sendas_credentials made, got;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		made = sign_in(TARO, secrets[i], "1//token\"\\\n\xe3\x81\x82");
		assert_int_equal(
		    sendas_token_store_save(&made, NULL), SENDAS_OK);
		got = load(TARO);
		assert_string_equal(got.mailbox, TARO);
		assert_string_equal(got.origin, path);
		assert_string_equal(got.client_id, made.client_id);
		assert_string_equal(
		    got.refresh_token.data, made.refresh_token.data);
		assert_int_equal(sendas_secret_is_set(&got.client_secret),
		    secrets[i] != NULL);
		if (secrets[i] != NULL)
			assert_string_equal(got.client_secret.data, "shh");
		sendas_credentials_clear(&made);
		sendas_credentials_clear(&got);
	}
}

/* Whatever the umask is. */
static void
is_private(void **state)
{
	static const mode_t masks[] = {0, 077, 0277, 0777};
	char above[128];
	mode_t mask;

	snprintf(above, sizeof(above), "%s/sendas", base);
	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		mask = umask(masks[i]);
		save(TARO, "1//a");
		umask(mask);
		assert_mode(above, 0700);
		assert_mode(dir, 0700);
		assert_mode(path, 0600);
		tear_down(state);
		assert_int_equal(mkdir(base, 0700), 0);
	}
}

static void
knows_no_case(void **state)
{
	static const char *const wanted[] = {TARO};
	struct sendas_credentials got;

	(void)state;
	save("Taro@Example.COM", "1//a");
	assert_int_equal(access(path, F_OK), 0);
	assert_listed(wanted, 1);
	got = load("TARO@example.com");
	assert_string_equal(got.mailbox, "Taro@Example.COM");
	sendas_credentials_clear(&got);
	save(TARO, "1//b");
	assert_listed(wanted, 1);
	assert_token("Taro@Example.COM", "1//b");
	forget("TARO@EXAMPLE.COM");
	assert_listed(NULL, 0);
}

static void
takes_strange_names(void **state)
{
	/* In the order of the list. */
	static const char *const names[] = {"\"q q\"@x", "../../a@x", ".@x",
	    "a%40x@x", "a+b@x", "a/b@x", "a@x", "a@x.json", "a@x.json.x",
	    "o'brien@x", "\xe5\xa4\xaa@x"};
	size_t count = sizeof(names) / sizeof(names[0]);

	(void)state;
	for (size_t i = count; i-- > 0;)
		save(names[i], names[i]);
	assert_listed(names, count);
	for (size_t i = 0; i < count; i++)
		assert_token(names[i], names[i]);
	/* Not taken for leftovers of a@x. */
	forget("a@x");
	assert_token("a@x.json", "a@x.json");
	assert_token("a@x.json.x", "a@x.json.x");
	for (size_t i = 0; i < count; i++)
		forget(names[i]);
	assert_listed(NULL, 0);
}

/* What the shell would take apart is quoted in the command. */
static void
passes_other_files_over(void **state)
{
	static const char *const wanted[] = {TARO};
	static const char *const others[] = {"notes.json", "README",
	    TARO_FILE ".aB3dE6", TARO_FILE "~", "Taro%40example.com.json",
	    "hanako@example.com.json", "hanako%40x", "hanako%4", ".json",
	    "%40%FF.json", "a%40x%00.json", "jiro%2dx%40x.json"};
	char name[256];

	(void)state;
	save(TARO, "1//a");
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		snprintf(name, sizeof(name), "%s/%s", dir, others[i]);
		write_file(name, GOOD);
	}
	assert_listed(wanted, 1);
}

static void
replaces_and_deletes(void **state)
{
	static const char *const wanted[] = {"hanako@example.com"};

	(void)state;
	save(TARO, "1//old");
	save("hanako@example.com", "1//hanako");
	save(TARO, "1//new");
	assert_token(TARO, "1//new");
	forget(TARO);
	assert_refused(TARO, TARO " is not signed in", "Run: sendas login");
	forget(TARO);
	assert_listed(wanted, 1);
	assert_token("hanako@example.com", "1//hanako");
	assert_refused("", "not signed in", "sendas login");
}

static void
keeps_nothing_incomplete(void **state)
{
	struct sendas_credentials made;

	(void)state;
	for (int i = 0; i < 5; i++) {
		made = sign_in(i == 0 ? "taro" : TARO, NULL, i == 1 ? "" : "x");
		if (i == 2)
			sendas_secret_clear(&made.refresh_token);
		if (i == 3 || i == 4) {
			char **text = i == 3 ? &made.mailbox : &made.client_id;

			free(*text);
			*text = NULL;
		}
		assert_int_equal(
		    sendas_token_store_save(&made, NULL), SENDAS_ERR_FILE);
		sendas_credentials_clear(&made);
	}
	assert_int_equal(access(dir, F_OK), -1);
}

static void
set_age(const char *name, long sec)
{
	struct timeval times[2] = {
	    {.tv_sec = time(NULL) - sec}, {.tv_sec = time(NULL) - sec}};

	assert_int_equal(utimes(name, times), 0);
}

/* Of processes that were killed: old ones go with the next save, all with
 * the sign-in, since the secret is in them too. */
static void
removes_leftovers(void **state)
{
	static const char *const wanted[] = {"hanako@x", TARO};
	char old[300], young[300], others[300];

	(void)state;
	save(TARO, "1//a");
	save("hanako@x", "1//hanako");
	snprintf(old, sizeof(old), "%s.aB3dE6", path);
	snprintf(young, sizeof(young), "%s.ZZZZZZ", path);
	snprintf(others, sizeof(others), "%s/hanako%%40x.json.aB3dE6", dir);
	write_file(old, "x");
	write_file(young, "x");
	write_file(others, "x");
	set_age(old, 3700);
	set_age(young, 3500);
	set_age(others, 3700);
	assert_listed(wanted, 2);
	save(TARO, "1//b");
	assert_int_equal(access(old, F_OK), -1);
	assert_int_equal(access(young, F_OK), 0);
	assert_int_equal(access(others, F_OK), 0);
	set_age(young, -3700); /* by a clock that went wrong */
	forget(TARO);
	assert_int_equal(access(young, F_OK), -1);
	assert_int_equal(access(others, F_OK), 0);
}

/* ---- what is refused ---- */

static void
refuses_what_is_no_file(void **state)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	char other[300];
	int fd;

	(void)state;
	save(TARO, "1//a");
	snprintf(other, sizeof(other), "%s/other", base);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	assert_refused(TARO, "symbolic link", "sendas logout " TARO);
	/* A save replaces the link, and does not write through it. */
	save(TARO, "1//b");
	assert_token(TARO, "1//b");
	assert_mode(path, 0600);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("/nowhere", path), 0);
	assert_refused(TARO, "symbolic link", path);
	forget(TARO);
	assert_int_equal(mkfifo(path, 0600), 0);
	alarm(20); /* to open it would wait for a writer */
	assert_refused(TARO, "not a regular file", "sendas logout " TARO);
	save(TARO, "1//c");
	alarm(0);
	assert_token(TARO, "1//c");
	forget(TARO);
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	snprintf(at.sun_path, sizeof(at.sun_path), "%.107s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	close(fd);
	assert_refused(TARO, "not a regular file", path);
	forget(TARO);
	assert_listed(NULL, 0);
	/* The link's target is as it was. */
	assert_int_equal(rename(other, path), 0);
	assert_token(TARO, "1//a");
}

static void
refuses_a_folder_in_its_place(void **state)
{
	struct sendas_error err = {0};
	char inside[300], advice[300];

	(void)state;
	save("hanako@x", "1//hanako");
	assert_int_equal(mkdir(path, 0700), 0);
	assert_refused(TARO, "not a regular file", "sendas logout " TARO);
	assert_int_equal(try_save(TARO, "1//a", &err), SENDAS_ERR_FILE);
	forget(TARO);
	save(TARO, "1//a");
	forget(TARO);
	snprintf(inside, sizeof(inside), "%s/x", path);
	snprintf(advice, sizeof(advice), "rm -r %s", path);
	assert_int_equal(mkdir(path, 0700), 0);
	write_file(inside, "x");
	assert_int_equal(
	    sendas_token_store_delete(TARO, &err), SENDAS_ERR_FILE);
	assert_non_null(strstr(err.message, advice));
}

static void
refuses_what_others_can_read(void **state)
{
	static const mode_t modes[] = {
	    0644, 0640, 0604, 0620, 0602, 0610, 0601};
	char advice[300];

	(void)state;
	save(TARO, "1//a");
	snprintf(advice, sizeof(advice), "chmod 600 %s", path);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(path, modes[i]), 0);
		assert_refused(TARO, "other users", advice);
		assert_mode(path, modes[i]);
	}
	/* What it advises helps. */
	assert_int_equal(chmod(path, 0600), 0);
	assert_token(TARO, "1//a");
}

static void
refuses_another_users(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	save(TARO, "1//a");
	assert_int_equal(chown(path, 65534, 65534), 0);
	assert_refused(TARO, "another user", "sendas logout " TARO);
	forget(TARO);
	save(TARO, "1//a");
	assert_token(TARO, "1//a");
	assert_int_equal(chown(dir, 65534, 65534), 0);
	assert_refused(TARO, "another user", "without sudo");
}

static void
load_as_somebody(void)
{
	struct sendas_credentials got;
	struct sendas_error err = {0};

	MUST(setgid(65534) == 0 && setuid(65534) == 0);
	MUST(sendas_token_store_load(TARO, &got, &err) ==
	    SENDAS_ERR_CREDENTIALS);
	MUST(strstr(err.message, "another user") != NULL);
}

/* Not even root's file or folder is this user's own. */
static void
refuses_roots(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	save(TARO, "1//a");
	assert_int_equal(chmod(base, 0755), 0);
	assert_int_equal(chown(dir, 65534, 65534), 0);
	snprintf(path, sizeof(path), "%s/sendas", base);
	assert_int_equal(chmod(path, 0755), 0);
	assert_int_equal(wait_for(spawn(load_as_somebody)), 0);
	assert_int_equal(chown(dir, 0, 0), 0);
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(wait_for(spawn(load_as_somebody)), 0);
}

static void
refuses_damage(void **state)
{
	static const char *const texts[] = {"", "{", "[]", "null", "not JSON",
	    "{\"type\":\"authorized_user\",\"account\":\"" TARO "\"}",
	    "{\"type\":\"authorized_user\",\"client_id\":\"i\","
	    "\"refresh_token\":\"1//x\"}",
	    "{\"type\":\"service_account\",\"client_email\":\"a@b\","
	    "\"private_key\":\"k\"}",
	    "{\"installed\":{\"client_id\":\"i\"}}"};
	char good[] = GOOD;

	(void)state;
	save(TARO, "1//a");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		write_file(path, texts[i]);
		assert_refused(TARO, path, "sendas logout " TARO);
		assert_refused(TARO, "damaged", "then: sendas login");
	}
	write_file(path, good);
	assert_token(TARO, "1//by-hand");
	/* Cut off anywhere. */
	for (size_t len = strlen(good); len-- > 0;) {
		good[len] = '\0';
		write_file(path, good);
		assert_refused(TARO, "damaged", "sendas logout " TARO);
	}
}

static void
refuses_another_mailboxs(void **state)
{
	char other[256];

	(void)state;
	save("hanako@x", "1//hanako");
	snprintf(other, sizeof(other), "%s/hanako%%40x.json", dir);
	assert_int_equal(rename(other, path), 0);
	assert_refused(TARO, "sign-in of hanako@x", "sendas logout " TARO);
}

static void
refuses_what_is_too_large(void **state)
{
	char *large;
	size_t len = sizeof(GOOD) - 1, size = 70 * 1024;

	(void)state;
	save(TARO, "1//a");
	large = sendas_xmalloc(size + 1);
	memset(large, ' ', size);
	large[size] = '\0';
	memcpy(large, GOOD, len);
	write_file(path, large);
	assert_refused(TARO, "larger than", "sendas logout " TARO);
	large[60 * 1024] = '\0';
	write_file(path, large);
	assert_token(TARO, "1//by-hand");
	free(large);
}

/* ---- the folder ---- */

/* Every function refuses it, with these words. */
static void
assert_folder_refused(const char *words, const char *more)
{
	struct sendas_token_store_lock *lock = NULL;
	struct sendas_token_store_list list = {.count = 99};
	struct sendas_error errs[4] = {0};

	assert_refused(TARO, words, more);
	assert_int_equal(
	    sendas_token_store_list(&list, &errs[0]), SENDAS_ERR_FILE);
	assert_int_equal(list.count, 99);
	assert_int_equal(try_save(TARO, "1//b", &errs[1]), SENDAS_ERR_FILE);
	assert_int_equal(
	    sendas_token_store_delete(TARO, &errs[2]), SENDAS_ERR_FILE);
	assert_int_equal(
	    sendas_token_store_lock(0, NULL, &lock, &errs[3]), SENDAS_ERR_FILE);
	assert_null(lock);
	for (size_t i = 0; i < 4; i++)
		if (strstr(errs[i].message, words) == NULL ||
		    strstr(errs[i].message, more) == NULL)
			fail_msg("%zu: %s", i, errs[i].message);
}

static void
refuses_an_open_folder(void **state)
{
	static const mode_t modes[] = {0777, 0720, 0702, 01777};
	char advice[300];

	(void)state;
	save(TARO, "1//a");
	snprintf(advice, sizeof(advice), "chmod 700 %s", dir);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		assert_int_equal(chmod(dir, modes[i]), 0);
		assert_folder_refused("other users", advice);
	}
	assert_int_equal(chmod(dir, 0700), 0);
	assert_token(TARO, "1//a");
}

static void
refuses_what_is_no_folder(void **state)
{
	char real[128], advice[300];

	(void)state;
	save(TARO, "1//a");
	snprintf(real, sizeof(real), "%s/real", base);
	snprintf(
	    advice, sizeof(advice), "mv %s %s.old && sendas login", dir, dir);
	assert_int_equal(rename(dir, real), 0);
	assert_int_equal(symlink(real, dir), 0);
	assert_folder_refused("symbolic link", advice);
	assert_int_equal(unlink(dir), 0);
	write_file(dir, "x");
	assert_folder_refused("not a folder", advice);
	assert_int_equal(unlink(dir), 0);
	assert_int_equal(mkfifo(dir, 0600), 0);
	assert_folder_refused("not a folder", advice);
	assert_int_equal(unlink(dir), 0);
	assert_int_equal(rename(real, dir), 0);
	assert_token(TARO, "1//a");
}

static void
does_without_a_folder(void **state)
{
	(void)state;
	assert_listed(NULL, 0);
	assert_refused(TARO, "not signed in", "sendas login");
	forget(TARO);
	assert_int_equal(access(dir, F_OK), -1);
}

static void
says_when_no_folder_can_be_made(void **state)
{
	struct sendas_error err = {0};
	char above[128];

	(void)state;
	snprintf(above, sizeof(above), "%s/sendas", base);
	write_file(above, "x");
	assert_int_equal(try_save(TARO, "1//a", &err), SENDAS_ERR_FILE);
	assert_non_null(strstr(err.message, dir));
}

static void
does_without_a_home(void **state)
{
	static const char *const names[] = {
	    "STATE_DIRECTORY", "XDG_STATE_HOME", "HOME"};
	struct sendas_token_store_lock *lock = NULL;
	struct sendas_error err = {0};
	char *home = sendas_xstrdup(getenv("HOME"));

	(void)state;
	/* A path that is not absolute counts as none. */
	for (int i = 0; i < 2; i++) {
		for (size_t j = 0; j < 3; j++) {
			if (i == 0)
				unsetenv(names[j]);
			else
				setenv(names[j], "relative", 1);
		}
		assert_null(sendas_state_dir_path("x"));
		assert_listed(NULL, 0);
		assert_refused(TARO, "not signed in", "sendas login");
		forget(TARO);
		assert_int_equal(try_save(TARO, "1//a", &err), SENDAS_ERR_FILE);
		assert_non_null(strstr(err.message, "HOME"));
		assert_int_equal(sendas_token_store_lock(0, NULL, &lock, &err),
		    SENDAS_ERR_FILE);
	}
	for (size_t j = 0; j < 3; j++)
		unsetenv(names[j]);
	if (home != NULL)
		setenv("HOME", home, 1);
	free(home);
}

static void
assert_path(const char *wanted)
{
	char *got = sendas_state_dir_path("x");

	assert_string_equal(got, wanted);
	free(got);
}

static void
knows_the_places(void **state)
{
	char *home = sendas_xstrdup(getenv("HOME"));

	(void)state;
	setenv("HOME", "/h", 1);
	setenv("XDG_STATE_HOME", "/x", 1);
	setenv("STATE_DIRECTORY", "/one:/two", 1);
	assert_path("/one/x");
	setenv("STATE_DIRECTORY", "/one", 1);
	assert_path("/one/x");
	unsetenv("STATE_DIRECTORY");
	assert_path("/x/sendas/x");
	unsetenv("XDG_STATE_HOME");
	assert_path("/h/.local/state/sendas/x");
	if (home != NULL)
		setenv("HOME", home, 1);
	else
		unsetenv("HOME");
	free(home);
}

/* ---- a full disk, a kill ---- */

static rlim_t size_limit;

static void
save_on_a_full_disk(void)
{
	struct rlimit limit = {.rlim_cur = size_limit, .rlim_max = size_limit};
	struct sendas_error err = {0};

	signal(SIGXFSZ, SIG_IGN);
	MUST(setrlimit(RLIMIT_FSIZE, &limit) == 0);
	if (try_save(TARO, "1//new", &err) == SENDAS_OK)
		_exit(1);
	MUST(err.code == SENDAS_ERR_FILE);
	MUST(strstr(err.message, "cannot be written") != NULL);
}

/* How many entries the folder has. */
static size_t
count_entries(void)
{
	DIR *stream = opendir(dir);
	const struct dirent *entry;
	size_t count = 0;

	assert_non_null(stream);
	while ((entry = readdir(stream)) != NULL)
		count += strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0;
	closedir(stream);
	return count;
}

static void
outlives_a_full_disk(void **state)
{
	size_t failed = 0;
	int result;

	(void)state;
	save(TARO, "1//old");
	for (size_limit = 0;; size_limit += 10) {
		assert_true(size_limit < 1000);
		result = wait_for(spawn(save_on_a_full_disk));
		assert_int_equal(count_entries(), 1);
		if (result != 0)
			break;
		failed++;
		assert_token(TARO, "1//old");
	}
	assert_int_equal(result, 1); /* there was room at last */
	assert_true(failed > 5);
	assert_token(TARO, "1//new");
}

/* Saves all the time, one token after the other, of lengths that differ. */
static void
save_for_ever(void)
{
	char token[9000] = "1//";

	alarm(60); /* in case nobody is left to kill it */
	for (size_t i = 0;; i++) {
		size_t len = 4 + i * 997 % 8000;

		memset(token + 3, 'a' + (int)(i % 26), len - 3);
		token[len] = '\0';
		MUST(try_save(TARO, token, NULL) == SENDAS_OK);
	}
}

static void
is_whole_after_a_kill(void **state)
{
	struct timespec moment = {0};
	struct sendas_credentials got;
	unsigned seed = 42;
	pid_t pid;

	(void)state;
	save(TARO, "1//old");
	/* Until some came in the middle of it. */
	for (int i = 0; i < 200 || count_entries() < 2; i++) {
		assert_true(i < 5000);
		pid = spawn(save_for_ever);
		seed = seed * 1103515245u + 12345u;
		moment.tv_nsec = (long)(seed >> 8) % 10000000;
		nanosleep(&moment, NULL);
		assert_int_equal(kill(pid, SIGKILL), 0);
		assert_int_equal(wait_for(pid), -SIGKILL);
		got = load(TARO);
		assert_true(got.refresh_token.len >= 4);
		for (size_t at = 4; at < got.refresh_token.len; at++)
			if (got.refresh_token.data[at] !=
				got.refresh_token.data[at - 1] &&
			    strcmp(got.refresh_token.data, "1//old") != 0)
				fail_msg("two sign-ins in one file");
		sendas_credentials_clear(&got);
	}
	/* Nothing of them stays. */
	forget(TARO);
	assert_int_equal(count_entries(), 0);
}

/* ---- the lock ---- */

static struct sendas_token_store_lock *
lock_store(void)
{
	struct sendas_token_store_lock *lock = NULL;
	struct sendas_error err = {0};

	if (sendas_token_store_lock(10000, NULL, &lock, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	return lock;
}

static void
count_up(int fd)
{
	char text[32] = "";
	long number;

	MUST(pread(fd, text, sizeof(text) - 1, 0) >= 0);
	number = strtol(text, NULL, 10);
	/* Whoever else is here reads the same number now. */
	usleep(200);
	snprintf(text, sizeof(text), "%8ld", number + 1);
	MUST(pwrite(fd, text, 8, 0) == 8);
}

static void
count_to_100(void)
{
	struct sendas_token_store_lock *lock = NULL;
	char name[128];
	int fd;

	snprintf(name, sizeof(name), "%s/counter", base);
	fd = open(name, O_RDWR | O_CREAT, 0600);
	MUST(fd >= 0);
	for (int i = 0; i < 100; i++) {
		MUST(sendas_token_store_lock(30000, NULL, &lock, NULL) ==
		    SENDAS_OK);
		count_up(fd);
		sendas_token_store_unlock(lock);
		/* Else it would have it again before the other one looks. */
		usleep(1000);
	}
	close(fd);
}

static void
lets_one_in_at_a_time(void **state)
{
	char name[128], text[16] = "";
	pid_t one, other;
	FILE *file;

	(void)state;
	one = spawn(count_to_100);
	other = spawn(count_to_100);
	assert_int_equal(wait_for(one), 0);
	assert_int_equal(wait_for(other), 0);
	snprintf(name, sizeof(name), "%s/counter", base);
	file = fopen(name, "r");
	assert_non_null(file);
	assert_non_null(fgets(text, sizeof(text), file));
	fclose(file);
	assert_int_equal(strtol(text, NULL, 10), 200);
}

static void
try_lock(void)
{
	struct sendas_token_store_lock *lock = NULL;
	struct timespec from, to;
	struct sendas_error err = {0};
	long took_ms;

	MUST(sendas_token_store_lock(0, NULL, &lock, &err) ==
	    SENDAS_ERR_TRANSIENT);
	clock_gettime(CLOCK_MONOTONIC, &from);
	MUST(sendas_token_store_lock(300, NULL, &lock, &err) ==
	    SENDAS_ERR_TRANSIENT);
	clock_gettime(CLOCK_MONOTONIC, &to);
	took_ms = (to.tv_sec - from.tv_sec) * 1000 +
	    (to.tv_nsec - from.tv_nsec) / 1000000;
	MUST(took_ms >= 299 && took_ms < 5000);
	MUST(lock == NULL && err.code == SENDAS_ERR_TRANSIENT);
	MUST(strstr(err.message, "another sendas") != NULL);
}

static void
waits_so_long_and_no_longer(void **state)
{
	struct sendas_token_store_lock *lock = lock_store();

	(void)state;
	assert_mode(dir, 0700);
	assert_int_equal(count_entries(), 0); /* no file for it */
	assert_int_equal(wait_for(spawn(try_lock)), 0);
	/* Who has it can save and delete. */
	save(TARO, "1//a");
	forget(TARO);
	sendas_token_store_unlock(lock);
	sendas_token_store_unlock(NULL);
	sendas_token_store_unlock(lock_store());
}

static int told;

static void
lock_and_hang(void)
{
	struct sendas_token_store_lock *lock = NULL;

	alarm(60); /* in case nobody is left to kill it */
	MUST(sendas_token_store_lock(0, NULL, &lock, NULL) == SENDAS_OK);
	MUST(write(told, "x", 1) == 1);
	pause();
}

static void
is_free_after_a_kill(void **state)
{
	struct sendas_token_store_lock *lock = NULL;
	int ends[2];
	char one;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	told = ends[1];
	pid = spawn(lock_and_hang);
	assert_int_equal(read(ends[0], &one, 1), 1);
	close(ends[0]);
	close(ends[1]);
	assert_int_equal(sendas_token_store_lock(0, NULL, &lock, NULL),
	    SENDAS_ERR_TRANSIENT);
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(wait_for(pid), -SIGKILL);
	assert_int_equal(
	    sendas_token_store_lock(0, NULL, &lock, NULL), SENDAS_OK);
	sendas_token_store_unlock(lock);
}

#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(comes_back),
	    TEST(is_private),
	    TEST(knows_no_case),
	    TEST(takes_strange_names),
	    TEST(passes_other_files_over),
	    TEST(replaces_and_deletes),
	    TEST(keeps_nothing_incomplete),
	    TEST(removes_leftovers),
	    TEST(refuses_what_is_no_file),
	    TEST(refuses_a_folder_in_its_place),
	    TEST(refuses_what_others_can_read),
	    TEST(refuses_another_users),
	    TEST(refuses_roots),
	    TEST(refuses_damage),
	    TEST(refuses_another_mailboxs),
	    TEST(refuses_what_is_too_large),
	    TEST(refuses_an_open_folder),
	    TEST(refuses_what_is_no_folder),
	    TEST(does_without_a_folder),
	    TEST(says_when_no_folder_can_be_made),
	    TEST(does_without_a_home),
	    TEST(knows_the_places),
	    TEST(outlives_a_full_disk),
	    TEST(is_whole_after_a_kill),
	    TEST(lets_one_in_at_a_time),
	    TEST(waits_so_long_and_no_longer),
	    TEST(is_free_after_a_kill),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("token store", tests, NULL, NULL);
}
