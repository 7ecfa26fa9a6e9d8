/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Accesses as x86 makes them: a load looks into the store buffer first, a store waits
 * there, locked operations and fences wait until it is empty.
 */
#include "explore/schedule/locks.h"
#include "explore/schedule/patch.h"
#include "explore/schedule/tell.h"
#include "explore/seam/seam.h"
#include <explore/access.h>

static bool is_step(const void *p, unsigned size)
{
	return !run_looking && !run_constant(p, size);
}

static wide view(const void *p, unsigned size)
{
	const struct agent *a = run_asks ? run_asks : explore_running;

	return buffer_view(a ? &a->buffer : NULL, p, size);
}

static void accesses(const void *p, unsigned size, bool write)
{
	if (explore_running)
		run_watch->access(p, size, write);
	else
		run_heard(p, size);
}

wide seam_load(const void *p, unsigned size)
{
	wide value;

	if (!is_step(p, size)) {
		patch_settle();
		run_heard(p, size);
		return view(p, size);
	}
	explore_point(STORES, NULL, NULL);
	accesses(p, size, false);
	value = view(p, size);
	tell_value(explore_running, "load", p, size, (uint64_t)value);
	return value;
}

void seam_store(void *p, unsigned size, wide value)
{
	explore_point(STORES - 1, NULL, NULL);
	if (explore_running && explore_running->buffered) {
		run_buffer(p, size, value);
		return;
	}
	accesses(p, size, true);
	tell_change(explore_running, "store", p, size, (uint64_t)memory_get(p, size),
	            (uint64_t)value);
	run_put(p, size, value);
}

static wide result(enum seam_op op, wide old, wide operand)
{
	switch (op) {
	case SEAM_OR:
		return old | operand;
	case SEAM_AND:
		return old & operand;
	case SEAM_ADD:
		return old + operand;
	case SEAM_SUB:
		return old - operand;
	case SEAM_XOR:
		return old ^ operand;
	case SEAM_NAND:
		return ~(old & operand);
	case SEAM_EXCHANGE:
		break;
	}
	return operand;
}

wide seam_rmw(enum seam_op op, void *p, unsigned size, wide operand)
{
	static const char *const verbs[] = { "exchange", "or", "and", "add", "sub", "xor", "nand" };
	wide old, value;

	/* One that leaves a constant as it is, is only a fence; and none, with nothing to flush. */
	if (run_constant(p, size) && !explore_running->buffer.stores) {
		patch_settle();
		old = memory_get(p, size);
		run_put(p, size, wide_cut(result(op, old, operand), size));
		return old;
	}
	explore_point(0, NULL, NULL);
	accesses(p, size, true);
	old = memory_get(p, size);
	value = wide_cut(result(op, old, operand), size);
	tell_change(explore_running, verbs[op], p, size, (uint64_t)old, (uint64_t)value);
	run_put(p, size, value);
	return old;
}

bool seam_cmpxchg(void *p, unsigned size, wide *expected, wide value)
{
	wide old;

	explore_point(0, NULL, NULL);
	old = memory_get(p, size);
	accesses(p, size, old == *expected);
	if (old != *expected) {
		tell_value(explore_running, "compare", p, size, (uint64_t)old);
		*expected = old;
		return false;
	}
	tell_change(explore_running, "cmpxchg", p, size, (uint64_t)old, (uint64_t)value);
	run_put(p, size, value);
	return true;
}

/* The seam of include/explore/access.h: a type for each size, and so no other size. */
#define TYPED(size, type)                                                            \
	type explore_load##size(const type *p)                                       \
	{                                                                            \
		RUN_AT(p);                                                           \
		return (type)seam_load(p, size);                                     \
	}                                                                            \
	void explore_store##size(type *p, type value)                                \
	{                                                                            \
		RUN_AT(p);                                                           \
		seam_store(p, size, value);                                          \
	}                                                                            \
	type explore_rmw##size(enum explore_rmw op, type *p, type operand)           \
	{                                                                            \
		RUN_AT(p);                                                           \
		return (type)seam_rmw((enum seam_op)op, p, size, operand);           \
	}                                                                            \
	bool explore_cmpxchg##size(type *p, type *expected, type value)              \
	{                                                                            \
		wide old = *expected;                                                \
		bool same;                                                           \
		RUN_AT(p);                                                           \
		same = seam_cmpxchg(p, size, &old, value);                           \
		*expected = (type)old;                                               \
		return same;                                                         \
	}

TYPED(1, uint8_t)
TYPED(2, uint16_t)
TYPED(4, uint32_t)
TYPED(8, uint64_t)

static wide wide_of(struct explore_pair pair)
{
	return (wide)pair.hi << 64 | pair.lo;
}

struct explore_pair explore_load16(const struct explore_pair *p)
{
	wide value;

	RUN_AT(p);
	value = seam_load(p, sizeof(*p));
	return (struct explore_pair){ (uint64_t)value, (uint64_t)(value >> 64) };
}

bool explore_cmpxchg16(struct explore_pair *p, struct explore_pair old, struct explore_pair value)
{
	wide expected = wide_of(old);

	RUN_AT(p);
	return seam_cmpxchg(p, sizeof(*p), &expected, wide_of(value));
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
	seam_store(held, 8, 0);
	locks_freed(held);
}

void explore_look_begin(void)
{
	patch_settle();
	run_looking = true;
}

void explore_look_end(void)
{
	patch_settle();
	run_looking = false;
}
