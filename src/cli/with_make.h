/* SPDX-License-Identifier: BSD-2-Clause */
/* A module of a hypervisor's own sources and of our adapter to them. */
#ifndef CLI_WITH_MAKE_H
#define CLI_WITH_MAKE_H

#include "cli/verbs.h"
#include "cli/with.h"

struct with_module {
	char path[PATH_MAX]; /* is there until with_remove */
	char *flag;          /* --with KIND=TREE, maybe --bug, as a shell takes them, and a space */
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
