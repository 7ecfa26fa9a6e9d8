/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/replay_choose.h"
#include "cli/catalog.h"
#include "cli/terminal.h"
#include "cli/value.h"
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

/* A schedule's name has colons; nothing is no scenario's name. */
static bool names_scenario(const struct verb_args *args)
{
	return **args->operand && !strchr(*args->operand, ':');
}

static bool parse_seed(struct out *out, const struct verb_args *args, uint64_t *seed)
{
	const char *text = args->value[FLAG_SEED];

	*seed = 1;
	if (text && !args->value[FLAG_RANDOM]) {
		out_problem(out, "posted replay: --seed: of what is drawn: with --random");
		return false;
	}
	if (!text || value_whole(text, 0, UINT64_MAX, seed))
		return true;
	out_problem(out, "posted replay: --seed: \"%s\" is no whole number", text);
	return false;
}

/* A name says all: nothing is drawn, nor is another memory meant. */
static bool choose_named(struct out *out, const struct verb_args *args, struct schedule *s)
{
	char error[SCHEDULE_ERROR];
	const char *flag = args->value[FLAG_RANDOM] ? "--random"
	                   : args->value[FLAG_SC]   ? "--sc"
	                                            : NULL;

	if (!schedule_parse(*args->operand, s, error)) {
		out_problem(out, "posted replay: %s", error);
		return false;
	}
	if (!flag)
		return true;
	out_problem(out,
	            "posted replay: %s: this names one schedule, with its memory model; give the "
	            "scenario alone: posted replay %s%s %s",
	            flag, catalog_flag(), flag, s->scenario->name);
	return false;
}

static bool choose_of_scenario(struct out *out, const struct verb_args *args, uint64_t seed,
                               struct schedule *s)
{
	char error[SCHEDULE_ERROR];

	*s = (struct schedule){ .scenario = schedule_scenario(*args->operand),
		                .sc = args->value[FLAG_SC] };
	if (!s->scenario) {
		schedule_unknown(*args->operand, error);
		out_problem(out, "posted replay: %s", error);
		return false;
	}
	/* Without choices the agent that runs goes on for as long as it can. */
	if (args->value[FLAG_RANDOM])
		s->choices = explore_draw(s->scenario, s->sc, seed);
	return true;
}

bool replay_choose(struct out *out, const struct verb_args *args, struct schedule *s)
{
	uint64_t seed;

	if (!parse_seed(out, args, &seed))
		return false;
	return names_scenario(args) ? choose_of_scenario(out, args, seed, s)
	                            : choose_named(out, args, s);
}

void replay_say_which(const struct verb_args *args, const struct schedule *s)
{
	unsigned width = terminal_fold_width(STDOUT_FILENO);
	uint64_t seed = 1;
	char line[512];

	if (!names_scenario(args))
		return;
	snprintf(line, sizeof(line), "%s: %s", s->scenario->name, s->scenario->proves);
	terminal_fold(stdout, line, 2, width);
	if (args->value[FLAG_SEED])
		value_whole(args->value[FLAG_SEED], 0, UINT64_MAX, &seed);
	if (args->value[FLAG_RANDOM])
		snprintf(line, sizeof(line),
		         "Drawn: one of its schedules. Another: posted replay %s--random --seed "
		         "%" PRIu64 "%s %s",
		         catalog_flag(), seed + 1, s->sc ? " --sc" : "", s->scenario->name);
	else
		snprintf(line, sizeof(line),
		         "Nobody is preempted needlessly. Another schedule: posted replay "
		         "%s--random%s %s",
		         catalog_flag(), s->sc ? " --sc" : "", s->scenario->name);
	terminal_fold(stdout, line, 2, width);
	putchar('\n');
}
