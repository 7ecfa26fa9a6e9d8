/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whether a schedule goes round in circles: where signs come back often, whole states
 * are compared.
 */
#include "explore/schedule/parts.h"

enum {
	SIGNS = 2 * EXPLORE_DEPTH, /* a power of 2 */
	OFTEN = 4, /* a sign that comes back so often is looked into */
};

static struct sign {
	uint64_t sign;
	unsigned schedule, times;
} signs[SIGNS];
static unsigned schedule; /* its number, for signs */

uint64_t run_looks;

void circles_begin(void)
{
	schedule++;
	cycle_begin();
}

static uint16_t able(const uint8_t *option, unsigned n)
{
	uint16_t bits = 0;

	for (unsigned i = 0; i < n; i++)
		bits |= (uint16_t)(1u << option[i]);
	return bits;
}

/* How often the state may have been before in this schedule: its sign was. */
static unsigned sign_seen(void)
{
	unsigned slot = (unsigned)(run.sign >> 32) % SIGNS;

	while (signs[slot].schedule == schedule && signs[slot].sign != run.sign)
		slot = (slot + 1) % SIGNS;
	if (signs[slot].schedule != schedule)
		signs[slot] = (struct sign){ .sign = run.sign, .schedule = schedule };
	return signs[slot].times++;
}

/*
 * Agents' states are on their stacks, and they only: so from the first doubt on, turns
 * are decided outside.
 */
bool circles_close(const uint8_t *option, unsigned n)
{
	enum cycle cycle;
	uint16_t starved;

	if (sign_seen() < (run.doubt ? 1 : OFTEN))
		return false;
	if (!run.doubt) {
		/* One more round, in which stacks lose what turns have left on them. */
		run.doubt = true;
		schedule++;
		run_trait(TRAIT_CIRCLES);
		return false;
	}
	run_looks++;
	cycle = cycle_look(run.result.steps, state_whole(), able(option, n), &starved);
	if (cycle == CYCLE_NONE)
		return false;
	run_trait(TRAIT_REPEATS);
	if (cycle == CYCLE_FAIR) {
		explore_fail("livelock: these steps can repeat for ever, though everybody who can "
		             "go on does");
		return true;
	}
	run_trait(TRAIT_WAITS);
	run.owed = starved;
	run.result.abandoned = !starved;
	return run.result.abandoned;
}
