/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device's interrupt against control operations: its remapping entry is
 * rewritten, bypass connects and disconnects, irqfds come and go, routes
 * change, the VM is destroyed. No vCPU runs: what arrives may stay where it is,
 * but it must arrive where it belongs.
 */
#include "scenarios/scenarios.h"
#include "world/world.h"

static void setup_bypass(void)
{
	world_setup_irqfd();
	pstd_bypass_register(&world.device[0].irq);
}

static void rewrite(void *unused)
{
	const struct pstd_msi_msg msi = world_msi(1, 1);

	world_control_begin();
	pstd_bypass_register(&world.device[0].irq);
	explore_note("the entry posts to vCPU 0");
	world_settle(0);
	pstd_route_set(&world.vm, 0, &msi);
	explore_note("the entry posts to vCPU 1");
	world_settle(0);
	world_control_end();
	world.busy = 0;
}

static const struct explore_agent rewrite_agents[] = {
	{ "D", world_hardware, (void *)0, true },
	{ "U", rewrite, NULL, false },
};

const struct explore_scenario scenario_rewrite = {
	.name = "rewrite",
	.proves = "a request sees its remapping entry old or new, never torn, as it is rewritten",
	SCENARIO_AGENTS(rewrite_agents),
	.setup = world_setup_rerouted,
	WORLD_SCENARIO(world_remapped),
};

static void bypass(void *unused)
{
	world_control_begin();
	pstd_bypass_register(&world.device[0].irq);
	explore_note("bypass is connected");
	world_settle(0);
	pstd_bypass_unregister(&world.device[0].irq);
	explore_note("bypass is disconnected");
	world_settle(0);
	world_control_end();
	world.busy = 0;
}

static const struct explore_agent bypass_agents[] = { WORLD_HOST(bypass) };

const struct explore_scenario scenario_bypass = {
	.name = "bypass",
	.proves = "a device's interrupt arrives while bypass connects and disconnects",
	SCENARIO_AGENTS(bypass_agents),
	.setup = world_setup_irqfd,
	WORLD_SCENARIO(world_remapped),
};

/* The same, and while it is the host's own it is posted to pCPU 0. */
static void setup_posted_msi(void)
{
	world_setup();
	world.unscheduled = true;
	world.busy = 1;
	world_msi_device(0, 0);
	pstd_irqfd_assign(&world.device[0].irqfd);
}

const struct explore_scenario scenario_bypass_msi = {
	.name = "bypass_msi",
	.proves = "an entry goes from the host's descriptor to a vCPU's and back: nothing is lost",
	SCENARIO_AGENTS(bypass_agents),
	.setup = setup_posted_msi,
	WORLD_SCENARIO(world_remapped_msi),
};

/* The same with vCPU 0 on pCPU 1: it halts, and each way of the interrupt must wake it. */
static void setup_hotplug(void)
{
	world_setup_irqfd();
	world.unscheduled = false;
	world_queue(0, 1, "h");
}

static const struct explore_agent hotplug_agents[] = {
	WORLD_HOST(bypass),
	WORLD_P1,
};

const struct explore_scenario scenario_hotplug = {
	.name = "hotplug",
	.proves = "bypass connects and disconnects while the device's vCPU halts elsewhere",
	SCENARIO_AGENTS(hotplug_agents),
	.setup = setup_hotplug,
	WORLD_SCENARIO(world_remapped),
};

static void irqfd(void *unused)
{
	world_control_begin();
	pstd_irqfd_assign(&world.device[0].irqfd);
	explore_note("the irqfd is assigned");
	pstd_irqfd_deassign(&world.device[0].irqfd);
	world_settle(0);
	world_control_end();
	world_free_irqfd(&world.device[0].irqfd);
	world.busy = 0;
}

static const struct explore_agent irqfd_agents[] = { WORLD_HOST(irqfd) };

const struct explore_scenario scenario_irqfd = {
	.name = "irqfd",
	.proves = "a signal finds an irqfd that comes and goes, or user space; never a freed one",
	SCENARIO_AGENTS(irqfd_agents),
	.setup = world_setup_host,
	WORLD_SCENARIO(world_remapped),
};

static const struct explore_agent user_agents[] = {
	WORLD_HOST(irqfd),
	{ "VMM", world_reader, (void *)0, false },
};

const struct explore_scenario scenario_user = {
	.name = "user",
	.proves = "the same, and user space injects what the irqfd did not take",
	SCENARIO_AGENTS(user_agents),
	.setup = world_setup_host,
	WORLD_SCENARIO(world_remapped),
};

