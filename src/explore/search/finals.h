/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_FINALS_H
#define EXPLORE_FINALS_H

#include <explore/search.h>

/* A set of final states. False: there is no memory for it. */
bool finals_add(uint64_t final, struct explore_totals *t);
void finals_clear(void);

#endif
