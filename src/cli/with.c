/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/with.h"
#include "cli/installed.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

/* "linux, xen": those whose adapters are here. */
static void name_kinds(char *names, size_t room)
{
	char path[PATH_MAX], file[64];

	*names = '\0';
	for (const struct tree_kind *k = tree_kinds; k->name; k++) {
		snprintf(file, sizeof(file), "src/adapt/%s/list", k->name);
		if (installed_path(INSTALLED_DATA, file, path))
			snprintf(names + strlen(names), room - strlen(names), "%s%s",
			         *names ? ", " : "", k->name);
	}
}

static const struct tree_kind *find_kind(struct out *out, const char *command, const char *flag)
{
	char name[32], names[128];
	const struct tree_kind *kind;

	snprintf(name, sizeof(name), "%.*s", (int)strcspn(flag, "="), flag);
	kind = tree_kind(name);
	if (kind)
		return kind;
	name_kinds(names, sizeof(names));
	out_problem(out, "%s: --with: \"%.64s\" is no KIND=TREE; the kinds are: %s", command, flag,
	            *names ? names : "none that is installed");
	return NULL;
}

bool with_find(struct out *out, const char *command, const char *flag, struct with *w)
{
	char error[ADAPT_ERROR], file[64];

	w->kind = find_kind(out, command, flag);
	if (!w->kind)
		return false;
	snprintf(file, sizeof(file), "src/adapt/%s", w->kind->name);
	if (!installed_path(INSTALLED_DATA, file, w->adapter)) {
		out_problem(out, "%s: --with: %s: %s; install posted anew", command, w->adapter,
		            strerror(errno));
		return false;
	}
	w->tree = strchr(flag, '=');
	if (!w->tree++) {
		w->tree = NULL;
		return true;
	}
	if (tree_look(w->kind, w->tree, &w->version, error))
		return true;
	out_problem(out, "%s: --with: %s", command, error);
	return false;
}
