/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a schedule that is given; where its choices end, the rest are 0. */
#include "explore/internal.h"

static const struct explore_schedule *given;
static unsigned made; /* choices of it, so far */
static bool impossible;

static unsigned given_choice(unsigned n)
{
	unsigned choice = made < given->length ? given->choice[made] : 0;

	made++;
	if (choice < n)
		return choice;
	impossible = true;
	return 0;
}

static int given_step(const uint8_t *procs, unsigned n, bool goes_on)
{
	unsigned choice = n > 1 ? given_choice(n) : 0;

	reduce_step(procs[choice], -1);
	return (int)choice;
}

struct replayed replay(const struct explore_schedule *schedule, bool sc, bool order,
                       unsigned stop_at)
{
	static const struct run_chooser as_given = { given_step, given_choice, false };
	struct replayed r;

	given = schedule;
	made = 0;
	impossible = false;
	reduce_begin(false, order, 0);
	r.run = run_schedule(&as_given, sc, stop_at, false);
	r.possible = !impossible;
	r.whole = made >= schedule->length;
	return r;
}

static enum explore_verdict verdict_of(const struct replayed *r)
{
	if (!r->possible)
		return EXPLORE_IMPOSSIBLE;
	if (r->run.abandoned)
		return EXPLORE_UNFAIR;
	if (!r->whole)
		return EXPLORE_IMPOSSIBLE;
	if (r->run.unfit)
		return EXPLORE_MISFIT;
	return r->run.failed ? EXPLORE_FAILS : EXPLORE_HOLDS;
}

struct explore_replayed explore_replay(const struct explore_scenario *s, bool sc,
                                       const struct explore_schedule *schedule, unsigned stop_at,
                                       void (*row)(const struct explore_row *row, void *arg),
                                       void *arg)
{
	struct explore_replayed told;
	struct replayed whole;

	run_prepare(s);
	/* Twice: the first time only to know what to heed, as the search did. */
	replay(schedule, sc, true, 0);
	whole = replay(schedule, sc, true, 0);
	told = (struct explore_replayed){ verdict_of(&whole), whole.run.steps };
	if (!stop_at || stop_at >= told.steps)
		stop_at = 0;
	else if (told.verdict != EXPLORE_IMPOSSIBLE)
		told.verdict = EXPLORE_UNJUDGED;
	trace_begin(row, arg);
	replay(schedule, sc, true, stop_at);
	trace_begin(NULL, NULL);
	/* At its end agents went on; up to there once more, and no further. */
	if (!stop_at)
		replay(schedule, sc, true, told.steps);
	run_release();
	return told;
}
