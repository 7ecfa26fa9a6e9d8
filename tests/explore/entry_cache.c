/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * posted/hw/vtd/cache.h, every interleaving: requests fill and look up while software
 * replaces the entry and the unit forgets the old one. No lookup gives a mix,
 * and none that begins after the invalidation gives the old entry.
 */
#include <explore/search.h>
#include <inttypes.h>
#include <posted/hw/vtd/cache.h>
#include <string.h>

enum { INDEX = 5, OTHER = 9, OLD = 1, NEW = 2 };

static struct {
	struct pstd_irte memory;
	struct pstd_vtd_cache cache;
	struct pstd_vtd_cache_slot slots[2];
	uint64_t forgotten; /* set when the invalidation is done */
	uint64_t all;       /* it is a global one */
} s;

static unsigned ways;

/* What lookups gave in some schedule: bits by OLD and NEW, 1 for nothing. */
static unsigned seen;

static struct pstd_irte entry(uint64_t value)
{
	struct pstd_irte e = { { value, ~value } };

	return e;
}

static void look(bool old_allowed)
{
	struct pstd_irte e;

	if (!pstd_vtd_cache_lookup(&s.cache, INDEX, &e)) {
		seen |= 1;
		return;
	}
	seen |= 1u << e.raw.lo;
	if (e.raw.hi != ~e.raw.lo || (e.raw.lo != OLD && e.raw.lo != NEW))
		explore_fail("a mix: %#" PRIx64 ", %#" PRIx64, e.raw.lo, e.raw.hi);
	else if (e.raw.lo == OLD && !old_allowed)
		explore_fail("the old entry is found after the invalidation");
}

static void setup(void)
{
	s.memory = entry(OLD);
	pstd_vtd_cache_init(&s.cache, s.slots, ways, ways, PSTD_VTD_REPLACE_FIFO);
}

/* A request that did not find its entry. */
static void miss(void *unused)
{
	struct pstd_vtd_cache_fill f = pstd_vtd_cache_begin(&s.cache, INDEX);

	pstd_vtd_cache_end(&f, pstd_irte_load(&s.memory));
}

/* One for another entry of the set. */
static void miss_other(void *unused)
{
	struct pstd_vtd_cache_fill f = pstd_vtd_cache_begin(&s.cache, OTHER);

	pstd_vtd_cache_end(&f, entry(OTHER));
}

static void hit(void *unused)
{
	look(!pstd_load_acquire(&s.forgotten));
}

/* Software, then the unit, for which all is over when its queue's wait completes. */
static void replace(void *unused)
{
	pstd_irte_replace(&s.memory, entry(NEW));
	if (s.all)
		pstd_vtd_cache_forget_all(&s.cache);
	else
		pstd_vtd_cache_forget(&s.cache, INDEX, 0);
	pstd_store_release(&s.forgotten, 1);
}

static void finish(void)
{
	look(false);
}

static void forget_all(void)
{
	setup();
	s.all = 1;
}

static const struct explore_agent agents[] = {
	{ "unit", replace, NULL, false },
	{ "miss", miss, NULL, false },
	{ "hit", hit, NULL, false },
	{ "other", miss_other, NULL, false },
};

/* All three things were seen, and nothing else: or the test would prove little. */
static bool proves(const char *name, void (*begin)(void), unsigned agent_count)
{
	static const struct explore_options o = { 0 };
	const struct explore_scenario scenario = {
		.name = name, .agents = agents, .agent_count = agent_count,
		.state = &s, .state_size = sizeof(s), .setup = begin, .finish = finish,
	};
	struct explore_totals t;
	bool proved;

	seen = 0;
	proved = explore_search(&scenario, &o, &t) == EXPLORE_PROVED;
	printf("%s: %s, %u ways, %u agents: %" PRIu64 " schedules, seen %#x\n",
	       proved ? "ok" : "WRONG", name, ways, agent_count, t.schedules, seen);
	return proved && seen == (1 | 1 << OLD | 1 << NEW);
}

int main(void)
{
	bool all = true;

	for (ways = 1; ways <= 2; ways++) {
		all &= proves("forget one", setup, 3);
		all &= proves("forget all", forget_all, 3);
	}
	/* With another entry in the way, which takes long enough with one way. */
	ways = 1;
	all &= proves("forget one", setup, 4);
	all &= proves("forget all", forget_all, 4);
	return !all;
}
