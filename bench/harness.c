/* SPDX-License-Identifier: BSD-2-Clause */
#include "harness.h"
#include "report.h"
#include <argp.h>
#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { ROUND_NS = 20000000, DEFAULT_ROUNDS = 25, MAX_ROUNDS = 10000 };
enum { MAX_BENCHES = 64, MAX_SAMPLES = 65536 };

struct options {
	unsigned rounds;
	const char *filter;
	bool json, list;
};

static int cpus[2] = { -1, -1 };

uint64_t bench_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void bench_fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("bench: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(1);
}

void bench_pin(enum bench_side side)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((unsigned)cpus[side], &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		bench_fail("cannot pin to CPU %d: %s", cpus[side], strerror(errno));
}

/* The first and the last we may use: however they are numbered, two cores if there are two. */
static void choose_cpus(void)
{
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set))
		bench_fail("which CPUs may be used is unknown: %s", strerror(errno));
	for (int i = 0; i < CPU_SETSIZE; i++) {
		if (!CPU_ISSET((unsigned)i, &set))
			continue;
		if (cpus[0] < 0)
			cpus[0] = i;
		else
			cpus[1] = i;
	}
}

static bool runs(const struct bench *b)
{
	return cpus[1] >= 0 || !b->two_cpus;
}

static bool matches(const struct bench_group *g, const struct bench *b, const char *filter)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", g->name, b->name);
	return !filter || strstr(path, filter);
}

/* The benches of a group that were asked for, and with any of them the baseline. */
static unsigned choose(const struct bench_group *g, const char *filter, struct result *results)
{
	unsigned count = 0;
	bool any = false;

	for (const struct bench *b = g->benches; b->name; b++)
		any |= matches(g, b, filter);
	for (const struct bench *b = g->benches; any && b->name && count < MAX_BENCHES; b++)
		if (runs(b) && (b->baseline || matches(g, b, filter)))
			results[count++] = (struct result){ .bench = b };
	return count;
}

/* The median of what is sampled within so long. */
static double sample(const struct bench *b, uint64_t ns)
{
	static double samples[MAX_SAMPLES];
	uint64_t end = bench_now() + ns;
	unsigned count = 0;

	do
		samples[count++] = b->sample(b);
	while (bench_now() < end && count < MAX_SAMPLES);
	return report_percentile(samples, count, 50);
}

static double measure(const struct bench *b)
{
	double ns;

	if (b->setup)
		b->setup(b);
	sample(b, ROUND_NS / 10); /* to warm up */
	ns = sample(b, ROUND_NS);
	if (b->teardown)
		b->teardown(b);
	return ns;
}

static void one_round(struct result *results, unsigned count, unsigned round)
{
	double baseline = 0;

	for (unsigned i = 0; i < count; i++) {
		results[i].ns[round] = measure(results[i].bench);
		if (results[i].bench->baseline)
			baseline = results[i].ns[round];
	}
	for (unsigned i = 0; i < count; i++)
		results[i].ratio[round] = results[i].ns[round] / baseline;
}

static void progress(const char *group, unsigned round, unsigned rounds)
{
	if (!isatty(STDERR_FILENO))
		return;
	if (round < rounds)
		fprintf(stderr, "\r%s: round %u of %u ", group, round + 1, rounds);
	else
		fputs("\r\033[K", stderr);
}

static void run_group(const struct bench_group *g, struct result *results, unsigned count,
                      unsigned rounds)
{
	for (unsigned i = 0; i < count; i++) {
		results[i].ns = calloc(rounds, sizeof(double));
		results[i].ratio = calloc(rounds, sizeof(double));
		if (!results[i].ns || !results[i].ratio)
			bench_fail("no memory for %u rounds", rounds);
	}
	for (unsigned round = 0; round < rounds; round++) {
		progress(g->name, round, rounds);
		one_round(results, count, round);
	}
	progress(g->name, rounds, rounds);
}

static void list(const struct bench_group *const groups[])
{
	for (; *groups; groups++)
		for (const struct bench *b = (*groups)->benches; b->name; b++)
			printf("%s/%s\n", (*groups)->name, b->name);
}

