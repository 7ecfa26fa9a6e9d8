/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a verb prints: as text at once, or the same calls collected into one
 * JSON object. Problems also go to standard error, when they are found.
 */
#ifndef CLI_OUT_H
#define CLI_OUT_H

#include <stdbool.h>
#include <stdint.h>

struct out;
struct interrupts;
struct json_t;

enum out_kind {
	OUT_NONE, /* not known: "-" and null */
	OUT_COUNT,
	OUT_TENTHS,     /* a real number shown with one decimal */
	OUT_HUNDREDTHS, /* with two */
	OUT_CRC,
	OUT_YES_NO,
};

struct out_cell {
	enum out_kind kind;
	uint64_t count;
	double real;
};

static inline struct out_cell out_count(uint64_t n)
{
	return (struct out_cell){ .kind = OUT_COUNT, .count = n };
}

static inline struct out_cell out_crc(uint32_t crc)
{
	return (struct out_cell){ .kind = OUT_CRC, .count = crc };
}

static inline struct out_cell out_yes_no(bool yes)
{
	return (struct out_cell){ .kind = OUT_YES_NO, .count = yes };
}

static inline struct out_cell out_real(enum out_kind kind, double x)
{
	return (struct out_cell){ .kind = kind, .real = x };
}

/* Null on lack of memory. */
struct out *out_begin(bool json);

/* A line about the whole; in JSON it has a key. */
void out_line(struct out *o, const char *key, const char *text);

/*
 * Names the columns, which are kept until the end: in JSON, objects in the one called
 * key. As text, what commas divide in a name stands below each other.
 */
void out_columns(struct out *o, const char *key, const char *const *names, unsigned count);

/* A figure for each column. In JSON a dot in the key makes an object within. */
void out_row(struct out *o, const char *key, const char *label, const struct out_cell *cells);

/* An interrupts table, of one column's run. */
void out_interrupts(struct out *o, unsigned column, const struct interrupts *table);

/* For what has a text of its own: a value is put, or added to a list; then it is out's. */
bool out_is_json(const struct out *o);
void out_value(struct out *o, const char *key, struct json_t *value);
void out_append(struct out *o, const char *key, struct json_t *value);

/* A sentence for standard error and the list of problems. */
void out_problem(struct out *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
unsigned out_problems(const struct out *o);

/* Prints what is left, with ok, and frees; false if anything could not be written. */
bool out_end(struct out *o, bool ok);

#endif
