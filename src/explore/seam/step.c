/* SPDX-License-Identifier: BSD-2-Clause */
#include "explore/schedule/patch.h"
#include "explore/seam/seam.h"
#include <explore/step.h>

static bool buffered; /* the agent that is in one step, outside of it */

static void begin(void)
{
	explore_point(0, NULL, NULL);
	if (!run_walking() || run_in_step++)
		return;
	buffered = explore_running->buffered;
	explore_running->buffered = false; /* its stores are visible at once */
}

void explore_step_begin(void)
{
	RUN_AT(explore_scenario->state);
	begin();
}

void explore_step_end(void)
{
	patch_settle();
	if (run_walking() && run_in_step && !--run_in_step)
		explore_running->buffered = buffered;
}

void explore_one_step(void (*fn)(void *arg), void *arg)
{
	explore_step_begin();
	fn(arg);
	explore_step_end();
}

enum { ON = 1, SN = 2 };

struct explore_posted explore_post(struct explore_descriptor *d, uint8_t vector, bool urgent)
{
	uint64_t bit = (uint64_t)1 << vector % 64, control;
	struct explore_posted p = { 0 };

	/* Each access of it is where the caller posts. */
	RUN_AT(explore_scenario->state);
	begin();
	RUN_AT(&d->pir[vector / 64]);
	p.merged = (uint64_t)seam_rmw(SEAM_OR, &d->pir[vector / 64], sizeof(bit), bit) & bit;
	RUN_AT(&d->control);
	control = (uint64_t)seam_load(&d->control, sizeof(control));
	/* X := ON == 0 and (URG or SN == 0); if X, ON := 1. */
	p.notify = !(control & ON) && (urgent || !(control & SN));
	if (p.notify)
		seam_store(&d->control, sizeof(control), control | ON);
	explore_step_end();
	p.notification = (uint8_t)(control >> 16);
	p.destination = (uint32_t)(control >> 32);
	return p;
}
