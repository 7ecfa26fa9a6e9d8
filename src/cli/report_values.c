/* SPDX-License-Identifier: BSD-2-Clause */
/* The values that a report shows: each of one round, and figures of a column's rounds. */
#include "cli/report.h"
#include <math.h>

const struct report_percentile report_percentiles[REPORT_PERCENTILES] = {
	{ "p50", "p50", 50 },
	{ "p99", "p99", 99 },
	{ "p99_9", "p99.9", 99.9 },
	{ "max", "max", 100 },
};

const struct report_quantity report_quantities[REPORT_QUANTITIES] = {
	{ "exits", report_stat_per_1000, offsetof(struct machine_stats, exits_total),
	  "VM exits", "fewer", "more", "as many", true },
	{ "host_interrupts", report_stat_per_1000,
	  offsetof(struct machine_stats, interrupts), "host interrupts", "fewer", "more",
	  "as many", true },
	{ "cpu_ms", report_cpu_ms_per_1000, 0, "ms of CPU time", "less", "more",
	  "as much", false },
	{ "latency_p50", report_latency_us, 0, "us to the handler at p50", "less", "more",
	  "as long", false },
	{ "work_per_second", report_rate, 0, NULL, "fewer", "more", "as many", false },
};

/* Every interrupt of such a machine is the end of a read. */
bool report_counts_reads(const struct run *run)
{
	const struct machine_file *m = run->machine;
	bool any = false;

	for (unsigned n = 0; n < m->device_count; n++) {
		const struct machine_file_device *d = &m->devices[n];

		if (run->broken[n])
			continue;
		if (d->kind != &device_block || m->vms[d->config.vm].guest != &guest_reader)
			return false;
		any = true;
	}
	for (unsigned n = 0; n < m->config.vm_count; n++)
		if (m->vms[n].guest == &guest_ipi_pairs)
			return false;
	return any;
}

const char *report_work_name(const struct run *run)
{
	return report_counts_reads(run) ? "reads" : "sends";
}

_Static_assert((int)ROUNDS <= (int)FIGURE_MOST, "a figure has a value of each round");

static double work(const struct run *run, const struct round *r)
{
	uint64_t reads = 0;

	if (!report_counts_reads(run))
		return (double)r->stats.sent;
	for (unsigned n = 0; n < run->machine->device_count; n++)
		reads += r->block[n].read.reads;
	return (double)reads;
}

static double per_1000(const struct run *run, const struct round *r, double value)
{
	double done = work(run, r);

	return done > 0 ? 1000 * value / done : NAN;
}

double report_stat(const struct run *run, const struct round *r, size_t what)
{
	return (double)*(const uint64_t *)((const char *)&r->stats + what);
}

double report_stat_per_1000(const struct run *run, const struct round *r, size_t what)
{
	return per_1000(run, r, report_stat(run, r, what));
}

double report_cpu_ms_per_1000(const struct run *run, const struct round *r, size_t what)
{
	return per_1000(run, r, r->cpu_seconds * 1e3);
}

double report_rate(const struct run *run, const struct round *r, size_t what)
{
	return work(run, r) / r->seconds;
}

double report_seconds(const struct run *run, const struct round *r, size_t what)
{
	return r->seconds;
}

double report_cpu_seconds(const struct run *run, const struct round *r, size_t what)
{
	return r->cpu_seconds;
}

double report_run_delay_ms(const struct run *run, const struct round *r, size_t what)
{
	return r->load.known ? r->load.run_delay * 1e3 : NAN;
}

double report_steal_ms(const struct run *run, const struct round *r, size_t what)
{
	return r->load.steal * 1e3;
}

double report_bytes(const struct run *run, const struct round *r, size_t what)
{
	uint64_t bytes = 0;

	for (unsigned n = 0; n < run->machine->device_count; n++)
		bytes += r->block[n].read.bytes;
	return (double)bytes;
}

double report_ticks(const struct run *run, const struct round *r, size_t what)
{
	return (double)r->ticks;
}

double report_round_trips(const struct run *run, const struct round *r, size_t what)
{
	return (double)r->round_trips.total;
}

static double percentile_us(const struct histogram *h, size_t index)
{
	double percent = report_percentiles[index].percent;

	return h->total ? (double)histogram_percentile(h, percent) / 1e3 : NAN;
}

double report_latency_us(const struct run *run, const struct round *r, size_t what)
{
	return percentile_us(&r->latency, what);
}

double report_round_trip_us(const struct run *run, const struct round *r, size_t what)
{
	return percentile_us(&r->round_trips, what);
}

struct figure report_figure(const struct run *run, const struct column *c, report_value *value,
                            size_t what)
{
	struct figure f = { .count = 0 };

	for (unsigned n = 0; n < c->count; n++)
		figure_add(&f, value(run, &c->rounds[n], what));
	return f;
}

bool report_has_percent(const struct report_quantity *q, const struct figure *was)
{
	return was->median > 0 && !(q->counted && was->median < 1);
}

bool report_host_may_explain(const struct column *c, bool round_trips, double from_us)
{
	double waited = 0, tail = 0;

	for (unsigned n = 0; n < c->count; n++) {
		const struct round *r = &c->rounds[n];
		const struct histogram *h = round_trips ? &r->round_trips : &r->latency;

		if (!r->load.known)
			return false;
		waited += r->load.run_delay + r->load.steal;
		tail += (double)histogram_sum_from(h, (uint64_t)(from_us * 1e3)) / 1e9;
	}
	return tail > 0 && waited >= tail;
}
