/* SPDX-License-Identifier: BSD-2-Clause */
#include "adapt/lex.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NEST = 64 }; /* conditions in conditions; what is deeper belongs to the one around it */

/* A group of conditions that is open. */
struct group {
	unsigned first, branch, braces, parens;
};

/* A text under way. */
struct lexing {
	struct lex *lex;
	size_t at;
	unsigned line, braces, parens;
	struct group group[NEST];
	unsigned nest, deeper; /* deeper: open groups beyond NEST */
	bool begins;           /* nothing but white space since the line began */
	bool no_memory;
};

static int here(const struct lexing *x, size_t ahead)
{
	size_t at = x->at + ahead;

	return at < x->lex->size ? (unsigned char)x->lex->text[at] : -1;
}

static void skip(struct lexing *x)
{
	if (here(x, 0) == '\n')
		x->line++;
	x->at++;
}

static bool ends(const struct lexing *x)
{
	return x->at >= x->lex->size;
}

/* A backslash at a line's end: its size, or 0. */
static size_t joined(const struct lexing *x)
{
	if (here(x, 0) != '\\')
		return 0;
	if (here(x, 1) == '\n')
		return 2;
	return here(x, 1) == '\r' && here(x, 2) == '\n' ? 3 : 0;
}

static bool skip_comment(struct lexing *x)
{
	if (here(x, 0) != '/')
		return false;
	if (here(x, 1) == '*') {
		x->at += 2;
		while (!ends(x) && !(here(x, 0) == '*' && here(x, 1) == '/'))
			skip(x);
		x->at += ends(x) ? 0 : 2;
		return true;
	}
	if (here(x, 1) != '/')
		return false;
	while (!ends(x) && here(x, 0) != '\n') {
		for (size_t n = joined(x); n > 1; n--)
			skip(x);
		skip(x);
	}
	return true;
}

/* To the other quote, or the line's end. */
static void skip_quoted(struct lexing *x)
{
	int quote = here(x, 0);

	skip(x);
	while (!ends(x) && here(x, 0) != quote && here(x, 0) != '\n') {
		if (here(x, 0) == '\\')
			skip(x);
		if (!ends(x))
			skip(x);
	}
	if (here(x, 0) == quote)
		skip(x);
}

static bool is_letter(int c)
{
	return isalpha(c) || c == '_' || c == '$';
}

static struct lex_token *add(struct lexing *x, enum lex_kind kind)
{
	struct lex *l = x->lex;
	struct lex_token *more;

	if (!(l->tokens & (l->tokens + 1))) {
		more = realloc(l->token, 2 * (l->tokens + 1) * sizeof(*more));
		if (!more) {
			x->no_memory = true;
			return NULL;
		}
		l->token = more;
	}
	l->token[l->tokens] = (struct lex_token){
		kind, x->at, 0, x->line, x->braces, x->parens,
		x->nest ? x->group[x->nest - 1].branch : 0,
	};
	return &l->token[l->tokens++];
}

static unsigned add_branch(struct lexing *x, unsigned first, unsigned outer, unsigned token)
{
	struct lex *l = x->lex;
	struct lex_branch *more;

	if (!(l->branches & (l->branches - 1))) {
		more = realloc(l->branch, 2 * l->branches * sizeof(*more));
		if (!more) {
			x->no_memory = true;
			return 0;
		}
		l->branch = more;
	}
	l->branch[l->branches] =
		(struct lex_branch){ first ? first : l->branches, outer, token };
	return l->branches++;
}

static void open_group(struct lexing *x, unsigned token)
{
	unsigned outer = x->nest ? x->group[x->nest - 1].branch : 0, branch;

	if (x->nest == NEST) {
		x->deeper++;
		return;
	}
	branch = add_branch(x, 0, outer, token);
	x->group[x->nest++] = (struct group){ branch, branch, x->braces, x->parens };
}

static void next_branch(struct lexing *x, unsigned token)
{
	struct group *g = x->nest ? &x->group[x->nest - 1] : NULL;

	if (!g || x->deeper)
		return;
	g->branch = add_branch(x, g->first, x->lex->branch[g->first].outer, token);
	x->braces = g->braces;
	x->parens = g->parens;
}

static void close_group(struct lexing *x)
{
	if (x->deeper)
		x->deeper--;
	else if (x->nest)
		x->nest--;
}

/* To the line's end, or that of the last line that it goes on in. */
static void skip_line(struct lexing *x)
{
	while (!ends(x) && here(x, 0) != '\n') {
		size_t joins = joined(x);

		if (skip_comment(x))
			continue;
		if (here(x, 0) == '"' ||
		    (here(x, 0) == '\'' && (here(x, 2) == '\'' || here(x, 1) == '\\')))
			skip_quoted(x);
		else if (joins)
			while (joins--)
				skip(x);
		else
			skip(x);
	}
}

static bool named(const struct lexing *x, unsigned token, const char *name)
{
	const char *is;
	size_t size = lex_directive(x->lex, token, &is);

	return size == strlen(name) && !memcmp(is, name, size);
}

