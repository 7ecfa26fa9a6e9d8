/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Small programs of tasks and agents of which the answer is known. Each is explored under
 * both memory models, with the reduction, without keeping states, and without either,
 * to the same verdict; a schedule that is found is replayed, twice to the same words.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <explore/access.h>
#include <explore/sched.h>
#include <explore/search.h>
#include <explore/step.h>

enum { VECTOR = 0x41, OTHER = 0x42 };

extern struct machine_state {
	struct explore_machine machine;
	uint64_t x, y, flag, turn, seen, came;
	uint64_t lock[2], left[2], own, slept, order;
	struct explore_descriptor pid;
} s;

static inline uint64_t load(const uint64_t *p)
{
	return explore_load8(p);
}

static inline void store(uint64_t *p, uint64_t value)
{
	explore_store8(p, value);
}

static inline uint64_t add(uint64_t *p, uint64_t value)
{
	return explore_rmw8(EXPLORE_OR, p, value);
}

/* What several of them do. */
void hold_lock(void *unused);
bool is_set(const void *word);
void look_and_go(void *unused);
void nothing(void *unused);
void wait_late(void *unused);
void wait_right(void *unused);

enum { PROVED = EXPLORE_PROVED, FOUND = EXPLORE_VIOLATED, UNFIT = EXPLORE_UNFIT };

/* What is 0 or null is not there. */
struct program {
	const char *name;
	unsigned cpus;
	struct explore_task task[3];
	void (*beside[2])(void *); /* other agents: one with a store buffer, one without */
	struct explore_sched rules;
	int sc, tso;
	const char *says;
};

#define TASK(run, cpu) { #run, run, NULL, cpu, NULL, true }

/* True if each of them comes to its answer. */
bool machine_answers(const struct program *programs, unsigned count);

/* A scenario's setup, with these rules. */
extern struct explore_sched rules;
void machine_set_up(void);

#endif
