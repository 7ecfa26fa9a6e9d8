/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/installed.h"
#include "cli/places.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The folder of the program's own file, without a slash at its end. */
static bool own_folder(char folder[PATH_MAX])
{
	ssize_t size = readlink("/proc/self/exe", folder, PATH_MAX);

	if (size <= 0)
		return false;
	if (size == PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	folder[size] = '\0';
	*strrchr(folder, '/') = '\0';
	return true;
}

/* It is this folder, or one in it. */
static bool lies_in(const char *path, const char *folder)
{
	size_t size = strlen(folder);

	return !strncmp(path, folder, size) && (path[size] == '/' || !path[size]);
}

/* Cuts the folder of commands off the path of the command's folder; then it is the prefix. */
static bool cut_to_prefix(char *folder)
{
	size_t size = strlen(folder), bin = strlen(PLACES_BIN);

	if (size <= bin || folder[size - bin - 1] != '/' || strcmp(folder + size - bin, PLACES_BIN))
		return false;
	folder[size - bin - 1] = '\0';
	return true;
}

bool installed_path(enum installed_kind kind, const char *file, char path[PATH_MAX])
{
	static const char *const below_prefix[] = {
		[INSTALLED_HEADERS] = PLACES_INCLUDE,
		[INSTALLED_DATA] = PLACES_DATA "/posted",
		[INSTALLED_OBJECTS] = PLACES_LIB "/posted",
	};
	static const char *const built[] = {
		[INSTALLED_HEADERS] = PLACES_SOURCE "/include",
		[INSTALLED_DATA] = PLACES_SOURCE,
		[INSTALLED_OBJECTS] = PLACES_BUILD "/src/scenarios",
	};
	char folder[PATH_MAX];
	int size;

	*path = '\0';
	if (!own_folder(folder))
		return false;
	if (lies_in(folder, PLACES_BUILD))
		size = snprintf(path, PATH_MAX, "%s", built[kind]);
	else if (cut_to_prefix(folder))
		size = snprintf(path, PATH_MAX, "%s/%s", folder, below_prefix[kind]);
	else
		size = snprintf(path, PATH_MAX, "%s", folder);
	if (size < PATH_MAX && *file)
		size += snprintf(path + size, (size_t)(PATH_MAX - size), "/%s", file);
	if (size >= PATH_MAX) {
		errno = ENAMETOOLONG;
		return false;
	}
	return !access(path, R_OK);
}
