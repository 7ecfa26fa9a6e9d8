/* SPDX-License-Identifier: BSD-2-Clause */
#include "adapt/list.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A list under way. */
struct reading {
	struct list *list;
	const struct tree_version *version;
	const char *path;
	unsigned line;
	char *error;
};

static bool refuse(const struct reading *r, const char *what, const char *word)
{
	return text_refuse(r->error, "%s:%u: %s%s%s", r->path, r->line, what, *word ? ": " : "",
	                   word);
}

/* "6.12" at *text, which moves behind it. */
static bool take_version(const char **text, unsigned *number)
{
	struct tree_version v;
	int size = 0;

	/* sscanf would take a sign, too */
	if (**text == '-' || sscanf(*text, "%3u.%3u%n", &v.major, &v.minor, &size) != 2)
		return false;
	*text += size;
	*number = tree_number(&v);
	return true;
}

/* [5.10-6.1]: whether it is for this version. False: it is no such thing. */
static bool judge_versions(const struct reading *r, const char *text, bool *fits)
{
	unsigned first = 0, last = 0, number = tree_number(r->version);
	bool from = take_version(&text, &first), to = false;

	if (*text == '-') {
		text++;
		to = take_version(&text, &last);
	} else {
		last = first;
		to = true;
	}
	*fits = number >= first && (!to || number <= last);
	return (from || to) && !strcmp(text, "]");
}

/*
 * The next word, which gets a 0 behind it; null: there is none. Spaces in brackets are its own.
 * Brackets in brackets are counted.
 */
static char *take_word(char **text)
{
	char *word = *text + strspn(*text, " \t"), *end = word;
	unsigned brackets = 0;

	if (!*word)
		return NULL;
	for (; *end && (brackets || (*end != ' ' && *end != '\t')); end++) {
		brackets += *end == '[';
		brackets -= *end == ']' && brackets;
	}
	*text = end + (*end != '\0');
	*end = '\0';
	return word;
}

/* Words behind what is there, with something between. */
static bool append(const struct reading *r, char *to, size_t room, const char *between,
                   const char *word)
{
	size_t size = strlen(to);

	if (size + strlen(between) + strlen(word) >= room)
		return refuse(r, "this is too much", word);
	snprintf(to + size, room - size, "%s%s", size ? between : "", word);
	return true;
}

static bool take_tried(const struct reading *r, char *text)
{
	struct list *l = r->list;
	char *word;

	while ((word = take_word(&text))) {
		const char *end = word;
		unsigned number;

		if (!take_version(&end, &number) || *end)
			return refuse(r, "this is no version such as 6.1", word);
		l->is_tried |= number == tree_number(r->version);
		if (!append(r, l->tried, sizeof(l->tried), ", ", word))
			return false;
	}
	return true;
}

static bool take_options(const struct reading *r, char *text)
{
	char *word;

	while ((word = take_word(&text)))
		if (!append(r, r->list->options, sizeof(r->list->options), " ", word))
			return false;
	return true;
}

/* What is made stays in its folder. */
static bool judge_path(const struct reading *r, const char *path)
{
	if (*path != '/' && strncmp(path, "../", 3) && !strstr(path, "/../"))
		return true;
	return refuse(r, "a path is one in the tree, or in the folder that is made", path);
}

static bool take_row(const struct reading *r, char *text, bool whole)
{
	struct list *l = r->list;
	struct list_row *row = &l->row[l->rows];
	char *word;

	row->line = r->line;
	row->from = take_word(&text);
	row->into = take_word(&text);
	if (!row->into)
		return refuse(r, whole ? "whole FROM INTO" : "cut FROM INTO WHAT...", "");
	if (!judge_path(r, row->from) || !judge_path(r, row->into))
		return false;
	row->what = whole ? NULL : l->words;
	while ((word = take_word(&text))) {
		if (whole)
			return refuse(r, "behind whole FROM INTO there is nothing", word);
		*l->words++ = word;
		row->whats++;
	}
	if (!whole && !row->whats)
		return refuse(r, "cut FROM INTO WHAT...: what?", "");
	l->rows++;
	return true;
}

