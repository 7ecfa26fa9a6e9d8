/* SPDX-License-Identifier: BSD-2-Clause */
/* IPI virtualization: a guest's CPU posts by itself, against all that its target may do. */
#include "exec/explore/scenarios.h"
#include "exec/explore/world.h"

static const struct explore_agent agents[] = { WORLD_P0, WORLD_P1 };

/* vCPU 1 sends an IPI to vCPU 0. */
static void setup(const char *target)
{
	world_setup();
	world_virtualize_ipis();
	world_queue(0, 0, target);
	world_queue(1, 1, "i");
}

static void setup_preempt(void)
{
	setup("t");
}

static void setup_halt(void)
{
	setup("h");
}

const struct explore_scenario scenario_ipi_preempt = {
	.name = "ipi_preempt",
	.proves = "a virtualized IPI against a vCPU that is preempted, loaded and entered",
	SCENARIO_AGENTS(agents),
	.setup = setup_preempt,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_ipi_halt = {
	.name = "ipi_halt",
	.proves = "a virtualized IPI against a vCPU that halts: it does not sleep, or it is woken",
	SCENARIO_AGENTS(agents),
	.setup = setup_halt,
	WORLD_SCENARIO(world_posted),
};

/* vCPU 0 comes into being on pCPU 0. */
static void plug(void *unused)
{
	hyp_vcpu_init(&world.vcpu[0].hyp, &world.pcpu[0].hyp);
	explore_note("vCPU 0 is there");
	world_place(&world.pcpu[0], &world.vcpu[0]);
	world.busy = 0;
}

static void setup_plug(void)
{
	setup("");
	world.pcpu[0].queued = 0;
	world.physical.pid[0] = (struct pi_desc){ .control = 0 };
	world.physical.pid_pointers[0] = 0;
	world.busy = 1;
}

static const struct explore_agent plug_agents[] = {
	WORLD_P0, WORLD_P1,
	{ "U", plug, NULL, false },
};

const struct explore_scenario scenario_ipi_plug = {
	.name = "ipi_plug",
	.proves = "an IPI to a vCPU that is just made: it exits, or finds a whole descriptor",
	SCENARIO_AGENTS(plug_agents),
	.setup = setup_plug,
	WORLD_SCENARIO(world_posted),
};

/* vCPU 0, which waits nowhere, goes and is freed. */
static void unplug(void *unused)
{
	hyp_vcpu_fini(&world.vcpu[0].hyp);
	world_free_vcpu(&world.vcpu[0]);
	world.busy = 0;
}

static void setup_unplug(void)
{
	setup("");
	world.pcpu[0].queued = 0;
	world.unscheduled = true;
	world.busy = 1;
}

/* What came too late went nowhere. */
static void judge_unplug(void)
{
	world.dropped[WORLD_IPI] = world.requested[WORLD_IPI];
	world_judge();
}

static const struct explore_agent unplug_agents[] = {
	{ "P1", world_pcpu, &world.pcpu[1], false },
	{ "U", unplug, NULL, false },
};

const struct explore_scenario scenario_ipi_unplug = {
	.name = "ipi_unplug",
	.proves = "an IPI to a vCPU that goes: nothing posts to it when it is gone",
	SCENARIO_AGENTS(unplug_agents),
	.words = world_words,
	.constants = world_vcpus_change,
	.state = &world,
	.state_size = sizeof(world),
	.setup = setup_unplug,
	.finish = judge_unplug,
};
