/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A schedule as rows: one for each step, and between them what the agents say
 * about it. Words are shown by name, so that two runs print the same bytes.
 */
#include "explore/internal.h"
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

static const struct explore_region *find_region(const char *p)
{
	const struct explore_region *r = explore_scenario->regions;

	while (r && r->at && (p < (const char *)r->at || p >= (const char *)r->at + r->size))
		r++;
	return r && r->at ? r : NULL;
}

void trace_name(char *name, size_t size, const void *p)
{
	const struct explore_word *w = find(p);
	const struct explore_region *r = find_region(p);
	const char *from = r ? r->at : explore_scenario->state;

	if (w)
		snprintf(name, size, "%s", w->name);
	else if (r && p == r->at)
		snprintf(name, size, "%s", r->name);
	else
		snprintf(name, size, "%s+%#tx", r ? r->name : "state", (const char *)p - from);
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

/* What is written down is so on a stack of its own: agents' stacks are part of their state. */

struct access {
	const struct agent *a;
	const char *verb;
	const void *p; /* null: a fence */
	uint64_t old, value;
	bool change;
};

static void write_access(void *access)
{
	const struct access *c = access;

	if (!begin_row())
		return;
	fputs(c->verb, out);
	if (c->p) {
		fputc(' ', out);
		show_name(c->p);
		fputs(": ", out);
		show_value(find(c->p), c->old);
	}
	if (c->change) {
		fputs(" -> ", out);
		show_value(find(c->p), c->value);
	}
	end_row(run_agent(c->a), false);
}

void trace_value(const struct agent *a, const char *verb, const void *p, uint64_t value)
{
	struct access access = { .a = a, .verb = verb, .p = p, .old = value };

	if (callback && a)
		run_outside(write_access, &access);
}

void trace_change(const struct agent *a, const char *verb, const void *p, uint64_t old,
                  uint64_t value)
{
	struct access access = { .a = a, .verb = verb, .p = p, .old = old, .value = value,
		                 .change = true };

	if (callback && a)
		run_outside(write_access, &access);
}

void trace_fence(const struct agent *a)
{
	struct access access = { .a = a, .verb = "fence" };

	if (callback && a)
		run_outside(write_access, &access);
}

struct words {
	int agent;
	const char *format;
	va_list *args;
};

static void write_words(void *words)
{
	const struct words *w = words;

	if (!begin_row())
		return;
	vfprintf(out, w->format, *w->args);
	end_row(w->agent, true);
}

void trace_verdict(const char *format, va_list *args)
{
	struct words words = { -1, format, args };

	if (callback)
		run_outside(write_words, &words);
}

void explore_note(const char *format, ...)
{
	struct words words = { -1, format, NULL };
	va_list args;

	if (!callback || !explore_running)
		return;
	va_start(args, format);
	words.agent = run_agent(explore_running);
	words.args = &args;
	run_outside(write_words, &words);
	va_end(args);
}
