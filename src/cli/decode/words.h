/* SPDX-License-Identifier: BSD-2-Clause */
/* Text taken apart: lines, words, numbers. Nothing is copied; all of it stays within the text. */
#ifndef CLI_DECODE_WORDS_H
#define CLI_DECODE_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct words {
	const char *at, *end;
};

static inline struct words words_of(const char *text, size_t size)
{
	return (struct words){ text, text + size };
}

static inline size_t words_size(struct words w)
{
	return (size_t)(w.end - w.at);
}

/* Takes the next line off, without its end; false at the end of the text. */
bool words_line(struct words *text, struct words *line);

/* Takes the next word off a line, up to a blank; false if there is none. */
bool words_next(struct words *line, struct words *word);

bool words_equal(struct words w, const char *text);

/* Takes prefix off the front, if it is there. */
bool words_skip(struct words *w, const char *prefix);

/* Where needle begins in w; null if it is not there. */
const char *words_find(struct words w, const char *needle);

/* What is behind needle, to the end of w; false if needle is not there. */
bool words_after(struct words w, const char *needle, struct words *rest);

/* A whole word as a number, of digits that fit; 0x may stand before a hexadecimal one. */
bool words_hex(struct words w, uint64_t *value);
bool words_decimal(struct words w, uint64_t *value);

/* Takes a number off the front. */
bool words_take_hex(struct words *w, uint64_t *value);
bool words_take_decimal(struct words *w, uint64_t *value);

/* "01:00.0", also "0000:01:00.0"; the word ends with it. */
bool words_source(struct words w, uint16_t *sid);

/* The value of a hexadecimal digit, -1 if it is none. */
int words_digit(char c);

#endif
