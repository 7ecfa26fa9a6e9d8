/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Agents run as coroutines from access to access. An agent that comes to its next
 * access asks for itself who takes the next step, and switches straight to whoever's
 * turn it is.
 */
#include "explore/schedule/guard.h"
#include "explore/schedule/parts.h"
#include "explore/schedule/patch.h"
#include "explore/schedule/patience.h"
#include "explore/schedule/tell.h"
#include <stdlib.h>
#include <string.h>

enum {
	STACK = GUARD_STACK,
	/* of it, as deep as the explorer goes at most accesses; a sanitizer goes deeper */
#ifdef __SANITIZE_ADDRESS__
	WIPED = 2048,
#else
	WIPED = 256,
#endif
};

struct agent *explore_running;
struct run_at run_at;
struct agent agents[EXPLORE_AGENTS];

static char (*stacks)[STACK];
static void *caller;  /* the stack pointer of who explores */
static struct agent *inside; /* whose stack is in use; null: the explorer's own */
/* What an agent wants that is done on the explorer's own stack. */
static struct {
	struct agent *from;
	bool turn; /* that the next agent is found */
	void (*job)(void *arg);
	void *arg;
} outside;

int run_agent(const struct agent *a)
{
	return (int)(a - agents);
}

const struct agent *run_who(unsigned agent)
{
	return &agents[agent];
}

bool run_walking(void)
{
	return explore_running && run.phase != OVER;
}

const char *turns_stack(unsigned agent, size_t *size)
{
	const char *top = agents[agent].stack_pointer;

	if (inside)
		abort(); /* where its stack ends is not known */
	*size = (size_t)(agents[agent].stack_end - top);
	return top;
}

static void switch_to(struct agent *to)
{
	void **from = inside ? &inside->stack_pointer : &caller;

	inside = explore_running = to;
	coroutine_switch(from, to ? to->stack_pointer : caller);
}

void run_outside(void (*job)(void *arg), void *arg)
{
	if (!inside) {
		outside.job = job;
		job(arg);
		outside.job = NULL;
		patience_check();
		return;
	}
	outside.from = inside;
	outside.job = job;
	outside.arg = arg;
	switch_to(NULL);
}

/* Agent a waits for its turn, or has none any more. */
static void give_turn(struct agent *a)
{
	struct agent *next = NULL;

	if (run.phase == WALKING && (run.doubt || run.chooser->looks))
		outside.turn = true;
	else if (run.phase == WALKING)
		next = next_agent();
	outside.from = a;
	if (next != a)
		switch_to(next);
}

/* The running agent waits for its turn. */
static void wait_for_turn(unsigned may_hold, bool (*ready)(const void *arg), const void *arg)
{
	struct agent *a = explore_running;

	a->may_hold = may_hold;
	a->ready = ready;
	a->arg = arg;
	run.sign -= a->place;
	a->place = state_number((uintptr_t)__builtin_frame_address(0) - (uintptr_t)stacks +
	                             (state_offset(run_at.p) << 32),
	                     (uintptr_t)run_at.site - (uintptr_t)explore_point);
	run.sign += a->place;
	/* One step with the rest before it; but not so that it would depend on the own buffer. */
	if (a->chosen && next_possible(a) && (may_hold || !a->buffered)) {
		a->chosen = false;
	} else {
		a->chosen = false;
		give_turn(a);
	}
}

/* What is one step has its turn already. */
static void go_on(bool (*ready)(const void *arg), const void *arg)
{
	if (!next_ready(ready, arg))
		run_unfit("%s waits in what is to be one step", explore_running->is->name);
}

__attribute__((noinline, no_sanitize("address"))) void run_wipe(void)
{
	char below[WIPED];

	memset(below, 0, sizeof(below));
	__asm__ volatile("" : : "r"(below) : "memory");
}

/* What comes has frames below; it may go on with them as another agent than it began as. */
static bool comes(void)
{
	const char *before = explore_running->came_above;
	bool came;

	explore_running->came_above = __builtin_frame_address(0);
	came = run_between->comes();
	explore_running->came_above = before;
	return came;
}

void explore_point(unsigned may_hold, bool (*ready)(const void *arg), const void *arg)
{
	const struct run_at at = run_at; /* others have theirs meanwhile */

	patch_settle();
	if (!run_walking())
		return;
	if (run_in_step)
		return go_on(ready, arg);
	run_wipe();
	do {
		patch_settle(); /* of what came between */
		run_at = at;
		explore_running->open = run_between && run_between->opens();
		wait_for_turn(may_hold, ready, arg);
	} while (run.phase == WALKING && explore_running->open && comes());
	run_at = at;
	if (run.phase == WALKING && !may_hold)
		run_watch->after_buffer();
	run_wipe();
}

bool explore_rest(bool (*ready)(const void *arg), const void *arg)
{
	patch_settle();
	if (!explore_running)
		return !ready || ready(arg);
	explore_running->resting = true;
	RUN_AT(explore_scenario->state);
	explore_point(STORES, ready, arg);
	explore_running->resting = false;
	explore_running->chosen = true;
	run_trait(TRAIT_WAITS);
	if (ready && run.phase == WALKING)
		hear(ready, arg);
	return run.phase != OVER;
}

void explore_touch(const void *p, bool write)
{
	patch_settle();
	if (!explore_running || run.phase != WALKING)
		return;
	run_watch->touch(p, write);
}

static void end(void)
{
	patch_settle();
	explore_running->done = true;
	give_turn(explore_running);
}

void turns_end(void)
{
	end();
	abort(); /* an agent that is done has no turn */
}

/* It calls nothing that does not return: a sanitizer would take its stack for the thread's. */
static void agent_main(void)
{
	explore_running->is->run(explore_running->is->arg);
	end();
	abort();
}

/* Who goes on, after one came out to have something done; null: nobody. */
static struct agent *serve(void)
{
	struct agent *next = NULL;

	if (outside.job) {
		outside.job(outside.arg);
		outside.job = NULL;
		explore_running = outside.from;
		patience_check();
		explore_running = NULL;
		return outside.from;
	}
	if (outside.turn) {
		outside.turn = false;
		explore_running = outside.from;
		next = next_agent();
		explore_running = NULL;
	}
	return next;
}

void turns_give(struct agent *a)
{
	for (; a; a = serve())
		switch_to(a);
}

void turns_new(unsigned agent, size_t cleared)
{
	agents[agent].stack_pointer =
		coroutine_new(stacks[agent], STACK, cleared, agent_main);
	agents[agent].stack_end = stacks[agent] + STACK;
}

bool run_starting(void)
{
	return explore_running && run.phase == STARTING;
}

bool turns_room(void)
{
	if (!stacks)
		stacks = guard_stacks(EXPLORE_AGENTS);
	return stacks;
}

const char *turns_memory(void)
{
	return (const char *)stacks;
}

const struct agent *turns_whose(void)
{
	return inside ? inside : outside.job ? outside.from : NULL;
}

bool turns_outside(void)
{
	return outside.job;
}

char *turns_leave(char *stack_pointer)
{
	char *low = inside ? caller : stack_pointer;

	inside = explore_running = NULL;
	outside.from = NULL;
	outside.job = NULL;
	outside.turn = false;
	return low;
}
