/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who posts what to whom, while whom does what. A guest's program: w waits in guest mode for an
 * interrupt; h halts; t its time slice ends; e it exits; n it exits and an NMI is pending;
 * c, s it disables, enables interrupts; at its end it halts for ever.
 */
#include "xen.h"
#include <explore/module.h>
#include <explore/step.h>

struct explore_machine machine;

/* What the sender or the device of a scenario posts. */
struct post {
	unsigned vcpu;
	uint8_t vector[4]; /* 0: no more */
	uint8_t waits;     /* a bit each: before which a device waits until the vCPU sleeps */
};

struct scene {
	const char *program[VCPUS]; /* null: the vCPU is not there */
	const struct post *post[2];
	bool assigned; /* a device is: the hooks are there */
	bool nmi;      /* one is pending for vCPU 0 */
};
static const struct scene *scene;

static const struct explore_task on_one[] = {
	{ .name = "vCPU 0", .run = run_vcpu, .arg = &vcpus[0], .cpu = 0 },
	{ .name = "vCPU 1", .run = run_vcpu, .arg = &vcpus[1], .cpu = 0 },
};
#define RULES .tasks = on_one, .handler = handle_interrupt, .sched_out = sched_out
static const struct explore_sched alone = { .cpus = 1, .task_count = 1, RULES };
static const struct explore_sched crowded = { .cpus = 1, .task_count = 2, RULES };
static const struct explore_sched wide = { .cpus = 2, .task_count = 1, .migrates = true, RULES };

static void begin(const struct scene *s, const struct explore_sched *rules)
{
	scene = s;
	explore_machine_setup(&machine, rules);
	sched_init(rules->task_count);
	xen_init();
	for (unsigned i = 0; i < rules->task_count; i++) {
		vcpus[i].guest.program = s->program[i];
		vcpus[i].guest.eflags = 0x200;
	}
	vcpus[0].arch.nmi_pending = s->nmi;
	iommu_intpost = s->assigned;
	if (s->assigned)
		xen_assign();
}

/* Agents. */

static void sends(void *post)
{
	const struct post *p = post;

	for (const uint8_t *vector = p->vector; *vector; vector++)
		xen_deliver(&vcpus[p->vcpu], *vector);
}

/* What VT-d posts, and the notification. */
static void raise(const struct post *p, uint8_t vector)
{
	struct pi_desc *d = &vcpus[p->vcpu].arch.hvm.vmx.pi_desc;
	struct explore_posted posted = explore_post((struct explore_descriptor *)d, vector, false);

	if (posted.notify)
		explore_interrupt(posted.destination, posted.notification);
}

static bool is_asleep(const void *vcpu)
{
	const struct vcpu *v = vcpu;

	return !read_atomic(&v->is_running) && v->pause_flags & VPF_blocked;
}

static void raises(void *post)
{
	const struct post *p = post;

	for (unsigned i = 0; p->vector[i]; i++) {
		if (p->waits >> i & 1 && !explore_rest(is_asleep, &vcpus[p->vcpu]))
			return;
		raise(p, p->vector[i]);
	}
}

/* A timer or an event channel kicks a vCPU that sleeps; then a device posts. */
static void kicks_and_raises(void *post)
{
	const struct post *p = post;

	if (!explore_rest(is_asleep, &vcpus[p->vcpu]))
		return;
	vcpu_kick(&vcpus[p->vcpu]);
	raises(post);
}

static bool is_back(const void *vcpu)
{
	const struct vcpu *v = vcpu;

	return read_atomic(&v->guest.inside) && read_atomic(&v->guest.program)[0] == 'w';
}

/* Software that is quiet until the guest runs again, and waits. */
static void sends_late(void *post)
{
	const struct post *p = post;

	if (explore_rest(is_back, &vcpus[p->vcpu]))
		sends(post);
}

static void unplugs(void *unused)
{
	xen_deassign();
}

/* The end. */

static unsigned posts_of(unsigned vcpu, unsigned vector)
{
	unsigned n = 0;

	for (unsigned i = 0; i < 2; i++)
		for (unsigned k = 0; scene->post[i] && k < 4; k++)
			n += scene->post[i]->vcpu == vcpu && scene->post[i]->vector[k] == vector;
	return n;
}

