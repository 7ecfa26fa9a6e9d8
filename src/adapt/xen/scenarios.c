/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who posts what to whom, while whom does what. Of a guest's program, beside what processor.h
 * says: t its time slice ends; n it exits and an NMI is pending; e it exits for whatever it may
 * be. SLEEPS are more HLTs than there is to wake it for: it ends asleep, else in guest mode.
 */
#include "scene.h"
#include <explore/module.h>

struct explore_machine machine;

#define SLEEPS "hhhhh"

static const struct explore_task on_one[] = {
	{ .name = "vCPU 0", .run = run_vcpu, .arg = &vcpus[0], .cpu = 0 },
	{ .name = "vCPU 1", .run = run_vcpu, .arg = &vcpus[1], .cpu = 0 },
};
#define RULES .tasks = on_one, .handler = handle_interrupt, .sched_out = sched_out
static const struct explore_sched alone = { .cpus = 1, .task_count = 1, RULES };
static const struct explore_sched crowded = { .cpus = 1, .task_count = 2, RULES };
static const struct explore_sched wide = { .cpus = 2, .task_count = 1, .migrates = true, RULES };

/* It is to be delivered at VM entry; and an event channel calls. */
static void fault_first(struct vcpu *v)
{
	v->guest.entry_info = PAGE_FAULT;
	v->guest.upcall = true;
	v->domain->arch.hvm.irq->callback_via_type = HVMIRQ_callback_vector;
	v->domain->arch.hvm.irq->callback_via.vector = 0xf3;
}

static void begin(const struct scene *s, const struct explore_sched *rules)
{
	explore_machine_setup(&machine, rules);
	sched_init(rules->task_count);
	xen_init();
	for (unsigned i = 0; i < rules->task_count; i++)
		vcpus[i].virtual.program = s->program[i];
	for (unsigned i = 0; i < POSTERS && s->post[i]; i++)
		posters[i] = (struct poster){ s->post[i], &vcpus[s->post[i]->to].virtual };
	vcpus[0].arch.nmi_pending = s->nmi;
	if (s->fault)
		fault_first(&vcpus[0]);
	iommu_intpost = s->assigned;
	if (s->assigned)
		xen_assign();
}

static const struct post one = { 0, { 0x41 } }, other = { 0, { 0x62 } };
static const struct post two = { 0, { 0x41, 0x62 } }, twice = { 0, { 0x41, 0x41 } };
static const struct post later = { 0, { 0x41 }, { is_asleep } };
static const struct post later_too = { 0, { 0x62 }, { is_asleep } };
static const struct post later_two = { 0, { 0x41, 0x62 }, { is_asleep, is_asleep } };
static const struct post wakes_first = { 0, { 0x41, 0x62 }, { is_asleep } };
static const struct post wakes_last = { 0, { 0x41, 0x62 }, { NULL, is_asleep } };
static const struct post out = { 0, { 0x41 }, { is_out } };
static const struct post stopped = { 0, { 0x41 }, { is_stopped } };
static const struct post back = { 0, { 0x62 }, { post_waits } };
static const struct post same_back = { 0, { 0x41 }, { post_waits } };
static const struct post then_back = { 0, { 0x62, 0x41 }, { NULL, post_waits } };
static const struct post neighbour = { 1, { 0x62 }, { is_asleep } };

#define CPU0 { "CPU 0", explore_cpu, (void *)0, false }
#define CPU1 { "CPU 1", explore_cpu, (void *)1, false }
#define SENDER(post) { "sender", sends, &posters[post], false }
#define DEVICE(post) { "device", raises, &posters[post], true }
#define KICKER(post) { "device", kicks_and_raises, &posters[post], true }
#define TICK { "tick", ticks, &vcpus[0], true }
#define TOOLS { "toolstack", unplugs, NULL, false }
#define TOOLS_OUT { "toolstack", unplugs_out, &vcpus[0], false }
#define AGENTS(...) __VA_ARGS__

