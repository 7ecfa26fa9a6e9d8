/* SPDX-License-Identifier: BSD-2-Clause */
#include "walks.h"
#include <explore/replay.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TOO_MANY = 30000, FINALS = 4096 };

unsigned walks_violated, walks_racing;
static uint64_t random_state;

void walks_seed(uint64_t seed)
{
	random_state = seed * 0x9e3779b97f4a7c15u + 1;
	walks_draw(2);
}

unsigned walks_draw(unsigned n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)(random_state >> 33) % n;
}

/* Final states, each once; of those of the first walk, those that the last one came to too. */
static struct {
	uint64_t hash[FINALS];
	bool again[FINALS];
	unsigned count, others;
	bool known; /* the first walk is over */
} finals;

static void forget_all(void)
{
	finals.count = finals.others = 0;
	finals.known = false;
}

static void walk_again(void)
{
	memset(finals.again, 0, sizeof(finals.again));
	finals.others = 0;
	finals.known = true;
}

/* Where races are points, what is walked before all are known may end anywhere. */
static bool all_again(const struct explore_scenario *scene)
{
	for (unsigned i = 0; i < finals.count; i++)
		if (!finals.again[i])
			return false;
	return !finals.others || scene->races == EXPLORE_RACES_ARE_POINTS;
}

void walks_final(void)
{
	uint64_t hash = 0xcbf29ce484222325u;
	unsigned i = 0;

	for (size_t k = 0; k < explore_scenario->state_size; k++)
		hash = (hash ^ ((const uint8_t *)explore_scenario->state)[k]) * 0x100000001b3u;
	while (i < finals.count && finals.hash[i] != hash)
		i++;
	if (i < finals.count)
		finals.again[i] = true;
	else if (finals.known)
		finals.others++;
	else if (finals.count < FINALS)
		finals.hash[finals.count++] = hash;
}

static bool parts_make_a_whole(const struct explore_scenario *scene, bool sc)
{
	struct explore_options o = { .sc = sc, .parts = 3 };
	struct explore_totals t;

	walk_again();
	for (o.part = 0; o.part < o.parts; o.part++)
		if (explore_search(scene, &o, &t) != EXPLORE_PROVED)
			return false;
	return all_again(scene);
}

/* Stopped again and again, a search comes to all final states. */
static bool goes_on(const struct explore_scenario *scene, bool sc)
{
	char file[] = "/tmp/posted-fuzz-XXXXXX";
	struct explore_options o = {
		.sc = sc, .build = "test", .frontier = file, .max_schedules = 4
	};
	int fd = mkstemp(file);
	enum explore_outcome outcome;
	struct explore_totals t;

	if (fd < 0)
		return false;
	close(fd);
	unlink(file);
	walk_again();
	do
		outcome = explore_search(scene, &o, &t);
	while (outcome == EXPLORE_STOPPED && t.saved);
	unlink(file);
	return outcome == EXPLORE_PROVED && all_again(scene);
}

static bool differ(const char *way, const struct explore_totals *t)
{
	printf("%s: %s, %" PRIu64 " final states\n", way,
	       t->stopped ? t->stopped : t->failed_steps ? "violated" : "not violated", t->finals);
	return false;
}

/* A walk comes to the verdict of the first one; and, if all is well, to the same states. */
static bool same(const struct explore_scenario *scene, struct explore_options o,
                 const struct explore_totals *first, enum explore_outcome outcome,
                 const char *way)
{
	struct explore_totals t;

	o.max_schedules = 0;
	if (explore_search(scene, &o, &t) != outcome)
		return differ(way, &t);
	if (outcome == EXPLORE_PROVED && o.finals &&
	    (t.finals != first->finals || t.finals_sum != first->finals_sum))
		return differ(way, &t);
	if (outcome == EXPLORE_VIOLATED &&
	    explore_replay(scene, o.sc, &t.failed, 0, NULL, NULL).verdict != EXPLORE_FAILS)
		return differ("replayed", &t);
	walks_racing += !o.all_points && t.racing;
	return true;
}

