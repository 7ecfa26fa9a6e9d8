/* SPDX-License-Identifier: BSD-2-Clause */
#include <explore/table.h>
#include <stdlib.h>
#include <string.h>

enum {
	WIDTH = 120,
	STEP = 4, /* the column of step numbers */
	GAP = 2,  /* before each agent's column */
	INDENT = 2, /* of an access below notes, and of further lines */
};

static void keep(const struct explore_row *row, void *arg)
{
	struct table *t = arg;
	char *text = strdup(row->text);

	if (t->count == t->room) {
		unsigned room = t->room ? 2 * t->room : 64;
		struct table_row *more = realloc(t->row, room * sizeof(*more));

		if (more) {
			t->row = more;
			t->room = room;
		}
	}
	if (!text || t->count == t->room) {
		t->no_memory = true;
		free(text);
		return;
	}
	t->row[t->count++] = (struct table_row){ row->step, row->agent, row->note, text };
}

enum explore_verdict table_make(struct table *t, const struct explore_scenario *s, bool sc,
                                const struct explore_schedule *schedule, unsigned stop_at)
{
	struct explore_replayed told;

	*t = (struct table){ .scenario = s };
	told = explore_replay(s, sc, schedule, stop_at, keep, t);
	t->steps = told.steps;
	return told.verdict;
}

void table_free(struct table *t)
{
	for (unsigned i = 0; i < t->count; i++)
		free(t->row[i].text);
	free(t->row);
}

static unsigned indent_of(const struct table_row *row)
{
	return row->note ? 0 : INDENT;
}

/* What each column would need to have no row broken. */
static void measure(const struct table *t, unsigned width[EXPLORE_AGENTS])
{
	for (unsigned a = 0; a < t->scenario->agent_count; a++)
		width[a] = (unsigned)strlen(t->scenario->agents[a].name);
	for (unsigned i = 0; i < t->count; i++) {
		const struct table_row *row = &t->row[i];
		unsigned size = (unsigned)strlen(row->text) + indent_of(row);

		if (row->agent >= 0 && width[row->agent] < size)
			width[row->agent] = size;
	}
}

static unsigned total(const unsigned *width, unsigned count, unsigned most)
{
	unsigned sum = STEP;

	for (unsigned a = 0; a < count; a++)
		sum += GAP + (width[a] < most ? width[a] : most);
	return sum;
}

/* Narrows the widest columns until all fit. */
static void fit(unsigned *width, unsigned count)
{
	unsigned most = WIDTH;

	while (total(width, count, most) > WIDTH)
		most--;
	for (unsigned a = 0; a < count; a++)
		if (width[a] > most)
			width[a] = most;
}

/* How much of the text goes on a line: up to a space, if there is one. */
static size_t line_size(const char *text, size_t room)
{
	size_t size = strlen(text);

	if (size <= room)
		return size;
	for (size = room; size && text[size] != ' ';)
		size--;
	return size ? size : room;
}

static void print_row(const struct table_row *row, unsigned column, unsigned width, FILE *out)
{
	const char *text = row->text;
	unsigned indent = indent_of(row);
	size_t size;

	if (row->note)
		fprintf(out, "%*s", STEP, "");
	else
		fprintf(out, "%*u", STEP, row->step);
	for (;;) {
		size = line_size(text, width - indent);
		fprintf(out, "%*s%.*s\n", (int)(column - STEP + indent), "", (int)size, text);
		text += size + (text[size] == ' ');
		if (!*text)
			return;
		indent = indent_of(row) + INDENT;
		fprintf(out, "%*s", STEP, "");
	}
}

static void print_heads(const struct table *t, const unsigned *width, FILE *out)
{
	unsigned count = t->scenario->agent_count;

	fprintf(out, "%*s", STEP, "step");
	for (unsigned a = 0; a < count; a++)
		fprintf(out, "%*s%-*s", GAP, "", a + 1 < count ? (int)width[a] : 0,
		        t->scenario->agents[a].name);
	fputs("\n----", out);
	for (unsigned a = 0; a < count; a++) {
		fprintf(out, "%*s", GAP, "");
		for (unsigned i = 0; i < width[a]; i++)
			fputc('-', out);
	}
	fputc('\n', out);
}

/* Each ends its schedule, so there is no need to say when. */
static void print_verdicts(const struct table *t, FILE *out)
{
	fputc('\n', out);
	for (unsigned i = 0; i < t->count; i++)
		if (t->row[i].agent < 0)
			fprintf(out, "%s\n", t->row[i].text);
	if (t->no_memory)
		fputs("out of memory: rows are missing above\n", out);
}

void table_print(const struct table *t, FILE *out)
{
	unsigned width[EXPLORE_AGENTS], column[EXPLORE_AGENTS], next = STEP;

	measure(t, width);
	fit(width, t->scenario->agent_count);
	for (unsigned a = 0; a < t->scenario->agent_count; a++) {
		column[a] = next + GAP;
		next = column[a] + width[a];
	}
	print_heads(t, width, out);
	for (unsigned i = 0; i < t->count; i++)
		if (t->row[i].agent >= 0)
			print_row(&t->row[i], column[t->row[i].agent], width[t->row[i].agent], out);
	print_verdicts(t, out);
}
