/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_FOLD_H
#define EXPLORE_FOLD_H

#include <explore/table.h>

/* Marks the looks that see nothing new. */
void fold(struct explore_table *t);

#endif
