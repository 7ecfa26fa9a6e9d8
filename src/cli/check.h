/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli/verbs.h"

/* posted check; the command's exit status. */
int check_main(const struct verb_args *args);

#endif
