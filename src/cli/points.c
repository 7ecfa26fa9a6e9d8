/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/points.h"
#include <stdlib.h>
#include <string.h>

enum { MOST = 1 << 20 }; /* no word has a number like that */

/* Words that follow each other are written as a range. */
static void print_words(const struct explore_points *points, FILE *out)
{
	for (unsigned i = 0, n; i < points->count; i += n) {
		unsigned first = points->word[i];

		for (n = 1; i + n < points->count && points->word[i + n] == first + n;)
			n++;
		fprintf(out, "%s%u", i ? "," : "", first);
		if (n > 1)
			fprintf(out, "-%u", first + n - 1);
	}
}

void points_print(const struct explore_points *points, FILE *out)
{
	if (points->all)
		fputs(":all", out);
	else if (points->count)
		fputc(':', out);
	if (!points->all)
		print_words(points, out);
}

static bool take_word(const char **text, unsigned *word)
{
	char *end;
	unsigned long value;

	if (**text < '0' || **text > '9')
		return false;
	value = strtoul(*text, &end, 10);
	*text = end;
	*word = (unsigned)value;
	return value < MOST;
}

/* In order, each once: as they were printed. */
static bool add(struct explore_points *points, unsigned first, unsigned last)
{
	if (last < first || last - first >= EXPLORE_POINTS - points->count ||
	    (points->count && points->word[points->count - 1] >= first))
		return false;
	while (first <= last)
		points->word[points->count++] = first++;
	return true;
}

bool points_parse(const char *text, struct explore_points *points)
{
	unsigned first, last;

	*points = (struct explore_points){ 0 };
	if (!text)
		return true;
	points->all = !strcmp(text, "all");
	if (points->all)
		return true;
	for (;; text++) {
		if (!take_word(&text, &first))
			return false;
		last = first;
		if (*text == '-' && (text++, !take_word(&text, &last)))
			return false;
		if (!add(points, first, last))
			return false;
		if (!*text)
			return true;
		if (*text != ',')
			return false;
	}
}
