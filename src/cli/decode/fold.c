/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/decode/fold.h"
#include <string.h>

/* How much of a line goes into so many columns; the first word at least, behind its blanks. */
static size_t fitting(const char *line, size_t width)
{
	size_t length = strlen(line), first = strspn(line, " "), at = width;

	if (length <= width)
		return length;
	while (at > first && line[at] != ' ')
		at--;
	return at > first ? at : first + strcspn(line + first, " ");
}

void fold_line(FILE *out, const char *line, size_t hang, size_t width)
{
	size_t at = width ? fitting(line, width) : strlen(line);

	fprintf(out, "%.*s\n", (int)at, line);
	while (line += at, line += strspn(line, " "), *line) {
		at = fitting(line, width > hang ? width - hang : 1);
		fprintf(out, "%*s%.*s\n", (int)hang, "", (int)at, line);
	}
}
