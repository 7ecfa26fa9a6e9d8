/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/sheet.h"
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { GAP = 2, LABEL = 64 };

struct sheet_line {
	char label[LABEL];
	bool heading;
	char (*text)[FIGURE_TEXT]; /* by column */
};

struct sheet {
	const char *const *names;
	unsigned columns;
	json_t **object; /* by column */
	struct sheet_line *line;
	unsigned lines;
	bool marked, failed;
};

struct sheet *sheet_new(const char *const *names, unsigned columns)
{
	struct sheet *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->names = names;
	s->columns = columns;
	s->object = calloc(columns + 1, sizeof(json_t *));
	s->failed = !s->object;
	for (unsigned n = 0; s->object && n < columns; n++)
		s->failed |= !(s->object[n] = json_object());
	return s;
}

static void cell_text(const struct sheet_cell *c, char text[FIGURE_TEXT])
{
	switch (c->kind) {
	case SHEET_NONE:
		snprintf(text, FIGURE_TEXT, "-");
		break;
	case SHEET_FIGURE:
		figure_text(&c->figure, text);
		break;
	case SHEET_TAIL:
		figure_text(&c->figure, text);
		if (c->yes)
			strncat(text, "*", FIGURE_TEXT - strlen(text) - 1);
		break;
	case SHEET_TOTAL:
		snprintf(text, FIGURE_TEXT, "%" PRIu64, c->total);
		break;
	case SHEET_WORD:
		snprintf(text, FIGURE_TEXT, "%s", c->word);
		break;
	case SHEET_YES_NO:
		snprintf(text, FIGURE_TEXT, c->yes ? "yes" : "NO");
		break;
	}
}

/* What is whole is written so: a count of many digits keeps all of them. */
static json_t *number_json(double value)
{
	return value < 1e15 && value == (double)(json_int_t)value ?
	       json_integer((json_int_t)value) : json_real(value);
}

static json_t *figure_json(const struct figure *f)
{
	json_t *runs = json_array();

	for (unsigned n = 0; n < f->count; n++)
		json_array_append_new(runs, number_json(f->value[n]));
	return json_pack("{s:o, s:o, s:o, s:o}", "median", number_json(f->median), "lowest",
	                 number_json(f->lowest), "highest", number_json(f->highest), "runs",
	                 runs);
}

static json_t *cell_json(const struct sheet_cell *c)
{
	json_t *value;

	switch (c->kind) {
	case SHEET_FIGURE:
	case SHEET_TAIL:
		if (!c->figure.count)
			return json_null();
		value = figure_json(&c->figure);
		if (c->kind == SHEET_TAIL)
			json_object_set_new(value, "host_scheduler", json_boolean(c->yes));
		return value;
	case SHEET_TOTAL:
		return json_integer((json_int_t)c->total);
	case SHEET_WORD:
		return json_string(c->word);
	case SHEET_YES_NO:
		return json_boolean(c->yes);
	default:
		return json_null();
	}
}

/* Puts a value where a key with dots leads, and makes the objects on the way. */
static bool put(json_t *object, const char *key, json_t *value)
{
	char part[LABEL];

	for (const char *dot; object && (dot = strchr(key, '.')); key = dot + 1) {
		snprintf(part, sizeof(part), "%.*s", (int)(dot - key), key);
		if (!json_object_get(object, part))
			json_object_set_new(object, part, json_object());
		object = json_object_get(object, part);
	}
	return !json_object_set_new(object, key, value);
}

static void add_line(struct sheet *s, const char *label, const struct sheet_cell *cells)
{
	struct sheet_line *more = realloc(s->line, (s->lines + 1) * sizeof(*more));
	struct sheet_line *l;

	s->failed |= !more;
	if (!more)
		return;
	s->line = more;
	l = &s->line[s->lines++];
	*l = (struct sheet_line){ .heading = !cells };
	snprintf(l->label, sizeof(l->label), "%s", label);
	l->text = cells ? calloc(s->columns + 1, sizeof(*l->text)) : NULL;
	s->failed |= cells && !l->text;
	for (unsigned n = 0; l->text && n < s->columns; n++) {
		cell_text(&cells[n], l->text[n]);
		s->marked |= cells[n].kind == SHEET_TAIL && cells[n].yes;
	}
}

