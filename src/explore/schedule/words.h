/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers for words of eight bytes, the same in every process: those of the scenario's
 * state from its beginning, and behind them those of stacks, each from its end.
 */
#ifndef EXPLORE_WORDS_H
#define EXPLORE_WORDS_H

#include "explore/schedule/stacks.h"

enum {
	WORDS_STATE = STATE_MOST / 8,
	WORDS_STACK = 2048, /* of each stack that have a number: no word lower down has one */
	WORDS_STACKS = ALL_STACKS * WORDS_STACK,
	WORDS = WORDS_STATE + WORDS_STACKS,
};
#define WORD_NONE UINT32_MAX

/* Of one that is not in the state; or WORD_NONE. */
uint32_t words_elsewhere(const void *p);
void *words_at(uint32_t number);

static inline uint32_t words_number(const void *p)
{
	uintptr_t offset = (uintptr_t)p - (uintptr_t)explore_scenario->state;

	return offset < explore_scenario->state_size ? (uint32_t)(offset / 8) : words_elsewhere(p);
}

#endif
