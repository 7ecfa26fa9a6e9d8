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

#include "explore/schedule/guard.h"
#include "explore/schedule/stacks.h"
#include "explore/search/reduce.h"

#define FRONTIER_ANY "posted frontier " /* of any version */
#define FRONTIER_HEAD FRONTIER_ANY "3: "
#define FRONTIER_SUM 0xcbf29ce484222325u /* of no text */

enum {
	FRONTIER_STACK = GUARD_STACK / 8, /* words of each */
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

/* Words of the scenario's state, and behind them those for store buffers (run_buffer_word). */
static inline uintptr_t frontier_words(void)
{
	return ((uintptr_t)explore_scenario->state + explore_scenario->state_size + 7) / 8 -
	       frontier_word() + 2 * EXPLORE_AGENTS;
}

/* Behind those, stacks: a word's number in the file, and back. */
static inline uintptr_t frontier_number(uintptr_t word)
{
	size_t below;
	int stack = stacks_find((const void *)(word * 8), &below);

	return stack < 0 ? word - frontier_word()
	                 : frontier_words() + (unsigned)stack * FRONTIER_STACK + (below - 1) / 8;
}

static inline uintptr_t frontier_find(uintptr_t number)
{
	uintptr_t i = number - frontier_words();

	return number < frontier_words()
	               ? number + frontier_word()
	               : (uintptr_t)stacks_end((unsigned)(i / FRONTIER_STACK)) / 8 -
	                         i % FRONTIER_STACK - 1;
}

/* Those whose next step, from this node, has a footprint: explored ones and the one to come. */
static inline unsigned frontier_footed(const struct node *n)
{
	return n->done | 1u << n->proc[n->choice];
}

#endif
