/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * IPI virtualization: a guest's CPU posts by itself, against all that its target
 * may do. In x2APIC mode, and in xAPIC mode.
 */
#include "scenarios/scenarios.h"
#include "world/world.h"

static const struct explore_agent agents[] = { WORLD_P0, WORLD_P1 };

/* vCPU 0 sends an IPI to vCPU 1: who loses the destination sends to itself. */
static void setup(const char *target, bool x2apic)
{
	world_setup();
	world_virtualize_ipis(x2apic);
	world.home[WORLD_IPI] = 1;
	world_queue(1, 0, target);
	world_queue(0, 1, "i");
}

static void setup_preempt(void)
{
	setup("t", true);
}

static void setup_halt(void)
{
	setup("h", false);
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

/* vCPU 1 comes into being on pCPU 0. */
static void plug(void *unused)
{
	world_control_begin();
	pstd_vcpu_init(&world.vcpu[1].hyp, &world.pcpu[0].hyp);
	world_control_end();
	explore_note("vCPU 1 is there");
	world_place(&world.pcpu[0], &world.vcpu[1]);
	world.busy = 0;
}

static void setup_plug_in(bool x2apic)
{
	setup("", x2apic);
	world.pcpu[0].queued = 0;
	world.physical.pid[1] = (struct pstd_desc){ .control = 0 };
	world.physical.pid_pointers[1] = 0;
	world.vcpus[1] = NULL;
	world.busy = 1;
}

static void setup_plug(void)
{
	setup_plug_in(true);
}

static void setup_plug_xapic(void)
{
	setup_plug_in(false);
}

/* An IPI that exited may have come too early. */
static void judge_plug(void)
{
	const uint64_t *exits = world.vcpu[0].hyp.exits;

	if ((exits[PSTD_VMX_EXIT_MSR_WRITE] || exits[PSTD_VMX_EXIT_APIC_WRITE]) &&
	    !world.handled[WORLD_IPI])
		world.dropped[WORLD_IPI] = world.requested[WORLD_IPI];
	world_judge();
}

static const struct explore_agent plug_agents[] = {
	WORLD_P0, WORLD_P1,
	{ "U", plug, NULL, false },
};

#define PLUG(setup_)                                                              \
	SCENARIO_AGENTS(plug_agents),                                             \
	.words = world_words, .regions = world_regions,                           \
	.constants = world_vcpus_change,                                          \
	.state = &world, .state_size = sizeof(world),                             \
	.setup = (setup_), .each = world_judge_step, .finish = judge_plug

const struct explore_scenario scenario_ipi_plug = {
	.name = "ipi_plug",
	.proves = "an IPI to a vCPU that is just made: it exits, or finds a whole descriptor",
	PLUG(setup_plug),
};

const struct explore_scenario scenario_ipi_plug_xapic = {
	.name = "ipi_plug_xapic",
	.proves = "the same by two stores to the page, in xAPIC mode",
	PLUG(setup_plug_xapic),
};

/* vCPU 1, which waits nowhere, goes and is freed. */
static void unplug(void *unused)
{
	world_control_begin();
	pstd_vcpu_fini(&world.vcpu[1].hyp);
	world_control_end();
	world_free_vcpu(&world.vcpu[1]);
	world.busy = 0;
}

static void setup_unplug(void)
{
	setup("", false);
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
	.regions = world_regions,
	.constants = world_vcpus_change,
	.state = &world,
	.state_size = sizeof(world),
	.setup = setup_unplug,
	.finish = judge_unplug,
};
