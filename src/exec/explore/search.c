/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The search: which step comes next, and after that every other answer to the
 * same question. An agent that comes to its next access asks for itself, and
 * switches straight to whoever's turn it is.
 */
#include "exec/explore/internal.h"
#include <stdlib.h>
#include <string.h>

enum { STACK = 256 * 1024 };

struct agent *explore_running;
const struct explore_scenario *explore_scenario;

static struct agent agents[EXPLORE_AGENTS];
static char stacks[EXPLORE_AGENTS][STACK] __attribute__((aligned(64)));
static void *caller; /* the stack pointer of who explores */

/* The schedule under way. */
static enum {
	STARTING, /* each agent runs to its first access */
	WALKING,
	OVER,     /* no step is left: those who rest return */
} phase;
static struct explore_schedule path;   /* choices made; those beyond made are to be made again */
static uint8_t options[EXPLORE_DEPTH]; /* how many there were to choose from */
static unsigned made, steps, preemptions;
static bool failed, impossible;

static void switch_to(struct agent *to)
{
	void **from = explore_running ? &explore_running->stack_pointer : &caller;

	explore_running = to;
	coroutine_switch(from, to ? to->stack_pointer : caller);
}

static bool endless(void)
{
	return made == EXPLORE_DEPTH || steps == EXPLORE_DEPTH;
}

unsigned explore_choose(unsigned n)
{
	if (n == 1 || endless())
		return 0;
	if (made == path.length)
		path.choice[path.length++] = 0;
	if (path.choice[made] >= n) {
		impossible = true;
		path.choice[made] = 0;
	}
	options[made] = (uint8_t)n;
	return path.choice[made++];
}

static bool possible(const struct agent *a)
{
	return !a->done && a->stores <= a->may_hold && (!a->ready || a->ready(a->arg));
}

/* A step that is possible: an agent's, or the oldest store of its buffer becoming visible. */
struct step {
	struct agent *agent;
	bool flush;
};

/* Lists them, first those of the agent that ran last, so that choosing 0 preempts nobody. */
static unsigned list_steps(struct step *step, struct agent *last, bool may_preempt)
{
	struct agent *a = last, *end = agents + explore_scenario->agent_count;
	unsigned n = 0;

	do {
		if ((a == last || may_preempt) && possible(a))
			step[n++] = (struct step){ a, false };
		if (a->stores)
			step[n++] = (struct step){ a, true };
		if (++a == end)
			a = agents;
	} while (a != last);
	return n;
}

/* Chooses steps until one is an agent's, and returns it; null if no step is left. */
static struct agent *next_agent(void)
{
	unsigned bound = explore_scenario->preemptions;
	struct agent *last = explore_running ? explore_running : agents;

	while (!endless()) {
		struct step step[2 * EXPLORE_AGENTS], *chosen;
		bool goes_on = explore_running && possible(last);
		unsigned n = list_steps(step, last, !goes_on || !bound || preemptions < bound);

		if (!n)
			break;
		chosen = &step[explore_choose(n)];
		steps++;
		if (!chosen->flush) {
			preemptions += goes_on && chosen->agent != last;
			return chosen->agent;
		}
		memory_flush(chosen->agent);
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
	if (a->chosen && possible(a)) {
		a->chosen = false;
		return;
	}
	a->chosen = false;
	next = phase == WALKING ? next_agent() : NULL;
	if (next != a)
		switch_to(next);
}

bool explore_rest(bool (*ready)(const void *arg), const void *arg)
{
	explore_running->resting = true;
	explore_point(STORES, ready, arg);
	explore_running->resting = false;
	explore_running->chosen = true;
	return phase != OVER;
}

void explore_fail(const char *format, ...)
{
	va_list args;

	failed = true;
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
	made = steps = preemptions = 0;
	failed = impossible = false;
	phase = STARTING;
	for (unsigned i = 0; i < s->agent_count; i++) {
		memset(&agents[i], 0, offsetof(struct agent, store));
		agents[i].is = &s->agents[i];
		agents[i].buffered = !sc && !s->agents[i].unbuffered;
		agents[i].stack_pointer = coroutine_new(stacks[i], STACK, agent_main);
		switch_to(&agents[i]);
	}
}

/* Judges where it ended; then every agent returns, so that its stack is clean for the next. */
static void end(const struct explore_scenario *s)
{
	for (unsigned i = 0; i < s->agent_count; i++)
		if (!agents[i].done && !agents[i].resting)
			explore_fail("deadlock: %s waits for a lock that nobody will free",
			             agents[i].is->name);
	if (!failed && s->finish)
		s->finish();
	phase = OVER;
	for (unsigned i = 0; i < s->agent_count; i++) {
		agents[i].buffered = false;
		if (!agents[i].done)
			switch_to(&agents[i]);
	}
}

static void run_schedule(const struct explore_scenario *s, bool sc)
{
	struct agent *first;

	start(s, sc);
	phase = WALKING;
	first = next_agent();
	if (first)
		switch_to(first);
	if (endless())
		explore_fail("endless: more than %d steps; an agent that polls should rest",
		             EXPLORE_DEPTH);
	else
		end(s);
}

/* The next schedule in order: the last choice that has an alternative takes it. */
static bool next_schedule(void)
{
	while (path.length && path.choice[path.length - 1] + 1 == options[path.length - 1])
		path.length--;
	if (!path.length)
		return false;
	path.choice[path.length - 1]++;
	return true;
}

static void set_up(const struct explore_scenario *s)
{
	explore_scenario = s;
	memset(s->state, 0, s->state_size);
	if (s->setup)
		s->setup();
}

bool explore_all(const struct explore_scenario *s, bool sc, struct explore_totals *t)
{
	void *initial = malloc(s->state_size);

	if (!initial) {
		fprintf(stderr, "explore: no memory for the state of %s\n", s->name);
		exit(2);
	}
	set_up(s);
	memcpy(initial, s->state, s->state_size);
	memset(t, 0, sizeof(*t));
	path.length = 0;
	do {
		memcpy(s->state, initial, s->state_size);
		run_schedule(s, sc);
		t->schedules++;
		t->steps += steps;
		if (steps > t->depth)
			t->depth = steps;
	} while (!failed && next_schedule());
	free(initial);
	if (failed)
		t->failed = path;
	return !failed;
}

enum explore_verdict explore_one(const struct explore_scenario *s, bool sc,
                                 const struct explore_schedule *given, FILE *out)
{
	set_up(s);
	path = *given;
	trace_begin(out);
	run_schedule(s, sc);
	trace_begin(NULL);
	if (impossible || made < given->length)
		return EXPLORE_IMPOSSIBLE;
	return failed ? EXPLORE_FAILS : EXPLORE_HOLDS;
}
