/* SPDX-License-Identifier: BSD-2-Clause */
/* VM exits, by reason: the host's interrupts, and the guest's accesses to its local APIC. */
#include "hyp/internal.h"

/* What these return: true if the instruction that exited was carried out, so that it is over. */

/* RDMSR and WRMSR take its number from ECX. */
static bool is_apic_msr(uint32_t msr)
{
	return msr >= PSTD_APIC_X2APIC_MSR_FIRST && msr <= PSTD_APIC_X2APIC_MSR_LAST;
}

static bool write_msr(struct pstd_vcpu *v)
{
	uint32_t msr = (uint32_t)v->rcx;

	if (!is_apic_msr(msr))
		return false;
	if (pstd_apic_wrmsr(v, msr, v->rdx << 32 | (uint32_t)v->rax))
		return true;
	pstd_inject_gp(v);
	return false;
}

static bool read_msr(struct pstd_vcpu *v)
{
	uint32_t msr = (uint32_t)v->rcx;
	uint64_t value;

	if (!is_apic_msr(msr))
		return false;
	if (!pstd_apic_rdmsr(v, msr, &value)) {
		pstd_inject_gp(v);
		return false;
	}
	v->rax = (uint32_t)value;
	v->rdx = value >> 32;
	return true;
}

static bool access_apic(struct pstd_vcpu *v)
{
	uint64_t qualification = pstd_vmread(v, PSTD_VMX_EXIT_QUALIFICATION);
	unsigned offset = (unsigned)pstd_field_get(PSTD_VMX_QUAL_APIC_OFFSET, qualification);

	switch ((enum pstd_vmx_apic_access)pstd_field_get(PSTD_VMX_QUAL_APIC_TYPE, qualification)) {
	case PSTD_VMX_ACCESS_READ:
		v->rax = pstd_apic_mmio_read(v, offset);
		return true;
	case PSTD_VMX_ACCESS_WRITE:
		pstd_apic_mmio_write(v, offset, (uint32_t)v->rax);
		return true;
	default:
		return false;
	}
}

static bool handle(struct pstd_vcpu *v, uint64_t reason)
{
	switch (reason) {
	case PSTD_VMX_EXIT_EXTERNAL_INTERRUPT:
		pstd_host_vector(v->pcpu, (uint8_t)pstd_vmread(v, PSTD_VMX_VM_EXIT_INTR_INFO));
		return false;
	case PSTD_VMX_EXIT_MSR_WRITE:
		return write_msr(v);
	case PSTD_VMX_EXIT_MSR_READ:
		return read_msr(v);
	case PSTD_VMX_EXIT_APIC_ACCESS:
		return access_apic(v);
	case PSTD_VMX_EXIT_APIC_WRITE: /* trap-like: it is over already, be it of a part only */
		pstd_apic_written(v, (unsigned)pstd_vmread(v, PSTD_VMX_EXIT_QUALIFICATION) & 0xff0);
		return false;
	case PSTD_VMX_EXIT_HLT:
		v->halted = true;
		return true;
	default:
		return false;
	}
}

void pstd_vcpu_exit(struct pstd_vcpu *v)
{
	uint64_t full = pstd_vmread(v, PSTD_VMX_VM_EXIT_REASON),
		 reason = full & PSTD_VMX_EXIT_REASON;

	pstd_store_release(&v->mode, PSTD_OUTSIDE_GUEST_MODE);
	v->carried_out = false;
	if (reason < PSTD_VMX_EXIT_REASONS)
		pstd_tally(&v->exits[reason], 1);
	/* The guest did not run; all else in the VMCS is as the entry found it. */
	if (full & PSTD_VMX_EXIT_ENTRY_FAILURE)
		return;
	v->launched = true;
	pstd_inject_exit(v);
	v->carried_out = handle(v, reason);
	/* "Blocking by STI" and by MOV SS, which last for one instruction, end with it. */
	if (v->carried_out)
		pstd_change_bits(v, PSTD_VMX_GUEST_INTERRUPTIBILITY_INFO,
		                 PSTD_VMX_BLOCKING_STI | PSTD_VMX_BLOCKING_MOV_SS, 0);
}
