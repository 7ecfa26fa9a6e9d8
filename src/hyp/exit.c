/* SPDX-License-Identifier: BSD-2-Clause */
/* VM exits, by reason: the host's interrupts, and the guest's accesses to its local APIC. */
#include "hyp/internal.h"

/* What these return: true if the instruction that exited was carried out, so that it is over. */

/* RDMSR and WRMSR take its number from ECX. */
static bool is_apic_msr(uint32_t msr)
{
	return msr >= APIC_X2APIC_MSR_FIRST && msr <= APIC_X2APIC_MSR_LAST;
}

static bool write_msr(struct hyp_vcpu *v)
{
	uint32_t msr = (uint32_t)v->rcx;

	if (!is_apic_msr(msr))
		return false;
	if (hyp_apic_wrmsr(v, msr, v->rdx << 32 | (uint32_t)v->rax))
		return true;
	hyp_inject_gp(v);
	return false;
}

static bool read_msr(struct hyp_vcpu *v)
{
	uint32_t msr = (uint32_t)v->rcx;
	uint64_t value;

	if (!is_apic_msr(msr))
		return false;
	if (!hyp_apic_rdmsr(v, msr, &value)) {
		hyp_inject_gp(v);
		return false;
	}
	v->rax = (uint32_t)value;
	v->rdx = value >> 32;
	return true;
}

static bool access_apic(struct hyp_vcpu *v)
{
	uint64_t qualification = hyp_vmread(v, VMX_EXIT_QUALIFICATION);
	unsigned offset = (unsigned)pi_field_get(VMX_QUAL_APIC_OFFSET, qualification);

	switch ((enum vmx_apic_access)pi_field_get(VMX_QUAL_APIC_TYPE, qualification)) {
	case VMX_ACCESS_READ:
		v->rax = hyp_apic_mmio_read(v, offset);
		return true;
	case VMX_ACCESS_WRITE:
		hyp_apic_mmio_write(v, offset, (uint32_t)v->rax);
		return true;
	default:
		return false;
	}
}

static bool handle(struct hyp_vcpu *v, uint64_t reason)
{
	switch (reason) {
	case VMX_EXIT_EXTERNAL_INTERRUPT:
		hyp_host_vector(v->pcpu, (uint8_t)hyp_vmread(v, VMX_VM_EXIT_INTR_INFO));
		return false;
	case VMX_EXIT_MSR_WRITE:
		return write_msr(v);
	case VMX_EXIT_MSR_READ:
		return read_msr(v);
	case VMX_EXIT_APIC_ACCESS:
		return access_apic(v);
	case VMX_EXIT_APIC_WRITE: /* trap-like: it is over already, be it of a part only */
		hyp_apic_written(v, (unsigned)hyp_vmread(v, VMX_EXIT_QUALIFICATION) & 0xff0);
		return false;
	case VMX_EXIT_HLT:
		v->halted = true;
		return true;
	default:
		return false;
	}
}

void hyp_vcpu_exit(struct hyp_vcpu *v)
{
	uint64_t full = hyp_vmread(v, VMX_VM_EXIT_REASON), reason = full & VMX_EXIT_REASON;

	pi_store_release(&v->mode, HYP_OUTSIDE_GUEST_MODE);
	v->carried_out = false;
	if (reason < VMX_EXIT_REASONS)
		pi_tally(&v->exits[reason], 1);
	/* The guest did not run; all else in the VMCS is as the entry found it. */
	if (full & VMX_EXIT_ENTRY_FAILURE)
		return;
	v->launched = true;
	hyp_inject_exit(v);
	v->carried_out = handle(v, reason);
	/* "Blocking by STI" and by MOV SS, which last for one instruction, end with it. */
	if (v->carried_out)
		hyp_change_bits(v, VMX_GUEST_INTERRUPTIBILITY_INFO,
		                VMX_BLOCKING_STI | VMX_BLOCKING_MOV_SS, 0);
}
