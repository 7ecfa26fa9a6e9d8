/* SPDX-License-Identifier: BSD-2-Clause */
#include "exec/histogram.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
/* cmocka needs the four above. */
#include <cmocka.h>

static void empty(void **state)
{
	struct histogram h = { 0 };

	assert_int_equal(histogram_percentile(&h, 50), 0);
	assert_int_equal(histogram_percentile(&h, 100), 0);
}

/* Below 64 every value has a bucket of its own, so percentiles are exact. */
static void small_values_are_exact(void **state)
{
	struct histogram h = { 0 };

	for (unsigned v = 0; v < 50; v++)
		histogram_record(&h, v);
	assert_int_equal(h.total, 50);
	assert_int_equal(h.sum, 49 * 50 / 2);
	assert_int_equal(h.max, 49);
	assert_int_equal(histogram_percentile(&h, 0), 0);
	assert_int_equal(histogram_percentile(&h, 2), 0);
	assert_int_equal(histogram_percentile(&h, 2.1), 1);
	assert_int_equal(histogram_percentile(&h, 50), 24);
	assert_int_equal(histogram_percentile(&h, 100), 49);
}

/* A value is known to one part in 32, and never reported too small. */
static void precision(void **state)
{
	for (uint64_t v = 1; v < UINT64_C(1) << 44; v += v / 37 + 1) {
		struct histogram h = { 0 };
		uint64_t p;

		histogram_record(&h, v);
		histogram_record(&h, UINT64_C(1) << 43);
		p = histogram_percentile(&h, v < UINT64_C(1) << 43 ? 50 : 100);
		assert_true(p >= v);
		assert_true(p - v <= v / 32);
	}
}

static void percentiles_of_a_thousand(void **state)
{
	struct histogram h = { 0 };

	for (unsigned i = 0; i < 999; i++)
		histogram_record(&h, 10);
	histogram_record(&h, 1000000);
	assert_int_equal(histogram_percentile(&h, 50), 10);
	/* 99.9 percent of 1000 is 999, although 99.9 has no exact form in binary. */
	assert_int_equal(histogram_percentile(&h, 99.9), 10);
	assert_int_equal(histogram_percentile(&h, 99.91), 1000000);
	assert_int_equal(histogram_percentile(&h, 100), 1000000);
}

static void beyond_the_range(void **state)
{
	struct histogram h = { 0 };

	histogram_record(&h, UINT64_C(1) << 50);
	histogram_record(&h, UINT64_MAX);
	assert_int_equal(h.max, UINT64_MAX);
	assert_int_equal(histogram_percentile(&h, 100), UINT64_MAX);
	assert_int_equal(h.count[HISTOGRAM_BUCKETS - 1], 2);
}

static void add(void **state)
{
	struct histogram a = { 0 }, b = { 0 }, both = { 0 };

	for (uint64_t v = 1; v < 1000000; v = v * 3 + 1) {
		histogram_record(v & 1 ? &a : &b, v);
		histogram_record(&both, v);
	}
	histogram_add(&a, &b);
	assert_memory_equal(&a, &both, sizeof(a));
}

static void sums_and_buckets(void **state)
{
	struct histogram h = { 0 };
	struct histogram_bucket b;

	assert_false(histogram_bucket(&h, 0, &b));
	assert_int_equal(histogram_sum_from(&h, 0), 0);
	for (unsigned v = 5; v < 50; v += 5)
		histogram_record(&h, v);
	assert_int_equal(histogram_sum_from(&h, 0), h.sum);
	assert_int_equal(histogram_sum_from(&h, 36), 40 + 45);
	assert_int_equal(histogram_sum_from(&h, 40), 40 + 45);
	assert_int_equal(histogram_sum_from(&h, 46), 0);
	histogram_record(&h, 1000000);
	assert_int_equal(histogram_sum_from(&h, 46), 1000000);
	assert_true(histogram_bucket(&h, 0, &b));
	assert_true(b.first == 5 && b.last == 5 && b.count == 1);
	assert_true(histogram_bucket(&h, 46, &b));
	assert_true(b.first <= 1000000 && b.last == 1000000 && b.count == 1);
	assert_false(histogram_bucket(&h, b.index + 1, &b));
}

static char *printed(const struct histogram *h, double scale)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	histogram_print(h, out, scale);
	fclose(out);
	return text;
}

/* The text that HdrHistogram's own plotter reads: columns and footer to the letter. */
static void text_form(void **state)
{
	struct histogram h = { 0 };
	char *text;

	for (unsigned i = 1; i <= 4; i++)
		histogram_record(&h, i * 10);
	text = printed(&h, 10);
	assert_string_equal(text,
		"       Value     Percentile TotalCount 1/(1-Percentile)\n"
		"\n"
		"       1.000 0.000000000000          1           1.00\n"
		"       1.000 0.100000000000          1           1.11\n"
		"       1.000 0.200000000000          1           1.25\n"
		"       2.000 0.300000000000          2           1.43\n"
		"       2.000 0.400000000000          2           1.67\n"
		"       2.000 0.500000000000          2           2.00\n"
		"       3.000 0.550000000000          3           2.22\n"
		"       3.000 0.600000000000          3           2.50\n"
		"       3.000 0.650000000000          3           2.86\n"
		"       3.000 0.700000000000          3           3.33\n"
		"       3.000 0.750000000000          3           4.00\n"
		"       4.000 0.775000000000          4           4.44\n"
		"       4.000 1.000000000000          4\n"
		"#[Mean    =        2.500, StdDeviation   =        1.118]\n"
		"#[Max     =        4.000, Total count    =            4]\n"
		"#[Buckets =           40, SubBuckets     =           32]\n");
	free(text);
}

static void text_form_of_nothing(void **state)
{
	struct histogram h = { 0 };
	char *text = printed(&h, 1);

	assert_non_null(strstr(text, "Total count    =            0]"));
	assert_null(strstr(text, "nan"));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty),
		cmocka_unit_test(small_values_are_exact),
		cmocka_unit_test(precision),
		cmocka_unit_test(percentiles_of_a_thousand),
		cmocka_unit_test(beyond_the_range),
		cmocka_unit_test(add),
		cmocka_unit_test(sums_and_buckets),
		cmocka_unit_test(text_form),
		cmocka_unit_test(text_form_of_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