void sheet_row(struct sheet *s, const char *key, const char *label,
               const struct sheet_cell *cells)
{
	for (unsigned n = 0; key && n < s->columns; n++)
		s->failed |= !put(s->object[n], key, cell_json(&cells[n]));
	if (label)
		add_line(s, label, cells);
}

json_t *sheet_object(struct sheet *s, unsigned column)
{
	return s->object[column];
}

bool sheet_marked(const struct sheet *s)
{
	return s->marked;
}

/* A name's part of this number, with commas between; its size, which is 0 if there is none. */
static const char *name_part(const char *name, unsigned number, int *size)
{
	while (number--) {
		name += strcspn(name, ",");
		name += strspn(name, ", ");
	}
	*size = (int)strcspn(name, ",");
	return name;
}

static unsigned label_width(const struct sheet *s)
{
	unsigned width = 0;

	for (unsigned n = 0; n < s->lines; n++)
		if (!s->line[n].heading && strlen(s->line[n].label) > width)
			width = (unsigned)strlen(s->line[n].label);
	return width;
}

static unsigned column_width(const struct sheet *s, unsigned column)
{
	unsigned width = 0;
	int size;

	for (unsigned number = 0; *name_part(s->names[column], number, &size); number++)
		width = (unsigned)size > width ? (unsigned)size : width;
	for (unsigned n = 0; n < s->lines; n++)
		if (s->line[n].text && strlen(s->line[n].text[column]) > width)
			width = (unsigned)strlen(s->line[n].text[column]);
	return width + GAP;
}

/* One part of each name, below the one before; false, and no line, if there is none. */
static bool print_names(const struct sheet *s, unsigned first, unsigned end, unsigned number,
                        FILE *out)
{
	bool any = false;
	int size;

	for (unsigned n = first; n < end; n++)
		any |= *name_part(s->names[n], number, &size);
	if (!any)
		return false;
	fprintf(out, "%*s", (int)label_width(s), "");
	for (unsigned n = first; n < end; n++) {
		const char *part = name_part(s->names[n], number, &size);

		fprintf(out, "%*s%.*s", (int)column_width(s, n) - size, "", size, part);
	}
	fputc('\n', out);
	return true;
}

static void print_columns(const struct sheet *s, unsigned first, unsigned end, FILE *out)
{
	for (unsigned number = 0; print_names(s, first, end, number, out);)
		number++;
	for (unsigned n = 0; n < s->lines; n++) {
		const struct sheet_line *l = &s->line[n];

		if (l->heading) {
			fprintf(out, "%s\n", l->label);
			continue;
		}
		fprintf(out, "%-*s", (int)label_width(s), l->label);
		for (unsigned i = first; i < end; i++)
			fprintf(out, "%*s", (int)column_width(s, i), l->text[i]);
		fputc('\n', out);
	}
}

void sheet_print(const struct sheet *s, FILE *out, unsigned width)
{
	for (unsigned first = 0, end; !s->failed && first < s->columns; first = end) {
		unsigned used = label_width(s) + column_width(s, first);

		for (end = first + 1; end < s->columns; end++) {
			used += column_width(s, end);
			if (used > width)
				break;
		}
		if (first)
			fputc('\n', out);
		print_columns(s, first, end, out);
	}
}

bool sheet_good(const struct sheet *s)
{
	return !s->failed;
}

void sheet_free(struct sheet *s)
{
	for (unsigned n = 0; n < s->lines; n++)
		free(s->line[n].text);
	for (unsigned n = 0; s->object && n < s->columns; n++)
		json_decref(s->object[n]);
	free(s->object);
	free(s->line);
	free(s);
}
