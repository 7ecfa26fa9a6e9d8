/* SPDX-License-Identifier: BSD-2-Clause */
/* The last lines: each column in plain words, held against another. */
#include "cli/report.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Appends to a text of REPORT_SENTENCE bytes; what does not fit is cut off. */
__attribute__((format(printf, 2, 3)))
static void say(char *text, const char *format, ...)
{
	size_t length = strlen(text);
	va_list args;

	va_start(args, format);
	vsnprintf(text + length, REPORT_SENTENCE - length, format, args);
	va_end(args);
}

/* Of ways, the first; of a switch on, the same way with it off. */
const struct column *report_base(const struct run *run, unsigned column)
{
	const struct column *c = &run->column[column], *before = column ? c - 1 : NULL;

	if (!before)
		return NULL;
	if (!c->compared)
		return &run->column[0];
	return c->on && !before->on && before->way == c->way && before->compared == c->compared ?
	       before : NULL;
}

static void say_difference(char *text, const struct report_quantity *q, const struct figure *was,
                           const struct figure *is, const char *base)
{
	char number[FIGURE_NUMBER], words[FIGURE_TEXT];

	switch (figure_compare(was, is)) {
	case FIGURE_UNKNOWN:
		break;
	case FIGURE_NONE_SEEN:
		say(text, " (no difference seen)");
		break;
	case FIGURE_LESS:
	case FIGURE_MORE:
		figure_number(was->median, number);
		figure_difference(was, is, q->less, q->more, q->as, words);
		if (report_has_percent(q, was))
			say(text, " (%s)", words);
		else
			say(text, " (%s: %s)", base, number);
	}
}

/* What comes before the n-th of so many things. */
static const char *joint(unsigned n, unsigned count)
{
	return !n ? "" : n + 1 < count ? ", " : " and ";
}

static unsigned known_quantities(const struct run *run, const struct column *c)
{
	unsigned known = 0;

	for (unsigned n = 0; n < REPORT_QUANTITIES; n++) {
		const struct report_quantity *q = &report_quantities[n];

		known += report_figure(run, c, q->value, q->what).count > 0;
	}
	return known;
}

/* Nothing was sent, so nothing can be said for each 1,000. */
static bool did_nothing(const struct run *run, const struct column *c)
{
	return !report_figure(run, c, report_cpu_ms_per_1000, 0).count;
}

/* "user", "posted with ipiv on", "ipiv on". */
static void phrase(const struct column *c, char text[COLUMN_NAME])
{
	bool named = c->way < MACHINE_WAYS;

	if (c->compared)
		snprintf(text, COLUMN_NAME, "%s%s%s %s", named ? machine_way_names[c->way] : "",
		         named ? " with " : "", c->compared, c->on ? "on" : "off");
	else
		snprintf(text, COLUMN_NAME, "%s", c->name);
}

void report_sentence(const struct run *run, unsigned column, char text[REPORT_SENTENCE])
{
	const struct column *c = &run->column[column], *base = report_base(run, column);
	char subject[COLUMN_NAME], other[COLUMN_NAME] = "", number[FIGURE_NUMBER];
	unsigned known = known_quantities(run, c), said = 0;
	const char *work = report_work_name(run);

	*text = '\0';
	phrase(c, subject);
	if (did_nothing(run, c)) {
		say(text, "%s: no %s.", subject, work);
		return;
	}
	say(text, "%s", subject);
	if (base && c->count > 1 && base->count > 1) {
		phrase(base, other);
		say(text, ", against %s", other);
	}
	say(text, ", for each 1,000 %s: ", work);
	for (unsigned n = 0; n < REPORT_QUANTITIES; n++) {
		const struct report_quantity *q = &report_quantities[n];
		struct figure f = report_figure(run, c, q->value, q->what), was = { .count = 0 };

		if (!f.count)
			continue;
		if (base)
			was = report_figure(run, base, q->value, q->what);
		figure_number(f.median, number);
		say(text, "%s%s %s%s", joint(said++, known), number, q->unit ? q->unit : work,
		    q->unit ? "" : " a second");
		say_difference(text, q, &was, &f, other);
	}
	say(text, ".");
}
