/* SPDX-License-Identifier: BSD-2-Clause */
/* explore: walks a scenario's schedules, or replays one of them. */
#include "exec/explore/scenarios.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HOLDS, VIOLATED, USAGE };

static const struct explore_scenario *const scenarios[] = {
	&scenario_post_preempt,
	&scenario_two_senders,
};
enum { SCENARIOS = sizeof(scenarios) / sizeof(scenarios[0]) };

static void list(FILE *out)
{
	fputs("usage: explore [--sc] [SCENARIO [CHOICES]]\n"
	      "\n"
	      "Walks every schedule of a scenario, with x86's store buffers (--sc: without), or\n"
	      "replays the one schedule that a list of choices (0,1,2) names. Scenarios, and what\n"
	      "each proves:\n"
	      "\n",
	      out);
	for (unsigned i = 0; i < SCENARIOS; i++)
		fprintf(out, "  %-14s %s\n", scenarios[i]->name, scenarios[i]->proves);
}

static const struct explore_scenario *find(const char *name)
{
	for (unsigned i = 0; i < SCENARIOS; i++)
		if (!strcmp(scenarios[i]->name, name))
			return scenarios[i];
	return NULL;
}

/* "0,1,2", or "" for none. */
static bool parse(const char *text, struct explore_schedule *s)
{
	s->length = 0;
	if (!*text)
		return true;
	for (;; text++) {
		char *end;
		unsigned long choice = strtoul(text, &end, 10);

		if (*text < '0' || *text > '9' || choice > UINT8_MAX || s->length == EXPLORE_DEPTH)
			return false;
		s->choice[s->length++] = (uint8_t)choice;
		if (!*end)
			return true;
		if (*end != ',')
			return false;
		text = end;
	}
}

static void print_replay(const struct explore_scenario *s, bool sc,
                         const struct explore_schedule *schedule)
{
	printf("replay: explore %s%s ", sc ? "--sc " : "", s->name);
	for (unsigned i = 0; i < schedule->length; i++)
		printf("%s%u", i ? "," : "", schedule->choice[i]);
	putchar('\n');
}

static int replay(const struct explore_scenario *s, bool sc,
                  const struct explore_schedule *schedule)
{
	enum explore_verdict verdict = explore_one(s, sc, schedule, NULL);

	if (verdict == EXPLORE_IMPOSSIBLE) {
		fprintf(stderr,
		        "explore: these choices are not possible in %s; they are another "
		        "scenario's, another version's, or want%s --sc\n",
		        s->name, sc ? " no" : "");
		return USAGE;
	}
	explore_one(s, sc, schedule, stdout);
	if (verdict == EXPLORE_HOLDS) {
		puts("holds: nothing is lost in this schedule");
		return HOLDS;
	}
	print_replay(s, sc, schedule);
	return VIOLATED;
}

static void print_totals(const struct explore_scenario *s, bool sc, bool holds,
                         const struct explore_totals *t, double seconds)
{
	printf("%s: %s: %" PRIu64 " schedules, ", s->name, holds ? "nothing lost" : "violated",
	       t->schedules);
	if (s->preemptions)
		printf("at most %u preemptions, ", s->preemptions);
	printf("%" PRIu64 " steps, at most %u deep, %s, %.2f s\n", t->steps, t->depth,
	       sc ? "sequentially consistent" : "x86-TSO", seconds);
}

static int walk(const struct explore_scenario *s, bool sc)
{
	struct explore_totals t;
	struct timespec from, to;
	bool holds;

	clock_gettime(CLOCK_MONOTONIC, &from);
	holds = explore_all(s, sc, &t);
	clock_gettime(CLOCK_MONOTONIC, &to);
	if (!holds)
		replay(s, sc, &t.failed);
	print_totals(s, sc, holds, &t,
	             (double)(to.tv_sec - from.tv_sec) + (double)(to.tv_nsec - from.tv_nsec) / 1e9);
	return holds ? HOLDS : VIOLATED;
}

int main(int argc, char **argv)
{
	const struct explore_scenario *s;
	struct explore_schedule schedule;
	bool sc = argc > 1 && !strcmp(argv[1], "--sc");

	argc -= sc;
	argv += sc;
	if (argc == 1) {
		list(stdout);
		return HOLDS;
	}
	if (argc > 3) {
		fprintf(stderr, "explore: \"%s\" is too much; see explore without arguments\n",
		        argv[3]);
		return USAGE;
	}
	s = find(argv[1]);
	if (!s) {
		fprintf(stderr,
		        "explore: no scenario \"%s\"; explore without arguments lists them\n",
		        argv[1]);
		return USAGE;
	}
	if (argc == 2)
		return walk(s, sc);
	if (!parse(argv[2], &schedule)) {
		fprintf(stderr, "explore: \"%s\" is no list of choices such as 0,1,2\n", argv[2]);
		return USAGE;
	}
	return replay(s, sc, &schedule);
}
