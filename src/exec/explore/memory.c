/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shared memory as x86-TSO has it: Sewell and others, "x86-TSO: a rigorous and
 * usable programmer's model". Each CPU has a FIFO of stores, a load sees its own
 * first, and a locked operation or fence waits until they are all visible.
 */
#include "exec/explore/internal.h"
#include <posted/atomic.h>
#include <string.h>

static bool constant(const void *p, unsigned size)
{
	const struct explore_constant *c = explore_scenario->constants;

	if (!c)
		return false;
	for (; c->at; c++)
		if ((uintptr_t)p - (uintptr_t)c->at < c->size &&
		    (uintptr_t)p - (uintptr_t)c->at + size <= c->size)
			return true;
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

static void put(void *p, unsigned size, uint64_t value)
{
	if (size == 1)
		*(uint8_t *)p = (uint8_t)value;
	else
		memcpy(p, &value, 8);
}

/*
 * The word as an agent sees it. Its own stores are laid over it byte by byte:
 * where silicon would wait for a store that covers only a part, this allows
 * more, never less.
 */
static uint64_t view(const struct agent *a, const void *p, unsigned size)
{
	uint64_t value = get(p, size);

	for (unsigned i = 0; a && i < a->stores; i++) {
		const struct store *s = &a->store[i];

		for (unsigned byte = 0; byte < s->size; byte++) {
			uintptr_t at = (uintptr_t)s->at + byte - (uintptr_t)p;

			if (at < size)
				((uint8_t *)&value)[at] = ((const uint8_t *)&s->value)[byte];
		}
	}
	return value;
}

static void change(const void *p, unsigned size, uint64_t value)
{
	if (explore_running && constant(p, size) && get(p, size) != value)
		explore_fail("a constant of the scenario was changed, to %#lx", (unsigned long)value);
}

void memory_flush(struct agent *a)
{
	struct store s = a->store[0];

	a->stores--;
	memmove(a->store, a->store + 1, a->stores * sizeof(s));
	trace_change(a, "visible", s.at, s.size, get(s.at, s.size), s.value);
	put(s.at, s.size, s.value);
}

uint64_t explore_load(const void *p, unsigned size)
{
	uint64_t value;

	if (explore_running && constant(p, size))
		return get(p, size);
	explore_point(STORES, NULL, NULL);
	value = view(explore_running, p, size);
	trace_load(explore_running, p, size, value);
	return value;
}

void explore_store(void *p, unsigned size, uint64_t value)
{
	struct agent *a = explore_running;

	change(p, size, value);
	explore_point(STORES - 1, NULL, NULL);
	if (!a || !a->buffered) {
		trace_change(a, "store", p, size, get(p, size), value);
		put(p, size, value);
		return;
	}
	a->store[a->stores++] = (struct store){ p, size, value };
	trace_store(a, "store", p, size, value);
}

static uint64_t combine(enum explore_rmw op, uint64_t old, uint64_t operand)
{
	switch (op) {
	case EXPLORE_OR:
		return old | operand;
	case EXPLORE_AND:
		return old & operand;
	default:
		return operand;
	}
}

uint64_t explore_rmw(enum explore_rmw op, void *p, unsigned size, uint64_t operand)
{
	static const char *const verb[] = { "exchange", "or", "and" };
	/* One that leaves a constant as it is, is a fence: none, when there is nothing to flush. */
	bool nothing = explore_running && constant(p, size) && !explore_running->stores;
	uint64_t old, value;

	if (!nothing)
		explore_point(0, NULL, NULL);
	old = get(p, size);
	value = combine(op, old, operand);
	if (!nothing)
		trace_change(explore_running, verb[op], p, size, old, value);
	put(p, size, value);
	return old;
}

bool explore_cmpxchg(void *p, uint64_t *expected, uint64_t value)
{
	uint64_t old;

	explore_point(0, NULL, NULL);
	old = get(p, 8);
	if (old != *expected) {
		trace_load(explore_running, "cmpxchg fails", p, 8, old);
		*expected = old;
		return false;
	}
	trace_change(explore_running, "cmpxchg", p, 8, old, value);
	put(p, 8, value);
	return true;
}

struct pi_pair explore_load16(const struct pi_pair *p)
{
	struct pi_pair value;

	if (!explore_running || !constant(p, 16))
		explore_point(STORES, NULL, NULL);
	value = (struct pi_pair){ view(explore_running, &p->lo, 8), view(explore_running, &p->hi, 8) };
	return value;
}
