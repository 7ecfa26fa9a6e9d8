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

/* Of those compared: with something wrong; and how many of their walks met racing words. */
extern unsigned walks_violated, walks_racing;

#endif
