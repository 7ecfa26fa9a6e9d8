/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/figure.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int compare_values(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void figure_add(struct figure *f, double value)
{
	double sorted[FIGURE_MOST];
	unsigned n;

	if (isnan(value) || f->count == FIGURE_MOST)
		return;
	f->value[f->count++] = value;
	n = f->count;
	memcpy(sorted, f->value, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), compare_values);
	f->median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
	f->lowest = sorted[0];
	f->highest = sorted[n - 1];
}

void figure_number(double value, char text[FIGURE_NUMBER])
{
	static const struct {
		double below, unit;
		int decimals;
		const char *name;
	} rows[] = {
		{ 9.995, 1, 2, "" }, { 99.95, 1, 1, "" }, { 9999.5, 1, 0, "" },
		{ 999.5e3, 1e3, 0, "k" },
		{ 9.95e6, 1e6, 1, "M" }, { 999.5e6, 1e6, 0, "M" },
		{ 9.95e9, 1e9, 1, "G" }, { INFINITY, 1e9, 0, "G" },
	};
	unsigned n = 0;

	while (value >= rows[n].below && rows[n].below < INFINITY)
		n++;
	if (value == 0)
		snprintf(text, FIGURE_NUMBER, "0");
	else if (value < 0.005)
		snprintf(text, FIGURE_NUMBER, "<0.01");
	else
		snprintf(text, FIGURE_NUMBER, "%.*f%s", rows[n].decimals, value / rows[n].unit,
		         rows[n].name);
}

void figure_text(const struct figure *f, char text[FIGURE_TEXT])
{
	char median[FIGURE_NUMBER], lowest[FIGURE_NUMBER], highest[FIGURE_NUMBER];

	figure_number(f->median, median);
	figure_number(f->lowest, lowest);
	figure_number(f->highest, highest);
	if (!f->count)
		snprintf(text, FIGURE_TEXT, "-");
	else if (!strcmp(lowest, highest))
		snprintf(text, FIGURE_TEXT, "%s", median);
	else
		snprintf(text, FIGURE_TEXT, "%s (%s-%s)", median, lowest, highest);
}

enum figure_verdict figure_compare(const struct figure *was, const struct figure *is)
{
	char before[FIGURE_NUMBER], after[FIGURE_NUMBER];

	if (was->count < 2 || is->count < 2)
		return FIGURE_UNKNOWN;
	figure_number(was->median, before);
	figure_number(is->median, after);
	if (!strcmp(before, after))
		return FIGURE_NONE_SEEN;
	if (is->highest < was->lowest)
		return FIGURE_LESS;
	return is->lowest > was->highest ? FIGURE_MORE : FIGURE_NONE_SEEN;
}

/* Never "100% fewer" where some are left. */
static void less_text(double percent, const char *less, char text[FIGURE_TEXT])
{
	if (percent < 100 && percent >= 99.95)
		snprintf(text, FIGURE_TEXT, "more than 99.9%% %s", less);
	else if (percent < 0.05)
		snprintf(text, FIGURE_TEXT, "less than 0.1%% %s", less);
	else
		snprintf(text, FIGURE_TEXT, "%.*f%% %s",
		         percent < 9.95 || (percent > 99 && percent < 100), percent, less);
}

void figure_difference(const struct figure *was, const struct figure *is, const char *less,
                       const char *more, const char *as, char text[FIGURE_TEXT])
{
	double ratio = is->median / was->median;

	if (ratio < 1)
		less_text(100 - 100 * ratio, less, text);
	else if (ratio < 2)
		less_text(100 * ratio - 100, more, text);
	else
		snprintf(text, FIGURE_TEXT, "%.*f times %s", ratio < 9.95, ratio, as);
}
