/* SPDX-License-Identifier: BSD-2-Clause */
/* Runs a schedule that is given; where its choices end, the rest are 0. */
#include "explore/schedule/points.h"
#include "explore/search/choosers.h"
#include "explore/search/reduce.h"

static const struct explore_schedule *schedule;
static unsigned made; /* choices of it, so far */
static bool impossible;

static unsigned given_choice(unsigned n)
{
	unsigned choice = made < schedule->length ? schedule->choice[made] : 0;

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

struct given given_run(const struct explore_schedule *given, bool sc, bool order,
                       unsigned stop_at)
{
	static const struct run_chooser as_given = { given_step, given_choice, false };
	struct given r;

	schedule = given;
	points_use(&given->points);
	made = 0;
	impossible = false;
	reduce_begin(false, order, 0);
	r.run = run_schedule(&as_given, sc, stop_at, false);
	r.possible = !impossible;
	r.whole = made >= schedule->length;
	return r;
}
