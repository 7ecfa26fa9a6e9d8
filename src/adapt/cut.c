/* SPDX-License-Identifier: BSD-2-Clause */
#include "adapt/cut.h"
#include <stdlib.h>
#include <string.h>

/* What stands between two ends of declarations, at the file's level: tokens, by number. */
struct declaration {
	unsigned first, last;
	unsigned body;   /* a function's brace; 0: it has none */
	unsigned equals; /* what initializes it; 0: nothing does */
	bool whole;      /* it ends before the text does */
};

/* Tokens of the text that are to be written. */
struct span {
	unsigned first, last;
	unsigned name, body; /* of a function: its name, its brace */
};

/* What is looked for, and where it was found. */
struct find {
	const struct lex *lex;
	char name[128];
	struct span *span;
	unsigned spans;
	bool no_memory;
};

static bool is_word(const struct lex *l, unsigned token)
{
	return token < l->tokens && l->token[token].kind == LEX_WORD;
}

static bool is_directive(const struct lex *l, unsigned token)
{
	return l->token[token].kind == LEX_DIRECTIVE;
}

/* At the level of the file, and in no parentheses. */
static bool is_outside(const struct lex *l, unsigned token)
{
	return !l->token[token].braces && !l->token[token].parens;
}

static bool begins_with(const struct lex *l, unsigned token, const char *word)
{
	const struct lex_token *t = &l->token[token];
	size_t size = strlen(word);

	return t->size >= size && !memcmp(l->text + t->at, word, size);
}

static bool is_tag(const struct lex *l, unsigned token)
{
	return lex_is(l, token, "struct") || lex_is(l, token, "union") ||
	       lex_is(l, token, "enum");
}

/* The other end of what opens there, or the text's last token. */
static unsigned matching(const struct lex *l, unsigned token)
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

	if (token != first || !is_word(l, token) || !lex_is(l, token + 1, "(") ||
	    begins_with(l, token, "__"))
		return false;
	end = matching(l, token + 1);
	return end + 1 < l->tokens && is_word(l, end + 1) &&
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
	while (token > first && begins_with(l, token, "__"))
		token--;
	return is_tag(l, token) || (token > first && is_tag(l, token - 1));
}

/* A brace there is a function's: behind parameters. */
static bool is_function(const struct lex *l, const struct declaration *d, unsigned brace)
{
	for (unsigned i = d->first; !d->equals && i + 1 < brace; i++)
		if (is_outside(l, i) && is_word(l, i) && lex_is(l, i + 1, "(") &&
		    !is_attribute(l, d->first, i))
			return true;
	return false;
}