/* A group of which each is measured once. */
static void run_once(const struct bench_group *g, const struct result *results, unsigned count,
                     json_t *json)
{
	json_t *benches = json_array();

	if (!json)
		printf("\n%s", g->head);
	for (unsigned i = 0; i < count; i++) {
		progress(g->name, i, count);
		json_array_append_new(benches, g->once(results[i].bench, !json));
	}
	progress(g->name, count, count);
	if (json) {
		report_benches_json(json, g->name, benches);
		return;
	}
	fputs(g->note, stdout);
	json_decref(benches);
}

static void run_rounds(const struct bench_group *g, struct result *results, unsigned count,
                       unsigned rounds, json_t *json)
{
	run_group(g, results, count, rounds);
	if (json)
		report_group_json(json, g->name, results, count, rounds);
	else
		report_group(g, results, count, rounds);
	for (unsigned i = 0; i < count; i++) {
		free(results[i].ns);
		free(results[i].ratio);
	}
}

/* The groups one after the other; json null: as text. False: no bench was asked for. */
static bool run_all(const struct options *o, const struct bench_group *const groups[], json_t *json)
{
	bool any = false;

	for (; *groups; groups++) {
		struct result results[MAX_BENCHES];
		const struct bench_group *g = *groups;
		unsigned count = choose(g, o->filter, results);

		if (!count)
			continue;
		if (!any && !json)
			report_machine(cpus, o->rounds);
		any = true;
		if (g->once)
			run_once(g, results, count, json);
		else
			run_rounds(g, results, count, o->rounds, json);
		fflush(stdout);
	}
	return any;
}

static error_t take(int key, char *value, struct argp_state *state)
{
	struct options *o = state->input;
	char *end;
	long n;

	switch (key) {
	case 'r':
		n = strtol(value, &end, 10);
		if (*end || end == value || n < 1 || n > MAX_ROUNDS)
			argp_error(state, "--rounds %s: give a number from 1 to %d", value,
			           MAX_ROUNDS);
		o->rounds = (unsigned)n;
		break;
	case 'f':
		o->filter = value;
		break;
	case 'j':
		o->json = true;
		break;
	case 'l':
		o->list = true;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "\"%s\" is too many; did you mean --filter \"%s\"?", value,
		           value);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp parser = {
	.options = (const struct argp_option[]){
		{ "filter", 'f', "TEXT", 0, "benches with TEXT in GROUP/NAME, and baselines", 0 },
		{ "json", 'j', NULL, 0, "print JSON", 0 },
		{ "list", 'l', NULL, 0, "list the benches and stop", 0 },
		{ "rounds", 'r', "N", 0, "rounds of 20 ms for each bench (25)", 0 },
		{ 0 },
	},
	.parser = take,
	.doc = "What posting costs, beside what one would use instead: nanoseconds an operation "
	       "(median over the rounds, 10th and 90th percentile) and the ratio to the group's "
	       "baseline.",
};

int bench_main(int argc, char **argv, const struct bench_group *const groups[])
{
	struct options o = { .rounds = DEFAULT_ROUNDS };
	json_t *json = NULL;

	argp_err_exit_status = 2;
	argp_parse(&parser, argc, argv, 0, NULL, &o);
	if (o.list) {
		list(groups);
		return fflush(stdout) != 0;
	}
	choose_cpus();
	bench_pin(BENCH_NEAR);
	if (cpus[1] < 0)
		fputs("bench: only one CPU: benches that need two are left out\n", stderr);
	if (o.json && !(json = report_machine_json(cpus, o.rounds)))
		bench_fail("no memory for JSON");
	if (!run_all(&o, groups, json)) {
		fprintf(stderr, "bench: no bench that can run has \"%s\" in its name: see --list\n",
		        o.filter);
		return 2;
	}
	if (json && (json_dumpf(json, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) ||
	             putchar('\n') == EOF))
		bench_fail("JSON could not be written");
	json_decref(json);
	return fflush(stdout) != 0;
}
