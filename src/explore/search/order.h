/* SPDX-License-Identifier: BSD-2-Clause */
/* The order of a schedule's steps: what reduce.c, accesses.c and known.c share. */
#ifndef EXPLORE_ORDER_H
#define EXPLORE_ORDER_H

#include "explore/search/known.h"

enum { NOWHERE = -1 };

struct step {
	uint8_t proc;
	uint16_t seq; /* number among the steps of its proc, from 1 */
	int node;
	uint16_t clock[PROCS]; /* how many steps of each proc come before, itself included */
	struct footprint foot;
};

/* Who accessed a word last. */
struct word {
	uintptr_t word;
	unsigned epoch; /* of the schedule that this row belongs to */
	/* steps, or NOWHERE; other is the last write by another agent than write's */
	int write, other;
	int read[PROCS];
	/* the same, of accesses through a seam */
	int atomic_write, atomic_other, atomic_read[PROCS];
};

/* reduce.c: the steps so far, and how many of each proc the next step of each comes after. */
extern struct step steps[];
extern uint16_t clocks[PROCS][PROCS];

static inline bool step_is_of(int step, unsigned agent)
{
	return step >= 0 && proc_agent(steps[step].proc) == agent;
}

/* accesses.c: the last accesses to each word. */
void accesses_begin(void);
struct word *accesses_find(uintptr_t word);
/* Word i of those accessed in this schedule; null: there are no more. */
const struct word *accesses_used(unsigned i);
/* The last steps that e depends on, latest first; how many. */
unsigned accesses_list(const struct step *e, unsigned *list);
void accesses_remember(unsigned e);

#endif
