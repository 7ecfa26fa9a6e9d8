/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A search that stopped, in a text file: its totals and its nodes. Words are
 * kept relative to the scenario's state, so that another process finds them.
 * Each line ends in a sum of all text so far, so that a file that was cut off
 * or changed is never gone on with.
 *
 * Here is what frontier_save.c and frontier_load.c share.
 */
#ifndef EXPLORE_FRONTIER_FILE_H
#define EXPLORE_FRONTIER_FILE_H

#include "explore/search/reduce.h"

#define FRONTIER_ANY "posted frontier " /* of any version */
#define FRONTIER_HEAD FRONTIER_ANY "3: "
#define FRONTIER_SUM 0xcbf29ce484222325u /* of no text */

enum {
	EVERYTHING = 100, /* added to how many words a step accesses that depends on all */
	LINE = 24 * PROCS * (FOOTPRINT + 1), /* of a node with all footprints full, and more */
};

static inline void frontier_sum(uint64_t *sum, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++)
		*sum = (*sum ^ (uint8_t)text[i]) * 0x100000001b3u;
}

/* The first word of the scenario's state, from which the file counts. */
static inline uintptr_t frontier_word(void)
{
	return (uintptr_t)explore_scenario->state / 8;
}

/* Those whose next step, from this node, has a footprint: explored ones and the one to come. */
static inline unsigned frontier_footed(const struct node *n)
{
	return n->done | 1u << n->proc[n->choice];
}

#endif
