/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux around KVM: its tasks, who wakes whom, and what interrupts a CPU. */
#include "linux.h"
#include "rcuwait.inc"
#line 6 "adapter/schedule.c"

struct explore_machine machine;
struct task_struct tasks[VCPUS];
u64 place[VCPUS];
bool run_queues_locked;

/*
 * The lock of each CPU's run queue. A task is woken under it; and who leaves its CPU calls KVM's
 * notifier under it, which takes the lock of the wake-up list. The handler of a wake-up
 * wakes under the list's lock: a circle, of which lockdep warns, too. It is accepted: where a
 * CPU's run queue is locked its interrupts are off, so its own handler does not come,
 * and another CPU's takes another list's lock. So these locks are there in one scenario alone,
 * lock_order, which shows the circle.
 */
static u64 run_queue[CPU_NUMBERS];

static void lock_run_queue(unsigned cpu)
{
	if (run_queues_locked)
		explore_lock(&run_queue[cpu]);
}

static void unlock_run_queue(unsigned cpu)
{
	if (run_queues_locked)
		explore_unlock(&run_queue[cpu]);
}

struct task_struct *get_current(void)
{
	return &tasks[explore_task_number()];
}

bool irqs_disabled(void)
{
	bool on;

	explore_look_begin();
	on = machine.cpu[explore_cpu_number()].irqs;
	explore_look_end();
	return !on;
}

void schedule(void)
{
	explore_task_block();
}

int wake_up_process(struct task_struct *t)
{
	bool woken;

	lock_run_queue(0);
	woken = explore_task_wake((unsigned)(t - tasks), -1);
	unlock_run_queue(0);
	return woken;
}

/* The notifiers of preemption. */

void sched_out(unsigned task, bool runnable)
{
	tasks[task].on_rq = runnable;
	lock_run_queue(smp_processor_id());
	kvm_thread_leaves(&vcpus[task].vcpu);
	unlock_run_queue(smp_processor_id());
	WRITE_ONCE(place[task], runnable ? ON_QUEUE : ASLEEP);
	smp_store_release(&tasks[task].on_cpu, 0);
}

void sched_in(unsigned task)
{
	/* What it did elsewhere was before. */
	(void)smp_load_acquire(&tasks[task].on_cpu);
	WRITE_ONCE(place[task], ON_CPU);
	tasks[task].on_rq = true;
	kvm_thread_comes(&vcpus[task].vcpu);
}

/* Interrupts. */

static void send_to(unsigned cpu, int vector)
{
	explore_interrupt(cpu, (unsigned)vector);
}

static void send_here(int vector)
{
	explore_interrupt(smp_processor_id(), (unsigned)vector);
}

static struct apic x2apic = { send_to, send_here };
struct apic *const apic = &x2apic;

void smp_send_reschedule(int cpu)
{
	explore_interrupt((unsigned)cpu, RESCHEDULE_VECTOR);
}

void handle_vector(uint8_t vector)
{
	if (vector == POSTED_INTR_WAKEUP_VECTOR)
		pi_wakeup_handler();
}

void handle_interrupt(unsigned cpu, unsigned vector)
{
	if (!processor_takes((uint8_t)vector))
		handle_vector((uint8_t)vector);
}
