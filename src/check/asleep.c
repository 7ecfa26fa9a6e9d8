/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

static int highest_posted(const struct pstd_desc *d)
{
	for (int i = 3; i >= 0; i--) {
		uint64_t word = pstd_load_relaxed(&d->pir[i]);

		if (word)
			return i * 64 + 63 - __builtin_clzll(word);
	}
	return -1;
}

const char *check_asleep(const struct pstd_vcpu *v, const struct pstd_vmcs *s, int *vector)
{
	uint8_t vppr = (uint8_t)pstd_apic_read(v->apic, PSTD_APIC_PPR);
	int posted = highest_posted(v->pid), requested = pstd_apic_highest(v->apic, PSTD_APIC_IRR);

	*vector = posted > requested ? posted : requested;
	if (pstd_load_relaxed(&v->task) != PSTD_TASK_SLEEPING ||
	    !(s->GUEST_RFLAGS & PSTD_VMX_RFLAGS_IF))
		return NULL;
	if (*vector >= 0 && pstd_apic_above((uint8_t)*vector, vppr))
		return "a vCPU sleeps though an interrupt can be delivered to it";
	return NULL;
}

const char *check_asleep_on(const struct pstd_vcpu *v)
{
	uint64_t control = pstd_load_relaxed(&v->pid->control);

	if (pstd_load_relaxed(&v->task) == PSTD_TASK_SLEEPING && (control & PSTD_ON) &&
	    pstd_field_get(PSTD_NV, control) == v->vm->hyp->vectors.wakeup)
		return "a vCPU sleeps with ON set: what is posted to it next wakes nobody";
	return NULL;
}
