/* SPDX-License-Identifier: BSD-2-Clause */
/* Scenarios that are none, as somebody may write his first: each is told what it lacks. */
#include <explore/replay.h>
#include <posted/atomic.h>
#include <stdio.h>
#include <string.h>

static struct {
	uint64_t x;
} s; /* of 8 bytes */
static struct {
	char byte[256 * 1024 + 1];
} large __attribute__((aligned(8)));
static uint64_t elsewhere, settled;
static bool was_run;

static void run(void *unused)
{
	was_run = true;
	pstd_store_relaxed(&s.x, 1);
}

static void setup(void)
{
	was_run = true;
}

static const struct explore_agent good[] = {
	{ "1", run, NULL, false }, { "2", run, NULL, false }, { "3", run, NULL, false },
	{ "4", run, NULL, false }, { "5", run, NULL, false }, { "6", run, NULL, false },
	{ "7", run, NULL, false }, { "8", run, NULL, false }, { "9", run, NULL, false },
};
static const struct explore_agent nameless[] = { { "A", run, NULL, false },
	                                         { NULL, run, NULL, false } };
static const struct explore_agent idle[] = { { "A", NULL, NULL, false } };
static const struct explore_word outside[] = { { &s.x, "x", NULL }, { &elsewhere, "y", NULL },
	                                       { NULL, NULL, NULL } };
static const struct explore_word anonymous[] = { { &s.x, NULL, NULL }, { NULL, NULL, NULL } };
static const struct explore_word constant[] = { { &settled, "z", NULL }, { NULL, NULL, NULL } };
static const struct explore_region unnamed[] = { { &s, 8, NULL }, { NULL, 0, NULL } };
static const struct explore_constant constants[] = { { &settled, 8 }, { NULL, 0 } };

#define SCENE(NAME, AGENTS, COUNT, STATE, SIZE, WORDS, REGIONS, CONSTANTS)               \
	{ .name = (NAME), .agents = (AGENTS), .agent_count = (COUNT), .state = (STATE),  \
	  .state_size = (SIZE), .words = (WORDS), .regions = (REGIONS),                  \
	  .constants = (CONSTANTS), .setup = setup }
#define AGENTS(AGENTS, COUNT) SCENE("scene", (AGENTS), (COUNT), &s, 8, NULL, NULL, NULL)
#define STATE(STATE, SIZE) SCENE("scene", good, 1, (STATE), (SIZE), NULL, NULL, NULL)
#define NAMES(WORDS, REGIONS, CONSTANTS)                                                 \
	SCENE("scene", good, 1, &s, 8, (WORDS), (REGIONS), (CONSTANTS))

static const struct row {
	struct explore_scenario scene;
	const char *words; /* null: nothing is wrong */
} rows[] = {
	{ AGENTS(good, 1), NULL },
	{ AGENTS(good, 3), NULL },
	{ NAMES(constant, NULL, constants), NULL },
	{ SCENE(NULL, good, 1, &s, 8, NULL, NULL, NULL), "no .name" },
	{ AGENTS(NULL, 1), "no agents: .agents lists them" },
	{ AGENTS(good, 0), "no agents: .agents lists them" },
	{ AGENTS(good, 9), "it has 9 agents, and the explorer has room for 8" },
	{ AGENTS(nameless, 2), "agent 2 of 2 has no .name" },
	{ AGENTS(idle, 1), "agent A has no .run" },
	{ STATE(NULL, 8), "it has no state" },
	{ STATE(&s, 0), "it has no state" },
	{ STATE(&large, sizeof(large)), "its state has 262145 bytes, and the explorer has room "
	                                "for 262144: leave out" },
	{ STATE(large.byte + 4, 8), "no multiple of 8 bytes: align it" },
	{ NAMES(outside, NULL, NULL), "word y is not in its state, so nothing puts it back" },
	{ NAMES(constant, NULL, NULL), "word z is not in its state" },
	{ NAMES(anonymous, NULL, NULL), "row 1 of its words has no name" },
	{ NAMES(NULL, unnamed, NULL), "row 1 of its regions has no name" },
};

static char told[512];

static void keep(const struct explore_row *row, void *unused)
{
	snprintf(told, sizeof(told), "%s", row->text);
}

/* Nothing of it is run, and the replay says the same. */
static bool right(const struct row *r)
{
	static const struct explore_options options;
	static const struct explore_schedule first;
	struct explore_totals t;
	enum explore_outcome outcome;
	char words[EXPLORE_WHY];
	struct explore_replayed replayed;

	was_run = false;
	outcome = explore_search(&r->scene, &options, &t);
	if (!r->words)
		return outcome == EXPLORE_PROVED && !t.stopped && was_run;
	snprintf(words, sizeof(words), "%s", t.stopped ? t.stopped : "nothing");
	replayed = explore_replay(&r->scene, false, &first, 0, keep, NULL);
	return outcome == EXPLORE_ERROR && strstr(words, r->words) && !was_run &&
	       replayed.verdict == EXPLORE_MISFIT && !strcmp(told, words);
}

int main(void)
{
	bool all = true;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (right(&rows[i]))
			continue;
		printf("WRONG: row %u, which is to say: %s; it says: %s\n", i,
		       rows[i].words ? rows[i].words : "nothing", told);
		all = false;
	}
	return !all;
}
