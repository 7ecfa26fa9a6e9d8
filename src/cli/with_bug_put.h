/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts a bug back into what was cut from a tree. */
#ifndef CLI_WITH_BUG_PUT_H
#define CLI_WITH_BUG_PUT_H

#include "cli/with_bug.h"

/*
 * Changes copies of the tree's files by the bug's script. False: a problem is told, one of them
 * that no file changes.
 */
bool with_bug_put_back(struct out *out, const char *command, const struct with *w,
                       const struct with_bug *bug, char *const *file, unsigned files);

#endif
