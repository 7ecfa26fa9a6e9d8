/* SPDX-License-Identifier: BSD-2-Clause */
/* How a compiler is called, so that the explorer sees what the code does to memory. */
#ifndef CLI_CC_OPTIONS_H
#define CLI_CC_OPTIONS_H

#include "cli/cc_run.h"

enum cc_compiler { CC_GCC, CC_CLANG, CC_OTHER };

/* Which it is, by what it says in a file of this path; CC_OTHER: not for x86-64, or neither. */
enum cc_compiler cc_compiler(const char *predefined);

/* Before the user's: what they may change. Behind them: what has to be so. */
void cc_options_before(struct cc_words *w);
void cc_options_behind(struct cc_words *w, enum cc_compiler compiler);

/* For linking. */
void cc_options_link(struct cc_words *w);

#endif
