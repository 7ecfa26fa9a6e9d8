/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/terminal.h"
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { MOST = 10000 };

unsigned terminal_width(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	unsigned long width = TERMINAL_WIDTH;

	if (!ioctl(fd, TIOCGWINSZ, &size) && size.ws_col)
		width = size.ws_col;
	else if (columns && strtoul(columns, NULL, 10))
		width = strtoul(columns, NULL, 10);
	if (width > MOST)
		return MOST;
	return width < TERMINAL_LEAST ? TERMINAL_LEAST : (unsigned)width;
}

unsigned terminal_fold_width(int fd)
{
	return isatty(fd) ? terminal_width(fd) : 0;
}

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

void terminal_fold(FILE *out, const char *line, size_t hang, size_t width)
{
	size_t at = width ? fitting(line, width) : strlen(line);

	fprintf(out, "%.*s\n", (int)at, line);
	while (line += at, line += strspn(line, " "), *line) {
		at = fitting(line, width > hang ? width - hang : 1);
		fprintf(out, "%*s%.*s\n", (int)hang, "", (int)at, line);
	}
}
