/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/check_choose.h"
#include "cli/catalog.h"
#include "cli/schedule.h"
#include "cli/terminal.h"
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NAME_WIDTH = 22 }; /* in the list */

static bool choose(struct check_jobs *jobs, const struct explore_scenario *s)
{
	for (unsigned i = 0; i < jobs->count; i++)
		if (jobs->job[i].scenario == s)
			return false;
	jobs->job[jobs->count++].scenario = s;
	return true;
}

static bool choose_name(struct out *out, const char *name, struct check_jobs *jobs)
{
	const struct explore_scenario *s = schedule_scenario(name);
	char error[SCHEDULE_ERROR];

	if (s && choose(jobs, s))
		return true;
	schedule_unknown(name, error);
	if (s)
		out_problem(out, "posted check: %s is named twice", name);
	else
		out_problem(out, "posted check: %s", error);
	return false;
}

/* Deep ones too: who names them wants them. */
static bool choose_pattern(struct out *out, const char *pattern, struct check_jobs *jobs)
{
	bool any = false;

	for (const struct scenario_row *row = catalog(); row->scenario; row++) {
		if (fnmatch(pattern, row->scenario->name, 0))
			continue;
		choose(jobs, row->scenario);
		any = true;
	}
	if (!any)
		out_problem(out, "posted check: no scenario is like \"%s\"%s", pattern,
		            *catalog_flag() ? "" : "; \"posted check\" lists them");
	return any;
}

bool check_choose(struct out *out, const struct verb_args *args, struct check_jobs *jobs)
{
	for (unsigned i = 0; i < args->operands; i++) {
		const char *operand = args->operand[i];
		bool pattern = strpbrk(operand, "*?[");

		if (!(pattern ? choose_pattern : choose_name)(out, operand, jobs))
			return false;
	}
	if (!args->operands && !args->value[FLAG_ALL] && !args->value[FLAG_DEEP] && catalog_shows())
		return choose_name(out, catalog_shows(), jobs);
	for (const struct scenario_row *row = catalog(); row->scenario; row++)
		if (!args->operands && (args->value[FLAG_DEEP] || args->value[FLAG_LOAD] ||
		                        args->value[FLAG_WITH] ||
		                        (args->value[FLAG_ALL] && !row->deep)))
			choose(jobs, row->scenario);
	return true;
}

/* Flags that say how to explore are no use without a scenario. */
static bool only_list(struct out *out, const struct verb_args *args)
{
	for (const struct verb_flag *f = verbs[VERB_CHECK].flags; f->name; f++) {
		if (!args->value[f->id] || f->id == FLAG_JSON || f->id == FLAG_QUIET)
			continue;
		out_problem(out,
		            "posted check: --%s, but of which scenarios? name some, or --all",
		            f->name);
		return false;
	}
	return true;
}

bool check_list(struct out *out, const struct verb_args *args)
{
	unsigned width = terminal_fold_width(STDOUT_FILENO);
	char line[256];

	if (!only_list(out, args))
		return false;
	if (!out_is_json(out)) {
		terminal_fold(stdout, "Scenarios, and what each proves (posted check NAME..., or "
		                      "--all for all but the deep ones):", 0, width);
		putchar('\n');
	}
	for (const struct scenario_row *row = catalog(); row->scenario; row++) {
		const struct explore_scenario *s = row->scenario;

		if (out_is_json(out)) {
			out_append(out, "scenarios",
			           json_pack("{s:s, s:s, s:b}", "scenario", s->name, "proves",
			                     s->proves, "deep", row->deep));
			continue;
		}
		snprintf(line, sizeof(line), "  %-*s %s%s", NAME_WIDTH, s->name, s->proves,
		         row->deep ? " (deep)" : "");
		terminal_fold(stdout, line, 2 + NAME_WIDTH + 1, width);
	}
	return true;
}
