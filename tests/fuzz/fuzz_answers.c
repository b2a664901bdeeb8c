/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fuzz_answers.c: any bytes as a line that a person typed, to every question.
 * What comes out must be a value that the question can have. With clang:
 * -fsanitize=fuzzer,address,undefined and this file in place of replay.c.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/answers.h"
#include "sendas/mem.h"
#include "sendas/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
want(int is_right)
{
	if (!is_right)
		abort();
}

static void
check_choices(const char *line)
{
	const char *mode = NULL;
	bool is_yes;
	long number;

	sendas_answers_tick(line, &is_yes);
	sendas_answers_right(line, &is_yes);
	if (sendas_answers_number(line, 0, 5, &number) == SENDAS_ANSWER_GIVEN)
		want(number >= 0 && number <= 5);
	if (sendas_answers_port(line, &number) == SENDAS_ANSWER_GIVEN)
		want(number >= 1 && number <= 65535);
	if (sendas_answers_security(line, &mode) == SENDAS_ANSWER_GIVEN)
		want(strcmp(mode, "ssl") == 0 ||
		    strcmp(mode, "starttls") == 0 || strcmp(mode, "none") == 0);
	else
		want(mode == NULL);
}

/* Text of one line without controls, or nothing at all. */
static void
check_name(const char *line, const char *marks,
    enum sendas_answer (*read)(const char *, char **))
{
	char *name = NULL;

	if (read(line, &name) != SENDAS_ANSWER_GIVEN) {
		want(name == NULL);
		return;
	}
	want(*name != '\0' && strlen(name) <= strlen(line));
	want(sendas_text_is_utf8(name, strlen(name)));
	for (const char *at = name; *at != '\0'; at++)
		want((unsigned char)*at > ' ' && *at != 0x7f);
	want(*marks == '\0' || strpbrk(name, marks) != NULL);
	free(name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *line = sendas_xstrndup((const char *)data, size);

	check_choices(line);
	check_name(line, ".:", sendas_answers_host);
	check_name(line, "", sendas_answers_user_name);
	check_name(line, "@", sendas_answers_address);
	free(line);
	return 0;
}
