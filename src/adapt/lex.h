/* SPDX-License-Identifier: BSD-2-Clause */
/* The tokens of C text that nobody has preprocessed: enough to find where what begins and ends. */
#ifndef ADAPT_LEX_H
#define ADAPT_LEX_H

#include <stdbool.h>
#include <stddef.h>

enum lex_kind {
	LEX_WORD,      /* a name or keyword */
	LEX_MARK,      /* one character that is neither */
	LEX_LITERAL,   /* a string, a character constant, a number */
	LEX_DIRECTIVE, /* of the preprocessor, to its last line's end */
};

struct lex_token {
	enum lex_kind kind;
	size_t at, size;
	unsigned line;          /* from 1 on */
	unsigned braces, parens; /* that are open before it; ( and [ are both parens */
	unsigned branch;        /* of conditions, that it stands in; 0: none */
};

/* What stands between #if, #elif, #else and #endif. */
struct lex_branch {
	unsigned first; /* the group's: #if, #ifdef or #ifndef */
	unsigned outer; /* the branch that the group stands in; 0: none */
	unsigned token; /* its directive */
};

struct lex {
	const char *text;
	size_t size;
	struct lex_token *token;
	unsigned tokens;
	struct lex_branch *branch; /* [0] is no branch */
	unsigned branches;
};

/*
 * Any bytes will do; what does not end ends with the text. Comments and what stands behind
 * #if 0 are no tokens. Where #else comes, as many braces are open as at its #if. The text has to
 * stay. False: no memory.
 */
bool lex_open(struct lex *l, const char *text, size_t size);
void lex_close(struct lex *l);

/* The token is just this. */
bool lex_is(const struct lex *l, unsigned token, const char *word);

/* What a directive is called, "define": where that stands, and its size; of other tokens 0. */
size_t lex_directive(const struct lex *l, unsigned token, const char **name);

#endif
