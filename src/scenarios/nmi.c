/* SPDX-License-Identifier: BSD-2-Clause */
/* NMIs against a vCPU's way to guest mode and to sleep. */
#include "scenarios/scenarios.h"
#include "world/world.h"

static const struct explore_agent agents[] = {
	WORLD_P0,
	{ "N", world_two_nmis, (void *)0, false },
};

static void setup_nmi(void)
{
	world_setup();
	world_queue(0, 0, "x");
}

/* First with interrupts enabled, then disabled: nobody else wakes it there. */
static void setup_halt(void)
{
	world_setup();
	world_queue(0, 0, "hc");
}

const struct explore_scenario scenario_nmi = {
	.name = "nmi",
	.proves = "NMIs against entry and exit: one during another's handler waits for the window",
	SCENARIO_AGENTS(agents),
	.setup = setup_nmi,
	WORLD_SCENARIO(world_nmis),
};

const struct explore_scenario scenario_nmi_halt = {
	.name = "nmi_halt",
	.proves = "NMIs against a vCPU that halts, also with interrupts disabled: each ends a halt",
	SCENARIO_AGENTS(agents),
	.setup = setup_halt,
	WORLD_SCENARIO(world_nmis),
};
