/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_CONTESTED_H
#define EXPLORE_CONTESTED_H

#include "explore/memory/number.h"

/* Words that may race, of the scenario prepared; learnt in all its schedules; false: no memory. */
bool contested_prepare(void);
void contested_release(void);
void contested_learn(uint32_t word, unsigned agent, bool plainly, bool write);
/* From here on those learnt by now matter to the number of a state; how many. */
unsigned contested_heed(void);
/* There are more. */
bool contested_news(void);
/* Number i of those that matter, and one more, learnt by another process. */
uint32_t contested_word(unsigned i);
void contested_add(uint32_t word);
void contested_mix(struct number *n);
/* It is one of those that matter. */
bool contested_heeded(uint32_t word);
/* Others may see, where races are points, what an agent did later than its store to it. */
void contested_early(uint32_t word);

#endif
