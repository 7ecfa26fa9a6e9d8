/* SPDX-License-Identifier: BSD-2-Clause */
/* Names in rows: patterns, a space between two. */
#ifndef EXPLORE_MODULE_PATTERNS_H
#define EXPLORE_MODULE_PATTERNS_H

#include <fnmatch.h>
#include <stdbool.h>
#include <string.h>

/* One of the patterns, each shorter than 32, fits. */
static inline bool patterns_fit(const char *patterns, const char *name)
{
	while (*patterns) {
		char pattern[32];
		size_t size = strcspn(patterns, " ");

		memcpy(pattern, patterns, size);
		pattern[size] = '\0';
		if (!fnmatch(pattern, name, 0))
			return true;
		patterns += size + (patterns[size] == ' ');
	}
	return false;
}

#endif
