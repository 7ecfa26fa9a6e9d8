/* SPDX-License-Identifier: BSD-2-Clause */
#include "adapt/cut.h"
#include "adapt/declaration.h"
#include "adapt/find.h"
#include <stdlib.h>
#include <string.h>

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
			       *close = &l->token[token_matching(l, s->name + 1)];
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
	if (!size || size >= sizeof(f.name) || (part && kind) || !find_kind(&f, what, kind))
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
