/* SPDX-License-Identifier: BSD-2-Clause */
#ifndef EXPLORE_TEAM_H
#define EXPLORE_TEAM_H

#include <explore/search.h>

/*
 * From here on so many processes search, if there can be. Returns the number
 * of this one, 0 in that which goes on afterwards, as the others do not.
 */
unsigned team_begin(unsigned wanted);
bool team_begun(void);
unsigned team_number(void);
/* One of them is through. */
bool team_over(void);
/* The search is over for this one: what it came to in all, with their totals. */
enum explore_outcome team_end(enum explore_outcome outcome, struct explore_totals *t);

#endif
