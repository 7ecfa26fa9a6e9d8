/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/catalog.h"
#include "cli/bug_object.h"
#include "cli/catalog_module.h"
#include "cli/with_make.h"
#include "scenarios/build.h"
#include "world/show.h"
#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { FLAG_SIZE = 128 };

static const struct bug *bug; /* null: none */
static struct bug_object with_bug; /* empty: not loaded */
static struct catalog_module module;
static char *module_flag;
static struct with_module with;
static char build[BUG_KEY] = EXPLORE_BUILD, flag[FLAG_SIZE];
_Static_assert(sizeof(EXPLORE_BUILD) == BUG_KEY, "a bug's key looks like a build's");

const struct scenario_row *catalog(void)
{
	if (module.scenarios)
		return module.scenarios;
	return with_bug.scenarios ? with_bug.scenarios : scenarios;
}

unsigned catalog_count(void)
{
	unsigned count = 0;

	while (catalog()[count].scenario)
		count++;
	return count;
}

const char *catalog_shows(void)
{
	return bug ? bug->scenario : with.shows;
}

const char *catalog_build(void)
{
	return module.scenarios ? module.build : build;
}

const char *catalog_flag(void)
{
	return module.scenarios ? module_flag : flag;
}

static void name_flag(const struct bug *b, char name[FLAG_SIZE])
{
	snprintf(name, FLAG_SIZE, "--bug %s ", b->name);
}

const char *catalog_flag_of(const char *other)
{
	static char name[FLAG_SIZE];
	char key[BUG_KEY];

	if (!strcmp(other, EXPLORE_BUILD))
		return "";
	for (const struct bug *b = bug_table; b->name; b++)
		if (bug_key(b, EXPLORE_BUILD, key) && !strcmp(key, other)) {
			name_flag(b, name);
			return name;
		}
	return NULL;
}

void catalog_show(FILE *out, const char *what)
{
	(with_bug.show_world ? with_bug.show_world : show_world)(out, what);
}

/* One that some schedule shows. */
static const struct bug *find(struct out *out, const char *command, const char *name)
{
	const struct bug *found = bug_find(out, command, name);

	if (!found || found->scenario)
		return found;
	out_problem(
		out,
		"%s: --bug %s: it is no matter of order, so no scenario shows it; \"posted bugs "
		"%s\" says which test finds it",
		command, name, name);
	return NULL;
}

static bool put_back(struct out *out, const char *verb, const struct verb_args *args)
{
	const char *name = args->value[FLAG_BUG];
	char command[32];

	snprintf(command, sizeof(command), "posted %s", verb);
	bug = find(out, command, name);
	if (!bug)
		return false;
	if (!bug_key(bug, EXPLORE_BUILD, build)) {
		char path[PATH_MAX];

		if (bug_patch(out, command, bug, path))
			out_problem(out, "%s: --bug: %s cannot be read", command, path);
		return false;
	}
	name_flag(bug, flag);
	if (out_is_json(out))
		out_value(out, "bug", json_string(bug->name));
	return bug_object_load(out, command, bug, args->value[FLAG_QUIET], &with_bug);
}

static bool load(struct out *out, const char *verb, const char *path)
{
	char begins[48];

	snprintf(begins, sizeof(begins), "posted %s: --load", verb);
	if (!catalog_module_load(out, begins, path, &module))
		return false;
	if (out_is_json(out))
		out_value(out, "module", json_string(path));
	module_flag = catalog_module_flag("load", path);
	if (!module_flag)
		out_problem(out, "posted %s: out of memory", verb);
	return module_flag;
}

/* Made for as long as the process runs: what of it is shown is read from its file. */
static bool make(struct out *out, const char *verb, const struct verb_args *args)
{
	char begins[48];

	snprintf(begins, sizeof(begins), "posted %s: --with", verb);
	if (!with_make(out, verb, args, &with))
		return false;
	module_flag = with.flag;
	return catalog_module_load(out, begins, with.path, &module);
}

bool catalog_choose(struct out *out, const char *verb, const struct verb_args *args)
{
	const char *path = args->value[FLAG_LOAD];
	bool makes = args->value[FLAG_WITH];

	if (path && (args->value[FLAG_BUG] || makes)) {
		out_problem(out, "posted %s: --%s: leave out --load", verb,
		            makes ? "with explores its own module"
		                  : "bug puts a bug into posted's own sources");
		return false;
	}
	if (path)
		return load(out, verb, path);
	if (makes)
		return make(out, verb, args);
	return !args->value[FLAG_BUG] || put_back(out, verb, args);
}

void catalog_end(void)
{
	with_remove();
}
