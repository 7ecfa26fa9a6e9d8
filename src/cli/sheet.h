/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Figures in rows and columns, from the same calls as text and as JSON: a table that
 * folds to a width, and an object for each column.
 */
#ifndef CLI_SHEET_H
#define CLI_SHEET_H

#include "cli/figure.h"
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json_t;
struct sheet;

enum sheet_kind {
	SHEET_NONE, /* not known: "-" and null */
	SHEET_FIGURE,
	SHEET_TAIL,  /* a figure with a mark, or without: "*" and "host_scheduler" */
	SHEET_TOTAL, /* a count in full */
	SHEET_WORD,
	SHEET_YES_NO,
};

enum { SHEET_WORD_SIZE = 24 };

struct sheet_cell {
	enum sheet_kind kind;
	struct figure figure;
	uint64_t total;
	char word[SHEET_WORD_SIZE];
	bool yes; /* or: marked */
};

/* What commas divide in a column's name stands below each other. The names stay the caller's. */
struct sheet *sheet_new(const char *const *names, unsigned columns);

/*
 * A cell for each column. In JSON the key's dots make objects within; null: not there.
 * As text the row begins with the label; null: not there. Key and cells null: a heading.
 */
void sheet_row(struct sheet *s, const char *key, const char *label,
               const struct sheet_cell *cells);

/* The JSON object of a column, for more to be put in. It is the sheet's. */
struct json_t *sheet_object(struct sheet *s, unsigned column);

/* True if a cell of the table is marked. */
bool sheet_marked(const struct sheet *s);

/* The table: as many columns side by side as fit into the width, the others below. */
void sheet_print(const struct sheet *s, FILE *out, unsigned width);

/* False if anything did not fit into memory: then it is not whole. */
bool sheet_good(const struct sheet *s);
void sheet_free(struct sheet *s);

#endif
