/* SPDX-License-Identifier: BSD-2-Clause */
/* What a compiler made of a file, in assembler: line by line, with where it came from. */
#ifndef CLI_CC_TEXT_H
#define CLI_CC_TEXT_H

#include <stdbool.h>

struct cc_line {
	const char *file;     /* of the source, as the compiler was given it; "" if not known */
	unsigned line;        /* 0: not known */
	const char *function; /* "" outside of any */
	bool inlined;         /* inline assembler */
	const char *text;
};

/* Calls back with each line that is an instruction or data. False: errno says why. */
bool cc_text_read(const char *path, void (*each)(const struct cc_line *line, void *arg),
                  void *arg);

/* The name is one of the line's words. */
bool cc_text_names(const struct cc_line *line, const char *name);

#endif
