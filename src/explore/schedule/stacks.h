/* SPDX-License-Identifier: BSD-2-Clause */
/* Stacks that agents share: an agent leaves the one it is on for another. */
#ifndef EXPLORE_STACKS_H
#define EXPLORE_STACKS_H

#include "explore/schedule/run.h"

enum {
	STACKS = 8,
	STACK_OWN = -1, /* of the agent */
	STACK_NONE = -2, /* to leave for good */
};

/* In run_between.begin: entry begins on the stack as soon as an agent goes there. */
void stacks_new(unsigned stack, size_t cleared, void (*entry)(void));

/*
 * The running agent leaves the stack that it is on for another, where nobody is. Returns
 * when an agent, maybe another one, comes back. An agent's locks are a stack's.
 */
void stacks_switch(int from, int to);

/* An agent's own stack is that which it is on; of what came before its access, the part below. */
enum stacks_whose { STACKS_NONE, STACKS_OWN, STACKS_OTHERS };
enum stacks_whose stacks_whose(const struct agent *a, const void *p);

/*
 * All stacks have numbers: first the agents' own, then those that they share. Which one this
 * lies on, and how many bytes are between it and the end; -1: none.
 */
enum { ALL_STACKS = EXPLORE_AGENTS + STACKS };
int stacks_find(const void *p, size_t *below);
const char *stacks_end(unsigned stack);

/* The locks of a stack that no agent is on: bits of locks.c's list. */
uint32_t stacks_hold(unsigned stack);

#endif