static void route(void *unused)
{
	const struct pstd_msi_msg msi = world_msi(1, 1);

	world_control_begin();
	pstd_route_set(&world.vm, 0, &msi);
	explore_note("the route leads to vCPU 1");
	world_settle(0);
	world_control_end();
	world.busy = 0;
}

static const struct explore_agent route_agents[] = { WORLD_HOST(route) };

const struct explore_scenario scenario_route = {
	.name = "route",
	.proves = "a signal takes the route that was or the one that is, never parts of both",
	SCENARIO_AGENTS(route_agents),
	.setup = world_setup_rerouted,
	WORLD_SCENARIO(world_remapped),
};

/*
 * The guest's driver gives its posted interrupt to vCPU 1, as vector 1, by
 * writing the device's MSI-X table; both vCPUs run, each on its pCPU.
 */
static void setup_affinity(void)
{
	world_setup_rerouted();
	pstd_bypass_register(&world.device[0].irq);
	world.unscheduled = false;
	world_queue(0, 0, "");
	world_queue(1, 1, "");
}

static const struct explore_agent affinity_agents[] = {
	{ "D", world_hardware, (void *)0, true },
	{ "U", route, NULL, false },
	WORLD_P0,
	WORLD_P1,
};

const struct explore_scenario scenario_affinity = {
	.name = "affinity",
	.proves = "a posted interrupt is given to another vCPU: it arrives at the old or the new",
	SCENARIO_AGENTS(affinity_agents),
	.setup = setup_affinity,
	WORLD_SCENARIO(world_remapped),
};

static void unroute(void *unused)
{
	world_control_begin();
	pstd_route_set(&world.vm, 0, NULL);
	explore_note("the route is gone");
	world_settle(0);
	world_control_end();
	world_free_vcpu(&world.vcpu[0]);
	world.busy = 0;
}

static const struct explore_agent unroute_agents[] = { WORLD_HOST(unroute) };

const struct explore_scenario scenario_unroute = {
	.name = "unroute",
	.proves = "after a posted entry's route is cleared nothing posts to its vCPU",
	SCENARIO_AGENTS(unroute_agents),
	.setup = setup_bypass,
	WORLD_SCENARIO(world_remapped),
};

/* The entry stays the host's: signals that are under way found the irqfd, and its target. */
const struct explore_scenario scenario_unroute_irqfd = {
	.name = "unroute_irqfd",
	.proves = "a signal under way while its route is cleared does not find its vCPU freed",
	SCENARIO_AGENTS(unroute_agents),
	.setup = world_setup_irqfd,
	WORLD_SCENARIO(world_remapped),
};

/*
 * The VM is destroyed: user space closes bypass and irqfd in either order, or
 * the irqfd alone, for the device's driver lives on. Then the vCPU is freed.
 */
static void destroy(void *unused)
{
	unsigned order = explore_choose(3);

	world_control_begin();
	if (order == 1)
		pstd_bypass_unregister(&world.device[0].irq);
	pstd_irqfd_deassign(&world.device[0].irqfd);
	if (order == 2)
		pstd_bypass_unregister(&world.device[0].irq);
	world_settle(0);
	world_control_end();
	world_free_irqfd(&world.device[0].irqfd);
	world_free_vcpu(&world.vcpu[0]);
	world.busy = 0;
}

static const struct explore_agent destroy_agents[] = { WORLD_HOST(destroy) };

const struct explore_scenario scenario_destroy = {
	.name = "destroy",
	.proves = "a VM is destroyed: nothing posts to its vCPU nor uses its irqfd afterwards",
	SCENARIO_AGENTS(destroy_agents),
	.setup = setup_bypass,
	WORLD_SCENARIO(world_remapped),
};

static void setup_free_irq(void)
{
	setup_bypass();
	world.device[0].ends = true;
}

static void free_irq(void *unused)
{
	world_control_begin();
	pstd_bypass_unregister(&world.device[0].irq);
	pstd_irq_free(&world.device[0].irq);
	world_settle(0);
	world_control_end();
	world_free_irq(&world.device[0].irq);
	world.busy = 0;
}

static const struct explore_agent free_irq_agents[] = { WORLD_HOST(free_irq) };

const struct explore_scenario scenario_free_irq = {
	.name = "free_irq",
	.proves = "a device's host interrupt is freed while it fires: nobody uses it afterwards",
	SCENARIO_AGENTS(free_irq_agents),
	.setup = setup_free_irq,
	WORLD_SCENARIO(world_remapped),
};
