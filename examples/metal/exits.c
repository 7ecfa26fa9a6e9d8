/* SPDX-License-Identifier: BSD-2-Clause */
/* The hypervisor's own part of an exit, after the library's. */
#include "guest.h"

static enum slice unknown_exit(const struct vcpu *v, uint64_t reason)
{
	print("exit %u, qualification %x, information %x, rax %x rcx %x rdx %x\n", reason,
	      vmread(PSTD_VMX_EXIT_QUALIFICATION), vmread(PSTD_VMX_VM_EXIT_INTR_INFO), v->regs.rax,
	      v->regs.rcx, v->regs.rdx);
	return SLICE_FAILED;
}

static enum slice hypercall(const struct vcpu *v, uint64_t reason)
{
	skip_instruction();
	switch (v->regs.rax) {
	case CALL_YIELD:
		return SLICE_GOES_ON;
	case CALL_DONE:
		return SLICE_DONE;
	default:
		return unknown_exit(v, reason);
	}
}

/* The only exceptions that exit. If an event was being delivered, the library has it. */
static enum slice page_fault(struct vcpu *v, uint64_t reason)
{
	if (!map_stack(vmread(PSTD_VMX_EXIT_QUALIFICATION)))
		return unknown_exit(v, reason);
	v->cut_short += (vmread(PSTD_VMX_IDT_VECTORING_INFO) & PSTD_VMX_INTR_VALID) != 0;
	return SLICE_GOES_ON;
}

enum slice handle_exit(struct vcpu *v)
{
	uint64_t reason = vmread(PSTD_VMX_VM_EXIT_REASON);

	if (v->h.carried_out)
		skip_instruction();
	switch (reason) {
	case PSTD_VMX_EXIT_EXTERNAL_INTERRUPT:
	case PSTD_VMX_EXIT_HLT:
	case PSTD_VMX_EXIT_INTERRUPT_WINDOW:
	case PSTD_VMX_EXIT_NMI_WINDOW:
	case PSTD_VMX_EXIT_TPR_BELOW_THRESHOLD:
	case PSTD_VMX_EXIT_MSR_READ:
	case PSTD_VMX_EXIT_MSR_WRITE:
	case PSTD_VMX_EXIT_APIC_ACCESS:
	case PSTD_VMX_EXIT_APIC_WRITE:
	case PSTD_VMX_EXIT_EOI_INDUCED: /* nobody waits for an EOI here: there is no I/O APIC */
		return SLICE_GOES_ON;
	case EXIT_VMCALL:
		return hypercall(v, reason);
	case PSTD_VMX_EXIT_EXCEPTION_NMI:
		return page_fault(v, reason);
	default:
		return unknown_exit(v, reason);
	}
}
