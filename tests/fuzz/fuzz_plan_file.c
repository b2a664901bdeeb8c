/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_plan_file.c: any bytes as a plan that somebody approved: it is refused
 * with a reason, or all of it, and nothing else, is planned.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include "sendas/journal.h"
#include "sendas/oauth2_glue.h"
#include "sendas/plan_file.h"
#include "sendas/policy_file.h"
#include "sendas/users.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the corpus says that it was made with, and within its time. */
#define POLICY_SHA256                                                          \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define NOW ((time_t)1795500000)

#define RUN "20261124T021500Z-000a"

static const struct sendas_policy *
get_policy(void)
{
	static struct sendas_policy *policy;
	struct sendas_error err;

	if (policy != NULL)
		return policy;
	sendas_oauth2_init();
	if (sendas_policy_file_load("ocn", &policy, &err) != SENDAS_OK)
		abort();
	return policy;
}

static struct sendas_journal *
new_run(void)
{
	char id[] = RUN, command[] = "fix";
	const struct sendas_journal_run run = {
	    .id = id, .command = command, .started = NOW};
	struct sendas_journal *journal = NULL;
	struct sendas_error err;

	if (sendas_journal_open(NULL, false, &journal, &err) != SENDAS_OK ||
	    sendas_journal_begin(journal, NULL, &run, &err) != SENDAS_OK)
		abort();
	return journal;
}

static void
check_mailbox(const struct sendas_mailbox *mailbox)
{
	if (mailbox->change_count == 0 ||
	    !sendas_users_is_address(mailbox->mailbox))
		abort();
	for (size_t i = 0; i < mailbox->change_count; i++) {
		const struct sendas_change *change = &mailbox->changes[i];
		const struct sendas_address *address =
		    sendas_mailbox_find(mailbox, change->address);

		if (change->outcome != SENDAS_OUTCOME_PLANNED ||
		    change->field != SENDAS_FIELD_TREAT_AS_ALIAS ||
		    change->before.is_true == change->after.is_true ||
		    address == NULL ||
		    !sendas_address_stands_at(
			address, change->field, &change->before))
			abort();
	}
}

/* What was taken is in the journal, and as many as the head says. */
static void
check_taken(struct sendas_plan_file *plan)
{
	const struct sendas_plan_file_head *head =
	    sendas_plan_file_get_head(plan);
	struct sendas_journal *journal = new_run();
	size_t mailboxes = 0, changes = 0;
	struct sendas_mailbox *mailbox;
	struct sendas_error err;
	long long after = 0;

	if (head->expires <= NOW ||
	    head->expires - head->created >
		SENDAS_PLAN_FILE_DAYS * 24L * 60 * 60)
		abort();
	if (sendas_plan_file_import(plan, get_policy(), journal, &err) !=
	    SENDAS_OK)
		abort();
	for (;;) {
		if (sendas_journal_next(journal, RUN, SENDAS_JOURNAL_ALL,
			&after, &mailbox, &err) != SENDAS_OK)
			abort();
		if (mailbox == NULL)
			break;
		check_mailbox(mailbox);
		mailboxes++;
		changes += mailbox->change_count;
		sendas_mailbox_free(mailbox);
	}
	if (mailboxes != head->mailboxes || changes != head->changes)
		abort();
	sendas_journal_close(journal);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int fd = memfd_create("plan", MFD_CLOEXEC);
	struct sendas_oauth2_digest *digest;
	struct sendas_plan_file *plan = NULL;
	struct sendas_error err = {0};
	enum sendas_status status;
	char path[32], *sha256;

	get_policy();
	if (fd < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	digest = sendas_oauth2_digest_new();
	sendas_oauth2_digest_add(digest, data, size);
	sha256 = sendas_oauth2_digest_finish(digest);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	status = sendas_plan_file_open(
	    path, sha256, POLICY_SHA256, NOW, &plan, &err);
	close(fd);
	free(sha256);
	if (status == SENDAS_OK)
		check_taken(plan);
	else if ((status != SENDAS_ERR_INPUT && status != SENDAS_ERR_USAGE) ||
	    err.message[0] == '\0' || plan != NULL)
		abort();
	sendas_plan_file_close(plan);
	return 0;
}
