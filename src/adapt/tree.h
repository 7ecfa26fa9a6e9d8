/* SPDX-License-Identifier: BSD-2-Clause */
/* Whose sources a folder has, and of which version. */
#ifndef ADAPT_TREE_H
#define ADAPT_TREE_H

#include "adapt/text.h"

struct tree_version {
	unsigned major, minor;
	char text[64]; /* all of it, such as 6.1.192 */
};

/* Whose trees an adapter is for: its list says it (list.h). */
struct tree_project {
	char name[32];    /* as sentences have it */
	char file[128];   /* of the tree, which says the version: NAME = 6, as make and sh do */
	char part[3][32]; /* the names: major, minor, and what comes behind, which may be "" */
};

/* False: it is no such tree; the error says why, and what would be one. */
bool tree_look(const struct tree_project *project, const char *tree, struct tree_version *version,
               char error[ADAPT_ERROR]);

/* major * 1000 + minor: as numbers, versions are in order. */
unsigned tree_number(const struct tree_version *version);

#endif
