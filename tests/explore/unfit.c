/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Schedules that the explorer cannot judge: the scenario is not what it says of itself,
 * or the explorer's tables are too small. None of them is called violated, or proved.
 */
#include <explore/replay.h>
#include <posted/atomic.h>
#include <stdio.h>
#include <string.h>

enum { MANY = 8192 };

static struct {
	uint64_t constant[2], x, y;
	struct pstd_spinlock lock[64];
	uint64_t word[MANY];
} s;

/* As a compiler tells of plain accesses, where it is asked to. */
void told_of_store(void *p) __asm__("__tsan_write8");
void told_of_byte(void *p) __asm__("__tsan_write1");
void told_of_load(const void *p) __asm__("__tsan_read8");
void explore_tsan_volatile_write8(const void *p);

static void change_at_once(void *unused)
{
	pstd_fetch_or_seq(&s.constant[1], 1);
}

static void change_by_store(void *unused)
{
	pstd_store_relaxed(&s.constant[1], 1);
}

static void change_by_compare(void *unused)
{
	uint64_t zero = 0;

	explore_cmpxchg8(&s.constant[1], &zero, 1);
}

static void change_plainly(void *unused)
{
	pstd_load_relaxed(&s.x);
	told_of_store(&s.constant[1]);
	s.constant[1] = 1;
}

static void change_a_byte(void *unused)
{
	pstd_load_relaxed(&s.x);
	told_of_byte((char *)&s.constant[1] + 3);
}

static void count_for_ever(void *unused)
{
	for (;;)
		pstd_store_relaxed(&s.x, pstd_load_relaxed(&s.x) + 1);
}

static void choose_much(void *unused)
{
	pstd_load_relaxed(&s.x);
	for (unsigned i = 0; i <= EXPLORE_DEPTH; i++)
		explore_choose(2);
}

static void choose_of_none(void *unused)
{
	s.x = explore_choose(0);
}

static void choose_of_many(void *unused)
{
	s.x = explore_choose(300);
}

static void choose_of_most(void *unused)
{
	s.x = explore_choose(255);
}

static void take_many_locks(void *unused)
{
	for (unsigned i = 0; i < 64; i++) {
		pstd_spin_lock(&s.lock[i]);
		pstd_spin_unlock(&s.lock[i]);
	}
}

static void touch_much(void *unused)
{
	pstd_load_relaxed(&s.x);
	for (unsigned i = 0; i < 64; i++)
		explore_touch(&s.word[i], false);
}

static void read_much(void *unused)
{
	pstd_load_relaxed(&s.x);
	for (unsigned i = 0; i < MANY; i += 2)
		told_of_load(&s.word[i]);
}

static void touch_other_words(void *unused)
{
	pstd_load_relaxed(&s.x);
	told_of_load(&s.y); /* words are kept apart where plain accesses are, reduced or not */
	for (unsigned i = 0; i + 8 < MANY; i += 8) {
		pstd_load_relaxed(&s.word[i]);
		for (unsigned k = 1; k < 8; k++)
			explore_touch(&s.word[i + k], false);
	}
}

/* As gcc tells of a copy, but something is stored between the two calls. */
static void copy_unseen(void *unused)
{
	volatile int between;

	explore_tsan_volatile_write8(&s.x);
	between = 1;
	told_of_load(&s.y);
	s.x = (uint64_t)between;
}

/* What is no excuse: a constant that is read, or left as it is; and just as many steps as fit. */
static void leave_constant(void *unused)
{
	pstd_fetch_or_seq(&s.constant[0], 0);
	pstd_load_relaxed(&s.constant[1]);
	told_of_load(&s.constant[1]);
}

static void count_to_the_end(void *unused)
{
	for (unsigned i = 0; i < EXPLORE_DEPTH; i++)
		pstd_load_relaxed(&s.x);
}

static void fail(void *unused)
{
	pstd_store_relaxed(&s.x, 1);
	explore_fail("wrong");
}

static const struct row {
	const char *name;
	void (*run)(void *);
	enum explore_outcome outcome;
	enum explore_verdict verdict;
	const char *why;
} rows[] = {
#define UNFIT EXPLORE_UNFIT, EXPLORE_MISFIT
	{ "or", change_at_once, UNFIT, "one is written, which the scenario lists as a constant" },
	{ "store", change_by_store, UNFIT, "one is written, which" },
	{ "cmpxchg", change_by_compare, UNFIT, "one is written, which" },
	{ "plain", change_plainly, UNFIT, "one is written, which" },
	{ "byte", change_a_byte, UNFIT, " is written, which the scenario lists" },
	{ "locks", take_many_locks, UNFIT, "more than 32 locks" },
	{ "touches", touch_much, UNFIT, "a step accesses more than" },
	{ "plain many", read_much, UNFIT, "plain accesses" },
	{ "words", touch_other_words, UNFIT, "a schedule accesses more than" },
	{ "copy", copy_unseen, UNFIT, "is stored to when the compiler has told of something else" },
	{ "constant", leave_constant, EXPLORE_PROVED, EXPLORE_HOLDS, NULL },
	{ "1024 steps", count_to_the_end, EXPLORE_PROVED, EXPLORE_HOLDS, NULL },
	{ "1025 steps", count_for_ever, EXPLORE_VIOLATED, EXPLORE_FAILS, NULL },
	{ "choices", choose_much, EXPLORE_VIOLATED, EXPLORE_FAILS, NULL },
	{ "choice of none", choose_of_none, UNFIT, "explore_choose(0)" },
	{ "choice of 300", choose_of_many, UNFIT, "it takes 1 to 255" },
	{ "choice of 255", choose_of_most, EXPLORE_PROVED, EXPLORE_HOLDS, NULL },
	{ "violated", fail, EXPLORE_VIOLATED, EXPLORE_FAILS, NULL },
};

static bool right(const struct row *r, const struct explore_options *o)
{
	static const struct explore_word words[] = {
		{ &s.constant[1], "one", NULL }, { NULL, NULL, NULL } };
	static const struct explore_constant constants[] = {
		{ s.constant, sizeof(s.constant) }, { NULL, 0 } };
	const struct explore_agent agent = { "A", r->run, NULL, false };
	const struct explore_scenario scene = {
		.name = r->name, .agents = &agent, .agent_count = 1, .words = words,
		.constants = constants, .state = &s, .state_size = sizeof(s),
	};
	struct explore_totals t;
	enum explore_outcome outcome = explore_search(&scene, o, &t);
	enum explore_verdict v = explore_replay(&scene, o->sc, &t.failed, 0, NULL, NULL).verdict;
	bool sample = o->strategy != EXPLORE_EVERY && r->outcome == EXPLORE_PROVED;

	if (outcome == (sample ? EXPLORE_STOPPED : r->outcome) && v == r->verdict &&
	    (!r->why || (t.stopped && strstr(t.stopped, r->why))))
		return true;
	printf("WRONG: %s%s%s: outcome %d, verdict %d, %s\n", r->name, o->sc ? ", sc" : "",
	       o->full ? ", full" : "", outcome, v, t.stopped ? t.stopped : "nothing said");
	return false;
}

int main(void)
{
	static const struct explore_options options[] = {
		{ .sc = false }, { .sc = true }, { .full = true }, { .twice = true },
		{ .strategy = EXPLORE_RANDOM, .runs = 3, .seed = 1 },
		{ .strategy = EXPLORE_PCT, .runs = 3, .seed = 1, .change_points = 3 },
	};
	bool good = true;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (unsigned k = 0; k < sizeof(options) / sizeof(options[0]); k++)
			good &= right(&rows[i], &options[k]);
	return !good;
}