/* A word of it into its place. */
static bool take_name(const struct reading *r, char **text, char *to, size_t room)
{
	const char *word = take_word(text);

	if (!word || strlen(word) >= room)
		return refuse(r, "project NAME FILE MAJOR MINOR [MORE]", word ? word : "");
	strcpy(to, word);
	return true;
}

static bool take_project(const struct reading *r, char *text, struct tree_project *p)
{
	return take_name(r, &text, p->name, sizeof(p->name)) &&
	       take_name(r, &text, p->file, sizeof(p->file)) && judge_path(r, p->file) &&
	       take_name(r, &text, p->part[0], sizeof(p->part[0])) &&
	       take_name(r, &text, p->part[1], sizeof(p->part[1])) &&
	       (!text[strspn(text, " \t")] ||
	        take_name(r, &text, p->part[2], sizeof(p->part[2])));
}

static bool take_line(const struct reading *r, char *text)
{
	char *word = take_word(&text);
	bool fits = true;

	if (word && *word == '[') {
		if (!judge_versions(r, word + 1, &fits))
			return refuse(r, "these are no versions such as [5.10-6.1]", word);
		word = take_word(&text);
	}
	if (!word || !fits)
		return true;
	if (!strcmp(word, "project"))
		return true; /* which list_read_project reads */
	if (!strcmp(word, "tried"))
		return take_tried(r, text);
	if (!strcmp(word, "options"))
		return take_options(r, text);
	if (!strcmp(word, "whole") || !strcmp(word, "cut"))
		return take_row(r, text, *word == 'w');
	return refuse(r, "a line begins with project, tried, options, whole or cut", word);
}

/* # where a word could begin. */
static void cut_comment(char *line)
{
	for (char *at = strchr(line, '#'); at; at = strchr(at + 1, '#'))
		if (at == line || at[-1] == ' ' || at[-1] == '\t') {
			*at = '\0';
			return;
		}
}

static bool read_lines(struct reading *r)
{
	char *rest = r->list->text, *line;

	while ((line = strsep(&rest, "\n"))) {
		r->line++;
		cut_comment(line);
		if (!take_line(r, line))
			return false;
	}
	return true;
}

bool list_read_project(struct tree_project *project, const char *path, char error[ADAPT_ERROR])
{
	struct reading r = { .path = path, .error = error };
	char *text, *rest, *line, *word = NULL;
	bool good = false;
	size_t size;

	*project = (struct tree_project){ .name = "" };
	text = rest = text_read(path, &size);
	if (!text)
		return text_refuse(error, "%s: %s", path, strerror(errno));
	while (!(word && !strcmp(word, "project")) && (line = strsep(&rest, "\n"))) {
		r.line++;
		cut_comment(line);
		word = take_word(&line);
		if (word && !strcmp(word, "project"))
			good = take_project(&r, line, project);
	}
	if (!word || strcmp(word, "project"))
		text_refuse(error, "%s: no line says whose trees it is for: "
		            "project NAME FILE MAJOR MINOR [MORE]", path);
	free(text);
	return good;
}

/* There are no more rows than lines, nor words than every other byte. */
static bool make_room(struct list *l, size_t size)
{
	size_t lines = 1;

	for (const char *c = l->text; *c; c++)
		lines += *c == '\n';
	l->row = calloc(lines, sizeof(*l->row));
	l->words = calloc(size / 2 + 1, sizeof(*l->words));
	return l->row && l->words;
}

bool list_read(struct list *l, const char *path, const struct tree_version *version,
               char error[ADAPT_ERROR])
{
	struct reading r = { .list = l, .version = version, .path = path, .error = error };
	char **words;
	bool good;
	size_t size;

	*l = (struct list){ .rows = 0 };
	l->text = text_read(path, &size);
	if (!l->text)
		return text_refuse(error, "%s: %s", path, strerror(errno));
	if (!make_room(l, size))
		return text_refuse(error, "%s: %s", path, strerror(ENOMEM));
	words = l->words;
	good = read_lines(&r);
	l->words = words;
	return good;
}

void list_free(struct list *l)
{
	free(l->row);
	free(l->words);
	free(l->text);
	*l = (struct list){ .rows = 0 };
}