static bool is_if(const struct lexing *x, unsigned token)
{
	return named(x, token, "if") || named(x, token, "ifdef") || named(x, token, "ifndef");
}

/* Its condition is just 0. */
static bool is_never(const struct lexing *x, unsigned token)
{
	const struct lex_token *t = &x->lex->token[token];
	const char *name, *end = x->lex->text + t->at + t->size;
	size_t size = lex_directive(x->lex, token, &name);

	for (name += size; name < end && (*name == ' ' || *name == '\t');)
		name++;
	return named(x, token, "if") && name < end && *name == '0' &&
	       (name + 1 == end || isspace((unsigned char)name[1]) || name[1] == '/');
}

static unsigned take_line(struct lexing *x)
{
	struct lex_token *t = add(x, LEX_DIRECTIVE);
	size_t at = x->at;

	skip_line(x);
	if (t)
		t->size = x->at - at;
	return x->lex->tokens - 1;
}

/* What is never compiled, up to the directive that ends it, which is next. */
static void skip_never(struct lexing *x)
{
	unsigned inner = 0, token;
	bool opens, closes, turns;
	struct lexing was;

	while (!ends(x) && !x->no_memory) {
		while (isspace(here(x, 0)))
			skip(x);
		if (here(x, 0) != '#') {
			skip_line(x);
			continue;
		}
		was = *x;
		token = take_line(x);
		if (x->no_memory)
			return;
		opens = is_if(x, token);
		closes = named(x, token, "endif");
		turns = named(x, token, "else") || named(x, token, "elif");
		x->lex->tokens--;
		if (!inner && (closes || turns)) {
			*x = was;
			return;
		}
		inner += opens;
		inner -= closes;
	}
}

static void take_directive(struct lexing *x)
{
	unsigned token = take_line(x);

	if (x->no_memory)
		return;
	if (is_if(x, token)) {
		open_group(x, token);
		if (is_never(x, token))
			skip_never(x);
	} else if (named(x, token, "else") || named(x, token, "elif")) {
		next_branch(x, token);
	} else if (named(x, token, "endif")) {
		close_group(x);
	}
}

static void count_mark(struct lexing *x, int mark)
{
	x->braces += mark == '{';
	x->parens += mark == '(' || mark == '[';
	if (mark == '}' && x->braces) {
		x->braces--;
		x->parens = 0; /* none is open across a brace, whatever a macro may hide */
	}
	x->parens -= (mark == ')' || mark == ']') && x->parens;
}

static void take(struct lexing *x)
{
	int c = here(x, 0);
	enum lex_kind kind = is_letter(c)                               ? LEX_WORD
	                     : isdigit(c) || c == '"' || c == '\''      ? LEX_LITERAL
	                                                                : LEX_MARK;
	struct lex_token *t = add(x, kind);
	size_t at = x->at;

	if (kind == LEX_WORD || isdigit(c)) {
		while (is_letter(here(x, 0)) || isdigit(here(x, 0)) ||
		       (kind == LEX_LITERAL && here(x, 0) == '.'))
			x->at++;
	} else if (kind == LEX_LITERAL) {
		skip_quoted(x);
	} else {
		count_mark(x, c);
		x->at++;
	}
	if (t)
		t->size = x->at - at;
}

bool lex_open(struct lex *l, const char *text, size_t size)
{
	struct lexing x = { .lex = l, .line = 1, .begins = true };

	*l = (struct lex){ .text = text, .size = size, .branches = 1 };
	l->branch = calloc(1, sizeof(*l->branch));
	x.no_memory = !l->branch;
	while (!ends(&x) && !x.no_memory) {
		size_t joins = joined(&x);

		if (here(&x, 0) == '\n')
			x.begins = true;
		if (isspace(here(&x, 0))) {
			skip(&x);
		} else if (joins) {
			x.at += joins;
			x.line++;
		} else if (!skip_comment(&x)) {
			if (here(&x, 0) == '#' && x.begins)
				take_directive(&x);
			else
				take(&x);
			x.begins = false;
		}
	}
	if (x.no_memory)
		lex_close(l);
	return !x.no_memory;
}

void lex_close(struct lex *l)
{
	free(l->token);
	free(l->branch);
	*l = (struct lex){ 0 };
}

bool lex_is(const struct lex *l, unsigned token, const char *word)
{
	const struct lex_token *t = token < l->tokens ? &l->token[token] : NULL;

	return t && t->kind != LEX_DIRECTIVE && t->size == strlen(word) &&
	       !memcmp(l->text + t->at, word, t->size);
}

size_t lex_directive(const struct lex *l, unsigned token, const char **name)
{
	const struct lex_token *t = token < l->tokens ? &l->token[token] : NULL;
	const char *end;
	size_t size = 0;

	*name = l->text;
	if (!t || t->kind != LEX_DIRECTIVE)
		return 0;
	*name = l->text + t->at;
	end = *name + t->size;
	for (++*name; *name < end && (**name == ' ' || **name == '\t');)
		++*name;
	while (*name + size < end && is_letter((unsigned char)(*name)[size]))
		size++;
	return size;
}
