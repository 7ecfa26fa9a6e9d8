/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The reduction leaves out nothing: every scenario small enough to walk in full
 * ends in the same set of states with and without it, under both memory models.
 */
#include "scenarios/scenarios.h"
#include <inttypes.h>
#include <stdlib.h>

/* Schedules of a full walk; a scenario of many more states than these has too many. */
static uint64_t small(void)
{
	return getenv("POSTED_SOAK") ? 300 : 150;
}

static uint64_t most(void)
{
	return getenv("POSTED_SOAK") ? 100000 : 5000;
}

/* What was given up as a copy takes time, too. */
static volatile int enough;

static void look(const struct explore_totals *t, void *unused)
{
	enough = t->pruned > 10 * small();
}

/* 1: the same, 0: not walked to the end, -1: they differ. */
static int compare(const struct explore_scenario *s, bool sc)
{
	struct explore_options o = {
		.sc = sc, .finals = true, .progress = look, .interrupted = &enough
	};
	struct explore_totals full, reduced;

	enough = 0;
	o.max_schedules = small();
	if (explore_search(s, &o, &reduced) != EXPLORE_PROVED || reduced.states > small())
		return 0;
	o.full = true;
	o.progress = NULL;
	o.max_schedules = most();
	if (explore_search(s, &o, &full) != EXPLORE_PROVED)
		return 0;
	printf("%-16s %-3s %9" PRIu64 " schedules, reduced to %6" PRIu64 ", end in %" PRIu64
	       " states\n",
	       s->name, sc ? "SC" : "TSO", full.schedules, reduced.schedules, full.finals);
	if (full.finals == reduced.finals && full.finals_sum == reduced.finals_sum)
		return 1;
	printf("%s: reduced, it ends in %" PRIu64 " states\n", s->name, reduced.finals);
	return -1;
}

int main(void)
{
	unsigned same = 0;

	for (const struct scenario_row *row = scenarios; row->scenario; row++)
		for (int sc = 0; sc <= 1; sc++) {
			int result = compare(row->scenario, sc);

			if (result < 0)
				return 1;
			same += (unsigned)result;
		}
	printf("%u walks compared\n", same);
	return same < 6;
}
