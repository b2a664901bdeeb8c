/* SPDX-License-Identifier: Apache-2.0 */
/*
 * passwords_file.c: where the password of each address stands in a file that
 * stays open. It is read from there when it is wanted, and whatever held it
 * meanwhile is wiped. No message has a part of a row in it: a password stands
 * in any column once two were mixed up.
 */
#include "sendas/passwords_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>
#include "sendas/buf.h"
#include "sendas/csv.h"
#include "sendas/csv_head.h"
#include "sendas/file.h"
#include "sendas/i18n.h"
#include "sendas/limits.h"
#include "sendas/mem.h"
#include "sendas/text.h"
#include "sendas/users.h"

enum column { MAILBOX, ADDRESS, USER_NAME, PASSWORD, COLUMNS };

/* As messages have them. */
static const char *const column_names[COLUMNS] = {
    [MAILBOX] = "mailbox",
    [ADDRESS] = "address",
    [USER_NAME] = "user name",
    [PASSWORD] = "password",
};

#define ALL_COLUMNS "mailbox,address,user name,password"

/* How much of the name of a column is shown. */
#define SHOWN_COLUMN_BYTES 30

#define NO_COLUMN SIZE_MAX

/* The name of a copy in ~/.config/sendas. */
#define NAME_AT_HOME "passwords.csv"

struct entry {
	char *mailbox; /* in ASCII lower case, and so is the address */
	char *address;
	size_t offset, bytes; /* of its record in the file */
	size_t line;
	bool is_found; /* by _has */
};

struct sendas_passwords_file {
	char *path; /* for messages */
	int fd;
	struct stat checked; /* what it was before it was checked */
	size_t fields; /* of the header, and of each row */
	size_t columns[COLUMNS]; /* where they stand, or NO_COLUMN */
	struct entry *entries; /* by mailbox and address */
	size_t count, room;
};

/* What a record has. */
struct row {
	char *mailbox, *address, *user; /* without spaces around */
	const char *password; /* the record's, and all of it */
};

/* COLUMNS if it is none of them. */
static enum column
column_called(const char *name)
{
	static const char *const user_names[] = {
	    "username", "user", "user_name"};

	for (int i = 0; i < COLUMNS; i++) {
		if (sendas_csv_head_is_column(name, column_names[i]))
			return (enum column)i;
	}
	for (size_t i = 0; i < sizeof(user_names) / sizeof(user_names[0]);
	     i++) {
		if (sendas_csv_head_is_column(name, user_names[i]))
			return USER_NAME;
	}
	return COLUMNS;
}

static bool
has_column(const struct sendas_passwords_file *file, enum column column)
{
	return file->columns[column] != NO_COLUMN;
}

/* The column that is none of those known, by its number. */
static enum sendas_status
fail_unknown(const struct sendas_passwords_file *file,
    const struct sendas_csv_record *header, size_t unknown,
    struct sendas_error *err)
{
	char name[SHOWN_COLUMN_BYTES + 1];

	sendas_text_copy_cut(name, SHOWN_COLUMN_BYTES, header->fields[unknown]);
	return sendas_fail(err, SENDAS_ERR_INPUT,
	    _("%.200s: line %zu: column %zu (\"%s\") is none of those that may "
	      "be there. Delete it, or give it its right name: %s"),
	    file->path, header->line, unknown + 1, name, ALL_COLUMNS);
}

/* Where the columns stand; *unknown gets the first other one, or
 * NO_COLUMN. */
static enum sendas_status
find_columns(struct sendas_passwords_file *file,
    const struct sendas_csv_record *header, size_t *unknown,
    struct sendas_error *err)
{
	enum column column;

	*unknown = NO_COLUMN;
	for (size_t i = 0; i < header->count; i++) {
		column = column_called(header->fields[i]);
		if (column == COLUMNS && *unknown == NO_COLUMN)
			*unknown = i;
		if (column == COLUMNS)
			continue;
		if (has_column(file, column))
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("%.200s: line %zu: the column \"%s\" is there "
			      "twice. Keep the one that is meant."),
			    file->path, header->line, column_names[column]);
		file->columns[column] = i;
	}
	return SENDAS_OK;
}

/*
 * What is there is shown only if it surely is a header: without one, the first
 * row has a password in it.
 */
