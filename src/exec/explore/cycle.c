/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Schedules that come back to a state they have been in: memory, store buffers
 * and agents' stacks the same. From there the same steps can be taken for ever.
 * That is a livelock if everybody who could take steps all along took one; else
 * a scheduler would have to starve somebody, and what comes after is no news.
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

static uint16_t took(unsigned from, unsigned to)
{
	uint16_t bits = 0;

	for (; from < to; from++)
		bits |= (uint16_t)(1u << moments[from].took);
	return bits;
}

/* Everybody who could take a step since moment i took one. */
static bool fair(unsigned i)
{
	uint16_t able = UINT16_MAX;

	for (unsigned k = i; k < count; k++)
		able &= moments[k].able;
	return !(able & ~took(i, count));
}

/*
 * All rounds since the state was seen first are one, to be fair or not. They are
 * worth another one as long as the last brought in somebody new.
 */
static enum cycle judge(unsigned seen_first, unsigned seen_last)
{
	if (fair(seen_first))
		return CYCLE_FAIR;
	return took(seen_last, count) & ~took(seen_first, seen_last) ? CYCLE_NONE : CYCLE_UNFAIR;
}

enum cycle cycle_look(unsigned step, uint64_t state, uint16_t able)
{
	enum cycle cycle = CYCLE_NONE;
	unsigned seen_first = 0, seen_last;

	if (step != first + count)
		count = 0;
	if (!count)
		first = step;
	while (seen_first < count && moments[seen_first].state != state)
		seen_first++;
	for (seen_last = count; seen_last > seen_first; seen_last--)
		if (moments[seen_last - 1].state == state)
			break;
	if (seen_first < count)
		cycle = judge(seen_first, seen_last - 1);
	moments[count++] = (struct moment){ .state = state, .able = able };
	return cycle;
}

void cycle_took(unsigned step, unsigned proc)
{
	if (count && step == first + count - 1)
		moments[count - 1].took = (uint8_t)proc;
}
