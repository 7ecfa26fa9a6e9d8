/* SPDX-License-Identifier: BSD-2-Clause */
#include "vectors_format.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

void vec_malformed(const struct vec *v, const char *column, const char *what, ...)
{
	va_list args;

	fflush(stdout);
	fprintf(stderr, "%s:%u: ", v->path, v->line);
	if (column)
		fprintf(stderr, "%.80s: ", column);
	va_start(args, what);
	vfprintf(stderr, what, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

/* Reads a line without its end; false at the end of the file. */
static bool next_line(struct vec *v)
{
	ssize_t length;

	errno = 0;
	length = getline(&v->text, &v->size, v->file);
	if (length < 0 && (ferror(v->file) || errno)) {
		fprintf(stderr, "%s: %s\n", v->path, strerror(errno));
		exit(2);
	}
	v->line++;
	if (length < 0)
		return false;
	if (strlen(v->text) != (size_t)length)
		vec_malformed(v, NULL, "a NUL byte: this is no text");
	v->text[strcspn(v->text, "\n")] = '\0';
	return true;
}

/* Cuts a line at its tabs, in place. */
static unsigned split(const struct vec *v, char *text, char *cell[VEC_COLUMNS])
{
	unsigned n = 0;

	for (char *next = text; next;) {
		if (n == VEC_COLUMNS)
			vec_malformed(v, NULL, "more than %u columns", VEC_COLUMNS);
		cell[n++] = strsep(&next, "\t");
	}
	return n;
}

/* The cell of a column in the vector being read. */
static const char *find(struct vec *v, const char *column)
{
	for (unsigned c = 0; c < v->columns; c++) {
		if (!strcmp(v->name[c], column)) {
			v->used |= (uint64_t)1 << c;
			return v->cell[c];
		}
	}
	vec_malformed(v, column, "the header has no such column");
}

/* The value of a hex digit, -1 if it is none. */
static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)tolower((unsigned char)c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Exactly so many hex digits, and nothing else: true if that is what text is. */
static bool is_hex(const char *text, size_t digits)
{
	return strlen(text) == digits && strspn(text, "0123456789abcdefABCDEF") == digits;
}

static uint64_t parse_hex(const char *text, size_t digits)
{
	uint64_t value = 0;

	while (digits--)
		value = value << 4 | (uint64_t)digit(*text++);
	return value;
}

/* Starts the report of a difference; the caller prints the values. */
static void differs(struct vec *v, const char *column)
{
	v->failed = true;
	printf("%s:%u: %s: %s: ", v->path, v->line, v->cell[0], column);
}

void vec_open(struct vec *v, const char *dir, const char *family)
{
	memset(v, 0, sizeof(*v));
	if (asprintf(&v->path, "%s/%s.tsv", dir, family) < 0) {
		perror("vectors");
		exit(2);
	}
	v->file = fopen(v->path, "r");
	if (!v->file) {
		fprintf(stderr, "%s: %s\n", v->path, strerror(errno));
		exit(2);
	}
	if (!next_line(v))
		vec_malformed(v, NULL, "empty: a header line starting with #id is missing");
	v->header = v->text;
	v->text = NULL;
	v->size = 0;
	v->columns = split(v, v->header, v->name);
	if (v->columns < 2 || strcmp(v->name[0], "#id") || strcmp(v->name[1], "tags"))
		vec_malformed(v, NULL, "a header line starting with #id and tags is missing");
	for (unsigned c = 1; c < v->columns; c++)
		for (unsigned earlier = 0; earlier < c; earlier++)
			if (!strcmp(v->name[c], v->name[earlier]))
				vec_malformed(v, v->name[c], "the header names this column twice");
}

bool vec_next(struct vec *v)
{
	unsigned cells;

	v->failed = false;
	if (!next_line(v))
		return false;
	cells = split(v, v->text, v->cell);
	if (cells < v->columns)
		vec_malformed(v, v->name[cells], "missing: the line ends before it");
	if (cells > v->columns)
		vec_malformed(v, NULL, "%u columns, but the header has %u", cells, v->columns);
	return true;
}

void vec_close(struct vec *v)
{
	fclose(v->file);
	free(v->path);
	free(v->header);
	free(v->text);
}

bool vec_tagged(struct vec *v, const char *prefix)
{
	for (const char *tag = find(v, "tags"); tag; tag = strchr(tag, ',')) {
		tag += *tag == ',';
		if (!strncmp(tag, prefix, strlen(prefix)))
			return true;
	}
	return false;
}

const char *vec_unused(const struct vec *v)
{
	for (unsigned c = 0; c < v->columns; c++)
		if (!strncmp(v->name[c], "out_", 4) && !(v->used >> c & 1))
			return v->name[c];
	return NULL;
}

uint64_t vec_x(struct vec *v, const char *column, unsigned bits)
{
	const char *text = find(v, column);
	size_t digits = (bits + 3) / 4;
	uint64_t value;

	if (strncmp(text, "0x", 2) || !is_hex(text + 2, digits))
		vec_malformed(v, column, "\"%.80s\" is not 0x and %zu hex digits", text, digits);
	value = parse_hex(text + 2, digits);
	if (bits < 64 && value >> bits)
		vec_malformed(v, column, "\"%.80s\" has more than %u bits", text, bits);
	return value;
}

uint64_t vec_d(struct vec *v, const char *column)
{
	const char *text = find(v, column);
	uint64_t value = 0;

	if (!*text || strlen(text) > 18 || strspn(text, "0123456789") != strlen(text))
		vec_malformed(v, column, "\"%.80s\" is not a decimal number", text);
	for (; *text; text++)
		value = value * 10 + (uint64_t)digit(*text);
	return value;
}

bool vec_b(struct vec *v, const char *column)
{
	const char *text = find(v, column);

	if (strcmp(text, "0") && strcmp(text, "1"))
		vec_malformed(v, column, "\"%.80s\" is not 0 or 1", text);
	return *text == '1';
}

void vec_bm(struct vec *v, const char *column, uint64_t out[4])
{
	const char *text = find(v, column);

	if (!is_hex(text, 64))
		vec_malformed(v, column, "\"%.80s\" is not 64 hex digits", text);
	for (int i = 0; i < 4; i++)
		out[3 - i] = parse_hex(text + i * 16, 16);
}

void vec_bytes(struct vec *v, const char *column, uint8_t out[VEC_BYTES])
{
	const char *text = find(v, column);

	if (!is_hex(text, VEC_BYTES * 2))
		vec_malformed(v, column, "\"%.80s\" is not %d bytes in hex", text, VEC_BYTES);
	for (int i = 0; i < VEC_BYTES; i++)
		out[i] = (uint8_t)parse_hex(text + i * 2, 2);
}

const char *vec_s(struct vec *v, const char *column)
{
	const char *text = find(v, column);

	if (!*text)
		vec_malformed(v, column, "empty: a word or - is missing");
	return text;
}

void vec_fail(struct vec *v, const char *column, const char *why)
{
	differs(v, column);
	printf("%s\n", why);
}

void vec_expect_x(struct vec *v, const char *column, unsigned bits, uint64_t got)
{
	uint64_t expected = vec_x(v, column, bits);
	int digits = (int)(bits + 3) / 4;

	if (got == expected)
		return;
	differs(v, column);
	printf("got 0x%0*lx, expected 0x%0*lx\n", digits, got, digits, expected);
}

void vec_expect_b(struct vec *v, const char *column, bool got)
{
	bool expected = vec_b(v, column);

	if (got == expected)
		return;
	differs(v, column);
	printf("got %d, expected %d\n", got, expected);
}

void vec_expect_bm(struct vec *v, const char *column, const uint64_t got[4])
{
	uint64_t expected[4];

	vec_bm(v, column, expected);
	if (!memcmp(got, expected, sizeof(expected)))
		return;
	differs(v, column);
	printf("got %016lx%016lx%016lx%016lx, expected %016lx%016lx%016lx%016lx\n",
	       got[3], got[2], got[1], got[0], expected[3], expected[2], expected[1], expected[0]);
}

void vec_expect_bytes(struct vec *v, const char *column, const void *got)
{
	const uint8_t *byte = got;
	uint8_t expected[VEC_BYTES];

	vec_bytes(v, column, expected);
	if (!memcmp(got, expected, VEC_BYTES))
		return;
	differs(v, column);
	printf("got ");
	for (int i = 0; i < VEC_BYTES; i++)
		printf("%02x", byte[i]);
	printf(", expected %s\n", find(v, column));
}

void vec_expect_s(struct vec *v, const char *column, const char *got)
{
	const char *expected = vec_s(v, column);

	if (!strcmp(got, expected))
		return;
	differs(v, column);
	printf("got %s, expected %.80s\n", got, expected);
}
