/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/out.h"
#include "cli/interrupts.h"
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LABEL_WIDTH = 30, COLUMN_WIDTH = 14 };

struct out {
	json_t *root; /* null: text */
	json_t *columns;
	const char *const *names;
	unsigned count;
	int width; /* of a column */
	unsigned problems;
	bool failed; /* JSON: out of memory */
};

static void put(struct out *o, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value))
		o->failed = true;
}

/* The object within o's that is called key, made if need be. */
static json_t *within(struct out *o, json_t *object, const char *key)
{
	if (!json_object_get(object, key))
		put(o, object, key, json_object());
	return json_object_get(object, key);
}

static void cell_text(const struct out_cell *c, char *text, size_t size)
{
	switch (c->kind) {
	case OUT_NONE:
		snprintf(text, size, "-");
		break;
	case OUT_COUNT:
		snprintf(text, size, "%llu", (unsigned long long)c->count);
		break;
	case OUT_TENTHS:
		snprintf(text, size, "%.1f", c->real);
		break;
	case OUT_HUNDREDTHS:
		snprintf(text, size, "%.2f", c->real);
		break;
	case OUT_CRC:
		snprintf(text, size, "0x%08x", (unsigned)c->count);
		break;
	case OUT_YES_NO:
		snprintf(text, size, c->count ? "yes" : "NO");
		break;
	}
}

static json_t *cell_json(const struct out_cell *c)
{
	char text[32];

	switch (c->kind) {
	case OUT_COUNT:
		return json_integer((json_int_t)c->count);
	case OUT_TENTHS:
	case OUT_HUNDREDTHS:
		return json_real(c->real);
	case OUT_CRC:
		cell_text(c, text, sizeof(text));
		return json_string(text);
	case OUT_YES_NO:
		return json_boolean(c->count);
	default:
		return json_null();
	}
}

struct out *out_begin(bool json)
{
	struct out *o = calloc(1, sizeof(*o));

	if (!o || !json)
		return o;
	o->root = json_object();
	put(o, o->root, "version", json_string(POSTED_VERSION));
	put(o, o->root, "problems", json_array());
	return o;
}

void out_line(struct out *o, const char *key, const char *text)
{
	if (o->root)
		put(o, o->root, key, json_string(text));
	else
		printf("%s%s\n", o->count ? "\n" : "", text);
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

/* Wide enough for every part of every name, and two spaces before it. */
static int column_width(const struct out *o)
{
	int size, width = COLUMN_WIDTH;

	for (unsigned i = 0; i < o->count; i++)
		for (unsigned number = 0; *name_part(o->names[i], number, &size); number++)
			width = size + 2 > width ? size + 2 : width;
	return width;
}

/* One part of each column's name, below the one before; false, and no line, if there is none. */
static bool print_names(struct out *o, unsigned number)
{
	bool any = false;
	int size;

	for (unsigned i = 0; i < o->count; i++)
		any |= *name_part(o->names[i], number, &size);
	if (!any)
		return false;
	printf("%-*s", LABEL_WIDTH, "");
	for (unsigned i = 0; i < o->count; i++) {
		const char *part = name_part(o->names[i], number, &size);

		printf("%*s%.*s", o->width - size, "", size, part);
	}
	printf("\n");
	return true;
}

void out_columns(struct out *o, const char *key, const char *const *names, unsigned count)
{
	o->names = names;
	o->count = count;
	o->width = column_width(o);
	if (o->root) {
		o->columns = within(o, o->root, key);
		return;
	}
	printf("\n");
	for (unsigned number = 0; print_names(o, number);)
		number++;
}

void out_row(struct out *o, const char *key, const char *label, const struct out_cell *cells)
{
	const char *dot = strchr(key, '.');
	char text[32], outer[64];

	if (!o->root)
		printf("%-*s", LABEL_WIDTH, label);
	for (unsigned i = 0; i < o->count; i++) {
		if (!o->root) {
			cell_text(&cells[i], text, sizeof(text));
			printf("%*s", o->width, text);
			continue;
		}
		json_t *object = within(o, o->columns, o->names[i]);

		if (dot) {
			snprintf(outer, sizeof(outer), "%.*s", (int)(dot - key), key);
			object = within(o, object, outer);
		}
		put(o, object, dot ? dot + 1 : key, cell_json(&cells[i]));
	}
	if (!o->root)
		printf("\n");
}

static json_t *interrupts_json(const struct interrupts *table)
{
	json_t *rows = json_array();

	for (unsigned n = 0; n < table->rows; n++) {
		const struct interrupts_row *row = &table->row[n];
		json_t *counts = json_array();

		for (unsigned cpu = 0; cpu < table->cpus; cpu++)
			json_array_append_new(counts, json_integer((json_int_t)row->count[cpu]));
		json_array_append_new(rows, json_pack("{s:s, s:o, s:s}", "irq", row->irq, "counts",
		                                      counts, "text",
		                                      row->text + strspn(row->text, " ")));
	}
	return rows;
}

void out_interrupts(struct out *o, unsigned column, const struct interrupts *table)
{
	if (o->root) {
		put(o, within(o, o->columns, o->names[column]), "interrupts",
		    interrupts_json(table));
		return;
	}
	printf("\n%s: the host's interrupts\n", o->names[column]);
	interrupts_print(table, stdout);
}

/* File names may hold any bytes, JSON only UTF-8. */
static json_t *json_text(char *text)
{
	json_t *string = json_string(text);

	if (string)
		return string;
	for (char *c = text; *c; c++)
		if (*c & 0x80)
			*c = '?';
	return json_string(text);
}

bool out_is_json(const struct out *o)
{
	return o->root;
}

void out_value(struct out *o, const char *key, json_t *value)
{
	put(o, o->root, key, value);
}

void out_append(struct out *o, const char *key, json_t *value)
{
	if (!json_object_get(o->root, key))
		put(o, o->root, key, json_array());
	if (json_array_append_new(json_object_get(o->root, key), value))
		o->failed = true;
}

void out_problem(struct out *o, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fprintf(stderr, "%s\n", text);
	o->problems++;
	if (o->root && json_array_append_new(json_object_get(o->root, "problems"),
	                                     json_text(text)))
		o->failed = true;
}

unsigned out_problems(const struct out *o)
{
	return o->problems;
}

bool out_end(struct out *o, bool ok)
{
	bool good = !o->failed;

	if (o->root) {
		put(o, o->root, "ok", json_boolean(ok));
		good &= !json_dumpf(o->root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(9));
		good &= putchar('\n') != EOF;
		json_decref(o->root);
	}
	free(o);
	return fflush(stdout) == 0 && !ferror(stdout) && good;
}
