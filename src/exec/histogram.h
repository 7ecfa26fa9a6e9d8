/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A log-linear histogram of 64-bit values: 32 linear steps in each power of
 * two, so that a value is known to about 3 percent. One writer at a time.
 */
#ifndef EXEC_HISTOGRAM_H
#define EXEC_HISTOGRAM_H

#include <stdint.h>
#include <stdio.h>

enum {
	HISTOGRAM_STEPS = 32,
	HISTOGRAM_BUCKETS = HISTOGRAM_STEPS * 40, /* up to 2^44, five hours in ns */
};

struct histogram {
	uint64_t count[HISTOGRAM_BUCKETS];
	uint64_t total, max, sum;
};

void histogram_record(struct histogram *h, uint64_t value);
void histogram_add(struct histogram *to, const struct histogram *from);

/* The smallest value that at least this percentage of all values do not exceed; 0 if empty. */
uint64_t histogram_percentile(const struct histogram *h, double percent);

/* HdrHistogram's percentile distribution in text, values divided by scale. */
void histogram_print(const struct histogram *h, FILE *out, double scale);

#endif
