/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_passwords_file.c: any bytes as a file of passwords: each is handed out
 * as it stands there, or all are refused with a reason that shows none; and
 * any bytes in the place of a file that was checked.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "sendas/csv.h"
#include "sendas/csv_head.h"
#include "sendas/passwords_file.h"
#include "sendas/text.h"
#include "sendas/users.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The passwords of the corpus have it, and no message of ours. */
#define HIDDEN "S3cr3t"

/* The input as a file, and as what csv.h makes of it. */
struct input {
	const char *text;
	size_t len;
	int fd; /* without a name, but one below /proc */
	char path[32];
	size_t mailbox, address, password; /* columns */
};

static void
must(bool is_true)
{
	if (!is_true)
		abort();
}

static void
write_all(const struct input *input, const char *text, size_t len, off_t at)
{
	must(pwrite(input->fd, text, len, at) == (ssize_t)len);
}

static void
make_file(struct input *input)
{
	input->fd = memfd_create("passwords", MFD_CLOEXEC);
	must(input->fd >= 0 && fchmod(input->fd, 0600) == 0);
	snprintf(
	    input->path, sizeof(input->path), "/proc/self/fd/%d", input->fd);
	write_all(input, input->text, input->len, 0);
}

static struct sendas_csv *
read_input(const struct input *input)
{
	size_t mark = 0;

	if (sendas_csv_head_read_mark(
		input->text, input->len, "", &mark, NULL) != SENDAS_OK)
		return NULL;
	return sendas_csv_new(NULL, input->text + mark, input->len - mark, 1);
}

/* NULL after the last one, or where it is no CSV. */
static const struct sendas_csv_record *
next_record(struct sendas_csv *csv)
{
	const struct sendas_csv_record *record;

	do {
		if (sendas_csv_next(csv, &record, NULL) != SENDAS_OK)
			return NULL;
	} while (record != NULL && record->is_blank);
	return record;
}

static size_t
find_column(const struct sendas_csv_record *header, const char *name)
{
	size_t i = 0;

	while (i < header->count &&
	    !sendas_csv_head_is_column(header->fields[i], name))
		i++;
	return i;
}

static void
check_password(struct sendas_passwords_file *file, const char *mailbox,
    const char *address, const char *want)
{
	struct sendas_secret password = {0};
	char *user;

	must(*want != '\0' && sendas_text_is_line(want, strlen(want)) &&
	    sendas_text_is_utf8(want, strlen(want)));
	must(sendas_passwords_file_has(file, mailbox, address));
	must(sendas_passwords_file_get(
		 file, mailbox, address, &user, &password, NULL) == SENDAS_OK);
	must(strcmp(password.data, want) == 0 && password.len == strlen(want));
	must(*user != '\0' && sendas_text_is_utf8(user, strlen(user)));
	sendas_secret_clear(&password);
	free(user);
}

/* Each row, and no other. */
static void
check_taken(struct input *input, struct sendas_passwords_file *file)
{
	struct sendas_csv *csv = read_input(input);
	const struct sendas_csv_record *record = next_record(csv);
	size_t count = 0, fields = record->count, line;

	input->mailbox = find_column(record, "mailbox");
	input->address = find_column(record, "address");
	input->password = find_column(record, "password");
	while ((record = next_record(csv)) != NULL) {
		char *mailbox =
		    sendas_text_trim(record->fields[input->mailbox]);
		char *address =
		    sendas_text_trim(record->fields[input->address]);

		must(record->count == fields);
		must(sendas_users_is_address(mailbox));
		must(sendas_users_is_address(address));
		check_password(
		    file, mailbox, address, record->fields[input->password]);
		free(mailbox);
		free(address);
		count++;
	}
	sendas_csv_free(csv);
	must(count > 0 && count == sendas_passwords_file_count(file));
	must(sendas_passwords_file_unused(file, &line) == 0 && line == 0);
}

/* A name in a header may be shown, where it is one. */
static bool
is_in_header(const struct input *input)
{
	struct sendas_csv *csv = read_input(input);
	const struct sendas_csv_record *header =
	    csv != NULL ? next_record(csv) : NULL;
	bool is_in = false;

	if (header != NULL && find_column(header, "password") < header->count &&
	    (find_column(header, "mailbox") < header->count ||
		find_column(header, "address") < header->count)) {
		for (size_t i = 0; i < header->count; i++)
			is_in |= strstr(header->fields[i], HIDDEN) != NULL;
	}
	sendas_csv_free(csv);
	return is_in;
}

static void
check_refused(const struct input *input, const struct sendas_error *err)
{
	must(err->code == SENDAS_ERR_INPUT);
	must(strncmp(err->message, input->path, strlen(input->path)) == 0);
	must(strstr(err->message, HIDDEN) == NULL || is_in_header(input));
}

/* Its halves change places, as if no time had passed. */
static void
change_file(const struct input *input)
{
	size_t half = input->len / 2;
	struct timespec times[2];
	struct stat info;

	must(fstat(input->fd, &info) == 0);
	write_all(input, input->text + half, input->len - half, 0);
	write_all(input, input->text, half, (off_t)(input->len - half));
	times[0] = info.st_atim;
	times[1] = info.st_mtim;
	must(futimens(input->fd, times) == 0);
}

/* Whatever lies where a row was is that row or is refused. */
static void
check_changed(const struct input *input, struct sendas_passwords_file *file)
{
	struct sendas_csv *csv = read_input(input);
	const struct sendas_csv_record *record = next_record(csv);

	change_file(input);
	while ((record = next_record(csv)) != NULL) {
		char *mailbox =
		    sendas_text_trim(record->fields[input->mailbox]);
		char *address =
		    sendas_text_trim(record->fields[input->address]);
		struct sendas_secret password = {0};
		struct sendas_error err;
		char *user = NULL;

		if (sendas_passwords_file_get(file, mailbox, address, &user,
			&password, &err) != SENDAS_OK)
			check_refused(input, &err);
		else
			must(password.len > 0);
		sendas_secret_clear(&password);
		free(user);
		free(mailbox);
		free(address);
	}
	sendas_csv_free(csv);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = {.text = (const char *)data, .len = size};
	struct sendas_passwords_file *file = NULL;
	struct sendas_error err = {0};

	make_file(&input);
	if (sendas_passwords_file_open(input.path, &file, &err) == SENDAS_OK) {
		check_taken(&input, file);
		check_changed(&input, file);
	} else {
		must(file == NULL);
		check_refused(&input, &err);
	}
	sendas_passwords_file_free(file);
	close(input.fd);
	return 0;
}
