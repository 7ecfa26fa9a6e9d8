/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared memory as x86-TSO has it (Sewell and others, "x86-TSO: a rigorous and
 * usable programmer's model"): each CPU has a FIFO of stores, its loads look
 * there first, and its locked operations and fences wait until it is empty.
 */
#include "explore/internal.h"
#include <explore/access.h>
#include <string.h>

enum { LOCKS = 32 }; /* of a schedule */

/* A lock that was taken in this schedule, and those taken while it was held: bits. */
struct lock {
	const uint64_t *at;
	uint32_t after;
};

static struct lock locks[LOCKS];
static unsigned lock_count;
static bool looking;

/* True for an access by an agent to memory that nobody changes. */
static bool constant(const void *p, unsigned size)
{
	const struct explore_constant *c = explore_scenario->constants;

	if (!c || !explore_running)
		return false;
	for (; c->at; c++) {
		uintptr_t offset = (uintptr_t)p - (uintptr_t)c->at;

		if (offset < c->size && offset + size <= c->size)
			return true;
	}
	return false;
}

static uint64_t get(const void *p, unsigned size)
{
	uint64_t value;

	if (size == 1)
		return *(const uint8_t *)p;
	memcpy(&value, p, 8);
	return value;
}

void memory_written(const void *p, unsigned size)
{
	char name[64];

	if (!constant(p, size))
		return;
	trace_name(name, sizeof(name), p);
	run_unfit("%s is written, which the scenario lists as a constant: take it off that list, "
	          "or mend what writes it", name);
}

static void put(void *p, unsigned size, uint64_t value)
{
	uint64_t old = get(p, size);

	if (old == value)
		return;
	run_change(p, old, value);
	memory_written(p, size);
	if (size == 1)
		*(uint8_t *)p = (uint8_t)value;
	else
		memcpy(p, &value, 8);
}

/*
 * The word as an agent sees it: its own stores laid over it, byte by byte.
 * Where silicon waits for a store that covers a part of the word, this does
 * not: it allows more, never less.
 */
static uint64_t view(const struct agent *a, const void *p, unsigned size)
{
	uint64_t value = get(p, size);

	for (unsigned i = 0; a && i < a->stores; i++) {
		const struct store *s = &a->store[i];

		for (unsigned byte = 0; byte < s->size; byte++) {
			uintptr_t offset = (uintptr_t)s->at + byte - (uintptr_t)p;

			if (offset < size)
				((uint8_t *)&value)[offset] = ((const uint8_t *)&s->value)[byte];
		}
	}
	return value;
}

const void *memory_buffer(unsigned agent, enum buffer_end end)
{
	return (const char *)explore_scenario->state + (explore_scenario->state_size + 7) / 8 * 8 +
	       8 * (2 * agent + end);
}

static void touch_buffer(const struct agent *a, enum buffer_end end)
{
	if (run_traits() & TRAIT_FENCES)
		explore_touch(memory_buffer((unsigned)run_agent(a), end), true);
}

void memory_flush(struct agent *a)
{
	struct store s = a->store[0];

	a->stores--;
	memmove(a->store, a->store + 1, a->stores * sizeof(s));
	run_buffers(&s, false);
	touch_buffer(a, BUFFER_OUT);
	reduce_after_step(s.step);
	reduce_access(s.at, s.size, true);
	trace_change(a, "visible", s.at, get(s.at, s.size), s.value);
	put(s.at, s.size, s.value);
}

uint64_t explore_load(const void *p, unsigned size)
{
	uint64_t value;

	if (constant(p, size))
		return get(p, size);
	if (looking)
		return view(explore_running, p, size);
	RUN_AT(p);
	explore_point(STORES, NULL, NULL);
	reduce_access(p, size, false);
	value = view(explore_running, p, size);
	trace_value(explore_running, "load", p, value);
	return value;
}

void explore_store(void *p, unsigned size, uint64_t value)
{
	struct agent *a = explore_running;

	RUN_AT(p);
	explore_point(STORES - 1, NULL, NULL);
	if (a && a->buffered) {
		a->store[a->stores] = (struct store){ p, size, value, reduce_now() };
		races_sync();
		run_buffers(&a->store[a->stores++], true);
		touch_buffer(a, BUFFER_IN);
		trace_value(a, "buffer", p, value);
	} else {
		reduce_access(p, size, true);
		trace_change(a, "store", p, get(p, size), value);
		put(p, size, value);
	}
}

static uint64_t result(enum explore_rmw op, uint64_t old, uint64_t operand)
{
	switch (op) {
	case EXPLORE_OR:
		return old | operand;
	case EXPLORE_AND:
		return old & operand;
	case EXPLORE_EXCHANGE:
		break;
	}
	return operand;
}

uint64_t explore_rmw(enum explore_rmw op, void *p, unsigned size, uint64_t operand)
{
	static const char *const verbs[] = { "exchange", "or", "and" };
	uint64_t old;

	/* One that leaves a constant as it is, is only a fence; and none, with nothing to flush. */
	if (constant(p, size) && !explore_running->stores) {
		old = get(p, size);
		put(p, size, result(op, old, operand));
		return old;
	}
	RUN_AT(p);
	explore_point(0, NULL, NULL);
	reduce_access(p, size, true);
	old = get(p, size);
	trace_change(explore_running, verbs[op], p, old, result(op, old, operand));
	put(p, size, result(op, old, operand));
	return old;
}

bool explore_cmpxchg(void *p, uint64_t *expected, uint64_t value)
{
	uint64_t old;

	RUN_AT(p);
	explore_point(0, NULL, NULL);
	old = get(p, 8);
	reduce_access(p, 8, old == *expected);
	if (old != *expected) {
		trace_value(explore_running, "compare", p, old);
		*expected = old;
		return false;
	}
	trace_change(explore_running, "cmpxchg", p, old, value);
	put(p, 8, value);
	return true;
}

struct explore_pair explore_load16(const void *p)
{
	const struct explore_pair *pair = p;
	const struct agent *a = explore_running;
	struct explore_pair value;

	if (!looking && !constant(p, sizeof(*pair))) {
		RUN_AT(p);
		explore_point(STORES, NULL, NULL);
		reduce_access(p, sizeof(*pair), false);
	}
	value = (struct explore_pair){ view(a, &pair->lo, 8), view(a, &pair->hi, 8) };
	if (!looking && !constant(p, sizeof(*pair)))
		trace_value(a, "load", p, value.lo);
	return value;
}

bool explore_cmpxchg16(void *p, struct explore_pair old, struct explore_pair value)
{
	struct explore_pair *pair = p;
	bool same;

	RUN_AT(p);
	explore_point(0, NULL, NULL);
	same = pair->lo == old.lo && pair->hi == old.hi;
	reduce_access(p, sizeof(*pair), same);
	if (!same) {
		trace_value(explore_running, "compare", p, pair->lo);
		return false;
	}
	trace_change(explore_running, "cmpxchg", p, pair->lo, value.lo);
	put(&pair->lo, 8, value.lo);
	put(&pair->hi, 8, value.hi);
	return true;
}

void explore_fence(void)
{
	RUN_AT(explore_scenario->state);
	explore_point(0, NULL, NULL);
	trace_fence(explore_running);
}

static bool is_free(const void *held)
{
	return !*(const uint64_t *)held;
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

/* Locks are taken in one order by everybody, or some day agents wait for each other in a circle. */
static void judge_lock_order(const uint64_t *held)
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

void explore_lock(uint64_t *held)
{
	run_trait(TRAIT_WAITS);
	RUN_AT(held);
	explore_point(0, is_free, held);
	reduce_access(held, 8, true);
	trace_change(explore_running, "lock", held, 0, 1);
	put(held, 8, 1);
	if (explore_running)
		judge_lock_order(held);
}

void explore_unlock(uint64_t *held)
{
	explore_store(held, 8, 0);
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
void memory_mix(struct number *n)
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
	number_mix(n, sum.lo, sum.hi);
}

void memory_begin(void)
{
	lock_count = 0;
	looking = false;
}

void explore_look_begin(void)
{
	looking = true;
}

void explore_look_end(void)
{
	looking = false;
}
