/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/catalog_module.h"
#include "scenarios/build.h"
#include <explore/load.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(sizeof(EXPLORE_BUILD) == CATALOG_KEY, "a module's key looks like a build's");

/* A word that a shell takes as it is, quoted if it would not. */
static void put_word(FILE *out, const char *word)
{
	size_t plain = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                            "0123456789_-./+,@%:=");

	if (plain && !word[plain]) {
		fputs(word, out);
		return;
	}
	fputc('\'', out);
	for (; *word; word++)
		fputs(*word == '\'' ? "'\\''" : (char[]){ *word, '\0' }, out);
	fputc('\'', out);
}

char *catalog_module_flag(const char *name, const char *value)
{
	char *flag = NULL;
	size_t size;
	FILE *out = open_memstream(&flag, &size);

	if (!out)
		return NULL;
	fprintf(out, "--%s ", name);
	put_word(out, value);
	fputc(' ', out);
	if (!fclose(out))
		return flag;
	free(flag);
	return NULL;
}

/* What the module calls that the explorer does not see. */
static void tell_trust(struct out *out, const struct explore_module *m)
{
	char line[512];

	for (const char *name = m->allowed; *name; name += strlen(name) + 1) {
		snprintf(line, sizeof(line), "on trust: %s, which posted cc was told to allow",
		         name);
		if (out_is_json(out))
			out_append(out, "allowed", json_string(name));
		else
			out_line(out, NULL, line);
	}
}

bool catalog_module_load(struct out *out, const char *begins, const char *path,
                         struct catalog_module *m)
{
	static struct scenario_row row[EXPLORE_LOADED + 1];
	char error[EXPLORE_LOAD_ERROR];
	struct explore_module module;
	uint64_t key;

	if (!explore_module_load(path, &module, error)) {
		out_problem(out, "%s: %s", begins, error);
		return false;
	}
	for (unsigned i = 0; i < module.count; i++)
		row[i].scenario = &module.scenario[i];
	m->scenarios = row;
	key = (module.hash ^ strtoul("0x" EXPLORE_BUILD, NULL, 16)) * 0x9e3779b97f4a7c15u;
	snprintf(m->build, sizeof(m->build), "%08" PRIx32, (uint32_t)(key >> 32));
	tell_trust(out, &module);
	return true;
}