#define SCENE(id, what, rules, who, ...)                                                 \
	static const struct scene id##_scene = { __VA_ARGS__ };                          \
	static void set_up_##id(void)                                                    \
	{                                                                                \
		begin(&id##_scene, &(rules));                                            \
	}                                                                                \
	static const struct explore_agent id##_agents[] = { AGENTS who };                \
	EXPLORE_SCENARIO(id, what, EXPLORE_AGENTS_OF(id##_agents), .setup = set_up_##id, \
	                 .finish = judge)

SCENE(enter, "a post against VM entry, without a device", alone, (CPU0, SENDER(0)),
      .program = { "ew" SLEEPS }, .post = { &one });
SCENE(enter_device, "a device's post against VM entry", alone, (CPU0, DEVICE(0)),
      .program = { "ew" SLEEPS }, .post = { &one }, .assigned = true);
SCENE(masked, "a post against a guest that has interrupts disabled for a while", alone,
      (CPU0, SENDER(0)), .program = { "ces" SLEEPS }, .post = { &one });
SCENE(nmi, "a post against an exit with an NMI", alone, (CPU0, SENDER(0)),
      .program = { "nw" SLEEPS }, .post = { &one });
SCENE(nmi_pending, "a post while an NMI is pending before the first entry", alone,
      (CPU0, SENDER(0)), .program = { "w" SLEEPS }, .post = { &one }, .nmi = true);
SCENE(nmi_halt, "the same, and the guest halts then", alone, (CPU0, SENDER(0)),
      .program = { "h" SLEEPS }, .post = { &one }, .nmi = true);
SCENE(nmi_tick, "a post against an exit with an NMI, and a last exit", alone,
      (CPU0, SENDER(0), TICK), .program = { "n" }, .post = { &one });
SCENE(nmi_device, "a device posts while an NMI is pending, and again when the guest runs", alone,
      (CPU0, DEVICE(0)), .program = { "w" SLEEPS }, .post = { &then_back }, .assigned = true,
      .nmi = true);
SCENE(fault_device, "software posts before an entry with a fault, and a device behind it", alone,
      (CPU0, SENDER(0), DEVICE(1)), .program = { "w" }, .post = { &one, &back },
      .assigned = true, .fault = true);
SCENE(preempt, "a post against a time slice's end, without a device", crowded,
      (CPU0, SENDER(0)), .program = { "tw" SLEEPS, SLEEPS }, .post = { &one });
SCENE(preempt_device, "a device's post against a time slice's end", crowded,
      (CPU0, DEVICE(0)), .program = { "tw" SLEEPS, SLEEPS }, .post = { &one }, .assigned = true);
SCENE(preempt_halt, "a device posts while a vCPU waits for a CPU, and it halts then", crowded,
      (CPU0, DEVICE(0)), .program = { "t" SLEEPS, SLEEPS }, .post = { &out }, .assigned = true);
SCENE(preempt_tick, "a device's post against a time slice's end, and a last exit", crowded,
      (CPU0, DEVICE(0), TICK), .program = { "t", SLEEPS }, .post = { &one }, .assigned = true);
SCENE(preempt_later, "a device posts to a vCPU that waits for a CPU, and software another vector",
      crowded, (CPU0, DEVICE(0), SENDER(1)), .program = { "tww" SLEEPS, SLEEPS },
      .post = { &out, &back }, .assigned = true);
SCENE(preempt_same, "the same, and software posts the same vector again",
      crowded, (CPU0, DEVICE(0), SENDER(1)), .program = { "tww" SLEEPS, SLEEPS },
      .post = { &out, &same_back }, .assigned = true);
SCENE(preempt_software, "software's post, with a device, against a time slice's end", crowded,
      (CPU0, SENDER(0)), .program = { "tw" SLEEPS, SLEEPS }, .post = { &one }, .assigned = true);
SCENE(halt_software, "a post against HLT, without a device", alone, (CPU0, SENDER(0)),
      .program = { "h" SLEEPS }, .post = { &one });
SCENE(halt, "a device's post against HLT", alone, (CPU0, DEVICE(0)), .program = { "h" SLEEPS },
      .post = { &one }, .assigned = true);
SCENE(halt_later, "the same, and a second post when the vCPU sleeps", alone,
      (CPU0, DEVICE(0)), .program = { "h" SLEEPS }, .post = { &wakes_last }, .assigned = true);
SCENE(halt_twice, "a device's two posts against a vCPU that halts again", alone,
      (CPU0, DEVICE(0)), .program = { "hh" SLEEPS }, .post = { &two }, .assigned = true);
SCENE(halt_merged, "a device posts one vector twice against HLT", alone, (CPU0, DEVICE(0)),
      .program = { "h" SLEEPS }, .post = { &twice }, .assigned = true);
SCENE(wake, "a device's post against a vCPU that sleeps", alone, (CPU0, DEVICE(0)),
      .program = { "h" SLEEPS }, .post = { &later }, .assigned = true);
SCENE(wake_twice, "a device's posts, each against a vCPU that sleeps", alone,
      (CPU0, DEVICE(0)),
      .program = { "hh" SLEEPS }, .post = { &later_two }, .assigned = true);
SCENE(wake_both, "a device's post against a vCPU that sleeps, and software's", alone,
      (CPU0, DEVICE(0), SENDER(1)), .program = { "h" SLEEPS }, .post = { &later, &later_too },
      .assigned = true);
SCENE(wake_elsewhere, "a device's posts, each against a vCPU that sleeps, on any CPU", wide,
      (CPU0, CPU1, DEVICE(0)), .program = { "hh" SLEEPS }, .post = { &later_two },
      .assigned = true);
SCENE(move_software, "a post against a vCPU that wakes elsewhere, without a device", wide,
      (CPU0, CPU1, SENDER(0)), .program = { "h" SLEEPS }, .post = { &one });
SCENE(move, "a device wakes a vCPU, and posts again while it goes elsewhere", wide,
      (CPU0, CPU1, DEVICE(0)), .program = { "hww" SLEEPS }, .post = { &wakes_first },
      .assigned = true);
SCENE(kick, "a vCPU is kicked, and a device posts", alone, (CPU0, KICKER(0)),
      .program = { "hw" SLEEPS }, .post = { &one }, .assigned = true);
SCENE(kick_tick, "the same, and a last exit", alone, (CPU0, KICKER(0), TICK),
      .program = { "h" }, .post = { &one }, .assigned = true);
SCENE(move_kicked, "a vCPU is kicked, and a device posts while it goes elsewhere", wide,
      (CPU0, CPU1, KICKER(0)), .program = { "hw" SLEEPS }, .post = { &one }, .assigned = true);
SCENE(wake_race, "a device and software wake a vCPU that goes on elsewhere", wide,
      (CPU0, CPU1, DEVICE(0), SENDER(1)), .program = { "h" },
      .post = { &later, &later_too }, .assigned = true);
SCENE(two_senders, "a device and software post against HLT", alone,
      (CPU0, DEVICE(0), SENDER(1)), .program = { "h" SLEEPS }, .post = { &one, &other },
      .assigned = true);
SCENE(two_sleepers, "two vCPUs sleep on one CPU, and a device posts to each", crowded,
      (CPU0, DEVICE(0), DEVICE(1)), .program = { SLEEPS, SLEEPS },
      .post = { &later, &neighbour }, .assigned = true);
SCENE(unplug, "the last device goes while a vCPU blocks", alone, (CPU0, TOOLS),
      .program = { "h" SLEEPS }, .assigned = true);
SCENE(unplug_preempted, "the last device goes while a vCPU waits for a CPU", crowded,
      (CPU0, TOOLS_OUT), .program = { "t" SLEEPS, SLEEPS }, .assigned = true);
SCENE(unplug_software, "software posts while the last device goes, and the vCPU blocks", alone,
      (CPU0, TOOLS, SENDER(0)), .program = { "h" SLEEPS }, .post = { &stopped }, .assigned = true);
