/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The explorer itself: the classics of every memory-model paper, with exactly
 * the outcomes that each model allows and exactly the schedules there are (each
 * access a step, each store becoming visible another), and its own errors.
 */
#include "exec/explore/explore.h"
#include <inttypes.h>
#include <posted/atomic.h>
#include <stdlib.h>
#include <string.h>

static struct {
	uint64_t x, y, r0, r1, constant;
	struct pi_spinlock a, b;
} s;

/* Two agents, and what r0 and r1 may be in the end: bit 2 * r0 + r1. */
enum { R00 = 1, R01 = 2, R10 = 4, R11 = 8 };

static unsigned outcomes;

static void store_x_load_y(void *unused)
{
	pi_store_release(&s.x, 1);
	s.r0 = pi_load_acquire(&s.y);
}

static void store_y_load_x(void *unused)
{
	pi_store_release(&s.y, 1);
	s.r1 = pi_load_acquire(&s.x);
}

static void store_x_fence_load_y(void *unused)
{
	pi_store_relaxed(&s.x, 1);
	explore_fence();
	s.r0 = pi_load_relaxed(&s.y);
}

static void store_y_fence_load_x(void *unused)
{
	pi_store_relaxed(&s.y, 1);
	explore_fence();
	s.r1 = pi_load_relaxed(&s.x);
}

static void exchange_x_load_y(void *unused)
{
	pi_exchange_seq(&s.x, 1);
	s.r0 = pi_load_relaxed(&s.y);
}

static void exchange_y_load_x(void *unused)
{
	pi_exchange_seq(&s.y, 1);
	s.r1 = pi_load_relaxed(&s.x);
}

static void store_x_store_y(void *unused)
{
	pi_store_relaxed(&s.x, 1);
	pi_store_release(&s.y, 1);
}

static void load_y_load_x(void *unused)
{
	s.r0 = pi_load_acquire(&s.y);
	s.r1 = pi_load_relaxed(&s.x);
}

static void load_x_store_y(void *unused)
{
	s.r0 = pi_load_relaxed(&s.x);
	pi_store_relaxed(&s.y, 1);
}

static void load_y_store_x(void *unused)
{
	s.r1 = pi_load_relaxed(&s.y);
	pi_store_relaxed(&s.x, 1);
}

/* A byte stored is seen in the word at once by its own agent. */
static void store_byte_load_word(void *unused)
{
	pi_store8_release((uint8_t *)&s.x + 3, 1);
	s.r0 = pi_load_relaxed(&s.x) == 1u << 24;
}

static void load_word(void *unused)
{
	s.r1 = pi_load_relaxed(&s.x) == 1u << 24;
}

/* Two sections under a lock: one sees what the other did. */
static void count_in_r0(void *unused)
{
	pi_spin_lock(&s.a);
	s.r0 = pi_load_relaxed(&s.x);
	pi_store_relaxed(&s.x, 1);
	pi_spin_unlock(&s.a);
}

static void count_in_r1(void *unused)
{
	pi_spin_lock(&s.a);
	s.r1 = pi_load_relaxed(&s.x);
	pi_store_relaxed(&s.x, 1);
	pi_spin_unlock(&s.a);
}

/* An agent that rests until it is told, and reads in the same step. */
static bool x_is_set(const void *unused)
{
	return s.x;
}

static void rest_load_y(void *unused)
{
	if (explore_rest(x_is_set, NULL))
		s.r1 = pi_load_relaxed(&s.y);
}

static void store_y_store_x(void *unused)
{
	s.r0 = explore_choose(2);
	pi_store_relaxed(&s.y, 1);
	pi_store_relaxed(&s.x, 1);
}

static void note_outcome(void)
{
	outcomes |= 1u << (2 * s.r0 + s.r1);
}

