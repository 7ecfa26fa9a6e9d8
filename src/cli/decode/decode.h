/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Decodes what it is given without being told what it is: a row of a table for
 * each kind of thing. Callable with any bytes, without the command.
 */
#ifndef CLI_DECODE_H
#define CLI_DECODE_H

#include "cli/decode/sink.h"
#include "cli/verbs.h"
#include <stdbool.h>
#include <stddef.h>

/* Things in one input: as many as a table has entries. */
enum { DECODE_MAX_THINGS = 1 << 16 };

struct decode_input {
	const char *name; /* a path; null for what has none: operands, standard input */
	const char *text; /* size bytes of anything, and a NUL that is not counted */
	size_t size;
};

/*
 * A kind of thing. The first that recognizes an input decodes all of it: to
 * one sink_thing or more, or to a sink_refuse, which says where and why.
 */
struct decoder {
	const char *name;    /* "irte" */
	const char *expects; /* a few words on what it looks like */
	bool joins;          /* inputs of this kind that follow each other are one */
	bool (*recognize)(const struct decode_input *in);
	bool (*decode)(const struct decode_input *in, struct sink *s);
};

/* The decoder that recognizes in; null if none does. */
const struct decoder *decode_find(const struct decode_input *in);

/* Finds the decoder and decodes; false if in was refused, sink_refusal tells why. */
bool decode_bytes(const struct decode_input *in, struct sink *s);

/* Prints what each kind looks like. */
void decode_expected(FILE *out);

/* The same as a list of sentences. */
json_t *decode_takes(void);

/* posted decode; the command's exit status. */
int decode_main(const struct verb_args *args);

#endif
