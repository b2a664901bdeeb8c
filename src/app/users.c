/* SPDX-License-Identifier: Apache-2.0 */
/*
 * users.c: a list of mailboxes, checked whole. The addresses go to a
 * temporary file without a name, a line each:
 *     "+" or "-", the line of the list, " ", the address
 * Those that repeat another are marked there with "-", so that nothing about
 * them has to be kept in memory. Asks nobody, and no network.
 */
#include "sendas/users.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
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

/* So many bad lines and columns are shown; the rest is counted. */
#define SHOWN_LINES 5
#define SHOWN_COLUMNS 8

/* How much of a line or a column's name is shown. */
#define SHOWN_LINE_BYTES 60
#define SHOWN_COLUMN_BYTES 30

/* The mark, a line number, a space, an address and the line end. */
#define ENTRY_BYTES (SENDAS_LIMIT_ADDRESS_BYTES + 24)

/* What the column with the addresses is called, the first that is there. The
 * two with "Email Address" are what the Admin console's export and template
 * have. */
static const char *const column_names[] = {"primaryEmail", "email", "mailbox",
    "user", "Email Address [Required]", "Email Address", "メールアドレス"};

#define COLUMN_NAMES (sizeof(column_names) / sizeof(column_names[0]))

struct sendas_users {
	FILE *entries;
	size_t count;
	size_t repeats;
	size_t first_repeat; /* its line */
	size_t handed_out;
	char entry[ENTRY_BYTES + 1];
};

struct bad_line {
	size_t line;
	const char *reason;
	char text[SHOWN_LINE_BYTES + 1];
};

/* A list while it is read. */
struct reading {
	FILE *input;
	const char *name;
	size_t line; /* of the line that was read last */
	struct sendas_buf text; /* of that line, as it is */
	struct sendas_users *users;
	struct bad_line bad[SHOWN_LINES];
	size_t bad_count; /* all of them */
	struct sendas_error *err;
};

/*
 * What finds repetitions: twice as many places as there are addresses, of 8
 * bytes each. A place has where an entry begins, plus 1, and above that some
 * bits of its address's hash; 0 is a place that is free.
 */
struct places {
	uint64_t *at;
	size_t count;
};

#define OFFSET_BITS 40

static bool
is_plain(const char *word)
{
	/* What no mailbox of Google's has, and what stands between or around
	 * addresses. */
	static const char forbidden[] = "\"(),:;<>[\\]";

	for (const char *c = word; *c != '\0'; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f ||
		    strchr(forbidden, *c) != NULL)
			return false;
	}
	return true;
}

/* Nothing invisible, nothing that is not UTF-8, and no full-width forms. */
static bool
is_visible(const char *word)
{
	char *safe = sendas_text_safe(word, false);
	char *folded = sendas_text_fold_width(word);
	bool is_same = strcmp(safe, word) == 0 && strcmp(folded, word) == 0;

	free(safe);
	free(folded);
	return is_same;
}

bool
sendas_users_is_address(const char *word)
{
	const char *at = strchr(word, '@');

	return at != NULL && at != word && at[1] != '\0' &&
	    strchr(at + 1, '@') == NULL &&
	    strlen(word) <= SENDAS_LIMIT_ADDRESS_BYTES && is_plain(word) &&
	    is_visible(word);
}

static void
note_bad(
    struct reading *reading, size_t line, const char *text, const char *reason)
{
	struct bad_line *bad;

	if (reading->bad_count < SHOWN_LINES) {
		bad = &reading->bad[reading->bad_count];
		bad->line = line;
		bad->reason = reason;
		sendas_text_copy_cut(bad->text, SHOWN_LINE_BYTES, text);
	}
	reading->bad_count++;
}

/* Puts an address on the list, or notes what is wrong with it. */
static void
add_address(struct reading *reading, size_t line, const char *text)
{
	char *address = sendas_text_trim(text);

	if (*address == '\0') {
		note_bad(reading, line, address, _("no address"));
	} else if (!sendas_users_is_address(address)) {
		note_bad(reading, line, address, _("not an e-mail address"));
	} else {
		sendas_text_lower(address);
		fprintf(reading->users->entries, "+%zu %s\n", line, address);
		reading->users->count++;
	}
	free(address);
}

