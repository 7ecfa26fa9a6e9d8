/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_FRONTIER_H
#define EXPLORE_FRONTIER_H

#include <explore/search.h>

/*
 * A search kept in a file, with its nodes. Null, or what is wrong. The
 * key ends in a word for the build.
 */
struct frontier {
	bool there;        /* there was a file */
	unsigned known;    /* nodes; none: the search is over */
	uint64_t prefixes; /* beginnings of schedules seen */
	bool cut;          /* schedules were cut off */
	unsigned traits;   /* that were seen */
};
const char *frontier_save(const char *path, const char *key, const struct frontier *at,
                          const struct explore_totals *t);
const char *frontier_load(const char *path, const char *key, struct frontier *at,
                          struct explore_totals *t);

#endif
