/* SPDX-License-Identifier: BSD-2-Clause */
/* For a reader's sake: the shortest schedule that violates. */
#include "explore/schedule/points.h"
#include "explore/search/searching.h"
#include <string.h>

/* Of the schedule: it has as many steps in this search. Not where other accesses are points. */
static bool same_steps(const struct explore_schedule *s)
{
	const struct explore_points now = points_now();

	return s->points.all == now.all && s->points.count == now.count &&
	       !memcmp(s->points.word, now.word, now.count * sizeof(now.word[0]));
}

/* One search for a failing schedule of fewer steps. True: it saw all there are. */
static bool shorten_by(const struct explore_options *o, struct explore_totals *t)
{
	struct explore_totals totals = { .failed_steps = t->failed_steps };

	searching_begin(o);
	searching.known = 0;
	searching_run(&totals, 0);
	if (totals.failed_steps < t->failed_steps) {
		t->failed = totals.failed;
		t->failed_steps = totals.failed_steps;
	}
	return searching.complete && !o->preemptions && same_steps(&t->failed);
}

/*
 * Few preemptions first, for those are found soon, and each leaves less to search. A
 * schedule that is as long as another in a different order of idle steps is pruned with
 * it; but races are not looked for in what is cut off, so every order is begun.
 */
void shorten(const struct explore_options *o, struct explore_totals *t)
{
	static const unsigned preemption_bounds[] = { 1, 2, 3, 0 };
	struct explore_options fewer = { .sc = o->sc,
		                         .all_points = o->all_points,
		                         .interrupted = o->interrupted,
		                         .max_memory = o->max_memory };
	double seconds = t->seconds;
	uint64_t began = bounds_clock();

	searching.shortening = true;
	searching.traits |= TRAIT_WAITS;
	for (unsigned i = 0; i < 4; i++) {
		fewer.preemptions = preemption_bounds[i];
		fewer.max_steps = t->failed_steps ? t->failed_steps - 1 : 0;
		fewer.max_seconds = o->max_seconds > 0 ? o->max_seconds - t->seconds : 0;
		if (fewer.max_seconds < 0)
			break;
		t->shortest = t->failed_steps <= 1 || shorten_by(&fewer, t);
		t->seconds = seconds + (double)(bounds_clock() - began) / 1e9;
	}
	searching.shortening = false;
}
