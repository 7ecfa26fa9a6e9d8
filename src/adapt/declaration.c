/* SPDX-License-Identifier: BSD-2-Clause */
#include "adapt/declaration.h"
#include <string.h>

bool token_is_word(const struct lex *l, unsigned token)
{
	return token < l->tokens && l->token[token].kind == LEX_WORD;
}

static bool is_directive(const struct lex *l, unsigned token)
{
	return l->token[token].kind == LEX_DIRECTIVE;
}

bool token_is_outside(const struct lex *l, unsigned token)
{
	return !l->token[token].braces && !l->token[token].parens;
}

bool token_begins_with(const struct lex *l, unsigned token, const char *word)
{
	const struct lex_token *t = &l->token[token];
	size_t size = strlen(word);

	return t->size >= size && !memcmp(l->text + t->at, word, size);
}

bool token_is_tag(const struct lex *l, unsigned token)
{
	return lex_is(l, token, "struct") || lex_is(l, token, "union") ||
	       lex_is(l, token, "enum");
}

unsigned token_matching(const struct lex *l, unsigned token)
{
	const struct lex_token *from = &l->token[token];
	unsigned i = token + 1;

	while (i + 1 < l->tokens && !(l->token[i].parens == from->parens + 1 &&
	                              l->token[i].braces == from->braces && lex_is(l, i, ")")))
		i++;
	return i < l->tokens ? i : token;
}

static unsigned closing(const struct lex *l, unsigned brace)
{
	unsigned i = brace + 1;

	while (i < l->tokens && !(l->token[i].braces == l->token[brace].braces + 1 &&
	                          lex_is(l, i, "}")))
		i++;
	return i;
}

/* Such as #if, which may stand in the middle of a declaration. */
static bool is_condition(const struct lex *l, unsigned token)
{
	static const char *const names[] = { "if", "ifdef", "ifndef", "else", "elif", "endif" };
	const char *is;
	size_t size = lex_directive(l, token, &is);

	for (unsigned i = 0; size && i < sizeof(names) / sizeof(names[0]); i++)
		if (size == strlen(names[i]) && !memcmp(is, names[i], size))
			return true;
	return false;
}

/*
 * BUILD_ACCESSORS(a, b) on lines of its own, without a semicolon, declares something, and the
 * next declaration follows. Attributes are no such thing.
 */
static bool stands_alone(const struct lex *l, unsigned first, unsigned token)
{
	unsigned end;

	if (token != first || !token_is_word(l, token) || !lex_is(l, token + 1, "(") ||
	    token_begins_with(l, token, "__"))
		return false;
	end = token_matching(l, token + 1);
	return end + 1 < l->tokens && token_is_word(l, end + 1) &&
	       l->token[end + 1].line > l->token[end].line;
}

/* What stands before parentheses there is no function's name: struct __aligned(8) name. */
static bool is_attribute(const struct lex *l, unsigned first, unsigned token)
{
	static const char *const names[] = { "__attribute__", "__attribute", "__aligned",
		                             "__section", "__printf", "__scanf", "__acquires",
		                             "__releases", "__must_hold", "__no_sanitize",
		                             "__typeof__", "typeof", "_Alignas" };

	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (lex_is(l, token, names[i]))
			return true;
	while (token > first && token_begins_with(l, token, "__"))
		token--;
	return token_is_tag(l, token) || (token > first && token_is_tag(l, token - 1));
}

/* A brace there is a function's: behind parameters. */
static bool is_function(const struct lex *l, const struct declaration *d, unsigned brace)
{
	for (unsigned i = d->first; !d->equals && i + 1 < brace; i++)
		if (token_is_outside(l, i) && token_is_word(l, i) && lex_is(l, i + 1, "(") &&
		    !is_attribute(l, d->first, i))
			return true;
	return false;
}

bool declaration_next(const struct lex *l, unsigned from, struct declaration *d)
{
	while (from < l->tokens && (is_directive(l, from) || lex_is(l, from, ";") ||
	                            lex_is(l, from, "}")))
		from++;
	*d = (struct declaration){ .first = from };
	for (unsigned i = from; i < l->tokens; i++) {
		d->last = i;
		if (is_directive(l, i) && token_is_outside(l, i) && !is_condition(l, i)) {
			d->last = i - 1;
			return true;
		}
		if (stands_alone(l, from, i)) {
			d->last = token_matching(l, i + 1);
			return true;
		}
		if (!token_is_outside(l, i))
			continue;
		if (lex_is(l, i, "="))
			d->equals = i;
		d->whole = lex_is(l, i, ";");
		if (lex_is(l, i, "{") && is_function(l, d, i)) {
			d->body = i;
			d->last = closing(l, i);
			d->whole = d->last < l->tokens;
			d->last -= !d->whole;
			return true;
		}
		if (d->whole)
			return true;
	}
	return from < l->tokens;
}