static enum sendas_status
fail_named(const struct reading *reading)
{
	return sendas_fail(reading->err, SENDAS_ERR_INPUT, "%.200s: %s",
	    reading->name, reading->err->message);
}

/*
 * The next line with its line end, into reading->text; false at the end of
 * the stream, or with an error for a line that is too long or has a NUL in
 * it.
 */
static bool
read_line(struct reading *reading, enum sendas_status *status)
{
	struct sendas_buf *text = &reading->text;
	int byte = EOF;
	char letter;

	text->len = 0;
	text->data[0] = '\0';
	reading->line++;
	while (*status == SENDAS_OK && byte != '\n') {
		byte = getc_unlocked(reading->input);
		if (byte == EOF)
			break;
		letter = (char)byte;
		sendas_buf_add(text, &letter, 1);
		if (byte == '\0')
			*status = sendas_fail(reading->err, SENDAS_ERR_INPUT,
			    _("%.200s: line %zu: a NUL character. If this is "
			      "UTF-16, save it as UTF-8 (\"CSV UTF-8\")."),
			    reading->name, reading->line);
		else if (text->is_overflow)
			*status = sendas_fail(reading->err, SENDAS_ERR_INPUT,
			    _("%.200s: line %zu: longer than %u bytes; is it "
			      "the right file?"),
			    reading->name, reading->line,
			    SENDAS_LIMIT_CSV_RECORD_BYTES);
	}
	return *status == SENDAS_OK && text->len > 0;
}

/* UTF-8's own mark is taken away. */
static enum sendas_status
drop_mark(struct reading *reading)
{
	struct sendas_buf *text = &reading->text;
	enum sendas_status status;
	size_t bytes;

	status = sendas_csv_head_read_mark(
	    text->data, text->len, reading->name, &bytes, reading->err);
	if (status != SENDAS_OK)
		return status;
	text->len -= bytes;
	memmove(text->data, text->data + bytes, text->len + 1);
	return SENDAS_OK;
}

/* A line without an address on purpose. */
static bool
is_meaningless(const char *line)
{
	line += strspn(line, " \t\r\n\v\f");
	return *line == '\0' || *line == '#';
}

/* Reads the first line that means something, which stays in reading->text;
 * *is_there is false when there is none. */
static enum sendas_status
read_first_line(struct reading *reading, bool *is_there)
{
	enum sendas_status status = SENDAS_OK;

	do {
		*is_there = read_line(reading, &status);
		/* A mark of UTF-16 has to be told before its NULs are. */
		if (reading->line == 1 && drop_mark(reading) != SENDAS_OK)
			return SENDAS_ERR_INPUT;
	} while (*is_there && is_meaningless(reading->text.data));
	return status;
}

/* Whether the first line is of a list without a header: it has an address, or
 * what should be one. */
static bool
is_plain_list(const char *line)
{
	char *text = sendas_text_trim(line);
	bool is_plain =
	    strchr(text, '@') != NULL && strpbrk(text, ",;\t\"") == NULL;

	free(text);
	return is_plain;
}

static enum sendas_status
read_plain_list(struct reading *reading)
{
	enum sendas_status status = SENDAS_OK;

	do {
		if (!is_meaningless(reading->text.data))
			add_address(reading, reading->line, reading->text.data);
	} while (read_line(reading, &status));
	return status;
}

/* The column with the addresses, or -1. */
static long
find_column(const struct sendas_csv_record *header)
{
	for (size_t i = 0; i < COLUMN_NAMES; i++) {
		for (size_t j = 0; j < header->count; j++) {
			if (sendas_csv_head_is_column(
				header->fields[j], column_names[i]))
				return (long)j;
		}
	}
	return -1;
}