static enum sendas_status
check_columns(const struct sendas_passwords_file *file,
    const struct sendas_csv_record *header, size_t unknown,
    struct sendas_error *err)
{
	bool is_header = has_column(file, PASSWORD) &&
	    (has_column(file, MAILBOX) || has_column(file, ADDRESS));

	if (header->count == 1 && strpbrk(header->fields[0], ";\t") != NULL)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: line %zu: semicolons or tabs stand between the "
		      "columns. Save it with commas (in Excel: \"CSV UTF-8 "
		      "(Comma delimited)\")."),
		    file->path, header->line);
	if (is_header && unknown != NO_COLUMN)
		return fail_unknown(file, header, unknown, err);
	for (int i = 0; i < COLUMNS; i++) {
		if (i != USER_NAME && !has_column(file, (enum column)i))
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("%.200s: line %zu: the column \"%s\" is missing. "
			      "The first line has to name the columns: %s"),
			    file->path, header->line, column_names[i],
			    ALL_COLUMNS);
	}
	return SENDAS_OK;
}

/* The next record that is not blank; NULL after the last one. */
static enum sendas_status
next_record(const struct sendas_passwords_file *file, struct sendas_csv *csv,
    const struct sendas_csv_record **record, struct sendas_error *err)
{
	enum sendas_status status;

	do {
		status = sendas_csv_next(csv, record, err);
		if (status != SENDAS_OK)
			return sendas_fail(err, status, "%.200s: %s",
			    file->path, err->message);
	} while (*record != NULL && (*record)->is_blank);
	return SENDAS_OK;
}

static enum sendas_status
read_header(struct sendas_passwords_file *file, struct sendas_csv *csv,
    struct sendas_error *err)
{
	const struct sendas_csv_record *header;
	enum sendas_status status;
	size_t unknown;

	for (int i = 0; i < COLUMNS; i++)
		file->columns[i] = NO_COLUMN;
	status = next_record(file, csv, &header, err);
	if (status != SENDAS_OK)
		return status;
	if (header == NULL)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: there is nothing in it. The first line has to "
		      "name the columns: %s"),
		    file->path, ALL_COLUMNS);
	file->fields = header->count;
	status = sendas_csv_head_check_utf8(header, file->path, err);
	if (status == SENDAS_OK)
		status = find_columns(file, header, &unknown, err);
	if (status == SENDAS_OK)
		status = check_columns(file, header, unknown, err);
	return status;
}

static const char *
field_of(const struct sendas_passwords_file *file,
    const struct sendas_csv_record *record, enum column column)
{
	return has_column(file, column) ? record->fields[file->columns[column]]
					: "";
}

/* As many fields as the header has, in UTF-8. */
static enum sendas_status
check_fields(const struct sendas_passwords_file *file,
    const struct sendas_csv_record *record, struct sendas_error *err)
{
	const char *field;

	if (record->count != file->fields)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: line %zu: the number of fields is %zu, in the "
		      "first line it is %zu. A field with a comma in it has to "
		      "stand in quotation marks, and an empty one keeps its "
		      "comma."),
		    file->path, record->line, record->count, file->fields);
	for (int i = 0; i < COLUMNS; i++) {
		field = field_of(file, record, (enum column)i);
		if (!sendas_text_is_utf8(field, strlen(field)))
			return sendas_fail(err, SENDAS_ERR_INPUT,
			    _("%.200s: line %zu: the column \"%s\" is not "
			      "UTF-8. Save the file as UTF-8 (in Excel: \"CSV "
			      "UTF-8\")."),
			    file->path, record->line, column_names[i]);
	}
	return SENDAS_OK;
}

static enum sendas_status
check_address(const struct sendas_passwords_file *file, size_t line,
    enum column column, const char *address, struct sendas_error *err)
{
	if (*address == '\0')
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: line %zu: the column \"%s\" is empty. Give an "
		      "e-mail address there, such as taro@example.com."),
		    file->path, line, column_names[column]);
	if (!sendas_users_is_address(address))
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: line %zu: what the column \"%s\" has is not an "
		      "e-mail address. Give the address alone, such as "
		      "taro@example.com."),
		    file->path, line, column_names[column]);
	return SENDAS_OK;
}

