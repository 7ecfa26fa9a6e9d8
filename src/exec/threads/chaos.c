/* SPDX-License-Identifier: BSD-2-Clause */
/* What a test does to a running machine, at any time and beside everything else. */
#include "exec/threads/internal.h"

void machine_chaos_preempt(struct machine *m, unsigned pcpu)
{
	bus_notify(m, &(struct pstd_apic_msg){ .dest = pcpu, .vector = m->hyp.vectors.reschedule });
}

void machine_chaos_move(struct machine *m, unsigned vm, unsigned vcpu, unsigned pcpu)
{
	struct vcpu *v = &m->vms[vm].vcpus[vcpu];
	int on = atomic_load_explicit(&v->runs_on, memory_order_relaxed);

	atomic_store(&v->prefer, (int)pcpu);
	if (on >= 0)
		machine_chaos_preempt(m, (unsigned)on);
}

void machine_chaos_nmi(struct machine *m, unsigned vm, unsigned vcpu)
{
	struct vcpu *v = &m->vms[vm].vcpus[vcpu];

	pstd_count(&v->ipis[PSTD_VMX_NMI_VECTOR], 1);
	read_lock();
	pstd_vcpu_nmi(&v->hyp);
	read_unlock();
}

void machine_chaos_kick(struct machine *m, unsigned vm, unsigned vcpu)
{
	struct vcpu *v = &m->vms[vm].vcpus[vcpu];

	pstd_count(&v->asked, 1);
	read_lock();
	pstd_vcpu_kick(&v->hyp);
	read_unlock();
}

void machine_chaos_bypass(struct machine *m, unsigned vector, bool posted)
{
	struct machine_vector *v = m->vectors[vector];

	control_lock(m);
	if (posted)
		pstd_bypass_register(&v->irq);
	else
		pstd_bypass_unregister(&v->irq);
	control_unlock(m);
}

void machine_chaos_irqfd(struct machine *m, unsigned vector, bool assigned)
{
	struct machine_vector *v = m->vectors[vector];

	control_lock(m);
	if (assigned)
		pstd_irqfd_assign(&v->irqfd);
	else if (v->eventfd.irqfd && userspace_watch(v))
		pstd_irqfd_deassign(&v->irqfd);
	control_unlock(m);
}
