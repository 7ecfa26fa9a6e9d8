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

/*
 * NV is the wake-up vector if, and only if, it is on the list of the CPU that NDST says; and
 * so it is where a device, or a processor that posts IPIs, may have to wake it.
 */
static void judge_sleeper(const struct vcpu_vmx *vmx)
{
	const uint64_t control = vmx->processor.descriptor->control;
	unsigned number = vmx->processor.number, cpu = 0, lists = lists_of(vmx, &cpu);
	bool wakes = (control >> 16 & 0xff) == POSTED_INTR_WAKEUP_VECTOR;

	if (lists != wakes)
		explore_fail("vCPU %u sleeps on %u lists, and NV is %s wake-up vector", number,
		             lists, wakes ? "the" : "not the");
	else if (wakes && control >> 32 != cpu)
		explore_fail("vCPU %u sleeps on CPU %u's list, and NDST is another", number, cpu);
	else if (!vmx->processor.masked && (scene_has_device() || enable_ipiv) && !wakes)
		explore_fail("vCPU %u sleeps, and no notification wakes it", number);
	else if (wakes && control >> POSTED_INTR_SN & 1)
		explore_fail("vCPU %u sleeps, and its notifications are suppressed", number);
}

/* Of one that runs, or waits for a CPU. */
static void judge_runner(const struct vcpu_vmx *vmx)
{
	unsigned cpu, number = vmx->processor.number;

	if (lists_of(vmx, &cpu))
		explore_fail("vCPU %u is awake, and on a list of those that sleep", number);
	else if ((vmx->processor.descriptor->control >> 16 & 0xff) != POSTED_INTR_VECTOR)
		explore_fail("vCPU %u is awake, and its notifications go to a list", number);
}

void judge(void)
{
	for (unsigned i = 0; i < VCPUS; i++) {
		if (!scene->program[i])
			continue;
		post_judge(&vcpus[i].processor);
		if (explore_task_sleeps(i))
			judge_sleeper(&vcpus[i]);
		else
			judge_runner(&vcpus[i]);
	}
}
