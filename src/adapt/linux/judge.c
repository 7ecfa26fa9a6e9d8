/* SPDX-License-Identifier: BSD-2-Clause */
/* The end: what was posted was taken; who sleeps can be woken. */
#include "scene.h"

/* On how many lists it is; on which last. */
static unsigned lists_of(const struct vcpu_vmx *vmx, unsigned *last)
{
	unsigned n = 0;

	for (unsigned cpu = 0; cpu < NR_CPUS; cpu++)
		if (pi_listed(vmx, cpu)) {
			*last = cpu;
			n++;
		}
	return n;
}

/* With a device: NV is the wake-up vector, and it is on the list of the CPU that NDST says. */
static void judge_sleeper(const struct vcpu_vmx *vmx)
{
	const struct pi_desc *d = &vmx->pi_desc;
	bool wakes = (scene->assigned || enable_ipiv) && !vmx->processor.masked;
	unsigned number = vmx->processor.number, cpu = 0, lists = lists_of(vmx, &cpu);

	if (lists != wakes)
		explore_fail(wakes ? "vCPU %u sleeps on no list" : "vCPU %u stays on a list",
		             number);
	else if (wakes && (d->nv != POSTED_INTR_WAKEUP_VECTOR || d->ndst != cpu))
		explore_fail("vCPU %u sleeps, and nothing posted wakes it", number);
	else if (wakes && pi_test_sn((struct pi_desc *)d))
		explore_fail("vCPU %u sleeps, and its notifications are suppressed", number);
	else if (!wakes && d->nv != POSTED_INTR_VECTOR)
		explore_fail("vCPU %u sleeps, and NV is of a list that it is not on", number);
}

void judge(void)
{
	for (unsigned i = 0; i < VCPUS; i++) {
		if (!scene->program[i])
			continue;
		post_judge(&vcpus[i].processor);
		if (explore_task_sleeps(i))
			judge_sleeper(&vcpus[i]);
	}
}
