/* SPDX-License-Identifier: BSD-2-Clause */
/* Who chooses the steps of a schedule, beside the search that runs every one. */
#ifndef EXPLORE_CHOOSERS_H
#define EXPLORE_CHOOSERS_H

#include "explore/schedule/run.h"
#include <explore/search.h>

/* sample.c: who answers at random, by the strategy; the choices of the schedule that was run. */
void sample_begin(const struct explore_options *o);
const struct run_chooser *sample_chooser(unsigned depth);
struct explore_schedule sample_path(void);

/* given.c: runs a schedule that is given; order: as of reduce_begin. */
struct given {
	struct run_result run;
	bool possible; /* each of its choices was one of those that there were */
	bool whole;    /* all of them were asked for */
};
struct given given_run(const struct explore_schedule *schedule, bool sc, bool order,
                       unsigned stop_at);

#endif
