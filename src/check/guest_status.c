/* SPDX-License-Identifier: BSD-2-Clause */
#include "check/check.h"

const char *check_guest_status(const struct pstd_vcpu *v, const struct pstd_vmcs *s)
{
	if (v->vm->hyp->software_apic)
		return NULL; /* it has neither */
	if (pstd_field_get(PSTD_VMX_RVI, s->GUEST_INTR_STATUS) !=
	    pstd_apic_highest_or_0(v->apic, PSTD_APIC_IRR))
		return "at VM entry RVI is not the highest vector of VIRR";
	if (pstd_field_get(PSTD_VMX_SVI, s->GUEST_INTR_STATUS) !=
	    pstd_apic_highest_or_0(v->apic, PSTD_APIC_ISR))
		return "at VM entry SVI is not the highest vector of VISR";
	return NULL;
}