/* "a", "b", ...; the caller frees it. */
static char *
list_names(const char *const *names, size_t count)
{
	char cut[SHOWN_COLUMN_BYTES + 1];
	struct sendas_buf list;

	sendas_buf_init(&list, SHOWN_COLUMNS * (SHOWN_COLUMN_BYTES + 4) + 8);
	for (size_t i = 0; i < count && i < SHOWN_COLUMNS; i++) {
		sendas_text_copy_cut(cut, SHOWN_COLUMN_BYTES, names[i]);
		sendas_buf_printf(&list, "%s\"%s\"", i > 0 ? ", " : "", cut);
	}
	if (count > SHOWN_COLUMNS)
		sendas_buf_add_text(&list, ", ...");
	return sendas_buf_take(&list);
}

/* The header names no column that is known: why, and the way out. */
static enum sendas_status
fail_column(
    const struct reading *reading, const struct sendas_csv_record *header)
{
	char *found, *known;

	if (strpbrk(reading->text.data, ";\t") != NULL)
		return sendas_fail(reading->err, SENDAS_ERR_INPUT,
		    _("%.200s: line %zu: semicolons or tabs stand between the "
		      "columns. Save it with commas (in Excel: \"CSV UTF-8 "
		      "(Comma delimited)\"; a list without a header has one "
		      "address a line)."),
		    reading->name, header->line);
	if (sendas_csv_head_check_utf8(header, reading->name, reading->err) !=
	    SENDAS_OK)
		return SENDAS_ERR_INPUT;
	found = list_names(header->fields, header->count);
	known = list_names(column_names, COLUMN_NAMES);
	sendas_fail(reading->err, SENDAS_ERR_INPUT,
	    _("%.200s: line %zu: this is neither an e-mail address nor a "
	      "header that names the column with the addresses. Found: %s. "
	      "Known: %s."),
	    reading->name, header->line, found, known);
	free(found);
	free(known);
	return SENDAS_ERR_INPUT;
}

/*
 * A row with more columns than the header has moved to the right, most likely
 * by a comma in a name, and another address may stand where the mailbox
 * should. Excel leaves out empty columns at the end, so fewer may do.
 */
static void
add_row(struct reading *reading, const struct sendas_csv_record *row,
    size_t column, size_t columns)
{
	const char *text = row->count > column ? row->fields[column] : "";

	if (row->is_blank)
		return;
	if (row->count > columns)
		note_bad(reading, row->line, text,
		    _("more columns than the header has"));
	else
		add_address(reading, row->line, text);
}

static enum sendas_status
read_rows(struct reading *reading, struct sendas_csv *csv)
{
	const struct sendas_csv_record *record;
	size_t columns, column;

	if (sendas_csv_next(csv, &record, reading->err) != SENDAS_OK)
		return fail_named(reading);
	if (find_column(record) < 0)
		return fail_column(reading, record);
	columns = record->count;
	column = (size_t)find_column(record);
	for (;;) {
		if (sendas_csv_next(csv, &record, reading->err) != SENDAS_OK)
			return fail_named(reading);
		if (record == NULL)
			return SENDAS_OK;
		add_row(reading, record, column, columns);
	}
}

static enum sendas_status
read_csv(struct reading *reading)
{
	struct sendas_csv *csv = sendas_csv_new(reading->input,
	    reading->text.data, reading->text.len, reading->line);
	enum sendas_status status = read_rows(reading, csv);

	sendas_csv_free(csv);
	return status;
}

static enum sendas_status
fail_bad_lines(const struct reading *reading)
{
	struct sendas_buf text;

	sendas_buf_init(&text, sizeof(reading->err->message));
	for (size_t i = 0; i < reading->bad_count && i < SHOWN_LINES; i++) {
		const struct bad_line *bad = &reading->bad[i];

		sendas_buf_add_text(&text, "\n  ");
		if (bad->text[0] == '\0')
			sendas_buf_printf(
			    &text, _("line %zu: %s"), bad->line, bad->reason);
		else
			sendas_buf_printf(&text, _("line %zu: \"%s\": %s"),
			    bad->line, bad->text, bad->reason);
	}
	if (reading->bad_count > SHOWN_LINES)
		sendas_buf_add_text(&text, "\n  ...");
	sendas_fail(reading->err, SENDAS_ERR_INPUT,
	    ngettext("%.200s: %zu line is wrong, so no mailbox was read:%s",
		"%.200s: %zu lines are wrong, so no mailbox was read:%s",
		reading->bad_count),
	    reading->name, reading->bad_count, text.data);
	sendas_buf_clear(&text);
	return SENDAS_ERR_INPUT;
}

