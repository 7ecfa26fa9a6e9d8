/* SPDX-License-Identifier: BSD-2-Clause */
#include "adapt/find.h"
#include "adapt/declaration.h"
#include <stdlib.h>
#include <string.h>

/* What ends under other conditions than it begins with has both sides of them. */
static void widen(const struct lex *l, struct span *s)
{
	unsigned branch = l->token[s->first].branch, around = l->token[s->last].branch;

	for (; branch && branch != around; branch = l->branch[branch].outer)
		s->first = l->branch[l->branch[branch].first].token;
}

static void found(struct find *f, struct span s)
{
	struct span *more = realloc(f->span, (f->spans + 1) * sizeof(*more));

	if (!more) {
		f->no_memory = true;
		return;
	}
	widen(f->lex, &s);
	f->span = more;
	f->span[f->spans++] = s;
}

static void look_function(struct find *f, const struct declaration *d)
{
	const struct lex *l = f->lex;

	for (unsigned i = d->first; d->body && i + 1 < d->body; i++)
		if (token_is_outside(l, i) && lex_is(l, i, f->name) && lex_is(l, i + 1, "(")) {
			found(f, (struct span){ d->first, d->last, i, d->body });
			return;
		}
}

/* Back over attributes to the keyword. */
static bool is_tagged(const struct lex *l, unsigned first, unsigned name, const char *tag)
{
	unsigned i = name;

	while (i-- > first) {
		if (lex_is(l, i, tag) && token_is_outside(l, i))
			return true;
		if (token_is_outside(l, i) && !token_is_word(l, i) && !lex_is(l, i, "("))
			return false;
	}
	return false;
}

static void look_tag(struct find *f, const struct declaration *d, const char *tag)
{
	const struct lex *l = f->lex;
	unsigned end = d->equals ? d->equals : d->last;

	for (unsigned i = d->first; !d->body && i < end; i++)
		if (token_is_outside(l, i) && lex_is(l, i, f->name) && lex_is(l, i + 1, "{") &&
		    is_tagged(l, d->first, i, tag)) {
			found(f, (struct span){ .first = d->first, .last = d->last });
			return;
		}
}

static void look_struct(struct find *f, const struct declaration *d)
{
	look_tag(f, d, "struct");
}

static void look_union(struct find *f, const struct declaration *d)
{
	look_tag(f, d, "union");
}

static void look_enum(struct find *f, const struct declaration *d)
{
	look_tag(f, d, "enum");
}

/* typedef ... name; or (*name)(...) */
static void look_typedef(struct find *f, const struct declaration *d)
{
	const struct lex *l = f->lex;
	unsigned i = d->first;

	if (lex_is(l, i, "__extension__"))
		i++;
	if (d->body || !lex_is(l, i, "typedef"))
		return;
	for (; i < d->last; i++)
		if (!l->token[i].braces && lex_is(l, i, f->name) && !token_is_tag(l, i - 1) &&
		    (token_is_outside(l, i) || lex_is(l, i - 1, "*"))) {
			found(f, (struct span){ .first = d->first, .last = d->last });
			return;
		}
}

/* DEFINE_PER_CPU(type, name), LIST_HEAD(name), but not EXPORT_SYMBOL(name). */
static bool is_definer(const struct lex *l, unsigned token)
{
	const struct lex_token *t = &l->token[token];

	if (t->kind != LEX_WORD || !lex_is(l, token + 1, "("))
		return false;
	return token_begins_with(l, token, "DEFINE_") || lex_is(l, token, "DECLARE_BITMAP") ||
	       token_begins_with(l, token, "LIST_HEAD") ||
	       token_begins_with(l, token, "HLIST_HEAD") ||
	       (t->size > 5 && !memcmp(l->text + t->at + t->size - 5, "_HEAD", 5));
}

static bool is_argument(const struct lex *l, unsigned token)
{
	return l->token[token].parens == 1 && !l->token[token].braces &&
	       (lex_is(l, token - 1, ",") || lex_is(l, token - 1, "(")) &&
	       (lex_is(l, token + 1, ",") || lex_is(l, token + 1, ")"));
}

static bool is_variable(const struct lex *l, unsigned token)
{
	static const char *const behind[] = { ";", "=", "[", "," };

	if (!token_is_outside(l, token))
		return false;
	for (unsigned i = 0; i < sizeof(behind) / sizeof(behind[0]); i++)
		if (lex_is(l, token + 1, behind[i]))
			return true;
	return token_is_word(l, token + 1) && token_begins_with(l, token + 1, "__");
}

static void look_variable(struct find *f, const struct declaration *d)
{
	const struct lex *l = f->lex;
	unsigned end = d->equals ? d->equals : d->last;
	bool defines = false;

	if (d->body || !d->whole || lex_is(l, d->first, "typedef") ||
	    (lex_is(l, d->first, "extern") && !d->equals))
		return;
	for (unsigned i = d->first; i < end; i++) {
		defines |= token_is_outside(l, i) && is_definer(l, i);
		if (i == d->first || !lex_is(l, i, f->name) || token_is_tag(l, i - 1))
			continue;
		if (defines ? is_argument(l, i) : is_variable(l, i)) {
			found(f, (struct span){ .first = d->first, .last = d->last });
			return;
		}
	}
}

/* Directives are asked one by one. */
static void look_define(struct find *f)
{
	const struct lex *l = f->lex;
	size_t name = strlen(f->name);

	for (unsigned i = 0; i < l->tokens; i++) {
		const char *is, *end = l->text + l->token[i].at + l->token[i].size;
		size_t size = lex_directive(l, i, &is);

		if (size != 6 || memcmp(is, "define", 6))
			continue;
		for (is += size; is < end && (*is == ' ' || *is == '\t');)
			is++;
		if ((size_t)(end - is) < name || memcmp(is, f->name, name))
			continue;
		is += name;
		if (is == end || *is == ' ' || *is == '\t' || *is == '(' || *is == '\\' ||
		    *is == '/' || *is == '\r')
			found(f, (struct span){ .first = i, .last = i });
	}
}

static void look(struct find *f, void (*each)(struct find *f, const struct declaration *d))
{
	struct declaration d = { .first = 0 };

	for (unsigned at = 0; declaration_next(f->lex, at, &d); at = d.last + 1)
		if (d.whole)
			each(f, &d);
}

bool find_kind(struct find *f, const char *kind, size_t size)
{
	static const struct {
		const char *name;
		void (*look)(struct find *f, const struct declaration *d);
	} kinds[] = {
		{ "", look_function },  { "struct", look_struct },   { "union", look_union },
		{ "enum", look_enum },  { "typedef", look_typedef }, { "var", look_variable },
	};

	for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strlen(kinds[i].name) == size && !memcmp(kinds[i].name, kind, size)) {
			look(f, kinds[i].look);
			return true;
		}
	if (size != 6 || memcmp(kind, "define", 6))
		return false;
	look_define(f);
	return true;
}
