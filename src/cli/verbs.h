/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The command's verbs and flags, one row each. The parser, the help, the man
 * page and the shell completion all come from this table; it links alone.
 */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include <stddef.h>

enum verb_id {
	VERB_RUN,
	VERBS,
};

enum verb_flag_id {
	FLAG_SECONDS,
	FLAG_WAY,
	FLAG_QUIET,
	FLAG_JSON,
	FLAG_HISTOGRAM,
	FLAGS,
};

struct verb_flag {
	enum verb_flag_id id;
	const char *name;
	const char *value;   /* what it takes, null: nothing */
	const char *choices; /* words that a value is made of, for completion; may be null */
	const char *help;    /* a sentence */
};

struct verb_example {
	const char *command, *what;
};

struct verb {
	const char *name;
	const char *operand; /* at most one, optional */
	const char *summary; /* a few words */
	const char *text;    /* a paragraph */
	const struct verb_flag *flags; /* up to one without a name */
	const struct verb_example *examples; /* up to one without a command */
};

extern const struct verb verbs[VERBS];

/* What every verb takes beside its own; the parser of the C library knows them. */
extern const struct verb_flag verb_standard_flags[];

/* What was given: by flag its value, "" for one that takes none, null if absent. */
struct verb_args {
	const char *value[FLAGS];
	const char *operand;
};

#endif
