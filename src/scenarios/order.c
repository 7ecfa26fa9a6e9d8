/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device's interrupt against control operations in other orders than a start and an
 * orderly end have: a producer is there first, or goes first; two irqfds have one
 * route; what is asked for is refused.
 */
#include "scenarios/scenarios.h"
#include "world/world.h"

/* Bypass is offered before there is an irqfd; and another device has the next vector. */
static void setup_assign_late(void)
{
	world_setup_host();
	pstd_bypass_register(&world.device[0].irq);
}

static void assign_late(void *unused)
{
	world_control_begin();
	if (pstd_irq_request(&world.device[1].irq, &world.pcpu[0].hyp))
		explore_fail("refused: a vector for device 1");
	world_settle(1);
	pstd_irqfd_assign(&world.device[0].irqfd);
	explore_note("the irqfd is assigned: the entry posts");
	world_settle(0);
	pstd_irqfd_deassign(&world.device[0].irqfd);
	world_settle(0);
	world_control_end();
	world_free_irqfd(&world.device[0].irqfd);
	world.busy = 0;
}

static const struct explore_agent assign_late_agents[] = { WORLD_HOST(assign_late) };

const struct explore_scenario scenario_assign_late = {
	.name = "assign_late",
	.proves = "an irqfd comes to an eventfd that has a producer: the device posts from then on",
	SCENARIO_AGENTS(assign_late_agents),
	.setup = setup_assign_late,
	WORLD_SCENARIO(world_remapped),
};

/* The driver goes and takes its interrupt with it, still posted; then the VM's side follows. */
static void setup_free_producer(void)
{
	world_setup_irqfd();
	pstd_bypass_register(&world.device[0].irq);
	world.device[0].ends = true;
}

static void free_producer(void *unused)
{
	world_control_begin();
	pstd_irq_free(&world.device[0].irq);
	explore_note("the host interrupt is freed");
	world_settle(0);
	if (explore_choose(2))
		pstd_route_set(&world.vm, 0, NULL);
	else
		pstd_irqfd_deassign(&world.device[0].irqfd);
	world_settle(0);
	world_control_end();
	world_free_irq(&world.device[0].irq);
	world_free_vcpu(&world.vcpu[0]);
	world.busy = 0;
}

static const struct explore_agent free_producer_agents[] = { WORLD_HOST(free_producer) };

const struct explore_scenario scenario_free_producer = {
	.name = "free_producer",
	.proves = "a posted interrupt is freed: nothing posts, nor does its irqfd bring it back",
	SCENARIO_AGENTS(free_producer_agents),
	.setup = setup_free_producer,
	WORLD_SCENARIO(world_remapped),
};

/* Both devices' irqfds are of GSI 0, and are posted. */
static void setup_two_irqfds(void)
{
	world_setup_host();
	world_device(1, 0);
	world.device[1].irqfd.gsi = 0;
	for (unsigned n = 0; n < WORLD_DEVICES; n++) {
		pstd_irqfd_assign(&world.device[n].irqfd);
		pstd_bypass_register(&world.device[n].irq);
	}
	world.home[1] = 1;
	world.rerouted = true;
}

static void two_irqfds(void *unused)
{
	const struct pstd_msi_msg msi = world_msi(1, 1);

	world_control_begin();
	/* Of GSI 1 there is none. */
	pstd_route_set(&world.vm, explore_choose(2), &msi);
	explore_note("the route leads to vCPU 1");
	world_settle(0);
	world_settle(1);
	/* It was assigned first. */
	pstd_irqfd_deassign(&world.device[0].irqfd);
	world_settle(0);
	world_control_end();
	world_free_irqfd(&world.device[0].irqfd);
	world.busy = 0;
}

static const struct explore_agent two_irqfds_agents[] = {
	{ "D", world_hardware, (void *)0, true },
	{ "E", world_hardware, (void *)1, true },
	{ "U", two_irqfds, NULL, false },
};

const struct explore_scenario scenario_two_irqfds = {
	.name = "two_irqfds",
	.proves = "a route changes under two devices whose irqfds have it: both post to the new",
	SCENARIO_AGENTS(two_irqfds_agents),
	.setup = setup_two_irqfds,
	WORLD_SCENARIO(world_remapped),
};

/* To be posted, on a pCPU that has nowhere for it; and where no vector is left. */
static bool requests_are_refused(struct pstd_irq *irq)
{
	struct pstd_pcpu p = { .hyp = &world.hyp };
	bool refused;

	irq->posted_msi = true;
	refused = pstd_irq_request(irq, &p);
	irq->posted_msi = false;
	for (unsigned i = world.hyp.vectors.first_device; i <= world.hyp.vectors.last_device; i++)
		p.irq[i] = &world.device[0].irq;
	return pstd_irq_request(irq, &p) && refused;
}

/* What user space may get wrong. True: it was refused. */
static bool is_refused(unsigned wrong)
{
	struct world_device *d = &world.device[0], *e = &world.device[1];
	struct pstd_msi_msg msi = world_msi(WORLD_VCPUS, 0);

	switch (wrong) {
	case 0:
		return pstd_route_set(&world.vm, WORLD_DEVICES, NULL);
	case 1:
		return pstd_route_set(&world.vm, 0, &msi);
	case 2:
		msi = pstd_msi_compat(0, PSTD_APIC_FIRST_VECTOR - 1);
		return pstd_route_set(&world.vm, 0, &msi);
	case 3:
		e->irqfd.gsi = WORLD_DEVICES;
		return pstd_irqfd_assign(&e->irqfd);
	case 4:
		e->irqfd.eventfd = &d->eventfd;
		return pstd_irqfd_assign(&e->irqfd);
	case 5:
		e->irq.trigger = &d->eventfd;
		return pstd_bypass_register(&e->irq);
	default:
		return requests_are_refused(&e->irq);
	}
}

static void refused(void *unused)
{
	world_control_begin();
	if (!is_refused(explore_choose(7)))
		explore_fail("accepted: what makes no sense");
	/* Of an interrupt that was not offered. */
	pstd_bypass_unregister(&world.device[1].irq);
	world_settle(0);
	world_control_end();
	world.busy = 0;
}

static void setup_refused(void)
{
	world_setup_host();
	world_device(1, 0);
	pstd_irqfd_assign(&world.device[0].irqfd);
	pstd_bypass_register(&world.device[0].irq);
}

static const struct explore_agent refused_agents[] = { WORLD_HOST(refused) };

const struct explore_scenario scenario_refused = {
	.name = "refused",
	.proves = "what user space asks for in vain changes nothing for a device that is posted",
	SCENARIO_AGENTS(refused_agents),
	.setup = setup_refused,
	WORLD_SCENARIO(world_remapped),
};
