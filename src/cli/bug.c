/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/bug.h"
#include "cli/installed.h"
#include "cli/near.h"
#include <errno.h>
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

bool bug_patch(struct out *out, const char *command, const struct bug *bug, char path[PATH_MAX])
{
	char file[128];

	snprintf(file, sizeof(file), "bugs/%s.patch", bug->name);
	if (installed_path(INSTALLED_DATA, file, path))
		return true;
	out_problem(out, "%s: the patch of %s cannot be read: %s: %s; install posted anew", command,
	            bug->name, path, strerror(errno));
	return false;
}
