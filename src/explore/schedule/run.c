/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One schedule: agents run as coroutines from access to access, and before each
 * step somebody is asked whose it is. An agent that comes to its next access
 * asks for itself, and switches straight to whoever's turn it is.
 */
#include "explore/internal.h"
#include <stdlib.h>
#include <string.h>

enum {
	STACK = 256 * 1024,
	USED = 4 * 1024, /* of it, in all likelihood */
	SIGNS = 2 * EXPLORE_DEPTH, /* a power of 2 */
	OFTEN = 4, /* a sign that comes back so often is looked into */
};

struct agent *explore_running;
struct run_at run_at;
uint64_t run_looks;
const struct explore_scenario *explore_scenario;

static struct agent agents[EXPLORE_AGENTS];
static char stacks[EXPLORE_AGENTS][STACK] __attribute__((aligned(64)));
static void *caller;  /* the stack pointer of who explores */
static struct agent *inside; /* whose stack is in use; null: the explorer's own */
static void *initial; /* the state that each schedule begins with */

/* The schedule under way. */
static enum {
	STARTING, /* each agent runs to its first access */
	WALKING,
	OVER,     /* no step is left: those who rest return */
} phase;
static const struct run_chooser *chooser;
static struct run_result result;
static unsigned questions; /* that had several answers, so far */
static unsigned last_step; /* stop after it; 0: never */
static unsigned traits;    /* of the scenario, as far as seen */
/*
 * A number that cannot differ where the state is the same: of what went through
 * posted/atomic.h, and of where agents are.
 */
static uint64_t sign;
static struct sign {
	uint64_t sign;
	unsigned schedule, times;
} signs[SIGNS];
static unsigned schedule; /* its number, for signs */
static bool doubt;    /* the schedule may be going round in circles */
static uint16_t owed; /* procs of whom one shall have the next step that they can have */
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

unsigned run_step(void)
{
	return result.steps;
}

unsigned run_traits(void)
{
	return traits;
}

const struct agent *run_who(unsigned agent)
{
	return &agents[agent];
}

void run_trait(unsigned trait)
{
	traits |= trait;
}

/* The same in every process: addresses count from the state's, or the stack's, beginning. */
static uint64_t number_of(uintptr_t at, uint64_t value)
{
	uint64_t hash = (at ^ value * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;

	return hash ^ hash >> 29;
}

static uintptr_t in_state(const void *p)
{
	return (uintptr_t)p - (uintptr_t)explore_scenario->state;
}

void run_change(const void *p, uint64_t old, uint64_t value)
{
	sign += number_of(in_state(p), value) - number_of(in_state(p), old);
}

void run_buffers(const struct store *s, bool in)
{
	uint64_t number = number_of(~in_state(s->at), s->value);

	sign += in ? number : -number;
}

void run_prepare(const struct explore_scenario *s)
{
	if (s->state_size > RACES_STATE) {
		fprintf(stderr, "the state of %s has more than %d bytes\n", s->name, RACES_STATE);
		exit(2);
	}
	traits = 0;
	initial = malloc(s->state_size);
	if (!initial) {
		fprintf(stderr, "no memory for the state of %s\n", s->name);
		exit(2);
	}
	explore_scenario = s;
	races_prepare();
	contested_prepare();
	memset(s->state, 0, s->state_size);
	if (s->setup)
		s->setup();
	memcpy(initial, s->state, s->state_size);
}

void run_release(void)
{
	contested_release();
	free(initial);
	initial = NULL;
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
		job(arg);
		return;
	}
	outside.from = inside;
	outside.job = job;
	outside.arg = arg;
	switch_to(NULL);
}

static bool stopped(void)
{
	return last_step && result.steps == last_step;
}

void explore_fail(const char *format, ...)
{
	va_list args;

	if (phase == OVER || result.failed)
		return;
	result.failed = true;
	va_start(args, format);
	trace_verdict(format, &args);
	va_end(args);
}

void run_unfit(const char *format, ...)
{
	static char why[EXPLORE_WHY];
	va_list args;

	if (phase == OVER || result.failed)
		return;
	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	explore_fail("unfit: %s", why);
	result.unfit = why;
}

/* Before a question with several answers. False: it is one too many. */
static bool may_ask(void)
{
	if (questions++ < EXPLORE_DEPTH)
		return true;
	explore_fail("endless: more than %d choices in a schedule", EXPLORE_DEPTH);
	return false;
}

unsigned explore_choose(unsigned n)
{
	if (n == 1 || phase == OVER || !may_ask())
		return 0;
	cycle_asked();
	return chooser->data(n);
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

/* Of stacks too, with what the address sanitizer guards there. */
__attribute__((no_sanitize("address"))) static void mix(struct number *n, const void *words,
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
		mix(n, now + at, left);
	}
}

