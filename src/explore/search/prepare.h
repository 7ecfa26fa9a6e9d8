/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_PREPARE_H
#define EXPLORE_PREPARE_H

#include <explore/scenario.h>

/*
 * Sets a scenario up, to be searched or to have a schedule run; and puts it away. Null, or
 * why it cannot be set up, and whether that is because it crashes. Then, too, to be undone.
 */
const char *prepare(const struct explore_scenario *s);
bool prepare_crashed(void);
void prepare_undo(void);

#endif
