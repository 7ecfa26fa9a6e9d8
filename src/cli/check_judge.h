/* SPDX-License-Identifier: BSD-2-Clause */
/* From what a scenario's process told to its row: the verdict, and why. */
#ifndef CLI_CHECK_JUDGE_H
#define CLI_CHECK_JUDGE_H

#include "cli/check_jobs.h"
#include "cli/check_result.h"

/* Of a job that is done, explored with these options. */
void check_judge(const struct check_job *job, const struct explore_options *o,
                 struct check_result *r);

/* There is a schedule to show. */
bool check_has_schedule(const struct check_job *job);

#endif
