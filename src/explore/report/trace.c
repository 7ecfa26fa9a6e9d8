/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A schedule as rows: one for each step, and between them what the agents say
 * about it. Words are shown by name, so that two runs print the same bytes.
 */
#include "explore/report/trace.h"
#include "explore/schedule/names.h"
#include "explore/schedule/tell.h"
#include <inttypes.h>
#include <string.h>

static void (*callback)(const struct explore_row *row, void *arg);
static void *argument;

/* The row under way. */
static char text[256];
static FILE *out;

static bool begin_row(void)
{
	memset(text, 0, sizeof(text));
	out = fmemopen(text, sizeof(text) - 1, "w");
	return out;
}

static void end_row(int agent, bool note)
{
	struct explore_row row = { .step = run_step(), .agent = agent, .note = note, .text = text };

	fclose(out);
	callback(&row, argument);
}

static void show_name(const void *p)
{
	char name[64];

	names_find(name, sizeof(name), p);
	fputs(name, out);
}

static void show_value(const struct explore_word *w, uint64_t value)
{
	if (w && w->show)
		w->show(out, value);
	else
		fprintf(out, "%#" PRIx64, value);
}

static void show_access(const struct tell_access *c)
{
	const struct explore_word *w = c->p ? names_word(c->p) : NULL;

	if (!begin_row())
		return;
	fputs(c->verb, out);
	if (c->p) {
		fputc(' ', out);
		show_name(c->p);
		fputs(": ", out);
		show_value(w, c->old);
	}
	if (c->change) {
		fputs(" -> ", out);
		show_value(w, c->value);
	}
	end_row(run_agent(c->agent), false);
}

static void show_words(int agent, const char *format, va_list *args)
{
	if (!begin_row())
		return;
	vfprintf(out, format, *args);
	end_row(agent, true);
}

void trace_begin(void (*row)(const struct explore_row *row, void *arg), void *arg)
{
	static const struct tell_listener listener = { show_access, show_words };

	callback = row;
	argument = arg;
	tell_begin(row ? &listener : NULL);
}
