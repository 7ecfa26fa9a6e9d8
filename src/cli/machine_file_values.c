/* SPDX-License-Identifier: BSD-2-Clause */
/* The single values of a machine file. */
#include "cli/machine_file_parts.h"
#include "cli/value.h"
#include <stdio.h>
#include <string.h>

unsigned machine_file_number(struct place *at, const char *key, const char *text, unsigned least,
                             unsigned most)
{
	uint64_t value;

	if (!text)
		complain(at, key, "missing: give a whole number from %u to %u", least, most);
	else if (!value_whole(text, least, most, &value))
		complain(at, key, "\"%.40s\" is no whole number from %u to %u", text, least, most);
	else
		return (unsigned)value;
	return least;
}

bool machine_file_yes(struct place *at, const char *key, const char *text)
{
	if (!strcmp(text, "true"))
		return true;
	if (strcmp(text, "false"))
		complain(at, key, "\"%.40s\" is neither true nor false", text);
	return false;
}

unsigned machine_file_choice(struct place *at, const char *key, const char *text,
                             const char *(*names)(unsigned))
{
	char all[256] = "";
	size_t n = 0;

	for (unsigned i = 0; names(i) && n < sizeof(all); i++) {
		if (text && !strcmp(text, names(i)))
			return i;
		n += (size_t)snprintf(all + n, sizeof(all) - n, "%s%s", n ? ", " : "", names(i));
	}
	if (text)
		complain(at, key, "\"%.40s\" is none of %s", text, all);
	else
		complain(at, key, "missing: give one of %s", all);
	return 0;
}

const char *machine_file_way_name(unsigned n)
{
	return n < MACHINE_WAYS ? machine_way_names[n] : NULL;
}

uint64_t machine_file_bytes(struct place *at, const char *key, const char *text)
{
	static const char units[] = "KMG";
	char digits[24], *suffix;
	size_t size = strlen(text);
	unsigned shift = 0;
	uint64_t value;

	snprintf(digits, sizeof(digits), "%s", text);
	suffix = size && size < sizeof(digits) ? strchr(units, digits[size - 1]) : NULL;
	if (suffix) {
		shift = 10 * (unsigned)(suffix - units + 1);
		digits[size - 1] = '\0';
	}
	if (size < sizeof(digits) && value_whole(digits, 1, (1ull << 40) >> shift, &value))
		return value << shift;
	complain(at, key,
	         "\"%.40s\" is no size from 1 to 1024G: a whole number of bytes, or with K, M or G",
	         text);
	return 1;
}
