/* SPDX-License-Identifier: BSD-2-Clause */
/* --with KIND=TREE: a hypervisor's own sources, and our adapter to them. */
#ifndef CLI_WITH_H
#define CLI_WITH_H

#include "adapt/tree.h"
#include "cli/out.h"
#include <limits.h>

struct with {
	char kind[PATH_MAX];    /* as the user gave it: a name, or a folder of the user's own */
	const char *tree;       /* as the user gave it; null: none was asked for */
	struct tree_project project;
	struct tree_version version;
	char adapter[PATH_MAX]; /* its folder */
};

/*
 * Finds the tree that the flag names, and its adapter, for a command such as "posted check": one
 * that is installed, or, if KIND has a slash in it, the one in that folder. False: a problem is
 * told.
 */
bool with_find(struct out *out, const char *command, const char *flag, struct with *w);

/* The adapter is the user's own: KIND is a folder's path, not a name. */
bool with_is_own(const struct with *w);

#endif
