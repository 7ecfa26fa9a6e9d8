/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Xen's scheduler, as far as it decides what is lost: who sleeps, who runs where, and when the
 * state of a vCPU leaves a CPU. That is lazy: a vCPU that goes and leaves the CPU idle is
 * switched from only when another one comes, or when it is to run elsewhere.
 */
#include "xen.h"

struct vcpu vcpus[VCPUS], idle_vcpu;
struct domain domain;

static struct hvm_irq no_callback;
static struct vcpu *holds[NR_CPUS]; /* whose state a CPU's registers hold */

struct vcpu *current_vcpu(void)
{
	int task = explore_task_number();

	return task < 0 ? &idle_vcpu : &vcpus[task];
}

bool vcpu_runnable(const struct vcpu *v)
{
	return !(v->pause_flags | (unsigned long)read_atomic(&v->pause_count) |
	         (unsigned long)read_atomic(&v->domain->pause_count));
}

void sched_init(unsigned count)
{
	domain.vcpu = vcpus;
	domain.vcpu_count = count;
	domain.arch.hvm.irq = &no_callback;
	for (unsigned i = 0; i < count; i++) {
		struct vcpu *v = &vcpus[i];

		v->vcpu_id = i;
		v->domain = &domain;
		v->sched_unit = &v->unit;
		v->arch.hvm.vlapic.regs = &v->arch.hvm.vlapic.page;
		v->dirty_cpu = NR_CPUS;
		v->virtual.number = i;
		v->virtual.descriptor = (struct explore_descriptor *)&v->arch.hvm.vmx.pi_desc;
		v->virtual.page = v->arch.hvm.vlapic.regs->data;
		v->virtual.vector = posted_intr_vector;
	}
}

/* Under the lock that vcpu_wake takes: a wake-up that comes behind it ends the sleep. */
static bool may_run(struct vcpu *v)
{
	bool runs;

	spin_lock(&v->unit.lock);
	runs = vcpu_runnable(v);
	if (runs) {
		v->runstate.state = RUNSTATE_running;
		write_atomic(&v->processor, smp_processor_id());
		write_atomic(&v->is_running, true);
		write_atomic(&v->unit.is_running, true);
	} else {
		v->runstate.state = v->pause_flags & VPF_blocked ? RUNSTATE_blocked :
		                                                  RUNSTATE_offline;
		explore_task_set(1);
	}
	spin_unlock(&v->unit.lock);
	return runs;
}

void sched_wake(const struct vcpu *v)
{
	explore_task_wake(v->vcpu_id, -1);
}

void sched_out(unsigned task, bool runnable)
{
	write_atomic(&vcpus[task].is_running, false);
	write_atomic(&vcpus[task].unit.is_running, false);
}

/* With interrupts off. */
static void switch_from(unsigned cpu)
{
	struct vcpu *p = holds[cpu];

	if (!p)
		return;
	xen_switch_from(p);
	holds[cpu] = NULL;
	write_atomic(&p->dirty_cpu, NR_CPUS);
}

/* On the CPU that another one asked for the state it holds. */
void flush_state(void)
{
	unsigned cpu = smp_processor_id();

	if (holds[cpu] && holds[cpu] != current)
		switch_from(cpu);
}

static bool is_clean(const void *vcpu)
{
	return read_atomic(&((const struct vcpu *)vcpu)->dirty_cpu) == NR_CPUS;
}

static void flush(struct vcpu *v)
{
	unsigned cpu = read_atomic(&v->dirty_cpu);

	if (cpu == NR_CPUS)
		return;
	explore_interrupt(cpu, FLUSH_VECTOR);
	explore_rest(is_clean, v);
}

/* context_switch: the state is fetched from where it is, and what this CPU held makes room. */
static void context_switch(struct vcpu *v)
{
	unsigned cpu = smp_processor_id();

	if (holds[cpu] == v)
		return;
	flush(v);
	switch_from(cpu);
	holds[cpu] = v;
	write_atomic(&v->dirty_cpu, cpu);
	xen_switch_to(v);
}

/* It has a CPU; it is not to run if it was paused while it waited for it. */
void sched_arrive(struct vcpu *v)
{
	explore_irq_disable();
	while (!may_run(v))
		explore_task_block();
	context_switch(v);
	explore_irq_enable();
}

void schedule(void)
{
	struct vcpu *v = current;

	explore_irq_disable();
	may_run(v);
	explore_task_block();
	sched_arrive(v);
}

static bool is_off(const void *vcpu)
{
	return !read_atomic(&((const struct vcpu *)vcpu)->is_running);
}

/* For an agent that is no CPU of the machine. Comes back when no vCPU runs, or holds a CPU. */
void domain_pause(struct domain *d)
{
	__atomic_fetch_add(&d->pause_count, 1, __ATOMIC_SEQ_CST);
	for (struct vcpu *v = d->vcpu; v < d->vcpu + d->vcpu_count; v++) {
		spin_lock(&v->unit.lock);
		if (read_atomic(&v->is_running))
			cpu_raise_softirq(read_atomic(&v->processor), SCHEDULE_SOFTIRQ);
		spin_unlock(&v->unit.lock);
		explore_rest(is_off, v);
		flush(v);
	}
}

void domain_unpause(struct domain *d)
{
	__atomic_fetch_sub(&d->pause_count, 1, __ATOMIC_SEQ_CST);
	for (struct vcpu *v = d->vcpu; v < d->vcpu + d->vcpu_count; v++)
		vcpu_wake(v);
}
