/* SPDX-License-Identifier: BSD-2-Clause */
/* The verb: tells of the bugs that can be put back, and how to see them. */
#include "cli/bugs.h"
#include "cli/bug.h"
#include "cli/bugs_with.h"
#include "cli/status.h"
#include "cli/terminal.h"
#include <errno.h>
#include <fnmatch.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	NAME_WIDTH = 17, /* in the list */
	SCENARIO_WIDTH = 14,
	HANG = 2 + NAME_WIDTH + 1 + SCENARIO_WIDTH + 1,
	LINE = 1024,
};

static const char heading[] =
	"Bugs that can be put back, the scenario that shows each, and what is "
	"wrong (posted bugs NAME for more, posted check --bug NAME to see "
	"it):";
static const char elsewhere[] = "No scenario shows it, for it is no matter of order; a test of the "
				"sources finds it: meson test ";

/* The verb under way. */
struct bugs {
	struct out *out;
	unsigned width; /* to fold at; 0: not */
};

/* "KVM 1234, Xen 5678", or null, as a list of objects. */
static json_t *commits_json(const char *commits)
{
	json_t *list = json_array();

	while (commits && *commits) {
		size_t project = strcspn(commits, " "),
		       commit = strcspn(commits + project + 1, ",");

		json_array_append_new(list, json_pack("{s:s%, s:s%}", "project", commits, project,
		                                      "commit", commits + project + 1, commit));
		commits += project + 1 + commit;
		commits += strspn(commits, ", ");
	}
	return list;
}

static json_t *bug_json(const struct bug *b, const char *patch)
{
	return json_pack("{s:s, s:s?, s:s?, s:o, s:o, s:s, s:s*}", "bug", b->name, "scenario",
	                 b->scenario, "memory", b->memory, "fixed", commits_json(b->fixed), "like",
	                 commits_json(b->like), "what", b->what, "patch", patch);
}

static void print_row(const struct bugs *v, const struct bug *b)
{
	char line[LINE];
	bool hidden = b->memory && !strcmp(b->memory, "tso");

	snprintf(line, sizeof(line), "  %-*s %-*s %s%s%s%s", NAME_WIDTH, b->name, SCENARIO_WIDTH,
	         b->scenario ? b->scenario : "-", b->what,
	         hidden ? " Only with store buffers." : "", b->fixed ? " Fixed by " : "",
	         b->fixed ? b->fixed : "");
	terminal_fold(stdout, line, HANG, v->width);
}

/* Those that are like the pattern; null: all. False: a problem is told. */
static bool list(const struct bugs *v, const char *pattern)
{
	bool any = false;

	if (!out_is_json(v->out) && !pattern) {
		terminal_fold(stdout, heading, 0, v->width);
		putchar('\n');
	}
	for (const struct bug *b = bug_table; b->name; b++) {
		if (pattern && fnmatch(pattern, b->name, 0))
			continue;
		any = true;
		if (out_is_json(v->out))
			out_append(v->out, "bugs", bug_json(b, NULL));
		else
			print_row(v, b);
	}
	if (!any)
		out_problem(v->out,
		            "posted bugs: no bug is like \"%s\"; \"posted bugs\" lists them",
		            pattern);
	return any;
}

/* A file's text, without its line for licences; null: a problem is told. To be freed. */
static char *read_patch(const struct bugs *v, const struct bug *b)
{
	char path[PATH_MAX], *text = NULL, *diff;
	FILE *in;
	size_t size = 0;

	if (!bug_patch(v->out, "posted bugs", b, path))
		return NULL;
	in = fopen(path, "r");
	if (!in || getdelim(&text, &size, '\0', in) < 0 || !(diff = strstr(text, "--- "))) {
		out_problem(v->out, "posted bugs: %s cannot be read as a patch: %s", path,
		            in && !ferror(in) ? "it has none" : strerror(errno));
		free(text);
		text = NULL;
	} else {
		memmove(text, diff, strlen(diff) + 1);
	}
	if (in)
		fclose(in);
	return text;
}

/* Two parts of a line. */
static void print_fold(const struct bugs *v, const char *a, const char *b)
{
	char line[LINE];

	snprintf(line, sizeof(line), "%s%s", a, b);
	terminal_fold(stdout, line, 0, v->width);
}

/* How to see it, or why not so. */
static void print_commands(const struct bugs *v, const struct bug *b)
{
	if (!b->scenario) {
		print_fold(v, elsewhere, b->name);
		return;
	}
	printf("posted check --bug %s %s   # finds it\n", b->name, b->scenario);
	if (!strcmp(b->memory, "tso"))
		printf("posted check --bug %s --sc %s   # proves: it needs store buffers\n",
		       b->name, b->scenario);
}

/* One of them, with its patch. */
static bool show(const struct bugs *v, const struct bug *b)
{
	char *patch = read_patch(v, b);

	if (!patch)
		return false;
	if (out_is_json(v->out)) {
		out_append(v->out, "bugs", bug_json(b, patch));
	} else {
		printf("%s\n\n", b->name);
		print_fold(v, b->what, "");
		if (b->fixed)
			print_fold(v, "Fixed by ", b->fixed);
		if (b->like)
			print_fold(v, "Like it, but not the same: fixed by ", b->like);
		printf("\n%s\n", patch);
		print_commands(v, b);
	}
	free(patch);
	return true;
}

static bool tell(const struct bugs *v, const char *what)
{
	const struct bug *bug;

	if (!what || strpbrk(what, "*?["))
		return list(v, what);
	bug = bug_find(v->out, "posted bugs", what);
	return bug && show(v, bug);
}

int bugs_main(const struct verb_args *args)
{
	struct bugs v = { .out = out_begin("posted bugs", args->value[FLAG_JSON]),
		          .width = terminal_fold_width(STDOUT_FILENO) };
	const char *what = args->operands ? *args->operand : NULL, *with = args->value[FLAG_WITH];
	bool good;

	if (!v.out)
		return STATUS_FAILED;
	good = with ? bugs_with(v.out, v.width, with, what) : tell(&v, what);
	return out_end(v.out, good ? STATUS_GOOD : STATUS_USAGE);
}
