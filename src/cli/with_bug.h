/* SPDX-License-Identifier: BSD-2-Clause */
/* The bugs that can be put back into a tree's sources: a table of its adapter, and scripts. */
#ifndef CLI_WITH_BUG_H
#define CLI_WITH_BUG_H

#include "cli/with.h"

/* A row of bugs/bugs.tsv. */
struct with_bug {
	char *name, *versions, *scenario, *file, *what, *id;
};

/* Ended by a row without a name. */
struct with_bugs {
	struct with_bug *bug;
	char *text; /* that words point into */
};

/* Reads the adapter's table; false: a problem of the command is told. */
bool with_bugs_read(struct out *out, const char *command, const struct with *w,
                    struct with_bugs *bugs);
void with_bugs_free(struct with_bugs *bugs);

/* The path of its sed -E script. */
enum { WITH_SCRIPT = PATH_MAX + 128 };
void with_bug_script(const struct with *w, const struct with_bug *bug, char path[WITH_SCRIPT]);

/* Null: there is none of this name, which is told. */
const struct with_bug *with_bug_find(struct out *out, const char *command, const struct with *w,
                                     const struct with_bugs *bugs, const char *name);

#endif
