/* SPDX-License-Identifier: BSD-2-Clause */
/* Hexadecimal numbers in a line of text, with the words before them that say what they are. */
#ifndef CLI_DECODE_NUMBER_H
#define CLI_DECODE_NUMBER_H

#include "cli/decode/sink.h"
#include "cli/decode/words.h"

enum { NUMBER_GROUP = 8, NUMBER_WORD = 16, NUMBER_WHERE = 64 }; /* digits; bytes of text */

enum {
	KEY_CAP = 1 << 0,
	KEY_ECAP = 1 << 1,
	KEY_IRTE = 1 << 2,
	KEY_FAULT = 1 << 3,
	KEY_HI = 1 << 4,
	KEY_LO = 1 << 5,
	KEY_ADDRESS = 1 << 6,
	KEY_DATA = 1 << 7,
};

struct number_reader {
	struct sink *s;
	const char *start; /* of the line */
	unsigned line;     /* from 1; 0 if there is only one */
	unsigned keys;     /* that the input's name implies */
};

struct number {
	struct words digits;
	size_t count;
	uint64_t value; /* if it has no more than NUMBER_WORD digits */
	unsigned keys;
	bool joined;    /* the next follows a colon */
};

/* Where in the input: "line 2, character 5". */
const char *number_where(const struct number_reader *r, const char *at, char text[NUMBER_WHERE]);

/* Takes a key and what separates it off the front of a word; 0 if there is none. */
unsigned number_key(struct words *word);

/* The next number of a line; false at its end, or if it was refused. */
bool number_next(struct number_reader *r, struct words *line, struct number *n);

/* As number_next, of what may be a part of a thing; takes it off only if it is. */
bool number_next_part(struct number_reader *r, struct words *line, struct number *n);

#endif
