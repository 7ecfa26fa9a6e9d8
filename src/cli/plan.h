/* SPDX-License-Identifier: BSD-2-Clause */
/* The columns of a run: its ways, each of them twice for every switch that is compared. */
#ifndef CLI_PLAN_H
#define CLI_PLAN_H

#include "cli/round.h"

/*
 * Fills in the run's columns for its machine. Lists as the user gave them, with commas
 * between; null: all ways, no switch. False if the lists are wrong, and the run's out
 * says why.
 */
bool plan_columns(struct run *run, const char *ways, const char *switches);

#endif
