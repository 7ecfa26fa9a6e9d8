/* SPDX-License-Identifier: BSD-2-Clause */
/* The search under way: what its files share. */
#ifndef EXPLORE_SEARCHING_H
#define EXPLORE_SEARCHING_H

#include "explore/search/reduce.h"
#include <explore/search.h>

enum { PART_NODES = 6 }; /* a search is split by the answers to so many first questions */

struct searching {
	const struct explore_options *options;
	unsigned traits; /* of the scenario, that the search heeds */
	unsigned most_steps; /* of a schedule; 0: no bound */
	bool cut; /* a schedule was longer than that */
	bool complete; /* nothing within the bounds is left */
	bool shortening; /* look for failing schedules that are ever shorter, */
	bool crashing;   /* for those that crash */
	uint64_t prefixes; /* different beginnings seen, to split the search by */
	unsigned known, made; /* nodes with an answer; those that this schedule came to */
	unsigned orders; /* nodes of this schedule that are about order */
	bool skipped; /* the schedule is another part's */
	bool changed; /* a question was not what it was the last time */
	/* of the runs before, by the frontier */
	uint64_t resumed;
	double resumed_seconds;
};
extern struct searching searching;

/* search.c */
bool searching_splits(void);
/* The races say which orders to begin; the search keeps states. */
bool searching_by_races(void);
bool searching_keeps_states(void);
/* Searches on from the nodes known so far; fresh: the first that is new. */
enum explore_outcome searching_run(struct explore_totals *t, unsigned fresh);
void searching_begin(const struct explore_options *o);

/* tree.c: the questions, and which schedule is next. */
void tree_begin_schedule(void);
extern const struct run_chooser tree_every, tree_matches; /* the latter where states are kept */
/* True if the schedule's beginning is another part's; asked where a beginning ends. */
bool tree_not_ours(void);
/* The next schedule in order; false: there is none. The nodes after fresh are new. */
bool tree_next(unsigned *fresh);
/* The choices of the schedule that was run. */
struct explore_schedule tree_path(void);
/* The share of the search that is behind: at each node, of its branches known so far. */
double tree_share_done(void);

/* bounds.c */
void bounds_begin(void);
void bounds_update(struct explore_totals *t);
/* The bound that is reached, null: none. */
const char *bounds_reached(struct explore_totals *t);
uint64_t bounds_clock(void);

/* shorten.c: of schedules that violate, looks for the shortest. */
void shorten(const struct explore_options *o, struct explore_totals *t);
/* shorten_crash.c: of those that crash. */
void shorten_crash(const struct explore_options *o, struct explore_totals *t);

#endif
