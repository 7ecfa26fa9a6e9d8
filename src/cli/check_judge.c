/* SPDX-License-Identifier: BSD-2-Clause */
#include "cli/check_judge.h"
#include "cli/schedule.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum check_verdict verdict_of(const struct check_job *job, const struct explore_options *o)
{
	switch (job->outcome) {
	case EXPLORE_VIOLATED:
		return CHECK_VIOLATED;
	case EXPLORE_STOPPED:
		return CHECK_STOPPED;
	case EXPLORE_PROVED:
		return o->parts > 1 ? CHECK_PART : CHECK_PROVED;
	case EXPLORE_UNFIT:
		return CHECK_UNFIT;
	case EXPLORE_CRASHED:
		return CHECK_CRASHED;
	case EXPLORE_UNUSABLE:
		return CHECK_UNUSABLE;
	case EXPLORE_ERROR:
		break;
	}
	return CHECK_BROKEN;
}

bool check_has_schedule(const struct check_job *job)
{
	return job->outcome == EXPLORE_VIOLATED || job->outcome == EXPLORE_UNFIT ||
	       job->outcome == EXPLORE_CRASHED;
}

static void name_schedule(const struct check_job *job, const struct explore_options *o,
                          struct check_result *r)
{
	const struct schedule schedule = { job->scenario, o->sc, job->totals.failed };
	char *name = schedule_name(&schedule);

	snprintf(r->replay, sizeof(r->replay), "%s", name ? name : "");
	free(name);
}

void check_judge(const struct check_job *job, const struct explore_options *o,
                 struct check_result *r)
{
	*r = (struct check_result){
		.verdict = verdict_of(job, o),
		.schedules = job->totals.schedules,
		.pruned = job->totals.pruned,
		.steps = job->totals.steps,
		.depth = job->totals.depth,
		.peak_kib = job->peak_kib,
		.seconds = job->totals.seconds,
		.saved = job->totals.saved,
		.repeated = job->totals.repeated,
	};
	snprintf(r->scenario, sizeof(r->scenario), "%s", job->scenario->name);
	if (r->verdict == CHECK_PART)
		snprintf(r->why, sizeof(r->why), "%u/%u", o->part + 1, o->parts);
	else if (r->verdict == CHECK_VIOLATED)
		snprintf(r->why, sizeof(r->why), "in %u steps, %s", job->totals.failed_steps,
		         job->totals.shortest ? "and in no fewer" : "the fewest found");
	else if (r->verdict != CHECK_PROVED)
		memcpy(r->why, job->stopped, sizeof(r->why));
	if (check_has_schedule(job))
		name_schedule(job, o, r);
}
