/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers for states: equal ones go on in the same ways. */
#include "explore/schedule/lent.h"
#include "explore/schedule/locks.h"
#include "explore/schedule/parts.h"
#include "explore/schedule/points.h"
#include <stdlib.h>
#include <string.h>

static void *initial; /* the state that each schedule begins with */

bool state_keep(const struct explore_scenario *s)
{
	initial = malloc(s->state_size);
	if (initial)
		memcpy(initial, s->state, s->state_size);
	return initial;
}

void state_forget(void)
{
	free(initial);
	initial = NULL;
}

void state_put_back(void)
{
	memcpy(explore_scenario->state, initial, explore_scenario->state_size);
}

uint64_t state_number(uintptr_t at, uint64_t value)
{
	uint64_t hash = (at ^ value * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;

	return hash ^ hash >> 29;
}

uintptr_t state_offset(const void *p)
{
	return (uintptr_t)p - (uintptr_t)explore_scenario->state;
}

/* Of stacks too, with what the address sanitizer guards there. */
__attribute__((no_sanitize("address"))) void state_mix(struct number *n, const void *words,
                                                       size_t size)
{
	const uint64_t *word = words;
	size_t count = size / sizeof(*word), left = size % sizeof(*word), i = 0;
	uint64_t last = 0;

	for (; i + 2 <= count; i += 2)
		number_mix(n, word[i], word[i + 1]);
	if (i < count)
		number_mix(n, word[i], 0);
	for (const uint8_t *byte = (const uint8_t *)(word + count); left; left--)
		last = last << 8 | byte[left - 1];
	if (size % sizeof(*word))
		number_mix(n, last, 0);
}

/* A number for the scenario's state: of what is not as it was at the beginning. */
static void mix_state(struct number *n)
{
	enum { BLOCK = 64 };
	const char *now = explore_scenario->state, *then = initial;
	size_t size = explore_scenario->state_size;

	for (size_t at = 0; at < size; at += BLOCK) {
		size_t left = size - at < BLOCK ? size - at : BLOCK;

		if (!memcmp(now + at, then + at, left))
			continue;
		number_mix(n, at, left);
		state_mix(n, now + at, left);
	}
}

static void mix_agent(struct number *n, unsigned i)
{
	const struct agent *a = &agents[i];
	size_t size;
	const char *stack = turns_stack(i, &size);

	if (a->done)
		return number_mix(n, i, a->buffer.stores);
	number_mix(n, i | a->buffer.stores << 8 | a->may_hold << 16,
	           a->chosen | a->resting << 1 | a->open << 2);
	number_mix(n, (uintptr_t)a->ready, (uintptr_t)a->arg);
	state_mix(n, stack, size);
}

uint64_t state_final(void)
{
	struct number n = { 0, 0 };

	mix_state(&n);
	return n.lo;
}

/* And for all that decides how the schedule can go on. */
struct number state_whole(void)
{
	struct number n = { run_traits(), points_number() };

	mix_state(&n);
	for (unsigned i = 0; i < explore_scenario->agent_count; i++) {
		const struct agent *a = &agents[i];

		mix_agent(&n, i);
		for (unsigned k = 0; k < a->buffer.stores; k++) {
			const struct store *s = &a->buffer.store[k];

			number_mix(&n, (uintptr_t)s->at, (uint64_t)s->value);
			number_mix(&n, s->size, run_traits() & TRAIT_FENCES ? s->step : 0);
			if (s->size > 8)
				number_mix(&n, (uint64_t)(s->value >> 64), 0);
		}
	}
	stacks_mix(&n);
	lent_mix(&n);
	locks_mix(&n);
	return n;
}
