/* SPDX-License-Identifier: BSD-2-Clause */
/* The run loop: a vCPU that is kicked, and a VM entry that is given up after its last step. */
#include "scenarios/scenarios.h"
#include "world/world.h"

static void runs(const char *program)
{
	world_setup();
	world_queue(0, 0, program);
}

static const struct explore_agent two_kickers[] = {
	WORLD_P0,
	{ "K", world_kicker, (void *)0, false },
	{ "L", world_kicker, (void *)1, false },
};

static const struct explore_agent one_kicker[] = {
	WORLD_P0,
	{ "K", world_kicker, (void *)0, false },
};

static void setup_kick(void)
{
	runs("x");
}

static void setup_kick_preempt(void)
{
	runs("t");
}

const struct explore_scenario scenario_kick = {
	.name = "kick",
	.proves = "two kicks against entry and exit: the owner sees what each of them asks",
	SCENARIO_AGENTS(two_kickers),
	.setup = setup_kick,
	WORLD_SCENARIO(world_kicks),
};

const struct explore_scenario scenario_kick_preempt = {
	.name = "kick_preempt",
	.proves = "a kick against preempt, load and entry",
	SCENARIO_AGENTS(one_kicker),
	.setup = setup_kick_preempt,
	WORLD_SCENARIO(world_kicks),
};

/* Nothing but the kicks wakes it, and it goes to sleep again. */
static void setup_kick_halt(void)
{
	runs("c");
}

const struct explore_scenario scenario_kick_halt = {
	.name = "kick_halt",
	.proves = "two kicks against a vCPU that halts: it sleeps over none, and halts on",
	SCENARIO_AGENTS(two_kickers),
	.setup = setup_kick_halt,
	WORLD_SCENARIO(world_kicks),
};

static const struct explore_agent kick_elsewhere[] = {
	WORLD_P0,
	{ "P1", world_pcpu, &world.pcpu[1], false },
	{ "K", world_kicker, (void *)0, false },
};

/* It is not entered there, for nothing has ended its halt. */
static void setup_kick_elsewhere(void)
{
	runs("c");
	world.wake_to = &world.pcpu[1];
}

const struct explore_scenario scenario_kick_elsewhere = {
	.name = "kick_elsewhere",
	.proves = "a kick while a vCPU goes to sleep: another pCPU loads it at once, still halted",
	SCENARIO_AGENTS(kick_elsewhere),
	.setup = setup_kick_elsewhere,
	WORLD_SCENARIO(world_kicks),
};

static const struct explore_agent kick_and_post[] = {
	WORLD_P0,
	{ "K", world_kicker, (void *)0, false },
	{ "S", world_software, (void *)0, false },
};

static void setup_kick_injected(void)
{
	runs("x");
	world_emulate_apics();
}

const struct explore_scenario scenario_kick_injected = {
	.name = "kick_injected",
	.proves = "a kick, and that of an interrupt to be injected: neither hides the other",
	SCENARIO_AGENTS(kick_and_post),
	.setup = setup_kick_injected,
	WORLD_SCENARIO(world_kicks),
};

static void gives_up(const char *program)
{
	runs(program);
	world.vcpu[0].gives_up = 1;
}

static const struct explore_agent one_software[] = {
	WORLD_P0,
	{ "S", world_software, (void *)0, false },
};

/* After that it may halt, and has to be woken then. */
static void setup_cancel(void)
{
	gives_up("");
	world.vcpu[0].halts = true;
}

const struct explore_scenario scenario_cancel = {
	.name = "cancel",
	.proves = "a post against a VM entry that is given up: the vCPU is in guest mode no more",
	SCENARIO_AGENTS(one_software),
	.setup = setup_cancel,
	WORLD_SCENARIO(world_posted),
};

/* Another, of a higher class, waits or comes before. */
static void setup_cancel_inject(void)
{
	gives_up("");
	world_emulate_apics();
	world_classes();
	world.requested[1]++;
	pstd_vcpu_deliver(&world.vcpu[0].hyp, world_vector(1));
}

const struct explore_scenario scenario_cancel_inject = {
	.name = "cancel_inject",
	.proves = "an interrupt whose VM entry is given up is injected by another, once",
	SCENARIO_AGENTS(one_software),
	.setup = setup_cancel_inject,
	WORLD_SCENARIO(world_injected),
};

static const struct explore_agent nmis[] = {
	WORLD_P0,
	{ "N", world_two_nmis, (void *)0, false },
};

static void setup_cancel_nmi(void)
{
	gives_up("x");
}

const struct explore_scenario scenario_cancel_nmi = {
	.name = "cancel_nmi",
	.proves = "an NMI whose VM entry is given up is injected by another, or merges",
	SCENARIO_AGENTS(nmis),
	.setup = setup_cancel_nmi,
	WORLD_SCENARIO(world_nmis),
};

static const struct explore_agent nmi_and_post[] = {
	WORLD_P0,
	{ "N", world_nmi, (void *)0, false },
	{ "S", world_software, (void *)0, false },
};

static void setup_cancel_both(void)
{
	gives_up("");
	world_emulate_apics();
}

const struct explore_scenario scenario_cancel_both = {
	.name = "cancel_both",
	.proves = "the same without APIC virtualization: an NMI and an interrupt, one an entry",
	SCENARIO_AGENTS(nmi_and_post),
	.setup = setup_cancel_both,
	WORLD_SCENARIO(world_nmis),
};

/* An ExtINT of the caller's, and an exception with an error code. */
static const struct world_event own[] = {
	{ .info = WORLD_EXTINT | PSTD_VMX_INTR_VALID },
	{ .info = WORLD_EXCEPTION | PSTD_VMX_INTR_VALID | PSTD_VMX_INTR_ERROR_CODE |
	          (uint64_t)PSTD_VMX_TYPE_HARDWARE_EXCEPTION << 8,
	  .error_code = WORLD_ERROR_CODE },
};

static void setup_cancel_own(void)
{
	gives_up("x");
	world_emulate_apics();
	world.vcpu[0].event = own;
	world.vcpu[0].events = 2;
}

const struct explore_scenario scenario_cancel_own = {
	.name = "cancel_own",
	.proves = "an event of the caller's own whose VM entry is given up is injected by another",
	SCENARIO_AGENTS(one_software),
	.setup = setup_cancel_own,
	WORLD_SCENARIO(world_injected),
};
