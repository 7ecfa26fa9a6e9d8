/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * cover all|some: explores the scenarios of posted check --all, in all schedules or in
 * some, which are always the same, with hyp/ built for gcov, whose counters then say what
 * agents executed. What only a scenario's setup does is not counted: nobody else takes a
 * step there.
 */
#include "scenarios/scenarios.h"
#include <gcov.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*setup)(void);

static void setup_uncounted(void)
{
	if (setup)
		setup();
	__gcov_reset();
}

/* Adds what a search executes to the counters' files. */
static uint64_t explore(const struct explore_scenario *given, const struct explore_options *o)
{
	struct explore_scenario s = *given;
	struct explore_totals t;
	enum explore_outcome outcome;

	setup = s.setup;
	s.setup = setup_uncounted;
	outcome = explore_search(&s, o, &t);
	if (outcome == EXPLORE_VIOLATED || outcome == EXPLORE_ERROR ||
	    outcome == EXPLORE_CRASHED) {
		printf("%s is violated, or broken\n", s.name);
		exit(1);
	}
	__gcov_dump();
	__gcov_reset();
	return t.schedules;
}

int main(int argc, char **argv)
{
	const struct explore_options all = { .first = true };
	const struct explore_options first = { .first = true, .max_schedules = 100 };
	const struct explore_options some = { .strategy = EXPLORE_RANDOM, .runs = 300, .seed = 1 };
	bool whole = argc > 1 && !strcmp(argv[1], "all");
	uint64_t sum = 0;
	unsigned count = 0;

	for (const struct scenario_row *row = scenarios; row->scenario; row++) {
		if (row->deep)
			continue;
		sum += explore(row->scenario, whole ? &all : &first);
		sum += whole ? 0 : explore(row->scenario, &some);
		count++;
	}
	printf("%u scenarios, %" PRIu64 " schedules%s\n", count, sum,
	       whole ? "" : ", the first of each search and some at random");
	return 0;
}
