/* SPDX-License-Identifier: BSD-2-Clause */
/* Locks are taken in one order by everybody, or some day agents wait for each other in a circle. */
#include "explore/schedule/locks.h"
#include "explore/schedule/stacks.h"

enum { LOCKS = 32 }; /* of a schedule */

/* A lock that was taken in this schedule, and those taken while it was held: bits. */
struct lock {
	const uint64_t *at;
	uint32_t after;
};

static struct lock locks[LOCKS];
static unsigned lock_count;

void locks_begin(void)
{
	lock_count = 0;
}

/* The locks that somebody, this time, took while he held from, or while he held one of those. */
static uint32_t taken_after(unsigned from)
{
	uint32_t after = locks[from].after, before;

	do {
		before = after;
		for (unsigned i = 0; i < lock_count; i++)
			if (after >> i & 1)
				after |= locks[i].after;
	} while (after != before);
	return after;
}

static unsigned lock_number(const uint64_t *held)
{
	unsigned lock = 0;

	while (lock < lock_count && locks[lock].at != held)
		lock++;
	if (lock == lock_count && lock < LOCKS)
		locks[lock_count++] = (struct lock){ .at = held };
	return lock;
}

void locks_taken(const uint64_t *held)
{
	struct agent *a = explore_running;
	unsigned lock = lock_number(held);

	if (lock == LOCKS) {
		run_unfit("a schedule takes more than %d locks, which the explorer cannot keep "
		          "apart", LOCKS);
		return;
	}
	if (taken_after(lock) & a->holds)
		explore_fail("lock order: %s takes a lock while it holds one that others take "
		             "after it",
		             a->is->name);
	for (unsigned i = 0; i < lock_count; i++)
		if (a->holds >> i & 1)
			locks[i].after |= 1u << lock;
	a->holds |= 1u << lock;
}

void locks_freed(const uint64_t *held)
{
	for (unsigned i = 0; explore_running && i < lock_count; i++)
		if (locks[i].at == held)
			explore_running->holds &= ~(1u << i);
}

static void add(struct number *sum, uint64_t a, uint64_t b)
{
	struct number n = { 0, 0 };

	number_mix(&n, a, b);
	number_mix(&n, b, a);
	number_add(sum, n);
}

/* By address: their numbers depend on who came first. */
void locks_mix(struct number *n)
{
	struct number sum = { 0, 0 };

	for (unsigned i = 0; i < lock_count; i++)
		for (unsigned k = 0; k < lock_count; k++)
			if (locks[i].after >> k & 1)
				add(&sum, (uintptr_t)locks[i].at, (uintptr_t)locks[k].at);
	for (unsigned i = 0; i < lock_count; i++)
		for (unsigned a = 0; a < explore_scenario->agent_count; a++)
			if (run_who(a)->holds >> i & 1)
				add(&sum, (uintptr_t)locks[i].at, a);
	for (unsigned i = 0; i < lock_count; i++)
		for (unsigned stack = 0; stack < STACKS; stack++)
			if (stacks_hold(stack) >> i & 1)
				add(&sum, (uintptr_t)locks[i].at, EXPLORE_AGENTS + stack);
	number_mix(n, sum.lo, sum.hi);
}
