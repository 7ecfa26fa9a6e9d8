/* SPDX-License-Identifier: BSD-2-Clause */
#include "adapt/text.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool measure(FILE *in, size_t *size)
{
	struct stat st;

	if (fstat(fileno(in), &st))
		return false;
	errno = S_ISDIR(st.st_mode) ? EISDIR : EINVAL;
	*size = (size_t)st.st_size;
	return S_ISREG(st.st_mode);
}

char *text_read(const char *path, size_t *size)
{
	int error, fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO has no writer */
	FILE *in = fd < 0 ? NULL : fdopen(fd, "r");
	char *text = NULL;

	if (!in) {
		error = errno;
		if (fd >= 0)
			close(fd);
		errno = error;
		return NULL;
	}
	if (measure(in, size) && (text = malloc(*size + 1))) {
		errno = EIO;
		*size = fread(text, 1, *size, in);
		text[*size] = '\0';
		if (ferror(in)) {
			free(text);
			text = NULL;
		}
	}
	error = errno;
	fclose(in);
	errno = error;
	return text;
}

bool text_refuse(char error[ADAPT_ERROR], const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error, ADAPT_ERROR, format, args);
	va_end(args);
	return false;
}
