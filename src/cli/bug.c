/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/bug.h"
#include "cli/installed.h"
#include "cli/near.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const struct bug *bug_find(struct out *out, const char *command, const char *name)
{
	struct near near = { .typed = name };

	for (const struct bug *bug = bug_table; bug->name; bug++) {
		if (!strcmp(bug->name, name))
			return bug;
		near_look(&near, bug->name);
	}
	if (near.word)
		out_problem(out,
		            "%s: no bug \"%.64s\"; did you mean \"%s\"? \"posted bugs\" lists them",
		            command, name, near.word);
	else
		out_problem(out, "%s: no bug \"%.64s\"; \"posted bugs\" lists them", command, name);
	return NULL;
}

static bool find_patch(const struct bug *bug, char path[PATH_MAX])
{
	char file[128];

	snprintf(file, sizeof(file), "bugs/%s.patch", bug->name);
	return installed_path(INSTALLED_DATA, file, path);
}

bool bug_patch(struct out *out, const char *command, const struct bug *bug, char path[PATH_MAX])
{
	if (find_patch(bug, path))
		return true;
	out_problem(out, "%s: the patch of %s: %s: %s; install posted anew", command, bug->name,
	            path, strerror(errno));
	return false;
}

/* FNV-1a. */
static void add(uint32_t *sum, int byte)
{
	*sum = (*sum ^ (uint8_t)byte) * 16777619;
}

bool bug_key(const struct bug *bug, const char *build, char key[BUG_KEY])
{
	char path[PATH_MAX];
	FILE *in = find_patch(bug, path) ? fopen(path, "r") : NULL;
	uint32_t sum = 2166136261;
	bool good;

	if (!in)
		return false;
	for (const char *c = build; *c; c++)
		add(&sum, *c);
	for (int byte; (byte = getc(in)) != EOF;)
		add(&sum, byte);
	good = !ferror(in);
	fclose(in);
	snprintf(key, BUG_KEY, "%08" PRIx32, sum);
	return good;
}
