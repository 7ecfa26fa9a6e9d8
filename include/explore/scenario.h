/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The explorer: runs a small scenario of agents in every order their shared
 * accesses can take, on a machine with x86's store buffers.
 *
 * Agents are coroutines; each access that comes in through a seam (functions of
 * explore/access.h, or the calls that compilers make for the thread sanitizer) is a
 * scheduling point, and what an agent does between two of them belongs to the first. A
 * schedule is the list of choices made where more than one step was possible.
 *
 * One exploration at a time, in one thread: nothing here may be called from another.
 *
 * Which header is for whom: a file for `posted cc` includes explore/module.h, which has
 * this one: what a scenario is made of, and what its agents call. Beside it, explore/sched.h
 * has CPUs that run tasks, and explore/step.h several accesses as one step. A seam
 * of one's own is made of explore/access.h. Programs search with explore/search.h, show
 * schedules with explore/replay.h and explore/table.h, and load modules with explore/load.h.
 */
#ifndef EXPLORE_SCENARIO_H
#define EXPLORE_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
	EXPLORE_AGENTS = 8,    /* at most, in a scenario */
	EXPLORE_STATE = 256 * 1024, /* bytes at most, of what agents change */
	EXPLORE_DEPTH = 1024, /* steps and choices at most, in a schedule */
	EXPLORE_CHOICES = 255, /* at most, of one explore_choose */
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

/* What it is if plain accesses of two agents, one of them a write, are in no order. */
enum explore_races {
	EXPLORE_RACES_FAIL, /* a violation: the code is to access what is shared through a seam */
	/*
	 * The code's own way. Words that race are learnt: plain accesses to them are points
	 * from then on, and the search begins anew. The others are ordered by what is a point.
	 */
	EXPLORE_RACES_ARE_POINTS,
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
	const void *initial; /* what it is before setup; null: zeros */
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
	/* of code that is compiled with the thread sanitizer's calls */
	enum explore_races races;
};

/* For agents. */

/*
 * Rests with nothing to do until ready says so (null: at once); it looks at memory directly,
 * or, where it is code that posted cc compiled, as the agent sees it. What follows, up to
 * and with the next access (unless that is a locked operation of an agent with a store
 * buffer), is then one step; it begins with an explore_touch of each word that ready looks
 * at, which is found out by itself where posted cc compiled it. False: no agent has a step
 * left; return from run. In setup and finish it does not wait: whether it is ready.
 */
bool explore_rest(bool (*ready)(const void *arg), const void *arg);

/* An agent's choice that is not about order: 0 to n - 1, each explored. */
unsigned explore_choose(unsigned n);

/* MFENCE: a step, once the agent's store buffer is empty. */
void explore_fence(void);

/*
 * Between the two an agent looks at memory as it sees it, and takes no step: for
 * checks of what nobody else may change just now.
 */
void explore_look_begin(void);
void explore_look_end(void);

/* A row of the trace, in plain words; no step. In setup, finish and each it says nothing. */
void explore_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * For agents, each and finish: a property does not hold in this schedule, which ends with
 * this step. In setup: nothing can be explored.
 */
void explore_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * For agents: the step under way also reads or writes memory that is not
 * accessed through a seam but that others' steps depend on (a message
 * queue, a run queue). Not for memory whose races are to be found.
 */
void explore_touch(const void *p, bool write);

/*
 * A lock: waits, not runnable, until the word is 0, and makes it 1: a fence. Who waits in
 * vain, or takes locks in an order that makes a circle, violates. Giving back is a store.
 */
void explore_lock(uint64_t *held);
void explore_unlock(uint64_t *held);

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

#ifdef __cplusplus
}
#endif

#endif
