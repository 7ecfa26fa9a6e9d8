/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A schedule as rows: one for each step, and between them what the agents say
 * about it. Words are shown by name, so that two runs print the same bytes.
 */
#include "exec/explore/internal.h"
#include <inttypes.h>
#include <string.h>

static void (*callback)(const struct explore_row *row, void *arg); /* null: nobody looks */
static void *argument;

/* The row under way. */
static char text[256];
static FILE *out;

void trace_begin(void (*row)(const struct explore_row *row, void *arg), void *arg)
{
	callback = row;
	argument = arg;
}

static bool begin_row(void)
{
	memset(text, 0, sizeof(text));
	out = callback ? fmemopen(text, sizeof(text) - 1, "w") : NULL;
	return out;
}

static void end_row(int agent, bool note)
{
	struct explore_row row = { .step = run_step(), .agent = agent, .note = note, .text = text };

	fclose(out);
	callback(&row, argument);
}

static const struct explore_word *find(const void *p)
{
	const struct explore_word *w = explore_scenario->words;

	while (w && w->at && w->at != p)
		w++;
	return w && w->at ? w : NULL;
}

void trace_name(char *name, size_t size, const void *p)
{
	const struct explore_word *w = find(p);

	if (w)
		snprintf(name, size, "%s", w->name);
	else
		snprintf(name, size, "state+%#tx",
		         (const char *)p - (char *)explore_scenario->state);
}

static void show_name(const void *p)
{
	char name[64];

	trace_name(name, sizeof(name), p);
	fputs(name, out);
}

static void show_value(const struct explore_word *w, uint64_t value)
{
	if (w && w->show)
		w->show(out, value);
	else
		fprintf(out, "%#" PRIx64, value);
}

/* The row of an access, up to the value that was there; false: nobody looks. */
static bool begin_access(const struct agent *a, const char *verb, const void *p, uint64_t value)
{
	if (!callback || !a || !begin_row())
		return false;
	fprintf(out, "%s ", verb);
	show_name(p);
	fputs(": ", out);
	show_value(find(p), value);
	return true;
}

void trace_value(const struct agent *a, const char *verb, const void *p, uint64_t value)
{
	if (begin_access(a, verb, p, value))
		end_row(run_agent(a), false);
}

void trace_change(const struct agent *a, const char *verb, const void *p, uint64_t old,
                  uint64_t value)
{
	if (!begin_access(a, verb, p, old))
		return;
	fputs(" -> ", out);
	show_value(find(p), value);
	end_row(run_agent(a), false);
}

void trace_fence(const struct agent *a)
{
	if (!callback || !a || !begin_row())
		return;
	fputs("fence", out);
	end_row(run_agent(a), false);
}

void trace_verdict(const char *format, va_list args)
{
	if (!callback || !begin_row())
		return;
	vfprintf(out, format, args);
	end_row(-1, true);
}

void explore_note(const char *format, ...)
{
	va_list args;

	if (!callback || !explore_running || !begin_row())
		return;
	va_start(args, format);
	vfprintf(out, format, args);
	va_end(args);
	end_row(run_agent(explore_running), true);
}
