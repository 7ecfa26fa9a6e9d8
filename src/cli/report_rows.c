/* SPDX-License-Identifier: BSD-2-Clause */
/* The report's rows. */
#include "cli/report.h"
#include "cli/sheet.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL = 64 };

/* The counts: for each 1,000, or all rounds together; rows that are zeros are left out. */
static const struct count {
	const char *key, *label;
	size_t offset; /* in machine_stats */
	bool always;
} per_1000[] = {
	{ "handled", "guest handler runs", offsetof(struct machine_stats, handled), true },
	{ "exits", "VM exits", offsetof(struct machine_stats, exits_total), true },
}, per_1000_host[] = {
	{ "host_interrupts", "host interrupts", offsetof(struct machine_stats, interrupts), true },
	{ "wakeups", "wake-ups", offsetof(struct machine_stats, wakeups), false },
	{ "preemptions", "preemptions", offsetof(struct machine_stats, preemptions), false },
	{ "moves", "moves", offsetof(struct machine_stats, moves), false },
}, totals[] = {
	{ "sent", "interrupts sent", offsetof(struct machine_stats, sent), true },
	{ "handled", "guest handler runs", offsetof(struct machine_stats, handled), true },
	{ "coalesced", "coalesced", offsetof(struct machine_stats, coalesced), true },
	{ "pending", "pending", offsetof(struct machine_stats, pending), true },
	{ "exits", "VM exits", offsetof(struct machine_stats, exits_total), true },
	{ "host_interrupts", "host interrupts", offsetof(struct machine_stats, interrupts), true },
	{ "faults", "requests VT-d blocked", offsetof(struct machine_stats, faults), false },
	{ "entry_misses", "entry cache misses", offsetof(struct machine_stats, misses), false },
	{ "invalidations", "invalidations", offsetof(struct machine_stats, invalidations),
	  false },
};

