/* SPDX-License-Identifier: BSD-2-Clause */
/* Scenarios that fail, to be linked with the command in place of the real ones. */
#include "scenarios/scenarios.h"
#include "world/show.h"
#include <posted/atomic.h>
#include <signal.h>
#include <unistd.h>

static struct {
	uint64_t word[2], seen[2];
} state;

static const struct explore_word words[] = {
	{ &state.word[0], "x", NULL },
	{ &state.word[1], "y", NULL },
	{ NULL, NULL, NULL },
};

/* Store buffering: each sets its word and reads the other's. */
static void swap(void *n)
{
	uintptr_t mine = (uintptr_t)n;

	pstd_store_relaxed(&state.word[mine], 1);
	state.seen[mine] = pstd_load_relaxed(&state.word[1 - mine]);
	explore_note("sees %u", (unsigned)state.seen[mine]);
}

static void judge(void)
{
	if (!state.seen[0] && !state.seen[1])
		explore_fail("lost: neither saw the other");
}

/* The same, but some steps have no row. */
static void swap_quietly(void *n)
{
	uintptr_t mine = (uintptr_t)n;

	explore_rest(NULL, NULL);
	explore_touch(&state.word[mine], false);
	pstd_load_relaxed(&state.word[mine]);
	pstd_load_relaxed(&state.word[mine]); /* nothing new */
	swap(n);
	explore_rest(NULL, NULL);
	explore_touch(&state.word[1 - mine], false);
}

static void set_both(void *unused)
{
	pstd_store_relaxed(&state.word[0], 1);
	pstd_exchange_seq(&state.word[1], 1);
}

static void dawdle(void *unused)
{
	do
		pstd_load_relaxed(&state.word[0]);
	while (!explore_choose(2));
}

static void set_one(void *unused)
{
	pstd_exchange_seq(&state.word[0], 1);
}

static void crash(void *unused)
{
	pstd_store_relaxed(&state.word[0], 1);
	__builtin_trap();
}

/* In spite of all. */
static void die(void *unused)
{
	kill(getpid(), SIGKILL);
}

static void talk(void *n)
{
	uintptr_t mine = (uintptr_t)n;

	explore_note("says more than a column has room for, with a_word_that_is_longer_than_any");
	pstd_exchange_seq(&state.word[mine % 2], mine);
	if (mine == 7)
		explore_fail("wide: agent 7 came by");
}

#define SWAPPERS                                  \
	{ "A", swap, (void *)0, false },          \
	{ "B", swap, (void *)1, false }
static const struct explore_agent swappers[] = { SWAPPERS };
static const struct explore_agent gappy[] = {
	{ "A", swap_quietly, (void *)0, false },
	{ "B", swap_quietly, (void *)1, false },
};
static const struct explore_agent setter[] = { { "D", set_both, NULL, false } };
static const struct explore_agent dawdler[] = { { "E", dawdle, NULL, false } };
static const struct explore_agent quick[] = { { "F", set_one, NULL, false } };
static const struct explore_constant constants[] = { { &state.word[1], 8 }, { NULL, 0 } };
static const struct explore_agent crasher[] = { { "C", crash, NULL, false } };
static const struct explore_agent dier[] = { { "G", die, NULL, false } };
static const struct explore_agent talkers[] = {
	{ "zero", talk, (void *)0, true },  { "one", talk, (void *)1, true },
	{ "two", talk, (void *)2, true },   { "three", talk, (void *)3, true },
	{ "four", talk, (void *)4, true },  { "five", talk, (void *)5, true },
	{ "six", talk, (void *)6, true },   { "seven", talk, (void *)7, true },
};

#define STATE .words = words, .state = &state, .state_size = sizeof(state)
static const struct explore_scenario buffers = {
	.name = "buffers", .proves = "two stores are seen", .agents = swappers, .agent_count = 2,
	STATE, .finish = judge,
};
static const struct explore_scenario gaps = {
	.name = "gaps", .proves = "as buffers, with steps that say nothing", .agents = gappy,
	.agent_count = 2, STATE, .finish = judge,
};
static const struct explore_scenario good = {
	.name = "good", .proves = "a word can be set", .agents = quick, .agent_count = 1, STATE,
};
static const struct explore_scenario dawdles = {
	.name = "dawdles", .proves = "who may go on does", .agents = dawdler, .agent_count = 1,
	STATE,
};
static const struct explore_scenario unfit = {
	.name = "unfit", .proves = "nothing", .agents = setter, .agent_count = 1,
	.constants = constants, STATE,
};
static const struct explore_scenario crashes = {
	.name = "crashes", .proves = "nothing", .agents = crasher, .agent_count = 1, STATE,
};
static const struct explore_scenario dies = {
	.name = "dies", .proves = "nothing", .agents = dier, .agent_count = 1, STATE,
};
static const struct explore_scenario wide = {
	.name = "wide", .proves = "nothing", .agents = talkers, .agent_count = 8, STATE,
};

const struct scenario_row scenarios[] = {
	{ &buffers, false },
	{ &gaps, false },
	{ &good, false },
	{ &dawdles, false },
	{ &unfit, true },
	{ &crashes, true },
	{ &dies, true },
	{ &wide, true },
	{ NULL, false },
};

void show_world(FILE *out, const char *what)
{
	fprintf(out, "%s: x %u, y %u\n", what, (unsigned)state.word[0], (unsigned)state.word[1]);
}
