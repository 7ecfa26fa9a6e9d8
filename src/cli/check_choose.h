/* SPDX-License-Identifier: BSD-2-Clause */
/* Which scenarios posted check explores. */
#ifndef CLI_CHECK_CHOOSE_H
#define CLI_CHECK_CHOOSE_H

#include "cli/check_jobs.h"
#include "cli/out.h"
#include "cli/verbs.h"

/*
 * Those that operands, names or patterns of them, --all, --deep and --load choose, else the
 * one that shows the bug which was put back; jobs has room for all there are. None: none was
 * asked for. False: a problem is told.
 */
bool check_choose(struct out *out, const struct verb_args *args, struct check_jobs *jobs);

/* Prints them all, and what each proves. False: a problem is told, for there are other flags. */
bool check_list(struct out *out, const struct verb_args *args);

#endif
