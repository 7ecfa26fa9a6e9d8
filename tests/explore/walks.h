/* SPDX-License-Identifier: BSD-2-Clause */
/* One scenario walked in several ways, which must come to the same. */
#ifndef WALKS_H
#define WALKS_H

#include <explore/search.h>

/* Repeatable chance. */
void walks_seed(uint64_t seed);
unsigned walks_draw(unsigned n);

/* A scenario's finish: keeps its final state, each once, as the scenario itself sees it. */
void walks_final(void);

/* 1: the same, 0: too many schedules, -1: not the same, and it was said why. */
int walks_compare(const struct explore_scenario *scene, bool sc);

/* Another scenario comes to the same, in several ways. */
int walks_compare_two(const struct explore_scenario *scene, const struct explore_scenario *other,
                      bool sc);

/*
 * The seeds to try, as the arguments say: how many, unless it is few, or 4,000 in soak; and
 * from which on. Tries each under both memory models: how many were the same; or -1, at the
 * first that was not.
 */
struct walks_seeds {
	uint64_t first, count;
};
struct walks_seeds walks_seeds(int argc, char **argv, uint64_t few, uint64_t first);
int walks_try(struct walks_seeds seeds, int (*try_one)(uint64_t seed, bool sc));

/* Of those compared: with something wrong; and how many of their walks met racing words. */
extern unsigned walks_violated, walks_racing;

#endif
