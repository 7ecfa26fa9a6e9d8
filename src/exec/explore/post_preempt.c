/* SPDX-License-Identifier: BSD-2-Clause */
/* Post against preempt, load and enter: one sender or two, each a device or software. */
#include "exec/explore/scenarios.h"
#include "exec/explore/world.h"

static void vcpu(void *unused)
{
	explore_note("is preempted");
	hyp_vcpu_preempt(&world.vcpu);
	world_host_interrupts();
	explore_note("is loaded");
	hyp_vcpu_load(&world.vcpu, &world.pcpu);
	world_host_interrupts();
	explore_note("enters");
	world_run_guest();
}

static void sender(void *n)
{
	if (explore_choose(2))
		world_send_software((unsigned)(uintptr_t)n);
	else
		world_send_device((unsigned)(uintptr_t)n);
}

static const struct explore_agent agents[] = {
	{ "V", vcpu, NULL, false },
	{ "bus", world_bus, NULL, true },
	{ "S", sender, (void *)0, false },
	{ "T", sender, (void *)1, false },
};

const struct explore_scenario scenario_post_preempt = {
	.name = "post_preempt",
	.proves = "a post against preempt, load and enter is handled exactly once",
	.agents = agents,
	.agent_count = 3,
	.words = world_words,
	.constants = world_constants,
	.state = &world,
	.state_size = sizeof(world),
	.setup = world_setup,
	.finish = world_judge,
};

const struct explore_scenario scenario_two_senders = {
	.name = "two_senders",
	.proves = "the same with two posts at once, in schedules of at most 3 preemptions",
	.agents = agents,
	.agent_count = 4,
	.words = world_words,
	.constants = world_constants,
	.state = &world,
	.state_size = sizeof(world),
	.setup = world_setup,
	.finish = world_judge,
	.preemptions = 3,
};
