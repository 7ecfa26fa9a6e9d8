/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_BUGS_H
#define CLI_BUGS_H

#include "cli/verbs.h"

/* The verb bugs: what to exit with. */
int bugs_main(const struct verb_args *args);

#endif
