/* SPDX-License-Identifier: BSD-2-Clause */
/* The figures of a group, as a table or as JSON. */
#ifndef BENCH_REPORT_H
#define BENCH_REPORT_H

#include "harness.h"
#include <jansson.h>

/* What was measured of one bench: nanoseconds an operation and the ratio, by round. */
struct result {
	const struct bench *bench;
	double *ns, *ratio;
};

/* The machine and the two CPUs that are used; in a second, where there is only one, it is -1. */
void report_machine(const int cpus[2], unsigned rounds);
/* Sorts the results. */
void report_group(const struct bench_group *g, struct result *results, unsigned count,
                  unsigned rounds);

/* The same; null if there is no memory. Groups are added to the machine's object. */
json_t *report_machine_json(const int cpus[2], unsigned rounds);
void report_group_json(json_t *machine, const char *name, struct result *results, unsigned count,
                       unsigned rounds);
/* The same of benches with figures of their own, which become the machine's. */
void report_benches_json(json_t *machine, const char *name, json_t *benches);

/* The p-th percentile of values, which it sorts. */
double report_percentile(double *values, unsigned count, double percent);

#endif
