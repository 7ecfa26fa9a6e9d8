/* SPDX-License-Identifier: BSD-2-Clause */
/* VM exits, by reason; among them the guest's IPIs, which nothing virtualizes yet. */
#include "hyp/internal.h"

static uint64_t page_icr(const struct apic_page *a)
{
	return (uint64_t)apic_read(a, APIC_ICR_HI) << 32 | apic_read(a, APIC_ICR);
}

/* Fixed and physical, to one vCPU; other forms are not sent. */
static void send_guest_ipi(struct hyp_vcpu *v, uint64_t icr, bool x2apic)
{
	uint32_t dest = apic_icr_dest(icr, x2apic);
	uint8_t vector = (uint8_t)pi_field_get(APIC_ICR_VECTOR, icr);

	if (pi_field_get(APIC_ICR_DLM, icr) != APIC_DM_FIXED || (icr & APIC_ICR_LOGICAL) ||
	    pi_field_get(APIC_ICR_SHORTHAND, icr) != APIC_TO_DEST)
		return;
	if (dest < v->vm->vcpu_count && vector >= APIC_FIRST_VECTOR)
		hyp_vcpu_deliver(v->vm->vcpus[dest], vector);
}

void hyp_vcpu_exit(struct hyp_vcpu *v)
{
	struct hyp *h = v->vm->hyp;
	uint64_t reason = hyp_vmread(h, VMX_VM_EXIT_REASON) & 0xffff;

	pi_store_release(&v->mode, HYP_OUTSIDE_GUEST_MODE);
	if (reason < VMX_EXIT_REASONS)
		pi_tally(&v->exits[reason], 1);
	switch (reason) {
	case VMX_EXIT_EXTERNAL_INTERRUPT:
		hyp_host_vector(v->pcpu, (uint8_t)hyp_vmread(h, VMX_VM_EXIT_INTR_INFO));
		break;
	case VMX_EXIT_MSR_WRITE:
		if (v->rcx == APIC_X2APIC_MSR(APIC_ICR))
			send_guest_ipi(v, v->rdx << 32 | (uint32_t)v->rax, true);
		break;
	case VMX_EXIT_APIC_WRITE:
		if (hyp_vmread(h, VMX_EXIT_QUALIFICATION) == APIC_ICR)
			send_guest_ipi(v, page_icr(v->apic), false);
		break;
	case VMX_EXIT_HLT:
		v->halted = true;
	}
}
