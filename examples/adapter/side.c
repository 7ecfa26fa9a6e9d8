/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pebble's own posting under the explorer: an adapter to begin one's own with.
 *
 *     posted check --with examples/adapter=examples/pebble
 *
 * In the order in which they were written: list, what is taken; shim/, headers instead of
 * those with inline assembler; here what the taken code calls, one post, and a judge.
 */
#include "atomic.h"
#include <explore/module.h>
#include <explore/sched.h>

/* What Pebble calls: its scheduler and its machine are the explorer's. */

struct vcpu;
struct thread {
	unsigned task;
};

static void thread_prepare_to_sleep(void)
{
	explore_task_set(1);
	explore_fence();
}

static void thread_goes_on(void)
{
	explore_task_set(0);
}

static void thread_sleep(void)
{
	explore_task_block();
}

static bool thread_wake(const struct thread *t)
{
	return explore_task_wake(t->task, -1);
}

static void send_ipi(unsigned cpu, unsigned vector)
{
	explore_interrupt(cpu, vector);
}

static void interrupts_off(void)
{
	explore_irq_disable();
}

static void interrupts_on(void)
{
	explore_irq_enable();
}

static void guest_enter(struct vcpu *v);

enum { PID_ON, NOTIFICATION_VECTOR = 0xf2, VECTOR = 0x41 };
#include "posting.inc"

/* The hardware, and the guest, which takes what is pending, and halts. */

struct explore_machine machine; /* by this name src/adapt/machine finds it */
static struct thread thread;
static struct vcpu vcpu;
static bool in_guest;
static unsigned taken;

/* "Posted-interrupt processing". Outside of guest mode a notification does nothing. */
static void handler(unsigned cpu, unsigned vector)
{
	if (in_guest)
		vcpu_sync(&vcpu);
}

static void guest_enter(struct vcpu *v)
{
	in_guest = true;
	explore_irq_window();
	if (v->irr[VECTOR / 64] >> VECTOR % 64 & 1)
		taken++;
	v->irr[VECTOR / 64] = 0;
	in_guest = false;
}

/* Who does what. */

static void runs(void *v)
{
	vcpu_run(v);
}

static void posts(void *v)
{
	vcpu_post(v, VECTOR);
}

static const struct explore_task tasks[] = { { .name = "vCPU", .run = runs, .arg = &vcpu } };
static const struct explore_sched rules = {
	.cpus = 1, .tasks = tasks, .task_count = 1, .handler = handler,
};
static const struct explore_agent agents[] = {
	{ "CPU 0", explore_cpu, (void *)0, false },
	{ "sender", posts, &vcpu, false },
};

static void setup(void)
{
	vcpu.thread = &thread;
	explore_machine_setup(&machine, &rules);
}

static void judge(void)
{
	if (taken != 1)
		explore_fail("vector %#x was posted once, and taken %u times", VECTOR, taken);
}

EXPLORE_SCENARIO(halt, "a post against a vCPU that halts", EXPLORE_AGENTS_OF(agents),
                 .setup = setup, .finish = judge);
