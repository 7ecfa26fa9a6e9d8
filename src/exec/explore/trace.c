/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A schedule as a table: a row for each step, and between them what the agents
 * say about it. Words are shown by name, so that two runs print the same bytes.
 */
#include "exec/explore/internal.h"
#include <inttypes.h>

static FILE *out; /* null: nobody looks */
static unsigned rows;

void trace_begin(FILE *to)
{
	out = to;
	rows = 0;
}

static const struct explore_word *find(const void *p)
{
	const struct explore_word *w = explore_scenario->words;

	while (w && w->at && w->at != p)
		w++;
	return w && w->at ? w : NULL;
}

/* The word's name; without one, where it lies in the scenario's state. */
static void show_name(const struct explore_word *w, const void *p)
{
	char place[32];

	snprintf(place, sizeof(place), "state+%#tx",
	         (const char *)p - (char *)explore_scenario->state);
	fprintf(out, "%-12s  ", w ? w->name : place);
}

static void show_value(const struct explore_word *w, uint64_t value)
{
	if (w && w->show)
		w->show(out, value);
	else
		fprintf(out, "%#" PRIx64, value);
}

static void show_step(const struct agent *a, const char *verb)
{
	fprintf(out, "%4u  %-6s  %-9s ", ++rows, a->is->name, verb);
}

void trace_value(const struct agent *a, const char *verb, const void *p, uint64_t value)
{
	const struct explore_word *w;

	if (!out || !a)
		return;
	w = find(p);
	show_step(a, verb);
	show_name(w, p);
	show_value(w, value);
	fputc('\n', out);
}

void trace_change(const struct agent *a, const char *verb, const void *p, uint64_t old,
                  uint64_t value)
{
	const struct explore_word *w;

	if (!out || !a)
		return;
	w = find(p);
	show_step(a, verb);
	show_name(w, p);
	show_value(w, old);
	fputs(" -> ", out);
	show_value(w, value);
	fputc('\n', out);
}

void trace_fence(const struct agent *a)
{
	if (!out || !a)
		return;
	show_step(a, "fence");
	fputc('\n', out);
}

void trace_verdict(const char *format, va_list args)
{
	if (!out)
		return;
	vfprintf(out, format, args);
	fputc('\n', out);
}

void explore_note(const char *format, ...)
{
	va_list args;

	if (!out || !explore_running)
		return;
	fprintf(out, "      %-6s  ", explore_running->is->name);
	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
	fputc('\n', out);
}
