/* SPDX-License-Identifier: BSD-2-Clause */
/* Declarations at the level of a C file, one behind the other, as far as tokens tell. */
#ifndef ADAPT_DECLARATION_H
#define ADAPT_DECLARATION_H

#include "adapt/lex.h"

/* What stands between two ends of declarations: tokens, by number. */
struct declaration {
	unsigned first, last;
	unsigned body;   /* a function's brace; 0: it has none */
	unsigned equals; /* what initializes it; 0: nothing does */
	bool whole;      /* it ends before the text does */
};

/* The first from a token on; false: there is none left. */
bool declaration_next(const struct lex *l, unsigned from, struct declaration *d);

/* Of tokens, asked by number. */
bool token_is_word(const struct lex *l, unsigned token);
bool token_is_outside(const struct lex *l, unsigned token); /* in no braces or parentheses */
bool token_is_tag(const struct lex *l, unsigned token);     /* struct, union or enum */
bool token_begins_with(const struct lex *l, unsigned token, const char *word);

/* The parenthesis that closes what opens there, or the text's last token. */
unsigned token_matching(const struct lex *l, unsigned token);

#endif
