/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

enum { LONGEST = 65536 }; /* a list that is longer has been taken apart under way */

/* How often it is on the list; -1: the list does not lead back to its head. */
static int times_listed(const struct pstd_pcpu *p, const struct pstd_vcpu *v)
{
	const struct pstd_list *l = p->wakeup.next;
	int n = 0;

	for (unsigned i = 0; i < LONGEST && l != &p->wakeup; i++, l = l->next)
		n += l == &v->wakeup;
	return l == &p->wakeup ? n : -1;
}

static bool wakes(const struct pstd_vcpu *v)
{
	return pstd_field_get(PSTD_NV, pstd_load_relaxed(&v->pid->control)) ==
	       v->vm->hyp->vectors.wakeup;
}

static bool notifies(const struct pstd_vcpu *v, const struct pstd_pcpu *p)
{
	return pstd_destination(pstd_load_relaxed(&v->pid->control), p->hyp->x2apic) == p->apic_id;
}

/* It is on p's list. */
static const char *judge_listed(const struct pstd_pcpu *p, const struct pstd_vcpu *v)
{
	if (!wakes(v))
		return "a vCPU is on a wake-up list, but its NV is not the wake-up vector";
	if (!notifies(v, p))
		return "a vCPU is on a pCPU's wake-up list, but its NDST is another pCPU";
	return NULL;
}

const char *check_listed(const struct pstd_pcpu *p, const struct pstd_vcpu *v)
{
	uint64_t task = pstd_load_relaxed(&v->task);

	return task == PSTD_TASK_RUNNABLE || task == PSTD_TASK_SLEEPING ? judge_listed(p, v) : NULL;
}

const char *check_wakeup_list(const struct pstd_pcpu *p, const struct pstd_vcpu *v)
{
	int listed = times_listed(p, v);

	if (listed < 0)
		return "a wake-up list does not lead back to its head";
	if (listed > 1)
		return "a vCPU is on a wake-up list twice";
	if (listed)
		return judge_listed(p, v);
	if (wakes(v) && notifies(v, p))
		return "a vCPU's NV is the wake-up vector, but it is not on its pCPU's list";
	return NULL;
}
