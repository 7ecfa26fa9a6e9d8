/* SPDX-License-Identifier: BSD-2-Clause */
/* The rounds of a run: its ways, each of them twice for every switch that is compared. */
#ifndef CLI_PLAN_H
#define CLI_PLAN_H

#include "cli/round.h"

/*
 * Fills in the rounds of the run's machine, of which there may be ROUNDS. Lists as
 * the user gave them, with commas between; null: all ways, no switch. Returns how
 * many rounds there are; 0 if the lists are wrong, and the run's out says why.
 */
unsigned plan_rounds(const struct run *run, const char *ways, const char *switches,
                     struct round *rounds);

#endif
