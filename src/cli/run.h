/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_RUN_H
#define CLI_RUN_H

#include "cli/verbs.h"

/* posted run; the command's exit status. */
int run_main(const struct verb_args *args);

#endif
