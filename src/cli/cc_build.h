/* SPDX-License-Identifier: BSD-2-Clause */
/* From a user's files to a shared object, step by step. */
#ifndef CLI_CC_BUILD_H
#define CLI_CC_BUILD_H

#include "cli/cc_options.h"
#include "cli/out.h"
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* What a module is made of, and for whom. */
struct cc_input {
	const char *command;  /* what problems begin with: "posted cc" */
	const char *output;   /* the module */
	const char *compiler; /* null: what CC says, else cc */
	const char *allow;    /* names that are taken on trust, a,b; or null */
	char *const *file;
	unsigned files;
	char *const *option;  /* for the compiler */
	unsigned options;
	bool dwarf_4; /* which option asks for; then clang's assembler has to be told, too */
};

struct cc_build {
	const struct cc_input *in;
	struct out *out;
	/* from cc_build_begin on */
	char folder[64], headers[PATH_MAX], descriptor[PATH_MAX], strings[PATH_MAX];
	char made[PATH_MAX]; /* the module, until it has its name */
	const char *compiler; /* and words behind it */
	enum cc_compiler kind;
	/* as it is built */
	size_t thread_local_size;
	bool uses_strings; /* of <string.h>, perhaps */
	bool locked;       /* a lock prefix is told of, and what it locks is next */
	unsigned wrong;    /* uses that the explorer does not see, each of which is told */
	unsigned scenarios;
};

/* Finds all it takes; false: a problem is told. */
bool cc_build_begin(struct cc_build *b);
void cc_build_end(struct cc_build *b);

/* The module gets its name only if it is one. False: a problem is told, by the compiler or here. */
bool cc_build(struct cc_build *b);

#endif
