/* SPDX-License-Identifier: BSD-2-Clause */
/* What a verb was given, held against the table of verbs. */
#ifndef CLI_PARSE_H
#define CLI_PARSE_H

#include "cli/verbs.h"
#include <stdbool.h>

enum { PARSE_ERROR = 512 }; /* the size of a sentence about an error */

/*
 * Parses what comes after the verb, argv[0], and sorts the operands to its end. What
 * can be parsed is in args even if something is wrong: then it is false, and error
 * has the first thing.
 */
bool parse_args(enum verb_id id, int argc, char **argv, struct verb_args *args,
                char error[PARSE_ERROR]);

#endif
