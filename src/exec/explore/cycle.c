/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Schedules that come back to a state they have been in: memory, store buffers
 * and agents' stacks the same. From there the same steps can be taken for ever.
 * That is a livelock if everybody who could take steps all along took one; else
 * a scheduler would have to starve somebody, and what comes after the second
 * time is no news.
 */
#include "exec/explore/internal.h"

struct moment {
	uint64_t state;
	uint16_t able; /* procs that could take a step, as bits */
	uint8_t took;  /* the proc that did */
};

static struct moment moments[EXPLORE_DEPTH];
static unsigned first, count; /* moments from step first on, without a gap */

void cycle_begin(void)
{
	count = 0;
}

/* Everybody who could take a step since moment i took one. */
static bool fair(unsigned i)
{
	uint16_t able = UINT16_MAX, took = 0;

	for (; i < count; i++) {
		able &= moments[i].able;
		took |= (uint16_t)(1u << moments[i].took);
	}
	return !(able & ~took);
}

enum cycle cycle_look(unsigned step, uint64_t state, uint16_t able)
{
	unsigned i = count;

	if (step != first + count)
		i = count = 0;
	if (!count)
		first = step;
	while (i && moments[i - 1].state != state)
		i--;
	if (i)
		return fair(i - 1) ? CYCLE_FAIR : CYCLE_UNFAIR;
	moments[count++] = (struct moment){ .state = state, .able = able };
	return CYCLE_NONE;
}

void cycle_took(unsigned step, unsigned proc)
{
	if (count && step == first + count - 1)
		moments[count - 1].took = (uint8_t)proc;
}
