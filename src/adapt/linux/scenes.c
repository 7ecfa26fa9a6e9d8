/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who posts what to whom, while whom does what. The guests' programs are processor.h's; e: an
 * exit; t: its time slice ends; p: it posts to itself by an exit; f: by one on the fast path.
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
/* Interrupts come before any access, wherever they are on; elsewhere where they are turned on. */
static const struct explore_sched anytime = RULES(1, 1, .interrupts_anywhere = true);
static const struct explore_sched crowded = RULES(1, 2, .preemptions = 0);
static const struct explore_sched preempted = RULES(1, 1, .preemptions = 1);
static const struct explore_sched wide = RULES(2, 1, .migrates = true);
static const struct explore_sched moved = RULES(2, 1, .migrates = true, .preemptions = 1);

void scene_begin(const struct scene *s, const struct explore_sched *rules)
{
	scene = s;
	pi_begin();
	enable_ipiv = s->ipiv;
	run_queues_locked = s->locks;
	vm.arch.mwait_in_guest = s->timer;
	atomic_set(&vm.arch.assigned_device_count, s->assigned);
	for (unsigned i = 0; i < rules->task_count; i++) {
		vmx_begin(i, s->program[i]);
		tasks[i].on_rq = true;
	}
	if (s->timer)
		kvm_lapic_set_reg(&vcpus[0].lapic, APIC_LVTT, s->timer);
	for (unsigned i = 0; i < POSTERS; i++)
		if (s->post[i]) {
			posters[i].post = s->post[i];
			posters[i].to = &vcpus[s->post[i]->to].processor;
		}
	explore_machine_setup(&machine, rules);
}

static const struct post one = { 0, { 0x41 } }, other = { 0, { 0x62 } };
static const struct post twice = { 0, { 0x41, 0x41 } };
static const struct post two = { 0, { 0x41, 0x62 } };
static const struct post later = { 0, { 0x41 }, { is_asleep } };
static const struct post later_two = { 0, { 0x41, 0x62 }, { is_asleep } };
static const struct post preempted_one = { 0, { 0x41 }, { is_preempted } };
static const struct post again = { 0, { 0x41, 0x62 }, { is_preempted, is_asleep } };
static const struct post plugged_one = { 0, { 0x41 }, { is_plugged } };
static const struct post later_other = { 0, { 0x62 }, { is_asleep } };
static const struct post here = { 0, { 0x41 }, { are_asleep } };
static const struct post there = { 1, { 0x62 }, { are_asleep } };

#define CPU0 { "CPU 0", explore_cpu, (void *)0, false }
#define CPU1 { "CPU 1", explore_cpu, (void *)1, false }
#define SENDER(i) { "sender", sends, (void *)(i), false }
#define DEVICE(i) { "device", raises, (void *)(i), true }
#define NEIGHBOUR(i) { "neighbour", sends_virtually, (void *)(i), false }
#define TIMER(i) { "timer", sends, (void *)(i), false }
#define USER { "user space", plugs, NULL, false }
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

/* Posts against a vCPU that runs. */
SCENE(enter, "a post against load and VM entry", anytime, (CPU0, SENDER(0)), .program = { "w" },
      .post = { &one });
SCENE(enter_device, "a device's post against load and VM entry", anytime, (CPU0, DEVICE(0)),
      .program = { "w" }, .post = { &one }, .assigned = true);
SCENE(exit, "a post against a guest that exits and is entered again", anytime, (CPU0, SENDER(0)),
      .program = { "ew" }, .post = { &one });
SCENE(preempt, "a device's post against a time slice's end", crowded, (CPU0, DEVICE(0)),
      .program = { "tw", "h" }, .post = { &one }, .assigned = true);
SCENE(preempt_software, "software's post against a time slice's end", crowded,
      (CPU0, SENDER(0)), .program = { "tw", "h" }, .post = { &one }, .assigned = true);
SCENE(move, "a device's post against a vCPU that is preempted, and goes on elsewhere", moved,
      (CPU0, CPU1, DEVICE(0)), .program = { "ew" }, .post = { &one }, .assigned = true);
SCENE(absorbed, "a post whose notification another vCPU of the CPU may take", crowded,
      (CPU0, SENDER(0)), .program = { "tw", "th" }, .post = { &one });
SCENE(two_senders, "two post one vector at once against VM entry", alone,
      (CPU0, SENDER(0), SENDER(1)), .program = { "w" }, .post = { &one, &one });
SCENE(merged, "a device posts one vector twice to a guest that exits", alone, (CPU0, DEVICE(0)),
      .program = { "ew" }, .post = { &twice }, .assigned = true);

SCENE(in_a_row, "two posts in a row against a guest that exits", alone, (CPU0, SENDER(0)),
      .program = { "ew" }, .post = { &two });
SCENE(self, "a vCPU's IPI to itself, and another's", alone, (CPU0, SENDER(0)),
      .program = { "pww" }, .post = { &other, [POSTERS - 1] = &one });
SCENE(self_fast, "the same on the fast path", alone, (CPU0, SENDER(0)),
      .program = { "fww" }, .post = { &other, [POSTERS - 1] = &one });
