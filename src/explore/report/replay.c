/* SPDX-License-Identifier: BSD-2-Clause */
/* One schedule, run again and told. */
#include "explore/report/trace.h"
#include "explore/schedule/points.h"
#include "explore/search/choosers.h"
#include "explore/search/prepare.h"
#include "explore/search/reduce.h"

static enum explore_verdict verdict_of(const struct given *r)
{
	if (!r->possible)
		return EXPLORE_IMPOSSIBLE;
	if (r->run.abandoned)
		return EXPLORE_UNFAIR;
	if (!r->whole)
		return EXPLORE_IMPOSSIBLE;
	if (r->run.crashed)
		return EXPLORE_CRASHES;
	if (r->run.unfit)
		return EXPLORE_MISFIT;
	return r->run.failed ? EXPLORE_FAILS : EXPLORE_HOLDS;
}

/* It could not even be set up. */
static struct explore_replayed refuse(const char *wrong,
                                      void (*row)(const struct explore_row *row, void *arg),
                                      void *arg)
{
	const struct explore_row why = { .agent = -1, .note = true, .text = wrong };

	if (row)
		row(&why, arg);
	return (struct explore_replayed){ prepare_crashed() ? EXPLORE_CRASHES : EXPLORE_MISFIT, 0 };
}

struct explore_schedule explore_draw(const struct explore_scenario *s, bool sc, uint64_t seed)
{
	const struct explore_options options = { .sc = sc, .strategy = EXPLORE_RANDOM,
		                                 .runs = 1, .seed = seed };
	struct explore_schedule drawn;
	bool good = !prepare(s); /* else its replay says why */

	/* Twice, as it will be replayed. */
	for (unsigned i = 0; good && i < 2; i++) {
		sample_begin(&options);
		reduce_begin(false, true, 0);
		run_schedule(sample_chooser(0), sc, 0, false);
	}
	drawn = good ? sample_path() : (struct explore_schedule){ 0 };
	prepare_undo();
	return drawn;
}

struct explore_replayed explore_replay(const struct explore_scenario *s, bool sc,
                                       const struct explore_schedule *given, unsigned stop_at,
                                       void (*row)(const struct explore_row *row, void *arg),
                                       void *arg)
{
	struct explore_replayed told;
	struct explore_schedule own = *given;
	const struct explore_schedule *schedule = &own;
	struct given whole;
	const char *wrong = prepare(s);

	if (wrong) {
		prepare_undo();
		return refuse(wrong, row, arg);
	}
	/* First only to know what to heed; the search did, but nobody has for one made up. */
	do {
		given_run(schedule, sc, true, 0);
		points_heed();
		own.points = points_now();
		whole = given_run(schedule, sc, true, 0);
	} while (points_news());
	told = (struct explore_replayed){ verdict_of(&whole), whole.run.steps };
	if (!stop_at || stop_at >= told.steps)
		stop_at = 0;
	else if (told.verdict != EXPLORE_IMPOSSIBLE)
		told.verdict = EXPLORE_UNJUDGED;
	trace_begin(row, arg);
	given_run(schedule, sc, true, stop_at);
	trace_begin(NULL, NULL);
	/* At its end agents went on; up to there once more, and no further. */
	if (!stop_at)
		given_run(schedule, sc, true, told.steps);
	prepare_undo();
	return told;
}
