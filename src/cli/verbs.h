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
	VERB_CHECK,
	VERB_REPLAY,
	VERB_CC,
	VERB_BUGS,
	VERB_DECODE,
	VERB_DMAR,
	VERB_HELP,
	VERB_VERSION,
	VERBS,
};

enum verb_flag_id {
	FLAG_SECONDS,
	FLAG_WAY,
	FLAG_COMPARE,
	FLAG_RUNS,
	FLAG_INTERRUPTS,
	FLAG_QUIET,
	FLAG_JSON,
	FLAG_HISTOGRAM,
	FLAG_ALL,
	FLAG_BUG,
	FLAG_DEEP,
	FLAG_SC,
	FLAG_FULL,
	FLAG_RANDOM,
	FLAG_PCT,
	FLAG_CHANGE_POINTS,
	FLAG_SEED,
	FLAG_PREEMPTIONS,
	FLAG_MAX_SCHEDULES,
	FLAG_MAX_SECONDS,
	FLAG_MAX_STEPS,
	FLAG_MAX_MEMORY,
	FLAG_FRONTIER,
	FLAG_SHARD,
	FLAG_MERGE,
	FLAG_TWICE,
	FLAG_JOBS,
	FLAG_TRACE,
	FLAG_ALL_ROWS,
	FLAG_STOP_AT,
	FLAG_SHOW,
	FLAG_OUTPUT,
	FLAG_LOAD,
	FLAG_WITH,
	FLAG_COMPILER,
	FLAG_ALLOW,
	FLAG_HELP,
	FLAG_USAGE,
	FLAG_VERSION,
	FLAGS,
};

struct verb_flag {
	enum verb_flag_id id;
	const char *name;
	const char *value;   /* what it takes, null: nothing; with a comma it is a list */
	const char *choices; /* words that a value is made of, for completion; may be null */
	const char *help;    /* a sentence */
};

struct verb_example {
	const char *command, *what;
};

enum verb_operands {
	VERB_ONE_OR_NONE,
	VERB_ANY,
	VERB_ONE,
	VERB_NONE,
	VERB_SOURCES, /* any; other words that begin with a dash are a compiler's */
};

struct verb {
	const char *name;
	const char *operand; /* what it is called, by which completion knows what to offer */
	enum verb_operands operands;
	const char *summary; /* a few words */
	const char *text;    /* a paragraph */
	const struct verb_flag *flags; /* up to one without a name */
	const struct verb_example *examples; /* up to one without a command */
};

extern const struct verb verbs[VERBS];

/* What every verb takes beside its own. */
extern const struct verb_flag verb_standard_flags[];

/* What was given: by flag its value, "" for one that takes none, null if absent. */
struct verb_args {
	const char *value[FLAGS];
	char **operand;
	unsigned operands;
	char **compiler; /* of VERB_SOURCES: what goes to the compiler */
	unsigned compilers;
};

#endif
