/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words that an agent's condition looks at. Of code whose accesses come in through a
 * seam they are found by asking once more, when the step is taken.
 */
#include "explore/schedule/lent.h"
#include "explore/schedule/parts.h"
#include "explore/schedule/patch.h"
#include "explore/schedule/points.h"

enum { HEARD = 64 };

static uint8_t lookers;
static const char *above; /* whoever looks, on whatever stack, has frames of his own below */
static bool hears;
static unsigned count;
static struct {
	const void *p;
	size_t size;
} heard[HEARD];

void hear_looks(uint8_t who)
{
	lookers = who;
	above = __builtin_frame_address(0);
}

static bool is_own(const void *p)
{
	const char *below = __builtin_frame_address(0);

	return (const char *)p < above && (const char *)p > below;
}

void run_heard(const void *p, size_t size)
{
	if (lookers && size && !is_own(p)) {
		lent_looked(p, size, lookers);
		points_looked(p, size, lookers);
	}
	if (!hears)
		return;
	if (count < HEARD) {
		heard[count].p = p;
		heard[count].size = size;
	}
	count++;
}

void hear_begin(void)
{
	hears = false;
}

void hear(bool (*ready)(const void *arg), const void *arg)
{
	struct agent *running = explore_running;

	explore_running = NULL;
	run_asks = running;
	hears = true;
	count = 0;
	ready(arg);
	hears = false;
	run_asks = NULL;
	patch_settle();
	explore_running = running;
	if (count > HEARD)
		run_unfit("a condition looks at memory more than %d times", HEARD);
	for (unsigned i = 0; i < count && i < HEARD; i++)
		for (size_t at = 0; at < heard[i].size; at += 8 - ((uintptr_t)heard[i].p + at) % 8)
			explore_touch((const char *)heard[i].p + at, false);
}
