/* SPDX-License-Identifier: BSD-2-Clause */
/* Files as text, and errors as sentences. */
#ifndef ADAPT_TEXT_H
#define ADAPT_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { ADAPT_ERROR = 1024 };

/*
 * The whole of a regular file, with a 0 behind it that is not counted; to be freed. Null: errno
 * says why.
 */
char *text_read(const char *path, size_t *size);

/* Writes the error; always false. */
bool text_refuse(char error[ADAPT_ERROR], const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
