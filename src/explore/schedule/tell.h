/* SPDX-License-Identifier: BSD-2-Clause */
/* What a schedule does, for who shows it: told on a stack of its own. */
#ifndef EXPLORE_TELL_H
#define EXPLORE_TELL_H

#include "explore/schedule/run.h"

/* A step, or a part of one. */
struct tell_access {
	const struct agent *agent;
	const char *verb;
	const void *p; /* null: a fence */
	unsigned size;
	uint64_t old, value;
	bool change; /* from old to value; else old is what there is */
	const void *site; /* in the code that does it, where that is known; or null */
};

struct tell_listener {
	void (*access)(const struct tell_access *a);
	/* agent: who says it; -1: the schedule as a whole is judged */
	void (*words)(int agent, const char *format, va_list *args);
};

/* Null: nobody listens. Returns who did so before. */
const struct tell_listener *tell_begin(const struct tell_listener *listener);
bool tell_heard(void);

void tell_value(const struct agent *a, const char *verb, const void *p, unsigned size,
                uint64_t value);
void tell_change(const struct agent *a, const char *verb, const void *p, unsigned size,
                 uint64_t old, uint64_t value);
void tell_fence(const struct agent *a);
/* The running agent does what is no access, in words. */
void tell_does(const char *format, ...) __attribute__((format(printf, 1, 2)));
void tell_verdict(const char *format, va_list *args);

/* Calls job on the explorer's own stack, where no agent runs. */
void run_outside(void (*job)(void *arg), void *arg);

#endif
