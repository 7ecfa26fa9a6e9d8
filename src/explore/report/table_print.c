/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows in columns: the step, what each agent does, and where in the sources that is,
 * said once for rows of the same line.
 */
#include <explore/table.h>
#include <string.h>

enum {
	STEP = 4, /* the column of step numbers */
	GAP = 2,  /* before each other column */
	INDENT = 2, /* of an access below notes, and of further lines */
	NARROWEST = 2 * INDENT + 3,
	SITES = EXPLORE_AGENTS, /* the last column, if anything is known of them */
	COLUMNS,
	SITE = 160,
};

struct layout {
	const struct explore_table *t;
	FILE *out;
	bool all; /* rows that are folded, too */
	bool whole_paths;  /* there is room for files' folders */
	bool broken_sites; /* there is none for sites on one line */
	unsigned agents;
	unsigned width[COLUMNS], at[COLUMNS];
	char last[SITE]; /* the site of the row above */
};

/* What is left to be printed in a column. */
struct piece {
	const char *text;
	unsigned column, indent;
};

static bool hidden(const struct layout *l, const struct explore_table_row *row)
{
	return row->agent < 0 || (row->folded && !l->all);
}

static unsigned indent_of(const struct explore_table_row *row)
{
	return row->note ? 0 : INDENT;
}

static void site_of(const struct layout *l, const struct explore_table_row *row, char site[SITE])
{
	const char *name = row->file && !l->whole_paths ? strrchr(row->file, '/') : NULL;

	*site = '\0';
	if (!row->file && !row->note)
		strcpy(site, "?"); /* if others are known */
	else if (row->file)
		snprintf(site, SITE, "%s:%u%s%s", name ? name + 1 : row->file, row->line,
		         row->function ? " " : "", row->function ? row->function : "");
}

static void widen(unsigned *width, size_t size)
{
	if (*width < size)
		*width = (unsigned)size;
}

/* That of a site, with its function on a line of its own if there is no room. */
static size_t site_width(const struct layout *l, const char *site)
{
	const char *space = strchr(site, ' ');
	size_t size = strlen(site), first = space ? (size_t)(space - site) : size;

	if (!l->broken_sites || first == size)
		return size;
	return first > size - first - 1 + INDENT ? first : size - first - 1 + INDENT;
}

/* What each column would need to have no row broken. */
static void measure(struct layout *l)
{
	char site[SITE];

	memset(l->width, 0, sizeof(l->width));
	for (unsigned a = 0; a < l->agents; a++)
		l->width[a] = (unsigned)strlen(l->t->scenario->agents[a].name);
	for (unsigned i = 0; i < l->t->count; i++) {
		const struct explore_table_row *row = &l->t->row[i];

		if (hidden(l, row))
			continue;
		widen(&l->width[row->agent], strlen(row->text) + indent_of(row));
		site_of(l, row, site);
		if (row->file)
			widen(&l->width[SITES], site_width(l, site));
	}
}

static unsigned total(const struct layout *l, unsigned most)
{
	unsigned sum = STEP + (l->width[SITES] ? GAP + l->width[SITES] : 0);

	for (unsigned a = 0; a < l->agents; a++)
		sum += GAP + (l->width[a] < most ? l->width[a] : most);
	return sum;
}

static bool fits(struct layout *l, unsigned width, bool whole_paths, bool broken_sites)
{
	l->whole_paths = whole_paths;
	l->broken_sites = broken_sites;
	measure(l);
	return total(l, width) <= width;
}

/* Files' folders go first, then sites are broken, then the widest columns get narrow. */
static void fit(struct layout *l, unsigned width)
{
	unsigned most = width;

	if (fits(l, width, true, false) || fits(l, width, false, false) ||
	    fits(l, width, false, true))
		return;
	if (l->width[SITES] > width / 3)
		l->width[SITES] = width / 3;
	while (most > NARROWEST && total(l, most) > width)
		most--;
	for (unsigned a = 0; a < l->agents; a++)
		if (l->width[a] > most)
			l->width[a] = most;
}

