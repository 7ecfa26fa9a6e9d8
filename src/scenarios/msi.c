/* SPDX-License-Identifier: BSD-2-Clause */
/* Posted MSI: the host's own interrupts are posted, against the handler that takes them. */
#include "scenarios/scenarios.h"
#include "world/world.h"

static const struct explore_agent agents[] = {
	WORLD_P0,
	{ "D", world_hardware, (void *)0, true },
	{ "E", world_hardware, (void *)1, true },
};

/* What arrives goes on to user space, which only counts it. */
static void setup(void)
{
	world_setup();
	world.unscheduled = true;
	world_msi_device(0, 0);
	world_msi_device(1, 0);
}

/* Each notification, and nothing else, got an EOI. */
static void judge(void)
{
	const struct world_pcpu *p = &world.pcpu[0];

	world_judge();
	if (p->hyp.pmn != p->cpu.lapic.eois)
		explore_fail("%u notifications, but %u EOIs", (unsigned)p->hyp.pmn,
		             (unsigned)p->cpu.lapic.eois);
	if (p->hyp.msi->control & PSTD_ON || !pstd_pir_empty(p->hyp.msi))
		explore_fail("lost: an interrupt stays posted to pCPU 0");
}

const struct explore_scenario scenario_posted_msi = {
	.name = "posted_msi",
	.proves = "two devices post to the host at once: none is lost, one EOI a notification",
	SCENARIO_AGENTS(agents),
	.words = world_words,
	.regions = world_regions,
	.constants = world_msi_posted,
	.state = &world,
	.state_size = sizeof(world),
	.setup = setup,
	.finish = judge,
};

/* The next owner of the vector, whose device sends nothing. */
static void free_irq(void *unused)
{
	world_control_begin();
	if (pstd_irq_free(&world.device[0].irq)) {
		explore_note("what was posted is given up");
		world.dropped[0]++;
	}
	world_settle(0);
	world_free_irq(&world.device[0].irq);
	if (pstd_irq_request(&world.device[1].irq, &world.pcpu[0].hyp))
		explore_fail("refused: a vector for device 1");
	world_settle(1);
	world_control_end();
	world.busy = 0;
}

static void setup_free(void)
{
	world_setup();
	world.unscheduled = true;
	world_msi_device(0, 0);
	world.device[0].ends = true;
	world.device[1].irq.posted_msi = true;
	world.busy = 1;
}

static const struct explore_agent free_agents[] = {
	WORLD_P0,
	{ "D", world_hardware, (void *)0, true },
	{ "U", free_irq, NULL, false },
};

const struct explore_scenario scenario_free_msi = {
	.name = "free_msi",
	.proves = "a posted MSI is freed while it fires: it never reaches the next of its vector",
	SCENARIO_AGENTS(free_agents),
	.setup = setup_free,
	WORLD_SCENARIO(world_remapped_msi),
};