/* Those that are drawn are some of all. */
static bool drawn(const struct explore_scenario *scene, bool sc, enum explore_outcome outcome)
{
	const struct explore_options o = {
		.sc = sc, .strategy = EXPLORE_RANDOM, .runs = 20, .seed = 1, .first = true
	};
	struct explore_totals t;
	enum explore_outcome some = explore_search(scene, &o, &t);

	return some == EXPLORE_STOPPED || (some == outcome && outcome == EXPLORE_VIOLATED) ||
	       differ("drawn", &t);
}

static bool without(const struct explore_scenario *scene, struct explore_options o,
                    const struct explore_totals *first, enum explore_outcome outcome)
{
	if (scene->races != EXPLORE_RACES_ARE_POINTS)
		return true;
	o.all_points = false;
	if (!same(scene, o, first, outcome, "all schedules, races are points") ||
	    !drawn(scene, o.sc, outcome))
		return false;
	o.all_points = true;
	o.full = false;
	return same(scene, o, first, outcome, "reduced, all are points");
}

int walks_compare(const struct explore_scenario *scene, bool sc)
{
	struct explore_options o = { .sc = sc,
		                     .finals = true,
		                     .full = true,
		                     .all_points = scene->races == EXPLORE_RACES_ARE_POINTS,
		                     .max_schedules = TOO_MANY };
	const struct explore_options reduced = { .sc = sc, .finals = true };
	const struct explore_options forgets = { .sc = sc, .finals = true, .forgets = true };
	const struct explore_options together = { .sc = sc, .jobs = 2 };
	struct explore_totals t;
	enum explore_outcome outcome;

	forget_all();
	outcome = explore_search(scene, &o, &t);
	walk_again();
	if (outcome == EXPLORE_STOPPED)
		return 0;
	if (!without(scene, o, &t, outcome) || !same(scene, reduced, &t, outcome, "reduced") ||
	    !same(scene, forgets, &t, outcome, "without states") ||
	    !same(scene, together, &t, outcome, "two processes"))
		return -1;
	if (outcome == EXPLORE_VIOLATED) {
		walks_violated++;
		return 1;
	}
	if (parts_make_a_whole(scene, sc) && (walks_draw(16) || goes_on(scene, sc)))
		return 1;
	printf("of %u final states not the same in parts, or with a frontier\n", finals.count);
	return -1;
}

int walks_compare_two(const struct explore_scenario *scene, const struct explore_scenario *other,
                      bool sc)
{
	const struct explore_options whole = { .sc = sc,
		                               .finals = true,
		                               .full = true,
		                               .all_points = true,
		                               .max_schedules = TOO_MANY };
	const struct explore_options reduced = { .sc = sc, .finals = true };
	const struct explore_options full = { .sc = sc, .finals = true, .full = true };
	const struct explore_options together = { .sc = sc, .jobs = 2 };
	struct explore_totals t;
	enum explore_outcome outcome;

	forget_all();
	outcome = explore_search(scene, &whole, &t);
	walk_again();
	if (outcome == EXPLORE_STOPPED)
		return 0;
	if (!same(other, reduced, &t, outcome, "reduced, the other") ||
	    !same(other, full, &t, outcome, "all schedules of the other") ||
	    !same(other, together, &t, outcome, "two processes, the other") ||
	    !drawn(other, sc, outcome))
		return -1;
	if (outcome == EXPLORE_VIOLATED || walks_draw(4) || goes_on(other, sc))
		return 1;
	puts("the other, with a frontier: not the same");
	return -1;
}

struct walks_seeds walks_seeds(int argc, char **argv, uint64_t few, uint64_t first)
{
	uint64_t count = argc > 1 ? strtoull(argv[1], NULL, 10) : few;

	return (struct walks_seeds){
		.first = argc > 2 ? strtoull(argv[2], NULL, 10) : first,
		.count = getenv("POSTED_SOAK") ? 4000 : count,
	};
}

int walks_try(struct walks_seeds seeds, int (*try_one)(uint64_t seed, bool sc))
{
	int same = 0;

	for (uint64_t seed = seeds.first; seed < seeds.first + seeds.count; seed++)
		for (int sc = 0; sc <= 1; sc++) {
			int result = try_one(seed, sc);

			if (result < 0)
				return -1;
			same += result;
		}
	return same;
}
