/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/bugs_with.h"
#include "cli/terminal.h"
#include "cli/with_bug.h"
#include <errno.h>
#include <fnmatch.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE = 2048,
	NAME_WIDTH = 18,
	SCENARIO_WIDTH = 17,
	HANG = 2 + NAME_WIDTH + 1 + SCENARIO_WIDTH + 1
};

static json_t *to_json(const struct with_bug *b)
{
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "bug", b->name, "versions", b->versions,
	                 "scenario", b->scenario, "file", b->file, "what", b->what, "id", b->id);
}

/* "KVM ...": a commit fixed it; "like KVM ...": one of its kind; "-": none is known. */
static void print_row(const struct with_bug *b, unsigned width)
{
	bool known = strcmp(b->id, "-"), fixed = known && strncmp(b->id, "like ", 5);
	char line[LINE];

	snprintf(line, sizeof(line), "  %-*s %-*s %s In %s, of %s.%s%s%s", NAME_WIDTH, b->name,
	         SCENARIO_WIDTH, b->scenario, b->what, b->file, b->versions,
	         fixed   ? " Fixed by "
	         : known ? " It is "
	                 : "",
	         known ? b->id : "", known ? "." : "");
	terminal_fold(stdout, line, HANG, width);
}

static void print_heading(const struct with *w, unsigned width)
{
	char line[LINE];

	snprintf(line, sizeof(line),
	         "Fixes that can be taken out of %s's own sources, the scenario that shows each, "
	         "and what is wrong then (posted bugs --with %.200s NAME for its script, posted "
	         "check --with %.200s=TREE --bug NAME to see it):\n",
	         w->project.name, w->kind, w->kind);
	terminal_fold(stdout, line, 0, width);
}

static bool list(struct out *out, unsigned width, const struct with *w,
                 const struct with_bugs *bugs, const char *pattern)
{
	bool any = false;

	if (!out_is_json(out) && !pattern)
		print_heading(w, width);
	for (const struct with_bug *b = bugs->bug; b->name; b++) {
		if (pattern && fnmatch(pattern, b->name, 0))
			continue;
		any = true;
		if (out_is_json(out))
			out_append(out, "bugs", to_json(b));
		else
			print_row(b, width);
	}
	if (!any)
		out_problem(out, "posted bugs: --with: no bug is like \"%s\"",
		            pattern ? pattern : "*");
	return any;
}

static bool show(struct out *out, unsigned width, const struct with *w, const struct with_bug *b)
{
	char path[WITH_SCRIPT], *script;
	size_t size;

	with_bug_script(w, b, path);
	script = text_read(path, &size);
	if (!script) {
		out_problem(out, "posted bugs: %s: %s", path, strerror(errno));
		return false;
	}
	if (out_is_json(out)) {
		json_t *row = to_json(b);

		json_object_set_new(row, "patch", json_string(script));
		out_append(out, "bugs", row);
	} else {
		print_row(b, width);
		printf("\n%s\nposted check --with %s=TREE --bug %s\n", script, w->kind, b->name);
	}
	free(script);
	return true;
}

bool bugs_with(struct out *out, unsigned width, const char *flag, const char *what)
{
	const struct with_bug *one;
	struct with_bugs bugs;
	struct with w;
	bool good;

	if (!with_find(out, "posted bugs", flag, &w) ||
	    !with_bugs_read(out, "posted bugs", &w, &bugs))
		return false;
	if (!what || strpbrk(what, "*?[")) {
		good = list(out, width, &w, &bugs, what);
	} else {
		one = with_bug_find(out, "posted bugs", &w, &bugs, what);
		good = one && show(out, width, &w, one);
	}
	with_bugs_free(&bugs);
	return good;
}
