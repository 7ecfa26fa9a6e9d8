/* SPDX-License-Identifier: BSD-2-Clause */
/* Which accesses a step comes after. */
#ifndef EXPLORE_KNOWN_H
#define EXPLORE_KNOWN_H

#include "explore/search/reduce.h"

enum { RECORDS = (EXPLORE_AGENTS + 1) * 8 + 2 + PROCS }; /* of accesses to one word */

/*
 * Of two steps: neither comes before the other. After: what d did after all that
 * others could see of it does not.
 */
bool known_unordered(unsigned d, bool after, unsigned e);
/* The last access to a word that step e, which writes or reads it, does not come after; or -1. */
int known_last(uintptr_t word, bool write, unsigned e);
/* An access that a later step races with if it does not come after it; id: of all but its step. */
struct record {
	unsigned step;
	bool after; /* all that others could see of the step */
	uint64_t id;
};
/* Who knows of these accesses, and who will who accesses a word: nothing where all do already. */
void known_mix(struct number *n, const struct record *r, unsigned count);
/* The accesses to a word through a seam; how many, at most 2 + PROCS. */
unsigned known_records(uintptr_t word, struct record *r);

#endif
