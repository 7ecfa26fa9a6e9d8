/* SPDX-License-Identifier: BSD-2-Clause */
/* Posts against enter, exit, preempt, load and move: one sender or two, device or software. */
#include "scenarios/scenarios.h"
#include "world/world.h"
#include <stdlib.h>

static const struct explore_agent one_pcpu[] = {
	WORLD_P0,
	{ "S", world_sender, (void *)0, false },
	{ "T", world_sender, (void *)1, false },
};

static const struct explore_agent two_pcpus[] = {
	WORLD_P0,
	WORLD_P1,
	{ "S", world_sender, (void *)0, false },
	{ "T", world_sender, (void *)1, false },
};

static void runs(const char *program)
{
	world_setup();
	world_queue(0, 0, program);
}

static void setup_enter(void)
{
	runs("");
}

static void setup_exit(void)
{
	runs("x");
}

static void setup_preempt(void)
{
	runs("t");
}

static void setup_move(void)
{
	runs("m");
}

const struct explore_scenario scenario_enter = {
	.name = "enter",
	.proves = "a post against load and VM entry is handled exactly once",
	.agents = one_pcpu,
	.agent_count = 3,
	.setup = setup_enter,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_exit = {
	.name = "exit",
	.proves = "a post against a guest that exits and is entered again",
	.agents = one_pcpu,
	.agent_count = 3,
	.setup = setup_exit,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_preempt = {
	.name = "preempt",
	.proves = "a post against preempt, load and enter; nothing disturbs a preempted vCPU",
	.agents = one_pcpu,
	.agent_count = 3,
	.setup = setup_preempt,
	WORLD_SCENARIO(world_posted),
};

/* As silicon posts, no other CPU sees PIR set and ON still clear; IPIs are not so. */
static void setup_one_step(void)
{
	runs("t");
	world.posts_in_one = true;
}

static const struct explore_agent one_post[] = {
	WORLD_P0,
	{ "D", world_hardware, (void *)0, true },
};

const struct explore_scenario scenario_one_step = {
	.name = "one_step",
	.proves = "a device's post as one step, as in silicon, against preempt, load and enter",
	SCENARIO_AGENTS(one_post),
	.setup = setup_one_step,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_move = {
	.name = "move",
	.proves = "a post against a vCPU that moves to another pCPU; notifications may come late",
	.agents = two_pcpus,
	.agent_count = 5,
	.setup = setup_move,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_two_senders = {
	.name = "two_senders",
	.proves = "two posts at once against load and VM entry",
	.agents = one_pcpu,
	.agent_count = 4,
	.setup = setup_enter,
	WORLD_SCENARIO(world_posted),
};

/* The first of them by device, twice. */
static const struct explore_agent three_posts[] = {
	WORLD_P0,
	{ "D", world_twice, (void *)0, true },
	{ "T", world_sender, (void *)1, false },
};

const struct explore_scenario scenario_three_posts = {
	.name = "three_posts",
	.proves = "three posts, two of them in a row, against load and VM entry",
	SCENARIO_AGENTS(three_posts),
	.setup = setup_enter,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_high_pressure = {
	.name = "high_pressure",
	.proves = "three posts, two of them in a row, against preempt, load and enter",
	SCENARIO_AGENTS(three_posts),
	.setup = setup_preempt,
	WORLD_SCENARIO(world_posted),
};

const struct explore_scenario scenario_pressure = {
	.name = "pressure",
	.proves = "two posts at once against preempt, load and enter",
	.agents = one_pcpu,
	.agent_count = 4,
	.setup = setup_preempt,
	WORLD_SCENARIO(world_posted),
};

/* It is about to halt: what is taken in then may meet what is taken in at entry. */
static void setup_in_a_row(void)
{
	runs("");
	world.vcpu[0].hyp.halted = true;
}

static const struct explore_agent one_device[] = {
	WORLD_P0,
	{ "D", world_twice, (void *)0, true },
};

const struct explore_scenario scenario_in_a_row = {
	.name = "in_a_row",
	.proves = "two interrupts of one device in a row, and a halt: each is handled, or merges",
	SCENARIO_AGENTS(one_device),
	.setup = setup_in_a_row,
	WORLD_SCENARIO(world_posted),
};

static const struct explore_agent software_twice[] = {
	WORLD_P0,
	{ "S", world_software_twice, (void *)0, false },
};

const struct explore_scenario scenario_software_twice = {
	.name = "software_twice",
	.proves = "two posts by software in a row to a vCPU that never exits: both are handled",
	SCENARIO_AGENTS(software_twice),
	.setup = setup_enter,
	WORLD_SCENARIO(world_posted),
};

static const struct explore_agent faulty_device[] = {
	WORLD_P0,
	{ "D", world_faulty, (void *)0, true },
};

const struct explore_scenario scenario_fault = {
	.name = "fault",
	.proves = "a request that a fault blocks changes nothing, and the next one arrives",
	SCENARIO_AGENTS(faulty_device),
	.setup = setup_enter,
	WORLD_SCENARIO(world_posted),
};

/* vCPU 1 takes turns with vCPU 0 on its pCPU. */
static void setup_absorbed(void)
{
	runs("t");
	world_queue(1, 0, "t");
}

const struct explore_scenario scenario_absorbed = {
	.name = "absorbed",
	.proves = "a post to a vCPU whose notification another one on the same pCPU may take",
	.agents = one_pcpu,
	.agent_count = 3,
	.setup = setup_absorbed,
	WORLD_SCENARIO(world_posted),
};

/* vCPU 0 is in guest mode on pCPU 0, and nobody takes what is sent there. */
static void setup_once(void)
{
	world_setup();
	world.unscheduled = true;
	pstd_vcpu_load(&world.vcpu[0].hyp, &world.pcpu[0].hyp);
	if (pstd_vcpu_enter(&world.vcpu[0].hyp) != PSTD_ENTER)
		abort();
}

const struct explore_scenario scenario_once = {
	.name = "once",
	.proves = "two posts at once send one notification for one change of ON",
	.agents = one_pcpu + 2,
	.agent_count = 2,
	.words = world_words,
	.regions = world_regions,
	.constants = world_posted,
	.state = &world,
	.state_size = sizeof(world),
	.setup = setup_once,
	.finish = world_judge_once,
};

/* vCPU 1 sends an IPI to vCPU 0, which a device interrupts. */
static void setup_device_and_ipi(void)
{
	world_setup();
	world_queue(0, 0, "");
	world_queue(1, 1, "i");
}

static const struct explore_agent device_and_ipi[] = {
	WORLD_P0,
	{ "P1", world_pcpu, &world.pcpu[1], false },
	{ "D", world_hardware, (void *)0, true },
};

const struct explore_scenario scenario_device_and_ipi = {
	.name = "device_and_ipi",
	.proves = "a device's interrupt and another vCPU's IPI at once: neither hides the other",
	SCENARIO_AGENTS(device_and_ipi),
	.setup = setup_device_and_ipi,
	WORLD_SCENARIO(world_posted),
};
