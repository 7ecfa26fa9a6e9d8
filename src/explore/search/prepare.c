/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/search/prepare.h"
#include "explore/schedule/points.h"
#include "explore/search/contested.h"
#include "explore/search/races.h"

void prepare(const struct explore_scenario *s)
{
	explore_scenario = s;
	races_prepare();
	contested_prepare();
	points_prepare();
	run_prepare(s, &reduce_watch);
}

void prepare_undo(void)
{
	points_release();
	contested_release();
	run_release();
}
