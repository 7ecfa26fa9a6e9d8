/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's own vectors beside a device's: the caller's, and the spurious one. */
#include "scenarios/scenarios.h"
#include "world/world.h"

static void callers_own(void *unused)
{
	explore_rest(NULL, NULL);
	world_send(0, WORLD_CALLERS, -1);
}

static void setup(void)
{
	world_setup();
	world.unscheduled = true;
	world_device(0, 0);
	world.pcpu[0].masks = true;
}

/* Each is counted, and was handed on; world_judge counts the EOIs. */
static void judge(void)
{
	const struct world_pcpu *p = &world.pcpu[0];
	unsigned spurious = !p->masks;

	world_judge();
	if (p->callers != 1)
		explore_fail("lost: of one vector of its own the caller is handed %u", p->callers);
	if (p->hyp.spurious != spurious || p->hyp.interrupts != 2 + spurious)
		explore_fail("of %u host vectors, %u of them spurious, %u and %u are counted",
		             2 + spurious, spurious, (unsigned)p->hyp.interrupts,
		             (unsigned)p->hyp.spurious);
}

static const struct explore_agent agents[] = {
	WORLD_P0,
	{ "D", world_hardware, (void *)0, true },
	{ "C", callers_own, NULL, true },
};

const struct explore_scenario scenario_host_vectors = {
	.name = "host_vectors",
	.proves = "the host's own vectors beside a device's: one EOI each, none if it is spurious",
	SCENARIO_AGENTS(agents),
	.words = world_words,
	.regions = world_regions,
	.state = &world,
	.state_size = sizeof(world),
	.setup = setup,
	.finish = judge,
};