/* From a token on; false: there is none left. */
static bool next(const struct lex *l, unsigned from, struct declaration *d)
{
	while (from < l->tokens && (is_directive(l, from) || lex_is(l, from, ";") ||
	                            lex_is(l, from, "}")))
		from++;
	*d = (struct declaration){ .first = from };
	for (unsigned i = from; i < l->tokens; i++) {
		d->last = i;
		if (is_directive(l, i) && is_outside(l, i) && !is_condition(l, i)) {
			d->last = i - 1;
			return true;
		}
		if (stands_alone(l, from, i)) {
			d->last = matching(l, i + 1);
			return true;
		}
		if (!is_outside(l, i))
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
		if (is_outside(l, i) && lex_is(l, i, f->name) && lex_is(l, i + 1, "(")) {
			found(f, (struct span){ d->first, d->last, i, d->body });
			return;
		}
}

/* Back over attributes to the keyword. */
static bool is_tagged(const struct lex *l, unsigned first, unsigned name, const char *tag)
{
	unsigned i = name;

	while (i-- > first) {
		if (lex_is(l, i, tag) && is_outside(l, i))
			return true;
		if (is_outside(l, i) && !is_word(l, i) && !lex_is(l, i, "("))
			return false;
	}
	return false;
}

static void look_tag(struct find *f, const struct declaration *d, const char *tag)
{
	const struct lex *l = f->lex;
	unsigned end = d->equals ? d->equals : d->last;

	for (unsigned i = d->first; !d->body && i < end; i++)
		if (is_outside(l, i) && lex_is(l, i, f->name) && lex_is(l, i + 1, "{") &&
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
		if (!l->token[i].braces && lex_is(l, i, f->name) && !is_tag(l, i - 1) &&
		    (is_outside(l, i) || lex_is(l, i - 1, "*"))) {
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
	return begins_with(l, token, "DEFINE_") || lex_is(l, token, "DECLARE_BITMAP") ||
	       begins_with(l, token, "LIST_HEAD") || begins_with(l, token, "HLIST_HEAD") ||
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

	if (!is_outside(l, token))
		return false;
	for (unsigned i = 0; i < sizeof(behind) / sizeof(behind[0]); i++)
		if (lex_is(l, token + 1, behind[i]))
			return true;
	return is_word(l, token + 1) && begins_with(l, token + 1, "__");
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
		defines |= is_outside(l, i) && is_definer(l, i);
		if (i == d->first || !lex_is(l, i, f->name) || is_tag(l, i - 1))
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

	for (unsigned at = 0; next(f->lex, at, &d); at = d.last + 1)
		if (d.whole)
			each(f, &d);
}

static void write_text(const struct cut *c, size_t at, size_t end, FILE *into)
{
	fwrite(c->lex.text + at, 1, end - at, into);
}

static void write_token(const struct cut *c, unsigned token, FILE *into)
{
	const struct lex_token *t = &c->lex.token[token];

	write_text(c, t->at, t->at + t->size, into);
	fputc('\n', into);
}

static void write_place(const struct cut *c, unsigned line, FILE *into)
{
	fprintf(into, "#line %u \"%s\"\n", line, c->from);
}

/* The conditions of a branch, those around it first; how many are open then. */
static unsigned write_conditions(const struct cut *c, unsigned branch, unsigned around, FILE *into)
{
	const struct lex *l = &c->lex;
	unsigned open;

	if (!branch || branch == around)
		return 0;
	open = write_conditions(c, l->branch[branch].outer, around, into);
	for (unsigned i = l->branch[branch].first; i <= branch; i++)
		if (l->branch[i].first == l->branch[branch].first)
			write_token(c, l->branch[i].token, into);
	return open + 1;
}

static bool lies_in(const struct lex *l, unsigned branch, unsigned around)
{
	while (branch && branch != around)
		branch = l->branch[branch].outer;
	return branch == around;
}

/* The innermost branch that all of them stand in. */
static unsigned common(const struct find *f)
{
	unsigned around = f->lex->token[f->span[0].first].branch;

	for (unsigned i = 1; i < f->spans; i++)
		while (!lies_in(f->lex, f->lex->token[f->span[i].first].branch, around))
			around = f->lex->branch[around].outer;
	return around;
}

static void write_whole(const struct cut *c, const struct span *s, FILE *into)
{
	const struct lex_token *first = &c->lex.token[s->first], *last = &c->lex.token[s->last];

	write_place(c, first->line, into);
	write_text(c, first->at, last->at + last->size, into);
	fputc('\n', into);
}

/* A function's body, line by line. */
struct lines {
	const struct lex *lex;
	size_t at, end;
	unsigned line;
};

/* A token has it: no comment, nor what is never compiled. */
static bool is_code(const struct lex *l, size_t at)
{
	unsigned first = 0, end = l->tokens;

	while (first < end) {
		unsigned middle = first + (end - first) / 2;
		const struct lex_token *t = &l->token[middle];

		if (at >= t->at && at < t->at + t->size)
			return true;
		if (at < t->at)
			end = middle;
		else
			first = middle + 1;
	}
	return false;
}

static bool has_code(const struct lex *l, const char *line, size_t size, const char *words)
{
	const char *end = line + size, *at = line;

	while ((at = memmem(at, (size_t)(end - at), words, strlen(words)))) {
		if (is_code(l, (size_t)(at - l->text) + strspn(words, " \t")))
			return true;
		at++;
	}
	return false;
}

/* To the first line, from here on, whose code has these words. */
static bool seek(struct lines *x, const char *words)
{
	while (x->at < x->end) {
		const char *line = x->lex->text + x->at, *stop = memchr(line, '\n', x->end - x->at);
		size_t size = stop ? (size_t)(stop - line) : x->end - x->at;

		if (has_code(x->lex, line, size, words))
			return true;
		x->at += size + (stop != NULL);
		x->line++;
	}
	return false;
}

static size_t behind_line(const struct lines *x)
{
	const char *stop = memchr(x->lex->text + x->at, '\n', x->end - x->at);

	return stop ? (size_t)(stop + 1 - x->lex->text) : x->end;
}

static enum cut_result write_part(const struct cut *c, const struct span *s, const char *from,
                                  const char *to, FILE *into)
{
	const struct lex *l = &c->lex;
	const struct lex_token *brace = &l->token[s->body], *open = &l->token[s->name + 1],
			       *close = &l->token[matching(l, s->name + 1)];
	struct lines x = { l, brace->at + 1, l->token[s->last].at, brace->line }, end;

	if (*from && !seek(&x, from))
		return CUT_NO_FROM;
	end = x;
	if (*from)
		end.at = behind_line(&end);
	if (!*to)
		end.at = end.end;
	else if (end.end++, !seek(&end, to)) /* the brace, too, may end it */
		return CUT_NO_TO;
	write_place(c, l->token[s->name].line, into);
	fprintf(into, "static void ");
	write_text(c, l->token[s->name].at, l->token[s->name].at + l->token[s->name].size, into);
	fprintf(into, "_part");
	write_text(c, open->at, close->at + close->size, into);
	fprintf(into, "\n{\n");
	write_place(c, x.line, into);
	write_text(c, x.at, end.at, into);
	fprintf(into, "\n}\n");
	return CUT_DONE;
}

/* Each that was found, under its conditions. */
static enum cut_result write_all(const struct cut *c, const struct find *f, const char *from,
                                 const char *to, FILE *into)
{
	enum cut_result result = CUT_DONE;
	unsigned around = common(f);

	for (unsigned i = 0; i < f->spans && result == CUT_DONE; i++) {
		const struct span *s = &f->span[i];
		unsigned open = write_conditions(c, c->lex.token[s->first].branch, around, into);

		if (from)
			result = write_part(c, s, from, to, into);
		else
			write_whole(c, s, into);
		while (open--)
			fputs("#endif\n", into);
	}
	return result;
}

static bool look_kind(struct find *f, const char *kind, size_t size)
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

/* name[from..to]: the name, and two texts of one copy, which is returned; null: no memory. */
static char *split_part(const char *part, const char **from, const char **to)
{
	char *copy = strdup(part + 1), *dots;

	if (!copy)
		return NULL;
	dots = strstr(copy, "..");
	*from = copy;
	*to = "";
	if (*copy && copy[strlen(copy) - 1] == ']')
		copy[strlen(copy) - 1] = '\0';
	if (dots) {
		*dots = '\0';
		*to = dots + 2;
	}
	return copy;
}

enum cut_result cut_write(const struct cut *c, const char *what, FILE *into)
{
	struct find f = { .lex = &c->lex };
	const char *part = strchr(what, '['), *name = what, *from = NULL, *to = "";
	size_t size = part ? (size_t)(part - what) : strlen(what), kind = strcspn(what, ":[");
	enum cut_result result = CUT_ABSENT;
	char *copy = NULL;

	kind = what[kind] == ':' ? kind : 0;
	name += kind ? kind + 1 : 0;
	size -= (size_t)(name - what);
	snprintf(f.name, sizeof(f.name), "%.*s", (int)size, name);
	if (!size || size >= sizeof(f.name) || (part && kind) || !look_kind(&f, what, kind))
		return CUT_UNKNOWN;
	if (part)
		copy = split_part(part, &from, &to);
	if (f.no_memory || (part && !copy))
		result = CUT_NO_MEMORY;
	else if (f.spans)
		result = write_all(c, &f, from, to, into);
	free(copy);
	free(f.span);
	return result;
}

bool cut_open(struct cut *c, const char *text, size_t size, const char *from)
{
	c->from = from;
	return lex_open(&c->lex, text, size);
}

void cut_close(struct cut *c)
{
	lex_close(&c->lex);
}
