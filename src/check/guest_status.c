/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_guest_status(const struct hyp_vcpu *v, const struct vmcs *s)
{
	if (v->vm->hyp->software_apic)
		return NULL; /* it has neither */
	if (pi_field_get(VMX_RVI, s->GUEST_INTR_STATUS) != apic_highest_or_0(v->apic, APIC_IRR))
		return "at VM entry RVI is not the highest vector of VIRR";
	if (pi_field_get(VMX_SVI, s->GUEST_INTR_STATUS) != apic_highest_or_0(v->apic, APIC_ISR))
		return "at VM entry SVI is not the highest vector of VISR";
	return NULL;
}
