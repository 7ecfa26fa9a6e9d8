/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose sources a folder has, and of which version. */
#ifndef ADAPT_TREE_H
#define ADAPT_TREE_H

#include "adapt/text.h"

struct tree_version {
	unsigned major, minor;
	char text[64]; /* all of it, such as 6.1.192 */
};

struct tree_kind {
	const char *name;     /* as the user writes it, and its adapter's folder is called */
	const char *project;  /* as sentences have it */
	const char *makefile; /* of the tree, which says the version */
	const char *part[3];  /* the variables that do: major, minor, and what comes behind */
};

/* Ended by one without a name. */
extern const struct tree_kind tree_kinds[];

/* Null: none is called so. */
const struct tree_kind *tree_kind(const char *name);

/* False: it is no such tree; the error says why, and what would be one. */
bool tree_look(const struct tree_kind *kind, const char *tree, struct tree_version *version,
               char error[ADAPT_ERROR]);

/* major * 1000 + minor: as numbers, versions are in order. */
unsigned tree_number(const struct tree_version *version);

#endif
