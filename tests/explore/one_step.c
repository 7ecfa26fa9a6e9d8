/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device of the world posts in one step where the scenario says so, and elsewhere in
 * the two of posted/hw/vtd/post.h: by the steps of one schedule of each.
 */
#include "scenarios/scenarios.h"
#include <explore/replay.h>
#include <string.h>

/* The steps in which a device sets a bit of PIR, and ON. */
struct seen {
	const struct explore_scenario *scene;
	unsigned pir, on;
};

static void look(const struct explore_row *row, void *arg)
{
	struct seen *s = arg;

	if (row->agent < 0 || strcmp(s->scene->agents[row->agent].name, "D"))
		return;
	if (!strncmp(row->text, "or pir", 6))
		s->pir = row->step;
	if (!strncmp(row->text, "cmpxchg control", 15))
		s->on = row->step;
}

static bool posts(const struct explore_scenario *scene, bool in_one)
{
	const struct explore_schedule first = { 0 };
	struct seen s = { .scene = scene };
	enum explore_verdict v = explore_replay(scene, false, &first, 0, look, &s).verdict;

	if (v == EXPLORE_HOLDS && s.pir && s.on && (s.pir == s.on) == in_one)
		return true;
	printf("%s: verdict %d, PIR in step %u, ON in step %u\n", scene->name, v, s.pir, s.on);
	return false;
}

int main(void)
{
	bool right = posts(&scenario_one_step, true);

	return !(posts(&scenario_in_a_row, false) && right);
}
