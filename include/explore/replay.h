/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For programs: runs one schedule of a scenario again, and tells of each step. Not from
 * within an exploration, nor from another thread while there is one.
 */
#ifndef EXPLORE_REPLAY_H
#define EXPLORE_REPLAY_H

#include <explore/search.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A row of a trace: a step, or what an agent says of it. */
struct explore_row {
	unsigned step;    /* from 1; of a note: the step before it */
	int agent;        /* index; -1: a verdict on the whole schedule */
	bool note;        /* plain words, for everybody; else an access, for the curious */
	const char *text; /* valid during the call */
	/* of an access: where it stands in its sources, by debug information; null, 0: unknown */
	const char *function, *file;
	unsigned line;
	/* what it is to; null: a fence, or no access */
	const void *at;
	unsigned size;
	bool look;      /* it is a load, and the value all that it sees */
	bool late;      /* a store of an earlier step becomes visible */
	bool changes;   /* memory is another one afterwards */
	uint64_t value; /* that is there, as the agent sees it */
};

enum explore_verdict {
	EXPLORE_HOLDS,
	EXPLORE_FAILS,
	EXPLORE_MISFIT,     /* as of EXPLORE_UNFIT: nothing can be said of it */
	EXPLORE_CRASHES,    /* as of EXPLORE_CRASHED */
	EXPLORE_UNJUDGED,   /* it was stopped before its end, where it would be judged */
	EXPLORE_UNFAIR,     /* it goes round in a circle, while the same choices are made */
	EXPLORE_IMPOSSIBLE, /* a choice was too high, or there were too many */
};

struct explore_replayed {
	enum explore_verdict verdict;
	unsigned steps; /* of the whole schedule, also if it was stopped before */
};

/*
 * Runs one schedule and calls back for each row (row null: not). Where the given
 * choices end, the rest are 0. Stops after so many steps, if stop_at is not 0 and
 * the schedule has more. The scenario's state is left as the last step left it.
 */
struct explore_replayed explore_replay(const struct explore_scenario *s, bool sc,
                                       const struct explore_schedule *given, unsigned stop_at,
                                       void (*row)(const struct explore_row *row, void *arg),
                                       void *arg);

/*
 * Draws one at random, of those that the seed gives. To be replayed: it may violate
 * something, or go round in a circle.
 */
struct explore_schedule explore_draw(const struct explore_scenario *s, bool sc, uint64_t seed);

#ifdef __cplusplus
}
#endif

#endif
