/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Schedules that come back to a state they have been in: memory, store buffers
 * and agents' stacks the same. From there the same steps can be taken for ever.
 * That is a livelock if whoever could take a step on the way took one. Else a
 * scheduler would have to starve somebody, who shall be next: what comes without
 * him is no news.
 */
#include "explore/schedule/parts.h"

struct moment {
	struct number state;
	uint16_t able; /* procs that could take a step, as bits */
	uint8_t took;  /* the proc that did */
	bool asked;    /* a question that is not about order */
};

static struct moment moments[EXPLORE_DEPTH];
static unsigned first, count; /* moments from step first on, without a gap */

void cycle_begin(void)
{
	count = 0;
}

/* Who is kept from taking steps if all since moment i repeats for ever. */
static enum cycle judge(unsigned i, uint16_t *starved)
{
	bool asked = false;

	*starved = 0;
	for (unsigned k = i; k < count; k++) {
		*starved |= moments[k].able;
		asked |= moments[k].asked;
	}
	for (unsigned k = i; k < count; k++)
		*starved &= (uint16_t)~(1u << moments[k].took);
	/* To be answered alike for ever is not fair either. */
	return *starved || asked ? CYCLE_UNFAIR : CYCLE_FAIR;
}

enum cycle cycle_look(unsigned step, struct number state, uint16_t able, uint16_t *starved)
{
	enum cycle cycle = CYCLE_NONE;
	unsigned i = 0;

	if (step != first + count)
		count = 0;
	if (!count)
		first = step;
	while (i < count && !number_same(moments[i].state, state))
		i++;
	if (i < count)
		cycle = judge(i, starved);
	moments[count++] = (struct moment){ .state = state, .able = able };
	return cycle;
}

void cycle_took(unsigned step, unsigned proc)
{
	if (count && step == first + count - 1)
		moments[count - 1].took = (uint8_t)proc;
}

void cycle_asked(void)
{
	if (count)
		moments[count - 1].asked = true;
}
