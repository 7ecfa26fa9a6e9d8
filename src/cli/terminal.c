/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/terminal.h"
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

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

void terminal_fold(FILE *out, const char *text, unsigned width)
{
	size_t at = 0;

	while (*text) {
		size_t size = strcspn(text, " ");

		if (at && at + 1 + size > width) {
			fputc('\n', out);
			at = 0;
		}
		at += (size_t)fprintf(out, "%s%.*s", at ? " " : "", (int)size, text);
		text += size;
		text += strspn(text, " ");
	}
	fputc('\n', out);
}