static void mix_agent(struct number *n, unsigned i)
{
	const struct agent *a = &agents[i];
	const char *stack = a->stack_pointer;

	if (a->done)
		return number_mix(n, i, a->stores);
	number_mix(n, i | a->stores << 8 | a->may_hold << 16, a->chosen | a->resting << 1);
	number_mix(n, (uintptr_t)a->ready, (uintptr_t)a->arg);
	mix(n, stack, (size_t)(stacks[i] + STACK - stack));
}

static uint64_t final_number(void)
{
	struct number n = { 0, 0 };

	mix_state(&n);
	return n.lo;
}

/* And for all that decides how the schedule can go on. */
static struct number whole_state(void)
{
	struct number n = { traits, 0 };

	mix_state(&n);
	for (unsigned i = 0; i < explore_scenario->agent_count; i++) {
		const struct agent *a = &agents[i];

		mix_agent(&n, i);
		for (unsigned k = 0; k < a->stores; k++) {
			number_mix(&n, (uintptr_t)a->store[k].at, a->store[k].value);
			number_mix(&n, a->store[k].size,
			           traits & TRAIT_FENCES ? a->store[k].step : 0);
		}
	}
	memory_mix(&n);
	return n;
}

struct number run_number(void)
{
	struct number n;

	if (inside)
		abort(); /* where its stack ends is not known */
	n = whole_state();
	contested_mix(&n);
	return n;
}

static uint16_t able(const uint8_t *option, unsigned n)
{
	uint16_t bits = 0;

	for (unsigned i = 0; i < n; i++)
		bits |= (uint16_t)(1u << option[i]);
	return bits;
}

/* How often the state may have been before in this schedule: its sign was. */
static unsigned sign_seen(void)
{
	unsigned slot = (unsigned)(sign >> 32) % SIGNS;

	while (signs[slot].schedule == schedule && signs[slot].sign != sign)
		slot = (slot + 1) % SIGNS;
	if (signs[slot].schedule != schedule)
		signs[slot] = (struct sign){ .sign = sign, .schedule = schedule };
	return signs[slot].times++;
}

/*
 * True if the schedule has gone round in a circle, and shall not go on. Agents'
 * states are on their stacks, and they only: so from the first doubt on, turns are
 * decided outside.
 */
static bool circles(const uint8_t *option, unsigned n)
{
	enum cycle cycle;
	uint16_t starved;

	if (sign_seen() < (doubt ? 1 : OFTEN))
		return false;
	if (!doubt) {
		/* One more round, in which stacks lose what turns have left on them. */
		doubt = true;
		schedule++;
		run_trait(TRAIT_CIRCLES);
		return false;
	}
	run_looks++;
	cycle = cycle_look(result.steps, whole_state(), able(option, n), &starved);
	if (cycle == CYCLE_NONE)
		return false;
	run_trait(TRAIT_REPEATS);
	if (cycle == CYCLE_FAIR) {
		explore_fail("livelock: these steps can repeat for ever, though everybody who can "
		             "go on does");
		return true;
	}
	run_trait(TRAIT_WAITS);
	owed = starved;
	result.abandoned = !starved;
	return result.abandoned;
}

/* Of those that can take a step, the ones that a scheduler owes one, if there are any. */
static unsigned leave_owed(uint8_t *option, unsigned n, bool *goes_on)
{
	uint8_t running = option[0];
	unsigned left = 0;

	for (unsigned i = 0; i < n; i++)
		if (owed >> option[i] & 1)
			option[left++] = option[i];
	if (!left)
		return n;
	owed = 0;
	*goes_on &= option[0] == running;
	return left;
}

/* Memory as it is between two steps: as no agent sees it. */
static void judge_step(void)
{
	struct agent *running = explore_running;

	if (!explore_scenario->each || result.failed)
		return;
	explore_running = NULL;
	explore_look_begin();
	explore_scenario->each();
	explore_look_end();
	explore_running = running;
}

/* The procs of whom one takes the next step; 0 if there are none, or nothing more matters. */
static unsigned list_next(uint8_t option[PROCS], bool *goes_on)
{
	unsigned n;

	reduce_close();
	judge_step();
	if (result.failed || stopped())
		return 0;
	n = list_options(option, goes_on);
	if (n && result.steps == EXPLORE_DEPTH) {
		explore_fail("endless: more than %d steps; an agent that polls should rest",
		             EXPLORE_DEPTH);
		return 0;
	}
	return n && !circles(option, n) ? n : 0;
}

