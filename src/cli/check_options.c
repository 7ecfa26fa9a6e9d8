/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/check_options.h"
#include "cli/value.h"
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { CHANGE_POINTS = 16, JOBS = 256 }; /* at most */

/* Flags that make no sense together. */
static const enum verb_flag_id apart[][2] = {
	{ FLAG_RANDOM, FLAG_PCT },       { FLAG_FULL, FLAG_RANDOM },
	{ FLAG_FULL, FLAG_PCT },         { FLAG_SHARD, FLAG_RANDOM },
	{ FLAG_SHARD, FLAG_PCT },        { FLAG_FRONTIER, FLAG_RANDOM },
	{ FLAG_FRONTIER, FLAG_PCT },
};

static const char *name_of(enum verb_flag_id id)
{
	const struct verb_flag *f = verbs[VERB_CHECK].flags;

	while (f->name && f->id != id)
		f++;
	return f->name;
}

/* --merge reads results, which have options of their own. */
static bool merges_alone(struct out *out, const struct verb_args *args)
{
	for (const struct verb_flag *f = verbs[VERB_CHECK].flags; f->name; f++) {
		if (!args->value[f->id] || f->id == FLAG_MERGE || f->id == FLAG_JSON ||
		    f->id == FLAG_QUIET)
			continue;
		out_problem(out, "posted check: --merge explores nothing: leave out --%s", f->name);
		return false;
	}
	return true;
}

static bool fit_together(struct out *out, const struct verb_args *args)
{
	const char *const *value = args->value;

	if (value[FLAG_MERGE])
		return merges_alone(out, args);
	for (size_t i = 0; i < sizeof(apart) / sizeof(apart[0]); i++) {
		if (!value[apart[i][0]] || !value[apart[i][1]])
			continue;
		out_problem(out, "posted check: --%s and --%s exclude each other",
		            name_of(apart[i][0]), name_of(apart[i][1]));
		return false;
	}
	if (value[FLAG_SEED] && !value[FLAG_RANDOM] && !value[FLAG_PCT]) {
		out_problem(out, "posted check: --seed is for --random and --pct");
		return false;
	}
	if (value[FLAG_CHANGE_POINTS] && !value[FLAG_PCT]) {
		out_problem(out, "posted check: --change-points is for --pct");
		return false;
	}
	if ((value[FLAG_ALL] || value[FLAG_DEEP]) && args->operands) {
		out_problem(out, "posted check: --%s and \"%s\": either all or some",
		            value[FLAG_ALL] ? "all" : "deep", *args->operand);
		return false;
	}
	return true;
}

/* A whole number, if the flag is there. */
static bool whole(struct out *out, const struct verb_args *args, enum verb_flag_id id,
                  uint64_t least, uint64_t most, uint64_t *n)
{
	const char *text = args->value[id];

	if (!text || value_whole(text, least, most, n))
		return true;
	out_problem(out,
	            "posted check: --%s: \"%s\" is no whole number from %" PRIu64 " to %" PRIu64,
	            name_of(id), text, least, most);
	return false;
}

static bool small(struct out *out, const struct verb_args *args, enum verb_flag_id id,
                  unsigned most, unsigned *n)
{
	uint64_t value = *n;
	bool good = whole(out, args, id, 1, most, &value);

	*n = (unsigned)value;
	return good;
}

static bool parse_seconds(struct out *out, const struct verb_args *args, double *seconds)
{
	const char *text = args->value[FLAG_MAX_SECONDS];

	if (!text || value_fraction(text, 1e9, seconds))
		return true;
	out_problem(out, "posted check: --max-seconds: \"%s\" is no number above 0 and up to 1e9",
	            text);
	return false;
}

static bool parse_memory(struct out *out, const struct verb_args *args, unsigned *kib)
{
	unsigned mib = 0;

	if (!small(out, args, FLAG_MAX_MEMORY, UINT32_MAX / 1024, &mib))
		return false;
	*kib = mib * 1024;
	return true;
}

/* "2/8": the second of eight. */
static bool parse_shard(struct out *out, const struct verb_args *args, struct explore_options *o)
{
	const char *text = args->value[FLAG_SHARD];
	unsigned part, parts;
	int size = 0;

	if (!text)
		return true;
	if (sscanf(text, "%5u/%5u%n", &part, &parts, &size) == 2 && !text[size] && *text != '+' &&
	    part >= 1 && part <= parts && parts <= UINT16_MAX) {
		o->part = part - 1;
		o->parts = parts;
		return true;
	}
	out_problem(out,
	            "posted check: --shard: \"%s\" is no part such as 2/8, the second of eight",
	            text);
	return false;
}

static bool parse_strategy(struct out *out, const struct verb_args *args,
                           struct explore_options *o)
{
	if (args->value[FLAG_RANDOM])
		o->strategy = EXPLORE_RANDOM;
	if (args->value[FLAG_PCT])
		o->strategy = EXPLORE_PCT;
	o->seed = o->strategy == EXPLORE_EVERY ? 0 : 1;
	o->change_points = o->strategy == EXPLORE_PCT ? 3 : 0;
	return whole(out, args, FLAG_RANDOM, 1, UINT64_MAX, &o->runs) &&
	       whole(out, args, FLAG_PCT, 1, UINT64_MAX, &o->runs) &&
	       whole(out, args, FLAG_SEED, 0, UINT64_MAX, &o->seed) &&
	       small(out, args, FLAG_CHANGE_POINTS, CHANGE_POINTS, &o->change_points);
}

bool check_options_parse(struct out *out, const struct verb_args *args, struct check_options *o)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	*o = (struct check_options){
		.search.sc = args->value[FLAG_SC],
		.search.full = args->value[FLAG_FULL],
		.search.twice = args->value[FLAG_TWICE],
		.jobs = cpus > 0 ? (unsigned)cpus : 1,
	};
	return fit_together(out, args) && parse_strategy(out, args, &o->search) &&
	       small(out, args, FLAG_PREEMPTIONS, EXPLORE_DEPTH, &o->search.preemptions) &&
	       whole(out, args, FLAG_MAX_SCHEDULES, 1, UINT64_MAX, &o->search.max_schedules) &&
	       parse_seconds(out, args, &o->search.max_seconds) &&
	       small(out, args, FLAG_MAX_STEPS, EXPLORE_DEPTH - 1, &o->search.max_steps) &&
	       parse_memory(out, args, &o->search.max_memory) &&
	       parse_shard(out, args, &o->search) && small(out, args, FLAG_JOBS, JOBS, &o->jobs);
}

json_t *check_options_json(const struct explore_options *o)
{
	static const char *const strategies[] = {
		[EXPLORE_EVERY] = "every", [EXPLORE_RANDOM] = "random", [EXPLORE_PCT] = "pct",
	};

	return json_pack("{s:s, s:b, s:s, s:I, s:I, s:i, s:i, s:i}", "memory", o->sc ? "sc" : "tso",
	                 "full", o->full, "strategy", strategies[o->strategy], "runs",
	                 (json_int_t)o->runs, "seed", (json_int_t)o->seed, "change_points",
	                 (int)o->change_points, "preemptions", (int)o->preemptions,
	                 "max_steps", (int)o->max_steps);
}