static enum sendas_status
check_user(const struct sendas_passwords_file *file, size_t line,
    const char *user, struct sendas_error *err)
{
	char *safe = sendas_text_safe(user, false);
	bool is_visible = strcmp(safe, user) == 0;

	sendas_mem_wipe_free(safe);
	if (!is_visible)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: line %zu: the column \"%s\" has a line break or "
		      "characters that cannot be seen. Type it anew."),
		    file->path, line, column_names[USER_NAME]);
	return SENDAS_OK;
}

static enum sendas_status
check_password(const struct sendas_passwords_file *file, size_t line,
    const char *password, struct sendas_error *err)
{
	if (*password == '\0')
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: line %zu: there is no password. Give it, or "
		      "delete the line."),
		    file->path, line);
	if (!sendas_text_is_line(password, strlen(password)))
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: line %zu: the password has a line break, a tab "
		      "or another control character. Type it anew."),
		    file->path, line);
	return SENDAS_OK;
}

/* Wiped, for whoever has mixed up the columns. */
static void
clear_row(struct row *row)
{
	sendas_mem_wipe_free(row->mailbox);
	sendas_mem_wipe_free(row->address);
	sendas_mem_wipe_free(row->user);
	*row = (struct row){0};
}

/* Takes a record apart and checks it; *row is set on success only. */
static enum sendas_status
read_row(const struct sendas_passwords_file *file,
    const struct sendas_csv_record *record, struct row *out,
    struct sendas_error *err)
{
	enum sendas_status status;
	struct row row;

	status = check_fields(file, record, err);
	if (status != SENDAS_OK)
		return status;
	row.mailbox = sendas_text_trim(field_of(file, record, MAILBOX));
	row.address = sendas_text_trim(field_of(file, record, ADDRESS));
	row.user = sendas_text_trim(field_of(file, record, USER_NAME));
	row.password = field_of(file, record, PASSWORD);
	status = check_address(file, record->line, MAILBOX, row.mailbox, err);
	if (status == SENDAS_OK)
		status = check_address(
		    file, record->line, ADDRESS, row.address, err);
	if (status == SENDAS_OK)
		status = check_user(file, record->line, row.user, err);
	if (status == SENDAS_OK)
		status = check_password(file, record->line, row.password, err);
	if (status == SENDAS_OK)
		*out = row;
	else
		clear_row(&row);
	return status;
}

static int
compare_pairs(const void *a, const void *b)
{
	const struct entry *one = a, *two = b;
	int order = strcmp(one->mailbox, two->mailbox);

	return order != 0 ? order : strcmp(one->address, two->address);
}

/* Equal pairs in the order of their lines. */
static int
compare_entries(const void *a, const void *b)
{
	const struct entry *one = a, *two = b;
	int order = compare_pairs(a, b);

	return order != 0 ? order
			  : (one->line > two->line) - (one->line < two->line);
}

/* Takes the row's addresses. */
static void
add_entry(struct sendas_passwords_file *file,
    const struct sendas_csv_record *record, size_t before, struct row *row)
{
	struct entry *entry;

	if (file->count == file->room) {
		file->room = file->room > 0 ? 2 * file->room : 16;
		file->entries = sendas_xrealloc(
		    file->entries, file->room, sizeof(*file->entries));
	}
	entry = &file->entries[file->count++];
	*entry = (struct entry){.mailbox = row->mailbox,
	    .address = row->address,
	    .offset = before + record->offset,
	    .bytes = record->bytes,
	    .line = record->line};
	sendas_text_lower(entry->mailbox);
	sendas_text_lower(entry->address);
	row->mailbox = NULL;
	row->address = NULL;
}

/* `before` is how much of the file stands before what is read. */
static enum sendas_status
read_rows(struct sendas_passwords_file *file, struct sendas_csv *csv,
    size_t before, struct sendas_error *err)
{
	const struct sendas_csv_record *record;
	enum sendas_status status;
	struct row row;

	status = read_header(file, csv, err);
	while (status == SENDAS_OK) {
		status = next_record(file, csv, &record, err);
		if (status != SENDAS_OK || record == NULL)
			break;
		status = read_row(file, record, &row, err);
		if (status == SENDAS_OK) {
			add_entry(file, record, before, &row);
			clear_row(&row);
		}
	}
	return status;
}

