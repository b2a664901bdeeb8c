/* SPDX-License-Identifier: Apache-2.0 */
/*
 * test_plan_file.c: a plan comes back as it was written, and nothing else
 * comes back: no other file, no later one, none with a mistake. What cannot
 * be written whole is not there.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>
#include "sendas/buf.h"
#include "sendas/file.h"
#include "sendas/limits.h"
#include "sendas/plan.h"
#include "sendas/plan_file.h"
#include "sendas/record.h"
#include "sendas/rules.h"
#include "test_journal.h"
#include "test_ocn.h"

#define DAY (24L * 60 * 60)
#define MANY 3500

/* Of the test under way, in its folder. */
static char plan_path[160];
static char text_path[170];
static char *policy_sha256;

static int
make_place(void **state)
{
	int result = make_folder(state);

	snprintf(plan_path, sizeof(plan_path), "%s/plan.jsonl", folder);
	snprintf(text_path, sizeof(text_path), "%s.txt", plan_path);
	return result;
}

/* ---- plans ---- */

static void
add_address(struct sendas_mailbox *mailbox, const char *name, bool is_alias)
{
	struct sendas_address *address = sendas_mailbox_add_address(mailbox);

	address->address = sendas_xstrdup(name);
	address->verification = sendas_xstrdup("accepted");
	address->treat_as_alias = is_alias;
	address->has_relay = true;
	address->relay.host = sendas_xstrdup("smtp.ocn.ne.jp");
	address->relay.port = 465;
	address->relay.security = sendas_xstrdup("ssl");
}

