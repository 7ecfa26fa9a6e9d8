/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_SHOW_H
#define EXPLORE_SHOW_H

#include <stdio.h>

/*
 * Prints a part of the scenarios' world as explore_replay left it: pid, the
 * descriptors; vmcs, the fields of the VMCSs; lists, who is on the wake-up lists.
 */
void show_world(FILE *out, const char *what);

#endif