/* Whether all came and all was written, and there is something. */
static enum sendas_status
check_whole(const struct reading *reading)
{
	struct sendas_users *users = reading->users;

	if (ferror(reading->input))
		return sendas_fail(reading->err, SENDAS_ERR_FILE,
		    _("%s: cannot be read: %s"), reading->name,
		    strerror(errno));
	if (reading->bad_count > 0)
		return fail_bad_lines(reading);
	if (fflush(users->entries) != 0 || ferror(users->entries))
		return sendas_fail(reading->err, SENDAS_ERR_FILE,
		    _("the copy of %.200s cannot be written: %s. TMPDIR can "
		      "name another folder."),
		    reading->name, strerror(errno));
	if (users->count == 0)
		return sendas_fail(reading->err, SENDAS_ERR_INPUT,
		    _("%.200s: there is no address in it"), reading->name);
	return SENDAS_OK;
}

static enum sendas_status
read_list(struct reading *reading)
{
	enum sendas_status status;
	bool is_there;

	errno = 0;
	status = read_first_line(reading, &is_there);
	if (status == SENDAS_OK && is_there)
		status = is_plain_list(reading->text.data)
		    ? read_plain_list(reading)
		    : read_csv(reading);
	/* That it could not be read is the better reason. */
	if (status == SENDAS_OK || ferror(reading->input))
		status = check_whole(reading);
	return status;
}

/* The entry that begins at `offset`, into `entry`; returns its address, or
 * NULL. */
static const char *
read_entry(const struct sendas_users *users, uint64_t offset, char *entry)
{
	ssize_t got =
	    pread(fileno(users->entries), entry, ENTRY_BYTES, (off_t)offset);
	char *space;

	if (got <= 0)
		return NULL;
	entry[got] = '\0';
	entry[strcspn(entry, "\n")] = '\0';
	space = strchr(entry, ' ');
	return space != NULL ? space + 1 : NULL;
}

/* The mark alone is written over. */
static bool
mark_repeat(struct sendas_users *users, uint64_t offset, const char *entry)
{
	size_t line = strtoul(entry + 1, NULL, 10);

	if (users->repeats == 0 || line < users->first_repeat)
		users->first_repeat = line;
	users->repeats++;
	return pwrite(fileno(users->entries), "-", 1, (off_t)offset) == 1;
}

/*
 * Whether an earlier entry has the address of the one at `offset`; if none
 * has, that takes a place. Where the hashes agree the texts decide. Returns
 * false when an entry cannot be read.
 */
static bool
find_repeat(const struct sendas_users *users, struct places *places,
    uint64_t offset, const char *address, bool *is_repeat)
{
	uint64_t hash = sendas_text_hash_fold(address);
	uint64_t tag = hash >> OFFSET_BITS << OFFSET_BITS;
	size_t i = (size_t)(hash % places->count);
	char entry[ENTRY_BYTES + 1];
	const char *earlier;

	*is_repeat = false;
	for (; places->at[i] != 0; i = (i + 1) % places->count) {
		if ((places->at[i] ^ tag) >> OFFSET_BITS != 0)
			continue;
		earlier = read_entry(users, (places->at[i] ^ tag) - 1, entry);
		if (earlier == NULL)
			return false;
		*is_repeat = strcmp(earlier, address) == 0;
		if (*is_repeat)
			return true;
	}
	places->at[i] = tag | (offset + 1);
	return true;
}

/* Goes through all entries; false when they cannot be read or written. */
static bool
mark_entries(struct sendas_users *users, struct places *places)
{
	char entry[ENTRY_BYTES + 1];
	uint64_t offset = 0, next;
	const char *address;
	bool is_repeat;

	rewind(users->entries);
	while (fgets(entry, sizeof(entry), users->entries) != NULL) {
		next = offset + strlen(entry);
		entry[strcspn(entry, "\n")] = '\0';
		address = strchr(entry, ' ');
		if (address == NULL || next >> OFFSET_BITS != 0 ||
		    !find_repeat(
			users, places, offset, address + 1, &is_repeat) ||
		    (is_repeat && !mark_repeat(users, offset, entry)))
			return false;
		offset = next;
	}
	return ferror(users->entries) == 0;
}

