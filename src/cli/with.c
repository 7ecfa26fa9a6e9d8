/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/with.h"
#include "adapt/list.h"
#include "cli/installed.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool with_is_own(const struct with *w)
{
	return strchr(w->kind, '/');
}

static bool has_list(const char *folder)
{
	char path[2 * PATH_MAX];

	snprintf(path, sizeof(path), "%s/list", folder);
	return !access(path, F_OK);
}

/* "linux, xen": those whose adapters are installed. */
static void name_kinds(char *names, size_t room)
{
	char folder[PATH_MAX], path[PATH_MAX + NAME_MAX + 2];
	struct dirent **entry;
	int count = -1;

	*names = '\0';
	if (installed_path(INSTALLED_DATA, "src/adapt", folder))
		count = scandir(folder, &entry, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		const char *name = entry[i]->d_name;

		snprintf(path, sizeof(path), "%s/%s", folder, name);
		if (*name != '.' && has_list(path))
			snprintf(names + strlen(names), room - strlen(names), "%s%.64s",
			         *names ? ", " : "", name);
		free(entry[i]);
	}
	if (count >= 0)
		free(entry);
}

/* The folder of an installed adapter, or of the user's own. */
static bool find_adapter(struct with *w)
{
	char file[NAME_MAX + 16];

	if (with_is_own(w))
		snprintf(w->adapter, sizeof(w->adapter), "%s", w->kind);
	else if (!*w->kind || strlen(w->kind) > NAME_MAX)
		return false;
	else {
		snprintf(file, sizeof(file), "src/adapt/%.*s", NAME_MAX, w->kind);
		if (!installed_path(INSTALLED_DATA, file, w->adapter))
			return false;
	}
	for (size_t end = strlen(w->adapter); end > 1 && w->adapter[end - 1] == '/'; end--)
		w->adapter[end - 1] = '\0';
	return has_list(w->adapter);
}

static bool refuse_kind(struct out *out, const char *command, const struct with *w)
{
	char names[256];

	name_kinds(names, sizeof(names));
	if (with_is_own(w))
		out_problem(out, "%s: --with: %.200s is no adapter: it has no file \"list\"",
		            command, w->kind);
	else
		out_problem(out,
		            "%s: --with: \"%.64s\" is no KIND of KIND=TREE; the kinds are: %s; or "
		            "give the folder of an adapter of your own, ./NAME", command, w->kind,
		            *names ? names : "none that is installed");
	return false;
}

bool with_find(struct out *out, const char *command, const char *flag, struct with *w)
{
	char error[ADAPT_ERROR], list[PATH_MAX + 8];
	size_t size = strcspn(flag, "=");

	snprintf(w->kind, sizeof(w->kind), "%.*s", (int)(size < PATH_MAX ? size : 0), flag);
	w->tree = flag[size] && flag[size + 1] ? flag + size + 1 : NULL;
	if (!find_adapter(w))
		return refuse_kind(out, command, w);
	snprintf(list, sizeof(list), "%s/list", w->adapter);
	if (list_read_project(&w->project, list, error) &&
	    (!w->tree || tree_look(&w->project, w->tree, &w->version, error)))
		return true;
	out_problem(out, "%s: --with: %s", command, error);
	return false;
}
