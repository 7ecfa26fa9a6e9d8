/* SPDX-License-Identifier: BSD-2-Clause */
/* Scenarios that fail, to be linked with the command in place of the real ones. */
#include "exec/explore/scenarios.h"
#include "exec/explore/show.h"
#include <posted/atomic.h>

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

	pi_store_relaxed(&state.word[mine], 1);
	state.seen[mine] = pi_load_relaxed(&state.word[1 - mine]);
	explore_note("sees %u", (unsigned)state.seen[mine]);
}

static void judge(void)
{
	if (!state.seen[0] && !state.seen[1])
		explore_fail("lost: neither saw the other");
}

static void crash(void *unused)
{
	pi_store_relaxed(&state.word[0], 1);
	__builtin_trap();
}

static void talk(void *n)
{
	uintptr_t mine = (uintptr_t)n;

	explore_note("says more than a column has room for, with a_word_that_is_longer_than_any");
	pi_exchange_seq(&state.word[mine % 2], mine);
	if (mine == 7)
		explore_fail("wide: agent 7 came by");
}

#define SWAPPERS                                  \
	{ "A", swap, (void *)0, false },          \
	{ "B", swap, (void *)1, false }
static const struct explore_agent swappers[] = { SWAPPERS };
static const struct explore_agent crasher[] = { { "C", crash, NULL, false } };
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
static const struct explore_scenario crashes = {
	.name = "crashes", .proves = "nothing", .agents = crasher, .agent_count = 1, STATE,
};
static const struct explore_scenario wide = {
	.name = "wide", .proves = "nothing", .agents = talkers, .agent_count = 8, STATE,
};

const struct scenario_row scenarios[] = {
	{ &buffers, false },
	{ &crashes, true },
	{ &wide, true },
	{ NULL, false },
};

void show_world(FILE *out, const char *what)
{
	fprintf(out, "%s: x %u, y %u\n", what, (unsigned)state.word[0], (unsigned)state.word[1]);
}
