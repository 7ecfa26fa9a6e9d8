/* SPDX-License-Identifier: BSD-2-Clause */
#include "hw/cpu/parts.h"

void pstd_cpu_exit(struct pstd_cpu *c, enum pstd_vmx_exit_reason reason, uint64_t qualification)
{
	struct pstd_vmcs *s = c->vmcs;

	s->VM_EXIT_REASON = reason;
	s->EXIT_QUALIFICATION = qualification;
	s->VM_EXIT_INTR_INFO = 0;
	s->IDT_VECTORING_INFO = 0;
	s->VM_ENTRY_INTR_INFO &= ~PSTD_VMX_INTR_VALID;
	if (c->vapic.vid)
		s->GUEST_INTR_STATUS = pstd_field(PSTD_VMX_RVI, c->vapic.rvi) |
		                       pstd_field(PSTD_VMX_SVI, c->vapic.svi);
	/* HLT is left only when the exit is complete; MWAIT has no state to be saved. */
	s->GUEST_ACTIVITY_STATE = c->activity == PSTD_VMX_MWAIT ? PSTD_VMX_ACTIVE : c->activity;
	s->GUEST_RFLAGS = c->rflags;
	s->GUEST_INTERRUPTIBILITY_INFO = c->interruptibility;
	c->guest = false;
}

void pstd_cpu_exit_interruption(struct pstd_cpu *c, enum pstd_vmx_exit_reason reason, uint64_t info)
{
	pstd_cpu_exit(c, reason, 0);
	c->vmcs->VM_EXIT_INTR_INFO = info;
}

void pstd_cpu_delivery_exit(struct pstd_cpu *c, unsigned offset)
{
	uint64_t info = c->delivery.info;

	/* Nothing of the delivery is saved but that it was under way. */
	c->rflags = c->delivery.rflags;
	pstd_cpu_exit(c, PSTD_VMX_EXIT_APIC_ACCESS,
	              pstd_field(PSTD_VMX_QUAL_APIC_TYPE, PSTD_VMX_ACCESS_DELIVERY) |
	                      pstd_field(PSTD_VMX_QUAL_APIC_OFFSET, offset));
	c->vmcs->IDT_VECTORING_INFO = info;
	c->vmcs->IDT_VECTORING_ERROR_CODE = c->delivery.error_code;
	c->vmcs->VM_EXIT_INSTRUCTION_LEN = c->vmcs->VM_ENTRY_INSTRUCTION_LEN;
}
