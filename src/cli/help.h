/* SPDX-License-Identifier: BSD-2-Clause */
/* The texts that explain the command, from the table of verbs. Each is false if it could not be
 * written. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/verbs.h"
#include <stdbool.h>

/* The verbs, and what to try. */
bool help_screen(void);

/* A verb's flags and examples, or only a line with its flags. */
bool help_verb(enum verb_id id);
bool help_usage(enum verb_id id);

#endif
