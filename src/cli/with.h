/* SPDX-License-Identifier: BSD-2-Clause */
/* --with KIND=TREE: a module of a hypervisor's own sources and of our adapter to them. */
#ifndef CLI_WITH_H
#define CLI_WITH_H

#include "adapt/tree.h"
#include "cli/out.h"
#include "cli/verbs.h"
#include <limits.h>

struct with {
	const struct tree_kind *kind;
	const char *tree; /* as the user gave it */
	struct tree_version version;
	char adapter[PATH_MAX]; /* its folder */
};

/*
 * Finds the tree that the flag names, and its adapter, for a command such as "posted check". False:
 * a problem is told.
 */
bool with_find(struct out *out, const char *command, const char *flag, struct with *w);

struct with_module {
	char path[PATH_MAX]; /* is there until with_remove */
	char *flag;          /* --with KIND=TREE and maybe --bug, as a shell takes them, and a space */
	char *shows;         /* the scenario that shows the bug; null: none was put back */
};

/*
 * Makes the module of that verb, which says on standard error that it compiles, unless quiet.
 * Once in a process. False: a problem is told, and nothing is left behind.
 */
bool with_make(struct out *out, const char *verb, const struct verb_args *args,
               struct with_module *m);

/* Away with what was made, if anything was; also a signal that ends the process does this. */
void with_remove(void);

#endif
