/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traces: what a driver does to a device, an access a line. traces/README.md says how
 * they are written. A player has verbs; this reads the files and calls them.
 */
#ifndef TESTS_VTD_TRACE_H
#define TESTS_VTD_TRACE_H

#include <stdint.h>

enum { TRACE_WORDS = 5 };

/* A line being played. */
struct trace {
	const char *path;
	unsigned line;
	char *text;
	char *word[TRACE_WORDS]; /* the verb, and what it is given */
};

struct trace_verb {
	const char *name;
	const char *shape; /* what follows it: 'a' an argument, '>' an arrow */
	void (*play)(const struct trace *t);
};

struct trace_player {
	const char *suffix;              /* of its files */
	const struct trace_verb *verbs;  /* ends with one without a name */
	void (*reset)(void);             /* before each file */
	void (*end)(const struct trace *t); /* after its last line */
};

/* Plays each file of a folder that has the suffix; ends the program if there is none. */
void trace_play(const struct trace_player *p, const char *dir);

/* The device did something else: says where and what, and ends the program with 1. */
_Noreturn __attribute__((format(printf, 2, 3)))
void trace_differs(const struct trace *t, const char *what, ...);

/* No trace is written so: the same, with 2. */
_Noreturn __attribute__((format(printf, 2, 3)))
void trace_malformed(const struct trace *t, const char *what, ...);

/* A hexadecimal number of at most 64 bits. */
uint64_t trace_hex(const struct trace *t, const char *word);

#endif
