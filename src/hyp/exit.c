/* SPDX-License-Identifier: BSD-2-Clause */
/* VM exits, by reason; among them the guest's IPIs that the CPU does not virtualize. */
#include "hyp/internal.h"

/* The ICR on the virtual-APIC page: one register of 64 bits in x2APIC mode, else two of 32. */
static uint64_t page_icr(const struct hyp_vcpu *v)
{
	uint64_t high = apic_read(v->apic, v->vm->x2apic ? APIC_ICR + 4 : APIC_ICR_HI);

	return high << 32 | apic_read(v->apic, APIC_ICR);
}

/* Fixed and physical, to one vCPU; other forms are not sent. */
static void send_guest_ipi(struct hyp_vcpu *v, uint64_t icr, bool x2apic)
{
	uint32_t dest = apic_icr_dest(icr, x2apic);
	uint8_t vector = (uint8_t)pi_field_get(APIC_ICR_VECTOR, icr);
	struct hyp_vcpu *to;

	if (pi_field_get(APIC_ICR_DLM, icr) != APIC_DM_FIXED || (icr & APIC_ICR_LOGICAL) ||
	    pi_field_get(APIC_ICR_SHORTHAND, icr) != APIC_TO_DEST)
		return;
	to = hyp_vcpu_of(v->vm, dest);
	if (to && vector >= APIC_FIRST_VECTOR)
		hyp_vcpu_deliver(to, vector);
}

/* WRMSR of a local APIC's register in x2APIC mode. */
static void msr_write(struct hyp_vcpu *v)
{
	bool emulated = v->vm->hyp->software_apic;
	uint8_t vector = (uint8_t)v->rax;

	if (v->rcx == APIC_X2APIC_MSR(APIC_ICR))
		send_guest_ipi(v, v->rdx << 32 | (uint32_t)v->rax, true);
	else if (v->rcx == APIC_X2APIC_MSR(APIC_EOI) && emulated)
		hyp_apic_eoi(v);
	else if (v->rcx == APIC_X2APIC_MSR(APIC_SELF_IPI) && vector >= APIC_FIRST_VECTOR)
		hyp_vcpu_deliver(v, vector);
}

/* A store to a local APIC's register in xAPIC mode. */
static void page_write(struct hyp_vcpu *v, unsigned offset)
{
	if (offset == APIC_EOI)
		hyp_apic_eoi(v);
	if (offset == APIC_ICR_HI || offset == APIC_ICR)
		apic_write(v->apic, offset, (uint32_t)v->rax);
	if (offset == APIC_ICR)
		send_guest_ipi(v, page_icr(v), false);
}

static void apic_access(struct hyp_vcpu *v)
{
	bool emulated = v->vm->hyp->software_apic;
	uint64_t qualification = hyp_vmread(v->vm->hyp, VMX_EXIT_QUALIFICATION);
	unsigned offset = (unsigned)pi_field_get(VMX_QUAL_APIC_OFFSET, qualification) & ~0xfu;

	if (emulated && pi_field_get(VMX_QUAL_APIC_TYPE, qualification) == VMX_ACCESS_WRITE)
		page_write(v, offset);
	if (emulated && pi_field_get(VMX_QUAL_APIC_TYPE, qualification) == VMX_ACCESS_READ)
		v->rax = hyp_apic_read(v, offset);
}

static void msr_read(struct hyp_vcpu *v)
{
	if (v->rcx - APIC_X2APIC_MSR(0) > 0xff || !v->vm->hyp->software_apic)
		return;
	v->rax = hyp_apic_read(v, (unsigned)(v->rcx & 0xff) << 4);
	v->rdx = 0;
}

/*
 * True for instructions that exited before they did anything, and are carried out
 * here: "Blocking by STI" and by MOV SS, which last for one instruction, end.
 */
static bool carried_out(const struct hyp *h, uint64_t reason)
{
	uint64_t qualification;

	if (reason != VMX_EXIT_APIC_ACCESS)
		return reason == VMX_EXIT_HLT || reason == VMX_EXIT_MSR_READ ||
		       reason == VMX_EXIT_MSR_WRITE;
	qualification = pi_field_get(VMX_QUAL_APIC_TYPE, hyp_vmread(h, VMX_EXIT_QUALIFICATION));
	return qualification == VMX_ACCESS_READ || qualification == VMX_ACCESS_WRITE;
}

void hyp_vcpu_exit(struct hyp_vcpu *v)
{
	struct hyp *h = v->vm->hyp;
	uint64_t reason = hyp_vmread(h, VMX_VM_EXIT_REASON) & 0xffff;

	pi_store_release(&v->mode, HYP_OUTSIDE_GUEST_MODE);
	if (reason < VMX_EXIT_REASONS)
		pi_tally(&v->exits[reason], 1);
	if (carried_out(h, reason))
		hyp_change_bits(h, VMX_GUEST_INTERRUPTIBILITY_INFO,
		                VMX_BLOCKING_STI | VMX_BLOCKING_MOV_SS, 0);
	hyp_inject_exit(v);
	switch (reason) {
	case VMX_EXIT_EXTERNAL_INTERRUPT:
		hyp_host_vector(v->pcpu, (uint8_t)hyp_vmread(h, VMX_VM_EXIT_INTR_INFO));
		break;
	case VMX_EXIT_MSR_WRITE:
		msr_write(v);
		break;
	case VMX_EXIT_MSR_READ:
		msr_read(v);
		break;
	case VMX_EXIT_APIC_ACCESS:
		apic_access(v);
		break;
	case VMX_EXIT_APIC_WRITE:
		if (hyp_vmread(h, VMX_EXIT_QUALIFICATION) == APIC_ICR)
			send_guest_ipi(v, page_icr(v), v->vm->x2apic);
		break;
	case VMX_EXIT_HLT:
		v->halted = true;
	}
}
