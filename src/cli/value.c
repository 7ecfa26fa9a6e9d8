/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/value.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool value_whole(const char *text, uint64_t least, uint64_t most, uint64_t *n)
{
	uint64_t value;

	if (!*text || text[strspn(text, "0123456789")])
		return false;
	errno = 0;
	value = strtoull(text, NULL, 10);
	if (errno || value < least || value > most)
		return false;
	*n = value;
	return true;
}

/* A sign, a space, hexadecimal digits, "inf" and "nan", which strtod knows, are no number here. */
bool value_fraction(const char *text, double most, double *x)
{
	char *end;
	double value;

	if (!*text || text[strspn(text, "0123456789.eE-")])
		return false;
	value = strtod(text, &end);
	if (*end || !(value > 0 && value <= most))
		return false;
	*x = value;
	return true;
}
