/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/near.h"
#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum {
	LONGEST = 63, /* of words that are looked at */
	BEGINNING = 3, /* fewer letters begin too many words */
};

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static bool same(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b);
}

/* Optimal string alignment: of a's first i letters to b's first k, by rows. */
static unsigned distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
	unsigned rows[3][LONGEST + 1], *before = rows[0], *last = rows[1], *row = rows[2];

	for (unsigned k = 0; k <= b_size; k++)
		last[k] = k;
	for (unsigned i = 1; i <= a_size; i++) {
		unsigned *oldest = before;

		row[0] = i;
		for (unsigned k = 1; k <= b_size; k++) {
			row[k] = least(least(last[k], row[k - 1]) + 1,
			               last[k - 1] + !same(a[i - 1], b[k - 1]));
			if (i > 1 && k > 1 && same(a[i - 1], b[k - 2]) && same(a[i - 2], b[k - 1]))
				row[k] = least(row[k], before[k - 2] + 1);
		}
		before = last;
		last = row;
		row = oldest;
	}
	return last[b_size];
}

void near_look(struct near *n, const char *word)
{
	size_t typed_size = strlen(n->typed), size = strlen(word);
	unsigned d;

	if (!typed_size || typed_size > LONGEST || size > LONGEST)
		return;
	if (typed_size >= BEGINNING && !strncasecmp(word, n->typed, typed_size))
		d = size > typed_size;
	else
		d = distance(n->typed, typed_size, word, size);
	if (d > (typed_size + 1) / 3 || d >= typed_size || (n->word && d >= n->distance))
		return;
	n->word = word;
	n->distance = d;
}
