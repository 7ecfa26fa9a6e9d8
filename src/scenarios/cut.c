/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a VM entry brings, and does not reach its handler at once: exits cut deliveries
 * short, the caller injects something else, an instruction faults, the entry fails.
 */
#include "scenarios/scenarios.h"
#include "world/world.h"

/* An ExtINT of the caller's; an exception with an error code, and INT n, of two bytes. */
static const struct world_event events[] = {
	{ .info = WORLD_EXTINT | PSTD_VMX_INTR_VALID },
	{ .info = WORLD_EXCEPTION | PSTD_VMX_INTR_VALID | PSTD_VMX_INTR_ERROR_CODE |
	          (uint64_t)PSTD_VMX_TYPE_HARDWARE_EXCEPTION << 8,
	  .error_code = WORLD_ERROR_CODE },
	{ .info = WORLD_EXTINT | PSTD_VMX_INTR_VALID |
	          (uint64_t)PSTD_VMX_TYPE_SOFTWARE_INTERRUPT << 8,
	  .length = 2 },
};

/* So many of its deliveries are cut short, and of its entries fail, whichever those are. */
static void runs(unsigned cuts, unsigned fails)
{
	world_queue(0, 0, "");
	world.vcpu[0].cuts = cuts;
	world.vcpu[0].fails = fails;
}

static void setup_cut_short(void)
{
	world_setup();
	runs(1, 1);
}

static const struct explore_agent post[] = {
	WORLD_P0,
	{ "S", world_sender, (void *)0, false },
};

const struct explore_scenario scenario_cut_short = {
	.name = "cut_short",
	.proves = "an interrupt whose delivery an exit cuts short is delivered again, once",
	SCENARIO_AGENTS(post),
	.setup = setup_cut_short,
	WORLD_SCENARIO(world_posted),
};

static void setup_cut_inject(void)
{
	world_setup();
	world_emulate_apics();
	runs(2, 0);
	world.vcpu[0].event = events;
	world.vcpu[0].events = 1;
}

static const struct explore_agent software[] = {
	WORLD_P0,
	{ "S", world_software, (void *)0, false },
};

const struct explore_scenario scenario_cut_inject = {
	.name = "cut_inject",
	.proves = "the same of an injected one, and of the caller's own on top of it",
	SCENARIO_AGENTS(software),
	.setup = setup_cut_inject,
	WORLD_SCENARIO(world_injected),
};

static void setup_cut_nmi(void)
{
	world_setup();
	runs(2, 1);
	world.vcpu[0].event = events + 1;
	world.vcpu[0].events = 2;
}

static const struct explore_agent nmi[] = {
	WORLD_P0,
	{ "N", world_nmi, (void *)0, false },
};

const struct explore_scenario scenario_cut_nmi = {
	.name = "cut_nmi",
	.proves = "the same of an NMI, an exception, which keeps its error code, and INT n",
	SCENARIO_AGENTS(nmi),
	.setup = setup_cut_nmi,
	WORLD_SCENARIO(world_nmis),
};

/* Reserved bits, and a register that cannot be read. */
static const struct world_access bad[] = {
	{ WORLD_WRITE, PSTD_APIC_SVR, 1 << 20, PSTD_VMX_GP_VECTOR, 1 },
	{ WORLD_READ, PSTD_APIC_EOI, 0, PSTD_VMX_GP_VECTOR, 1 },
};

static void setup_fault(void)
{
	world_setup();
	world_emulate_apics();
	world_queue(0, 0, "a");
	world.vcpu[0].access = bad;
	world.vcpu[0].alternatives = 2;
}

static void either(void *unused)
{
	if (explore_choose(2))
		world_software((void *)0);
	else
		world_nmi((void *)0);
}

static const struct explore_agent interrupt_or_nmi[] = {
	WORLD_P0,
	{ "S", either, NULL, false },
};

const struct explore_scenario scenario_gp = {
	.name = "gp",
	.proves = "#GP of a bad access goes first: an NMI or an interrupt comes after it",
	SCENARIO_AGENTS(interrupt_or_nmi),
	.setup = setup_fault,
	WORLD_SCENARIO(world_nmis),
};
