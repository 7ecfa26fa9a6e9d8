/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions of the guest that wait, or that open and close it to interrupts. */
#include "hw/cpu_parts.h"

void cpu_retire(struct cpu *c)
{
	c->interruptibility &= ~(VMX_BLOCKING_STI | VMX_BLOCKING_MOV_SS);
}

bool cpu_hlt(struct cpu *c)
{
	if (c->vmcs->CPU_BASED_VM_EXEC_CONTROL & VMX_CPU_HLT) {
		cpu_exit(c, VMX_EXIT_HLT, 0);
		return true;
	}
	cpu_retire(c);
	c->activity = VMX_HLT;
	return false;
}

/* The monitor is always armed, and nothing ever writes what it watches. */
bool cpu_mwait(struct cpu *c, bool break_on_masked)
{
	bool masked = !(c->rflags & VMX_RFLAGS_IF);

	if (c->vmcs->CPU_BASED_VM_EXEC_CONTROL & VMX_CPU_MWAIT) {
		cpu_exit(c, VMX_EXIT_MWAIT_INSTRUCTION, 1);
		return true;
	}
	cpu_retire(c);
	c->mwait_breaks = break_on_masked;
	/* "MWAIT" in non-root operation: no wait if a masked interrupt would end it at once. */
	if (!(break_on_masked && masked && (c->vapic.recognized || c->vapic.intr_window)))
		c->activity = VMX_MWAIT;
	return false;
}

void cpu_sti(struct cpu *c)
{
	cpu_retire(c);
	if (!(c->rflags & VMX_RFLAGS_IF))
		c->interruptibility |= VMX_BLOCKING_STI;
	c->rflags |= VMX_RFLAGS_IF;
}

void cpu_cli(struct cpu *c)
{
	cpu_retire(c);
	c->rflags &= ~VMX_RFLAGS_IF;
}

void cpu_mov_ss(struct cpu *c)
{
	cpu_retire(c);
	c->interruptibility |= VMX_BLOCKING_MOV_SS;
}

void cpu_iret_to(struct cpu *c, uint64_t rflags)
{
	uint64_t pin = c->vmcs->PIN_BASED_VM_EXEC_CONTROL;

	cpu_retire(c);
	c->rflags = rflags;
	/* "Unblocking by IRET": the real NMI's blocking is the host's if NMIs exit. */
	if (!(pin & VMX_PIN_NMI) || (pin & VMX_PIN_VIRTUAL_NMI))
		c->interruptibility &= ~VMX_BLOCKING_NMI;
}

void cpu_iret(struct cpu *c)
{
	cpu_iret_to(c, c->rflags | VMX_RFLAGS_IF);
}
