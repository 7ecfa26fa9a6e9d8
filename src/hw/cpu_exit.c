/* SPDX-License-Identifier: BSD-2-Clause */
#include "hw/cpu_parts.h"

void cpu_exit(struct cpu *c, enum vmx_exit_reason reason, uint64_t qualification)
{
	struct vmcs *s = c->vmcs;

	s->VM_EXIT_REASON = reason;
	s->EXIT_QUALIFICATION = qualification;
	s->VM_EXIT_INTR_INFO = 0;
	s->IDT_VECTORING_INFO = 0;
	s->VM_ENTRY_INTR_INFO &= ~VMX_INTR_VALID;
	if (c->vapic.vid)
		s->GUEST_INTR_STATUS = pi_field(VMX_RVI, c->vapic.rvi) |
		                       pi_field(VMX_SVI, c->vapic.svi);
	/* HLT is left only when the exit is complete; MWAIT has no state to be saved. */
	s->GUEST_ACTIVITY_STATE = c->activity == VMX_MWAIT ? VMX_ACTIVE : c->activity;
	s->GUEST_RFLAGS = c->rflags;
	s->GUEST_INTERRUPTIBILITY_INFO = c->interruptibility;
	c->guest = false;
}

void cpu_exit_interruption(struct cpu *c, enum vmx_exit_reason reason, uint64_t info)
{
	cpu_exit(c, reason, 0);
	c->vmcs->VM_EXIT_INTR_INFO = info;
}

void cpu_delivery_exit(struct cpu *c, unsigned offset)
{
	uint64_t info = c->delivery.info;

	/* Nothing of the delivery is saved but that it was under way. */
	c->rflags = c->delivery.rflags;
	cpu_exit(c, VMX_EXIT_APIC_ACCESS, pi_field(VMX_QUAL_APIC_TYPE, VMX_ACCESS_DELIVERY) |
	                                  pi_field(VMX_QUAL_APIC_OFFSET, offset));
	c->vmcs->IDT_VECTORING_INFO = info;
	c->vmcs->IDT_VECTORING_ERROR_CODE = c->delivery.error_code;
	c->vmcs->VM_EXIT_INSTRUCTION_LEN = c->vmcs->VM_ENTRY_INSTRUCTION_LEN;
}
