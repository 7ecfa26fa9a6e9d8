/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The explorer: runs a small scenario of agents in every order their shared
 * accesses can take, on a machine with x86's store buffers.
 *
 * Agents are coroutines; each access through posted/atomic.h is a scheduling
 * point, and what an agent does between two of them belongs to the first. A
 * schedule is the list of choices made where more than one step was possible.
 * The search is depth-first: for each schedule the scenario's state is put back
 * and everything runs again from the start.
 *
 * One exploration at a time, in one thread.
 */
#ifndef EXPLORE_H
#define EXPLORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum {
	EXPLORE_AGENTS = 8,    /* at most, in a scenario */
	EXPLORE_DEPTH = 1024, /* steps and choices at most, in a schedule */
	EXPLORE_WHY = 384,    /* bytes at most, of why there is no verdict, with the 0 at its end */
};

struct explore_agent {
	const char *name; /* short: it heads the rows of a trace */
	void (*run)(void *arg);
	void *arg;
	bool unbuffered;  /* not a CPU: its stores are visible at once */
};

/* A shared word's name in traces, and how its values are shown (null: in hexadecimal). */
struct explore_word {
	const void *at;
	const char *name;
	void (*show)(FILE *out, uint64_t value);
};

/* What lies there: the name of words that have no row of their own. */
struct explore_region {
	const void *at;
	size_t size;
	const char *name;
};

/*
 * Memory that nobody changes in the scenario. Reading it commutes with
 * everything, so it is no scheduling point; changing it is an error.
 */
struct explore_constant {
	const void *at;
	size_t size;
};

struct explore_scenario {
	const char *name, *proves;
	const struct explore_agent *agents;
	unsigned agent_count;
	/* each ended by a row with at = null; or null */
	const struct explore_word *words;
	const struct explore_region *regions; /* the first that has a word names it */
	const struct explore_constant *constants;
	/* everything that agents change, put back before each schedule */
	void *state;
	size_t state_size;
	/* makes the state, once */
	void (*setup)(void);
	/* judges it when no agent has a step left, with explore_fail; or null */
	void (*finish)(void);
	/*
	 * judges memory, what is in no store buffer, after each step; cheaply; or null.
	 * Of steps whose order cannot matter it sees one order alone.
	 */
	void (*each)(void);
	/* explore only schedules with at most so many preemptions; 0: all schedules */
	unsigned preemptions;
};

/* For agents. */

/*
 * Rests with nothing to do until ready says so (null: at once); it looks at memory directly.
 * What follows, up to and with the next access (unless that is a locked operation
 * of an agent with a store buffer), is then one step; it begins with
 * an explore_touch of each word that ready looks at. False: no agent has a step
 * left; return from run.
 */
bool explore_rest(bool (*ready)(const void *arg), const void *arg);

/* A choice that is not about order: 0 to n - 1, each explored. */
unsigned explore_choose(unsigned n);

/* MFENCE. */
void explore_fence(void);

/*
 * Between the two an agent looks at memory as it sees it, and takes no step: for
 * checks of what nobody else may change just now.
 */
void explore_look_begin(void);
void explore_look_end(void);

/* A row of the trace, in plain words. */
void explore_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* For agents and finish: a property does not hold in this schedule, which ends with this step. */
void explore_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * For agents: the step under way also reads or writes memory that is not
 * accessed through posted/atomic.h but that others' steps depend on (a message
 * queue, a run queue). Not for memory whose races are to be found.
 */
void explore_touch(const void *p, bool write);

/*
 * futex(2): sleeps until woken if the word is as expected, and is a fence; false,
 * as of explore_rest. A wake-up wakes all who sleep at the word.
 */
bool explore_futex_wait(const uint64_t *word, uint64_t expected);
void explore_futex_wake(const uint64_t *word);

/*
 * membarrier(2): a fence, after which the stores that others had buffered are
 * visible.
 */
void explore_membarrier(void);

/* The scenario under way; and its agent that runs, null in setup and finish. */
extern const struct explore_scenario *explore_scenario;
const struct explore_agent *explore_self(void);

/* For programs. */

struct explore_schedule {
	unsigned length;
	uint8_t choice[EXPLORE_DEPTH];
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
	const char *stopped; /* why there is no verdict, in words; null: there is one */
	bool saved;         /* the frontier, to go on from */
	bool repeated;      /* the frontier said that the search was over: nothing was run */
	/* one that violates, the shortest that was found; or one that does not fit */
	struct explore_schedule failed;
	unsigned failed_steps;
	bool shortest;      /* none that violates has fewer steps */
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
	EXPLORE_ERROR,    /* the scenario does not repeat itself, or memory is short */
	EXPLORE_UNUSABLE, /* the frontier is; or it cannot be written */
};

enum explore_outcome explore_search(const struct explore_scenario *s,
                                    const struct explore_options *o, struct explore_totals *t);

/* A row of a trace: a step, or what an agent says of it. */
struct explore_row {
	unsigned step;    /* from 1; of a note: the step before it */
	int agent;        /* index; -1: a verdict on the whole schedule */
	bool note;        /* plain words, for everybody; else an access, for the curious */
	const char *text; /* valid during the call */
};

enum explore_verdict {
	EXPLORE_HOLDS,
	EXPLORE_FAILS,
	EXPLORE_MISFIT,     /* as of EXPLORE_UNFIT: nothing can be said of it */
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

#endif
