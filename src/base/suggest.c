/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suggest.c: typing errors, counted. Knows no names of its own.
 */
#include "sendas/suggest.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "sendas/mem.h"

/* Longer words than any name that is suggested. */
#define LONGEST_TYPED 64

/* Up to this length two errors could make any name of any other. */
#define SHORT_NAME 4

static size_t
smallest(size_t a, size_t b, size_t c)
{
	size_t least = a < b ? a : b;

	return least < c ? least : c;
}

/* One row of the matrix at a time. */
size_t
sendas_suggest_distance(const char *a, const char *b)
{
	size_t a_len = strlen(a), b_len = strlen(b), i, j, corner, above;
	size_t *row = sendas_xcalloc(b_len + 1, sizeof(*row));
	size_t distance;

	for (j = 0; j <= b_len; j++)
		row[j] = j;
	for (i = 1; i <= a_len; i++) {
		corner = row[0];
		row[0] = i;
		for (j = 1; j <= b_len; j++) {
			above = row[j];
			row[j] = smallest(above + 1, row[j - 1] + 1,
			    corner + (a[i - 1] != b[j - 1]));
			corner = above;
		}
	}
	distance = row[b_len];
	free(row);
	return distance;
}

/* The only name that begins with `typed`; NULL when none or several do. */
static const char *
find_beginning(const char *typed, const char *const *names, size_t count)
{
	const char *found = NULL;

	for (size_t i = 0; i < count; i++) {
		if (strncmp(names[i], typed, strlen(typed)) != 0)
			continue;
		if (found != NULL)
			return NULL;
		found = names[i];
	}
	return found;
}

const char *
sendas_suggest_closest(
    const char *typed, const char *const *names, size_t count)
{
	size_t best = SIZE_MAX, distance;
	const char *found = NULL;

	if (*typed == '\0' || strlen(typed) > LONGEST_TYPED)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t limit = strlen(names[i]) <= SHORT_NAME ? 1 : 2;

		distance = sendas_suggest_distance(typed, names[i]);
		if (distance <= limit && distance < best) {
			best = distance;
			found = names[i];
		}
	}
	return found != NULL ? found : find_beginning(typed, names, count);
}
