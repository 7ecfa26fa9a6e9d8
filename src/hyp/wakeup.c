/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waking a vCPU, and the wake-up list of each pCPU: the vCPUs that sleep there
 * with NV = wake-up. The list's lock is taken with interrupts off, for the
 * handler takes it too, and comes before the run queue's.
 */
#include "hyp/internal.h"

static struct pstd_vcpu *listed(struct pstd_list *l)
{
	return (struct pstd_vcpu *)((char *)l - __builtin_offsetof(struct pstd_vcpu, wakeup));
}

void pstd_wakeup_join(struct pstd_vcpu *v)
{
	struct pstd_pcpu *p = v->pcpu;

	pstd_spin_lock(&p->wakeup_lock);
	v->wakeup.next = &p->wakeup;
	v->wakeup.prev = p->wakeup.prev;
	p->wakeup.prev->next = &v->wakeup;
	p->wakeup.prev = &v->wakeup;
	pstd_spin_unlock(&p->wakeup_lock);
}

void pstd_wakeup_leave(struct pstd_vcpu *v)
{
	struct pstd_pcpu *p = v->pcpu;

	pstd_spin_lock(&p->wakeup_lock);
	v->wakeup.prev->next = v->wakeup.next;
	v->wakeup.next->prev = v->wakeup.prev;
	pstd_list_init(&v->wakeup);
	pstd_spin_unlock(&p->wakeup_lock);
}

void pstd_vcpu_wake(struct pstd_vcpu *v)
{
	uint64_t task = PSTD_TASK_BLOCKING;

	if (pstd_cmpxchg_seq(&v->task, &task, PSTD_TASK_RUNNING))
		return;
	if (task == PSTD_TASK_SLEEPING && pstd_cmpxchg_seq(&v->task, &task, PSTD_TASK_RUNNABLE))
		v->vm->hyp->ops->runnable(v->vm->hyp->ctx, v);
}

void pstd_wakeup_handler(struct pstd_pcpu *p)
{
	pstd_spin_lock(&p->wakeup_lock);
	for (struct pstd_list *l = p->wakeup.next; l != &p->wakeup; l = l->next) {
		struct pstd_vcpu *v = listed(l);

		if (pstd_on(v->pid))
			pstd_vcpu_wake(v);
	}
	pstd_spin_unlock(&p->wakeup_lock);
}
