/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accesses as x86 makes them: a load looks into the store buffer first, a store waits
 * there, locked operations and fences wait until it is empty.
 */
#include "explore/schedule/locks.h"
#include "explore/schedule/tell.h"
#include <explore/access.h>

static bool is_step(const void *p, unsigned size)
{
	return !run_looking && !run_constant(p, size);
}

static uint64_t view(const void *p, unsigned size)
{
	return buffer_view(explore_running ? &explore_running->buffer : NULL, p, size);
}

static void accesses(const void *p, unsigned size, bool write)
{
	if (explore_running)
		run_watch->access(p, size, write);
}

uint64_t explore_load(const void *p, unsigned size)
{
	uint64_t value;

	if (!is_step(p, size))
		return view(p, size);
	RUN_AT(p);
	explore_point(STORES, NULL, NULL);
	accesses(p, size, false);
	value = view(p, size);
	tell_value(explore_running, "load", p, size, value);
	return value;
}

/* Of code that RUN_AT has told of. */
static void store(void *p, unsigned size, uint64_t value)
{
	explore_point(STORES - 1, NULL, NULL);
	if (explore_running && explore_running->buffered) {
		run_buffer(p, size, value);
		return;
	}
	accesses(p, size, true);
	tell_change(explore_running, "store", p, size, memory_get(p, size), value);
	run_put(p, size, value);
}

void explore_store(void *p, unsigned size, uint64_t value)
{
	RUN_AT(p);
	store(p, size, value);
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
	if (run_constant(p, size) && !explore_running->buffer.stores) {
		old = memory_get(p, size);
		run_put(p, size, result(op, old, operand));
		return old;
	}
	RUN_AT(p);
	explore_point(0, NULL, NULL);
	accesses(p, size, true);
	old = memory_get(p, size);
	tell_change(explore_running, verbs[op], p, size, old, result(op, old, operand));
	run_put(p, size, result(op, old, operand));
	return old;
}

bool explore_cmpxchg(void *p, uint64_t *expected, uint64_t value)
{
	uint64_t old;

	RUN_AT(p);
	explore_point(0, NULL, NULL);
	old = memory_get(p, 8);
	accesses(p, 8, old == *expected);
	if (old != *expected) {
		tell_value(explore_running, "compare", p, 8, old);
		*expected = old;
		return false;
	}
	tell_change(explore_running, "cmpxchg", p, 8, old, value);
	run_put(p, 8, value);
	return true;
}

struct explore_pair explore_load16(const void *p)
{
	const struct explore_pair *pair = p;
	bool step = is_step(p, sizeof(*pair));
	struct explore_pair value;

	if (step) {
		RUN_AT(p);
		explore_point(STORES, NULL, NULL);
		accesses(p, sizeof(*pair), false);
	}
	value = (struct explore_pair){ view(&pair->lo, 8), view(&pair->hi, 8) };
	if (step)
		tell_value(explore_running, "load", p, sizeof(*pair), value.lo);
	return value;
}

bool explore_cmpxchg16(void *p, struct explore_pair old, struct explore_pair value)
{
	struct explore_pair *pair = p;
	bool same;

	RUN_AT(p);
	explore_point(0, NULL, NULL);
	same = pair->lo == old.lo && pair->hi == old.hi;
	accesses(p, sizeof(*pair), same);
	if (!same) {
		tell_value(explore_running, "compare", p, sizeof(*pair), pair->lo);
		return false;
	}
	tell_change(explore_running, "cmpxchg", p, sizeof(*pair), pair->lo, value.lo);
	run_put(&pair->lo, 8, value.lo);
	run_put(&pair->hi, 8, value.hi);
	return true;
}

void explore_fence(void)
{
	RUN_AT(explore_scenario->state);
	explore_point(0, NULL, NULL);
	tell_fence(explore_running);
}

static bool is_free(const void *held)
{
	return !*(const uint64_t *)held;
}

void explore_lock(uint64_t *held)
{
	run_trait(TRAIT_WAITS);
	RUN_AT(held);
	explore_point(0, is_free, held);
	accesses(held, 8, true);
	tell_change(explore_running, "lock", held, 8, 0, 1);
	run_put(held, 8, 1);
	if (explore_running)
		locks_taken(held);
}

void explore_unlock(uint64_t *held)
{
	RUN_AT(held);
	store(held, 8, 0);
	locks_freed(held);
}

void explore_look_begin(void)
{
	run_looking = true;
}

void explore_look_end(void)
{
	run_looking = false;
}