/* Asks until it is an agent's turn; null if no step is left or wanted. */
static struct agent *next_agent(void)
{
	for (;;) {
		uint8_t option[PROCS];
		bool goes_on;
		unsigned n = list_next(option, &goes_on);
		int choice;

		if (!n)
			return NULL;
		if (owed)
			n = leave_owed(option, n, &goes_on);
		if (n > 1 && !may_ask())
			return NULL;
		choice = chooser->step(option, n, goes_on);
		if (choice < 0) {
			result.abandoned = true;
			return NULL;
		}
		cycle_took(result.steps++, option[choice]);
		if (!proc_flushes(option[choice]))
			return &agents[proc_agent(option[choice])];
		memory_flush(&agents[proc_agent(option[choice])]);
	}
}

/* Agent a waits for its turn, or has none any more. */
static void give_turn(struct agent *a)
{
	struct agent *next = NULL;

	if (phase == WALKING && (doubt || chooser->looks))
		outside.turn = true;
	else if (phase == WALKING)
		next = next_agent();
	outside.from = a;
	if (next != a)
		switch_to(next);
}

void explore_point(unsigned may_hold, bool (*ready)(const void *arg), const void *arg)
{
	struct agent *a = explore_running;

	if (!a || phase == OVER)
		return;
	a->may_hold = may_hold;
	a->ready = ready;
	a->arg = arg;
	sign -= a->place;
	a->place = number_of((uintptr_t)__builtin_frame_address(0) - (uintptr_t)stacks +
	                             (in_state(run_at.p) << 32),
	                     (uintptr_t)run_at.site - (uintptr_t)explore_point);
	sign += a->place;
	/* One step with the rest before it; but not so that it would depend on the own buffer. */
	if (a->chosen && possible(a) && (may_hold || !a->buffered)) {
		a->chosen = false;
	} else {
		a->chosen = false;
		give_turn(a);
	}
	if (phase == WALKING && !may_hold)
		reduce_after_buffer();
}

bool explore_rest(bool (*ready)(const void *arg), const void *arg)
{
	explore_running->resting = true;
	RUN_AT(explore_scenario->state);
	explore_point(STORES, ready, arg);
	explore_running->resting = false;
	explore_running->chosen = true;
	run_trait(TRAIT_WAITS);
	return phase != OVER;
}

void explore_touch(const void *p, bool write)
{
	if (!explore_running || phase != WALKING)
		return;
	reduce_touch(p, write);
}

static void agent_main(void)
{
	explore_running->is->run(explore_running->is->arg);
	explore_running->done = true;
	give_turn(explore_running);
	abort(); /* an agent that is done has no turn */
}

/* Who goes on, after one came out to have something done; null: nobody. */
static struct agent *serve(void)
{
	struct agent *next = NULL;

	if (outside.job) {
		outside.job(outside.arg);
		outside.job = NULL;
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

static void resume(struct agent *a)
{
	for (; a; a = serve())
		switch_to(a);
}

static void start(const struct explore_scenario *s, bool sc)
{
	/* What a schedule left on stacks is no part of the state of the next one. */
	size_t cleared = traits & TRAIT_CIRCLES || chooser->looks ? USED : 0;

	memcpy(s->state, initial, s->state_size);
	result = (struct run_result){ 0 };
	questions = 0;
	sign = 0;
	doubt = false;
	owed = 0;
	schedule++;
	memory_begin();
	cycle_begin();
	phase = STARTING;
	for (unsigned i = 0; i < s->agent_count; i++) {
		memset(&agents[i], 0, offsetof(struct agent, store));
		agents[i].is = &s->agents[i];
		agents[i].buffered = !sc && !s->agents[i].unbuffered;
		agents[i].stack_pointer = coroutine_new(stacks[i], STACK, cleared, agent_main);
		resume(&agents[i]);
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

/*
 * Every agent goes on to its end, unheard. Those of a schedule that was given up
 * are left where they are: some of them may have none.
 */
static void unwind(const struct explore_scenario *s)
{
	phase = OVER;
	trace_begin(NULL, NULL);
	for (unsigned i = 0; i < s->agent_count; i++) {
		agents[i].buffered = false;
		agents[i].stores = 0;
		if (!agents[i].done)
			resume(&agents[i]);
	}
}

struct run_result run_schedule(const struct run_chooser *c, bool sc, unsigned stop_at, bool final)
{
	const struct explore_scenario *s = explore_scenario;
	bool complete;

	chooser = c;
	last_step = stop_at;
	start(s, sc);
	phase = WALKING;
	resume(next_agent());
	complete = !result.failed && !result.abandoned && !stopped();
	if (complete)
		judge(s);
	complete &= !result.failed; /* or some may never end */
	if (final)
		result.final = final_number();
	if (complete)
		unwind(s);
	return result;
}
