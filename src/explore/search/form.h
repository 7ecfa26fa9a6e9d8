/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_FORM_H
#define EXPLORE_FORM_H

#include <explore/scenario.h>

/* Before anything of a scenario runs: what is wrong with its form, and what to do; or null. */
const char *form_wrong(const struct explore_scenario *s);

#endif
