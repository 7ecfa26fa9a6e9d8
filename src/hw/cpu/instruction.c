/* SPDX-License-Identifier: BSD-2-Clause */
/* Instructions of the guest that wait, or that open and close it to interrupts. */
#include "hw/cpu/parts.h"

void pstd_cpu_retire(struct pstd_cpu *c)
{
	c->interruptibility &= ~(PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_MOV_SS);
}

bool pstd_cpu_hlt(struct pstd_cpu *c)
{
	if (c->vmcs->CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_HLT) {
		pstd_cpu_exit(c, PSTD_VMX_EXIT_HLT, 0);
		return true;
	}
	pstd_cpu_retire(c);
	c->activity = PSTD_VMX_HLT;
	return false;
}

/* The monitor is always armed, and nothing ever writes what it watches. */
bool pstd_cpu_mwait(struct pstd_cpu *c, bool break_on_masked)
{
	bool masked = !(c->rflags & PSTD_VMX_RFLAGS_IF);

	if (c->vmcs->CPU_BASED_VM_EXEC_CONTROL & PSTD_VMX_CPU_MWAIT) {
		pstd_cpu_exit(c, PSTD_VMX_EXIT_MWAIT_INSTRUCTION, 1);
		return true;
	}
	pstd_cpu_retire(c);
	c->mwait_breaks = break_on_masked;
	/* "MWAIT" in non-root operation: no wait if a masked interrupt would end it at once. */
	if (!(break_on_masked && masked && (c->vapic.recognized || c->vapic.intr_window)))
		c->activity = PSTD_VMX_MWAIT;
	return false;
}

void pstd_cpu_sti(struct pstd_cpu *c)
{
	pstd_cpu_retire(c);
	if (!(c->rflags & PSTD_VMX_RFLAGS_IF))
		c->interruptibility |= PSTD_VMX_BLOCKING_STI;
	c->rflags |= PSTD_VMX_RFLAGS_IF;
}

void pstd_cpu_cli(struct pstd_cpu *c)
{
	pstd_cpu_retire(c);
	c->rflags &= ~PSTD_VMX_RFLAGS_IF;
}

void pstd_cpu_mov_ss(struct pstd_cpu *c)
{
	pstd_cpu_retire(c);
	c->interruptibility |= PSTD_VMX_BLOCKING_MOV_SS;
}

void pstd_cpu_iret_to(struct pstd_cpu *c, uint64_t rflags)
{
	uint64_t pin = c->vmcs->PIN_BASED_VM_EXEC_CONTROL;

	pstd_cpu_retire(c);
	c->rflags = rflags;
	/* "Unblocking by IRET": the real NMI's blocking is the host's if NMIs exit. */
	if (!(pin & PSTD_VMX_PIN_NMI) || (pin & PSTD_VMX_PIN_VIRTUAL_NMI))
		c->interruptibility &= ~PSTD_VMX_BLOCKING_NMI;
}

void pstd_cpu_iret(struct pstd_cpu *c)
{
	pstd_cpu_iret_to(c, c->rflags | PSTD_VMX_RFLAGS_IF);
}
