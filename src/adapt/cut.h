/* SPDX-License-Identifier: BSD-2-Clause */
/* Definitions, cut out of C text: all of one and nothing else, with #line back to where it was. */
#ifndef ADAPT_CUT_H
#define ADAPT_CUT_H

#include "adapt/lex.h"
#include <stdio.h>

struct cut {
	struct lex lex;
	const char *from; /* what #line calls the text */
};

enum cut_result {
	CUT_DONE,
	CUT_ABSENT,    /* the text has no such definition */
	CUT_NO_FROM,   /* of a part: no line of the function has its first words */
	CUT_NO_TO,     /* of a part: no line behind that has those of its end */
	CUT_UNKNOWN,   /* no kind of definition is called so */
	CUT_NO_MEMORY,
};

/* Text and name have to stay. False: no memory. */
bool cut_open(struct cut *c, const char *text, size_t size, const char *from);
void cut_close(struct cut *c);

/*
 * Writes a definition:
 *
 *	name            a function's, with what stands before its name; no prototype, no call
 *	struct:name     also union: and enum:, to the semicolon
 *	typedef:name
 *	var:name        a variable's, or what a macro such as DEFINE_PER_CPU(type, name) defines
 *	define:name     a macro's
 *	name[from..to]  of a function's body the lines from the first whose code, not a comment,
 *	                has "from" to before the next that has "to", as static void name_part,
 *	                with its parameters; without "from" or "to", from the body's beginning
 *	                or to its end
 *
 * Of one that is there several times, under #if and #else, each comes with its conditions; of one
 * that is there once, conditions around it are left out.
 */
enum cut_result cut_write(const struct cut *c, const char *what, FILE *into);

#endif
