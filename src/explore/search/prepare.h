/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_PREPARE_H
#define EXPLORE_PREPARE_H

#include <explore/scenario.h>

/* Sets a scenario up, to be searched or to have a schedule run; and puts it away. */
void prepare(const struct explore_scenario *s);
void prepare_undo(void);

#endif
