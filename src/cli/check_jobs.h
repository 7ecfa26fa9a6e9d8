/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Explores scenarios, each in a process of its own. Between progress_begin and the
 * end, SIGINT and SIGTERM stop them all; a second one kills.
 */
#ifndef CLI_CHECK_JOBS_H
#define CLI_CHECK_JOBS_H

#include "cli/progress.h"
#include <explore/search.h>

struct check_job {
	const struct explore_scenario *scenario;
	/* then: */
	enum explore_outcome outcome;
	struct explore_totals totals; /* stopped is null */
	char stopped[EXPLORE_WHY];    /* why there is no proof, or no result */
	uint64_t peak_kib;
	/* under way */
	int pid, fd;
	bool over;
};

struct check_jobs {
	struct check_job *job;
	unsigned count, at_once;
	struct explore_options options;
	const char *frontier; /* of several scenarios, each has its own: with its name at the end */
	struct progress progress;
	uint64_t deaf_until; /* another signal, if it comes later than this, kills */
	void (*done)(struct check_job *job, void *arg); /* in their order */
	void *arg;
};

/* False: no process could be begun, errno says why. */
bool check_jobs_run(struct check_jobs *jobs);

#endif
