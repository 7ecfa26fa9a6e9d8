/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How fast the explorer is: nanoseconds a schedule and a step, on the protocol
 * at its smallest and on the scenarios of the default set, beside Spin's for a
 * state of the same protocol in Promela. Reduced, a schedule is an execution.
 */
#include "../tests/explore/protocol.h"
#include "scenarios/scenarios.h"
#include "harness.h"
#include "spin.h"

/* Of each search so many schedules, so that every round comes to every scenario. */
enum { SCHEDULES = 250, PROTOCOL_SCHEDULES = 1776 };

struct search {
	bool all; /* the default scenarios; else the protocol with two devices that enters */
	bool full, steps;
};

struct sum {
	double seconds;
	uint64_t schedules, steps;
};

static void search(const struct explore_scenario *s, bool full, uint64_t schedules, struct sum *sum)
{
	const struct explore_options o = { .full = full, .max_schedules = schedules };
	struct explore_totals t;
	enum explore_outcome outcome = explore_search(s, &o, &t);

	if (outcome != EXPLORE_PROVED && outcome != EXPLORE_STOPPED)
		bench_fail("%s: %s", s->name, t.stopped ? t.stopped : "violated");
	sum->seconds += t.seconds;
	sum->schedules += t.schedules;
	sum->steps += t.steps;
}

static double sample(const struct bench *b)
{
	static const struct protocol enters = { .devices = 2 };
	const struct search *what = b->arg;
	struct sum sum = { 0 };

	if (!what->all)
		search(protocol_scenario(&enters), what->full, PROTOCOL_SCHEDULES, &sum);
	for (const struct scenario_row *row = scenarios; what->all && row->scenario; row++)
		if (!row->deep)
			search(row->scenario, what->full, SCHEDULES, &sum);
	return sum.seconds * 1e9 / (double)(what->steps ? sum.steps : sum.schedules);
}

#ifdef SPIN_CHECKER
#define NO_SPIN

/* Of one run over all states. */
static double sample_spin(const struct bench *b)
{
	struct spin s = spin_run();

	return s.seconds * 1e9 / s.states;
}
#else
#define NO_SPIN "No row for Spin: it was not there when this was built.\n"
#endif

static const struct search small = { .all = false };
static const struct search small_steps = { .steps = true };
static const struct search small_full = { .full = true };
static const struct search small_full_steps = { .full = true, .steps = true };
static const struct search set = { .all = true };
static const struct search set_steps = { .all = true, .steps = true };
static const struct search set_full = { .all = true, .full = true };
static const struct search set_full_steps = { .all = true, .full = true, .steps = true };

static const struct bench benches[] = {
	{ .name = "pi_small 2E: a schedule", .sample = sample, .arg = &small, .baseline = true },
	{ .name = "pi_small 2E: a step", .sample = sample, .arg = &small_steps },
	{ .name = "pi_small 2E in full: a schedule", .sample = sample, .arg = &small_full },
	{ .name = "pi_small 2E in full: a step", .sample = sample, .arg = &small_full_steps },
	{ .name = "default set: a schedule", .sample = sample, .arg = &set },
	{ .name = "default set: a step", .sample = sample, .arg = &set_steps },
	{ .name = "default set in full: a schedule", .sample = sample, .arg = &set_full },
	{ .name = "default set in full: a step", .sample = sample, .arg = &set_full_steps },
#ifdef SPIN_CHECKER
	{ .name = "Spin: a state", .sample = sample_spin },
#endif
	{ .name = NULL },
};

const struct bench_group bench_explore = {
	.name = "explore",
	.benches = benches,
	.rates = true,
	.note = NO_SPIN
	"Others, on one core of such a machine: GenMC under TSO 43,000 executions a\n"
	"second, relacy 1,000,000 without reduction, Spin 1,300,000 states.\n",
};
