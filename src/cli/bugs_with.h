/* SPDX-License-Identifier: BSD-2-Clause */
/* posted bugs --with: the bugs of an adapter. */
#ifndef CLI_BUGS_WITH_H
#define CLI_BUGS_WITH_H

#include "cli/out.h"

/*
 * All, those like a pattern, or one with its script; what is null or one of these. The flag is
 * --with's; lines are folded at width. False: a problem is told.
 */
bool bugs_with(struct out *out, unsigned width, const char *flag, const char *what);

#endif
