/* SPDX-License-Identifier: BSD-2-Clause */
/* The bugs that can be put back into the sources: bugs/bugs.tsv, and a patch each. */
#ifndef CLI_BUG_H
#define CLI_BUG_H

#include "cli/out.h"
#include <limits.h>

struct bug {
	const char *name;
	const char *scenario; /* that shows it; null: none does, it is no matter of order */
	const char *memory;   /* in which it shows: "tso", with store buffers only; "sc"; null */
	const char *fixed;    /* by which commits of others: "KVM 1234, Xen 5678"; null */
	const char *like;     /* commits that fixed what is of its kind, but another bug; null */
	const char *what;     /* is wrong: a sentence */
};

/* Made from bugs.tsv; ended by a row without a name. */
extern const struct bug bug_table[];

/* Null: there is none of this name, which out is told as a problem of the command. */
const struct bug *bug_find(struct out *out, const char *command, const char *name);

/*
 * Where its patch is; false if it cannot be read, which out is told. A bug is put into
 * the sources that are installed beside the command, or that it was built from.
 */
bool bug_patch(struct out *out, const char *command, const struct bug *bug, char path[PATH_MAX]);

enum { BUG_KEY = 9 };

/*
 * What stands for a build of this key with the bug, where the build's key stood: it depends on
 * the patch. False: that cannot be read.
 */
bool bug_key(const struct bug *bug, const char *build, char key[BUG_KEY]);

#endif
