/* SPDX-License-Identifier: BSD-2-Clause */
#include "exec/histogram.h"
#include <emmintrin.h>
#include <inttypes.h>

enum {
	STEP_BITS = 5,
	TICKS_PER_HALVING = 5, /* lines printed while the distance to 100 percent halves */
};

_Static_assert(HISTOGRAM_STEPS == 1 << STEP_BITS, "a power of two has 2^STEP_BITS steps");

/*
 * The first two rows of steps are linear: values below 64 have a bucket each.
 * Each later row covers one power of two, in steps twice as wide as the row before.
 */
static unsigned row_of(uint64_t value)
{
	return value < HISTOGRAM_STEPS ? 0 : 63 - __builtin_clzll(value) - STEP_BITS + 1;
}

static unsigned bucket_of(uint64_t value)
{
	unsigned row = row_of(value);
	unsigned shift = row ? row - 1 : 0;
	unsigned bucket = row * HISTOGRAM_STEPS + (value >> shift) % HISTOGRAM_STEPS;

	return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

static uint64_t bucket_width(unsigned bucket)
{
	unsigned row = bucket / HISTOGRAM_STEPS;

	return UINT64_C(1) << (row ? row - 1 : 0);
}

static uint64_t bucket_first(unsigned bucket)
{
	uint64_t step = bucket % HISTOGRAM_STEPS;

	return bucket < HISTOGRAM_STEPS ? step : (step + HISTOGRAM_STEPS) * bucket_width(bucket);
}

/* The largest value that may be in a bucket. The last one also has all that is beyond the range. */
static uint64_t bucket_last(const struct histogram *h, unsigned bucket)
{
	uint64_t last = bucket_first(bucket) + bucket_width(bucket) - 1;

	return bucket == HISTOGRAM_BUCKETS - 1 || last > h->max ? h->max : last;
}

static double deviation(const struct histogram *h, double mean)
{
	double squares = 0;

	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		double off = bucket_first(i) + bucket_width(i) / 2 - mean;

		squares += off * off * h->count[i];
	}
	/* The instruction itself: sqrt would need libm. */
	return h->total ? _mm_cvtsd_f64(_mm_sqrt_pd(_mm_set1_pd(squares / h->total))) : 0;
}

/* How far the next line is: a part of the distance to 100 percent, halved and halved again. */
static double next_tick(double percent)
{
	double halving = 2;

	while (100 / (100 - percent) >= halving)
		halving *= 2;
	return 100 / (halving * TICKS_PER_HALVING);
}

void histogram_record(struct histogram *h, uint64_t value)
{
	h->count[bucket_of(value)]++;
	h->total++;
	h->sum += value;
	if (value > h->max)
		h->max = value;
}

void histogram_add(struct histogram *to, const struct histogram *from)
{
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++)
		to->count[i] += from->count[i];
	to->total += from->total;
	to->sum += from->sum;
	if (from->max > to->max)
		to->max = from->max;
}

uint64_t histogram_percentile(const struct histogram *h, double percent)
{
	/* Rounded up, unless it is above a whole number only by the error of 99.9 in binary. */
	double exact = percent / 100 * h->total;
	uint64_t rank = exact, seen = 0;

	if (exact - rank > exact * 1e-12 || rank == 0)
		rank++;
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS; i++) {
		seen += h->count[i];
		if (seen >= rank)
			return bucket_last(h, i);
	}
	return h->max;
}

uint64_t histogram_sum_from(const struct histogram *h, uint64_t from)
{
	uint64_t sum = 0;

	for (unsigned i = HISTOGRAM_BUCKETS; i-- > 0 && bucket_last(h, i) >= from;)
		sum += h->count[i] * bucket_last(h, i);
	return sum;
}

bool histogram_bucket(const struct histogram *h, unsigned index, struct histogram_bucket *b)
{
	while (index < HISTOGRAM_BUCKETS && !h->count[index])
		index++;
	if (index == HISTOGRAM_BUCKETS)
		return false;
	*b = (struct histogram_bucket){ .index = index, .first = bucket_first(index),
		                        .last = bucket_last(h, index),
		                        .count = h->count[index] };
	return true;
}

void histogram_print(const struct histogram *h, FILE *out, double scale)
{
	double mean = h->total ? (double)h->sum / h->total : 0, percent = 0;
	uint64_t seen = 0;

	fprintf(out, "%12s %14s %10s %14s\n\n", "Value", "Percentile", "TotalCount",
	        "1/(1-Percentile)");
	for (unsigned i = 0; i < HISTOGRAM_BUCKETS && seen < h->total; i++) {
		seen += h->count[i];
		while (h->count[i] && percent <= 100.0 * seen / h->total) {
			fprintf(out, "%12.3f %2.12f %10" PRIu64 " %14.2f\n",
			        bucket_last(h, i) / scale, percent / 100, seen,
			        1 / (1 - percent / 100));
			percent += next_tick(percent);
			if (seen == h->total)
				break;
		}
	}
	if (h->total)
		fprintf(out, "%12.3f %2.12f %10" PRIu64 "\n", h->max / scale, 1.0, h->total);
	fprintf(out, "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n", mean / scale,
	        deviation(h, mean) / scale);
	fprintf(out, "#[Max     = %12.3f, Total count    = %12" PRIu64 "]\n", h->max / scale,
	        h->total);
	fprintf(out, "#[Buckets = %12d, SubBuckets     = %12d]\n",
	        HISTOGRAM_BUCKETS / HISTOGRAM_STEPS, HISTOGRAM_STEPS);
}