static void judge_vector(const struct vcpu *v, unsigned vector)
{
	unsigned posted = posts_of(v->vcpu_id, vector), taken = v->guest.taken[vector];
	const uint8_t *irr = v->arch.hvm.vlapic.regs->data + APIC_IRR + vector / 32 * 16;
	bool left = v->arch.hvm.vmx.pi_desc.pir[vector / 64] >> vector % 64 & 1;

	if (left)
		explore_fail("vector %#x is lost: it stays in vCPU %u's PIR, and ON is %s", vector,
		             v->vcpu_id, v->arch.hvm.vmx.pi_desc.on ? "set" : "clear");
	else if (*(const uint32_t *)irr >> vector % 32 & 1)
		explore_fail("vector %#x is lost: it stays in vCPU %u's IRR", vector, v->vcpu_id);
	else if (posted && !taken)
		explore_fail("vector %#x is lost: vCPU %u never took it", vector, v->vcpu_id);
	else if (taken > posted)
		explore_fail("vector %#x: vCPU %u took it %u times, but it was posted %u times",
		             vector, v->vcpu_id, taken, posted);
}

static unsigned lists_of(const struct vcpu *v, unsigned *last)
{
	unsigned n = 0;

	for (unsigned cpu = 0; cpu < NR_CPUS; cpu++)
		if (xen_listed(v, cpu)) {
			*last = cpu;
			n++;
		}
	return n;
}

/* Of one that sleeps: NV is the wake-up vector, and it is on the list where NDST says. */
static void judge_sleeper(const struct vcpu *v)
{
	const struct pi_desc *d = &v->arch.hvm.vmx.pi_desc;
	unsigned cpu = 0;
	bool hooks = v->domain->arch.hvm.pi_ops.vcpu_block;

	if (lists_of(v, &cpu) != hooks)
		explore_fail(hooks ? "vCPU %u sleeps on no list" : "vCPU %u stays on a list",
		             v->vcpu_id);
	else if (hooks && (d->nv != PI_WAKEUP_VECTOR || d->ndst != cpu || d->sn))
		explore_fail("vCPU %u sleeps, and nothing posted wakes it", v->vcpu_id);
	else if (!hooks && (d->nv != PI_VECTOR || d->sn))
		explore_fail("vCPU %u has no device, but NV or SN of one", v->vcpu_id);
}

static void judge(void)
{
	for (unsigned i = 0; i < VCPUS; i++) {
		if (!scene->program[i])
			continue;
		for (unsigned vector = 16; vector < 256; vector++)
			judge_vector(&vcpus[i], vector);
		if (explore_task_sleeps(i))
			judge_sleeper(&vcpus[i]);
	}
}

/* Scenarios. */

static const struct post one = { 0, { 0x41 } }, other = { 0, { 0x62 } };
static const struct post two = { 0, { 0x41, 0x62 } }, twice = { 0, { 0x41, 0x41 } };
static const struct post later = { 0, { 0x41 }, .waits = 1 };
static const struct post later_two = { 0, { 0x41, 0x62 }, .waits = 3 };
static const struct post wakes_first = { 0, { 0x41, 0x62 }, .waits = 1 };
static const struct post wakes_last = { 0, { 0x41, 0x62 }, .waits = 2 };
static const struct post neighbour = { 1, { 0x62 }, .waits = 1 };

#define CPU0 { "CPU 0", explore_cpu, (void *)0, false }
#define CPU1 { "CPU 1", explore_cpu, (void *)1, false }
#define SENDER(p) { "sender", sends, (void *)&(p), false }
#define TIMER(p) { "timer", sends_late, (void *)&(p), false }
#define DEVICE(p) { "device", raises, (void *)&(p), true }
#define KICKER(p) { "device", kicks_and_raises, (void *)&(p), true }
#define TOOLS { "toolstack", unplugs, NULL, false }
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

SCENE(enter, "a post against VM entry, without a device", alone, (CPU0, SENDER(one)),
      .program = { "ew" }, .post = { &one });
SCENE(enter_device, "a device's post against VM entry", alone, (CPU0, DEVICE(one)),
      .program = { "ew" }, .post = { &one }, .assigned = true);
SCENE(masked, "a post against a guest that has interrupts disabled for a while", alone,
      (CPU0, SENDER(one)), .program = { "ces" }, .post = { &one });
SCENE(nmi, "a post against an exit with an NMI", alone, (CPU0, SENDER(one)),
      .program = { "nw" }, .post = { &one });
SCENE(nmi_pending, "a post while an NMI is pending before the first entry", alone,
      (CPU0, SENDER(one)), .program = { "w" }, .post = { &one }, .nmi = true);
SCENE(nmi_halt, "the same, and the guest halts then", alone, (CPU0, SENDER(one)),
      .program = { "h" }, .post = { &one }, .nmi = true);
