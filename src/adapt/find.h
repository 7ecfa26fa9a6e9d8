/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a C text defines what. */
#ifndef ADAPT_FIND_H
#define ADAPT_FIND_H

#include "adapt/lex.h"

/* A definition's tokens. */
struct span {
	unsigned first, last;
	unsigned name, body; /* of a function: its name, its brace */
};

/* What is looked for, and where it was found: more than once, if under #if and #else. */
struct find {
	const struct lex *lex;
	char name[128];
	struct span *span; /* to be freed */
	unsigned spans;
	bool no_memory;
};

/*
 * Looks for all definitions of the name, of a kind: "" (functions), struct, union, enum, typedef,
 * var, define; size is the word's. False: no kind is called so.
 */
bool find_kind(struct find *f, const char *kind, size_t size);

#endif