static void place(struct layout *l)
{
	unsigned next = STEP;

	for (unsigned c = 0; c < COLUMNS; c++) {
		l->at[c] = next + GAP;
		if (c < l->agents || (c == SITES && l->width[SITES]))
			next = l->at[c] + l->width[c];
	}
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

/* One line's part of it, from a column of the terminal on; where that ends. */
static unsigned print_piece(const struct layout *l, struct piece *p, unsigned from)
{
	unsigned column = l->at[p->column] + p->indent;
	size_t size;

	if (!*p->text)
		return from;
	size = line_size(p->text, l->width[p->column] - p->indent);
	fprintf(l->out, "%*s%.*s", (int)(column - from), "", (int)size, p->text);
	p->text += size + (p->text[size] == ' ');
	return column + (unsigned)size;
}

static void print_row(struct layout *l, const struct explore_table_row *row)
{
	unsigned indent = indent_of(row);
	struct piece text = { row->text, (unsigned)row->agent, indent };
	struct piece where = { "", SITES, 0 };
	char site[SITE];

	site_of(l, row, site);
	if (l->width[SITES] && *site && strcmp(site, l->last)) {
		where.text = site;
		strcpy(l->last, site);
	}
	if (row->note)
		fprintf(l->out, "%*s", STEP, "");
	else
		fprintf(l->out, "%*u", STEP, row->step);
	for (unsigned from = STEP;; from = 0) {
		from = print_piece(l, &text, from);
		print_piece(l, &where, from);
		fputc('\n', l->out);
		if (!*text.text && !*where.text)
			return;
		text.indent = indent + INDENT;
		where.indent = INDENT;
	}
}

static void print_dashes(const struct layout *l, unsigned column)
{
	fprintf(l->out, "%*s", GAP, "");
	for (unsigned i = 0; i < l->width[column]; i++)
		fputc('-', l->out);
}

static void print_heads(const struct layout *l)
{
	bool sites = l->width[SITES];

	fprintf(l->out, "%*s", STEP, "step");
	for (unsigned a = 0; a < l->agents; a++)
		fprintf(l->out, "%*s%-*s", GAP, "",
		        a + 1 < l->agents || sites ? (int)l->width[a] : 0,
		        l->t->scenario->agents[a].name);
	fprintf(l->out, "%s\n----", sites ? "  where" : "");
	for (unsigned a = 0; a < l->agents; a++)
		print_dashes(l, a);
	if (sites)
		print_dashes(l, SITES);
	fputc('\n', l->out);
}

/* Each ends its schedule, so there is no need to say when. */
static void print_verdicts(const struct layout *l)
{
	const struct explore_table *t = l->t;

	fputc('\n', l->out);
	for (unsigned i = 0; i < t->count; i++)
		if (t->row[i].agent < 0)
			fprintf(l->out, "%s\n", t->row[i].text);
	if (t->no_memory)
		fputs("out of memory: rows are missing above\n", l->out);
}

void explore_table_print(const struct explore_table *t, unsigned width, const char *flag, FILE *out)
{
	struct layout l = { .t = t, .out = out, .all = !flag,
		            .agents = t->scenario->agent_count };

	fit(&l, width < EXPLORE_TABLE_LEAST ? EXPLORE_TABLE_LEAST : width);
	place(&l);
	print_heads(&l);
	for (unsigned i = 0; i < t->count; i++)
		if (!hidden(&l, &t->row[i]))
			print_row(&l, &t->row[i]);
	if (flag && t->folded)
		fprintf(out, "\n%u look%s that saw nothing new: %s shows %s\n", t->folded,
		        t->folded > 1 ? "s" : "", flag, t->folded > 1 ? "them" : "it");
	print_verdicts(&l);
}
