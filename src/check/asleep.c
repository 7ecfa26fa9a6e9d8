/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

static int highest_posted(const struct pi_desc *d)
{
	for (int i = 3; i >= 0; i--) {
		uint64_t word = pi_load_relaxed(&d->pir[i]);

		if (word)
			return i * 64 + 63 - __builtin_clzll(word);
	}
	return -1;
}

const char *check_asleep(const struct hyp_vcpu *v, const struct vmcs *s, int *vector)
{
	uint8_t vppr = (uint8_t)apic_read(v->apic, APIC_PPR);
	int posted = highest_posted(v->pid), requested = apic_highest(v->apic, APIC_IRR);

	*vector = posted > requested ? posted : requested;
	if (pi_load_relaxed(&v->task) != HYP_TASK_SLEEPING || !(s->GUEST_RFLAGS & VMX_RFLAGS_IF))
		return NULL;
	if (*vector >= 0 && apic_above((uint8_t)*vector, vppr))
		return "a vCPU sleeps though an interrupt can be delivered to it";
	return NULL;
}

const char *check_asleep_on(const struct hyp_vcpu *v)
{
	uint64_t control = pi_load_relaxed(&v->pid->control);

	if (pi_load_relaxed(&v->task) == HYP_TASK_SLEEPING && (control & PI_ON) &&
	    pi_field_get(PI_NV, control) == v->vm->hyp->vectors.wakeup)
		return "a vCPU sleeps with ON set: what is posted to it next wakes nobody";
	return NULL;
}
