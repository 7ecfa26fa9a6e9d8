/* SPDX-License-Identifier: BSD-2-Clause */
/* The end of a vCPU, and its next life, against what is sent to it. */
#include "check/check.h"
#include "scenarios/scenarios.h"
#include "world/world.h"

/* Sends vector 0 to vCPU 0, if it is there: it may go a moment later. */
static void send(void *unused)
{
	world_read_lock();
	world.requested[0]++;
	if (pstd_msi_inject(&world.vm, world_msi(0, 0))) {
		explore_note("vCPU 0 is not there");
		world.dropped[0]++;
	}
	world_read_unlock();
}

/* vCPU 0 sleeps on pCPU 0's list, and vCPU 1 behind it: one goes, and the other is woken. */
static void setup_end_asleep(void)
{
	world_setup();
	world_sleep(0);
	world_sleep(1);
	world_post_to(1, 1);
	world.vcpu[0].ends = true;
	world.busy = 1;
}

static void end_asleep(void *unused)
{
	world_control_begin();
	pstd_vcpu_fini(&world.vcpu[0].hyp);
	world_control_end();
	world_free_vcpu(&world.vcpu[0]);
	world.busy = 0;
}

static const struct explore_agent end_asleep_agents[] = {
	WORLD_P0,
	{ "D", world_hardware, (void *)1, true },
	{ "S", send, NULL, false },
	{ "U", end_asleep, NULL, false },
};

const struct explore_scenario scenario_end_asleep = {
	.name = "end_asleep",
	.proves = "a vCPU goes while it sleeps: nobody wakes it, its neighbour is woken",
	SCENARIO_AGENTS(end_asleep_agents),
	.setup = setup_end_asleep,
	WORLD_SCENARIO(world_vcpus_change),
};

/* vCPU 1 goes, and comes back as new: with nothing that its last life left. */
static void replug(void *unused)
{
	struct world_vcpu *v = &world.vcpu[1];

	world_control_begin();
	pstd_vcpu_fini(&v->hyp);
	world_free_vcpu(v);
	explore_look_begin();
	world_violated(check_dead(v->hyp.pid), "vCPU 1");
	explore_look_end();
	v->freed = false;
	world.physical.apic[1] = (struct pstd_apic_page){ { 0 } };
	pstd_vcpu_init(&v->hyp, &world.pcpu[0].hyp);
	world_control_end();
	explore_note("vCPU 1 is there again");
	world_place(&world.pcpu[0], v);
	world.busy = 0;
}

static void setup_replug(void)
{
	world_setup();
	world_virtualize_ipis(true);
	world.home[WORLD_IPI] = 1;
	world_queue(0, 1, "i");
	world.busy = 1;
}

/* What came to the last life, or between the two, went with it. */
static void judge_replug(void)
{
	if (!world.handled[WORLD_IPI])
		world.dropped[WORLD_IPI] = world.requested[WORLD_IPI];
	world_judge();
}

static const struct explore_agent replug_agents[] = {
	WORLD_P0,
	{ "P1", world_pcpu, &world.pcpu[1], false },
	{ "U", replug, NULL, false },
};

const struct explore_scenario scenario_ipi_replug = {
	.name = "ipi_replug",
	.proves = "an IPI to a vCPU that goes and comes back: either life's, or nobody's",
	SCENARIO_AGENTS(replug_agents),
	.words = world_words,
	.regions = world_regions,
	.constants = world_vcpus_change,
	.state = &world,
	.state_size = sizeof(world),
	.setup = setup_replug,
	.each = world_judge_step,
	.finish = judge_replug,
};

/* vCPU 0 went while it slept, and comes back. Whoever finds it may post to it, and wake it. */
static void ready_again(void *unused)
{
	world_control_begin();
	pstd_vcpu_init(&world.vcpu[0].hyp, &world.pcpu[0].hyp);
	world_control_end();
	explore_note("vCPU 0 is there again");
	world_place(&world.pcpu[0], &world.vcpu[0]);
	world.busy = 0;
}

static void setup_ready_again(void)
{
	world_setup();
	world_sleep(0);
	pstd_vcpu_fini(&world.vcpu[0].hyp);
	world.physical.apic[0] = (struct pstd_apic_page){ { 0 } };
	world.busy = 1;
}

static const struct explore_agent ready_again_agents[] = {
	WORLD_P0,
	{ "S", send, NULL, false },
	{ "U", ready_again, NULL, false },
};

const struct explore_scenario scenario_ready_again = {
	.name = "ready_again",
	.proves = "a message to a vCPU that is readied again: it is not there, or all of it is",
	SCENARIO_AGENTS(ready_again_agents),
	.setup = setup_ready_again,
	WORLD_SCENARIO(world_vcpus_change),
};
