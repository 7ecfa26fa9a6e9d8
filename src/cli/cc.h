/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_CC_H
#define CLI_CC_H

#include "cli/verbs.h"

/* posted cc; the command's exit status. */
int cc_main(const struct verb_args *args);

#endif
