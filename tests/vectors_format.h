/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A file of test vectors, in the format of tests/vectors/README.md, read line
 * by line. Columns are found by the names in the header line; their kinds are
 * those of tests/vectors/COLUMNS and follow from the function that asks.
 *
 * What is malformed is reported as "file:line: column: what" and ends the
 * program with status 2: a judge that guesses is none.
 */
#ifndef VECTORS_FORMAT_H
#define VECTORS_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define VEC_COLUMNS 64
#define VEC_BYTES 64 /* a column of kind bytes is a descriptor */

struct vec {
	/* the file */
	char *path;
	FILE *file;
	char *header;
	char *name[VEC_COLUMNS];
	unsigned columns;
	uint64_t used; /* bit c: somebody asked for column c */
	/* the vector being read */
	unsigned line;
	char *text;
	size_t size; /* allocated, of text */
	char *cell[VEC_COLUMNS];
	bool failed; /* an expectation was not met */
};

/* Opens DIR/FAMILY.tsv and reads its header. */
void vec_open(struct vec *v, const char *dir, const char *family);

/* Reads the next vector; false at the end. */
bool vec_next(struct vec *v);

/* Frees everything. */
void vec_close(struct vec *v);

/* True if a tag of the vector starts with prefix. */
bool vec_tagged(struct vec *v, const char *prefix);

/* The name of an output column that nobody asked for, or null. */
const char *vec_unused(const struct vec *v);

/* Columns of kind xN, d, b, bm, bytes and s. */
uint64_t vec_x(struct vec *v, const char *column, unsigned bits);
uint64_t vec_d(struct vec *v, const char *column);
bool vec_b(struct vec *v, const char *column);
void vec_bm(struct vec *v, const char *column, uint64_t out[4]);
void vec_bytes(struct vec *v, const char *column, uint8_t out[VEC_BYTES]);
const char *vec_s(struct vec *v, const char *column);

/* The same, compared: a difference is printed and marks the vector as failed. */
void vec_expect_x(struct vec *v, const char *column, unsigned bits, uint64_t got);
void vec_expect_b(struct vec *v, const char *column, bool got);
void vec_expect_bm(struct vec *v, const char *column, const uint64_t got[4]);
void vec_expect_bytes(struct vec *v, const char *column, const void *got);
void vec_expect_s(struct vec *v, const char *column, const char *got);

/* A difference that is no column's value. */
void vec_fail(struct vec *v, const char *column, const char *why);

/* Ends the program: what is wrong in this column (null: in the whole line). */
__attribute__((noreturn, format(printf, 3, 4)))
void vec_malformed(const struct vec *v, const char *column, const char *what, ...);

#endif
