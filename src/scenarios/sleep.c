/* SPDX-License-Identifier: BSD-2-Clause */
/* Posts against vCPUs that halt, sleep and are woken, here or elsewhere. */
#include "scenarios/scenarios.h"
#include "world/world.h"

static const struct explore_agent one_pcpu[] = {
	WORLD_P0,
	{ "S", world_sender, (void *)0, false },
	{ "T", world_sender, (void *)1, false },
};

static const struct explore_agent two_wakers[] = {
	WORLD_P0,
	{ "D", world_hardware, (void *)0, true },
	{ "S", world_software, (void *)1, false },
};

static const struct explore_agent two_pcpus[] = {
	WORLD_P0,
	WORLD_P1,
	{ "S", world_sender, (void *)0, false },
	{ "T", world_software, (void *)1, false },
};

static void setup_halt(void)
{
	world_setup();
	world_queue(0, 0, "h");
}

static void setup_halt_twice(void)
{
	world_setup();
	world_queue(0, 0, "hh");
}

static void setup_masked(void)
{
	world_setup();
	world_queue(0, 0, "c");
}

static void setup_elsewhere(void)
{
	world_setup();
	world_queue(0, 0, "h");
	world.wake_to = &world.pcpu[1];
}

/* HLT does not exit; a posted interrupt, and one through the host's irqfd. */
static void setup_hlt(void)
{
	world_setup();
	world.hyp.hlt_exiting = false;
	world_device(1, 0);
	pstd_irqfd_assign(&world.device[1].irqfd);
	world_queue(0, 0, "h");
}

static const struct explore_agent two_devices[] = {
	WORLD_P0,
	{ "D", world_hardware, (void *)0, true },
	{ "E", world_hardware, (void *)1, true },
};

static void setup_asleep(void)
{
	world_setup();
	world_sleep(0);
}

static void setup_two_sleepers(void)
{
	world_setup();
	world_sleep(0);
	world_sleep(1);
	world_post_to(1, 1);
	world.vcpu[0].program = world.vcpu[1].program = "h";
}

const struct explore_scenario scenario_halt = {
	.name = "halt",
	.proves = "a post against a vCPU that halts: it does not sleep, or it is woken",
	.agents = one_pcpu,
	.agent_count = 3,
	.setup = setup_halt,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_halt_twice = {
	.name = "halt_twice",
	.proves = "the same when it halts again: it joins the wake-up list once each time",
	.agents = one_pcpu,
	.agent_count = 3,
	.setup = setup_halt_twice,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_masked = {
	.name = "masked",
	.proves = "a post does not end a halt with interrupts disabled, nor disturbs it",
	.agents = one_pcpu,
	.agent_count = 3,
	.setup = setup_masked,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_hlt = {
	.name = "hlt",
	.proves = "a posted interrupt and the host's end a HLT that does not exit",
	.agents = two_devices,
	.agent_count = 4,
	.setup = setup_hlt,
	WORLD_SCENARIO(world_remapped),
};

const struct explore_scenario scenario_wake = {
	.name = "wake",
	.proves = "a wake-up vector and software at once wake a sleeper, once",
	.agents = two_wakers,
	.agent_count = 4,
	.setup = setup_asleep,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_wake_elsewhere = {
	.name = "wake_elsewhere",
	.proves = "the wake-up handler here against the load of the woken vCPU on another pCPU",
	.agents = two_pcpus,
	.agent_count = 5,
	.setup = setup_elsewhere,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_two_sleepers = {
	.name = "two_sleepers",
	.proves = "two vCPUs sleep on one pCPU's list, and each is woken by its own interrupt",
	.agents = one_pcpu,
	.agent_count = 4,
	.setup = setup_two_sleepers,
	WORLD_SCENARIO(world_posted),
};
