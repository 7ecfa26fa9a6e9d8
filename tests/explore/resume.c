/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A search that stops again and again, and goes on from its frontier, runs the
 * very schedules of one that does not stop; or, where schedules meet in states,
 * which a frontier does not keep, those and others. Each scenario has what a
 * frontier could forget.
 */
#include <explore/search.h>
#include <inttypes.h>
#include <posted/atomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_RUNS = 200 };

static struct {
	uint64_t x, y, z, flag;
} state;

static void writer(void *unused)
{
	pstd_exchange_seq(&state.y, 1);
	pstd_exchange_seq(&state.z, 2);
}

/* One step, of which only the first variant accesses y: what it does is known in two runs. */
static void varies(void *unused)
{
	pstd_load_acquire(&state.x);
	if (explore_choose(2) == 0)
		explore_touch(&state.y, true);
	pstd_exchange_seq(&state.z, 1);
}

static bool flag_is_set(const void *unused)
{
	return state.flag;
}

/* Waits, if it comes late: the first schedules do not show that anybody does. */
static void waits(void *unused)
{
	if (pstd_load_acquire(&state.x)) {
		explore_touch(&state.flag, false);
		explore_rest(flag_is_set, NULL);
	}
	pstd_exchange_seq(&state.z, 1);
}

static void sets_flag(void *unused)
{
	pstd_exchange_seq(&state.y, 1);
	pstd_exchange_seq(&state.x, 1);
	pstd_exchange_seq(&state.z, 2);
	pstd_exchange_seq(&state.flag, 1);
}

static const struct explore_agent data_agents[] = {
	{ "A", varies, NULL, true },
	{ "B", writer, NULL, true },
	{ "C", writer, NULL, true },
};
static const struct explore_agent wait_agents[] = {
	{ "A", waits, NULL, true },
	{ "B", sets_flag, NULL, true },
	{ "C", writer, NULL, true },
};
static const struct explore_agent store_agents[] = {
	{ "A", writer, NULL, false },
	{ "B", sets_flag, NULL, false },
};

#define SCENARIO(agents_, count) \
	.agents = agents_, .agent_count = count, .state = &state, .state_size = sizeof(state)
static const struct explore_scenario scenarios[] = {
	{ .name = "data", SCENARIO(data_agents, 3) },
	{ .name = "waits", SCENARIO(wait_agents, 3) },
	{ .name = "stores", SCENARIO(store_agents, 2) },
};

static bool same(const struct explore_totals *a, const struct explore_totals *b)
{
	return a->schedules == b->schedules && a->pruned == b->pruned && a->steps == b->steps &&
	       a->depth == b->depth;
}

static bool as_many(const struct explore_totals *t, const struct explore_totals *whole)
{
	return whole->states ? t->schedules >= whole->schedules && t->steps >= whole->steps
	                     : same(t, whole);
}

/* Stops after every so many schedules. False: that told. */
static bool goes_on(const struct explore_scenario *s, struct explore_options o,
                    const struct explore_totals *whole)
{
	struct explore_totals t, again;
	enum explore_outcome outcome;
	unsigned runs = 0;

	unlink(o.frontier);
	do
		outcome = explore_search(s, &o, &t);
	while (outcome == EXPLORE_STOPPED && t.saved && ++runs < MOST_RUNS);
	if (outcome == EXPLORE_PROVED && as_many(&t, whole) && !t.repeated &&
	    explore_search(s, &o, &again) == EXPLORE_PROVED && same(&again, &t) && again.repeated)
		return true;
	printf("%s, part %u of %u, stopped %u times after %" PRIu64 " schedules: %" PRIu64
	       " schedules, %" PRIu64 " pruned, %s; without: %" PRIu64 ", %" PRIu64 "\n",
	       s->name, o.part + 1, o.parts, runs, o.max_schedules, t.schedules, t.pruned,
	       t.stopped ? t.stopped : "proved", whole->schedules, whole->pruned);
	return false;
}

static bool check(const struct explore_scenario *s, struct explore_options o)
{
	struct explore_totals whole;
	const char *file = o.frontier;
	bool good = true;

	o.frontier = NULL;
	if (explore_search(s, &o, &whole) != EXPLORE_PROVED) {
		printf("%s is not proved\n", s->name);
		return false;
	}
	o.frontier = file;
	for (o.max_schedules = 3; o.max_schedules <= 10; o.max_schedules += 7)
		good &= goes_on(s, o, &whole);
	return good;
}

int main(void)
{
	char file[] = "/tmp/posted-resume-XXXXXX";
	int fd = mkstemp(file);
	bool good = fd >= 0;

	if (good)
		close(fd);
	for (unsigned i = 0; good && i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		for (unsigned part = 0; part < 4; part++) { /* and the whole */
			struct explore_options o = { .frontier = file, .build = "test" };

			o.part = part % 3;
			o.parts = part < 3 ? 3 : 1;
			good &= check(&scenarios[i], o);
		}
	unlink(file);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
