/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest's task priority: what comes while it is raised waits until it is lowered. */
#include "exec/explore/scenarios.h"
#include "exec/explore/world.h"

static const struct explore_agent agents[] = {
	WORLD_P0,
	{ "S", world_sender, (void *)0, false },
};

/* It exits in between: the entry finds what waits. */
static void setup(void)
{
	world_setup();
	world_queue(0, 0, "pxl");
}

const struct explore_scenario scenario_task_priority = {
	.name = "task_priority",
	.proves = "a post to a guest that masks it by CR8: handled when it may be, not before",
	SCENARIO_AGENTS(agents),
	.setup = setup,
	WORLD_SCENARIO(world_posted),
};

/* No device posts without APIC virtualization. */
static const struct explore_agent software[] = {
	WORLD_P0,
	{ "S", world_software, (void *)0, false },
};

/* The kick is an exit of its own. */
static void setup_emulated(void)
{
	world_setup();
	world_emulate_apics();
	world_queue(0, 0, "pl");
}

const struct explore_scenario scenario_tpr_threshold = {
	.name = "tpr_threshold",
	.proves = "the same, injected: lowering the priority below what waits exits for it",
	SCENARIO_AGENTS(software),
	.setup = setup_emulated,
	WORLD_SCENARIO(world_injected),
};
