/* SPDX-License-Identifier: BSD-2-Clause */
/* The scenarios; main.c lists them. */
#ifndef EXPLORE_SCENARIOS_H
#define EXPLORE_SCENARIOS_H

#include "exec/explore/explore.h"

extern const struct explore_scenario scenario_post_preempt;
extern const struct explore_scenario scenario_two_senders;

#endif
