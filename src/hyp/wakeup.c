/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waking a vCPU, and the wake-up list of each pCPU: the vCPUs that sleep there
 * with NV = wake-up. The list's lock is taken with interrupts off, for the
 * handler takes it too, and comes before the run queue's.
 */
#include "hyp/internal.h"

static struct hyp_vcpu *listed(struct hyp_list *l)
{
	return (struct hyp_vcpu *)((char *)l - __builtin_offsetof(struct hyp_vcpu, wakeup));
}

void hyp_wakeup_join(struct hyp_vcpu *v)
{
	struct hyp_pcpu *p = v->pcpu;

	pi_spin_lock(&p->wakeup_lock);
	v->wakeup.next = &p->wakeup;
	v->wakeup.prev = p->wakeup.prev;
	p->wakeup.prev->next = &v->wakeup;
	p->wakeup.prev = &v->wakeup;
	pi_spin_unlock(&p->wakeup_lock);
}

void hyp_wakeup_leave(struct hyp_vcpu *v)
{
	struct hyp_pcpu *p = v->pcpu;

	pi_spin_lock(&p->wakeup_lock);
	v->wakeup.prev->next = v->wakeup.next;
	v->wakeup.next->prev = v->wakeup.prev;
	hyp_list_init(&v->wakeup);
	pi_spin_unlock(&p->wakeup_lock);
}

void hyp_vcpu_wake(struct hyp_vcpu *v)
{
	uint64_t task = HYP_TASK_BLOCKING;

	if (pi_cmpxchg_seq(&v->task, &task, HYP_TASK_RUNNING))
		return;
	if (task == HYP_TASK_SLEEPING && pi_cmpxchg_seq(&v->task, &task, HYP_TASK_RUNNABLE))
		v->vm->hyp->ops->runnable(v->vm->hyp->ctx, v);
}

void hyp_wakeup_handler(struct hyp_pcpu *p)
{
	pi_spin_lock(&p->wakeup_lock);
	for (struct hyp_list *l = p->wakeup.next; l != &p->wakeup; l = l->next) {
		struct hyp_vcpu *v = listed(l);

		if (pi_on(v->pid))
			hyp_vcpu_wake(v);
	}
	pi_spin_unlock(&p->wakeup_lock);
}
