/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A YAML file as a tree that knows its lines, checked against libcyaml's own
 * schema, so that a mistake can be reported with file, line and path before
 * libcyaml loads it.
 */
#ifndef CLI_YAML_TREE_H
#define CLI_YAML_TREE_H

#include <cyaml/cyaml.h>
#include <stdbool.h>
#include <stdio.h>
#include <yaml.h>

enum { YAML_PATH = 160 };

struct yaml_tree {
	const char *file; /* for messages */
	char *error;      /* the first one stays; empty: none so far */
	size_t error_size;
	char *text;
	size_t size;
	bool parsed;
	yaml_document_t document;
};

/*
 * Reads the whole file, "-": standard input; false: error says why. Needs yaml_tree_close
 * in any case.
 */
bool yaml_tree_read(struct yaml_tree *t, const char *path);

/* The same with text that is there already. */
bool yaml_tree_copy(struct yaml_tree *t, const char *text);

/* Parses what was read and checks its shape: known keys, lists and mappings in their places. */
bool yaml_tree_check(struct yaml_tree *t, const cyaml_schema_value_t *top);

/* "FILE:LINE: PATH: ..."; a path like "devices[1].way", its line or that of what holds it. */
void yaml_tree_error(struct yaml_tree *t, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void yaml_tree_close(struct yaml_tree *t);

#endif
