/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines that fit to a width, for a terminal. */
#ifndef CLI_DECODE_FOLD_H
#define CLI_DECODE_FOLD_H

#include <stdio.h>

/*
 * Prints a line, with its end. What does not fit into so many columns goes below,
 * broken at blanks, behind hang of them. A width of 0 breaks nothing.
 */
void fold_line(FILE *out, const char *line, size_t hang, size_t width);

#endif