/* Sorts the entries; of those that repeat another, the first is told. */
static enum sendas_status
sort_entries(struct sendas_passwords_file *file, struct sendas_error *err)
{
	const struct entry *repeat = NULL;
	struct entry *entries = file->entries;

	if (file->count == 0)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: it has no entries. Below the first line, give "
		      "each address a line of its own."),
		    file->path);
	qsort(entries, file->count, sizeof(*entries), compare_entries);
	for (size_t i = 1; i < file->count; i++) {
		if (compare_pairs(&entries[i - 1], &entries[i]) == 0 &&
		    (repeat == NULL || entries[i].line < repeat->line))
			repeat = &entries[i];
	}
	if (repeat != NULL)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: lines %zu and %zu are about the same address of "
		      "the same mailbox. Delete the one that is wrong."),
		    file->path, repeat[-1].line, repeat->line);
	return SENDAS_OK;
}

static enum sendas_status
read_text(struct sendas_passwords_file *file, const struct sendas_buf *text,
    struct sendas_error *err)
{
	enum sendas_status status;
	struct sendas_csv *csv;
	size_t mark;

	status = sendas_csv_head_read_mark(
	    text->data, text->len, file->path, &mark, err);
	if (status != SENDAS_OK)
		return status;
	csv = sendas_csv_new(NULL, text->data + mark, text->len - mark, 1);
	status = read_rows(file, csv, mark, err);
	sendas_csv_free(csv);
	return status == SENDAS_OK ? sort_entries(file, err) : status;
}

static enum sendas_status
fail_read(const struct sendas_passwords_file *file, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_FILE, _("%s: cannot be read: %s"),
	    file->path, strerror(errno));
}

static enum sendas_status
read_file(struct sendas_passwords_file *file, struct sendas_error *err)
{
	enum sendas_status status;
	struct sendas_buf text;

	status =
	    sendas_file_open_private(file->path, NAME_AT_HOME, &file->fd, err);
	if (status != SENDAS_OK)
		return status;
	/* Before it is read: what changes it meanwhile shows later. */
	if (fstat(file->fd, &file->checked) != 0)
		return fail_read(file, err);
	status = sendas_file_read_open(
	    file->fd, file->path, SENDAS_LIMIT_PASSWORDS_BYTES, &text, err);
	if (status != SENDAS_OK)
		return status;
	status = read_text(file, &text, err);
	sendas_buf_clear(&text);
	return status;
}

enum sendas_status
sendas_passwords_file_open(const char *path, struct sendas_passwords_file **out,
    struct sendas_error *err)
{
	struct sendas_passwords_file *file = sendas_xcalloc(1, sizeof(*file));
	struct sendas_error own;
	enum sendas_status status;

	file->path = sendas_xstrdup(path);
	file->fd = -1;
	status = read_file(file, &own);
	if (status != SENDAS_OK) {
		if (err != NULL)
			*err = own;
		sendas_passwords_file_free(file);
		return status;
	}
	*out = file;
	return SENDAS_OK;
}

static struct entry *
find_entry(const struct sendas_passwords_file *file, const char *mailbox,
    const char *address)
{
	struct entry wanted = {.mailbox = sendas_xstrdup(mailbox),
	    .address = sendas_xstrdup(address)};
	struct entry *found;

	sendas_text_lower(wanted.mailbox);
	sendas_text_lower(wanted.address);
	found = bsearch(&wanted, file->entries, file->count,
	    sizeof(*file->entries), compare_pairs);
	free(wanted.mailbox);
	free(wanted.address);
	return found;
}

bool
sendas_passwords_file_has(const struct sendas_passwords_file *file,
    const char *mailbox, const char *address)
{
	struct entry *entry = find_entry(file, mailbox, address);

	if (entry != NULL)
		entry->is_found = true;
	return entry != NULL;
}

static enum sendas_status
fail_changed(const struct sendas_passwords_file *file,
    const struct entry *entry, struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_INPUT,
	    _("%.200s: line %zu: the file was changed after it had been "
	      "checked, so no password is taken from it any more. Start "
	      "again."),
	    file->path, entry->line);
}

/* By size and time, since a row that lies there by chance could look right.
 * Not by more: a name that is gone changes nothing in what is read. */
static bool
is_as_checked(const struct sendas_passwords_file *file)
{
	const struct stat *then = &file->checked;
	struct stat now;

	return fstat(file->fd, &now) == 0 && now.st_size == then->st_size &&
	    now.st_mtim.tv_sec == then->st_mtim.tv_sec &&
	    now.st_mtim.tv_nsec == then->st_mtim.tv_nsec;
}

