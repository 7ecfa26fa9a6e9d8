/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an adapter takes from a tree. A line each, and # begins a comment:
 *
 *	project Linux Makefile VERSION PATCHLEVEL SUBLEVEL
 *	                            whose trees: the name, the file of a tree that says which
 *	                            version it is, and what it calls the numbers; the third is
 *	                            optional. Always there, for all versions
 *	tried 5.10 6.1 6.12         versions that it was tried with
 *	options -O1 -std=gnu11      for the compiler
 *	whole FROM INTO             a file of the tree, all of it
 *	cut FROM INTO WHAT...       definitions (cut.h) of a file of the tree, behind what INTO has
 *
 * FROM is a path in the tree, or several, a|b, of which the first is meant that is there. INTO is
 * a path in the folder that is made; what ends in .c is compiled. ?WHAT may be missing. In
 * brackets there may be spaces: name[from here..to there]. A line may begin with the versions
 * that it is for: [5.17-] [-5.16] [5.10-6.1] [6.1].
 */
#ifndef ADAPT_LIST_H
#define ADAPT_LIST_H

#include "adapt/tree.h"

struct list_row {
	unsigned line;
	char *from, *into;
	char **what; /* null: the whole file */
	unsigned whats;
};

/* For one version. */
struct list {
	char tried[256];    /* "5.10, 6.1, 6.12" */
	bool is_tried;      /* this version is one of them */
	char options[1024]; /* words with spaces between */
	struct list_row *row;
	unsigned rows;
	char *text; /* that words point into */
	char **words;
};

/* Of a list, its project alone. False: the error says why, and in which line. */
bool list_read_project(struct tree_project *project, const char *path, char error[ADAPT_ERROR]);

/* False: the error says why, and in which line. Both ways, it is to be freed. */
bool list_read(struct list *l, const char *path, const struct tree_version *version,
               char error[ADAPT_ERROR]);
void list_free(struct list *l);

#endif