SCENE(preempt, "a post against a time slice's end, without a device", crowded,
      (CPU0, SENDER(one)), .program = { "tw", "" }, .post = { &one });
SCENE(preempt_device, "a device's post against a time slice's end", crowded,
      (CPU0, DEVICE(one)), .program = { "tw", "" }, .post = { &one }, .assigned = true);
SCENE(preempt_later, "the same, and software posts another vector when the guest runs again",
      crowded, (CPU0, DEVICE(one), TIMER(other)), .program = { "tww", "" },
      .post = { &one, &other }, .assigned = true);
SCENE(preempt_same, "the same, and software posts that vector again when the guest runs again",
      crowded, (CPU0, DEVICE(one), TIMER(one)), .program = { "tww", "" },
      .post = { &one, &one }, .assigned = true);
SCENE(preempt_software, "software's post, with a device, against a time slice's end", crowded,
      (CPU0, SENDER(one)), .program = { "tw", "" }, .post = { &one }, .assigned = true);
SCENE(halt_software, "a post against HLT, without a device", alone, (CPU0, SENDER(one)),
      .program = { "h" }, .post = { &one });
SCENE(halt, "a device's post against HLT", alone, (CPU0, DEVICE(one)), .program = { "h" },
      .post = { &one }, .assigned = true);
SCENE(halt_later, "the same, and a second post when the vCPU sleeps", alone,
      (CPU0, DEVICE(wakes_last)), .program = { "h" }, .post = { &wakes_last }, .assigned = true);
SCENE(halt_twice, "a device's two posts against a vCPU that halts again", alone,
      (CPU0, DEVICE(two)), .program = { "hh" }, .post = { &two }, .assigned = true);
SCENE(halt_merged, "a device posts one vector twice against HLT", alone, (CPU0, DEVICE(twice)),
      .program = { "h" }, .post = { &twice }, .assigned = true);
SCENE(wake, "a device's post against a vCPU that sleeps", alone, (CPU0, DEVICE(later)),
      .program = { "h" }, .post = { &later }, .assigned = true);
SCENE(wake_twice, "a device's posts, each against a vCPU that sleeps", alone,
      (CPU0, DEVICE(later_two)),
      .program = { "hh" }, .post = { &later_two }, .assigned = true);
SCENE(wake_both, "a device's post against a vCPU that sleeps, and software's", alone,
      (CPU0, DEVICE(later), SENDER(other)), .program = { "h" }, .post = { &later, &other },
      .assigned = true);
SCENE(wake_elsewhere, "a device's posts, each against a vCPU that sleeps, on any CPU", wide,
      (CPU0, CPU1, DEVICE(later_two)), .program = { "hh" }, .post = { &later_two },
      .assigned = true);
SCENE(move_software, "a post against a vCPU that wakes elsewhere, without a device", wide,
      (CPU0, CPU1, SENDER(one)), .program = { "h" }, .post = { &one });
SCENE(move, "a device wakes a vCPU, and posts again while it goes elsewhere", wide,
      (CPU0, CPU1, DEVICE(wakes_first)), .program = { "hww" }, .post = { &wakes_first },
      .assigned = true);
SCENE(move_kicked, "a vCPU is kicked, and a device posts while it goes elsewhere", wide,
      (CPU0, CPU1, KICKER(one)), .program = { "hw" }, .post = { &one }, .assigned = true);
SCENE(wake_race, "a device and software wake a vCPU that goes on elsewhere", wide,
      (CPU0, CPU1, DEVICE(later), SENDER(other)), .program = { "h" }, .post = { &later, &other },
      .assigned = true);
SCENE(two_senders, "a device and software post against HLT", alone,
      (CPU0, DEVICE(one), SENDER(other)), .program = { "h" }, .post = { &one, &other },
      .assigned = true);
SCENE(two_sleepers, "two vCPUs sleep on one CPU, and a device posts to each", crowded,
      (CPU0, DEVICE(later), DEVICE(neighbour)), .program = { "", "" },
      .post = { &later, &neighbour }, .assigned = true);
SCENE(unplug, "the last device goes while a vCPU blocks", alone, (CPU0, TOOLS),
      .program = { "h" }, .assigned = true);
SCENE(unplug_preempted, "the last device goes while a vCPU waits for a CPU", crowded,
      (CPU0, TOOLS), .program = { "t", "" }, .assigned = true);
SCENE(unplug_software, "software posts while the last device goes, and the vCPU blocks", alone,
      (CPU0, TOOLS, SENDER(one)), .program = { "h" }, .post = { &one }, .assigned = true);
