/* SPDX-License-Identifier: BSD-2-Clause */
/* What a run found: its columns side by side, their interrupts tables, a few sentences. */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/figure.h"
#include "cli/round.h"

enum { REPORT_SENTENCE = 1024 };

void report_print(const struct run *run);

/* The rows of the first columns, on their sheet; false on lack of memory. */
struct sheet;
bool report_rows(const struct run *run, struct sheet *sheet, unsigned columns);

/* Those about block devices. */
void report_blocks(const struct run *run, struct sheet *sheet, unsigned columns);

/*
 * The work that figures are divided by: reads, or sends where something else than a
 * reader's block device interrupts, or nothing does. A read's completion is a send.
 */
bool report_counts_reads(const struct run *run);
const char *report_work_name(const struct run *run); /* "reads", "sends" */

/* A value of a round, NAN if it has none; what picks one of a kind. */
typedef double report_value(const struct run *run, const struct round *r, size_t what);

report_value report_stat;          /* what: the offset of a count in machine_stats */
report_value report_stat_per_1000; /* for each 1,000 of the work */
report_value report_cpu_ms_per_1000;
report_value report_rate;          /* of the work, a second */
report_value report_seconds, report_cpu_seconds, report_run_delay_ms, report_steal_ms;
report_value report_bytes, report_ticks, report_round_trips;
report_value report_latency_us, report_round_trip_us; /* what: an index in report_percentiles */

/* Each of a column's rounds. */
struct figure report_figure(const struct run *run, const struct column *c, report_value *value,
                            size_t what);

enum { REPORT_PERCENTILES = 4, REPORT_FIRST_TAIL = 1 };
extern const struct report_percentile {
	const char *key, *label;
	double percent;
} report_percentiles[REPORT_PERCENTILES];

/*
 * Whether a tail may be the host's scheduler: whether the threads waited for a CPU longer
 * than all that is in it took together. Which of it waited for which thread, nobody knows.
 * Over all rounds; from: the tail's first value.
 */
bool report_host_may_explain(const struct column *c, bool round_trips, double from_us);

/* What is compared, and in which words. */
enum { REPORT_QUANTITIES = 5 };
extern const struct report_quantity {
	const char *key;
	report_value *value;
	size_t what;
	const char *unit;             /* after the number: "VM exits"; null: the work, a second */
	const char *less, *more, *as; /* as figure_difference has them */
	bool counted;                 /* of a count near 0, a percentage says nothing */
} report_quantities[REPORT_QUANTITIES];

/* Whether a difference from such a figure can be told as a percentage. */
bool report_has_percent(const struct report_quantity *q, const struct figure *was);

/* The column that this one is held against; null: none. */
const struct column *report_base(const struct run *run, unsigned column);

/* One column in plain words, with the very numbers of the table. */
void report_sentence(const struct run *run, unsigned column, char text[REPORT_SENTENCE]);

/* For --json, what is not in rows: the machine, a column's devices and histograms, what differs. */
struct json_t;
struct json_t *report_machine_json(const struct run *run);
bool report_column_json(const struct run *run, const struct column *c, struct json_t *object);
struct json_t *report_comparisons_json(const struct run *run);

#endif
