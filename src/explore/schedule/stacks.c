/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/schedule/stacks.h"
#include "explore/schedule/guard.h"
#include "explore/schedule/parts.h"
#include "explore/schedule/patch.h"

enum { STACK = GUARD_STACK };

/* A stack that no agent is on. */
struct left {
	void *pointer; /* null: it is in use, or none */
	const char *end;
	const char *came_above;
	uint32_t holds;
};

static char (*memory)[STACK];
static struct left stacks[STACKS], own[EXPLORE_AGENTS];

bool stacks_room(void)
{
	if (!memory)
		memory = guard_stacks(STACKS);
	return memory;
}

void stacks_begin(void)
{
	for (unsigned i = 0; i < STACKS; i++)
		stacks[i].pointer = NULL;
	for (unsigned i = 0; i < EXPLORE_AGENTS; i++)
		own[i].pointer = NULL;
}

void stacks_new(unsigned stack, size_t cleared, void (*entry)(void))
{
	stacks[stack] = (struct left){
		.pointer = coroutine_new(memory[stack], STACK, cleared, entry),
		.end = memory[stack] + STACK,
	};
}

static struct left *left_of(int stack)
{
	static struct left nowhere;

	if (stack == STACK_NONE)
		return &nowhere;
	return stack == STACK_OWN ? &own[run_agent(explore_running)] : &stacks[stack];
}

void stacks_switch(int from, int to)
{
	struct left *old = left_of(from), *new = left_of(to);
	struct agent *a;
	void *pointer;

	if (old == new)
		return;
	patch_settle();
	a = explore_running;
	pointer = new->pointer;
	old->end = a->stack_end;
	old->holds = a->holds;
	old->came_above = a->came_above;
	a->stack_end = new->end;
	a->holds = new->holds;
	a->came_above = new->came_above;
	new->pointer = NULL;
	coroutine_switch(&old->pointer, pointer);
}

static void mix(struct number *n, const struct left *l, unsigned i)
{
	if (!l->pointer)
		return;
	number_mix(n, i, (uint64_t)(l->end - (const char *)l->pointer));
	state_mix(n, l->pointer, (size_t)(l->end - (const char *)l->pointer));
}

void stacks_mix(struct number *n)
{
	for (unsigned i = 0; i < STACKS; i++)
		mix(n, &stacks[i], i);
	for (unsigned i = 0; i < explore_scenario->agent_count; i++)
		mix(n, &own[i], STACKS + i);
}

int stacks_find(const void *p, size_t *below)
{
	const char *const row[] = { turns_memory(), (const char *)memory };
	const unsigned size[] = { EXPLORE_AGENTS, STACKS };

	for (int i = 0; i < 2; i++) {
		uintptr_t offset = (uintptr_t)p - (uintptr_t)row[i];

		if (!row[i] || offset >= (uintptr_t)size[i] * STACK)
			continue;
		*below = STACK - offset % STACK;
		return (int)(offset / STACK) + i * EXPLORE_AGENTS;
	}
	return -1;
}

const char *stacks_end(unsigned stack)
{
	return stack < EXPLORE_AGENTS ? turns_memory() + (stack + 1) * (size_t)STACK
	                              : memory[stack - EXPLORE_AGENTS] + STACK;
}

enum stacks_whose stacks_whose(const struct agent *a, const void *p)
{
	size_t below;
	int stack = stacks_find(p, &below);

	if (stack < 0)
		return STACKS_NONE;
	if (stacks_end((unsigned)stack) != a->stack_end ||
	    (a->came_above && (const char *)p >= a->came_above))
		return STACKS_OTHERS;
	return STACKS_OWN;
}

uint32_t stacks_hold(unsigned stack)
{
	return stacks[stack].pointer ? stacks[stack].holds : 0;
}
