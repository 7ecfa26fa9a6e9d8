/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What an interrupt's way is made of comes, goes and comes again while a device fires:
 * host interrupt, irqfd, route, vCPU. No vCPU runs, but for one that sleeps.
 */
#include "scenarios/scenarios.h"
#include "world/world.h"

/* Its GSI leads to vCPU 1 when it comes again, and vCPU 0 is gone. */
static void reassign(void *unused)
{
	const struct pstd_msi_msg msi = world_msi(1, 1);

	world_control_begin();
	pstd_irqfd_deassign(&world.device[0].irqfd);
	pstd_route_set(&world.vm, 0, &msi);
	explore_note("the irqfd is deassigned, the route leads to vCPU 1");
	world_free_vcpu(&world.vcpu[0]);
	pstd_irqfd_assign(&world.device[0].irqfd);
	explore_note("the irqfd is assigned anew");
	world_settle(0);
	world_control_end();
	world.busy--;
}

static const struct explore_agent reassign_agents[] = { WORLD_HOST(reassign) };

const struct explore_scenario scenario_reassign = {
	.name = "reassign",
	.proves = "a signal finds an irqfd of two lives in one of them, or user space between",
	SCENARIO_AGENTS(reassign_agents),
	.setup = world_setup_rerouted,
	WORLD_SCENARIO(world_remapped),
};

static void request(void *unused)
{
	world_control_begin();
	if (pstd_irq_request(&world.device[0].irq, &world.pcpu[0].hyp))
		explore_fail("refused: a vector for device 0");
	explore_note("the device has a host vector");
	world_settle(0);
	world_control_end();
	world.busy--;
}

static void setup_request(void)
{
	world_setup();
	world.unscheduled = true;
	world.busy = 1;
	world.device[0].begins = true;
	world.physical.irte[0] = (struct pstd_irte){ { 0, 0 } };
}

static const struct explore_agent request_agents[] = { WORLD_HOST(request) };

const struct explore_scenario scenario_request = {
	.name = "request",
	.proves = "a device that fires while its interrupt is requested is blocked, or handled",
	SCENARIO_AGENTS(request_agents),
	.setup = setup_request,
	WORLD_SCENARIO(world_remapped),
};

static void connect(void *unused)
{
	world_control_begin();
	pstd_bypass_register(&world.device[0].irq);
	explore_note("bypass is connected");
	world_settle(0);
	world_control_end();
	world.busy--;
}

static void reroute(void *unused)
{
	const struct pstd_msi_msg msi = world_msi(1, 1);

	world_control_begin();
	pstd_route_set(&world.vm, 0, &msi);
	explore_note("the route leads to vCPU 1");
	world_settle(0);
	world_control_end();
	world.busy--;
}

static void setup_two_controls(void)
{
	world_setup_rerouted();
	world.busy = 2;
	world.contended = true;
}

static const struct explore_agent two_controls[] = {
	WORLD_HOST(connect),
	{ "V", reroute, NULL, false },
};

const struct explore_scenario scenario_two_controls = {
	.name = "two_controls",
	.proves = "a route changes and bypass connects, each under the lock: the entry heeds both",
	SCENARIO_AGENTS(two_controls),
	.setup = setup_two_controls,
	WORLD_SCENARIO(world_remapped),
};

static void setup_user_wake(void)
{
	world_setup();
	world_device(0, 0);
	world_sleep(0);
}

static const struct explore_agent user_wake[] = {
	{ "D", world_hardware, (void *)0, true },
	WORLD_P0,
	{ "VMM", world_reader, (void *)0, false },
};

const struct explore_scenario scenario_user_wake = {
	.name = "user_wake",
	.proves = "user space injects into a vCPU that sleeps, and wakes it",
	SCENARIO_AGENTS(user_wake),
	.setup = setup_user_wake,
	WORLD_SCENARIO(world_remapped),
};
