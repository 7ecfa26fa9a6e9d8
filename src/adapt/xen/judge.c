/* SPDX-License-Identifier: BSD-2-Clause */
/* The end: all was taken, and who sleeps can be woken. */
#include "scene.h"

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

void judge(void)
{
	for (unsigned i = 0; i < domain.vcpu_count; i++) {
		post_judge(&vcpus[i].virtual);
		if (explore_task_sleeps(i))
			judge_sleeper(&vcpus[i]);
	}
}
