/* SPDX-License-Identifier: BSD-2-Clause */
/* How wide what is printed may be, and text that is folded to it. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <stdio.h>

enum { TERMINAL_LEAST = 40, TERMINAL_WIDTH = 80 };

/*
 * Columns of the terminal behind a descriptor; without one as COLUMNS says, else
 * TERMINAL_WIDTH. Never fewer than TERMINAL_LEAST: nothing can be read there.
 */
unsigned terminal_width(int fd);

/* The same, but 0 where there is no terminal: there programs read lines, and want them whole. */
unsigned terminal_fold_width(int fd);

/*
 * Prints a line, with its end. What does not fit into so many columns goes below,
 * broken at blanks, behind hang of them. A width of 0 breaks nothing.
 */
void terminal_fold(FILE *out, const char *line, size_t hang, size_t width);

#endif
