/* SPDX-License-Identifier: BSD-2-Clause */
/* What a guest holds back: by its task priority, by class, or by STI. */
#include "scenarios/scenarios.h"
#include "world/world.h"

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

/* It masks the class of vector 0, which waits already, and halts: only vector 1 wakes it. */
static void setup_classes(void)
{
	world_setup();
	world_classes();
	world_queue(0, 0, "hl");
	world.vcpu[0].priority = world_vector(0) >> 4;
	pstd_apic_write(world.vcpu[0].hyp.apic, PSTD_APIC_TPR, world_vector(0) & 0xf0);
	world.requested[0]++;
	pstd_vcpu_deliver(&world.vcpu[0].hyp, world_vector(0));
}

static const struct explore_agent two_classes[] = {
	WORLD_P0,
	{ "S", world_sender, (void *)1, false },
};

const struct explore_scenario scenario_two_classes = {
	.name = "two_classes",
	.proves = "of two classes the one that is not masked ends a halt, and the other comes last",
	SCENARIO_AGENTS(two_classes),
	.setup = setup_classes,
	WORLD_SCENARIO(world_posted),
};

/* As guests idle: what came while interrupts were disabled is there when it halts. */
static void setup_sti_halt(void)
{
	world_setup();
	world_queue(0, 0, "ds");
}

const struct explore_scenario scenario_sti_halt = {
	.name = "sti_halt",
	.proves = "a halt right behind STI, with a vector taken in before: it does not sleep",
	SCENARIO_AGENTS(agents),
	.setup = setup_sti_halt,
	WORLD_SCENARIO(world_posted),
};
