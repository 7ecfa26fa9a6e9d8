/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/search/prepare.h"
#include "explore/schedule/points.h"
#include "explore/search/contested.h"
#include "explore/search/form.h"
#include "explore/search/races.h"

static bool prepared; /* as far as the scenario's functions are needed for it */
static bool crashed;

const char *prepare(const struct explore_scenario *s)
{
	const char *wrong = form_wrong(s);

	crashed = prepared = false;
	if (wrong)
		return wrong;
	explore_scenario = s;
	races_prepare();
	if (!contested_prepare() || !points_prepare())
		return "there is no memory for its words";
	prepared = true;
	return run_prepare(s, &reduce_watch, &crashed);
}

bool prepare_crashed(void)
{
	return crashed;
}

void prepare_undo(void)
{
	points_release();
	contested_release();
	if (prepared)
		run_release();
	prepared = false;
}
