/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For programs: explores a scenario. The search is depth-first: for each schedule
 * the scenario's state is put back and everything runs again from the start.
 */
#ifndef EXPLORE_SEARCH_H
#define EXPLORE_SEARCH_H

#include <explore/scenario.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { EXPLORE_POINTS = 512 }; /* words at most, whose plain accesses are points */

/*
 * Which plain accesses are points, of a scenario whose races are (EXPLORE_RACES_ARE_POINTS):
 * all, or those to these words of eight bytes of the state, counted from 0, in order.
 * Behind them follow words of stacks, and words of stacks that others than their owner
 * access. Choices mean nothing without.
 */
struct explore_points {
	bool all;
	unsigned count;
	uint32_t word[EXPLORE_POINTS];
};

struct explore_schedule {
	unsigned length;
	uint8_t choice[EXPLORE_DEPTH];
	struct explore_points points;
};

struct explore_totals {
	uint64_t schedules; /* run to their end */
	uint64_t pruned;    /* given up: a permutation of one that was, or will be, run */
	uint64_t steps;
	unsigned depth;     /* steps of the longest schedule */
	double seconds;     /* with those of the runs before, by the frontier, as all of these */
	double done;        /* of the search, 0 to 1: an estimate from its branches' shares */
	uint64_t states;    /* that the search left for good, of a search where they may meet */
	uint64_t finals;    /* different final states, if asked for, */
	uint64_t finals_sum; /* and a number that equal sets of them share */
	unsigned racing;     /* words that race, where that makes their accesses points */
	const char *stopped; /* why there is no verdict, in words; null: there is one */
	bool saved;         /* the frontier, to go on from */
	bool repeated;      /* the frontier said that the search was over: nothing was run */
	/* one that violates, or crashes, the shortest that was found; or one that does not fit */
	struct explore_schedule failed;
	unsigned failed_steps;
	bool shortest;      /* none that does so has fewer steps */
};

enum explore_strategy {
	EXPLORE_EVERY,  /* every schedule, or one of those that differ in idle orders only */
	EXPLORE_RANDOM, /* so many at random */
	EXPLORE_PCT,    /* so many by random priorities with change points */
};

struct explore_options {
	bool sc;                /* sequential consistency: no store buffers */
	bool full;              /* EXPLORE_EVERY without reduction */
	bool forgets;           /* keeps no states, though agents wait */
	bool all_points;        /* where races are points: every plain access is, racing or not */
	enum explore_strategy strategy;
	uint64_t runs, seed;    /* EXPLORE_RANDOM and _PCT */
	unsigned change_points; /* EXPLORE_PCT; at most 16 */
	bool finals;            /* count the different states that schedules end in */
	bool twice;             /* run each schedule twice: it must take the same steps */
	bool first;             /* any schedule that violates will do: look for no shorter one */
	/* bounds; 0: none */
	unsigned preemptions;
	uint64_t max_schedules;
	double max_seconds;
	unsigned max_steps;      /* of a schedule: longer ones are cut off */
	unsigned max_memory;     /* of the process, KiB */
	double patience;         /* seconds of CPU time for one step; 0: 3, for there is a bound */
	/*
	 * Processes that search, 0 or 1: this one. The verdict does not depend on it; how
	 * many schedules it takes does. Not with parts, finals, nor a bound on schedules.
	 * Alone: seconds before more than one search, so that a quick search is always the same.
	 */
	unsigned jobs;
	double alone;
	/* one part of a search that has so many, counted from 0; parts 0 or 1: all of it */
	unsigned part, parts;
	/*
	 * A file: goes on from there if it exists; written when a bound ends the
	 * search, and when it is over, unless something is violated; or null. The
	 * build is one word, and that of a frontier that is gone on with.
	 */
	const char *frontier, *build;
	/* not 0: stop as if a bound was reached; or null */
	const volatile int *interrupted;
	/* called every so often, for a progress line; or null */
	void (*progress)(const struct explore_totals *t, void *arg);
	void *arg;
};

enum explore_outcome {
	EXPLORE_PROVED,   /* the whole search, or this part of it: nothing is violated */
	EXPLORE_VIOLATED, /* t.failed violates */
	/* nothing found, but t.stopped says why that is no proof: */
	EXPLORE_STOPPED,  /* not everything was searched */
	EXPLORE_UNFIT,    /* t.failed does what the scenario, or the explorer, has no room for */
	/*
	 * t.failed leads to where the scenario's code crashes, or comes to no further step. Of
	 * a setup that does, it is empty. What the code has outside the state may be damaged.
	 */
	EXPLORE_CRASHED,
	EXPLORE_ERROR,    /* it is no scenario, does not repeat itself, or memory is short */
	EXPLORE_UNUSABLE, /* the frontier is; or it cannot be written */
};

/*
 * Searches until there is an outcome; *t, which need not be set before, has what it took.
 * Never two at once. It may fork (o->jobs), and takes signals of crashes and SIGVTALRM
 * until it returns.
 */
enum explore_outcome explore_search(const struct explore_scenario *s,
                                    const struct explore_options *o, struct explore_totals *t);

#ifdef __cplusplus
}
#endif

#endif
