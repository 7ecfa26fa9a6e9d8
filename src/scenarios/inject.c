/* SPDX-License-Identifier: BSD-2-Clause */
/* Without APIC virtualization: software posts and kicks, and VM entry injects. */
#include "scenarios/scenarios.h"
#include "world/world.h"

static const struct explore_agent agents[] = {
	WORLD_P0,
	{ "S", world_software, (void *)0, false },
};

static void runs(const char *program)
{
	world_setup();
	world_emulate_apics();
	world_queue(0, 0, program);
}

/* One waits already, and comes with the first VM entry. */
static void setup_two(void)
{
	runs("de");
	world.requested[1]++;
	pstd_vcpu_deliver(&world.vcpu[0].hyp, world_vector(1));
}

static void setup_inject(void)
{
	runs("x");
}

static void setup_preempt(void)
{
	runs("t");
}

static void setup_window(void)
{
	runs("de");
}

static void setup_halt(void)
{
	runs("h");
}

const struct explore_scenario scenario_inject = {
	.name = "inject",
	.proves = "a request and its kick against exits and entries: it is injected once",
	SCENARIO_AGENTS(agents),
	.setup = setup_inject,
	WORLD_SCENARIO(world_injected),
};

const struct explore_scenario scenario_inject_two = {
	.name = "inject_two",
	.proves = "two requests of one class: one waits for the EOI of the other",
	SCENARIO_AGENTS(agents),
	.setup = setup_two,
	WORLD_SCENARIO(world_injected),
};

const struct explore_scenario scenario_inject_window = {
	.name = "inject_window",
	.proves = "a request while interrupts are disabled: the window exits, then it is injected",
	SCENARIO_AGENTS(agents),
	.setup = setup_window,
	WORLD_SCENARIO(world_injected),
};

const struct explore_scenario scenario_inject_preempt = {
	.name = "inject_preempt",
	.proves = "a request and its kick against preempt, load and enter",
	SCENARIO_AGENTS(agents),
	.setup = setup_preempt,
	WORLD_SCENARIO(world_injected),
};

const struct explore_scenario scenario_inject_halt = {
	.name = "inject_halt",
	.proves = "a request against a vCPU that halts: it does not sleep, or it is woken",
	SCENARIO_AGENTS(agents),
	.setup = setup_halt,
	WORLD_SCENARIO(world_injected),
};
