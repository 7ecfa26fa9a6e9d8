/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/schedule/words.h"

/* Behind the state there are those that stand for store buffers (run_buffer_word). */
uint32_t words_elsewhere(const void *p)
{
	uintptr_t offset = (uintptr_t)p - (uintptr_t)explore_scenario->state;
	size_t below;
	int stack = stacks_find(p, &below);

	if (stack < 0)
		return offset < STATE_MOST ? (uint32_t)(offset / 8) : WORD_NONE;
	if (below > 8 * WORDS_STACK)
		return WORD_NONE;
	return (uint32_t)(WORDS_STATE + stack * WORDS_STACK + (below - 1) / 8);
}

void *words_at(uint32_t number)
{
	unsigned i = number - WORDS_STATE;

	if (number < WORDS_STATE)
		return (char *)explore_scenario->state + (size_t)number * 8;
	return (void *)(uintptr_t)(stacks_end(i / WORDS_STACK) - 8 * (i % WORDS_STACK + 1));
}
