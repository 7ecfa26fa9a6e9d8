/* SPDX-License-Identifier: BSD-2-Clause */
/* posted dmar: the DMAR table that a machine's firmware would have. */
#ifndef CLI_DMAR_H
#define CLI_DMAR_H

#include "cli/verbs.h"

int dmar_main(const struct verb_args *args);

#endif