SCENE(self_halt, "a vCPU's IPI to itself, before it halts", alone, (CPU0, SENDER(0)),
      .program = { "ph" }, .post = { &other, [POSTERS - 1] = &one });
SCENE(timer, "a timer that is posted, or kicks, against an exit", alone, (CPU0, TIMER(0)),
      .program = { "ew" }, .post = { &one }, .timer = 0x41);
SCENE(timer_halt, "a timer against HLT", alone, (CPU0, TIMER(0)), .program = { "h" },
      .post = { &one }, .timer = 0x41);

#if ADAPT_VERSION >= 5019
/* Posts by a processor: what it finds in the table, it posts to by itself. */
SCENE(ipiv, "a virtual IPI against a guest that exits", alone, (CPU0, NEIGHBOUR(0)),
      .program = { "ew" }, .post = { &one }, .ipiv = true);
SCENE(ipiv_preempt, "a virtual IPI against a time slice's end", crowded, (CPU0, NEIGHBOUR(0)),
      .program = { "tw", "h" }, .post = { &one }, .ipiv = true);
SCENE(ipiv_halt, "a virtual IPI against HLT", alone, (CPU0, NEIGHBOUR(0)), .program = { "h" },
      .post = { &one }, .ipiv = true);
SCENE(ipiv_both, "a virtual IPI and software at once wake a vCPU that sleeps", alone,
      (CPU0, NEIGHBOUR(0), SENDER(1)), .program = { "h" }, .post = { &later, &later_other },
      .ipiv = true);
SCENE(ipiv_move, "a virtual IPI against HLT, preempted and moved", moved,
      (CPU0, CPU1, NEIGHBOUR(0)), .program = { "h" }, .post = { &one }, .ipiv = true);
#endif

/* Posts against a vCPU that halts. */
SCENE(halt, "a device's post against HLT", alone, (CPU0, DEVICE(0)), .program = { "h" },
      .post = { &one }, .assigned = true);
SCENE(halt_software, "software's post against HLT, without a device", alone, (CPU0, SENDER(0)),
      .program = { "h" }, .post = { &one });
SCENE(halt_twice, "a device's post against a vCPU that halts twice", alone, (CPU0, DEVICE(0)),
      .program = { "hh" }, .post = { &two }, .assigned = true);
SCENE(masked, "a device's post against HLT with interrupts disabled", anytime, (CPU0, DEVICE(0)),
      .program = { "ch" }, .post = { &one }, .assigned = true);
SCENE(wake, "a device and software at once wake a vCPU that sleeps", anytime,
      (CPU0, DEVICE(0), SENDER(1)), .program = { "h" }, .post = { &later, &later_other },
      .assigned = true);
SCENE(wake_elsewhere, "a device wakes a vCPU, which goes on elsewhere", wide,
      (CPU0, CPU1, DEVICE(0)), .program = { "h" }, .post = { &later_two }, .assigned = true);
SCENE(two_sleepers, "two vCPUs sleep on one CPU, and a device posts to each", crowded,
      (CPU0, DEVICE(0), DEVICE(1)), .program = { "hh", "hh" }, .post = { &here, &there },
      .assigned = true);
SCENE(plug, "the first device comes, and posts, while a vCPU blocks", alone,
      (CPU0, USER, DEVICE(0)), .program = { "h" }, .post = { &plugged_one });

SCENE(lock_order, "the run queue's lock and the wake-up list's: a circle that is accepted", alone,
      (CPU0, DEVICE(0)), .program = { "h" }, .post = { &later }, .assigned = true,
      .locks = true);

/* Posts against a vCPU that is preempted as it is about to sleep. */
SCENE(block, "a device's post against HLT, preempted before it sleeps", preempted,
      (CPU0, DEVICE(0)), .program = { "h" }, .post = { &one }, .assigned = true);
SCENE(block_ipi, "an IPI against HLT, preempted before it sleeps; no device", preempted,
      (CPU0, SENDER(0)), .program = { "h" }, .post = { &one });
SCENE(block_move_device, "a device's post against HLT, preempted and moved", moved,
      (CPU0, CPU1, DEVICE(0)), .program = { "h" }, .post = { &one }, .assigned = true);
SCENE(block_move_ipi, "an IPI against HLT, preempted and moved; no device", moved,
      (CPU0, CPU1, SENDER(0)), .program = { "h" }, .post = { &one });
SCENE(block_move_software, "an IPI to a vCPU that is preempted and moved; with a device", moved,
      (CPU0, CPU1, SENDER(0)), .program = { "h" }, .post = { &preempted_one }, .assigned = true);
SCENE(block_move_again, "an IPI to a vCPU that is preempted, moved; another when it sleeps", moved,
      (CPU0, CPU1, SENDER(0)), .program = { "h" }, .post = { &again });
SCENE(block_move_timer, "an IPI to a vCPU that is preempted, moved; a timer when it sleeps", moved,
      (CPU0, CPU1, SENDER(0)), .program = { "h" }, .post = { &again }, .timer = 0x62);
