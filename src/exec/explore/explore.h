/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The explorer: runs a small scenario of agents in every order their shared
 * accesses can take, on a machine with x86's store buffers.
 *
 * Agents are coroutines; each access through posted/atomic.h is a scheduling
 * point, and what an agent does between two of them belongs to the first. A
 * schedule is the list of choices made where more than one step was possible.
 * The search is depth-first and keeps no states: for each schedule the
 * scenario's state is put back and everything runs again from the start.
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
	const struct explore_constant *constants;
	/* everything that agents change, put back before each schedule */
	void *state;
	size_t state_size;
	/* makes the state, once */
	void (*setup)(void);
	/* judges it when no agent has a step left, with explore_fail; or null */
	void (*finish)(void);
	/* explore only schedules with at most so many preemptions; 0: all schedules */
	unsigned preemptions;
};

/* For agents. */

/*
 * Rests with nothing to do until ready says so; it looks at memory directly.
 * What follows, up to and with the next access, is then one step. False: no
 * agent has a step left; return from run.
 */
bool explore_rest(bool (*ready)(const void *arg), const void *arg);

/* A choice that is not about order: 0 to n - 1, each explored. */
unsigned explore_choose(unsigned n);

/* MFENCE. */
void explore_fence(void);

/* A row of the trace, in plain words. */
void explore_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* For agents and finish: a property does not hold in this schedule, which goes on to its end. */
void explore_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* For programs. */

struct explore_schedule {
	unsigned length;
	uint8_t choice[EXPLORE_DEPTH];
};

struct explore_totals {
	uint64_t schedules, steps;
	unsigned depth;                 /* steps of the longest schedule */
	struct explore_schedule failed; /* the first that failed */
};

/* Walks all schedules. False: it stopped at one that failed. sc: without store buffers. */
bool explore_all(const struct explore_scenario *s, bool sc, struct explore_totals *t);

enum explore_verdict {
	EXPLORE_HOLDS,
	EXPLORE_FAILS,
	EXPLORE_IMPOSSIBLE, /* a choice was too high, or there were too many */
};

/*
 * Runs one schedule and prints each step as a row (out null: nothing). Where
 * the given choices end, the rest are 0.
 */
enum explore_verdict explore_one(const struct explore_scenario *s, bool sc,
                                 const struct explore_schedule *given, FILE *out);

#endif
