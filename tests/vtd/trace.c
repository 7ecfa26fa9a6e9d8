/* SPDX-License-Identifier: BSD-2-Clause */
#include "trace.h"

#include <errno.h>
#include <glob.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void say(const struct trace *t, const char *what, va_list args)
{
	fflush(stdout);
	fprintf(stderr, "%s:%u: ", t->path, t->line);
	vfprintf(stderr, what, args);
	fputc('\n', stderr);
}

void trace_differs(const struct trace *t, const char *what, ...)
{
	va_list args;

	va_start(args, what);
	say(t, what, args);
	va_end(args);
	exit(1);
}

void trace_malformed(const struct trace *t, const char *what, ...)
{
	va_list args;

	va_start(args, what);
	say(t, what, args);
	va_end(args);
	exit(2);
}

uint64_t trace_hex(const struct trace *t, const char *word)
{
	size_t digits = strspn(word, "0123456789abcdef");

	if (!digits || digits > 16 || word[digits])
		trace_malformed(t, "\"%s\" is no number: 1 to 16 digits, 0 to 9 and a to f", word);
	return strtoull(word, NULL, 16);
}

/* Cuts a line at its blanks, up to a comment. The number of words; more than fit is one more. */
static unsigned split(struct trace *t)
{
	unsigned n = 0;
	char *next = t->text;

	t->text[strcspn(t->text, "#\n")] = '\0';
	for (char *word; (word = strsep(&next, " \t"));) {
		if (!*word)
			continue;
		if (n == TRACE_WORDS)
			return n + 1;
		t->word[n++] = word;
	}
	return n;
}

static bool fits(const struct trace *t, unsigned words, const char *shape)
{
	if (words != 1 + strlen(shape))
		return false;
	for (unsigned i = 0; shape[i]; i++)
		if ((shape[i] == '>') != !strcmp(t->word[1 + i], "->"))
			return false;
	return true;
}

static void play_line(const struct trace_player *p, struct trace *t)
{
	unsigned words = split(t);

	if (!words)
		return;
	for (const struct trace_verb *v = p->verbs; v->name; v++) {
		if (strcmp(v->name, t->word[0]) != 0)
			continue;
		if (!fits(t, words, v->shape))
			trace_malformed(t, "%s: not the words that belong to it", v->name);
		v->play(t);
		return;
	}
	trace_malformed(t, "%s: no such verb", t->word[0]);
}

static void play_file(const struct trace_player *p, const char *path)
{
	struct trace t = { .path = path };
	FILE *file = fopen(path, "r");
	size_t size = 0;

	if (!file)
		trace_malformed(&t, "%s", strerror(errno));
	p->reset();
	while (getline(&t.text, &size, file) >= 0) {
		t.line++;
		play_line(p, &t);
	}
	if (ferror(file))
		trace_malformed(&t, "%s", strerror(errno));
	p->end(&t);
	free(t.text);
	fclose(file);
}

void trace_play(const struct trace_player *p, const char *dir)
{
	char *pattern;
	glob_t files;

	if (asprintf(&pattern, "%s/*%s", dir, p->suffix) < 0 || glob(pattern, 0, NULL, &files)) {
		fprintf(stderr, "%s: no traces *%s here\n", dir, p->suffix);
		exit(2);
	}
	for (size_t i = 0; i < files.gl_pathc; i++)
		play_file(p, files.gl_pathv[i]);
	printf("%zu traces *%s\n", files.gl_pathc, p->suffix);
	globfree(&files);
	free(pattern);
}
