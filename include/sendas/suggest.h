/* SPDX-License-Identifier: Apache-2.0 */
/*
 * suggest.h: how far a word is from another, and which of several was meant.
 */
#ifndef SENDAS_SUGGEST_H
#define SENDAS_SUGGEST_H

#include <stddef.h>

/* The least number of bytes to insert, drop or replace to make one of the
 * other (Levenshtein). Takes time in the product of their lengths: compare
 * the lengths of what comes from outside first. */
size_t sendas_suggest_distance(const char *a, const char *b);

/* The one of `count` names that `typed` most likely was to be: at most two
 * typing errors away, one for a short name, or the only one that begins so.
 * NULL when none is near. Borrowed. */
const char *sendas_suggest_closest(
    const char *typed, const char *const *names, size_t count);

#endif
