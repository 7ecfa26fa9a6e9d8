/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What whole searches take where agents wait, for a condition or a lock: with sleep sets
 * alone, as if states were forgotten, and with schedules that end where they meet in a state;
 * beside Spin's, of a protocol like theirs. Once each: they are too long for rounds.
 */
#include "harness.h"
#include "scenarios/scenarios.h"
#include "spin.h"
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

static const double bound = 3; /* seconds of a search without states */

static const struct explore_scenario *find(const char *name)
{
	for (const struct scenario_row *row = scenarios; row->scenario; row++)
		if (!strcmp(row->scenario->name, name))
			return row->scenario;
	bench_fail("there is no scenario %s", name);
}

/* True: it came to its end. */
static bool search(const char *name, bool forgets, struct explore_totals *t)
{
	const struct explore_options o = { .forgets = forgets, .max_seconds = forgets ? bound : 0 };
	enum explore_outcome outcome = explore_search(find(name), &o, t);

	if (outcome != EXPLORE_PROVED && !(forgets && outcome == EXPLORE_STOPPED))
		bench_fail("%s is not proved", name);
	return outcome == EXPLORE_PROVED;
}

static json_t *search_json(const struct explore_totals *t, bool whole)
{
	return json_pack("{s:b, s:I, s:I, s:f}", "whole", whole, "schedules",
	                 (json_int_t)t->schedules, "states", (json_int_t)t->states, "seconds",
	                 t->seconds);
}

static json_t *measure(const struct bench *b, bool prints)
{
	struct explore_totals before, after;
	bool whole = search(b->name, true, &before);

	search(b->name, false, &after);
	if (prints)
		printf("  %-24s %1s%10" PRIu64 " %8.2f %12" PRIu64 " %10" PRIu64 " %8.2f\n",
		       b->name, whole ? "" : ">", before.schedules, before.seconds, after.schedules,
		       after.states, after.seconds);
	return json_pack("{s:s, s:o, s:o}", "name", b->name, "without_states",
	                 search_json(&before, whole), "with_states", search_json(&after, true));
}

static json_t *measure_spin(const struct bench *b, bool prints)
{
	struct spin s = spin_run();

	if (prints)
		printf("  %-24s %11s %8s %12s %10.0f %8.2f\n", b->name, "-", "-", "-", s.states,
		       s.seconds);
	return json_pack("{s:s, s:f, s:f}", "name", b->name, "states", s.states, "seconds",
	                 s.seconds);
}

static json_t *once(const struct bench *b, bool prints)
{
	return (b->arg ? measure_spin : measure)(b, prints);
}

static const struct bench benches[] = {
	{ .name = "halt" },
	{ .name = "wake_elsewhere" },
	{ .name = "device_and_ipi" },
	{ .name = "pressure" },
	{ .name = "three_posts" },
#ifdef SPIN_CHECKER
	{ .name = "Spin, tests/spin", .arg = &bound },
#endif
	{ .name = NULL },
};

const struct bench_group bench_searches = {
	.name = "searches",
	.benches = benches,
	.once = once,
	.head = "                            sleep sets alone          where states meet\n"
		"searches                    schedules  seconds    schedules     states  seconds\n",
	.note = "> stopped after 3 s. Spin has no store buffers and no schedules.\n",
};
