/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/with_bug.h"
#include "cli/cc_run.h"
#include "cli/near.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 6 };

static bool refuse_row(struct out *out, const char *command, const char *path, unsigned line)
{
	out_problem(out, "%s: %s:%u: a row has name, versions, scenario, file, what was wrong and "
	            "id, with tabs between", command, path, line);
	return false;
}

/* Columns into a row; false: there are fewer or more. */
static bool take_row(char *line, struct with_bug *bug)
{
	char **column[COLUMNS] = { &bug->name, &bug->versions, &bug->scenario,
		                   &bug->file, &bug->what, &bug->id };

	for (unsigned i = 0; i < COLUMNS; i++)
		*column[i] = strsep(&line, "\t");
	return bug->id && *bug->name && *bug->scenario && !line;
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
		out_problem(out, "%s: %s: %s; install posted anew", command, path,
		            strerror(errno));
	with_bugs_free(bugs);
	return false;
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
	            command, name, w->kind->project, near.word ? "; did you mean \"" : "",
	            near.word ? near.word : "", near.word ? "\"?" : "", w->kind->name);
	return NULL;
}

/* The file's text as it was and as it is now. */
static bool differ(const char *a, const char *b)
{
	size_t sizes[2] = { 0, 0 };
	char *was = text_read(a, &sizes[0]), *is = text_read(b, &sizes[1]);
	bool same = was && is && sizes[0] == sizes[1] && !memcmp(was, is, sizes[0]);

	free(was);
	free(is);
	return !same;
}

/* Runs the script; false: it cannot be run. */
static bool change(struct out *out, const char *command, const char *script, const char *file,
                   bool *changed)
{
	struct cc_words w = { 0 };
	char to[PATH_MAX];
	int status;

	if (snprintf(to, sizeof(to), "%s.new", file) >= PATH_MAX)
		return false;
	cc_add_words(&w, "sed -E -f");
	cc_add(&w, "%s", script);
	cc_add(&w, "%s", file);
	status = cc_run(&w, to);
	cc_words_free(&w);
	if (status) {
		out_problem(out, "%s: --bug: sed -E -f %s %s", command, script,
		            status == CC_NOT_RUN ? strerror(errno) : "failed, see above");
		return false;
	}
	*changed = differ(file, to);
	if (!*changed || !rename(to, file))
		return true;
	out_problem(out, "%s: --bug: cannot write %s: %s", command, file, strerror(errno));
	return false;
}

bool with_bug_put_back(struct out *out, const char *command, const struct with *w,
                       const struct with_bug *bug, char *const *file, unsigned files)
{
	char script[PATH_MAX + 128];
	bool any = false;

	snprintf(script, sizeof(script), "%s/bugs/%s.sed", w->adapter, bug->name);
	for (unsigned i = 0; i < files; i++) {
		bool changed = false;

		if (!change(out, command, script, file[i], &changed))
			return false;
		any |= changed;
	}
	if (!any)
		out_problem(out, "%s: --bug: %s's fix is not in this tree, %s %s (it is in %s)",
		            command, bug->name, w->kind->project, w->version.text, bug->versions);
	return any;
}
