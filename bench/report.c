/* SPDX-License-Identifier: BSD-2-Clause */
#include "report.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double report_percentile(double *values, unsigned count, double percent)
{
	qsort(values, count, sizeof(*values), compare);
	return values[(unsigned)((count - 1) * percent / 100 + 0.5)];
}

struct figures {
	double median, p10, p90, ratio;
};

static struct figures figures(struct result *r, unsigned rounds)
{
	return (struct figures){
		.median = report_percentile(r->ns, rounds, 50),
		.p10 = report_percentile(r->ns, rounds, 10),
		.p90 = report_percentile(r->ns, rounds, 90),
		.ratio = report_percentile(r->ratio, rounds, 50),
	};
}

static void cpu_model(char *model, size_t size)
{
	FILE *in = fopen("/proc/cpuinfo", "r");
	char line[256];

	snprintf(model, size, "unknown CPU");
	while (in && fgets(line, sizeof(line), in)) {
		const char *colon = strchr(line, ':');

		if (strncmp(line, "model name", 10) || !colon)
			continue;
		snprintf(model, size, "%.*s", (int)strcspn(colon + 2, "\n"), colon + 2);
		break;
	}
	if (in)
		fclose(in);
}

void report_machine(const int cpus[2], unsigned rounds)
{
	struct utsname system;
	char model[128], second[32] = "";

	uname(&system);
	cpu_model(model, sizeof(model));
	if (cpus[1] >= 0)
		snprintf(second, sizeof(second), " and %d", cpus[1]);
	printf("%s, %ld cores, %s %s; pinned to CPU %d%s; %u rounds of 20 ms\n", model,
	       sysconf(_SC_NPROCESSORS_ONLN), system.sysname, system.release, cpus[0], second,
	       rounds);
}

void report_group(const struct bench_group *g, struct result *results, unsigned count,
                  unsigned rounds)
{
	printf("\n%-46s %9s %9s %9s %8s%s\n", g->name, "ns", "p10", "p90", "ratio",
	       g->rates ? "   a second" : "");
	for (unsigned i = 0; i < count; i++) {
		struct figures f = figures(&results[i], rounds);

		printf("  %-44s %9.2f %9.2f %9.2f %8.2f", results[i].bench->name, f.median, f.p10,
		       f.p90, f.ratio);
		if (g->rates)
			printf(" %10.0f", 1e9 / f.median);
		puts(results[i].bench->baseline ? "  baseline" : "");
	}
	if (g->note)
		fputs(g->note, stdout);
}

json_t *report_machine_json(const int cpus[2], unsigned rounds)
{
	struct utsname system;
	char model[128];
	json_t *pinned = cpus[1] < 0 ? json_pack("[i]", cpus[0])
	                             : json_pack("[ii]", cpus[0], cpus[1]);

	uname(&system);
	cpu_model(model, sizeof(model));
	return json_pack("{s:s, s:s, s:i, s:o, s:i, s:[]}", "cpu", model, "kernel", system.release,
	                 "cores", (int)sysconf(_SC_NPROCESSORS_ONLN), "pinned", pinned, "rounds",
	                 (int)rounds, "groups");
}

static json_t *bench_json(struct result *r, unsigned rounds)
{
	struct figures f = figures(r, rounds);

	return json_pack("{s:s, s:b, s:f, s:f, s:f, s:f}", "name", r->bench->name, "baseline",
	                 r->bench->baseline, "ns", f.median, "p10", f.p10, "p90", f.p90, "ratio",
	                 f.ratio);
}

void report_benches_json(json_t *machine, const char *name, json_t *benches)
{
	json_t *group = json_pack("{s:s, s:o}", "name", name, "benches", benches);

	if (!group || json_array_append_new(json_object_get(machine, "groups"), group))
		bench_fail("no memory for JSON");
}

void report_group_json(json_t *machine, const char *name, struct result *results, unsigned count,
                       unsigned rounds)
{
	json_t *benches = json_array();

	for (unsigned i = 0; i < count; i++)
		if (json_array_append_new(benches, bench_json(&results[i], rounds)))
			bench_fail("no memory for JSON");
	report_benches_json(machine, name, benches);
}
