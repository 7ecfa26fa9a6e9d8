/* SPDX-License-Identifier: BSD-2-Clause */
/* explore: for tests, the explorer without the command: walks a scenario, or replays a schedule. */
#include "scenarios/scenarios.h"
#include <explore/table.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* As posted check has them. */
enum { HOLDS, VIOLATED, USAGE, UNPROVED };

static void list(FILE *out)
{
	fputs("usage: explore [--first] [--sc] [SCENARIO [CHOICES]]\n"
	      "\n"
	      "Walks every schedule of a scenario, with x86's store buffers (--sc: without), or\n"
	      "replays the one schedule that a list of choices (0,1,2) names. Of those that\n"
	      "violate it shows the shortest (--first: the first). Scenarios, and what each\n"
	      "proves:\n"
	      "\n",
	      out);
	for (const struct scenario_row *row = scenarios; row->scenario; row++)
		fprintf(out, "  %-14s %s\n", row->scenario->name, row->scenario->proves);
}

static const struct explore_scenario *find(const char *name)
{
	for (const struct scenario_row *row = scenarios; row->scenario; row++)
		if (!strcmp(row->scenario->name, name))
			return row->scenario;
	return NULL;
}

/* "0,1,2", or "" for none. */
static bool parse(const char *text, struct explore_schedule *s)
{
	*s = (struct explore_schedule){ 0 };
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
	struct explore_table table;
	enum explore_verdict verdict = explore_table_make(&table, s, sc, schedule, 0);

	if (verdict == EXPLORE_IMPOSSIBLE) {
		fprintf(stderr,
		        "explore: these choices are not possible in %s; they are another "
		        "scenario's, another version's, or want%s --sc\n",
		        s->name, sc ? " no" : "");
		explore_table_free(&table);
		return USAGE;
	}
	explore_table_print(&table, EXPLORE_TABLE_WIDTH, NULL, stdout);
	explore_table_free(&table);
	if (verdict == EXPLORE_HOLDS) {
		puts("holds: nothing is lost in this schedule");
		return HOLDS;
	}
	print_replay(s, sc, schedule);
	return verdict == EXPLORE_FAILS ? VIOLATED : USAGE;
}

static const char *const words[] = {
	[EXPLORE_PROVED] = "nothing lost",
	[EXPLORE_VIOLATED] = "violated",
	[EXPLORE_STOPPED] = "nothing lost so far",
	[EXPLORE_UNFIT] = "unfit",
	[EXPLORE_CRASHED] = "crashed",
	[EXPLORE_ERROR] = "no result",
	[EXPLORE_UNUSABLE] = "no result",
};

static const int status[] = {
	[EXPLORE_PROVED] = HOLDS,     [EXPLORE_VIOLATED] = VIOLATED, [EXPLORE_STOPPED] = UNPROVED,
	[EXPLORE_UNFIT] = USAGE,      [EXPLORE_CRASHED] = USAGE,     [EXPLORE_ERROR] = USAGE,
	[EXPLORE_UNUSABLE] = USAGE,
};

static void print_totals(const struct explore_scenario *s, bool sc, enum explore_outcome outcome,
                         const struct explore_totals *t)
{
	printf("%s: %s: %" PRIu64 " schedules, %" PRIu64 " pruned, %" PRIu64 " steps, at most %u "
	       "deep, %s, %.2f s", s->name, words[outcome], t->schedules, t->pruned, t->steps,
	       t->depth, sc ? "sequentially consistent" : "x86-TSO", t->seconds);
	printf(", %" PRIu64 " states", t->states);
	printf("%s%s\n", t->stopped ? ": " : "", t->stopped ? t->stopped : "");
}

static int walk(const struct explore_scenario *s, bool sc, bool first)
{
	const struct explore_options options = { .sc = sc, .first = first };
	struct explore_totals t;
	enum explore_outcome outcome = explore_search(s, &options, &t);

	if (outcome == EXPLORE_VIOLATED || outcome == EXPLORE_UNFIT || outcome == EXPLORE_CRASHED)
		replay(s, sc, &t.failed);
	print_totals(s, sc, outcome, &t);
	return status[outcome];
}

/* True: the first argument is this flag, and is taken away. */
static bool takes(int *argc, char ***argv, const char *flag)
{
	bool is = *argc > 1 && !strcmp((*argv)[1], flag);

	*argc -= is;
	*argv += is;
	return is;
}

int main(int argc, char **argv)
{
	const struct explore_scenario *s;
	struct explore_schedule schedule;
	bool first = takes(&argc, &argv, "--first"), sc = takes(&argc, &argv, "--sc");

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
		return walk(s, sc, first);
	if (!parse(argv[2], &schedule)) {
		fprintf(stderr, "explore: \"%s\" is no list of choices such as 0,1,2\n", argv[2]);
		return USAGE;
	}
	return replay(s, sc, &schedule);
}
