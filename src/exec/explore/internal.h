/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the explorer share. */
#ifndef EXPLORE_INTERNAL_H
#define EXPLORE_INTERNAL_H

#include "exec/explore/explore.h"
#include <stdarg.h>

enum { STORES = 8 }; /* that a store buffer holds; real ones hold more */

struct store {
	void *at;
	unsigned size;
	uint64_t value;
};

struct agent {
	const struct explore_agent *is;
	void *stack_pointer; /* while others run */
	bool done;
	/* its next step is possible with at most so many stores in the buffer, and once ready */
	unsigned may_hold;
	bool (*ready)(const void *arg); /* null: always */
	const void *arg;
	bool resting; /* it may stay there for ever */
	bool chosen;  /* a rest's step was chosen; the next access belongs to it */
	/* store buffer, oldest first */
	bool buffered;
	unsigned stores;
	struct store store[STORES];
};

/* search.c */

/* The agent that runs; null in setup and finish. */
extern struct agent *explore_running;
extern const struct explore_scenario *explore_scenario;

/* The running agent's next access: returns when it is chosen. */
void explore_point(unsigned may_hold, bool (*ready)(const void *arg), const void *arg);

/* memory.c: the oldest store of an agent's buffer becomes visible. */
void memory_flush(struct agent *a);

/* coroutine.c */

/* Saves the calling coroutine's stack pointer in *from and goes on with another's. */
void coroutine_switch(void **from, void *to);

/* The stack pointer of a new coroutine: entry begins on an empty stack and never returns. */
void *coroutine_new(void *stack, size_t size, void (*entry)(void));

/* trace.c: prints rows to out from now on; null: nothing. */
void trace_begin(FILE *out);

/* A row for a step of an agent; none for setup and finish, where there is no agent. */
void trace_value(const struct agent *a, const char *verb, const void *p, uint64_t value);
void trace_change(const struct agent *a, const char *verb, const void *p, uint64_t old,
                  uint64_t value);
void trace_fence(const struct agent *a);

/* A line about the schedule as a whole. */
void trace_verdict(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

#endif
