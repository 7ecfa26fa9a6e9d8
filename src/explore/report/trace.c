/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A schedule as rows: one for each step, and between them what the agents say
 * about it. Words are shown by name, so that two runs print the same bytes.
 */
#include "explore/report/trace.h"
#include "explore/report/debug.h"
#include "explore/schedule/names.h"
#include "explore/schedule/tell.h"
#include "explore/search/sites.h"
#include <inttypes.h>
#include <string.h>

static void (*callback)(const struct explore_row *row, void *arg);
static void *argument;

/* The row under way. */
static char text[768];
static FILE *out;

static bool begin_row(void)
{
	memset(text, 0, sizeof(text));
	out = fmemopen(text, sizeof(text) - 1, "w");
	return out;
}

static void end_row(struct explore_row *row)
{
	fclose(out);
	row->step = run_step();
	row->text = text;
	callback(row, argument);
}

static void show_name(const struct tell_access *c)
{
	char name[128];

	names_access(name, sizeof(name), c->p, c->size);
	fputs(name, out);
}

static void show_value(const struct tell_access *c, uint64_t value)
{
	const struct explore_word *w = names_word(c->p);
	char name[128];

	if (w && w->show)
		w->show(out, value);
	else if (c->size == sizeof(value) && names_pointer(c->p, value, name, sizeof(name)))
		fprintf(out, "&%s", name);
	else if (!debug_value(out, c->p, c->size, value))
		fprintf(out, "%#" PRIx64, value);
}

static void show_access(const struct tell_access *c)
{
	struct debug_site site = debug_site(c->site);
	struct explore_row row = {
		.agent = run_agent(c->agent),
		.function = site.function,
		.file = site.file,
		.line = site.line,
		.at = c->p,
		.size = c->size,
		.look = !strcmp(c->verb, "load") && c->size <= sizeof(c->value),
		.late = !strcmp(c->verb, "visible"),
		.changes = c->change && (c->old != c->value || c->size > sizeof(c->value)),
		.value = c->change ? c->value : c->old,
	};

	if (!begin_row())
		return;
	fputs(c->verb, out);
	if (c->p) {
		fputc(' ', out);
		show_name(c);
		fputs(": ", out);
		show_value(c, c->old);
	}
	if (c->change) {
		fputs(" -> ", out);
		show_value(c, c->value);
	}
	end_row(&row);
}

static void show_words(int agent, const char *format, va_list *args)
{
	struct explore_row row = { .agent = agent, .note = true };

	if (!begin_row())
		return;
	vfprintf(out, format, *args);
	end_row(&row);
}

/* Also of a search whose schedules nobody traces: what it says without one has names. */
__attribute__((constructor)) static void know_names(void)
{
	static const struct names_debug debug = { debug_name, debug_site_text };

	names_debug = &debug;
}

void trace_begin(void (*row)(const struct explore_row *row, void *arg), void *arg)
{
	static const struct tell_listener listener = { show_access, show_words };

	callback = row;
	argument = arg;
	sites_begin(row);
	tell_begin(row ? &listener : NULL);
}
