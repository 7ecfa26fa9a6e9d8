/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One schedule: agents run as coroutines from access to access, and before each
 * step somebody is asked whose it is. An agent that comes to its next access
 * asks for itself, and switches straight to whoever's turn it is.
 */
#include "exec/explore/internal.h"
#include <stdlib.h>
#include <string.h>

enum { STACK = 256 * 1024 };

struct agent *explore_running;
const struct explore_scenario *explore_scenario;

static struct agent agents[EXPLORE_AGENTS];
static char stacks[EXPLORE_AGENTS][STACK] __attribute__((aligned(64)));
static void *caller;  /* the stack pointer of who explores */
static void *initial; /* the state that each schedule begins with */

/* The schedule under way. */
static enum {
	STARTING, /* each agent runs to its first access */
	WALKING,
	OVER,     /* no step is left: those who rest return */
} phase;
static const struct run_chooser *chooser;
static struct run_result result;
static unsigned last_step; /* stop after it; 0: never */
static bool waits;         /* some agent has waited */

int run_agent(const struct agent *a)
{
	return (int)(a - agents);
}

unsigned run_step(void)
{
	return result.steps;
}

bool run_waits(void)
{
	return waits;
}

void run_wait(void)
{
	waits |= phase != OVER;
}

void run_prepare(const struct explore_scenario *s)
{
	waits = false;
	initial = malloc(s->state_size);
	if (!initial) {
		fprintf(stderr, "no memory for the state of %s\n", s->name);
		exit(2);
	}
	explore_scenario = s;
	memset(s->state, 0, s->state_size);
	if (s->setup)
		s->setup();
	memcpy(initial, s->state, s->state_size);
}

void run_release(void)
{
	free(initial);
	initial = NULL;
}

static void switch_to(struct agent *to)
{
	void **from = explore_running ? &explore_running->stack_pointer : &caller;

	explore_running = to;
	coroutine_switch(from, to ? to->stack_pointer : caller);
}

static bool endless(void)
{
	return result.steps == EXPLORE_DEPTH;
}

unsigned explore_choose(unsigned n)
{
	return n == 1 || phase == OVER ? 0 : chooser->data(n);
}

static bool possible(const struct agent *a)
{
	return !a->done && a->stores <= a->may_hold && (!a->ready || a->ready(a->arg));
}

/* The procs that can take a step, the running agent's first; true in *goes_on if it is there. */
static unsigned list_options(uint8_t option[PROCS], bool *goes_on)
{
	unsigned count = explore_scenario->agent_count, n = 0;
	unsigned first = explore_running ? (unsigned)(explore_running - agents) : 0;

	*goes_on = explore_running && possible(&agents[first]);
	for (unsigned i = 0; i < count; i++) {
		unsigned agent = (first + i) % count;

		if (possible(&agents[agent]))
			option[n++] = (uint8_t)(2 * agent);
		if (agents[agent].stores)
			option[n++] = (uint8_t)(2 * agent + 1);
	}
	return n;
}

/* Asks until it is an agent's turn; null if no step is left or wanted. */
static struct agent *next_agent(void)
{
	while (!endless() && !(last_step && result.steps == last_step)) {
		uint8_t option[PROCS];
		bool goes_on;
		unsigned n;
		int choice;

		reduce_close();
		n = list_options(option, &goes_on);
		if (!n)
			return NULL;
		choice = chooser->step(option, n, goes_on);
		if (choice < 0) {
			result.abandoned = true;
			return NULL;
		}
		result.steps++;
		if (!proc_flushes(option[choice]))
			return &agents[proc_agent(option[choice])];
		memory_flush(&agents[proc_agent(option[choice])]);
	}
	return NULL;
}

void explore_point(unsigned may_hold, bool (*ready)(const void *arg), const void *arg)
{
	struct agent *a = explore_running, *next;

	if (!a || phase == OVER)
		return;
	a->may_hold = may_hold;
	a->ready = ready;
	a->arg = arg;
	/* One step with the rest before it; but not so that it would depend on the own buffer. */
	if (a->chosen && possible(a) && (may_hold || !a->buffered)) {
		a->chosen = false;
	} else {
		a->chosen = false;
		next = phase == WALKING ? next_agent() : NULL;
		if (next != a)
			switch_to(next);
	}
	if (phase == WALKING && !may_hold)
		reduce_after_buffer();
}

bool explore_rest(bool (*ready)(const void *arg), const void *arg)
{
	explore_running->resting = true;
	explore_point(STORES, ready, arg);
	explore_running->resting = false;
	explore_running->chosen = true;
	run_wait();
	return phase != OVER;
}

void explore_touch(const void *p, bool write)
{
	if (explore_running && phase == WALKING)
		reduce_touch(p, write);
}

void explore_fail(const char *format, ...)
{
	va_list args;

	if (phase == OVER)
		return;
	result.failed = true;
	va_start(args, format);
	trace_verdict(format, args);
	va_end(args);
}

static void agent_main(void)
{
	explore_running->is->run(explore_running->is->arg);
	explore_running->done = true;
	switch_to(phase == WALKING ? next_agent() : NULL);
	abort(); /* an agent that is done has no turn */
}

static void start(const struct explore_scenario *s, bool sc)
{
	memcpy(s->state, initial, s->state_size);
	result = (struct run_result){ 0 };
	memory_begin();
	phase = STARTING;
	for (unsigned i = 0; i < s->agent_count; i++) {
		memset(&agents[i], 0, offsetof(struct agent, store));
		agents[i].is = &s->agents[i];
		agents[i].buffered = !sc && !s->agents[i].unbuffered;
		agents[i].stack_pointer = coroutine_new(stacks[i], STACK, agent_main);
		switch_to(&agents[i]);
	}
}

/* What the schedule came to, if it was walked to its end. */
static void judge(const struct explore_scenario *s)
{
	for (unsigned i = 0; i < s->agent_count; i++)
		if (!agents[i].done && !agents[i].resting)
			explore_fail("deadlock: %s waits for a lock that nobody will free",
			             agents[i].is->name);
	if (!result.failed && s->finish)
		s->finish();
}

/* Every agent goes on to its end, unheard, so that the next schedule can begin. */
static void unwind(const struct explore_scenario *s)
{
	phase = OVER;
	trace_begin(NULL, NULL);
	for (unsigned i = 0; i < s->agent_count; i++) {
		agents[i].buffered = false;
		if (!agents[i].done)
			switch_to(&agents[i]);
	}
}

static uint64_t state_number(const struct explore_scenario *s)
{
	const uint64_t *word = s->state; /* agents' states are made of words */
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s->state_size / 8; i++) {
		hash = (hash ^ word[i]) * 0x100000001b3u;
		hash ^= hash >> 29;
	}
	return hash;
}

struct run_result run_schedule(const struct run_chooser *c, bool sc, unsigned stop_at, bool final)
{
	const struct explore_scenario *s = explore_scenario;
	struct agent *first;

	chooser = c;
	last_step = stop_at;
	start(s, sc);
	phase = WALKING;
	first = next_agent();
	if (first)
		switch_to(first);
	result.stopped = last_step && result.steps == last_step;
	if (endless())
		explore_fail("endless: more than %d steps; an agent that polls should rest",
		             EXPLORE_DEPTH);
	else if (!result.abandoned && !result.stopped)
		judge(s);
	if (final)
		result.final = state_number(s);
	if (!endless() && !result.stopped)
		unwind(s);
	return result;
}