static const struct litmus {
	const char *name;
	void (*run[2])(void *);
	struct expected {
		unsigned outcomes;
		uint64_t schedules;
	} sc, tso;
} litmus[] = {
	{ "store buffering", { store_x_load_y, store_y_load_x },
	  { R01 | R10 | R11, 6 }, { R00 | R01 | R10 | R11, 80 } },
	{ "store buffering, one fence", { store_x_fence_load_y, store_y_load_x },
	  { R01 | R10 | R11, 10 }, { R00 | R01 | R10 | R11, 70 } },
	{ "store buffering, two fences", { store_x_fence_load_y, store_y_fence_load_x },
	  { R01 | R10 | R11, 20 }, { R01 | R10 | R11, 70 } },
	{ "store buffering, exchanges", { exchange_x_load_y, exchange_y_load_x },
	  { R01 | R10 | R11, 6 }, { R01 | R10 | R11, 6 } },
	{ "message passing", { store_x_store_y, load_y_load_x },
	  { R00 | R01 | R11, 6 }, { R00 | R01 | R11, 30 } },
	{ "load buffering", { load_x_store_y, load_y_store_x },
	  { R00 | R01 | R10, 6 }, { R00 | R01 | R10, 20 } },
	{ "a byte of a word", { store_byte_load_word, load_word },
	  { R10 | R11, 3 }, { R10 | R11, 8 } },
	{ "lock", { count_in_r0, count_in_r1 },
	  { R01 | R10, 2 }, { R01 | R10, 8 } },
	{ "rest and choose", { store_y_store_x, rest_load_y },
	  { R01 | R11, 2 }, { R01 | R11, 4 } },
};

static bool explore(const struct litmus *l, bool sc)
{
	const struct explore_agent agents[] = { { "A", l->run[0], NULL, false },
		                                { "B", l->run[1], NULL, false } };
	const struct explore_scenario scenario = {
		.name = l->name, .agents = agents, .agent_count = 2,
		.state = &s, .state_size = sizeof(s), .finish = note_outcome,
	};
	const struct expected *e = sc ? &l->sc : &l->tso;
	struct explore_totals t;
	bool right;

	outcomes = 0;
	right = explore_all(&scenario, sc, &t) && outcomes == e->outcomes &&
	        t.schedules == e->schedules;
	printf("%s: %s %s: outcomes %#x, %" PRIu64 " schedules", right ? "ok" : "WRONG", l->name,
	       sc ? "SC" : "TSO", outcomes, t.schedules);
	if (!right)
		printf("; expected %#x, %" PRIu64, e->outcomes, e->schedules);
	putchar('\n');
	return right;
}

/* What the explorer must complain about, and how that begins. */

static void lock_a_b(void *unused)
{
	pi_spin_lock(&s.a);
	pi_spin_lock(&s.b);
	pi_spin_unlock(&s.b);
	pi_spin_unlock(&s.a);
}

static void lock_b_a(void *unused)
{
	pi_spin_lock(&s.b);
	pi_spin_lock(&s.a);
	pi_spin_unlock(&s.a);
	pi_spin_unlock(&s.b);
}

static void poll_y(void *unused)
{
	while (!pi_load_relaxed(&s.y))
		;
}

static void change_constant(void *unused)
{
	pi_fetch_or_seq(&s.constant, 1);
}

static void nothing(void *unused)
{
}

static const struct complaint {
	void (*run[2])(void *);
	const char *text;
} complaints[] = {
	{ { lock_a_b, lock_b_a }, "\ndeadlock: A waits" },
	{ { poll_y, nothing }, "\nendless: " },
	{ { nothing, change_constant }, "\nerror: a constant" },
};

/* The schedule as a table, in memory that the caller frees. */
static char *tell(const struct explore_scenario *scenario, const struct explore_schedule *schedule)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fputc('\n', out);
	if (explore_one(scenario, false, schedule, out) != EXPLORE_FAILS)
		fputs("replayed without failing", out);
	fclose(out);
	return text;
}

static bool complains(const struct complaint *c)
{
	const struct explore_agent agents[] = { { "A", c->run[0], NULL, false },
		                                { "B", c->run[1], NULL, false } };
	const struct explore_constant constants[] = { { &s.constant, sizeof(s.constant) },
		                                      { NULL, 0 } };
	const struct explore_scenario scenario = {
		.name = "complaint", .agents = agents, .agent_count = 2, .constants = constants,
		.state = &s, .state_size = sizeof(s),
	};
	struct explore_totals t;
	bool holds = explore_all(&scenario, false, &t);
	char *once = tell(&scenario, &t.failed), *twice = tell(&scenario, &t.failed);
	bool right = !holds && once && twice && !strcmp(once, twice) && strstr(once, c->text);

	printf("%s:%s\n", right ? "ok" : "WRONG", c->text + 1);
	free(once);
	free(twice);
	return right;
}

int main(void)
{
	bool right = true;

	for (size_t i = 0; i < sizeof(litmus) / sizeof(litmus[0]); i++) {
		right &= explore(&litmus[i], true);
		right &= explore(&litmus[i], false);
	}
	for (size_t i = 0; i < sizeof(complaints) / sizeof(complaints[0]); i++)
		right &= complains(&complaints[i]);
	return !right;
}
