/* SPDX-License-Identifier: BSD-2-Clause */
#include "adapt/tree.h"
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { MINORS = 1000, PART = 20 };

/* The line says what a variable is: "NAME = 6", "export NAME ?= .5$(MORE)". */
static bool take_variable(const char *line, const char *name, char value[PART])
{
	size_t size = strlen(name), n = 0;

	line += strspn(line, " \t");
	if (!strncmp(line, "export", 6) && isblank((unsigned char)line[6]))
		line += 6 + strspn(line + 6, " \t");
	if (strncmp(line, name, size))
		return false;
	line += size + strspn(line + size, " \t");
	line += *line == ':' || *line == '?';
	if (*line != '=')
		return false;
	line += 1 + strspn(line + 1, " \t");
	while (n + 1 < PART && line[n] && !isspace((unsigned char)line[n]) &&
	       !strchr("$#", line[n])) {
		value[n] = line[n];
		n++;
	}
	value[n] = '\0';
	return true;
}

/* The first that the file says of each. */
static void take_all(const struct tree_project *project, char *text, char value[3][PART])
{
	bool known[3] = { false };
	char *line, *rest = text;

	while ((line = strsep(&rest, "\n")))
		for (unsigned i = 0; i < 3; i++)
			known[i] = known[i] || (*project->part[i] &&
			                        take_variable(line, project->part[i], value[i]));
}

static bool is_number(const char *text, unsigned *n)
{
	size_t digits = strspn(text, "0123456789");

	*n = (unsigned)strtoul(text, NULL, 10);
	return digits && digits < 4 && !text[digits];
}

static bool is_folder(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return false;
	errno = ENOTDIR;
	return S_ISDIR(st.st_mode);
}

static bool not_one(const struct tree_project *project, const char *tree, const char *why,
                    char error[ADAPT_ERROR])
{
	return text_refuse(error,
	                   "%s is no tree of %s, whose %s would say its version (%s, %s): %s: "
	                   "give the folder that its sources were unpacked to", tree,
	                   project->name, project->file, project->part[0], project->part[1], why);
}

bool tree_look(const struct tree_project *project, const char *tree, struct tree_version *version,
               char error[ADAPT_ERROR])
{
	char path[PATH_MAX], value[3][PART] = { "" }, *text;
	size_t size;

	if (!is_folder(tree))
		return text_refuse(error, "%s: %s", *tree ? tree : "\"\"", strerror(errno));
	if (snprintf(path, sizeof(path), "%s/%s", tree, project->file) >= PATH_MAX)
		return text_refuse(error, "%s: %s", tree, strerror(ENAMETOOLONG));
	text = text_read(path, &size);
	if (!text)
		return not_one(project, tree, strerror(errno), error);
	take_all(project, text, value);
	free(text);
	if (!is_number(value[0], &version->major) || !is_number(value[1], &version->minor))
		return not_one(project, tree, "it does not", error);
	snprintf(version->text, sizeof(version->text), "%s.%s%s%s", value[0], value[1],
	         isdigit((unsigned char)*value[2]) ? "." : "", value[2]);
	return true;
}

unsigned tree_number(const struct tree_version *version)
{
	return version->major * MINORS + version->minor;
}