/* The bytes of the entry's record. */
static enum sendas_status
read_bytes(const struct sendas_passwords_file *file, const struct entry *entry,
    char *bytes, struct sendas_error *err)
{
	size_t len = 0;
	ssize_t got;

	while (len < entry->bytes) {
		got = pread(file->fd, bytes + len, entry->bytes - len,
		    (off_t)(entry->offset + len));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_read(file, err);
		if (got == 0)
			return fail_changed(file, entry, err);
		len += (size_t)got;
	}
	return SENDAS_OK;
}

/* Whether a whole line, or more, is there: a password that became longer would
 * be cut. */
static bool
is_whole(const struct sendas_passwords_file *file, const struct entry *entry,
    const char *bytes)
{
	return bytes[entry->bytes - 1] == '\n' ||
	    entry->offset + entry->bytes == (size_t)file->checked.st_size;
}

/* The only record of `csv`, if it is still the entry's. */
static bool
read_same_row(const struct sendas_passwords_file *file,
    const struct entry *entry, struct sendas_csv *csv, struct row *row)
{
	const struct sendas_csv_record *record;
	struct sendas_error ignored;

	if (sendas_csv_next(csv, &record, &ignored) != SENDAS_OK ||
	    record == NULL || record->bytes != entry->bytes ||
	    read_row(file, record, row, &ignored) != SENDAS_OK)
		return false;
	if (sendas_text_equal_fold(row->mailbox, entry->mailbox) &&
	    sendas_text_equal_fold(row->address, entry->address))
		return true;
	clear_row(row);
	return false;
}

static enum sendas_status
take_password(const struct sendas_passwords_file *file,
    const struct entry *entry, const char *bytes, char **user,
    struct sendas_secret *password, struct sendas_error *err)
{
	struct sendas_csv *csv =
	    sendas_csv_new(NULL, bytes, entry->bytes, entry->line);
	enum sendas_status status = SENDAS_OK;
	struct row row;

	if (is_whole(file, entry, bytes) &&
	    read_same_row(file, entry, csv, &row)) {
		*user =
		    sendas_xstrdup(*row.user != '\0' ? row.user : row.address);
		sendas_secret_set(password, row.password, strlen(row.password));
		clear_row(&row);
	} else {
		status = fail_changed(file, entry, err);
	}
	sendas_csv_free(csv);
	return status;
}

enum sendas_status
sendas_passwords_file_get(struct sendas_passwords_file *file,
    const char *mailbox, const char *address, char **user,
    struct sendas_secret *password, struct sendas_error *err)
{
	const struct entry *entry = find_entry(file, mailbox, address);
	enum sendas_status status;
	char *bytes;

	if (entry == NULL)
		return sendas_fail(err, SENDAS_ERR_INPUT,
		    _("%.200s: there is no password for the address %.200s of "
		      "the mailbox %.200s. Give it a line of its own."),
		    file->path, address, mailbox);
	if (!is_as_checked(file))
		return fail_changed(file, entry, err);
	bytes = sendas_xmalloc(entry->bytes);
	status = read_bytes(file, entry, bytes, err);
	if (status == SENDAS_OK)
		status = take_password(file, entry, bytes, user, password, err);
	sendas_mem_wipe_free(bytes);
	return status;
}

size_t
sendas_passwords_file_count(const struct sendas_passwords_file *file)
{
	return file->count;
}

size_t
sendas_passwords_file_unused(
    const struct sendas_passwords_file *file, size_t *line)
{
	size_t unused = 0;

	*line = 0;
	for (size_t i = 0; i < file->count; i++) {
		if (file->entries[i].is_found)
			continue;
		unused++;
		if (*line == 0 || file->entries[i].line < *line)
			*line = file->entries[i].line;
	}
	return unused;
}

void
sendas_passwords_file_free(struct sendas_passwords_file *file)
{
	if (file == NULL)
		return;
	for (size_t i = 0; i < file->count; i++) {
		free(file->entries[i].mailbox);
		free(file->entries[i].address);
	}
	free(file->entries);
	if (file->fd >= 0)
		close(file->fd);
	free(file->path);
	free(file);
}
