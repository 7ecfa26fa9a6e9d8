/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_STATES_H
#define EXPLORE_STATES_H

#include "explore/memory/number.h"
#include <explore/scenario.h>

/* States that the search has left for good. False: there is no memory for them. */
bool states_begin(void);
void states_end(void);
uint64_t states_count(void);
/* Leaves in *todo what was not explored from there, and in *asleep who slept then too. */
void states_meet(struct number state, uint16_t *todo, uint16_t *asleep);
void states_add(struct number state, uint16_t asleep);

#endif
