/* SPDX-License-Identifier: BSD-2-Clause */
/* Scenarios in which those of bugs/ show that show in no other. */
#include "scene.h"
#include <explore/module.h>

#define THREAD(i) \
	{ .name = "vCPU " #i, .run = run_vcpu, .arg = &vcpus[i], .state = &tasks[i].__state }
static const struct explore_task threads[] = { THREAD(0), THREAD(1) };

#define RULES(of) { .cpus = 1, .tasks = threads, .task_count = (of), .preemptions = 0, \
	.handler = handle_interrupt, .sched_out = sched_out, .sched_in = sched_in }
static const struct explore_sched alone = RULES(1), crowded = RULES(2);
static const struct explore_sched moved = { .cpus = 2, .tasks = threads, .task_count = 1,
	.handler = handle_interrupt, .sched_out = sched_out, .sched_in = sched_in,
	.migrates = true, .preemptions = 1 };

static bool gone, back;

static bool is_back(const void *processor)
{
	return READ_ONCE(back);
}

static bool waits_without(const void *processor)
{
	return READ_ONCE(gone) && post_waits(processor);
}

/* User space: the last device goes while vCPU 0 sleeps, and one comes when it runs again. */
static void replugs(void *unused)
{
	if (!explore_rest(is_asleep, &vcpus[0].processor))
		return;
	atomic_set(&vm.arch.assigned_device_count, 0);
	WRITE_ONCE(gone, true);
	if (!explore_rest(waits_without, &vcpus[0].processor))
		return;
	x86_assign();
	WRITE_ONCE(back, true);
}

/* The last device goes while vCPU 0 is preempted. */
static void unplugs(void *unused)
{
	if (explore_rest(is_preempted, &vcpus[0].processor))
		atomic_set(&vm.arch.assigned_device_count, 0);
}

static const struct post replugged = { 0, { 0x41, 0x62 }, { is_asleep, is_back } };
static const struct post left = { 0, { 0x41 } }, right = { 0, { 0x42 } };

#define CPU0 { "CPU 0", explore_cpu, NULL, false }
#define CPU1 { "CPU 1", explore_cpu, (void *)1, false }
#define SENDER(i) { "sender", sends, (void *)(i), false }
#define DEVICE(i) { "device", raises, (void *)(i), true }
#define USER(what) { "user space", what, NULL, false }

#define SCENE(id, what, rules, ...)                                                         \
	static void set_up_##id(void)                                                       \
	{                                                                                   \
		static const struct scene s = { __VA_ARGS__ };                              \
		scene_begin(&s, &(rules));                                                  \
	}                                                                                   \
	EXPLORE_SCENARIO(id, what, EXPLORE_AGENTS_OF(id##_agents), .setup = set_up_##id,    \
	                 .finish = judge)

static const struct explore_agent unplug_agents[] = { CPU0, USER(replugs), SENDER(0) };
SCENE(unplug, "the last device goes while a vCPU sleeps, and comes back before it does again",
      alone, .program = { "hwwh" }, .post = { &replugged }, .assigned = true);

static const struct explore_agent unplug_preempted_agents[] = { CPU0, USER(unplugs), DEVICE(0) };
SCENE(unplug_preempted, "the last device goes, with a post, at a time slice's end", crowded,
      .program = { "tw", "h" }, .post = { &left }, .assigned = true);

static const struct explore_agent one_word_agents[] = { CPU0, SENDER(0), SENDER(1) };
SCENE(one_word, "two post vectors of one word of PIR at once against VM entry", alone,
      .program = { "w" }, .post = { &left, &right });

static const struct explore_agent move_software_agents[] = { CPU0, CPU1, SENDER(0) };
SCENE(move_software, "software's post against a vCPU that is preempted, and goes on elsewhere",
      moved, .program = { "ew" }, .post = { &left });
