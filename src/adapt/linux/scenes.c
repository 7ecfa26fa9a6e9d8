/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who posts what to whom, while whom does what. The guests' programs are processor.h's; t: its
 * time slice ends; e: an exit.
 */
#include "scene.h"
#include <explore/module.h>

const struct scene *scene;

#define THREAD(i, on) \
	{ .name = "vCPU " #i, .run = run_vcpu, .arg = &vcpus[i], .cpu = (on), \
	  .state = &tasks[i].__state }
static const struct explore_task threads[] = { THREAD(0, 0), THREAD(1, 0) };

#define RULES(n, of, ...) { .cpus = (n), .tasks = threads, .task_count = (of), \
	.handler = handle_interrupt, .sched_out = sched_out, .sched_in = sched_in, __VA_ARGS__ }
static const struct explore_sched alone = RULES(1, 1, .preemptions = 0);
static const struct explore_sched crowded = RULES(1, 2, .preemptions = 0);
static const struct explore_sched preempted = RULES(1, 1, .preemptions = 1);
static const struct explore_sched wide = RULES(2, 1, .migrates = true);
static const struct explore_sched moved = RULES(2, 1, .migrates = true, .preemptions = 1);

void scene_begin(const struct scene *s, const struct explore_sched *rules)
{
	scene = s;
	pi_begin();
	atomic_set(&vm.arch.assigned_device_count, s->assigned);
	for (unsigned i = 0; i < rules->task_count; i++) {
		vmx_begin(i, s->program[i]);
		tasks[i].on_rq = true;
	}
	for (unsigned i = 0; i < POSTERS; i++)
		if (s->post[i]) {
			posters[i].post = s->post[i];
			posters[i].to = &vcpus[s->post[i]->to].processor;
		}
	explore_machine_setup(&machine, rules);
}

static const struct post one = { 0, { 0x41 } }, other = { 0, { 0x62 } };
static const struct post twice = { 0, { 0x41, 0x41 } };
static const struct post later = { 0, { 0x41 }, { is_asleep } };
static const struct post neighbour = { 1, { 0x62 }, { is_asleep } };

#define CPU0 { "CPU 0", explore_cpu, (void *)0, false }
#define CPU1 { "CPU 1", explore_cpu, (void *)1, false }
#define SENDER(i) { "sender", sends, (void *)(i), false }
#define DEVICE(i) { "device", raises, (void *)(i), true }
#define AGENTS(...) __VA_ARGS__

#define SCENE(id, what, rules, who, ...)                                                 \
	static const struct scene id##_scene = { __VA_ARGS__ };                          \
	static void set_up_##id(void)                                                    \
	{                                                                                \
		scene_begin(&id##_scene, &(rules));                                      \
	}                                                                                \
	static const struct explore_agent id##_agents[] = { AGENTS who };                \
	EXPLORE_SCENARIO(id, what, EXPLORE_AGENTS_OF(id##_agents), .setup = set_up_##id, \
	                 .finish = judge)

SCENE(enter, "a post against load and VM entry is taken once", alone, (CPU0, SENDER(0)),
      .program = { "w" }, .post = { &one });
SCENE(exit, "a post against a guest that exits and is entered again", alone, (CPU0, SENDER(0)),
      .program = { "ew" }, .post = { &one });
SCENE(halt, "a device's post against HLT", alone, (CPU0, DEVICE(0)), .program = { "h" },
      .post = { &one }, .assigned = true);
SCENE(halt_software, "software's post against HLT, without a device", alone, (CPU0, SENDER(0)),
      .program = { "h" }, .post = { &one });
SCENE(block_move_ipi, "software's post against HLT, preempted and moved; no device", moved,
      (CPU0, CPU1, SENDER(0)), .program = { "h" }, .post = { &one });
