/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/cc_text.h"
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME = 512 };

/* A text under way. */
struct text {
	char **file; /* by the number that .file gave it; null: none */
	unsigned files;
	unsigned at_file, at_line; /* of the last .loc */
	/* of the inline assembler under way, as gcc says; line 0: it does not */
	char inlined_file[NAME];
	unsigned inlined_line;
	char typed[NAME];    /* the last name that .type says is a function's */
	char function[NAME]; /* the one under way, or "" */
	bool inlined;
};

/* The words in quotes from there on: at most two of them. How many. */
static unsigned quoted(const char *text, char word[2][NAME])
{
	unsigned n = 0;

	for (; n < 2 && (text = strchr(text, '"')); n++) {
		size_t size = strcspn(++text, "\"");

		snprintf(word[n], NAME, "%.*s", (int)size, text);
		text += size + (text[size] == '"');
	}
	return n;
}

/* .file 2 "folder" "name" */
static void learn_file(struct text *t, const char *rest)
{
	unsigned number = 0, n;
	char word[2][NAME], **more, path[2 * NAME];

	if (sscanf(rest, " %u", &number) != 1 || number > 100000)
		return;
	n = quoted(rest, word);
	if (!n)
		return;
	if (number >= t->files) {
		more = realloc(t->file, (number + 1) * sizeof(*more));
		if (!more)
			return;
		memset(more + t->files, 0, (number + 1 - t->files) * sizeof(*more));
		t->file = more;
		t->files = number + 1;
	}
	if (n == 2 && number && word[1][0] != '/')
		snprintf(path, sizeof(path), "%s/%s", word[0], word[1]);
	else
		snprintf(path, sizeof(path), "%s", word[n - 1]);
	free(t->file[number]);
	t->file[number] = strdup(path);
}

/* .type name, @function */
static void learn_type(struct text *t, const char *rest)
{
	size_t size;

	rest += strspn(rest, " \t");
	size = strcspn(rest, ", \t");
	if (strstr(rest, "@function"))
		snprintf(t->typed, sizeof(t->typed), "%.*s", (int)size, rest);
}

/* What the compiler divides a function into, or copies it as, bears its name. */
static void begin_function(struct text *t, const char *label, size_t size)
{
	if (strlen(t->typed) == size && !strncmp(label, t->typed, size))
		snprintf(t->function, sizeof(t->function), "%.*s", (int)strcspn(t->typed, "."),
		         t->typed);
}

static bool directive(struct text *t, const char *line)
{
	if (!strncmp(line, ".file", 5))
		learn_file(t, line + 5);
	else if (!strncmp(line, ".loc", 4) && isspace((unsigned char)line[4]))
		sscanf(line + 4, " %u %u", &t->at_file, &t->at_line);
	else if (!strncmp(line, ".type", 5))
		learn_type(t, line + 5);
	else if (!strncmp(line, ".size", 5))
		*t->function = '\0';
	else
		return false;
	return true;
}

/* #APP and #NO_APP, and between them gcc's # 12 "file.c" 1 */
static bool comment(struct text *t, const char *line)
{
	char word[2][NAME];
	unsigned number;

	if (*line != '#')
		return false;
	/* So clang says what stands outside of functions. */
	if (!strncmp(line, "# Start of file scope inline assembly", 37) ||
	    !strncmp(line, "# End of file scope inline assembly", 35)) {
		t->inlined = line[2] == 'S';
		t->inlined_line = 0;
	}
	if (!strncmp(line, "#APP", 4) || !strncmp(line, "#NO_APP", 7)) {
		t->inlined = line[1] == 'A';
		t->inlined_line = 0;
	} else if (t->inlined && sscanf(line, "# %u", &number) == 1 && quoted(line, word)) {
		t->inlined_line = number;
		snprintf(t->inlined_file, sizeof(t->inlined_file), "%s", word[0]);
	}
	return true;
}

static struct cc_line place(const struct text *t, const char *text)
{
	bool known = t->at_file < t->files && t->file[t->at_file];
	struct cc_line line = { known ? t->file[t->at_file] : "", known ? t->at_line : 0,
		                t->function, t->inlined, text };

	if (t->inlined && t->inlined_line) {
		line.file = t->inlined_file;
		line.line = t->inlined_line;
	}
	return line;
}

bool cc_text_read(const char *path, void (*each)(const struct cc_line *line, void *arg), void *arg)
{
	FILE *in = fopen(path, "r");
	struct text t = { .files = 0 };
	char *whole = NULL;
	size_t room = 0;

	if (!in)
		return false;
	while (getline(&whole, &room, in) > 0) {
		const char *line = whole + strspn(whole, " \t");
		size_t size = strcspn(line, ": \t\n\"");
		struct cc_line at;

		whole[strcspn(whole, "\n")] = '\0';
		if (line == whole && line[size] == ':')
			begin_function(&t, line, size);
		if (!*line || comment(&t, line) || (!t.inlined && directive(&t, line)))
			continue;
		at = place(&t, line);
		each(&at, arg);
	}
	for (unsigned i = 0; i < t.files; i++)
		free(t.file[i]);
	free(t.file);
	free(whole);
	return !fclose(in);
}

bool cc_text_names(const struct cc_line *line, const char *name)
{
	size_t size = strlen(name);

	for (const char *at = line->text; (at = strstr(at, name)); at += size) {
		bool begins = at == line->text || !(isalnum((unsigned char)at[-1]) ||
		                                    strchr("_.$", at[-1]));

		if (begins && !(isalnum((unsigned char)at[size]) || at[size] == '_' ||
		                at[size] == '.' || at[size] == '$'))
			return true;
	}
	return false;
}