/* A stream that has nothing in its buffer from before the marks were made. */
static bool
reopen(struct sendas_users *users)
{
	int fd = fcntl(fileno(users->entries), F_DUPFD_CLOEXEC, 0);

	fclose(users->entries);
	users->entries = fd >= 0 ? fdopen(fd, "r") : NULL;
	if (users->entries == NULL && fd >= 0)
		close(fd);
	return users->entries != NULL &&
	    fseeko(users->entries, 0, SEEK_SET) == 0;
}

static bool
mark_repeats(struct sendas_users *users)
{
	struct places places = {.count = 2 * users->count};
	bool is_done;

	places.at = sendas_xcalloc(places.count, sizeof(*places.at));
	is_done = mark_entries(users, &places);
	free(places.at);
	users->count -= users->repeats;
	return is_done && reopen(users);
}

static enum sendas_status
fail_copy(struct sendas_error *err)
{
	return sendas_fail(err, SENDAS_ERR_FILE,
	    _("the copy of the list of mailboxes cannot be read: %s"),
	    errno != 0 ? strerror(errno) : _("it ends too soon"));
}

enum sendas_status
sendas_users_read(FILE *input, const char *name, struct sendas_users **out,
    struct sendas_error *err)
{
	struct sendas_users *users = sendas_xcalloc(1, sizeof(*users));
	struct sendas_error own;
	struct reading reading = {
	    .input = input, .name = name, .users = users, .err = &own};
	enum sendas_status status;

	status = sendas_file_open_temporary(&users->entries, &own);
	if (status == SENDAS_OK) {
		sendas_buf_init(&reading.text, SENDAS_LIMIT_CSV_RECORD_BYTES);
		status = read_list(&reading);
		sendas_buf_clear(&reading.text);
	}
	if (status == SENDAS_OK && !mark_repeats(users))
		status = fail_copy(&own);
	if (status != SENDAS_OK) {
		if (err != NULL)
			*err = own;
		sendas_users_free(users);
		return status;
	}
	*out = users;
	return SENDAS_OK;
}

enum sendas_status
sendas_users_load(
    const char *path, struct sendas_users **out, struct sendas_error *err)
{
	enum sendas_status status;
	FILE *input;

	if (strcmp(path, "-") == 0)
		return sendas_users_read(stdin, _("standard input"), out, err);
	input = fopen(path, "re");
	if (input == NULL)
		return sendas_fail(err, SENDAS_ERR_FILE,
		    _("%s: cannot be opened: %s"), path, strerror(errno));
	status = sendas_users_read(input, path, out, err);
	fclose(input);
	return status;
}

size_t
sendas_users_count(const struct sendas_users *users)
{
	return users->count;
}

size_t
sendas_users_repeats(const struct sendas_users *users, size_t *first_line)
{
	*first_line = users->first_repeat;
	return users->repeats;
}

const char *
sendas_users_next(struct sendas_users *users)
{
	char *entry = users->entry, *address;

	do {
		if (fgets(entry, sizeof(users->entry), users->entries) == NULL)
			return NULL;
	} while (entry[0] == '-');
	entry[strcspn(entry, "\n")] = '\0';
	address = strchr(entry, ' ');
	if (address == NULL)
		return NULL;
	users->handed_out++;
	return address + 1;
}

void
sendas_users_rewind(struct sendas_users *users)
{
	rewind(users->entries);
	users->handed_out = 0;
}

enum sendas_status
sendas_users_check(const struct sendas_users *users, struct sendas_error *err)
{
	if (users->handed_out == users->count)
		return SENDAS_OK;
	errno = 0;
	return fail_copy(err);
}

void
sendas_users_free(struct sendas_users *users)
{
	if (users == NULL)
		return;
	if (users->entries != NULL)
		fclose(users->entries);
	free(users);
}
