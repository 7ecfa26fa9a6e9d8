/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A log-linear histogram of 64-bit values: 32 linear steps in each power of
 * two, so that a value is known to about 3 percent. One writer at a time.
 */
#ifndef EXEC_HISTOGRAM_H
#define EXEC_HISTOGRAM_H

#include <stdbool.h>
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

/*
 * What all values that are at least from come to in all: no less than their sum, and at most
 * 3 percent above it.
 */
uint64_t histogram_sum_from(const struct histogram *h, uint64_t from);

/* A bucket that is not empty: how many values, and the least and greatest that may be in it. */
struct histogram_bucket {
	unsigned index;
	uint64_t first, last, count;
};

/* The first one at index or after it; false if there is none. */
bool histogram_bucket(const struct histogram *h, unsigned index, struct histogram_bucket *b);

/* HdrHistogram's percentile distribution in text, values divided by scale. */
void histogram_print(const struct histogram *h, FILE *out, double scale);

#endif
