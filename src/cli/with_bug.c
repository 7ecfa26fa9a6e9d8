/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/with_bug.h"
#include "cli/near.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 6 };

/* What a script of that name, and the user, can be asked for. */
static bool is_name(const char *text)
{
	return *text && !text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-")];
}

static bool refuse_row(struct out *out, const char *command, const char *path, unsigned line)
{
	out_problem(out, "%s: %s:%u: a row has name (a-z, 0-9, -), versions, scenario, file, what "
	            "was wrong and id, with tabs between", command, path, line);
	return false;
}

/* Columns into a row; false: there are fewer or more. */
static bool take_row(char *line, struct with_bug *bug)
{
	char **column[COLUMNS] = { &bug->name, &bug->versions, &bug->scenario,
		                   &bug->file, &bug->what, &bug->id };

	for (unsigned i = 0; i < COLUMNS; i++)
		*column[i] = strsep(&line, "\t");
	return bug->id && is_name(bug->name) && *bug->scenario && !line;
}

static bool take_rows(struct out *out, const char *command, const char *path,
                      struct with_bugs *bugs)
{
	char *rest = bugs->text, *line;
	unsigned count = 0;

	for (unsigned n = 1; (line = strsep(&rest, "\n")); n++) {
		if (!*line || *line == '#' || !strncmp(line, "name\t", 5) ||
		    !strncmp(line, "bug\t", 4))
			continue;
		if (!take_row(line, &bugs->bug[count++]))
			return refuse_row(out, command, path, n);
	}
	return true;
}

bool with_bugs_read(struct out *out, const char *command, const struct with *w,
                    struct with_bugs *bugs)
{
	char path[PATH_MAX + 32];
	size_t size, lines = 2;

	*bugs = (struct with_bugs){ 0 };
	snprintf(path, sizeof(path), "%s/bugs/bugs.tsv", w->adapter);
	bugs->text = text_read(path, &size);
	for (const char *c = bugs->text; c && *c; c++)
		lines += *c == '\n';
	bugs->bug = bugs->text ? calloc(lines, sizeof(*bugs->bug)) : NULL;
	if (bugs->bug && take_rows(out, command, path, bugs))
		return true;
	if (!bugs->bug)
		out_problem(out, "%s: %s: %s%s", command, path, strerror(errno),
		            with_is_own(w) ? "" : "; install posted anew");
	with_bugs_free(bugs);
	return false;
}

void with_bug_script(const struct with *w, const struct with_bug *bug, char path[WITH_SCRIPT])
{
	snprintf(path, WITH_SCRIPT, "%s/bugs/%s.sed", w->adapter, bug->name);
}

void with_bugs_free(struct with_bugs *bugs)
{
	free(bugs->bug);
	free(bugs->text);
	*bugs = (struct with_bugs){ 0 };
}

const struct with_bug *with_bug_find(struct out *out, const char *command, const struct with *w,
                                     const struct with_bugs *bugs, const char *name)
{
	struct near near = { .typed = name };
	const struct with_bug *b;

	for (b = bugs->bug; b->name; b++) {
		if (!strcmp(b->name, name))
			return b;
		near_look(&near, b->name);
	}
	out_problem(out, "%s: no bug \"%.64s\" of %s%s%s%s; \"posted bugs --with %s\" lists them",
	            command, name, w->project.name, near.word ? "; did you mean \"" : "",
	            near.word ? near.word : "", near.word ? "\"?" : "", w->kind);
	return NULL;
}