static void
begin_run(struct sendas_journal *journal, const char *id)
{
	char command[] = "fix", user[] = "kanri", host[] = "vm1";
	char identity[] = "audit@p.iam.gserviceaccount.com";
	char selection[] = "list.csv: 3 mailboxes", name[] = "ocn";
	struct sendas_error err = {0};
	char selected[65], run_id[40];
	struct sendas_journal_run run = {.id = run_id,
	    .command = command,
	    .started = 1000,
	    .is_dry_run = true,
	    .os_user = user,
	    .host = host,
	    .identity = identity,
	    .selection = selection,
	    .selection_sha256 = selected,
	    .policy = name,
	    .policy_sha256 = policy_sha256};

	memset(selected, 'c', sizeof(selected) - 1);
	selected[sizeof(selected) - 1] = '\0';
	snprintf(run_id, sizeof(run_id), "%s", id);
	if (sendas_journal_begin(journal, NULL, &run, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
}

/* Judges it and plans for it as a dry run does; takes it. */
static void
plan_mailbox(struct sendas_journal *journal, struct sendas_mailbox *takes)
{
	const struct sendas_plan_means means = {.policy = policy};

	sendas_rules_judge(policy, takes);
	assert_true(sendas_plan_mailbox(takes, &means) > 0);
	sendas_journal_add_mailbox(journal, takes, NULL, NULL);
	sendas_mailbox_free(takes);
}

static void
plan_for(struct sendas_journal *journal, const char *name, const char *alias)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new(name, SENDAS_SOURCE_GMAIL);

	add_address(mailbox, name, false);
	mailbox->addresses[0].is_primary = true;
	mailbox->addresses[0].has_relay = false;
	add_address(mailbox, alias, true);
	plan_mailbox(journal, mailbox);
}

/* A journal, a temporary one, with a dry run that is under way. */
static struct sendas_journal *
new_run(void)
{
	struct sendas_journal *journal = open_journal(NULL, false);

	begin_run(journal, RUN_A);
	return journal;
}

/* The same with one mailbox, and one change in it. */
static struct sendas_journal *
new_small_run(void)
{
	struct sendas_journal *journal = new_run();

	plan_for(journal, "taro@example.com", "taro@ocn.ne.jp");
	return journal;
}

static char *
write_plan(struct sendas_journal *journal)
{
	struct sendas_error err = {0};
	char *sha256 = NULL;

	if (sendas_plan_file_write(
		journal, RUN_A, policy, plan_path, &sha256, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	assert_non_null(sha256);
	return sha256;
}

static char *
write_small_plan(void)
{
	struct sendas_journal *journal = new_small_run();
	char *sha256 = write_plan(journal);

	sendas_journal_close(journal);
	return sha256;
}

static enum sendas_status
try_open(const char *sha256, time_t now, struct sendas_plan_file **plan,
    struct sendas_error *err)
{
	*plan = NULL;
	return sendas_plan_file_open(
	    plan_path, sha256, policy_sha256, now, plan, err);
}

static struct sendas_plan_file *
open_plan(const char *sha256)
{
	struct sendas_plan_file *plan;
	struct sendas_error err = {0};

	if (try_open(sha256, time(NULL), &plan, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	assert_non_null(plan);
	return plan;
}

static void
assert_refused(const char *sha256, time_t now, enum sendas_status wanted,
    const char *message)
{
	struct sendas_plan_file *plan;
	struct sendas_error err = {0};

	if (try_open(sha256, now, &plan, &err) == SENDAS_OK)
		fail_msg("taken, without \"%s\"", message);
	assert_null(plan);
	assert_int_equal(err.code, wanted);
	if (strstr(err.message, message) == NULL)
		fail_msg("\"%s\" without \"%s\"", err.message, message);
}

/* ---- files ---- */

static char *
read_whole(const char *name)
{
	struct sendas_error err = {0};
	struct sendas_buf text;

	if (sendas_file_read(name, 1024 * 1024, &text, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
	return sendas_buf_take(&text);
}

static void
write_whole(const char *name, const char *text, size_t len)
{
	FILE *stream = fopen(name, "w");

	assert_non_null(stream);
	assert_int_equal(fwrite(text, 1, len, stream), len);
	assert_int_equal(fclose(stream), 0);
}

static char *
digest_of(const char *text, size_t len)
{
	struct sendas_oauth2_digest *digest = sendas_oauth2_digest_new();

	sendas_oauth2_digest_add(digest, text, len);
	return sendas_oauth2_digest_finish(digest);
}

/* A copy with the first `from` replaced, which must be there. */
static char *
replaced(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	if (at == NULL)
		fail_msg("no %s in %s", from, text);
	return sendas_xasprintf(
	    "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void
assert_has(const char *text, const char *part)
{
	if (strstr(text, part) == NULL)
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static size_t
count_files(void)
{
	struct dirent **entries = NULL;
	int count = scandir(folder, &entries, is_visible, alphasort);

	assert_true(count >= 0);
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	return (size_t)count;
}

/* ---- round trips ---- */

static void
assert_head(const struct sendas_plan_file_head *head)
{
	time_t now = time(NULL);

	assert_string_equal(head->run, RUN_A);
	assert_string_equal(head->os_user, "kanri");
	assert_string_equal(head->host, "vm1");
	assert_string_equal(head->identity, "audit@p.iam.gserviceaccount.com");
	assert_string_equal(head->policy, "ocn");
	assert_string_equal(head->policy_sha256, policy_sha256);
	assert_string_equal(head->selection, "list.csv: 3 mailboxes");
	assert_int_equal(strspn(head->selection_sha256, "c"), 64);
	assert_true(head->created <= now && head->created > now - 60);
	assert_int_equal(
	    head->expires, head->created + SENDAS_PLAN_FILE_DAYS * DAY);
}

/* The primary address is not in the plan; what is, is judged again. */
static void
assert_imported(struct sendas_mailbox *mailbox, const char *name,
    const char *const *aliases, size_t count)
{
	assert_non_null(mailbox);
	assert_string_equal(mailbox->mailbox, name);
	assert_int_equal(mailbox->status, SENDAS_MAILBOX_READ);
	assert_int_equal(mailbox->address_count, count);
	assert_int_equal(mailbox->change_count, count);
	for (size_t i = 0; i < count; i++) {
		const struct sendas_address *address = &mailbox->addresses[i];
		const struct sendas_change *change = &mailbox->changes[i];

		assert_string_equal(address->address, aliases[i]);
		assert_string_equal(address->verification, "accepted");
		assert_true(address->treat_as_alias);
		assert_true(address->has_relay);
		assert_string_equal(address->relay.host, "smtp.ocn.ne.jp");
		assert_int_equal(address->relay.port, 465);
		assert_string_equal(address->relay.security, "ssl");
		assert_true(address->finding_count > 0);
		assert_string_equal(
		    address->findings[0].rule, "treat-as-alias");
		assert_string_equal(change->address, aliases[i]);
		assert_int_equal(change->field, SENDAS_FIELD_TREAT_AS_ALIAS);
		assert_true(change->before.is_true);
		assert_int_equal(change->after.kind, SENDAS_VALUE_BOOL);
		assert_false(change->after.is_true);
		assert_int_equal(change->outcome, SENDAS_OUTCOME_PLANNED);
		assert_true(change->is_reversible);
	}
	sendas_mailbox_free(mailbox);
}

static void
import_into(struct sendas_journal *journal, struct sendas_plan_file *plan)
{
	struct sendas_error err = {0};

	begin_run(journal, RUN_B);
	if (sendas_plan_file_import(plan, policy, journal, &err) != SENDAS_OK)
		fail_msg("%s", err.message);
}

static void
comes_back_as_it_was(void **state)
{
	static const char *const hanako[] = {
	    "hanako@ocn.ne.jp", "h.yamada@sky.ocn.ne.jp"};
	static const char *const taro[] = {"taro@ocn.ne.jp"};
	struct sendas_journal *journal = new_run();
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("hanako@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_plan_file *plan;
	long long after = 0;
	char *sha256;

	(void)state;
	add_address(mailbox, hanako[0], true);
	add_address(mailbox, "right@ocn.ne.jp", false);
	add_address(mailbox, hanako[1], true);
	plan_mailbox(journal, mailbox);
	/* In the order of the journal, not of the alphabet; without a change
	 * it is not in the plan. */
	mailbox = sendas_mailbox_new("fine@example.com", SENDAS_SOURCE_GMAIL);
	add_address(mailbox, "fine@ocn.ne.jp", false);
	sendas_journal_add_mailbox(journal, mailbox, NULL, NULL);
	sendas_mailbox_free(mailbox);
	plan_for(journal, "Taro@example.com", taro[0]);
	sha256 = write_plan(journal);
	sendas_journal_close(journal);

	plan = open_plan(sha256);
	assert_head(sendas_plan_file_get_head(plan));
	assert_int_equal(sendas_plan_file_get_head(plan)->mailboxes, 2);
	assert_int_equal(sendas_plan_file_get_head(plan)->changes, 3);
	journal = open_journal(path, false);
	import_into(journal, plan);
	assert_imported(next(journal, RUN_B, SENDAS_JOURNAL_PLANNED, &after),
	    "hanako@example.com", hanako, 2);
	assert_imported(next(journal, RUN_B, SENDAS_JOURNAL_PLANNED, &after),
	    "Taro@example.com", taro, 1);
	assert_null(next(journal, RUN_B, SENDAS_JOURNAL_ALL, &after));
	/* What was borrowed is good until it is closed. */
	assert_head(sendas_plan_file_get_head(plan));
	sendas_plan_file_close(plan);
	sendas_journal_close(journal);
	free(sha256);
}

/* A relay that Google says little of, and a port that is none, come back. */
static void
odd_settings_come_back(void **state)
{
	struct sendas_journal *journal = new_run();
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("taro@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_plan_file *plan;
	struct sendas_relay *relay;
	char *sha256;

	(void)state;
	add_address(mailbox, "none@ocn.ne.jp", true);
	mailbox->addresses[0].has_relay = false;
	add_address(mailbox, "little@ocn.ne.jp", true);
	relay = &mailbox->addresses[1].relay;
	free(relay->host);
	free(relay->security);
	*relay = (struct sendas_relay){.port = -1};
	add_address(mailbox, "large@ocn.ne.jp", true);
	mailbox->addresses[2].relay.port = 0x7fffffffL;
	plan_mailbox(journal, mailbox);
	sha256 = write_plan(journal);
	sendas_journal_close(journal);

	plan = open_plan(sha256);
	journal = open_journal(path, false);
	import_into(journal, plan);
	mailbox =
	    kept(journal, RUN_B, SENDAS_JOURNAL_PLANNED, "taro@example.com");
	assert_non_null(mailbox);
	assert_int_equal(mailbox->change_count, 3);
	assert_false(mailbox->addresses[0].has_relay);
	assert_true(mailbox->addresses[1].has_relay);
	assert_null(mailbox->addresses[1].relay.host);
	assert_int_equal(mailbox->addresses[1].relay.port, -1);
	assert_int_equal(mailbox->addresses[2].relay.port, 0x7fffffffL);
	sendas_mailbox_free(mailbox);
	sendas_plan_file_close(plan);
	sendas_journal_close(journal);
	free(sha256);
}

static void
the_text_says_what_is_approved(void **state)
{
	char *sha256 = write_small_plan();
	char *text = read_whole(text_path);
	char *command = sendas_xasprintf("sendas fix --plan %s --sha256 %s "
					 "--credentials KEY\n",
	    plan_path, sha256);

	(void)state;
	assert_has(text, sha256);
	assert_has(text, command);
	assert_has(text, policy_sha256);
	assert_has(text, "kanri");
	assert_has(text, "vm1");
	assert_has(text, "audit@p.iam.gserviceaccount.com");
	assert_has(text, RUN_A);
	assert_has(text, "list.csv: 3 mailboxes");
	assert_has(text, "1 change in 1 of these mailboxes");
	assert_has(text, "taro@example.com\n");
	assert_has(text, "taro@ocn.ne.jp\n");
	assert_has(text, "\"Treat as an alias\" on -> off");
	/* The reason, which the journal does not keep. */
	assert_has(text, "OCN users report that mail is");
	free(command);
	free(text);
	free(sha256);
}

/* A command that a shell takes apart would not be the one that was meant. */
static void
the_command_is_for_a_shell(void **state)
{
	struct sendas_journal *journal = open_journal(NULL, false);
	char id[] = RUN_A, command[] = "fix", name[] = "our rules.json";
	struct sendas_journal_run run = {.id = id,
	    .command = command,
	    .started = 1000,
	    .policy = name,
	    .policy_sha256 = policy_sha256};
	struct sendas_error err = {0};
	char *sha256, *text;

	(void)state;
	assert_int_equal(
	    sendas_journal_begin(journal, NULL, &run, &err), SENDAS_OK);
	plan_for(journal, "taro@example.com", "taro@ocn.ne.jp");
	snprintf(plan_path, sizeof(plan_path), "%s/it's a plan", folder);
	snprintf(text_path, sizeof(text_path), "%s.txt", plan_path);
	sha256 = write_plan(journal);
	text = read_whole(text_path);
	assert_has(text, "sendas fix --plan FILE --sha256 ");
	assert_has(text, " --policy FILE --credentials KEY\n");
	free(text);
	free(sha256);
	sendas_journal_close(journal);
}

/* ---- what is refused ---- */

static void
any_other_byte_is_refused(void **state)
{
	char *sha256 = write_small_plan();
	char *text = read_whole(plan_path);
	size_t len = strlen(text);

	(void)state;
	assert_true(len > 500);
	for (size_t i = 0; i < len; i++) {
		text[i] ^= 1 << (i % 8);
		write_whole(plan_path, text, len);
		assert_refused(sha256, time(NULL), SENDAS_ERR_USAGE,
		    "is not the plan that was approved");
		text[i] ^= 1 << (i % 8);
	}
	for (size_t i = 0; i < len; i++) {
		write_whole(plan_path, text, i);
		assert_refused(sha256, time(NULL), SENDAS_ERR_USAGE,
		    "is not the plan that was approved");
	}
	/* The NUL after it. */
	write_whole(plan_path, text, len + 1);
	assert_refused(sha256, time(NULL), SENDAS_ERR_USAGE,
	    "is not the plan that was approved");
	write_whole(plan_path, text, len);
	sendas_plan_file_close(open_plan(sha256));
	free(text);
	free(sha256);
}

static void
a_digest_is_64_digits(void **state)
{
	char *sha256 = write_small_plan();
	char longer[66], shorter[64], wrong[65], spaced[66], upper[65];

	(void)state;
	snprintf(longer, sizeof(longer), "%s0", sha256);
	snprintf(shorter, sizeof(shorter), "%.63s", sha256);
	snprintf(wrong, sizeof(wrong), "%.63sg", sha256);
	snprintf(spaced, sizeof(spaced), "%s ", sha256);
	assert_refused("", time(NULL), SENDAS_ERR_USAGE, "64 hexadecimal");
	assert_refused(longer, time(NULL), SENDAS_ERR_USAGE, "64 hexadecimal");
	assert_refused(shorter, time(NULL), SENDAS_ERR_USAGE, "64 hexadecimal");
	assert_refused(wrong, time(NULL), SENDAS_ERR_USAGE, "64 hexadecimal");
	assert_refused(spaced, time(NULL), SENDAS_ERR_USAGE, "64 hexadecimal");
	for (size_t i = 0; i < sizeof(upper); i++)
		upper[i] =
		    (char)(sha256[i] >= 'a' ? sha256[i] - 32 : sha256[i]);
	sendas_plan_file_close(open_plan(upper));
	/* Right but for its last digit. */
	sha256[63] = sha256[63] == '0' ? '1' : '0';
	assert_refused(sha256, time(NULL), SENDAS_ERR_USAGE,
	    "is not the plan that was approved");
	free(sha256);
}

static void
another_time_or_policy_is_refused(void **state)
{
	char *sha256 = write_small_plan();
	struct sendas_plan_file *plan = open_plan(sha256);
	time_t created = sendas_plan_file_get_head(plan)->created;
	time_t expires = sendas_plan_file_get_head(plan)->expires;
	char *text = read_whole(plan_path), *early;
	struct sendas_error err = {0};

	(void)state;
	sendas_plan_file_close(plan);
	assert_int_equal(try_open(sha256, expires - 1, &plan, &err), SENDAS_OK);
	sendas_plan_file_close(plan);
	assert_refused(sha256, expires, SENDAS_ERR_USAGE, "was good until");
	assert_refused(
	    sha256, expires + 365 * DAY, SENDAS_ERR_USAGE, "was good until");
	/* Clocks differ, but not by days. */
	assert_int_equal(
	    try_open(sha256, created - DAY, &plan, &err), SENDAS_OK);
	sendas_plan_file_close(plan);
	assert_refused(
	    sha256, created - DAY - 1, SENDAS_ERR_USAGE, "still to come");

	plan = NULL;
	assert_int_equal(sendas_plan_file_open(plan_path, sha256,
			     "0000000000000000000000000000000000000000000000"
			     "000000000000000000",
			     time(NULL), &plan, &err),
	    SENDAS_ERR_USAGE);
	assert_null(plan);
	assert_has(err.message, "was made with another policy (ocn)");
	free(sha256);

	/* Whatever it says of when it was made. */
	early = replaced(text, "\"expires\":\"2", "\"expires\":\"1");
	write_whole(plan_path, early, strlen(early));
	sha256 = digest_of(early, strlen(early));
	assert_refused(
	    sha256, time(NULL), SENDAS_ERR_USAGE, "was good until 1");
	free(early);
	free(text);
	free(sha256);
}

static void
what_cannot_be_read_is_told(void **state)
{
	char *sha256 = write_small_plan();

	(void)state;
	assert_int_equal(setenv("TMPDIR", "/nowhere/at/all", 1), 0);
	assert_refused(sha256, time(NULL), SENDAS_ERR_FILE, "/nowhere/at/all");
	assert_int_equal(unsetenv("TMPDIR"), 0);
	assert_int_equal(unlink(plan_path), 0);
	assert_refused(sha256, time(NULL), SENDAS_ERR_FILE, "plan.jsonl");
	assert_int_equal(mkdir(plan_path, 0700), 0);
	assert_refused(sha256, time(NULL), SENDAS_ERR_FILE, "plan.jsonl");
	free(sha256);
}

/* Once it is open, the file is no matter. */
static void
a_later_change_is_no_matter(void **state)
{
	static const char *const taro[] = {"taro@ocn.ne.jp"};
	char *sha256 = write_small_plan();
	struct sendas_plan_file *plan = open_plan(sha256);
	struct sendas_journal *journal = open_journal(path, false);
	char *text = read_whole(plan_path);
	char *other = replaced(text, "taro@example.com", "boss@example.com");
	FILE *stream = fopen(plan_path, "r+");
	long long after = 0;

	(void)state;
	/* In place, so that whoever has it open sees it. */
	assert_non_null(stream);
	assert_int_equal(
	    fwrite(other, 1, strlen(other), stream), strlen(other));
	assert_int_equal(fclose(stream), 0);
	import_into(journal, plan);
	assert_imported(next(journal, RUN_B, SENDAS_JOURNAL_PLANNED, &after),
	    "taro@example.com", taro, 1);
	assert_null(next(journal, RUN_B, SENDAS_JOURNAL_ALL, &after));
	sendas_journal_close(journal);
	sendas_plan_file_close(plan);
	free(other);
	free(text);
	free(sha256);
}

/* ---- mistakes in a file whose digest is right ---- */

struct mistake {
	const char *from, *to; /* what is replaced in a small plan */
	const char *message; /* NULL: it is none */
};

#define ADDRESSES "\"addresses\":["
#define CHANGES "\"changes\":["
/* Of a server, to `after`. */
#define SERVER(after)                                                          \
	"{\"address\":\"taro@ocn.ne.jp\",\"field\":\"smtpMsa\","               \
	"\"before\":{\"port\":25},\"after\":" after "},"
#define CHANGE                                                                 \
	"{\"address\":\"taro@ocn.ne.jp\",\"field\":\"treatAsAlias\","          \
	"\"before\":true,\"after\":false}"

static const struct mistake mistakes[] = {
    {"{", "{", NULL},
    /* Fields may be added. */
    {"\"run\":", "\"news\":[{}],\"run\":", NULL},
    {ADDRESSES, "\"news\":{\"a\":1}," ADDRESSES, NULL},
    {CHANGES "{", CHANGES "{\"news\":true,", NULL},
    {"\"end\":true", "\"news\":0,\"end\":true", NULL},
    {"\"outcome\":\"planned\",", "", NULL},
    {",\"reversible\":true", "", NULL},
    {"\"kanri\"", "null", NULL},
    /* Not a plan, or not one of ours. */
    {"\"sendas-plan\"", "\"sendas-report\"", "is no whole plan"},
    {"\"kind\":\"sendas-plan\",", "", "is no whole plan"},
    {"\"version\":1,", "", "is no whole plan"},
    {"\"version\":1,", "\"version\":0,", "is no whole plan"},
    {"\"version\":1,", "\"version\":\"1\",", "is no whole plan"},
    {"\"version\":1,", "\"version\":2,", "newer version of sendas"},
    {"{", "[{", "line 1, "},
    {"{\"kind\":", "\n{\"kind\":", "line 1, "},
    /* The head. */
    {"\"run\":", "\"walk\":", "line 1: run is missing"},
    {"\"expires\":", "\"expired\":", "line 1: expires is missing"},
    {"\"created\":\"2", "\"created\":\"x2", "line 1: created is no time"},
    {"\"created\":\"", "\"created\":\" ", "line 1: created is no time"},
    {"Z\",\"expires\"", "\",\"expires\"", "line 1: created is no time"},
    {"Z\",\"policy\"", "Z \",\"policy\"", "line 1: expires is no time"},
    {"\"expires\":\"2", "\"expires\":\"3", "is not within 7 days"},
    {"\"policy\":", "\"police\":", "line 1: "},
    {"\"kanri\"", "7", "line 1: by.user"},
    {"\"mailboxes\":1", "\"mailboxes\":2", "line 1: these are not the"},
    {"\"changes\":1", "\"changes\":0", "line 1: these are not the"},
    {"\"mailboxes\":1", "\"mailboxes\":-1", "line 1: mailboxes"},
    {"\"mailboxes\":1,", "", "line 1: mailboxes is missing"},
    /* Mailboxes. */
    {"{\"mailbox\":", "{\"mail\":", "line 2: mailbox is missing"},
    {"\"taro@example.com\"", "\"taro\"", "line 2: \"taro\" is not an"},
    {"\"taro@example.com\"", "\"a@b.jp,c@d.jp\"", "is not an e-mail address"},
    {"\"taro@example.com\"", "\"ta\\nro@b.jp\"", "is not an e-mail address"},
    {"\"taro@example.com\"", "5", "line 2: mailbox"},
    {ADDRESSES, "\"addressed\":[", "line 2: addresses"},
    {ADDRESSES "{\"address\":\"taro@ocn.ne.jp\"",
	ADDRESSES "{\"address\":\"taro\"", "addresses[0]: \"taro\" is not an"},
    {ADDRESSES "{\"address\":\"taro@ocn.ne.jp\"",
	ADDRESSES "{\"address\":\"ichiro@ocn.ne.jp\"",
	"changes[0]: taro@ocn.ne.jp is not among the addresses"},
    {"\"treatAsAlias\":true", "\"treatAsAlias\":\"yes\"",
	"addresses[0].treatAsAlias"},
    {"\"treatAsAlias\":true", "\"treatAsAlias\":false",
	"changes[0]: before is not what taro@ocn.ne.jp has"},
    {"\"relay\":{", "\"relay\":[],\"was\":{", "addresses[0].relay: "},
    {"\"port\":465", "\"port\":-465", "addresses[0].relay.port"},
    /* Changes. */
    {CHANGES, "\"changed\":[", "line 2: changes"},
    {CHANGES, CHANGES "],\"was\":[", "line 2: there is no change"},
    {CHANGES, CHANGES "7,", "line 2: changes[0]"},
    {CHANGES, CHANGES CHANGE ",",
	"changes[1]: taro@ocn.ne.jp is changed "
	"twice"},
    {"\"field\":\"treatAsAlias\"", "\"field\":\"signature\"",
	"line 2: changes[0]: field \"signature\" is not known"},
    {"\"field\":\"treatAsAlias\"", "\"field\":\"smtpMsa\"",
	"line 2: changes[0].before"},
    {CHANGES, CHANGES SERVER("null"), "before and after are no change"},
    {CHANGES, CHANGES SERVER("{\"port\":465}"), "before is not what"},
    {"\"field\":\"treatAsAlias\",", "", "changes[0]: field is missing"},
    {"\"before\":true", "\"before\":false", "before and after are no change"},
    {"\"before\":true", "\"before\":null", "before and after are no change"},
    {"\"before\":true,", "", "before and after are no change"},
    {"\"after\":false", "\"after\":true", "before and after are no change"},
    {"\"after\":false", "\"after\":0", "changes[0].after"},
    {"\"reversible\":true", "\"reversible\":1", "changes[0].reversible"},
    /* The end. */
    {"{\"end\":true", "{\"end\":false", "line 3: mailbox is missing"},
    {"{\"end\":true", "{\"end\":1", "line 3: end"},
    {"{\"end\":true,\"mailboxes\":1", "{\"end\":true,\"mailboxes\":0",
	"line 3: these are not the numbers"},
    {"{\"end\":true,\"mailboxes\":1,\"changes\":1}",
	"{\"end\":true,\"mailboxes\":1,\"changes\":2}",
	"line 3: these are not the numbers"},
    {"{\"end\":true,\"mailboxes\":1,", "{\"end\":true,",
	"line 3: mailboxes is missing"},
    {"{\"end\":true,\"mailboxes\":1,\"changes\":1}\n", "",
	"line 3: the file was cut off"},
    {"{\"end\":true,\"mailboxes\":1,\"changes\":1}\n",
	"{\"end\":true,\"mailboxes\":1,\"changes\":1}",
	"line 3: the file was cut off"},
    {"{\"end\":true,\"mailboxes\":1,\"changes\":1}\n",
	"{\"end\":true,\"mailboxes\":1,\"changes\":1}\n\n",
	"line 4: something stands after the end"},
    {"{\"end\":true", "\n{\"end\":true", "line 3, "},
    {"{\"mailbox\"", "{\"mailbox\":\"a@b.jp\",\"mailbox\"",
	"\"mailbox\" stands here twice"},
};

/* The plan at plan_path becomes this text; opens it with its digest. */
static void
check_text(const char *text, const char *message)
{
	char *sha256 = digest_of(text, strlen(text));

	write_whole(plan_path, text, strlen(text));
	if (message == NULL)
		sendas_plan_file_close(open_plan(sha256));
	else
		assert_refused(sha256, time(NULL), SENDAS_ERR_INPUT, message);
	free(sha256);
}

static void
mistakes_are_found(void **state)
{
	char *sha256 = write_small_plan();
	char *text = read_whole(plan_path), *other;

	(void)state;
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++) {
		other = replaced(text, mistakes[i].from, mistakes[i].to);
		check_text(other, mistakes[i].message);
		free(other);
	}
	check_text("", "line 1: the file was cut off");
	check_text("\n", "line 1");
	free(text);
	free(sha256);
}

/* Whatever the case of its letters, and wherever it stands. */
static void
a_mailbox_twice_is_found(void **state)
{
	char *sha256 = write_small_plan();
	char *text = read_whole(plan_path);
	char *line = sendas_xstrdup(strchr(text, '\n') + 1);
	char *head = replaced(text, "\"mailboxes\":1,\"changes\":1",
	    "\"mailboxes\":3,\"changes\":3");
	char *other, *upper, *three;

	(void)state;
	*(strchr(line, '\n') + 1) = '\0';
	*(strchr(head, '\n') + 1) = '\0';
	other = replaced(line, "taro@example.com", "hanako@example.com");
	upper = replaced(line, "taro@example.com", "TARO@example.com");
	three = sendas_xasprintf(
	    "%s%s%s%s{\"end\":true,\"mailboxes\":3,\"changes\":3}\n", head,
	    line, other, upper);
	check_text(three, "line 4: this mailbox stands on an earlier line");
	free(three);
	three = sendas_xasprintf(
	    "%s%s%s%s{\"end\":true,\"mailboxes\":3,\"changes\":3}\n", head,
	    line, other, line);
	check_text(three, "line 4: this mailbox stands on an earlier line");
	free(three);
	free(upper);
	upper = replaced(line, "taro@example.com", "taro2@example.com");
	three = sendas_xasprintf(
	    "%s%s%s%s{\"end\":true,\"mailboxes\":3,\"changes\":3}\n", head,
	    line, other, upper);
	check_text(three, NULL);
	free(three);
	free(upper);
	free(other);
	free(head);
	free(line);
	free(text);
	free(sha256);
}

/* A line that never ends is given up where no line of a plan goes on. */
static void
a_line_has_a_limit(void **state)
{
	size_t len = SENDAS_LIMIT_PLAN_LINE_BYTES + 1;
	char *text = sendas_xmalloc(len + 1);

	(void)state;
	memset(text, ' ', len);
	text[len] = '\0';
	check_text(text, "line 1: it is longer than any line of a plan is");
	free(text);
}

/* ---- writing ---- */

/* Google's text, as a terminal would obey it, and as bidi would turn it. */
static void
hostile_text_is_disarmed(void **state)
{
	static const char name[] = "ta\x1b[2Jro\r\n\x07\xc2\x9b"
				   "\xe2\x80\xae@ocn.ne.jp";
	struct sendas_journal *journal = new_run();
	const char *const aliases[] = {name};
	struct sendas_plan_file *plan;
	char *sha256, *text;
	long long after = 0;

	(void)state;
	plan_for(journal, "taro@example.com", name);
	sha256 = write_plan(journal);
	sendas_journal_close(journal);
	for (size_t i = 0; i < 2; i++) {
		text = read_whole(i == 0 ? plan_path : text_path);
		assert_null(strpbrk(text, "\x1b\x07\r"));
		assert_null(strstr(text, "\xc2\x9b"));
		assert_null(strstr(text, "\xe2\x80\xae"));
		free(text);
	}
	/* And yet it is that address which is changed. */
	plan = open_plan(sha256);
	journal = open_journal(path, false);
	import_into(journal, plan);
	assert_imported(next(journal, RUN_B, SENDAS_JOURNAL_PLANNED, &after),
	    "taro@example.com", aliases, 1);
	sendas_plan_file_close(plan);
	sendas_journal_close(journal);
	free(sha256);
}

static void
many_mailboxes_come_back(void **state)
{
	struct sendas_journal *journal = new_run();
	struct sendas_plan_file *plan;
	char name[64], alias[64];
	char *sha256;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "user%d@example.com", i);
		snprintf(alias, sizeof(alias), "user%d@ocn.ne.jp", i);
		plan_for(journal, name, alias);
	}
	sha256 = write_plan(journal);
	sendas_journal_close(journal);
	plan = open_plan(sha256);
	assert_int_equal(sendas_plan_file_get_head(plan)->mailboxes, MANY);
	assert_int_equal(sendas_plan_file_get_head(plan)->changes, MANY);
	journal = open_journal(NULL, false);
	import_into(journal, plan);
	assert_int_equal(
	    count_mailboxes(journal, RUN_B, SENDAS_JOURNAL_PLANNED), MANY);
	sendas_plan_file_close(plan);
	sendas_journal_close(journal);
	free(sha256);
}

/* Nothing is written, and nothing is left. */
static void
assert_not_written(struct sendas_journal *journal, const char *run,
    enum sendas_status wanted, const char *message)
{
	struct sendas_error err = {0};
	size_t before = count_files();
	char *sha256 = NULL;

	assert_int_equal(sendas_plan_file_write(
			     journal, run, policy, plan_path, &sha256, &err),
	    wanted);
	assert_null(sha256);
	assert_int_equal(err.code, wanted);
	assert_has(err.message, message);
	assert_int_equal(count_files(), before);
}

static void
there_must_be_something_to_approve(void **state)
{
	struct sendas_journal *journal = new_run();
	struct sendas_mailbox *mailbox;

	(void)state;
	assert_not_written(
	    journal, RUN_A, SENDAS_ERR_USAGE, "has nothing planned");
	plan_for(journal, "taro@example.com", "taro@ocn.ne.jp");
	assert_not_written(
	    journal, RUN_C, SENDAS_ERR_USAGE, "there is no run " RUN_C);
	/* Whose numbers would stand in the head? */
	begin_run(journal, RUN_B);
	plan_for(journal, "hanako@example.com", "hanako@ocn.ne.jp");
	plan_for(journal, "jiro@example.com", "jiro@ocn.ne.jp");
	assert_not_written(journal, RUN_A, SENDAS_ERR_USAGE,
	    "is not the one that is under way");
	/* It could be approved, and then not be read. */
	mailbox = sendas_mailbox_new("taro", SENDAS_SOURCE_GMAIL);
	add_address(mailbox, "taro@ocn.ne.jp", true);
	plan_mailbox(journal, mailbox);
	assert_not_written(
	    journal, RUN_B, SENDAS_ERR_USAGE, "\"taro\": this is not an");
	sendas_journal_close(journal);
}

static void
it_wants_a_place_of_its_own(void **state)
{
	struct sendas_journal *journal = new_small_run();

	(void)state;
	snprintf(plan_path, sizeof(plan_path), "/dev/full");
	assert_not_written(journal, RUN_A, SENDAS_ERR_FILE,
	    "/dev/full: this is not a regular file");
	snprintf(plan_path, sizeof(plan_path), "%s", folder);
	assert_not_written(
	    journal, RUN_A, SENDAS_ERR_FILE, "this is not a regular file");
	snprintf(plan_path, sizeof(plan_path), "%s/no/plan", folder);
	assert_not_written(journal, RUN_A, SENDAS_ERR_FILE, "/no/plan");
	snprintf(plan_path, sizeof(plan_path), "%s/plan", folder);
	snprintf(text_path, sizeof(text_path), "%s.txt", plan_path);
	assert_int_equal(mkfifo(text_path, 0600), 0);
	assert_not_written(journal, RUN_A, SENDAS_ERR_FILE,
	    "plan.txt: this is not a regular file");
	sendas_journal_close(journal);
}

static size_t
size_of(const char *name)
{
	struct stat info;

	assert_int_equal(stat(name, &info), 0);
	return (size_t)info.st_size;
}

static void
assert_is(const char *name, const char *wanted)
{
	char *text = read_whole(name);

	assert_string_equal(text, wanted);
	free(text);
}

/* Tries to write where no file can have more than `room` bytes. */
static void
write_without_room(struct sendas_journal *journal, size_t room)
{
	struct rlimit limit, usual;
	struct sendas_error err = {0};
	enum sendas_status status;
	char *sha256 = NULL;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
	limit = usual;
	limit.rlim_cur = room;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
	status = sendas_plan_file_write(
	    journal, RUN_A, policy, plan_path, &sha256, &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
	assert_int_equal(status, SENDAS_ERR_FILE);
	assert_has(err.message, "cannot be written");
	assert_null(sha256);
}

/* At every size at which the disk can be full: what was there before stays,
 * and nothing else is. */
static void
check_without_room(struct sendas_journal *journal, size_t size)
{
	signal(SIGXFSZ, SIG_IGN);
	for (size_t room = 0; room < size; room += 50) {
		write_without_room(journal, room);
		assert_int_equal(count_files(), 0);
	}
	write_whole(plan_path, "before", 6);
	write_whole(text_path, "also before", 11);
	for (size_t room = 0; room < size; room += 50) {
		write_without_room(journal, room);
		assert_int_equal(count_files(), 2);
		assert_is(plan_path, "before");
		assert_is(text_path, "also before");
	}
	signal(SIGXFSZ, SIG_DFL);
}

static void
a_full_disk_leaves_nothing(void **state)
{
	struct sendas_journal *journal = new_small_run();
	size_t size;

	(void)state;
	free(write_plan(journal));
	size = size_of(text_path);
	assert_true(size > size_of(plan_path) + 100);
	assert_int_equal(unlink(plan_path), 0);
	assert_int_equal(unlink(text_path), 0);
	check_without_room(journal, size);
	free(write_plan(journal));
	assert_int_equal(size_of(text_path), size);
	sendas_journal_close(journal);
}

/* There is room for the text, which must not stand there alone. */
static void
a_plan_that_does_not_fit_has_no_text(void **state)
{
	struct sendas_mailbox *mailbox =
	    sendas_mailbox_new("taro@example.com", SENDAS_SOURCE_GMAIL);
	struct sendas_journal *journal = new_run();
	struct sendas_relay *relay;
	size_t size;

	(void)state;
	add_address(mailbox, "taro@ocn.ne.jp", true);
	relay = &mailbox->addresses[0].relay;
	free(relay->host);
	relay->host = sendas_xasprintf("%03000d.example.com", 0);
	plan_mailbox(journal, mailbox);
	free(write_plan(journal));
	size = size_of(plan_path);
	assert_true(size > size_of(text_path) + 100);
	assert_int_equal(unlink(plan_path), 0);
	assert_int_equal(unlink(text_path), 0);
	check_without_room(journal, size);
	free(write_plan(journal));
	assert_int_equal(size_of(plan_path), size);
	sendas_journal_close(journal);
}

static int
set_up(void **state)
{
	sendas_oauth2_init();
	if (setup(state) != 0)
		return -1;
	policy_sha256 = sendas_record_policy_sha256(policy);
	return 0;
}

static int
tear_down(void **state)
{
	free(policy_sha256);
	teardown(state);
	sendas_oauth2_shutdown();
	return 0;
}

#undef TEST
#define TEST(function)                                                         \
	cmocka_unit_test_setup_teardown(function, make_place, remove_folder)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(comes_back_as_it_was),
	    TEST(odd_settings_come_back),
	    TEST(the_text_says_what_is_approved),
	    TEST(the_command_is_for_a_shell),
	    TEST(any_other_byte_is_refused),
	    TEST(a_digest_is_64_digits),
	    TEST(another_time_or_policy_is_refused),
	    TEST(what_cannot_be_read_is_told),
	    TEST(a_later_change_is_no_matter),
	    TEST(mistakes_are_found),
	    TEST(a_mailbox_twice_is_found),
	    TEST(a_line_has_a_limit),
	    TEST(hostile_text_is_disarmed),
	    TEST(many_mailboxes_come_back),
	    TEST(there_must_be_something_to_approve),
	    TEST(it_wants_a_place_of_its_own),
	    TEST(a_full_disk_leaves_nothing),
	    TEST(a_plan_that_does_not_fit_has_no_text),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name(
	    "plan_file", tests, set_up, tear_down);
}
