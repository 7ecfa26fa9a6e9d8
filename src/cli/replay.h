/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include "cli/verbs.h"

/* posted replay; the command's exit status. */
int replay_main(const struct verb_args *args);

#endif