static const struct {
	unsigned reason;
	const char *name;
} exits[] = {
#define ROW(number, name) { number, #name },
	PSTD_VMX_EXITS(ROW)
#undef ROW
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* The rows under way, of the columns that have a round. */
struct rows {
	const struct run *run;
	unsigned columns;
	struct sheet *sheet;
	struct sheet_cell cell[COLUMNS]; /* of the row under way */
};

/* A row of figures; as text only if always, or if one of them is not 0. */
static void figure_row(struct rows *p, const char *key, const char *label, bool always,
                       report_value *value, size_t what)
{
	bool any = always;

	for (unsigned n = 0; n < p->columns; n++) {
		struct sheet_cell *c = &p->cell[n];

		*c = (struct sheet_cell){ .kind = SHEET_FIGURE };
		c->figure = report_figure(p->run, &p->run->column[n], value, what);
		any |= c->figure.highest > 0;
	}
	sheet_row(p->sheet, key, any ? label : NULL, p->cell);
}

static void count_rows(struct rows *p, const struct count *rows, unsigned count)
{
	char key[LABEL], label[LABEL];

	for (unsigned n = 0; n < count; n++) {
		snprintf(key, sizeof(key), "per_1000.%s", rows[n].key);
		snprintf(label, sizeof(label), "  %s", rows[n].label);
		figure_row(p, key, label, rows[n].always, report_stat_per_1000, rows[n].offset);
	}
}

static void exit_rows(struct rows *p)
{
	char key[LABEL], label[LABEL];

	for (unsigned n = 0; n < COUNT(exits); n++) {
		size_t offset = offsetof(struct machine_stats, exits) +
		                exits[n].reason * sizeof(uint64_t);

		snprintf(key, sizeof(key), "per_1000.exits_by_reason.%s", exits[n].name);
		snprintf(label, sizeof(label), "    %s", exits[n].name);
		figure_row(p, key, label, false, report_stat_per_1000, offset);
	}
}

static void total_row(struct rows *p, const char *key, const char *label, bool always,
                      size_t offset)
{
	bool any = always;

	for (unsigned n = 0; n < p->columns; n++) {
		const struct column *c = &p->run->column[n];

		p->cell[n] = (struct sheet_cell){ .kind = SHEET_TOTAL };
		for (unsigned i = 0; i < c->count; i++)
			p->cell[n].total +=
				(uint64_t)report_stat(p->run, &c->rounds[i], offset);
		any |= p->cell[n].total > 0;
	}
	sheet_row(p->sheet, key, any ? label : NULL, p->cell);
}

static void total_rows(struct rows *p)
{
	char key[LABEL], label[LABEL];

	sheet_row(p->sheet, NULL, p->run->rounds > 1 ? "all runs together" : "in all", NULL);
	for (unsigned n = 0; n < COUNT(totals); n++) {
		snprintf(key, sizeof(key), "totals.%s", totals[n].key);
		snprintf(label, sizeof(label), "  %s", totals[n].label);
		total_row(p, key, label, totals[n].always, totals[n].offset);
	}
	for (unsigned n = 0; n < COUNT(exits); n++) {
		snprintf(key, sizeof(key), "totals.exits_by_reason.%s", exits[n].name);
		total_row(p, key, NULL, false, offsetof(struct machine_stats, exits) +
		          exits[n].reason * sizeof(uint64_t));
	}
}

static bool has_guest(const struct rows *p, const struct guest_ops *guest)
{
	for (unsigned n = 0; n < p->run->machine->config.vm_count; n++)
		if (p->run->machine->vms[n].guest == guest)
			return true;
	return false;
}

/* The percentiles of one kind; those that may be the host's scheduler are marked. */
static void percentile_rows(struct rows *p, const char *object, const char *what,
                            report_value *value, bool round_trips)
{
	char key[LABEL], label[LABEL];

	for (unsigned i = 0; i < REPORT_PERCENTILES; i++) {
		bool any = false;

		for (unsigned n = 0; n < p->columns; n++) {
			const struct column *c = &p->run->column[n];
			struct sheet_cell *cell = &p->cell[n];

			*cell = (struct sheet_cell){ .kind = SHEET_FIGURE };
			cell->figure = report_figure(p->run, c, value, i);
			any |= cell->figure.count > 0;
			if (i < REPORT_FIRST_TAIL)
				continue;
			cell->kind = SHEET_TAIL;
			cell->yes = cell->figure.count &&
			            report_host_may_explain(c, round_trips, cell->figure.median);
		}
		snprintf(key, sizeof(key), "%s.%s", object, report_percentiles[i].key);
		snprintf(label, sizeof(label), "%s%s", i ? "  " : what,
		         report_percentiles[i].label);
		sheet_row(p->sheet, key, any ? label : NULL, p->cell);
	}
}

static void guest_rows(struct rows *p)
{
	bool pairs = has_guest(p, &guest_ipi_pairs);

	figure_row(p, "ticks", has_guest(p, &guest_ticker) ? "ticks counted" : NULL, false,
	           report_ticks, 0);
	figure_row(p, "round_trips", pairs ? "IPI round trips" : NULL, false, report_round_trips,
	           0);
	if (pairs)
		percentile_rows(p, "round_trip_us", "round trip, us: ", report_round_trip_us,
		                true);
}

static void time_rows(struct rows *p)
{
	figure_row(p, "run_delay_ms", "run delay, ms", true, report_run_delay_ms, 0);
	figure_row(p, "steal_ms", "steal, ms", false, report_steal_ms, 0);
	figure_row(p, "cpu_seconds", NULL, false, report_cpu_seconds, 0);
	figure_row(p, "seconds", NULL, false, report_seconds, 0);
	figure_row(p, "bytes", NULL, false, report_bytes, 0);
}

static void all_rows(struct rows *p)
{
	const char *work = report_work_name(p->run);
	char label[LABEL];

	snprintf(label, sizeof(label), "%s a second", work);
	figure_row(p, "work_per_second", label, true, report_rate, 0);
	report_blocks(p->run, p->sheet, p->columns);
	guest_rows(p);
	snprintf(label, sizeof(label), "for each 1,000 %s", work);
	sheet_row(p->sheet, NULL, label, NULL);
	count_rows(p, per_1000, COUNT(per_1000));
	exit_rows(p);
	count_rows(p, per_1000_host, COUNT(per_1000_host));
	figure_row(p, "per_1000.cpu_ms", "  CPU time, ms", true, report_cpu_ms_per_1000, 0);
	percentile_rows(p, "latency_us", "latency, us: ", report_latency_us, false);
	time_rows(p);
	total_rows(p);
}

bool report_rows(const struct run *run, struct sheet *sheet, unsigned columns)
{
	struct rows *p = calloc(1, sizeof(*p));

	if (!p)
		return false;
	p->run = run;
	p->columns = columns;
	p->sheet = sheet;
	all_rows(p);
	free(p);
	return true;
}
