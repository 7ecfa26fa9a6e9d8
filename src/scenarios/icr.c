/* SPDX-License-Identifier: BSD-2-Clause */
/* Every form of an IPI that exits: shorthands, logical destinations, lowest priority, NMI. */
#include "scenarios/scenarios.h"
#include "world/world.h"

enum { FIRST = 1, SENDER = 2, BOTH = 3, EVEN = WORLD_VECTOR + 1, IPI = WORLD_VECTOR + WORLD_IPI };

#define DLM(mode) ((uint64_t)(mode) << 8)
#define SHORTHAND(to) ((uint64_t)(to) << 18)
#define DEST(id) ((uint64_t)(id) << 32)

/* In x2APIC mode; the logical ids of vCPUs 0 and 1 are bits 0 and 1 of cluster 0. */
static const struct world_access forms[] = {
	{ WORLD_WRITE, PSTD_APIC_ICR, SHORTHAND(PSTD_APIC_TO_SELF) | IPI, IPI, SENDER },
	{ WORLD_WRITE, PSTD_APIC_ICR, SHORTHAND(PSTD_APIC_TO_ALL) | IPI, IPI, BOTH },
	{ WORLD_WRITE, PSTD_APIC_ICR, SHORTHAND(PSTD_APIC_TO_OTHERS) | IPI, IPI, FIRST },
	{ WORLD_WRITE, PSTD_APIC_ICR, DEST(PSTD_APIC_X2APIC_BROADCAST) | IPI, IPI, BOTH },
	{ WORLD_WRITE, PSTD_APIC_ICR, DEST(3) | PSTD_APIC_ICR_LOGICAL | IPI, IPI, BOTH },
	/* By vector hashing: the first of two. */
	{ WORLD_WRITE, PSTD_APIC_ICR,
	  DEST(3) | PSTD_APIC_ICR_LOGICAL | DLM(PSTD_APIC_DM_LOWEST) | EVEN, EVEN, FIRST },
	{ WORLD_WRITE, PSTD_APIC_ICR, SHORTHAND(PSTD_APIC_TO_OTHERS) | DLM(PSTD_APIC_DM_NMI),
	  PSTD_VMX_NMI_VECTOR, FIRST },
	/* These reach nobody. */
	{ WORLD_WRITE, PSTD_APIC_ICR, DEST(WORLD_VCPUS) | IPI, 0, 0 },
	{ WORLD_WRITE, PSTD_APIC_ICR,
	  DEST(4) | PSTD_APIC_ICR_LOGICAL | DLM(PSTD_APIC_DM_LOWEST) | IPI, 0, 0 },
	{ WORLD_WRITE, PSTD_APIC_ICR, SHORTHAND(PSTD_APIC_TO_OTHERS) | DLM(PSTD_APIC_DM_INIT), 0,
	  0 },
	{ WORLD_WRITE, PSTD_APIC_ICR, SHORTHAND(PSTD_APIC_TO_ALL) | (PSTD_APIC_FIRST_VECTOR - 1), 0,
	  0 },
};

static const struct explore_agent agents[] = {
	WORLD_P0,
	{ "P1", world_pcpu, &world.pcpu[1], false },
};

static void setup(void)
{
	world_setup();
	for (unsigned n = 0; n < WORLD_VECTORS; n++)
		world.home[n] = WORLD_ANYBODY;
	world_queue(0, 0, "");
	world_queue(1, 1, "a");
	world.vcpu[1].access = forms;
	world.vcpu[1].alternatives = sizeof(forms) / sizeof(forms[0]);
}

/* Each vCPU took what was for it, and no more. */
static void judge(void)
{
	world_judge();
	for (unsigned i = 0; i < WORLD_VCPUS; i++)
		if (world.vcpu[i].took != world.vcpu[i].expects)
			explore_fail("misdirected: vCPU %u takes %u interrupts, not %u", i,
			             world.vcpu[i].took, world.vcpu[i].expects);
}

const struct explore_scenario scenario_icr = {
	.name = "icr",
	.proves = "each form of an IPI that exits reaches those whom it means, once",
	SCENARIO_AGENTS(agents),
	.words = world_words,
	.regions = world_regions,
	.constants = world_nmis,
	.state = &world,
	.state_size = sizeof(world),
	.setup = setup,
	.each = world_judge_step,
	.finish = judge,
};
