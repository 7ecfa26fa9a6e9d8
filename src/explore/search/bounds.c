/* SPDX-License-Identifier: BSD-2-Clause */
/* When a search is to stop, and how far it is. */
#include "explore/search/searching.h"
#include "explore/search/team.h"
#include <sys/resource.h>
#include <time.h>

enum {
	CLOCK_EVERY = 16, /* schedules between two looks at the clock */
	SHORTEN = 1000000, /* steps taken to find a shorter failing schedule, for each bound; */
	LOOK = 100, /* a look at a whole state counts as so many */
};

static uint64_t started, looks_before; /* this search */

uint64_t bounds_clock(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void bounds_begin(void)
{
	started = bounds_clock();
	looks_before = run_looks;
}

void bounds_update(struct explore_totals *t)
{
	t->seconds = searching.resumed_seconds + (double)(bounds_clock() - started) / 1e9;
	t->done = searching.options->strategy == EXPLORE_EVERY
	                  ? tree_share_done()
	                  : (double)t->schedules / (double)searching.options->runs;
	if (searching.options->progress && !team_number())
		searching.options->progress(t, searching.options->arg);
}

static unsigned long peak_kib(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (unsigned long)u.ru_maxrss;
}

const char *bounds_reached(struct explore_totals *t)
{
	uint64_t runs = t->schedules + t->pruned;

	if (searching.options->strategy != EXPLORE_EVERY && t->schedules >= searching.options->runs)
		return "only a sample of the schedules was run";
	if (team_over())
		return "another process is through";
	if (searching.options->interrupted && *searching.options->interrupted)
		return "interrupted";
	if (searching.options->max_schedules &&
	    t->schedules - searching.resumed >= searching.options->max_schedules)
		return "the bound on schedules";
	if (searching.shortening && t->steps + LOOK * (run_looks - looks_before) >= SHORTEN)
		return "the bound on steps in all";
	if (runs % CLOCK_EVERY == 0)
		bounds_update(t);
	if (searching.options->max_seconds > 0 &&
	    t->seconds - searching.resumed_seconds >= searching.options->max_seconds)
		return "the bound on time";
	if (searching.options->max_memory && runs % CLOCK_EVERY == 0 &&
	    peak_kib() >= searching.options->max_memory)
		return "the bound on memory";
	return NULL;
}
